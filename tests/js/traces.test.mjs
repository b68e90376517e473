// Marks become Plotly's traces: against the marks themselves, in every panel of every page.
import assert from 'node:assert/strict';
import test from 'node:test';
import { area, count, near, ofKind, pixels, range, subplots } from './lib/check.mjs';
import { drawnAll, said } from './lib/drawn.mjs';
import { film, opened, prepared, SYMBOLS } from './lib/page.mjs';

const text = (mark) => (mark.rich ? Array.from(mark.rich) : [mark]).map((part) => part.text).join('');

test('every panel of every page is drawn, each within its room', () => {
  const all = Object.values(prepared.pages).flatMap(({ panels }) => panels.map(({ name }) => name));
  assert.deepEqual([...said].sort(), all.sort());
  assert.ok(new Set(drawnAll.map(({ panel }) => panel)).size > 18);
  for (const { layout, marks, size, what } of drawnAll) {
    assert.deepEqual([layout.width, layout.height], [size.width, size.height]);
    for (const n of subplots(layout)) {
      const box = area(layout, n);
      assert.ok(
        box.left >= -1e-6 && box.top >= -1e-6 && box.right <= size.width + 1e-6 && box.bottom <= size.height + 1e-6,
        what,
      );
      assert.ok(box.right - box.left > 5 && box.bottom - box.top > 5, what);
    }
    for (const mark of marks)
      assert.ok(
        mark.axis === 0 || subplots(layout).includes(mark.axis),
        `${what}: plot ${mark.axis} of a ${mark.kind}`,
      );
  }
});

test('what a layout says is where places are: left is less, up is more', () => {
  for (const { layout, places, what } of drawnAll) {
    for (const n of subplots(layout)) {
      const to = pixels(layout, n),
        place = places.get(n),
        x = layout[`xaxis${n > 1 ? n : ''}`],
        y = layout[`yaxis${n > 1 ? n : ''}`];
      const data = (axis, v) => (axis.type === 'log' ? 10 ** v : v),
        [lo, hi] = [0, 1].map((k) => to(data(x, x.range[k]), data(y, y.range[k])));
      const at = (u, v) => [
        place.ax * (place.logx ? Math.log10(u) : u) + place.bx,
        place.ay * (place.logy ? Math.log10(v) : v) + place.by,
      ];
      near(at(data(x, x.range[0]), data(y, y.range[0])), lo, 1e-6, what);
      near(at(data(x, x.range[1]), data(y, y.range[1])), hi, 1e-6, what);
      assert.ok(hi[0] > lo[0] && hi[1] < lo[1], what);
      near(
        [place.left, place.top, place.width, place.height],
        [lo[0], hi[1], hi[0] - lo[0], lo[1] - hi[1]],
        1e-6,
        what,
      );
    }
  }
});

/** A tick's text as a number: 1 500, −0.5i, 87.5 %, 10⁻³, step 0; NaN for a name. */
function numberOf(text) {
  const plain = text
    .replace(/[\u2009+]/g, '')
    .replace('−', '-')
    .replace(/^step /, '')
    .replace(/(\d)i$/, '$1');
  const raised = (power) => `e${[...power].map((c) => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('')}`;
  const number = plain.replace(/·?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, (_, power) => raised(power)).replace(/^e/, '1e');
  return number.endsWith('%') ? Number(number.slice(0, -1)) / 100 : Number(number);
}

test('a tick that is a number stands where it says', () => {
  let seen = 0;
  for (const { layout, what } of drawnAll) {
    for (const [name, axis] of Object.entries(layout).filter(
      ([key, value]) => /^[xy]axis/.test(key) && value.ticktext,
    )) {
      const [lo, hi] = axis.range.map((v) => (axis.type === 'log' ? 10 ** v : v));
      Array.from(axis.ticktext).forEach((text, k) => {
        const number = numberOf(text);
        if (text.trim() === '' || Number.isNaN(number)) return;
        seen++;
        const off = Math.max(0.006 * Math.abs(number), 0.006 * Math.abs(hi - lo));
        assert.ok(Math.abs(axis.tickvals[k] - number) <= off, `${what}: ${name} says ${text} at ${axis.tickvals[k]}`);
      });
    }
  }
  assert.ok(seen > 300);
});

