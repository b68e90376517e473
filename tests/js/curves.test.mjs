// Curves over steps: which column is which line, on which axis, in which unit; loss, gradients and what they say.
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
  pixels,
  range,
  stepsOf,
  subplots,
  value,
  within,
  written,
} from './lib/check.mjs';
import { film, opened, TOKENS } from './lib/page.mjs';
import { writeFilm } from './lib/safetensors.mjs';

const { frames } = film('default'),
  page = opened('lab', 'default'),
  steps = stepsOf(frames),
  seq = 130;
const loss = (k) => column(frames, 'series.loss', k);

test('train is the full line and test the dashed one, losses above, accuracies below', () => {
  const { marks, layout } = page.draw('loss', seq, { width: 700, height: 420 });
  assert.deepEqual(subplots(layout), [1, 2]);
  assert.ok(area(layout, 1).bottom < area(layout, 2).top);
  for (const [k, axis, name, look] of [
    [0, 1, 'train', { colour: TOKENS.accent, dash: false }],
    [1, 1, 'test', { colour: TOKENS.ink, dash: true }],
    [2, 2, 'train', { colour: TOKENS.accent, dash: false }],
    [3, 2, 'test', { colour: TOKENS.ink, dash: true }],
  ]) {
    const line = curve(marks, axis, look, steps, loss(k), seq, `column ${k}`),
      at = loss(k)[seq];
    assert.equal(
      line.hover(seq),
      `${name}, step ${count(steps[seq])}: ${axis === 1 ? `${value(at)} nats` : percent(at, 1)}`,
    );
    const label = named(marks, axis, name);
    assert.equal(label.colour, look.colour);
    near([label.x, label.y], [steps[seq], at], 1e-6, 'a name stands where its line ends');
    const dot = only(ofKind(marks, 'points', axis), (mark) => mark.colour === look.colour);
    near([dot.x[0], dot.y[0]], [steps[seq], at], 1e-6);
  }
  within(marks, layout);
});

test('losses have a log axis that holds them all, accuracies end above one, both run from step 0 to the last', () => {
  const { layout } = page.draw('loss', 3, { width: 700, height: 420 }),
    [x, y] = axes(layout, 1),
    [x2, y2] = axes(layout, 2);
  assert.deepEqual([y.type, y2.type, x.type], ['log', undefined, undefined]);
  for (const axis of [x, x2]) near(axis.range, [0, steps.at(-1)]);
  const all = [...loss(0), ...loss(1)].filter(Number.isFinite).map(Math.log10),
    lowest = Math.min(...loss(2), ...loss(3));
  assert.ok(
    y.range[0] <= Math.min(...all) &&
      y.range[0] > Math.min(...all) - 1 &&
      y.range[1] >= Math.max(...all) &&
      y.range[1] < Math.max(...all) + 1,
  );
  assert.ok(y2.range[0] <= lowest && y2.range[0] > lowest - 0.2 && y2.range[1] > 1 && y2.range[1] < 1.1);
  const digit = { '⁻': '-', ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((c, k) => [c, k])) };
  const read = (text) =>
    Number(text.replace(/10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, power) => `1e${[...power].map((c) => digit[c]).join('')}`));
  near(y.ticktext.map(read), y.tickvals, 1e-9, 'ticks say where they are');
  y2.tickvals.forEach((v, k) => assert.equal(y2.ticktext[k], percent(v)));
  const to = pixels(layout, 1);
  assert.ok(to(0, 0.5)[1] < to(0, 0.1)[1], 'upwards');
});

test('what is said of the losses are the numbers of the frame', () => {
  const { says, note } = page.draw('loss', seq),
    [a, b, c, d] = [0, 1, 2, 3].map((k) => loss(k)[seq]);
  assert.equal(
    says,
    `loss ${value(a)} nats on training points, ${value(b)} on test points; accuracy ${percent(c, 1)} and ` +
      `${percent(d, 1)}.`,
  );
  assert.equal(note, `train ${value(a, 2)}, test ${value(b, 2)} nats`);
  const lost = film('non-finite').frames,
    first = column(lost, 'series.loss', 0).findIndex((v) => !Number.isFinite(v));
  assert.equal(opened('lab', 'non-finite').draw('loss', first).note, 'no longer a finite number');
});

test('a curve leaves out the frames where its series is absent, and ends at the last that is there', () => {
  const values = [0.5, NaN, 0.25, NaN, 0.125],
    made = values.map((v, k) => ({
      step: 10 * k,
      header: k ? {} : { config: { steps: 40 } },
      arrays: Object.assign(
        k ? {} : { 'data.widths': ['I32', [2], [2, 2]], 'data.y': ['U8', [1], [0]] },
        Number.isNaN(v) ? {} : { 'series.loss': ['F32', [4], [v, 2 * v, 0.5, 0.6]] },
      ),
    }));
  const { marks } = opened('lab', writeFilm(made)).draw('loss', 3);
  curve(
    marks,
    1,
    { colour: TOKENS.accent },
    range(5).map((k) => 10 * k),
    values,
    3,
    'train',
  );
  assert.equal(named(marks, 1, 'train').x, 20);
});

