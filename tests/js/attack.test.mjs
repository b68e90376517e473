// The attack page: accuracy against size, the examples and where they were led, and who went from which class to which.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  column,
  count,
  curve,
  latest,
  named,
  near,
  ofKind,
  only,
  percent,
  range,
  rgb,
  stepsOf,
  subplots,
  value,
  within,
  written,
} from './lib/check.mjs';
import { CLASSES, film, opened, TOKENS } from './lib/page.mjs';

const WIDE = { width: 900, height: 460 },
  spiral = film('attack-spiral').frames,
  digits = film('attack-digits').frames;
const plane = opened('attack', 'attack-spiral'),
  pictures = opened('attack', 'attack-digits');
const { epochs } = spiral[0].header.config,
  sizes = Array.from(spiral[0].array('attack.epsilons'));

test('while it learns train is full and test dashed, over epochs', () => {
  const seq = 25,
    { marks, layout, says, note } = plane.draw('attack_curve', seq, WIDE),
    steps = stepsOf(spiral);
  for (const [k, name, look] of [
    [2, 'train', { colour: TOKENS.accent, dash: false }],
    [3, 'test', { colour: TOKENS.ink, dash: true }],
  ]) {
    const values = column(spiral, 'series.loss', k),
      line = curve(marks, 1, look, steps, values, seq, name);
    assert.equal(line.hover(seq), `${name}, epoch ${seq}: ${percent(values[seq], 1)}`);
    assert.equal(named(marks, 1, name).colour, look.colour);
  }
  near(axes(layout, 1)[0].range, [0, epochs]);
  assert.equal(
    says,
    `the network learns; accuracy ${percent(spiral[seq].array('series.loss')[2], 1)} on training points, ` +
      `${percent(spiral[seq].array('series.loss')[3], 1)} on test points.`,
  );
  assert.equal(note, `learning, epoch ${seq} of ${epochs}`);
});

test('then accuracy under attack, under noise and the confidence stand against the size that gave them', () => {
  const seq = epochs + 20,
    { marks, layout, says } = plane.draw('attack_curve', seq, WIDE),
    at = spiral.map((_, k) => sizes[k - epochs - 1]);
  assert.deepEqual(subplots(layout), [1, 2]);
  assert.ok(area(layout, 1).right < area(layout, 2).left);
  for (const [k, name, colour] of [
    [0, 'BIM', TOKENS.accent],
    [1, 'noise', TOKENS.soft],
    [3, 'confidence', TOKENS.past],
  ]) {
    const values = column(spiral, 'series.attack', k),
      lines = ofKind(marks, 'line', 2).filter((mark) => mark.colour === colour),
      full = only(lines, (mark) => mark.alpha === undefined);
    const known = range(values.length).filter((i) => Number.isFinite(values[i]) && i <= seq);
    near(
      full.x,
      known.map((i) => at[i]),
      1e-6,
      name,
    );
    near(
      full.y,
      known.map((i) => values[i]),
      1e-6,
      name,
    );
    assert.equal(full.hover(known.length - 1), `${name}, ε ${value(at[seq], 2)}: ${percent(values[seq], 1)}`);
    assert.equal(named(marks, 2, name).colour, colour);
    near([at[seq]], [spiral[seq].array('series.change')[0]], 1e-6, 'the size that the frame itself has');
  }
  const [, y] = axes(layout, 2);
  assert.ok(y.range[0] < 0 && y.range[1] > 1);
  within(ofKind(marks, 'line'), layout);
  const [under, noise, , sure] = spiral[seq].array('series.attack');
  assert.equal(
    says,
    `at ε = ${value(at[seq])} test accuracy is ${percent(under, 1)} under BIM, ${percent(noise, 1)} under ` +
      `noise; mean confidence ${percent(sure, 1)}.`,
  );
  const midline = spiral[0].array('attack.midline'),
    past = midline.findIndex((share) => share >= 0.1),
    band = ofKind(marks, 'bars', 2);
  assert.equal(band.length, past > 0 ? 1 : 0);
  if (past > 0) near([band[0].x0[0], band[0].x1[0]], [sizes[past], sizes.at(-1)], 1e-6);
});

test('a sentence of each picture is of its own frame, and the score that of the attack', () => {
  const { nnprobe } = plane,
    seq = epochs + 11;
  assert.equal(nnprobe.pages.attack.score(nnprobe.film, seq), percent(spiral[seq].array('series.attack')[0], 1));
  assert.equal(nnprobe.pages.attack.score(nnprobe.film, 3), null);
});

