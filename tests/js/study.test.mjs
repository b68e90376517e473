// The separation page: histograms of pairs, and layers over stages.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  mean,
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
import { film, opened, TOKENS } from './lib/page.mjs';

const LARGE = { width: 1000, height: 620 },
  { frames } = film('separation-digits'),
  head = frames[0],
  { stages } = head.header.config,
  page = opened('separation', 'separation-digits');
const NAMES = ['Input', 'Linear 1', 'ReLU 1', 'Linear 2', 'ReLU 2', 'Logits'],
  L = NAMES.length,
  P = head.shape('separation.pairs')[0];
const values = (frame, set, layer) => frame.row(`separation.${set}`, layer);
const epoch = (seq) => `epoch ${value(Math.round(100 * frames[seq].array('series.stage')[1]) / 100)}`;
const lowest =
  Math.floor(
    20 *
      Math.min(
        0.9,
        ...frames
          .filter((frame) => frame.has('separation.train'))
          .flatMap((frame) => [...frame.array('separation.train'), ...frame.array('separation.test')]),
      ),
  ) / 20;
const pair = (k) =>
  head
    .row('separation.pairs', k)
    .map((place) => head.header.classes[place])
    .join(' and ');

/** Hold bars against counts in bins [a, b) of `told`: [{row, values}]. */
function histogram(mark, up, told, from, width, bins, say) {
  const wanted = told.flatMap(({ row, all }) => {
    const counts = range(bins).map(
        (k) => all.filter((v) => Math.max(0, Math.min(bins - 1, Math.floor((v - from) / width + 1e-9))) === k).length,
      ),
      tall = Math.max(...counts, all.length / 6, 1);
    return counts.map((n, k) => ({ row, k, n, of: all.length, height: (0.45 * n) / tall })).filter(({ n }) => n);
  });
  assert.equal(mark.x0.length, wanted.length);
  wanted.forEach(({ row, k, n, of, height }, i) => {
    const [a, b] = [from + k * width, from + (k + 1) * width];
    assert.ok(
      mark.x0[i] >= a && mark.x0[i] < a + width / 4 && mark.x1[i] <= b && mark.x1[i] > b - width / 4,
      `edges of bar ${i}`,
    );
    near([mark.y0[i], mark.y1[i]], up > 0 ? [-row, -row + height] : [-row - height, -row], 1e-9, `bar ${i}`);
    assert.ok(
      mark.hover(i).startsWith(`${say(row)}: ${n} of ${of} from ${a.toFixed(2)} to ${b.toFixed(2)}`),
      mark.hover(i),
    );
  });
}

test('pairs are counted in hundredths, now above and before training below, of the points that are chosen', () => {
  for (const [seq, set] of [
    [12, 'train'],
    [stages, 'test'],
  ]) {
    const { marks, layout, says } = page.draw('pairs', seq, { ...LARGE, options: { set } }),
      bars = ofKind(marks, 'bars', 1),
      told = (frame) => range(L).map((row) => ({ row, all: values(frame, set, row) }));
    histogram(
      only(bars, (mark) => mark.colour === TOKENS.accent),
      1,
      told(frames[seq]),
      lowest,
      0.01,
      Math.round(100 * (1 - lowest)),
      (row) => `${NAMES[row]}, ${epoch(seq)}`,
    );
    histogram(
      only(bars, (mark) => mark.colour === TOKENS.past),
      -1,
      told(head),
      lowest,
      0.01,
      Math.round(100 * (1 - lowest)),
      (row) => `${NAMES[row]}, before training`,
    );
    const [x, y] = axes(layout),
      means = range(L).map((row) => mean(values(frames[seq], set, row)));
    near([x.range[0]], [lowest]);
    assert.deepEqual(
      Array.from(y.ticktext, (text) => text.trim()),
      NAMES,
    );
    near(
      y.tickvals,
      range(L).map((row) => -row),
    );
    near(
      only(ofKind(marks, 'line', 1), (mark) => mark.colour === TOKENS.ink).x,
      means.flatMap((v) => [v, v, NaN]),
      1e-6,
      'means now',
    );
    near(
      only(ofKind(marks, 'line', 1), (mark) => mark.colour === TOKENS.soft).x,
      range(L).flatMap((row) => {
        const v = mean(values(head, set, row));
        return [v, v, NaN];
      }),
      1e-6,
      'means before',
    );
    assert.equal(
      says,
      `mean separation, before training in brackets: ${NAMES.map(
        (name, row) => `${name} ${means[row].toFixed(3)} (${mean(values(head, set, row)).toFixed(3)})`,
      ).join(', ')}.`,
    );
    const figures = ofKind(marks, 'text', 0).filter((mark) => mark.baseline === 'middle');
    assert.deepEqual(
      written(figures),
      means.map((v) => v.toFixed(3)),
    );
    figures.forEach((mark, k) => {
      if (k) assert.ok(mark.y > figures[k - 1].y);
    });
    within(marks, layout);
  }
});

