// The decision boundary against the film: which cell is where and of which class, where the line runs, whose points are
// where.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  count,
  mean,
  near,
  ofKind,
  only,
  percent,
  pixels,
  range,
  rgb,
  value,
  within,
} from './lib/check.mjs';
import { CLASSES, film, opened } from './lib/page.mjs';
import { writeFilm } from './lib/safetensors.mjs';

const { frames } = film('default'),
  head = frames[0],
  page = opened('lab', 'default'),
  seq = 120;
const [x0, x1, y0, y1] = head.array('data.extent'),
  [rows, cols] = frames[seq].shape('boundary.class');
const cell = (name, row, col) => frames[seq].at(name, row, col);
/** The middle of a cell; row 0 is at the bottom, column 0 at the left. */
const centre = (row, col) => [x0 + ((col + 0.5) * (x1 - x0)) / cols, y0 + ((row + 0.5) * (y1 - y0)) / rows];

test('its axes are the extent of the grid, to the right and upwards, as long both ways', () => {
  for (const size of [
    { width: 640, height: 480 },
    { width: 300, height: 500 },
    { width: 130, height: 90 },
  ]) {
    const { layout } = page.draw('boundary', seq, size),
      [x, y] = axes(layout),
      place = area(layout);
    near(x.range, [x0, x1]);
    near(y.range, [y0, y1]);
    near([(place.right - place.left) / (x1 - x0)], [(place.bottom - place.top) / (y1 - y0)], 1e-6, 'pixels of a unit');
    assert.ok(place.left >= 0 && place.right <= size.width && place.top >= 0 && place.bottom <= size.height);
    assert.equal(y.scaleanchor, 'x');
  }
});

test('each cell has its class in colour and its confidence in strength, row 0 at the bottom', () => {
  const { marks } = page.draw('boundary', seq),
    image = only(marks, (mark) => mark.kind === 'image');
  near([image.x0, image.x1, image.y0, image.y1], [x0, x1, y0, y1]);
  assert.deepEqual([image.w, image.h, image.smooth], [cols, rows, true]);
  const far = head.array('data.far'),
    strengths = new Map();
  const lonely = (row, col, v) =>
    range(49).every((k) => {
      const [r, c] = [row + Math.floor(k / 7) - 3, col + (k % 7) - 3];
      return r < 0 || c < 0 || r >= rows || c >= cols || far[r * cols + c] === v;
    });
  for (const row of range(rows)) {
    for (const col of range(cols)) {
      const at = 4 * ((rows - 1 - row) * cols + col),
        sure = cell('boundary.confidence', row, col);
      assert.deepEqual(
        Array.from(image.pixels.slice(at, at + 3)),
        rgb(CLASSES[cell('boundary.class', row, col)]),
        `cell ${row} ${col}`,
      );
      for (const v of [0, 1])
        if (lonely(row, col, v))
          strengths.set(`${v} ${sure}`, [...(strengths.get(`${v} ${sure}`) || []), image.pixels[at + 3]]);
    }
  }
  for (const [key, seen] of strengths) assert.equal(new Set(seen).size, 1, `strength of ${key}`);
  const of = (v) =>
    [...strengths]
      .filter(([key]) => key.startsWith(`${v} `))
      .map(([key, [alpha]]) => [Number(key.slice(2)), alpha])
      .sort((a, b) => a[0] - b[0]);
  const near0 = of(0);
  for (let k = 1; k < near0.length; k++) assert.ok(near0[k][1] >= near0[k - 1][1], 'surer is stronger');
  near([near0[0][1] / 255], [0.08], 0.03, 'undecided');
  near([strengths.get('0 255')[0] / 255], [0.82], 0.01, 'certain');
  near([strengths.get('1 255')[0] / strengths.get('0 255')[0]], [0.36], 0.01, 'far from all points');
});

