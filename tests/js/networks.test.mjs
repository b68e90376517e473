// The separation page: two classes in the plane of each layer, and what the tests say over pairs and over seeds.
import assert from 'node:assert/strict';
import test from 'node:test';
import { area, axes, latest, mean, near, ofKind, only, percent, range, within, written } from './lib/check.mjs';
import { CLASSES, film, opened, TOKENS } from './lib/page.mjs';

const LARGE = { width: 1000, height: 620 },
  { frames } = film('separation-digits'),
  head = frames[0],
  { stages } = head.header.config,
  page = opened('separation', 'separation-digits');
const NAMES = ['Input', 'Linear 1', 'ReLU 1', 'Linear 2', 'ReLU 2', 'Logits'],
  L = NAMES.length;
const values = (frame, set, layer) => frame.row(`separation.${set}`, layer);

test('two classes stand in the plane of each layer, the first in the first colour', () => {
  for (const [seq, chosen] of [
    [10, 7],
    [stages, 44],
  ]) {
    const { marks, layout, says, note } = page.draw('pca', seq, { ...LARGE, options: { pair: String(chosen) } }),
      labels = head.array('pca.y'),
      n = labels.length,
      [a, b] = head.row('separation.pairs', chosen).map((k) => head.header.classes[k]);
    NAMES.forEach((name, layer) => {
      const radius = frames[seq].at('pca.radius', layer, chosen),
        seen = ofKind(marks, 'points', layer + 1);
      assert.equal(seen.length, 2);
      seen.forEach((mark, k) => {
        const of = range(n).filter((i) => labels[i] === k),
          to = (i) => [0, 1].map((axis) => (frames[seq].at(`pca.${layer}`, chosen, i, axis) / 32767 - 1) * radius);
        assert.deepEqual([mark.colour, mark.shape], [CLASSES[k], k]);
        near(
          mark.x,
          of.map((i) => to(i)[0]),
          1e-4 * radius,
          `${name} class ${k}`,
        );
        near(
          mark.y,
          of.map((i) => to(i)[1]),
          1e-4 * radius,
          `${name} class ${k}`,
        );
        assert.ok(mark.hover(0).startsWith(`${name}, class ${[a, b][k]}<br>`), mark.hover(0));
      });
      const [x, y] = axes(layout, layer + 1),
        most = Math.max(
          ...frames.filter((frame) => frame.has('pca.radius')).map((frame) => frame.at('pca.radius', layer, chosen)),
        );
      near(x.range, y.range);
      assert.ok(x.range[1] >= most && x.range[0] === -x.range[1] && x.range[1] < 2.2 * most);
      const box = area(layout, layer + 1),
        share = percent(frames[seq].at('pca.share', layer, chosen));
      assert.equal(
        only(
          ofKind(marks, 'text', 0),
          (mark) => Math.abs(mark.x - box.left) < 1e-6 && Math.abs(mark.y - box.top + 3) < 1e-6,
        ).text,
        `${name}, ${share}`,
      );
    });
    const key = only(marks, (mark) => mark.rich);
    assert.deepEqual(
      Array.from(key.rich, (part) => [part.text.trim(), part.colour]),
      [
        ['●', CLASSES[0]],
        [a, TOKENS.ink],
        ['▲', CLASSES[1]],
        [b, TOKENS.ink],
      ],
    );
    assert.equal(
      says,
      `classes ${a} and ${b}; share of variance in the plane ` +
        `${NAMES.map((name, layer) => `${name} ${percent(frames[seq].at('pca.share', layer, chosen))}`).join(', ')}` +
        '.',
    );
    assert.ok(note.startsWith(`joint PCA of ${a} and ${b}, ${n / 2} training points each`));
    within(marks, layout);
  }
});

const p = (v) => {
  if (v >= 0.001) return v.toPrecision(2).replace(/^0\./, '.');
  const [lead, power] = v.toExponential(0).split('e-');
  return `${lead}·10⁻${[...power].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]).join('')}`;
};
const seeds = (seq) =>
  frames
    .slice(stages, seq + 1)
    .filter((frame) => frame.has('series.seed'))
    .map((frame) => [frame.row('series.seed', 0), frame.row('series.seed', 1)]);

