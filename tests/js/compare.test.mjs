// The pictures of a sweep: each network by its own number, each mean of the right networks.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  count,
  mean,
  named,
  near,
  ofKind,
  only,
  percent,
  range,
  rgb,
  subplots,
  value,
  within,
  written,
} from './lib/check.mjs';
import { CLASSES, film, opened, prepared, TOKENS } from './lib/page.mjs';

const WIDE = { width: 1000, height: 420 };
const say = (text) =>
  prepared.pages.compare.facts.names[text] ?? ({ true: 'yes', false: 'no' }[text] || text.replace(/_/g, ' '));

/** A sweep as its film has it. */
function sweep(name) {
  const { frames } = film(name),
    head = frames[0],
    { axes: settings, config } = head.header,
    last = frames.length - 1;
  const cells = range(head.shape('sweep.cells')[0]).map((k) => {
    const [i, j, seed] = head.row('sweep.cells', k);
    return { i, j, seed, k };
  });
  const spoken = (axis, k) =>
    /^[a-z_]+$/i.test(axis.values[k]) ? say(axis.values[k]) : `${axis.label.toLowerCase()} ${axis.values[k]}`;
  const called = ({ i, j, seed }) => [...settings.map((axis, n) => spoken(axis, n ? j : i)), `seed ${seed}`].join(', ');
  return {
    frames,
    head,
    settings,
    config,
    cells,
    called,
    last,
    score: (seq, k, column = 3) => frames[seq].at('sweep.scores', k, column),
  };
}

const points = (marks) =>
  ofKind(marks, 'points').flatMap((mark) => Array.from(mark.x, (x, n) => ({ x, y: mark.y[n], mark, n })));

test('each network is a dot with its own score, open while it trains and full once it is done', () => {
  for (const [name, seq, options, column] of [
    ['sweep-rate', 99, {}, 3],
    ['sweep-rate', 40, {}, 3],
    ['entanglement', 59, { show: 'train' }, 2],
    ['entanglement', 30, { show: 'loss' }, 1],
  ]) {
    const own = sweep(name),
      { marks, layout } = opened('compare', name).draw('sweep_curve', seq, { ...WIDE, options });
    const dots = points(marks).filter(({ mark }) => mark.index);
    assert.equal(dots.length, own.cells.filter(({ k }) => Number.isFinite(own.score(seq, k, column))).length, name);
    for (const { x, y, mark, n } of dots) {
      const cell = own.cells[mark.index[n]],
        told = own.score(seq, cell.k, column);
      near([y], [column === 1 ? Math.max(told, 1e-6) : told], 1e-6, own.called(cell));
      assert.equal(Boolean(mark.hollow), own.frames[seq].array('sweep.state')[cell.k] !== 2);
      const label = { 3: 'test accuracy', 2: 'train accuracy', 1: 'test loss' }[column],
        step = own.frames[seq].array('sweep.step')[cell.k];
      assert.ok(
        mark
          .hover(n)
          .startsWith(
            `${own.called(cell)}<br>${label} ${column === 1 ? `${value(y)} nats` : percent(told, 1)}, step ` +
              `${count(step)}<br>`,
          ),
        mark.hover(n),
      );
      const log = layout.xaxis.type === 'log',
        at = own.settings[0].values.map(Number),
        far = (v) => Math.abs(log ? Math.log(v / x) : v - x);
      assert.equal(
        at.findIndex((v) => far(v) === Math.min(...at.map(far))),
        cell.i,
        `${own.called(cell)} stands at its value`,
      );
    }
    const [x, y] = axes(layout);
    assert.deepEqual([x.type, y.type], [name === 'sweep-rate' ? 'log' : undefined, column === 1 ? 'log' : undefined]);
    assert.ok(
      own.settings[0].values.every(
        (text, k) =>
          x.ticktext.indexOf(text) < 0 || x.tickvals[x.ticktext.indexOf(text)] === Number(own.settings[0].values[k]),
      ),
    );
    within(marks, layout);
  }
});