test('a bar says which pairs it counts', () => {
  const { marks } = page.draw('pairs', 12, { ...LARGE, options: { set: 'train' } }),
    bars = only(ofKind(marks, 'bars', 1), (mark) => mark.colour === TOKENS.accent);
  range(bars.x0.length).forEach((i) => {
    const row = Math.round(-bars.y0[i]),
      middle = (bars.x0[i] + bars.x1[i]) / 2,
      [, ...names] = bars.hover(i).split('<br>');
    const inside = range(P).filter(
      (k) =>
        Math.abs(values(frames[12], 'train', row)[k] - middle) <= 0.005 + 1e-6 ||
        (values(frames[12], 'train', row)[k] > 1 - 0.01 && middle > 0.99),
    );
    for (const name of names.filter((one) => !one.startsWith('and ')))
      assert.ok(
        inside.some((k) => pair(k) === name),
        `${name} of ${NAMES[row]} at ${middle}`,
      );
  });
});

test('a tap chooses the pair whose value is nearest in that layer', () => {
  const { part, ctx, record } = page.draw('pairs', 12, { ...LARGE, options: { set: 'train' } });
  page.nnprobe.clock.seek(12);
  const told = values(frames[12], 'train', 3),
    at = told[20];
  part.tap(ctx, { at: [at + 1e-5, -3.2] });
  const best = range(P).reduce((a, b) => (Math.abs(told[b] - at - 1e-5) < Math.abs(told[a] - at - 1e-5) ? b : a));
  assert.equal(record.options.get('pair'), String(best));
});

test('with few pairs the resamples are counted', () => {
  const own = film('separation-spiral').frames,
    shown = opened('separation', 'separation-spiral'),
    seq = 20,
    { marks, layout, note } = shown.draw('pairs', seq, LARGE);
  const from = axes(layout)[0].range[0],
    width = (1 - from) / 24,
    rows = own[0].shape('separation.resamples')[0];
  assert.ok(
    from <=
      Math.min(
        ...own
          .filter((frame) => frame.has('separation.resamples'))
          .flatMap((frame) => Array.from(frame.array('separation.resamples'))),
      ),
  );
  const counted = only(ofKind(marks, 'bars', 1), (mark) => mark.colour === TOKENS.accent),
    names = ['Input', 'Linear 1', 'ReLU 1', 'Linear 2', 'ReLU 2', 'Linear 3', 'ReLU 3', 'Logits'];
  histogram(
    counted,
    1,
    range(rows).map((row) => ({ row, all: own[seq].row('separation.resamples', row) })),
    from,
    width,
    24,
    (row) => `${names[row]}, epoch ${value(Math.round(100 * own[seq].array('series.stage')[1]) / 100)}`,
  );
  assert.match(note, /^30 resamples of 400 training points/);
});