test('the axes hold what any of the columns needs, train or test', () => {
  for (const low of range(4)) {
    const made = range(3).map((k) => ({
      step: 10 * k,
      header: k ? {} : { config: { steps: 20 } },
      arrays: {
        ...(k ? {} : { 'data.widths': ['I32', [2], [2, 2]], 'data.y': ['U8', [1], [0]] }),
        'series.loss': ['F32', [4], [0.5, 0.5, 0.9, 0.9].map((v, i) => (i === low ? v / 50 : v))],
      },
    }));
    const { marks, layout } = opened('lab', writeFilm(made)).draw('loss', 2, { width: 700, height: 420 });
    within(marks, layout);
  }
});

test('losses of batches stand at their own steps, with the mean of the last ones', () => {
  // 3 steps between two frames, then 4 of which a frame made by hand has told 2, then 40 of which 32 are recorded
  const batch = (step) => 2 / (1 + step),
    table = (told) => [...Array(32 - told.length).fill(NaN), ...told.map(batch)];
  const recorded = range(32).map((j) => 7 + Math.ceil(((j + 1) * 40) / 32));
  const told = [
    [0, [], false],
    [3, [1, 2, 3], false],
    [5, [4, 5], true],
    [7, [4, 5, 6, 7], false],
    [47, recorded, false],
  ];
  const made = told.map(([step, of, extra], k) => ({
    step,
    extra,
    header: k ? {} : { config: { steps: 47 } },
    arrays: {
      ...(k ? {} : { 'data.widths': ['I32', [2], [2, 2]], 'data.y': ['U8', [1], [0]] }),
      'series.loss': ['F32', [4], [1, 2, 0.5, 0.6]],
      'series.batches': ['F32', [32], table(of)],
    },
  }));
  const { marks, layout } = opened('lab', writeFilm(made)).draw('loss', 4, {
    width: 700,
    height: 420,
    options: { view: 'batches' },
  });
  const all = [1, 2, 3, 4, 5, 6, 7, ...recorded],
    lines = ofKind(marks, 'line', 1).filter((mark) => mark.colour === TOKENS.accent);
  const raw = only(lines, (mark) => mark.alpha === 0.4),
    smooth = only(lines, (mark) => mark !== raw);
  near(raw.x, all);
  near(raw.y, all.map(batch), 1e-6);
  const span = Number(
    written(marks)
      .find((text) => /^batches, mean of/.test(text))
      .match(/\d+/)[0],
  );
  assert.ok(span >= 5);
  near(
    smooth.y,
    all.map((step) => {
      const last = all.filter((one) => one <= step && one > step - span);
      return last.reduce((a, b) => a + batch(b), 0) / last.length;
    }),
    1e-6,
  );
  near(smooth.x, all);
  assert.equal(raw.hover(0), `batch of step 1: ${value(1)} nats`);
  within(lines, layout);
  const early = opened('lab', writeFilm(made)).draw('loss', 1, { options: { view: 'batches' } }).marks;
  near(only(ofKind(early, 'line', 1), (mark) => mark.alpha === 0.4).x, [1, 2, 3]);
});

test('behind a fork stands what the run it left went on to', () => {
  const shown = opened('lab', 'default'),
    names = ['train_loss', 'test_loss', 'train_accuracy', 'test_accuracy'],
    was = names.map((_, k) => ({ x: [10, 500], y: [0.3 + k / 10, 0.2 + k / 10] }));
  shown.nnprobe.parent.curve = (name) => was[names.indexOf(name)];
  const { marks, layout } = shown.draw('loss', seq, { width: 700, height: 420 });
  [
    [1, 0],
    [1, 1],
    [2, 2],
    [2, 3],
  ].forEach(([axis, k]) => {
    const line = only(
      ofKind(marks, 'line', axis),
      (mark) => mark.colour === TOKENS.past && Boolean(mark.dash) === (k % 2 === 1),
    );
    near([...line.x, ...line.y], [...was[k].x, ...was[k].y]);
    assert.equal(
      line.hover(1),
      `${k % 2 ? 'test' : 'train'} of the run it left, step 500: ` +
        `${axis === 1 ? `${value(was[k].y[1])} nats` : percent(was[k].y[1], 1)}`,
    );
  });
  within(
    marks.filter((mark) => mark.axis === 1),
    layout,
  );
});

test('the signal of each layer is its own line on a log axis, named at its end', () => {
  const { marks, layout } = page.draw('gradients', seq, { width: 900, height: 500 }),
    [x, y] = axes(layout),
    rows = frames[0].shape('series.gradients')[0];
  assert.deepEqual([y.type, rows], ['log', 4]);
  near(x.range, [0, steps.at(-1)]);
  const colours = new Set();
  ['Hidden 1', 'Hidden 2', 'Hidden 3', 'Logits'].forEach((name, row) => {
    const label = named(marks, 1, name),
      values = column(frames, 'series.gradients', 4, row);
    colours.add(label.colour);
    const line = curve(marks, 1, { colour: label.colour }, steps, values, seq, name);
    assert.equal(line.hover(seq), `${name}, step ${count(steps[seq])}: δ = ${value(values[seq])}`);
    near([label.x, label.y], [steps[seq], values[seq]]);
  });
  assert.equal(colours.size, rows);
  within(marks, layout);
});

