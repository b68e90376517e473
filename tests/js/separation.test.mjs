// Separation in the lab: histograms now and before, the probe beside them, and both over time.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  column,
  count,
  latest,
  mean,
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
import { film, opened, TOKENS } from './lib/page.mjs';

const { frames } = film('default'),
  head = frames[0],
  page = opened('lab', 'default'),
  seq = 140,
  rows = 5,
  steps = stepsOf(frames);
const NAMES = ['Input', 'Hidden 1', 'Hidden 2', 'Hidden 3', 'Logits'];
const draw = (more) => page.draw('separation', seq, { width: 800, height: 460, ...more });
const now = latest(frames, seq, 'separation.values'),
  probed = latest(frames, seq, 'series.separation');
const lowest =
  Math.floor(
    Math.min(
      0.95,
      ...frames
        .filter((frame) => frame.has('separation.values'))
        .map((frame) => Math.min(...frame.array('separation.values'))),
    ) * 20,
  ) / 20;
const BINS = 24;

test('bars count the values of each layer: now above its line, before training below', () => {
  const { marks, layout } = draw(),
    bars = ofKind(marks, 'bars', 1),
    [x, y] = axes(layout, 1),
    width = (1 - lowest) / BINS;
  assert.ok(steps[seq] > now.step || frames[seq] === now);
  near([x.range[0]], [lowest], 1e-9, 'from the lowest value of the film, in twentieths');
  assert.ok(x.range[1] >= 1 && x.range[1] < 1.05 && y.range[0] < 0 - 4.4 && y.range[1] > 0.44);
  for (const [frame, up, colour, word] of [
    [head, -1, TOKENS.past, 'before training'],
    [now, 1, TOKENS.accent, `now (step ${count(now.step)})`],
  ]) {
    const mark = only(bars, (one) => one.colour === colour),
      told = [],
      heights = [];
    range(rows).forEach((row) => {
      const values = frame.row('separation.values', row),
        bins = Array(BINS).fill(0);
      for (const v of values)
        if (Number.isFinite(v)) bins[range(BINS).findLast((k) => v >= lowest + k * width - 1e-9 || k === 0)]++;
      const tall = Math.max(...bins, values.length / 4);
      bins.forEach((n, k) => {
        if (n) {
          told.push([row, k, n, values.length]);
          heights.push((0.44 * n) / tall);
        }
      });
    });
    assert.equal(mark.x0.length, told.length, word);
    told.forEach(([row, k, n, of], i) => {
      const [a, b] = [lowest + k * width, lowest + (k + 1) * width];
      assert.ok(
        mark.x0[i] >= a && mark.x0[i] < a + width / 4 && mark.x1[i] <= b && mark.x1[i] > b - width / 4,
        'edges of a bin',
      );
      near(
        [mark.y0[i], mark.y1[i]],
        up > 0 ? [-row, -row + heights[i]] : [-row - heights[i], -row],
        1e-6,
        `bar ${i} ${word}`,
      );
      assert.equal(
        mark.hover(i),
        `${NAMES[row]}, ${word}: ${n} of ${of} values from ${a.toFixed(3)} to ${b.toFixed(3)}`,
      );
    });
  }
  within(
    bars.flatMap((mark) => [
      { axis: 1, x: mark.x0, y: mark.y0 },
      { axis: 1, x: mark.x1, y: mark.y1 },
    ]),
    layout,
  );
  assert.ok(written(marks).includes('▲ now ▼ before'));
});

test('rows are the layers from the top, named at their line', () => {
  const { layout } = draw(),
    [, y] = axes(layout, 1);
  near(
    y.tickvals,
    range(rows).map((k) => -k),
  );
  assert.deepEqual(Array.from(y.ticktext), NAMES);
});

test('the probe has its accuracy as a diamond on its interval, beside what shuffled labels get', () => {
  const { marks, layout } = draw(),
    diamonds = only(ofKind(marks, 'points', 2), () => true),
    of = (k) => range(rows).map((row) => probed.at('series.separation', row, k));
  near(diamonds.x, of(1));
  near(
    diamonds.y,
    range(rows).map((row) => -row),
  );
  assert.equal(diamonds.shape, 3);
  const lines = ofKind(marks, 'line', 2),
    interval = only(lines, (mark) => mark.colour === TOKENS.ink),
    shuffled = only(lines, (mark) => mark.colour === TOKENS.past);
  near(
    interval.x,
    range(rows).flatMap((row) => [of(2)[row], of(3)[row], NaN]),
  );
  near(
    interval.y,
    range(rows).flatMap((row) => [-row, -row, NaN]),
  );
  near(
    shuffled.x,
    range(rows).flatMap((row) => [of(4)[row], of(4)[row], NaN]),
  );
  range(rows).forEach((row) => {
    assert.ok(of(2)[row] <= of(1)[row] && of(1)[row] <= of(3)[row], 'within its interval');
    const chance = probed.has('series.baseline') ? [0, 1].map((k) => probed.at('series.baseline', row, k)) : null;
    const also = chance ? `, 95 % of them ${chance.map((v) => percent(v)).join(' to ')}` : '';
    assert.equal(
      diamonds.hover(row),
      `${NAMES[row]}: a linear probe gets ${percent(of(1)[row], 1)} of test points<br>95 % interval ` +
        `${percent(of(2)[row], 1)} to ${percent(of(3)[row], 1)}, shuffled labels ${percent(of(4)[row])}${also}`,
    );
  });
  if (probed.has('series.baseline')) {
    const band = only(lines, (mark) => mark.colour === TOKENS.line);
    near(
      band.x,
      range(rows).flatMap((row) => [probed.at('series.baseline', row, 0), probed.at('series.baseline', row, 1), NaN]),
    );
  }
  const [x, y] = axes(layout, 2);
  assert.ok(
    area(layout, 1).right < area(layout, 2).left && x.range[1] > 1 && x.range[0] <= Math.min(...of(2), ...of(4)),
  );
  near(y.range, axes(layout, 1)[1].range, 0, 'the same rows');
  within(marks, layout);
});