test('the line goes through the means of the networks of one value, one for each value of the second setting', () => {
  const own = sweep('entanglement'),
    seq = own.last,
    { marks, says } = opened('compare', 'entanglement').draw('sweep_curve', seq, WIDE),
    [first, second] = own.settings;
  const colours = second.values.map((text, j) => {
    const label = named(marks, 1, say(text)),
      line = only(ofKind(marks, 'line', 1), (mark) => mark.colour === label.colour && mark.alpha === undefined);
    const of = first.values.map((_, i) =>
      own.cells.filter((cell) => cell.i === i && cell.j === j).map(({ k }) => own.score(seq, k)),
    );
    near(line.y, of.map(mean), 1e-6, text);
    first.values.forEach((v, i) => {
      assert.equal(
        line.hover(i),
        `${first.label.toLowerCase()} ${say(v)}, ${second.label.toLowerCase()} ${say(text)}<br>mean ` +
          `${percent(mean(of[i]), 1)} of ${of[i].length} networks<br>from ${percent(Math.min(...of[i]), 1)} to ` +
          `${percent(Math.max(...of[i]), 1)}`,
      );
      assert.ok(Math.abs(line.x[i] - Number(v)) < 2);
    });
    const spread = only(ofKind(marks, 'line', 1), (mark) => mark.colour === label.colour && mark.alpha < 0.5),
      found = Array.from(spread.y);
    of.forEach((values, i) => near(found.slice(3 * i, 3 * i + 2), [Math.min(...values), Math.max(...values)]));
    near([label.y], [line.y.at(-1)]);
    return label.colour;
  });
  assert.equal(new Set(colours).size, 2);
  const all = own.cells.map(({ k }) => own.score(seq, k)),
    each = first.values.map(
      (text, i) =>
        `${say(text)}: ${percent(mean(own.cells.filter((cell) => cell.i === i).map(({ k }) => own.score(seq, k))), 1)}`,
    );
  assert.equal(
    says,
    `test accuracy, mean of ${all.length} networks, ${percent(mean(all), 1)}, from ` +
      `${percent(Math.min(...all), 1)} to ${percent(Math.max(...all), 1)}; ${first.label.toLowerCase()} ` +
      `${each.join(', ')}.`,
  );
});

test('without a setting the seeds stand side by side', () => {
  const own = sweep('64-fates'),
    page = opened('compare', '64-fates'),
    { marks, layout, note } = page.draw('sweep_curve', own.last, WIDE);
  points(marks).forEach(({ x, mark, n }) => assert.equal(x, own.cells[mark.index[n]].seed));
  assert.equal(written(marks).at(-1), 'seed');
  within(marks, layout);
  const solved = own.cells.filter(({ k }) => own.score(own.last, k) >= 0.99).length;
  assert.ok(note.startsWith('64 of 64 networks done, ') && note.includes(` ${solved} at 99`), note);
  const ring = only(
    points(page.draw('sweep_curve', own.last, { ...WIDE, options: { network: 9 } }).marks),
    ({ mark }) => !mark.index,
  );
  near([ring.x, ring.y], [own.cells[9].seed, own.score(own.last, 9)], 1e-6);
});

test('norms, spreads and counts are of the matrix whose name their line has', () => {
  const own = sweep('entanglement'),
    seq = own.last,
    page = opened('compare', 'entanglement'),
    [first] = own.settings;
  for (const j of [0, 1]) {
    const { marks, layout } = page.draw('sweep_spectra', seq, { ...WIDE, options: { second: String(j) } });
    assert.deepEqual(subplots(layout), [1, 2, 3]);
    const wanted = [
      ['Frobenius norm', (k, m) => own.frames[seq].at('sweep.frobenius', k, m)],
      ['largest less smallest |λ|', (k, m) => own.frames[seq].at('sweep.eigen', k, m, 1)],
      ['complex eigenvalues', (k, m) => own.frames[seq].at('sweep.eigen', k, m, 0)],
    ];
    wanted.forEach(([title, of], plot) => {
      const box = area(layout, plot + 1);
      only(ofKind(marks, 'text', 0), (mark) => mark.text === title && Math.abs(mark.x - box.left) < 1, title);
      range(6).forEach((m) => {
        const values = first.values.map((_, i) =>
          own.cells
            .filter((cell) => cell.i === i && cell.j === j)
            .map(({ k }) => of(k, m))
            .filter(Number.isFinite),
        );
        const labels = ofKind(marks, 'text', plot + 1).filter((mark) => mark.text === `W${'₁₂₃₄₅₆'[m]}`);
        if (!values[0].length) {
          assert.equal(labels.length, 0, `${title} of a matrix that is not square`);
          return;
        }
        const line = only(
          ofKind(marks, 'line', plot + 1),
          (mark) => mark.alpha === undefined && mark.hover && mark.hover(0).startsWith(`matrix ${m + 1}, `),
          `${title} ${m}`,
        );
        near(line.x, first.values.map(Number));
        near(line.y, values.map(mean), 1e-4, `${title} of matrix ${m + 1}`);
        assert.equal(
          line.hover(1),
          `matrix ${m + 1}, ${first.label.toLowerCase()} ${say(first.values[1])}<br>${title} ` +
            `${value(mean(values[1]))}, mean of ${values[1].length}<br>from ${value(Math.min(...values[1]))} ` +
            `to ${value(Math.max(...values[1]))}`,
        );
        for (const label of labels) {
          assert.equal(label.colour, line.colour);
          near([label.x, label.y], [line.x.at(-1), line.y.at(-1)]);
        }
      });
    });
    within(marks, layout);
  }
  const { says } = page.draw('sweep_spectra', seq, WIDE),
    all = range(6).map((m) =>
      mean(own.cells.filter(({ j }) => j === 0).map(({ k }) => own.frames[seq].at('sweep.frobenius', k, m))),
    );
  assert.equal(
    says,
    `Frobenius norm, mean of all networks, ${all.map((v, m) => `W${'₁₂₃₄₅₆'[m]} ${value(v)}`).join(', ')}.`,
  );
});