test('each trace has the numbers, the look and the words of its mark', () => {
  for (const { page, marks, places, record, what } of drawnAll) {
    const { data, images, annotations } = page.nnprobe.traces(marks, places, record, page.nnprobe.theme.of(record)),
      left = data.filter((one) => one.type !== 'heatmap');
    for (const mark of marks.filter((one) => ['points', 'line', 'bars'].includes(one.kind))) {
      const trace = left.shift(),
        axis = mark.axis === 1 ? '' : mark.axis;
      assert.deepEqual([trace.xaxis, trace.yaxis], [`x${axis}`, `y${axis}`], what);
      assert.equal(trace.opacity, mark.alpha ?? 1);
      const told = trace.hovertext || trace.text,
        n = (mark.x || mark.x0).length;
      assert.equal(Boolean(mark.hover), Boolean(told));
      if (told)
        for (const i of new Set([0, Math.floor(n / 3), n - 1]))
          if (n)
            assert.equal(told[i].replace(/<br>/g, ' '), mark.hover(i).replace(/<br>/g, ' '), `${what}: words of ${i}`);
      if (mark.kind === 'bars') {
        assert.equal(trace.type, 'bar');
        const ends = (k) => [
          trace.x[k] - trace.width[k] / 2,
          trace.x[k] + trace.width[k] / 2,
          trace.base[k],
          trace.base[k] + trace.y[k],
        ];
        range(n).forEach((k) =>
          near(ends(k), [mark.x0[k], mark.x1[k], mark.y0[k], mark.y1[k]], 1e-6, `${what}: bar ${k}`),
        );
        assert.equal(trace.marker.color, mark.colour);
        continue;
      }
      near(trace.x, mark.x, 0, what);
      near(trace.y, mark.y, 0, what);
      assert.equal(trace.cliponaxis, mark.clip !== false);
      if (mark.kind === 'line') {
        assert.deepEqual(
          [trace.mode, trace.line.color, trace.line.dash, trace.connectgaps],
          ['lines', mark.colour, mark.dash ? Array.from(mark.dash, (d) => `${d}px`).join(',') : 'solid', false],
        );
      } else {
        assert.deepEqual(
          [trace.mode, trace.marker.symbol, trace.marker.color, trace.marker.size],
          ['markers', `${SYMBOLS[mark.shape]}${mark.hollow ? '-open' : ''}`, mark.colour, mark.size],
        );
        assert.equal(trace.marker.line.color, mark.hollow ? mark.colour : page.nnprobe.theme.outline);
      }
    }
    assert.equal(left.length, 0, what);
    checkImages(
      marks,
      data.filter((one) => one.type === 'heatmap'),
      images,
      what,
    );
    checkWords(marks, annotations, record, what);
  }
});

/** A picture stands between its corners, top row first; where it answers the pointer, each cell with its own words. */
function checkImages(marks, grids, images, what) {
  const all = ofKind(marks, 'image');
  assert.equal(images.length, all.length, what);
  all.forEach((mark, k) => {
    const image = images[k];
    near(
      [image.x, image.x + image.sizex, image.y - image.sizey, image.y],
      [mark.x0, mark.x1, mark.y0, mark.y1],
      1e-9,
      what,
    );
    assert.deepEqual([image.xanchor, image.yanchor, image.sizing], ['left', 'top', 'stretch']);
    if (!mark.hover) return;
    const grid = grids.shift();
    assert.equal(grid.type, 'heatmap');
    near(
      grid.x,
      range(mark.w).map((col) => mark.x0 + ((col + 0.5) * (mark.x1 - mark.x0)) / mark.w),
      1e-9,
    );
    near(
      grid.y,
      range(mark.h).map((row) => mark.y1 - ((row + 0.5) * (mark.y1 - mark.y0)) / mark.h),
      1e-9,
      `${what}: the first row is the highest`,
    );
    for (const [row, col] of [
      [0, 0],
      [0, mark.w - 1],
      [mark.h - 1, 0],
      [Math.floor(mark.h / 3), Math.floor(mark.w / 4)],
    ]) {
      assert.equal(grid.text[row][col].replace(/<br>/g, ' '), mark.hover(row, col).replace(/<br>/g, ' '), what);
    }
  });
  assert.equal(grids.length, 0, what);
}

function checkWords(marks, annotations, { width, height }, what) {
  const all = ofKind(marks, 'text');
  assert.equal(annotations.length, all.length, what);
  all.forEach((mark, k) => {
    const one = annotations[k],
      plain = one.text
        .replace(/<[^>]*>/g, '')
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&');
    assert.equal(plain, text(mark), what);
    if (mark.axis === 0)
      near(
        [one.x * width + one.xshift, (1 - one.y) * height - one.yshift],
        [mark.x + (mark.dx || 0), mark.y + (mark.dy || 0)],
        1e-6,
        what,
      );
    else near([one.xshift, one.yshift], [mark.dx || 0, -(mark.dy || 0)]);
    assert.deepEqual([one.xanchor, one.yanchor], [mark.anchor || 'left', mark.baseline || 'middle']);
  });
}

