// Eigenvalues, singular values and norms of each matrix, against the film's and against one another.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  column,
  count,
  curve,
  named,
  near,
  ofKind,
  only,
  pixels,
  range,
  stepsOf,
  subplots,
  value,
  within,
  written,
} from './lib/check.mjs';
import { film, open, opened, TOKENS } from './lib/page.mjs';

const { frames } = film('default'),
  head = frames[0],
  page = opened('lab', 'default'),
  seq = 140,
  steps = stepsOf(frames);
const LARGE = { width: 1400, height: 800, spotlit: true };
const view = (name, more = {}) =>
  page.draw('spectrum', seq, { width: 800, height: 500, options: { view: name }, ...more });
const widths = Array.from(head.array('data.widths')),
  SQUARE = [2, 3];
const eigenvalues = (frame, i) => range(widths[i]).map((k) => frame.row(`spectrum.eig.${i}`, k));
const series = (i, k) => column(frames, 'series.spectrum', k, i - 1);

test('the eigenvalues of each square matrix stand in the plane, now in its colour and before training in grey', () => {
  const { marks, layout } = view('plane'),
    [x, y] = axes(layout),
    dots = ofKind(marks, 'points', 1),
    colours = new Set();
  assert.deepEqual(widths, [2, 16, 16, 16, 2]);
  for (const i of SQUARE) {
    for (const [frame, word, grey] of [
      [head, 'before training', true],
      [frames[seq], 'now', false],
    ]) {
      const told = eigenvalues(frame, i),
        mark = only(
          dots,
          (one) => (one.colour === TOKENS.past) === grey && one.hover(0).startsWith(`W${'₀₁₂₃'[i]} ${word}`),
        );
      near(
        mark.x,
        told.map(([re]) => re),
        1e-6,
        'real parts',
      );
      near(
        mark.y,
        told.map(([, im]) => im),
        1e-6,
        'imaginary parts',
      );
      const [re, im] = told[3];
      assert.equal(
        mark.hover(3),
        `W${'₀₁₂₃'[i]} ${word}<br>${value(re)} ${im < 0 ? '−' : '+'} ${value(Math.abs(im))} i`,
      );
      if (!grey) colours.add(mark.colour);
    }
  }
  assert.equal(colours.size, 2);
  near(
    [x.range[1] - x.range[0]],
    [((y.range[1] - y.range[0]) * (area(layout).right - area(layout).left)) / (area(layout).bottom - area(layout).top)],
    1e-6,
    'a circle is round',
  );
  within(marks, layout);
  for (const frame of frames) {
    for (const i of SQUARE)
      for (const [re, im] of eigenvalues(frame, i))
        assert.ok(re > x.range[0] && re < x.range[1] && im > y.range[0] && im < y.range[1], 'room for every frame');
  }
  const key = only(ofKind(marks, 'text', 0), (mark) => mark.rich),
    parts = Array.from(key.rich),
    entries = parts.filter((part) => part.text === '● ').map((part) => part.colour);
  assert.deepEqual(
    parts.filter((part) => part.text !== '● ').map((part) => part.text.trim()),
    ['W₂', 'W₃', 'before'],
  );
  SQUARE.forEach((i, k) =>
    assert.equal(entries[k], only(dots, (one) => one.hover(0).startsWith(`W${'₀₁₂₃'[i]} now`)).colour),
  );
  assert.equal(entries[2], TOKENS.past);
});

test('eigenvalues that have grown beyond their circle are within the axes, at every frame', () => {
  const own = film('narrow').frames,
    [x, y] = axes(opened('lab', 'narrow').draw('spectrum', 10, { options: { view: 'plane' } }).layout);
  const all = own.flatMap((frame) => [2, 3].flatMap((i) => range(3).map((k) => frame.row(`spectrum.eig.${i}`, k))));
  assert.ok(Math.max(...all.flat().map(Math.abs)) > 1.5 * own[0].at('series.spectrum', 1, 5));
  for (const [re, im] of all) {
    assert.ok(re >= x.range[0] && re <= x.range[1] && im >= y.range[0] && im <= y.range[1], `${re} + ${im} i`);
  }
});

test('the circle has the radius of the run’s own initialisation, about zero', () => {
  const { marks } = view('plane'),
    circles = ofKind(marks, 'line', 1),
    radii = new Set(SQUARE.map((i) => series(i, 5)[0].toFixed(5)));
  assert.equal(circles.length, radii.size);
  for (const circle of circles) {
    const seen = Array.from(circle.x, (x, k) => Math.hypot(x, circle.y[k]));
    near(
      seen,
      seen.map(() => seen[0]),
      1e-6,
    );
    assert.ok(radii.has(seen[0].toFixed(5)));
    assert.ok(Math.min(...circle.x) < -0.99 * seen[0] && Math.max(...circle.y) > 0.99 * seen[0]);
  }
});

