// Marks become pixels of a canvas: against the marks and the axes, in every panel of every page; and the palette.
import assert from 'node:assert/strict';
import test from 'node:test';
import { area, near, ofKind, pixels, range, rgb } from './lib/check.mjs';
import { drawnAll } from './lib/drawn.mjs';
import { CLASSES, open, opened, SYMBOLS, TOKENS } from './lib/page.mjs';
import { Canvas } from './lib/pen.mjs';

/** Paint on a canvas that remembers. */
function painted({ page, marks, places, layout }, ratio = 1) {
  const canvas = new Canvas(Math.round(layout.width * ratio), Math.round(layout.height * ratio)),
    below = new Canvas();
  const { font, outline, fontSize, markerScale } = page.nnprobe.theme;
  page.nnprobe.paint(canvas, ratio, places, marks, { font, outline, fontSize, markerScale }, below);
  return { calls: canvas.getContext('2d').calls, below, canvas };
}

test('lines, bars, pictures and words are painted where their axes say, in their colours', () => {
  for (const drawn of drawnAll.filter(({ size }) => size.width === 700 || size.width === 240)) {
    const { marks, layout, what } = drawn,
      ratio = drawn.size.width === 240 ? 2 : 1,
      { calls } = painted(drawn, ratio);
    const to = (mark, x, y) => (mark.axis ? pixels(layout, mark.axis)(x, y) : [x, y]).map((v) => v * ratio);
    for (const mark of marks) {
      const same = calls.filter(
        (call) => call.colour === mark.colour && Math.abs(call.alpha - (mark.alpha ?? 1)) < 1e-9,
      );
      if (mark.kind === 'line') {
        const want = Array.from(mark.x, (x, k) => to(mark, x, mark.y[k])).map(([x, y], k) =>
          mark.x[k] === null || mark.y[k] === null ? [NaN, NaN] : [x, y],
        );
        const drawnAs = want.filter(([x, y], k) => Number.isFinite(x) && Number.isFinite(y) && mark.x[k] !== null);
        const found = same.find(
          (call) =>
            call.what === 'stroke' &&
            call.path.length === drawnAs.length &&
            call.path.every(([x, y], k) => Math.hypot(x - drawnAs[k][0], y - drawnAs[k][1]) < 1e-3),
        );
        if (!drawnAs.length) continue;
        assert.ok(found, `${what}: a line of ${drawnAs.length} points`);
        let down = false,
          k = 0; // a gap lifts the pen
        for (const [x, y] of want) {
          if (!(Number.isFinite(x) && Number.isFinite(y))) {
            down = false;
            continue;
          }
          assert.equal(found.path[k++][2], down ? 'line' : 'move', `${what}: gaps`);
          down = true;
        }
        assert.deepEqual(found.dash, mark.dash ? Array.from(mark.dash) : []);
        const box = area(layout, mark.axis);
        if (mark.clip !== false)
          near(
            [found.clip[0], found.clip[1]],
            [box.left * ratio, box.top * ratio],
            1e-6,
            `${what}: cut off at the plot`,
          );
      } else if (mark.kind === 'bars') {
        const rects = same.filter((call) => call.what === 'rect');
        range(mark.x0.length).forEach((k) => {
          const [left, bottom] = to(mark, mark.x0[k], mark.y0[k]),
            [right, top] = to(mark, mark.x1[k], mark.y1[k]),
            off = 1.51 * ratio;
          assert.ok(
            rects.some(
              ({ at: [x, y], size: [w, h] }) =>
                Math.abs(Math.min(x, x + w) - left) <= off &&
                Math.abs(Math.max(x, x + w) - right) <= off &&
                Math.abs(Math.min(y, y + h) - top) <= off &&
                Math.abs(Math.max(y, y + h) - bottom) <= off,
            ),
            `${what}: bar ${k}`,
          );
        });
      } else if (mark.kind === 'text') {
        const parts = mark.rich ? Array.from(mark.rich) : [mark],
          first = parts.find((part) => part.text);
        if (!first) continue;
        const [x, y] = to(mark, mark.x, mark.y),
          wide =
            parts.reduce((sum, part) => sum + 6 * part.text.length, 0) *
            { left: 0, center: 0.5, right: 1 }[mark.anchor || 'left'];
        const start = x + ((mark.dx || 0) - wide) * ratio,
          found = calls.some(
            (call) =>
              call.what === 'text' &&
              call.text === first.text &&
              call.colour === (first.colour || mark.colour) &&
              Math.abs(call.at[0] - start) < 1e-3 &&
              Math.abs(call.at[1] - y - (mark.dy || 0) * ratio) < 1e-3 &&
              call.baseline === (mark.baseline || 'middle'),
          );
        assert.ok(found, `${what}: "${first.text}"`);
      } else if (mark.kind === 'image' && mark.smooth === false) {
        const [left, top] = to(mark, mark.x0, mark.y1),
          [right, bottom] = to(mark, mark.x1, mark.y0);
        const found = calls.find(
          (call) =>
            call.what === 'image' &&
            Math.hypot(call.at[0] - left, call.at[1] - top) < 1e-3 &&
            Math.hypot(call.size[0] - (right - left), call.size[1] - (bottom - top)) < 1e-3,
        );
        assert.ok(found && found.smooth === false, `${what}: a picture`);
      }
    }
  }
});