test('points of the plane are led from where they were to where they are, red where they lost their class', () => {
  const seq = epochs + 25,
    { marks, layout, says, note } = plane.draw('attack_gallery', seq, { width: 500, height: 500 }),
    head = spiral[0],
    labels = Array.from(head.array('attack.labels'));
  const from = (k) => head.row('attack.originals', k),
    to = (k) => spiral[seq].row('attack.examples', k),
    after = (k) => spiral[seq].at('attack.predicted', k, 1);
  const dots = ofKind(marks, 'points', 1).flatMap((mark) =>
    range(mark.x.length).map((n) => ({ at: [mark.x[n], mark.y[n]], mark, says: mark.hover(n) })),
  );
  assert.equal(dots.length, labels.length);
  labels.forEach((label, k) => {
    const sure = [0, 1].map((i) => percent(spiral[seq].at('attack.confidence', k, i)));
    const there = dots.find(({ at }) => Math.hypot(at[0] - to(k)[0], at[1] - to(k)[1]) < 1e-6);
    assert.ok(there, `the adversary of ${k}`);
    assert.deepEqual([there.mark.colour, there.mark.shape], [CLASSES[label], label]);
    assert.equal(
      there.says,
      `a point of class ${label}: class ${spiral[seq].at('attack.predicted', k, 0)} ${sure[0]} → ${after(k)} ` +
        `${sure[1]}`,
    );
  });
  const lost = range(labels.length).filter((k) => after(k) !== labels[k]),
    kept = range(labels.length).filter((k) => !lost.includes(k));
  for (const [list, colour, alpha] of [
    [lost, TOKENS.alarm, 1],
    [kept, TOKENS.ink, 0.6],
  ]) {
    const way = only(ofKind(marks, 'line', 1), (mark) => mark.colour === colour && mark.alpha === alpha);
    near(
      way.x,
      list.flatMap((k) => [from(k)[0], to(k)[0], NaN]),
      1e-6,
    );
    near(
      way.y,
      list.flatMap((k) => [from(k)[1], to(k)[1], NaN]),
      1e-6,
    );
  }
  assert.ok(lost.length && kept.length);
  assert.equal(
    says,
    `of ${labels.length} examples, changed by ε = ${value(sizes[25 - 1])}, ${lost.length} are not taken for ` +
      'their class.',
  );
  assert.ok(note.includes('red: no longer their class'));
  // Behind them lies the boundary of the network that learned, upright.
  const boundary = latest(spiral, seq, 'boundary.class'),
    image = only(ofKind(marks, 'image', 1), () => true),
    [rows, cols] = boundary.shape('boundary.class');
  near([image.x0, image.x1, image.y0, image.y1], head.array('data.extent'));
  for (const row of range(rows)) {
    for (const col of range(cols)) {
      const pixel = 4 * ((rows - 1 - row) * cols + col);
      assert.deepEqual(
        Array.from(image.pixels.slice(pixel, pixel + 3)),
        rgb(CLASSES[boundary.at('boundary.class', row, col)]),
        `cell ${row} ${col}`,
      );
    }
  }
  const [x, y] = axes(layout),
    box = area(layout);
  near(
    [(x.range[1] - x.range[0]) / (box.right - box.left)],
    [(y.range[1] - y.range[0]) / (box.bottom - box.top)],
    1e-9,
  );
  assert.ok(x.range[0] <= image.x0 && y.range[1] >= image.y1);
  const before = plane.draw('attack_gallery', 10, { width: 500, height: 500 });
  assert.equal(before.says, `${labels.length} examples, as they are.`);
  near(
    ofKind(before.marks, 'points').map((mark) => mark.x.length),
    [0, 1].map((k) => labels.filter((label) => label === k).length),
  );
});