test('a cell of the boundary and of its trace is the same cell of the film', () => {
  const page = opened('lab', 'default'),
    frame = film('default').frames[120],
    { marks, places, record } = page.draw('boundary', 120);
  const grid = page.nnprobe
    .traces(marks, places, record, page.nnprobe.theme)
    .data.find((trace) => trace.type === 'heatmap');
  const [x0, x1, y0, y1] = film('default').frames[0].array('data.extent'),
    [rows, cols] = frame.shape('boundary.class');
  for (const row of range(rows)) {
    const at = grid.y.findIndex((y) => Math.abs(y - (y0 + ((row + 0.5) * (y1 - y0)) / rows)) < 1e-6);
    for (const col of [0, 31, 99]) {
      const over = grid.x.findIndex((x) => Math.abs(x - (x0 + ((col + 0.5) * (x1 - x0)) / cols)) < 1e-6);
      assert.ok(grid.text[at][over].startsWith(`class ${frame.at('boundary.class', row, col)},`), `cell ${row} ${col}`);
    }
  }
});

test('a picture for a file has the same marks, a title, its moment, and names at its axes', () => {
  const page = opened('lab', 'default'),
    { step } = film('default').frames[120],
    planned = film('default').frames.at(-1).step;
  for (const [panel, names] of [
    ['loss', { yaxis: 'loss, nats', xaxis2: 'step' }],
    ['boundary', { xaxis: 'x₁', yaxis: 'x₂' }],
    ['spectrum', { xaxis: 'real part', yaxis: 'imaginary part' }],
    ['gradients', { xaxis: 'step', yaxis: 'signal δ at each layer' }],
  ]) {
    const { record } = page.draw(panel, 120, { width: 700, height: 460 });
    record.section = { querySelector: () => ({ textContent: record.title, querySelector: () => null }) };
    const { data, layout } = page.nnprobe.picture(record, 120, { about: 'ours & <mine>' });
    assert.equal(layout.title.text, `<b>${record.title}</b>`);
    assert.equal(layout.annotations[0].text, `ours &amp; &lt;mine&gt; · step ${count(step)} of ${count(planned)}`);
    for (const [axis, name] of Object.entries(names)) assert.equal(layout[axis].title.text, name, `${panel}: ${axis}`);
    const { l, r, t, b } = layout.margin;
    const again = page.draw(panel, 120, {
      width: layout.width - l - r,
      height: layout.height - t - b,
      spotlit: true,
    });
    const told = ofKind(again.marks, 'line').filter((mark) => mark.hover),
      lines = data.filter((trace) => trace.mode === 'lines' && trace.hovertemplate);
    assert.equal(lines.length, told.length, panel);
    told.forEach((mark, k) => near([...lines[k].x, ...lines[k].y], [...mark.x, ...mark.y], 0, panel));
  }
});

test('a crowd of points stays on its canvas, and answers the pointer as its traces would', () => {
  const told = (trace) => Array.from(trace.text || trace.hovertext, (each) => [...each].join(''));
  let crowds = 0;
  for (const { page, panel, marks, places, size, what } of drawnAll) {
    const { nnprobe } = page,
      many = ofKind(marks, 'points').reduce((sum, mark) => sum + mark.x.length, 0);
    assert.equal(nnprobe.crowded(marks), many > 500, what);
    if (many <= 500) continue;
    crowds++;
    const { theme } = nnprobe,
      real = nnprobe.traces(marks, places, size, theme).data.filter((trace) => trace.hoverinfo !== 'skip'),
      { data, images, annotations } = nnprobe.answers(marks, places, theme);
    assert.deepEqual([images.length, annotations.length], [0, 0], what);
    assert.deepEqual(
      data.map((trace) => [trace.type, trace.xaxis, trace.yaxis, [...trace.x], [...trace.y], told(trace)]),
      real.map((trace) => [trace.type, trace.xaxis, trace.yaxis, [...trace.x], [...trace.y], told(trace)]),
      what,
    );
    for (const trace of data.filter((one) => one.type === 'scatter' && one.marker)) assert.equal(trace.mode, 'none', panel);
  }
  assert.ok(crowds > 5, `${crowds} crowds`);
});