test('the smooth picture lies on the ground below, whole, top row first', () => {
  for (const drawn of drawnAll.filter(
    ({ size, marks }) => size.width === 700 && ofKind(marks, 'image').some((mark) => mark.smooth !== false),
  )) {
    const { page, marks, layout, places } = drawn,
      mark = ofKind(marks, 'image').find((one) => one.smooth !== false),
      { below } = painted(drawn);
    assert.deepEqual(
      [below.width, below.height, below.pixels.width, below.pixels.height],
      [mark.w, mark.h, mark.w, mark.h],
    );
    assert.deepEqual(Buffer.from(below.pixels.data), Buffer.from(mark.pixels), drawn.what);
    const canvas = { style: {} },
      frame = { style: {}, dataset: {}, firstChild: canvas, hidden: true },
      to = pixels(layout, mark.axis),
      box = area(layout, mark.axis);
    page.nnprobe.ground(frame, places.get(mark.axis), mark);
    const css = (style) =>
      Object.fromEntries(
        style.cssText
          .split(';')
          .map((one) => one.split(':'))
          .map(([name, v]) => [name, parseFloat(v)]),
      );
    const outer = css(frame.style),
      inner = css(canvas.style),
      [left, top] = to(mark.x0, mark.y1),
      [right, bottom] = to(mark.x1, mark.y0);
    near(
      [outer.left, outer.top, outer.width, outer.height],
      [box.left, box.top, box.right - box.left, box.bottom - box.top],
      1e-3,
    );
    near(
      [outer.left + inner.left, outer.top + inner.top, inner.width, inner.height],
      [left, top, right - left, bottom - top],
      1e-3,
      drawn.what,
    );
    assert.equal(frame.hidden, false);
  }
});

test('many points are each a marker of their colour at their own pixel, and none beyond the plot', () => {
  for (const drawn of drawnAll.filter(({ size }) => size.width === 700)) {
    const { layout, marks, what } = drawn,
      many = ofKind(marks, 'points').filter((mark) => mark.x.length > 60 && mark.axis),
      { calls, canvas } = painted(drawn);
    if (!many.length) continue;
    const seen = new Map();
    for (const call of calls.filter(({ what: kind }) => kind === 'pixels')) {
      const [x0, y0, w, h] = call.dirty;
      for (const y of range(h).map((k) => k + y0))
        for (const x of range(w).map((k) => k + x0)) {
          const at = 4 * (y * canvas.width + x);
          if (call.image.data[at + 3]) seen.set(`${x} ${y}`, Array.from(call.image.data.slice(at, at + 3)).join());
        }
    }
    const want = new Map();
    for (const mark of many) {
      const to = pixels(layout, mark.axis),
        box = area(layout, mark.axis);
      Array.from(mark.x).forEach((v, k) => {
        const [x, y] = to(v, mark.y[k]);
        if (
          !Number.isFinite(x + y) ||
          (mark.clip !== false && (x < box.left || x > box.right || y < box.top || y > box.bottom))
        )
          return;
        if (Math.abs(x - Math.round(x)) < 1e-3 || Math.abs(y - Math.round(y)) < 1e-3) {
          want.set(`${Math.round(x)} ${Math.round(y)}`, null);
          return;
        }
        const key = `${Math.floor(x)} ${Math.floor(y)}`,
          colours = want.get(key);
        if (colours !== null) want.set(key, [...(colours || []), rgb(mark.colour).join()]);
      });
    }
    for (const [key, colours] of want)
      if (colours) assert.ok(colours.includes(seen.get(key)), `${what}: at ${key} is ${seen.get(key)}, not ${colours}`);
    assert.ok(seen.size <= want.size * 1.02 + 8, `${what}: nothing else is painted`);
  }
});