test('the trail of an eigenvalue goes through where it was in every frame up to now', () => {
  const own = film('narrow').frames,
    at = 40;
  const { marks } = opened('lab', 'narrow').draw('spectrum', at, { options: { view: 'trails' } }),
    trails = ofKind(marks, 'line', 1).filter((mark) => mark.alpha === 0.55);
  assert.ok(own[0].has('series.eigenvalues'));
  assert.equal(trails.length, 2);
  [2, 3].forEach((i, t) =>
    range(3).forEach((row) => {
      const told = range(at + 1).map((k) => own[k].row(`spectrum.eig.${i}`, row)),
        from = row * (at + 2);
      const [x, y] = [trails[t].x, trails[t].y].map((all) => Array.from(all).slice(from, from + at + 2));
      near(x, [...told.map(([re]) => re), NaN], 1e-6);
      near(y, [...told.map(([, im]) => im), NaN], 1e-6);
    }),
  );
});

test('a film from before eigenvalues were followed, and batches kept, says so', () => {
  const old = open('lab'),
    decode = old.nnprobe.decodeFilm;
  old.nnprobe.decodeFilm = (...all) => {
    const decoded = decode(...all);
    for (const { arrays } of decoded) for (const name of ['series.eigenvalues', 'series.batches']) delete arrays[name];
    return decoded;
  };
  old.show(film('narrow').bytes);
  const trails = old.draw('spectrum', 40, { width: 700, height: 500, options: { view: 'trails' } }).marks;
  assert.ok(written(trails).includes('This film does not follow them.'));
  assert.ok(ofKind(trails, 'line', 1).every((mark) => mark.alpha !== 0.55));
  const batches = old.draw('loss', 40, { width: 700, height: 500, options: { view: 'batches' } }).marks;
  assert.ok(written(batches).includes('This film has no losses of batches.'));
  assert.ok(ofKind(batches, 'line', 1).some((mark) => mark.hover && mark.hover(0).startsWith('train, step')));
});

test('singular values fall by rank, each matrix its line, those before training dashed', () => {
  const { marks, layout } = view('values'),
    [x, y] = axes(layout);
  range(4)
    .map((k) => k + 1)
    .forEach((i) => {
      const told = Array.from(frames[seq].array(`spectrum.sv.${i}`)),
        label = named(marks, 1, `W${'₀₁₂₃₄'[i]}`);
      const dots = only(ofKind(marks, 'points', 1), (mark) => mark.colour === label.colour),
        line = only(ofKind(marks, 'line', 1), (mark) => mark.colour === label.colour);
      for (const mark of [dots, line]) {
        near(
          mark.x,
          told.map((_, k) => k + 1),
        );
        near(mark.y, told);
      }
      assert.equal(dots.hover(1), `W${'₀₁₂₃₄'[i]}, singular value 2 of ${told.length}: ${value(told[1])}`);
      near([label.x, label.y], [told.length, told.at(-1)]);
      // The Frobenius norm that the series has is theirs: each matrix stands under its own name.
      near([Math.sqrt(told.reduce((sum, v) => sum + v * v, 0))], [series(i, 0)[seq]], 1e-3, `‖W${i}‖`);
    });
  const before = ofKind(marks, 'line', 1).filter((mark) => mark.colour === TOKENS.past);
  assert.deepEqual(
    before.map((mark) => Boolean(mark.dash)),
    [true, true, true, true],
  );
  before.forEach((mark, k) => near(mark.y, head.array(`spectrum.sv.${k + 1}`)));
  near(x.range, [0.5, 16.5]);
  assert.equal(y.range[0], 0);
  within(marks, layout);
});

test('the shaded band is where singular values of random matrices of the start would lie', () => {
  const bands = ofKind(view('values').marks, 'bars', 1);
  range(4).forEach((k) => {
    const scale = series(k + 1, 5)[0],
      ratio = Math.sqrt(widths[k + 1] / widths[k]);
    near(
      [bands[k].y0[0], bands[k].y1[0]],
      [scale * Math.abs(1 - ratio), scale * (1 + ratio)],
      1e-5,
      'Marchenko–Pastur',
    );
    near([bands[k].x0[0], bands[k].x1[0]], [0.5, Math.min(widths[k], widths[k + 1]) + 0.5]);
    const now = series(k + 1, 4)[seq];
    assert.ok(
      bands[k].hover(0).includes(`of its size now ${value(now * Math.abs(1 - ratio))} to ${value(now * (1 + ratio))}`),
      bands[k].hover(0),
    );
  });
});

test('norms over steps are those of the matrices they are named after', () => {
  const { marks, layout } = view('norms');
  range(4)
    .map((k) => k + 1)
    .forEach((i) => {
      const label = named(marks, 1, `W${'₀₁₂₃₄'[i]}`),
        line = curve(marks, 1, { colour: label.colour }, steps, series(i, 0), seq, `norm ${i}`);
      const own = Math.sqrt(frames[seq].array(`spectrum.sv.${i}`).reduce((sum, v) => sum + v * v, 0));
      near([line.y.at(-1)], [own], 1e-3, 'the root of the sum of squares');
      assert.equal(
        line.hover(seq),
        `step ${count(steps[seq])}: ‖W${'₀₁₂₃₄'[i]}‖ (Frobenius) ${value(series(i, 0)[seq])}`,
      );
    });
  assert.equal(axes(layout)[1].range[0], 0);
  within(marks, layout);
});

