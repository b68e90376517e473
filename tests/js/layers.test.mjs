// Where each layer puts the points: every point of every layer, in the order of the layers, and what stands above them.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  count,
  latest,
  near,
  ofKind,
  only,
  percent,
  range,
  subplots,
  value,
  within,
  written,
} from './lib/check.mjs';
import { CLASSES, film, opened } from './lib/page.mjs';
import { writeFilm } from './lib/safetensors.mjs';

const LARGE = { width: 1700, height: 900, spotlit: true },
  seq = 100;
const { frames } = film('default'),
  head = frames[0],
  page = opened('lab', 'default');
const labels = Array.from(head.array('data.y')),
  n = labels.length;

/** Points of a layer as the film has them, [x, y(, z)] each. */
function placed(frame, i) {
  if (i === 0) return range(n).map((k) => head.row('data.x', k));
  const bounds = frame.array(`map.${i}.range`);
  return range(frame.shape(`map.${i}`)[0]).map((k) =>
    frame
      .row(`map.${i}`, k)
      .map((q, axis) =>
        q === 65535 ? NaN : bounds[2 * axis] + (q / 65534) * (bounds[2 * axis + 1] - bounds[2 * axis]),
      ),
  );
}

/** Of the points marks of one plot: where point k is, in whose colour and shape. */
function drawn(marks, axis) {
  const found = [];
  for (const mark of ofKind(marks, 'points', axis)) {
    Array.from(mark.index || []).forEach((point, i) => {
      found[point] = { at: [mark.x[i], mark.y[i]], mark, says: mark.hover(i) };
    });
  }
  return found;
}

test('each layer has its points, in the colour and shape of their class, at their coordinates', () => {
  const { marks, layout } = page.draw('layers', seq, LARGE);
  assert.deepEqual(subplots(layout), [1, 2, 3, 4, 5]);
  const names = ['Input', 'Hidden 1', 'Hidden 2', 'Hidden 3', 'Logits'];
  names.forEach((name, i) => {
    const points = placed(frames[seq], i),
      found = drawn(marks, i + 1);
    assert.equal(found.length, n);
    points.forEach(([x, y], k) => {
      near(found[k].at, [x, y], 1e-4, `${name}, point ${k}`);
      assert.deepEqual([found[k].mark.colour, found[k].mark.shape], [CLASSES[labels[k]], labels[k]]);
    });
    const [x, y] = found[7].at;
    assert.equal(found[7].says, `${name}, point 7, class ${labels[7]}<br>${value(x)}, ${value(y)}`);
  });
  within(marks, layout);
});

test('the layers stand in their order, squares side by side, an axis as long as the other', () => {
  for (const size of [LARGE, { width: 420, height: 420 }, { width: 140, height: 100 }]) {
    const { layout } = page.draw('layers', seq, size),
      boxes = range(5).map((i) => area(layout, i + 1));
    boxes.forEach((box, i) => {
      near([box.right - box.left], [box.bottom - box.top], 1e-6, 'a square');
      const [x, y] = axes(layout, i + 1);
      near([x.range[1] - x.range[0]], [y.range[1] - y.range[0]], 1e-6, 'equal axes');
      assert.ok(
        x.range[0] < x.range[1] &&
          box.left >= 0 &&
          box.top >= 0 &&
          box.right <= size.width &&
          box.bottom <= size.height,
      );
      if (i)
        assert.ok(
          box.top > boxes[i - 1].bottom - 1 ||
            (box.left >= boxes[i - 1].right && Math.abs(box.top - boxes[i - 1].top) < 1e-6),
        );
    });
  }
});

test('a range holds its layer in every frame of the film, and is the same at each', () => {
  const at = (k) => page.draw('layers', k).layout,
    { layout } = page.draw('layers', 0);
  for (const i of [1, 2, 3, 4]) {
    const reach = [0, 1].map((axis) =>
      frames.map((frame) => Array.from(frame.array(`map.${i}.range`).slice(2 * axis, 2 * axis + 2))),
    );
    axes(layout, i + 1).forEach((axis, k) => {
      assert.ok(
        axis.range[0] <= Math.min(...reach[k].map(([lo]) => lo)) &&
          axis.range[1] >= Math.max(...reach[k].map(([, hi]) => hi)),
      );
      near(axes(at(250), i + 1)[k].range, axis.range, 0);
    });
  }
});

test('above each square stand its name, what a line gets of it, and the share of its plane', () => {
  const { marks, layout } = page.draw('layers', seq, LARGE),
    last = latest(frames, seq, 'series.separation');
  ['Input', 'Hidden 1', 'Hidden 2', 'Hidden 3', 'Logits'].forEach((name, i) => {
    const box = area(layout, i + 1),
      text = written([
        only(
          marks,
          (mark) => mark.kind === 'text' && Math.abs(mark.x - box.left) < 1 && Math.abs(mark.y - (box.top - 4)) < 1,
          `titles of ${name}`,
        ),
      ])[0];
    assert.ok(text.startsWith(`${name} · probe ${percent(last.at('series.separation', i, 1))}`), text);
    const share = frames[seq].at('series.mapping', i, 0),
      turn = frames[seq].at('series.mapping', i, 1);
    const wide = head.array('data.widths')[i] > 3;
    assert.equal(text.includes('plane'), wide && share < 0.9995, text);
    if (text.includes('plane')) assert.ok(text.includes(` · plane ${percent(share)}`), text);
    if (text.includes('turned')) assert.ok(turn > 15 && text.endsWith(` · turned ${Math.round(turn)}°`), text);
  });
});