test('each network is a dot at its difference: last stage less first, or a layer less the one before', () => {
  for (const [which, seq] of [
    ['training', frames.length - 1],
    ['layers', frames.length - 1],
    ['training', stages + 3],
  ]) {
    const { marks, layout, says, note } = page.draw('tests', seq, { ...LARGE, options: { test: which } }),
      of = ([first, last], row) => last[row + 1] - (which === 'layers' ? last[row] : first[row + 1]);
    const dots = ofKind(marks, 'points', 1),
      told = seeds(seq);
    assert.equal(dots.length, told.length);
    dots.forEach((mark, k) => {
      near(
        mark.x,
        range(L - 1).map((row) => of(told[k], row)),
        1e-6,
        `network ${k}`,
      );
      Array.from(mark.y).forEach((y, row) => assert.ok(Math.abs(y + row) <= 0.26));
      assert.equal(mark.colour, k ? TOKENS.past : TOKENS.accent);
      assert.ok(
        mark
          .hover(1)
          .startsWith(
            `${NAMES[2]}, ${k ? `seed ${k}` : 'the network shown'}<br>${of(told[k], 1) < 0 ? '−' : '+'}` +
              `${Math.abs(of(told[k], 1)).toFixed(3)}`,
          ),
        mark.hover(1),
      );
    });
    const average = range(L - 1).map((row) => mean(told.map((one) => of(one, row)))),
      bar = only(ofKind(marks, 'line', 1), (mark) => mark.colour === TOKENS.ink);
    near(
      bar.x,
      average.flatMap((v) => [v, v, NaN]),
      1e-6,
      'the mean',
    );
    near(only(ofKind(marks, 'line', 1), (mark) => mark.colour === TOKENS.soft).x, [0, 0]);
    near(
      axes(layout)[1].tickvals,
      range(L - 1).map((row) => -row),
    );
    assert.deepEqual(
      Array.from(axes(layout)[1].ticktext, (text) => text.trim()),
      NAMES.slice(1),
    );
    within(marks, layout);
    checkRecords(marks, seq, which, average, says, note);
  }
});

/** The p-values at the end of their rows: over pairs first, over seeds second, from the last frame on. */
function checkRecords(marks, seq, which, average, says, note) {
  const { tests } = frames[seq].header,
    cells = ofKind(marks, 'text', 0).filter((mark) => mark.baseline === 'middle'),
    columns = [...new Set(cells.map((mark) => mark.x))].sort((a, b) => a - b);
  const told = (kind, key) =>
    range(L - 1).map((row) => {
      const one = tests && tests.find((each) => each.kind === kind && each.test === which && each.layer === row + 1);
      return one ? p(one[key]) : tests ? '–' : '…';
    });
  assert.equal(columns.length, 2);
  [told('fisher', 'p_value'), told('seeds', 'adjusted')].forEach((wanted, k) =>
    assert.deepEqual(written(cells.filter((mark) => mark.x === columns[k])), wanted),
  );
  for (const mark of cells.filter((one) => one.x === columns[1] && tests)) {
    const one = tests.find((each) => each.kind === 'seeds' && each.test === which && p(each.adjusted) === mark.text);
    assert.equal(mark.bold, one.adjusted < 0.05);
  }
  const heads = ofKind(marks, 'text', 0)
    .filter((mark) => /^(pairs|seeds)/.test(mark.text))
    .sort((a, b) => a.x - b.x);
  assert.deepEqual(
    heads.map((mark) => mark.text),
    ['pairs *', 'seeds'],
  );
  const each = NAMES.slice(1).map(
    (name, row) =>
      `${name} ${average[row] < 0 ? '−' : '+'}${Math.abs(average[row]).toFixed(3)}` +
      `${tests ? `, p = ${told('seeds', 'adjusted')[row]}` : ''}`,
  );
  assert.equal(says, `mean difference of ${seeds(seq).length} networks, ${each.join('; ')}.`);
  assert.ok(
    tests
      ? note.includes('sign flips, Holm')
      : note === `${seeds(seq).length} of ${head.header.config.seeds} networks; p-values at the end`,
    note,
  );
}

test('before any network is done the one that learns shows its own difference', () => {
  const seq = 9,
    { marks, note } = page.draw('tests', seq, { ...LARGE, options: { test: 'training' } }),
    dots = only(ofKind(marks, 'points', 1), () => true);
  near(
    dots.x,
    range(L - 1).map((row) => mean(values(frames[seq], 'train', row + 1)) - mean(values(head, 'train', row + 1))),
    1e-6,
  );
  assert.ok(dots.hollow);
  assert.equal(note, 'effect sizes; p-values at the end');
  const { nnprobe } = page;
  assert.equal(
    nnprobe.pages.separation.score(nnprobe.film, seq),
    percent(latest(frames, seq, 'series.loss').array('series.loss')[3], 1),
  );
});