test('the verdict is the probe’s, with its layer and since when', () => {
  const ill = film('vanishing').frames,
    shown = opened('lab', 'vanishing'),
    at = ill.findLastIndex((frame) => frame.array('series.verdict')[0] > 0);
  const [code, layer, since] = ill[at].array('series.verdict'),
    { meta } = shown.draw('gradients', at).record;
  const names = ['Input', ...range(6).map((k) => `Hidden ${k + 1}`), 'Logits'];
  const told = meta.verdicts[code].replace('layer {layer}', names[layer]).replace('{step}', count(since));
  const { verdict, says } = shown.draw('gradients', at);
  assert.deepEqual([verdict.level, verdict.full], ['alarm', told]);
  assert.ok(verdict.text.endsWith(`since step ${count(since)}`), verdict.text);
  assert.equal(
    says,
    `signal δ ${range(7)
      .map((row) => `${names[row + 1]} ${value(ill[at].at('series.gradients', row, 4))}`)
      .join(', ')}. ${told}`,
  );
  // One whose code, layer and step are three different numbers.
  const lost = film('non-finite').frames,
    [sixth, one, step] = lost.at(-1).array('series.verdict'),
    ended = opened('lab', 'non-finite').draw('gradients', lost.length - 1);
  assert.equal(new Set([sixth, one, step, 0]).size, 4);
  assert.equal(
    ended.verdict.full,
    meta.verdicts[sixth].replace('layer {layer}', `Hidden ${one}`).replace('{step}', count(step)),
  );
  assert.ok(ended.verdict.text.endsWith(`since step ${count(step)}`), ended.verdict.text);
  const well = ill.findIndex((frame) => frame.array('series.verdict')[0] === 0),
    fine = shown.draw('gradients', well, { spotlit: true });
  assert.equal(fine.verdict.level, 'fine');
  assert.equal(
    fine.note,
    'signal δ, first ÷ last = ' +
      `${value(ill[well].at('series.gradients', 0, 4) / ill[well].at('series.gradients', 5, 4), 2)}`,
  );
});

test('displacement is how far a layer of two units takes a point, against how far that was from the middle', () => {
  const two = film('two-neurons').frames,
    shown = opened('lab', 'two-neurons'),
    at = 80,
    { marks, layout, says } = shown.draw('displacement', at, { width: 900, height: 500 });
  const labels = two[0].array('data.y'),
    from = range(labels.length).map((k) => two[0].row('data.x', k)),
    told = [];
  [1, 2].forEach((i, plot) => {
    const bounds = two[at].array(`map.${i}.range`),
      seen = [];
    for (const mark of ofKind(marks, 'points', plot + 1))
      Array.from(mark.index).forEach((k, j) => {
        seen[k] = [mark.x[j], mark.y[j], mark.hover(j), mark.shape];
      });
    from.forEach(([x, y], k) => {
      const [a, b] = two[at]
        .row(`map.${i}`, k)
        .map((q, axis) => bounds[2 * axis] + (q / 65534) * (bounds[2 * axis + 1] - bounds[2 * axis]));
      const [far, moved] = [Math.sqrt(x * x + y * y), Math.sqrt((a - x) ** 2 + (b - y) ** 2)];
      near(seen[k].slice(0, 2), [far, moved], 1e-4, `layer ${i} point ${k}`);
      assert.equal(seen[k][3], labels[k]);
      if (k === 5) assert.ok(seen[k][2].startsWith(`point 5, class ${labels[5]}<br>‖x‖ = `), seen[k][2]);
    });
    const [xaxis, yaxis] = axes(layout, plot + 1),
      most = Math.max(...column(two, 'series.mapping', 3, i).filter(Number.isFinite));
    assert.deepEqual([xaxis.range[0], yaxis.range[0]], [0, 0]);
    assert.ok(yaxis.range[1] >= most && yaxis.range[1] < 2.2 * most, 'room for every frame');
    told.push(`${value(two[at].at('series.mapping', i, 2))} in ${['', 'Hidden 1', 'Logits'][i]}`);
    near(
      [two[at].at('series.mapping', i, 2)],
      [seen.reduce((sum, [, v]) => sum + v, 0) / seen.length],
      1e-3,
      'the mean that is said',
    );
  });
  assert.equal(says, `points are moved, in the mean, by ${told.join(', ')}.`);
  within(marks, layout);
});

test('without a layer of two units displacement says so, and only such layers are shown', () => {
  assert.equal(opened('lab', 'narrow').draw('displacement', 50).sentence, null); // its logits have two
  assert.deepEqual(
    subplots(opened('lab', 'plane').draw('displacement', 50, { width: 900, height: 500 }).layout),
    [1, 2],
  );
  assert.ok(latest(film('plane').frames, 50, 'map.3').shape('map.3')[1] === 2);
});