test('without a setting each network is a dot above each of its matrices', () => {
  const own = sweep('64-fates'),
    seq = own.last,
    { marks, layout } = opened('compare', '64-fates').draw('sweep_spectra', seq, {
      width: 420,
      height: 360,
      options: { measure: 'frobenius' },
    });
  assert.deepEqual(subplots(layout), [1]);
  const dots = ofKind(marks, 'points', 1);
  assert.equal(dots.length, 4);
  dots.forEach((mark, m) =>
    Array.from(mark.index).forEach((k, n) => {
      near([mark.y[n]], [own.frames[seq].at('sweep.frobenius', k, m)], 1e-6);
      assert.ok(Math.abs(mark.x[n] - m) <= 0.26);
      assert.ok(
        mark.hover(n).startsWith(`matrix ${m + 1}, seed ${own.cells[k].seed}<br>Frobenius norm ${value(mark.y[n])}`),
      );
    }),
  );
  near(
    only(ofKind(marks, 'line', 1), () => true).y,
    range(4).map((m) => mean(own.cells.map(({ k }) => own.frames[seq].at('sweep.frobenius', k, m)))),
    1e-4,
  );
  within(marks, layout);
});

test('accuracy falls from what it is without noise or attack, each strength at its place', () => {
  const own = sweep('entanglement'),
    seq = own.last,
    page = opened('compare', 'entanglement'),
    [first] = own.settings,
    options = { second: '1' };
  const { marks, layout, says } = page.draw('sweep_stress', seq, { ...WIDE, options }),
    done = own.cells.filter(({ j }) => j === 1);
  [
    ['noise', 'under noise of up to ±s', 'test_noise', 's'],
    ['attack', 'under attack (FGSM) of size ε', 'epsilons', 'ε'],
  ].forEach(([name, title, field, sign], plot) => {
    const sizes = [0, ...own.config[field]],
      box = area(layout, plot + 1);
    only(ofKind(marks, 'text', 0), (mark) => mark.text === title && Math.abs(mark.x - box.left) < 1, title);
    first.values.forEach((text, i) => {
      const of = (n) =>
        done
          .filter((cell) => cell.i === i)
          .map(({ k }) => (n ? own.frames[seq].at(`sweep.${name}`, k, n - 1) : own.score(seq, k)));
      const line = only(
        ofKind(marks, 'line', plot + 1),
        (mark) => mark.hover && mark.hover(0).startsWith(`${first.label.toLowerCase()} ${say(text)}, `),
      );
      near(line.x, sizes);
      near(
        line.y,
        sizes.map((_, n) => mean(of(n))),
        1e-5,
        `${name} at ${text}`,
      );
      const n = sizes.length - 1;
      assert.equal(
        line.hover(n),
        `${first.label.toLowerCase()} ${say(text)}, ${sign} = ${value(sizes[n])}<br>accuracy ` +
          `${percent(mean(of(n)), 1)}, mean of ${of(n).length}<br>from ${percent(Math.min(...of(n)), 1)} to ` +
          `${percent(Math.max(...of(n)), 1)}`,
      );
      const label = named(marks, plot + 1, say(text));
      assert.equal(label.colour, line.colour);
      near([label.x, label.y], [sizes.at(-1), line.y.at(-1)], 1e-9);
    });
  });
  within(marks, layout);
  const at = (name, field) =>
    percent(mean(done.map(({ k }) => own.frames[seq].at(`sweep.${name}`, k, own.config[field].length - 1))), 1);
  assert.equal(
    says,
    `test accuracy, mean of 30 networks, under noise of s = ${value(own.config.test_noise.at(-1))} ` +
      `${at('noise', 'test_noise')}, under attack of ε = ${value(own.config.epsilons.at(-1))} ` +
      `${at('attack', 'epsilons')}.`,
  );
  assert.equal(page.draw('sweep_stress', 10, WIDE).sentence, page.nnprobe.panels.sweep_stress.empty);
});