test('a few points are drawn one by one, full or hollow, with the shape of their class', () => {
  for (const drawn of drawnAll.filter(({ size }) => size.width === 1500)) {
    const { layout, marks, what } = drawn,
      { calls } = painted(drawn);
    for (const mark of ofKind(marks, 'points').filter((one) => one.x.length <= 60 && one.axis)) {
      const to = pixels(layout, mark.axis),
        box = area(layout, mark.axis);
      Array.from(mark.x).forEach((v, k) => {
        const [x, y] = to(v, mark.y[k]),
          out = x < box.left || x > box.right || y < box.top || y > box.bottom;
        if (!Number.isFinite(x + y) || (out && mark.clip !== false)) return;
        const found = calls.find(
          (call) =>
            call.what === (mark.hollow ? 'stroke' : 'fill') &&
            call.colour === mark.colour &&
            Math.hypot(call.origin[0] - x, call.origin[1] - y) < 1e-3,
        );
        assert.ok(found, `${what}: point ${k} of shape ${mark.shape}`);
        assert.equal(found.path[0][2] === 'arc', mark.shape === 0);
        const reach = mark.shape ? Math.max(...found.path.map(([px]) => px)) - x : found.path[0][3];
        assert.ok(Math.abs(reach - mark.size / 2) < 0.25 * mark.size, `${what}: its size`);
      });
    }
  }
});

test('what lies outside a plot that is zoomed is cut off, of many points and of few', () => {
  const page = opened('lab', 'default');
  for (const [panel, zoom] of [
    ['boundary', { xaxis: [-0.4, 0.1], yaxis: [-0.2, 0.3] }],
    ['spectrum', { xaxis: [-0.3, 0.2], yaxis: [0, 0.5] }],
  ]) {
    const drawn = page.draw(panel, 120, { width: 700, height: 460, zoom }),
      box = area(drawn.layout),
      { calls, canvas } = painted({ ...drawn, page });
    const points = ofKind(drawn.marks, 'points').flatMap((mark) =>
      Array.from(mark.x, (x, k) => pixels(drawn.layout)(x, mark.y[k])),
    );
    const inside = ([x, y], spare = 0) =>
      x >= box.left - spare && x <= box.right + spare && y >= box.top - spare && y <= box.bottom + spare;
    const few = calls.filter(({ what }) => what === 'fill').map(({ origin }) => origin);
    const many = calls.flatMap(({ what, image }) =>
      what === 'pixels'
        ? range(image.width * image.height)
            .filter((k) => image.data[4 * k + 3])
            .map((k) => [k % canvas.width, Math.floor(k / canvas.width)])
        : [],
    );
    const within = points.filter((point) => inside(point)).length;
    assert.ok(within > 3 && within < points.length / 2, `${panel}: ${within} of ${points.length}`);
    assert.ok((panel === 'boundary' ? many : few).length > 3, panel);
    for (const at of few) assert.ok(inside(at), `${panel}: a point at ${at}`);
    for (const at of many) assert.ok(inside(at, 1), `${panel}: a pixel at ${at}`);
  }
});

test('the outline of each class on the canvas is Plotly’s symbol of that name', () => {
  const { nnprobe } = open('lab'),
    corners = { circle: 1, 'triangle-up': 4, square: 5, diamond: 5, cross: 13, star: 11 };
  nnprobe.shapes.forEach(({ symbol, trace }, k) => {
    const pen = new Canvas(10, 10).getContext('2d');
    pen.beginPath();
    trace(pen, 10);
    assert.equal(symbol, SYMBOLS[k]);
    assert.equal(pen.path.length, corners[symbol], symbol);
    if (symbol === 'triangle-up') assert.ok(pen.path.filter(([, y]) => y < 0).length === 1, 'its tip is above');
    if (symbol === 'square') assert.ok(pen.path.every(([x, y]) => Math.abs(x) === 10 && Math.abs(y) === 10));
  });
});

test('the palette: classes by the page’s tokens, and one hue from quiet to strong', () => {
  const { theme } = open('lab').nnprobe,
    far = (colour) => Math.hypot(...rgb(colour).map((v, k) => v - rgb(TOKENS.panel)[k]));
  assert.deepEqual(Array.from(theme.classes), CLASSES);
  for (const name of ['bg', 'panel', 'line', 'ink', 'soft', 'accent', 'alarm', 'past'])
    assert.equal(theme[name], TOKENS[name]);
  const ramp = range(6).map((k) => theme.ramp(k, 6));
  ramp.forEach((colour, k) => {
    if (k) assert.ok(far(colour) > far(ramp[k - 1]));
  });
  assert.equal(new Set(ramp).size, 6);
  assert.equal(theme.ramp(0, 1), TOKENS.accent);
  assert.equal(theme.mix('#000000', '#ff8040', 0.5), '#804020');
  assert.equal(theme.withAlpha('#102030', 0.25), 'rgba(16,32,48,0.25)');
});