test('layers over stages: rows are layers from the top, columns stages from the left', () => {
  for (const [view, set, seq] of [
    ['value', 'train', 14],
    ['change', 'test', 20],
    ['value', 'test', frames.length - 1],
  ]) {
    const { marks, layout, says, note } = page.draw('layer_grid', seq, { ...LARGE, options: { view, set } }),
      at = Math.min(seq, stages),
      change = view === 'change';
    assert.deepEqual(subplots(layout), [1, 2]);
    assert.ok(area(layout, 1).right < area(layout, 2).left);
    const told = [(k, row) => mean(values(frames[k], set, row)), (k, row) => frames[k].at('series.probe', row, 0)].map(
      (of) => (k, row) => of(k, row) - (change ? of(0, row) : 0),
    );
    const figure = [(v) => v.toFixed(3), (v) => percent(v, 1)].map((usual) =>
      change ? (v) => `${v < 0 ? '−' : '+'}${Math.abs(v).toFixed(3)}` : usual,
    );
    told.forEach((of, plot) => {
      const image = only(ofKind(marks, 'image', plot + 1), () => true),
        shares = [];
      assert.deepEqual(
        [image.w, image.h, image.x0, image.x1, image.y0, image.y1],
        [stages + 1, L, -0.5, stages + 0.5, 0.5 - L, 0.5],
      );
      range(L).forEach((row) =>
        range(stages + 1).forEach((k) => {
          const v = of(k, row),
            pixel = 4 * (row * image.w + k),
            far = Math.hypot(...[0, 1, 2].map((c) => image.pixels[pixel + c] - rgb(TOKENS.panel)[c])),
            hue = change && v < 0 ? TOKENS.alarm : TOKENS.accent;
          shares.push([
            change ? Math.abs(v) : v,
            far / Math.hypot(...[0, 1, 2].map((c) => rgb(hue)[c] - rgb(TOKENS.panel)[c])),
          ]);
          assert.equal(image.pixels[pixel + 3], k <= at ? 255 : 70);
          const said = image.hover(row, k);
          assert.ok(
            said.startsWith(`${NAMES[row]}, ${k ? epoch(k) : 'before training'}<br>`) &&
              said.includes(`${change ? 'since the start ' : ''}${figure[plot](v)}`),
            said,
          );
          if (plot) {
            const [accuracy, low, high, shuffled] = frames[k].row('series.probe', row);
            const chance = frames[k].row('series.baseline', row).map((one) => percent(one));
            const interval = `${percent(accuracy, 1)}, 95 % interval ${percent(low, 1)} to ${percent(high, 1)}`;
            const labels = `shuffled labels ${percent(shuffled, 1)}, 95 % of them ${chance.join(' to ')}`;
            assert.ok(said.includes(`<br>${interval}<br>${labels}`), said);
          }
        }),
      );
      shares
        .sort((a, b) => a[0] - b[0])
        .forEach(([v, share], k) => assert.ok(!k || share >= shares[k - 1][1] - 0.02, `${v}: more is stronger`));
      const frame = only(ofKind(marks, 'line', plot + 1), () => true);
      assert.deepEqual([Math.min(...frame.x), Math.max(...frame.x)], [at - 0.5, at + 0.5], 'a frame around the stage');
      const beside = ofKind(marks, 'text', 0).filter(
        (mark) => mark.baseline === 'middle' && mark.x > area(layout, 2).left === Boolean(plot),
      );
      assert.deepEqual(
        written(beside),
        range(L).map((row) => figure[plot](of(at, row))),
      );
    });
    assert.equal(
      says,
      `${change ? 'change since the start, ' : ''}${NAMES.map(
        (name, row) => `${name}: neighbours ${figure[0](told[0](at, row))}, line ${figure[1](told[1](at, row))}`,
      ).join('; ')}.`,
    );
    assert.ok(note.endsWith(epoch(at)), note);
  }
});