test('each fate has its own boundary, the best at the end first, upright, with a bar of its accuracy', () => {
  const own = sweep('64-fates'),
    page = opened('compare', '64-fates'),
    seq = 70,
    { marks, layout, says, note, part, ctx } = page.draw('fates', seq, { width: 700, height: 700 });
  const image = only(marks, (mark) => mark.kind === 'image'),
    [cols, rows] = [layout.xaxis.range[1], layout.yaxis.range[1]];
  const order = [...own.cells].sort((a, b) => own.score(own.last, b.k) - own.score(own.last, a.k) || a.k - b.k),
    tapped = [];
  near([image.x0, image.x1, image.y0, image.y1], [0, cols, 0, rows]);
  page.nnprobe.sweep.open = (_, cell) => tapped.push(cell);
  order.forEach((cell, place) => {
    const col = place % cols,
      down = Math.floor(place / cols);
    for (const [row, at] of [
      [0, 0],
      [23, 0],
      [5, 17],
      [12, 3],
      [23, 23],
    ]) {
      // of the film: row 0 is at the bottom
      const px = Math.floor(((col + (1.5 + at) / 27) / cols) * image.w),
        py = Math.floor(((down + (1.5 + 23 - row) / 27) / rows) * image.h),
        pixel = 4 * (py * image.w + px);
      const k = [cell.k, row, at],
        colour = rgb(CLASSES[own.frames[seq].at('fates.class', ...k)]),
        sure = own.frames[seq].at('fates.confidence', ...k);
      assert.deepEqual(Array.from(image.pixels.slice(pixel, pixel + 3)), colour, `network ${cell.k} cell ${row} ${at}`);
      assert.ok(Math.abs(image.pixels[pixel + 3] / 255 - (0.1 + 0.8 * Math.max(0, sure / 127.5 - 1))) < 0.15);
      assert.ok(
        image
          .hover(py, px)
          .startsWith(
            `${own.called(cell)}<br>step ${count(own.frames[seq].array('sweep.step')[cell.k])}: test ` +
              `accuracy ${percent(own.score(seq, cell.k), 1)}`,
          ),
        image.hover(py, px),
      );
    }
    part.tap(ctx, { marks, at: [col + 0.5, rows - down - 0.5] });
  });
  assert.deepEqual(
    tapped,
    order.map(({ k }) => k),
  );
  const bars = ofKind(marks, 'bars').flatMap((mark) =>
    range(mark.x0.length).map((k) => ({ x0: mark.x0[k], x1: mark.x1[k], y0: mark.y0[k], colour: mark.colour })),
  );
  order.forEach((cell, place) => {
    const bar = only(
        bars,
        ({ x0, y0 }) => Math.floor(x0) === place % cols && Math.floor(y0) === rows - 1 - Math.floor(place / cols),
      ),
      score = own.score(seq, cell.k);
    assert.equal(bar.colour, score >= 0.99 ? TOKENS.accent : TOKENS.soft);
    near(
      [(bar.x1 - bar.x0) / (24 / 27 - 0.02)],
      [Math.max(0.02, (score - 0.5) / 0.5)],
      1e-6,
      'from chance to all right',
    );
  });
  const scores = own.cells.map(({ k }) => own.score(seq, k)),
    solved = scores.filter((v) => v >= 0.99).length;
  assert.equal(
    says,
    `${solved} of 64 networks get 99 % of test points right or more; the best ` +
      `${percent(Math.max(...scores), 1)}, the worst ${percent(Math.min(...scores), 1)}.`,
  );
  assert.ok(note.startsWith(`64 networks: ${solved} solved, best at the end first`), note);
  const frame = only(
    page.draw('fates', seq, { width: 700, height: 700, options: { network: order[11].k } }).marks,
    (mark) => mark.kind === 'line',
  );
  assert.deepEqual([Math.min(...frame.x), Math.max(...frame.y)], [11 % cols, rows - Math.floor(11 / cols)]);
});

test('the page’s own score is that of the best network at the playhead', () => {
  const own = sweep('sweep-width'),
    { nnprobe } = opened('compare', 'sweep-width');
  for (const seq of [0, 50, 99])
    assert.equal(
      nnprobe.pages.compare.score(nnprobe.film, seq),
      percent(Math.max(...own.cells.map(({ k }) => own.score(seq, k))), 1),
    );
});