test('complex eigenvalues are counted above, beside chance, and the spread of their moduli stands below', () => {
  const { marks, layout } = view('counts');
  assert.deepEqual(subplots(layout), [1, 2]);
  const titles = ofKind(marks, 'text', 0)
    .map((mark) => [Math.round(mark.y), mark.text])
    .sort((a, b) => a[0] - b[0])
    .map(([, text]) => text);
  assert.deepEqual(
    titles.map((text) => text.split(' ')[0]),
    ['complex', 'spread'],
  );
  assert.ok(area(layout, 1).bottom < area(layout, 2).top);
  for (const i of SQUARE) {
    const every = frames.map((frame) => eigenvalues(frame, i)),
      moduli = every.map((all) => all.map(([re, im]) => Math.hypot(re, im)));
    for (const [axis, told, off] of [
      [1, every.map((all) => all.filter(([, im]) => im !== 0).length), 0],
      [2, moduli.map((all) => Math.max(...all) - Math.min(...all)), 1e-4],
    ]) {
      const label = named(marks, axis, `W${'₀₁₂₃'[i]}`),
        line = curve(
          marks,
          axis,
          { colour: label.colour, dash: false },
          steps,
          series(i, axis + 1),
          seq,
          `plot ${axis} of W${i}`,
        );
      near(line.y, told.slice(0, seq + 1), off, `plot ${axis} of W${i}, from the eigenvalues`);
      assert.ok(
        line
          .hover(seq)
          .includes(
            axis === 1
              ? `${told[seq]} of 16 eigenvalues of W${'₀₁₂₃'[i]} are complex`
              : `max |λ| − min |λ| of W${'₀₁₂₃'[i]} is ${value(series(i, 3)[seq])}`,
          ),
        line.hover(seq),
      );
    }
  }
  const chance = only(ofKind(marks, 'line', 1), (mark) => mark.dash),
    expected = 16 - Math.sqrt(32 / Math.PI) - 0.5;
  near([...chance.x, ...chance.y], [0, steps.at(-1), expected, expected]);
  assert.ok(chance.hover(0).includes(value(expected)));
  within(marks, layout);
});

test('what is said are the largest singular values and the counts of complex eigenvalues', () => {
  const { says, note } = view('all'),
    largest = range(4).map((k) => `W${'₁₂₃₄'[k]} ${value(frames[seq].array(`spectrum.sv.${k + 1}`)[0])}`);
  const counted = (i) => eigenvalues(frames[seq], i).filter(([, im]) => im !== 0).length;
  const complex = SQUARE.map((i) => [`W${'₀₁₂₃'[i]}`, counted(i)]);
  assert.equal(
    says,
    `largest singular value ${largest.join(', ')}; complex eigenvalues ` +
      `${complex.map(([name, n]) => `${name} ${n} of 16`).join(', ')}.`,
  );
  assert.equal(
    note,
    `complex: ${complex.map(([name, n]) => `${name} ${n} of 16`).join(', ')} (chance ` +
      `${(16 - Math.sqrt(32 / Math.PI) - 0.5).toFixed(1)})`,
  );
});

test('in the spotlight plane, values and norms stand beside one another, each on axes of its own', () => {
  const { marks, layout } = page.draw('spectrum', seq, LARGE),
    boxes = [1, 2, 3].map((k) => area(layout, k));
  assert.deepEqual(subplots(layout), [1, 2, 3]);
  assert.ok(boxes[0].right < boxes[1].left && boxes[1].bottom < boxes[2].top);
  near(axes(layout, 3)[0].range, [0, steps.at(-1)]);
  assert.ok(
    written(marks).some((text) => text.startsWith('singular values')) &&
      written(marks).some((text) => text.startsWith('Frobenius')),
  );
  within(marks, layout);
  assert.ok(pixels(layout, 1)(0, 1)[1] < pixels(layout, 1)(0, 0)[1]);
});

test('without a square matrix there are singular values alone, and that is said', () => {
  const { says, note, layout, marks } = opened('lab', 'hole').draw('spectrum', 10),
    frame = film('hole').frames[10];
  assert.deepEqual(subplots(layout), [1]);
  assert.ok(written(marks).some((text) => text.startsWith('singular values')));
  const largest = [1, 2].map((i) => `W${'₁₂'[i - 1]} ${value(frame.array(`spectrum.sv.${i}`)[0])}`);
  assert.equal(says, `largest singular value ${largest.join(', ')}; no square matrix, so no eigenvalues.`);
  assert.equal(note, 'no square matrix, so no eigenvalues: singular values');
});

test('weights that are no longer finite have no spectrum, from that frame on', () => {
  const lost = film('non-finite').frames,
    shown = opened('lab', 'non-finite'),
    at = lost.findIndex((frame) => !Number.isFinite(frame.array('spectrum.sv.1')[0]));
  assert.match(shown.draw('spectrum', at).sentence, /^The weights are no longer finite numbers/);
  assert.equal(shown.draw('spectrum', at - 1).sentence, null);
});