test('what a cell says is its class and its confidence', () => {
  const image = only(page.draw('boundary', seq).marks, (mark) => mark.kind === 'image');
  for (const row of range(rows)) {
    for (const col of range(cols)) {
      const sure = percent(cell('boundary.confidence', row, col) / 255, 1);
      const told = `class ${cell('boundary.class', row, col)}, confidence ${sure}`;
      assert.equal(image.hover(rows - 1 - row, col), told);
    }
  }
});

test('the line crosses between all neighbours of different class and nowhere else, where both are as likely', () => {
  const line = only(page.draw('boundary', seq).marks, (mark) => mark.kind === 'line'),
    seen = new Map(),
    [dx, dy] = [(x1 - x0) / cols, (y1 - y0) / rows];
  // What is rounded the other way lies beside it.
  const key = (px, py) => `${Math.round(1e3 * px)} ${Math.round(1e3 * py)}`;
  const there = (px, py) =>
    range(9).some((k) => seen.has(key(px + (Math.floor(k / 3) - 1) / 1e3, py + ((k % 3) - 1) / 1e3)));
  // In cells, from the middle of the first.
  const units = (k) => [(line.x[k] - x0) / dx - 0.5, (line.y[k] - y0) / dy - 0.5];
  line.x.forEach((v, k) => {
    if (!Number.isFinite(v)) return;
    seen.set(key(...units(k)), k);
    if (!Number.isFinite(line.x[k + 1])) return;
    const [a, b] = [units(k), units(k + 1)];
    assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1]) < 1.42, 'a piece stays within a square of four cells');
  });
  let crossings = 0;
  const share = (a, b) => {
    const [p, q] = [a, b].map((c) => Math.max(2 * (c / 255) - 1, 0.004));
    return p / (p + q);
  };
  for (const row of range(rows)) {
    for (const col of range(cols)) {
      for (const [r, c] of [
        [row, col + 1],
        [row + 1, col],
      ]) {
        if (r === rows || c === cols || cell('boundary.class', row, col) === cell('boundary.class', r, c)) continue;
        const [a, b] = [cell('boundary.confidence', row, col), cell('boundary.confidence', r, c)];
        if (a < 128 || b < 128) continue;
        const t = share(a, b);
        assert.ok(there(col + t * (c - col), row + t * (r - row)), `no crossing between ${row},${col} and ${r},${c}`);
        crossings++;
      }
    }
  }
  assert.ok(crossings > 100);
  for (const k of seen.values()) {
    const [u, v] = units(k),
      around = [
        [Math.floor(v), Math.floor(u)],
        [Math.ceil(v), Math.ceil(u)],
        [Math.floor(v), Math.ceil(u)],
        [Math.ceil(v), Math.floor(u)],
      ];
    assert.ok(new Set(around.map(([r, c]) => cell('boundary.class', r, c))).size > 1, `nothing to part at ${u}, ${v}`);
  }
});

/** Of points marks: each index where it is, in which colour, shape and fill. */
function whose(marks, x, y, labels, told, hollow = false) {
  const all = marks.flatMap((mark) => Array.from(mark.x, (px, i) => ({ px, py: mark.y[i], mark, i })));
  assert.equal(all.length, labels.length);
  const places = new Map(all.map((one) => [one.mark.hover(one.i), one]));
  labels.forEach((label, i) => {
    const says = `${told} point ${i}, class ${label}<br>x ${value(x[i])}, y ${value(y[i])}`,
      one = places.get(says);
    assert.ok(one, says);
    near([one.px, one.py], [x[i], y[i]], 1e-6, says);
    assert.deepEqual([one.mark.colour, one.mark.shape, Boolean(one.mark.hollow)], [CLASSES[label], label, hollow]);
    if (one.mark.index) assert.equal(one.mark.index[one.i], i);
  });
}
const columns = (name) => [0, 1].map((k) => Array.from(head.array(name).filter((_, i) => i % 2 === k)));