test('its sentence gives the share of test points that a line tells apart in each layer', () => {
  const last = latest(frames, seq, 'series.separation');
  const told = ['Input', 'Hidden 1', 'Hidden 2', 'Hidden 3', 'Logits'].map(
    (name, i) => `${name} ${percent(last.at('series.separation', i, 1))}`,
  );
  const { says, note } = page.draw('layers', seq);
  assert.ok(says.endsWith(`for this share of test points: ${told.join(', ')}.`), says);
  assert.match(note, /above width 3 the main plane$/);
});

test('the point that is followed has a ring in every layer and a trail of where it has been', () => {
  page.nnprobe.stage.select(11);
  const { marks } = page.draw('layers', seq, LARGE);
  page.nnprobe.stage.select(null);
  for (const i of range(5)) {
    const ring = only(marks, (mark) => mark.kind === 'points' && mark.axis === i + 1 && mark.hollow);
    near([ring.x[0], ring.y[0]], placed(frames[seq], i)[11], 1e-4, `ring in layer ${i}`);
    const trail = ofKind(marks, 'line', i + 1);
    assert.equal(trail.length, i ? 1 : 0);
    if (i)
      near(
        range(46).flatMap((k) => [trail[0].x[k], trail[0].y[k]]),
        range(46).flatMap((k) => placed(frames[seq - 45 + k], i)[11]),
        1e-4,
      );
  }
});

test('three units are seen from the side, by a turn that keeps lengths, about their middle', () => {
  const three = film('narrow').frames,
    shown = opened('lab', 'narrow'),
    at = 60,
    [yaw, pitch] = [0.7, 0.5];
  const look = () => shown.draw('layers', at, LARGE);
  const check = ({ marks, layout }, a, b) => {
    for (const i of [1, 2, 3]) {
      const [x, y] = axes(layout, i + 1);
      near([x.range[0] + x.range[1], y.range[0] + y.range[1]], [0, 0], 1e-9, 'the middle');
      // Two rows of a turn about z and then x: of length one, at right angles.
      const across = [Math.cos(a), Math.sin(a), 0],
        up = [Math.sin(b) * Math.sin(a), -Math.sin(b) * Math.cos(a), Math.cos(b)];
      const dot = (u, v) => u.reduce((sum, w, k) => sum + w * v[k], 0),
        found = drawn(marks, i + 1),
        points = placed(three[at], i);
      near([dot(across, across), dot(up, up), dot(across, up)], [1, 1, 0]);
      const shift = [0, 1].map((k) => found[0].at[k] - dot([across, up][k], points[0]));
      found.forEach(({ at: seen }, k) =>
        near(seen, [dot(across, points[k]) + shift[0], dot(up, points[k]) + shift[1]], 1e-4, `layer ${i} point ${k}`),
      );
      // From the middle of what all frames need to its corner: nothing that turns goes further.
      const reach = [0, 1, 2].map((axis) =>
        three.map((frame) => Array.from(frame.array(`map.${i}.range`).slice(2 * axis, 2 * axis + 2))),
      );
      const size = Math.hypot(
        ...reach.map((all) => (Math.max(...all.map(([, hi]) => hi)) - Math.min(...all.map(([lo]) => lo))) / 2),
      );
      assert.ok(x.range[1] >= size, 'room to turn');
    }
    within(
      ofKind(marks, 'points').filter((mark) => mark.index),
      layout,
    );
  };
  const first = look();
  check(first, yaw, pitch);
  first.part.grab(first.ctx, 2)(50, 20); // one layer turns, the others stay
  const second = look(),
    moved = drawn(second.marks, 2)[0].at,
    kept = drawn(second.marks, 3)[0].at;
  near(kept, drawn(first.marks, 3)[0].at, 0);
  assert.notDeepEqual(moved, drawn(first.marks, 2)[0].at);
  for (const layer of [3, 4]) first.part.grab(first.ctx, layer)(50, 20);
  check(look(), yaw + 50 * 0.012, pitch + 20 * 0.012);
  assert.equal(first.part.grab(first.ctx, 1), null, 'two units are not turned');
});

test('two units are shown as they are', () => {
  const two = film('two-neurons').frames,
    shown = opened('lab', 'two-neurons'),
    { marks, layout } = shown.draw('layers', 90, LARGE);
  for (const i of [1, 2])
    drawn(marks, i + 1).forEach(({ at }, k) => {
      const bounds = two[90].array(`map.${i}.range`),
        q = two[90].row(`map.${i}`, k);
      near(
        at,
        q.map((v, a) => bounds[2 * a] + (v / 65534) * (bounds[2 * a + 1] - bounds[2 * a])),
        1e-4,
      );
    });
  within(marks, layout);
});

test('layers that are no longer finite are said to be, from that frame on', () => {
  const lost = film('non-finite').frames,
    shown = opened('lab', 'non-finite');
  const first = lost.findIndex((frame) => frame.array('map.1').every((q) => q === 65535));
  assert.ok(first > 0);
  assert.match(
    shown.draw('layers', first).sentence,
    new RegExp(`^At step ${count(lost[first].step)} the layers’ values are no longer finite`),
  );
  assert.equal(shown.draw('layers', first - 1).sentence, null);
});

test('the points alone, before there is a network, are said to wait', () => {
  const bytes = writeFilm([
    {
      header: { config: {} },
      arrays: {
        'data.x': ['F32', [1, 2], [0, 0]],
        'data.y': ['U8', [1], [0]],
        'data.extent': ['F32', [4], [-1, 1, -1, 1]],
        'data.widths': ['I32', [3], [2, 4, 2]],
      },
    },
  ]);
  assert.equal(opened('lab', bytes).draw('layers', 0).sentence, page.nnprobe.panels.layers.empty);
});