test('over time each column is a look and each row a layer, from the panel’s ground to the accent', () => {
  const { marks, layout } = draw({ options: { view: 'time' } }),
    due = frames.map((frame, k) => k).filter((k) => Number.isFinite(column(frames, 'series.separation', 0)[k]));
  assert.deepEqual(subplots(layout), [1, 2]);
  [0, 1].forEach((k, plot) => {
    const image = only(ofKind(marks, 'image', plot + 1), () => true),
      [ground, accent] = [rgb(TOKENS.panel), rgb(TOKENS.accent)];
    assert.deepEqual(
      [image.w, image.h, image.x0, image.x1, image.y0, image.y1],
      [due.length, rows, 0, due.length, 0.5 - rows, 0.5],
    );
    const shares = [];
    range(rows).forEach((row) =>
      due.forEach((at, col) => {
        const v = frames[at].at('series.separation', row, k),
          pixel = 4 * (row * due.length + col),
          share = (image.pixels[pixel + 1] - ground[1]) / (accent[1] - ground[1]);
        shares.push([v, share]);
        assert.equal(image.pixels[pixel + 3], at <= seq ? 255 : 70, 'what is to come is faint');
        near(
          image.pixels.slice(pixel, pixel + 3),
          ground.map((g, c) => g + share * (accent[c] - g)),
          1.5,
          'one hue',
        );
        assert.equal(image.hover(row, col), `${NAMES[row]}, step ${count(steps[at])}: ${value(v)}`);
      }),
    );
    shares.sort((a, b) => a[0] - b[0]);
    shares.forEach(([v, share], i) => {
      if (i) assert.ok(share >= shares[i - 1][1] - 0.02, `${v} is no weaker than what is less`);
    });
    // 1 is all accent, and the ground is where the scale begins: a twentieth below the least that is shown
    const begins = shares
      .filter(([v, share]) => share > 0.1 && v < 0.95)
      .map(([v, share]) => (v - share) / (1 - share));
    assert.ok(Math.max(...begins) - Math.min(...begins) < 0.04 && begins.length > 10, `${begins}`);
    assert.ok(
      written(marks).some((text) =>
        text.startsWith(
          `${['neighbours', 'linear probe'][plot]}, ${(Math.round(20 * mean(begins)) / 20).toFixed(2)} … 1`,
        ),
      ),
      `${written(marks)}`,
    );
  });
  within(marks, layout);
});

test('what is said of each layer is the mean that neighbours see and what a line gets', () => {
  const { says, note } = draw();
  const told = NAMES.map(
    (name, row) =>
      `${name}: neighbours see ${value(mean(now.row('separation.values', row)))}, a line gets ` +
      `${percent(probed.at('series.separation', row, 1), 1)}`,
  );
  assert.equal(says, `${told.join('; ')}.`);
  const looks = frames.map((frame, k) => k).filter((k) => frames[k].has('separation.values'));
  assert.ok(
    note.startsWith(`visible to neighbours, n = ${count(head.shape('data.y')[0])}`) &&
      note.endsWith(`; every ${looks[1] - looks[0]}th frame`),
    note,
  );
});

test('a narrow panel writes the accuracies beside the rows', () => {
  const { marks, layout } = draw({ width: 210, height: 300 }),
    box = area(layout, 1),
    figures = ofKind(marks, 'text', 0).filter((mark) => mark.baseline === 'middle');
  assert.deepEqual(subplots(layout), [1]);
  assert.deepEqual(
    written(figures),
    range(rows).map((row) => percent(probed.at('series.separation', row, 1))),
  );
  figures.forEach((mark, row) => {
    const [lo, hi] = axes(layout, 1)[1].range,
      y = box.bottom - ((-row - lo) / (hi - lo)) * (box.bottom - box.top);
    assert.ok(Math.abs(mark.y - y) < 0.15 * ((box.bottom - box.top) / rows), 'at its row');
  });
});