test('training points are full, in the colour and shape of their class, where the data has them', () => {
  const { marks, layout } = page.draw('boundary', seq),
    points = ofKind(marks, 'points');
  whose(points, ...columns('data.x'), Array.from(head.array('data.y')), 'training');
  within(points, layout);
});

test('test points are hollow and come only when they are asked for', () => {
  const points = ofKind(page.draw('boundary', seq, { options: { test: true } }).marks, 'points');
  whose(
    points.filter((mark) => mark.hollow),
    ...columns('data.x_test'),
    Array.from(head.array('data.y_test')),
    'test',
    true,
  );
  whose(
    points.filter((mark) => !mark.hollow),
    ...columns('data.x'),
    Array.from(head.array('data.y')),
    'training',
  );
  assert.ok(
    points.filter((mark) => mark.hollow).every((mark) => !mark.index),
    'a test point is none to follow',
  );
});

test('a point that is followed has a ring and its number', () => {
  page.nnprobe.stage.select(7);
  const { marks } = page.draw('boundary', seq),
    [x, y] = columns('data.x').map((column) => column[7]);
  const ring = only(marks, (mark) => mark.kind === 'points' && mark.x.length === 1),
    name = only(marks, (mark) => mark.kind === 'text');
  page.nnprobe.stage.select(null);
  near([ring.x[0], ring.y[0], name.x, name.y], [x, y, x, y], 1e-6);
  assert.deepEqual([ring.hollow, name.text], [true, '7']);
});

test('its sentence says how much of the plane each class has, and the mean confidence', () => {
  const classes = frames[seq].array('boundary.class'),
    { says, note } = page.draw('boundary', seq);
  const share = [0, 1].map((k) => percent(classes.filter((c) => c === k).length / classes.length));
  const sure = percent(mean(frames[seq].array('boundary.confidence')) / 255);
  assert.equal(says, `class 0 has ${share[0]}, class 1 has ${share[1]} of the plane; mean confidence ${sure}.`);
  const shown = head.shape('data.y')[0],
    all = 2 * head.header.config.n_train;
  assert.ok(note.startsWith(shown < all ? `${count(shown)} of` : `${count(shown)} points`), note);
});

test('with three classes and no network each point is its own class, and no plane is coloured', () => {
  const points = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [2, 2],
      [2, 0],
    ],
    labels = [2, 0, 1, 2, 1, 0];
  const three = opened(
    'lab',
    writeFilm([
      {
        header: { config: { steps: 0, n_train: 4 } },
        arrays: {
          'data.x': ['F32', [6, 2], points.flat()],
          'data.y': ['U8', [6], labels],
          'data.extent': ['F32', [4], [-1, 3, -1, 3]],
          'data.widths': ['I32', [2], [2, 3]],
        },
      },
    ]),
  );
  const { marks, says, note } = three.draw('boundary', 0);
  assert.ok(marks.every((mark) => mark.kind === 'points'));
  whose(
    marks,
    points.map(([x]) => x),
    points.map(([, y]) => y),
    labels,
    'training',
  );
  assert.equal(says, '6 of 12 points of 3 classes, and no network yet.');
  assert.equal(note, '6 of 12 points, untrained');
});

test('a cell is under the pixel where its middle belongs', () => {
  const { layout, marks } = page.draw('boundary', seq),
    to = pixels(layout),
    image = only(marks, (mark) => mark.kind === 'image');
  const left = to(image.x0, image.y1),
    right = to(image.x1, image.y0);
  for (const [row, col] of [
    [0, 0],
    [10, 80],
    [99, 99],
    [63, 17],
  ]) {
    const [px, py] = to(...centre(row, col)),
      across = (px - left[0]) / (right[0] - left[0]),
      down = (py - left[1]) / (right[1] - left[1]);
    assert.deepEqual([Math.floor(across * cols), Math.floor(down * rows)], [col, rows - 1 - row]);
  }
});