test('each picture stands beside its adversary and what was changed, light on dark, more in red', () => {
  const seq = 20 + 1 + 10,
    { marks, says, note } = pictures.draw('attack_gallery', seq, { width: 900, height: 600 }),
    head = digits[0],
    labels = head.array('attack.labels');
  const [n, h, w] = head.shape('attack.originals'),
    epsilon = digits[seq].array('series.change')[0],
    images = ofKind(marks, 'image'),
    [dark, light] = [rgb(TOKENS.bg), rgb(TOKENS.ink)];
  assert.equal(images.length, n);
  images.forEach((image, k) => {
    const [before, after] = [0, 1].map((i) => digits[seq].at('attack.predicted', k, i)),
      sure = [0, 1].map((i) => percent(digits[seq].at('attack.confidence', k, i)));
    assert.deepEqual([image.w, image.h, image.smooth], [3 * w + 2, h, false]);
    for (const y of range(h)) {
      for (const x of range(w)) {
        const [a, b] = [head, digits[seq]].map((frame, i) =>
            frame.at(['attack.originals', 'attack.examples'][i], k, y, x),
          ),
          at = (col) => Array.from(image.pixels.slice(4 * (y * image.w + col), 4 * (y * image.w + col) + 4));
        const grey = (v) => dark.map((d, c) => d + (light[c] - d) * Math.max(0, Math.min(1, v)));
        near(at(x).slice(0, 3), grey(a), 1, `original ${k}`);
        near(at(x + w + 1).slice(0, 3), grey(b), 1, `adversary ${k}`);
        const change = Math.max(-1, Math.min(1, (b - a) / epsilon)),
          [r, g, blue, alpha] = at(x + 2 * (w + 1));
        assert.deepEqual([r, g, blue], rgb(change > 0 ? TOKENS.alarm : CLASSES[0]));
        near([alpha], [18 + 237 * Math.abs(change)], 1);
      }
    }
    const name = head.header.classes,
      size = (i) => value(digits[seq].at('attack.size', k, i), 2);
    assert.equal(
      image.hover(0, 0),
      `a ${name[labels[k]]}: taken for ${name[before]} ${sure[0]}, then for ${name[after]} ${sure[1]}<br>` +
        `changed by ${size(0)} (L∞), ${size(1)} (L2)`,
    );
    const label = only(
        ofKind(marks, 'text'),
        (mark) => Math.abs(mark.x - image.x0) < 1e-6 && Math.abs(mark.y - image.y0) < 1e-6,
      ),
      parts = Array.from(label.rich);
    assert.ok(
      written([label])[0].startsWith(`${name[before]}`) && written([label])[0].includes(`→ ${name[after]}`),
      written([label])[0],
    );
    assert.equal(parts.at(-1).colour, before === after ? TOKENS.soft : TOKENS.alarm);
  });
  const lost = range(n).filter((k) => digits[seq].at('attack.predicted', k, 1) !== labels[k]).length;
  assert.equal(says, `of ${n} examples, changed by ε = ${value(epsilon)}, ${lost} are not taken for their class.`);
  assert.ok(note.endsWith('(full colour: a change by ε)'));
  const order = images.map(({ x0, y1 }) => [-Math.round(y1), x0]);
  order.forEach(([y, x], k) => {
    if (k) assert.ok(y > order[k - 1][0] || (y === order[k - 1][0] && x > order[k - 1][1]), 'in reading order');
  });
});

test('a row is the class before and a column the class after, the first above and at the left', () => {
  const seq = digits.length - 1,
    { marks, layout, says, note } = pictures.draw('attack_transitions', seq, { width: 600, height: 560 }),
    n = 10,
    names = digits[0].header.classes;
  const of = (i, j) => digits[seq].at('attack.transitions', i, j),
    image = only(marks, (mark) => mark.kind === 'image'),
    total = (i) => range(n).reduce((sum, j) => sum + of(i, j), 0);
  near([image.x0, image.x1, image.y0, image.y1, image.w, image.h], [0, n, 0, n, n, n]);
  const strengths = [];
  for (const i of range(n)) {
    for (const j of range(n)) {
      const pixel = 4 * (i * n + j);
      assert.deepEqual(Array.from(image.pixels.slice(pixel, pixel + 3)), rgb(i === j ? TOKENS.accent : TOKENS.alarm));
      strengths.push([total(i) ? of(i, j) / total(i) : 0, image.pixels[pixel + 3]]);
      assert.equal(
        image.hover(i, j),
        `${names[i]} → ${names[j]}: ${of(i, j)} of ${count(total(i))} ${total(i) === 1 ? 'point' : 'points'}`,
      );
      const figures = ofKind(marks, 'text', 1).filter(
        (mark) => Math.abs(mark.x - j - 0.5) < 1e-9 && Math.abs(mark.y - (n - i - 0.5)) < 1e-9,
      );
      assert.deepEqual(
        figures.map((mark) => mark.text),
        of(i, j) ? [String(of(i, j))] : [],
      );
    }
    only(
      ofKind(marks, 'text', 1),
      (mark) => mark.text === names[i] && mark.x === 0 && mark.y === n - i - 0.5,
      'names of rows',
    );
    only(
      ofKind(marks, 'text', 1),
      (mark) => mark.text === names[i] && mark.x === i + 0.5 && mark.y === n,
      'names of columns',
    );
  }
  strengths
    .sort((a, b) => a[0] - b[0])
    .forEach(([, alpha], k) => assert.ok(!k || alpha >= strengths[k - 1][1], 'more is stronger'));
  const box = area(layout),
    words = ['after', 'before'].map((word) => only(ofKind(marks, 'text', 0), (mark) => mark.text === word));
  assert.ok(words[0].y < box.top && words[1].x < box.left, 'after above the columns, before beside the rows');
  const all = range(n).reduce((sum, i) => sum + total(i), 0),
    kept = range(n).reduce((sum, i) => sum + of(i, i), 0);
  const most = range(n * n)
    .filter((k) => Math.floor(k / n) !== k % n)
    .reduce((best, k) => (of(Math.floor(k / n), k % n) > of(Math.floor(best / n), best % n) ? k : best), 1);
  assert.equal(
    note,
    `most often ${names[Math.floor(most / n)]} → ${names[most % n]} (${of(Math.floor(most / n), most % n)})`,
  );
  assert.equal(says, `${count(kept)} of ${count(all)} points keep their class; ${note}.`);
  assert.match(pictures.draw('attack_transitions', 5).sentence, /still learning/);
});
