// What the server is asked for: the adversary of the followed point, accuracy against ε, and the graph of a step.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  area,
  axes,
  column,
  latest,
  near,
  ofKind,
  only,
  percent,
  range,
  rgb,
  stepsOf,
  value,
  written,
} from './lib/check.mjs';
import { CLASSES, film, opened, TOKENS } from './lib/page.mjs';
import { answer, writeFrame } from './lib/safetensors.mjs';

const { frames } = film('default'),
  head = frames[0],
  seq = 150,
  POINT = 21,
  WIDE = { width: 1000, height: 500, spotlit: true };
const [x0, x1, y0, y1] = head.array('data.extent'),
  side = Math.max(x1 - x0, y1 - y0),
  SHARE = 0.05;
const from = head.row('data.x', POINT),
  to = [from[0] + 0.03, from[1] - 0.02];
const ADVERSARY = {
  step: 9,
  header: {
    before: 1,
    after: 0,
    confidence: [0.97, 0.62],
    l2: 0.036,
    linf: 0.03,
    norm: 'linf',
    midline: 0.2,
    epsilon: SHARE * side,
  },
  arrays: Object.fromEntries(
    range(5).map((i) => [
      `path.${i}`,
      ['F32', [3, 2], i ? [i, i, i + 0.5, i, i + 1, i - 1] : [...from, (from[0] + to[0]) / 2, from[1], ...to]],
    ]),
  ),
};
const SIZES = [0, 0.04, 0.08, 0.12].map((share) => share * side),
  UNDER = [0.99, 0.7, 0.4, 0.1],
  NOISE = [0.99, 0.97, 0.93, 0.9];
const CURVE = {
  step: 9,
  header: { attack: 'fgsm', points: 500, test: 1000 },
  arrays: {
    epsilon: ['F32', [4], SIZES],
    accuracy: ['F32', [4, 2], range(4).flatMap((k) => [UNDER[k], NOISE[k]])],
    midline: ['F32', [4], [0, 0.02, 0.3, 0.8]],
  },
};
const GRAPH = {
  seq,
  step: frames[seq].step,
  batch: 64,
  columns: 4,
  edges: [
    [0, 2],
    [1, 2],
    [2, 3],
    [3, 4],
  ],
  nodes: [
    ['x', '', 'data', 0, 0, [64, 2], [[0.5, -1]], null],
    [
      'W₁',
      '',
      'parameter',
      1,
      1,
      [2, 3],
      [
        [1, -2, 0.5],
        [0, 4, -4],
      ],
      [
        [0.1, 0.2, 0],
        [-0.2, 0, 0.05],
      ],
    ],
    ['', 'MatMul', 'result', 1, 0, [64, 3], [[2, -2]], [[-1, 1]]],
    ['h₁', 'Tanh', 'result', 2, 0, [64, 3], [[0.9, -0.9]], [[0.5, -0.5]]],
    ['loss', 'MeanReduce', 'loss', 3, 0, [], [[0.693]], [[1]]],
  ].map(([name, operation, kind, col, row, shape, rows, gradient]) => {
    const figures = (table) =>
      table && {
        low: Math.min(...table.flat()),
        high: Math.max(...table.flat()),
        mean: table.flat().reduce((a, b) => a + b, 0) / table.flat().length,
        rows: table,
      };
    return {
      name,
      operation,
      kind,
      rule: operation && 'a rule of it',
      column: col,
      row,
      shape,
      value: figures(rows),
      gradient: figures(gradient),
    };
  }),
};

/** A page whose server answers; `asked` are the addresses. */
function attended(graph = GRAPH) {
  const asked = [],
    headers = new Map(),
    bytes = (frame) => ({ ok: true, status: 200, headers, arrayBuffer: async () => answer(writeFrame(frame)) });
  const fetch = async (url) => {
    asked.push(new URL(url, 'http://127.0.0.1'));
    return /\/attack\?/.test(url)
      ? bytes(ADVERSARY)
      : /robustness/.test(url)
        ? bytes(CURVE)
        : { ok: true, status: 200, headers, json: async () => structuredClone(graph) };
  };
  const page = opened('lab', 'default', { fetch });
  page.nnprobe.stage.select(POINT);
  return {
    page,
    asked,
    async answered(draw) {
      draw();
      await page.until(() => asked.length > 0);
      await new Promise(setImmediate);
      await page.until(() => page.nnprobe.asked === 0);
      return draw();
    },
  };
}
const options = { epsilon: SHARE, how: 'fgsm linf' };

test('the followed point goes where the server says, in the plane, within a square of ε', async () => {
  const { page, asked, answered } = attended();
  page.draw('attack', seq, { ...WIDE, options });
  const { marks } = await answered(() => page.draw('boundary', seq, WIDE)),
    address = asked.find((url) => /attack$/.test(url.pathname));
  assert.equal(address.pathname, '/api/runs/a-run/attack');
  assert.deepEqual(
    ['seq', 'point', 'attack', 'norm', 'track'].map((key) => address.searchParams.get(key)),
    [String(seq), String(POINT), 'fgsm', 'linf', 'film'],
  );
  near([Number(address.searchParams.get('epsilon'))], [SHARE * side], 1e-5);
  const ball = only(ofKind(marks, 'line', 1), (mark) => mark.dash),
    ways = ofKind(marks, 'line', 1).filter((mark) => !mark.dash && mark.x.length === 3);
  near(
    [Math.min(...ball.x), Math.max(...ball.x), Math.min(...ball.y), Math.max(...ball.y)],
    [from[0] - SHARE * side, from[0] + SHARE * side, from[1] - SHARE * side, from[1] + SHARE * side],
    1e-5,
  );
  assert.equal(ball.x.length, 5);
  assert.ok(ways.length);
  for (const way of ways) near([way.x[0], way.y[0], way.x[2], way.y[2]], [...from, ...to], 1e-5);
  const end = only(ofKind(marks, 'points', 1), (mark) => mark.x.length === 1 && !mark.hollow);
  assert.deepEqual([end.colour, end.shape], [CLASSES[0], 0]);
  near([end.x[0], end.y[0]], to, 1e-5);
  assert.ok(written(marks).includes(`class 0 ${percent(0.62)}`));
  const layers = page.draw('layers', seq, { width: 1600, height: 800, spotlit: true }).marks;
  near(
    only(
      ofKind(layers, 'line', 4),
      (mark) => mark.colour === TOKENS.ink && mark.alpha === undefined && mark.x.length === 3,
    ).y,
    [3, 3, 2],
    1e-6,
  );
});

test('its words say the class before and after, how sure, and how far it moved in the norm of the attack', async () => {
  const { page, answered } = attended(),
    draw = () => page.draw('attack', seq, { ...WIDE, options }),
    { marks, says, verdict } = await answered(draw);
  assert.equal(
    written(marks)[0],
    `class 1 ${percent(0.97)} → class 0 ${percent(0.62)} · moved 0.03 (L∞), ε reaches the true midline`.replace(
      SHARE * side >= 0.2 ? '' : ', ε reaches the true midline',
      '',
    ),
  );
  assert.ok(says.endsWith(`point ${POINT} goes from class 1, ${percent(0.97)}, to class 0, ${percent(0.62)}.`), says);
  assert.deepEqual([verdict.level, verdict.text], ['alarm', '1 → 0']);
  const last = latest(frames, seq, 'series.robustness'),
    under = [0, 1, 2].map((row) => `ε ${[1, 2, 4][row]}\u2009%: ${percent(last.at('series.robustness', row, 0), 1)}`);
  assert.ok(says.startsWith(`test accuracy under FGSM, ε as a share of the side, ${under.join(', ')}`), says);
});

test('over training attack is full and noise dashed, a colour for each size', () => {
  const { page } = attended(),
    { marks, layout } = page.draw('attack', seq, { width: 1000, height: 340, options: { epsilon: 0 } }),
    steps = stepsOf(frames);
  const n = ofKind(marks, 'points').some((mark) => mark.x.length > 60) ? 2 : 1,
    lines = ofKind(marks, 'line', n).filter((mark) => mark.hover);
  assert.equal(lines.length, 6);
  [0.01, 0.02, 0.04].forEach((share, row) =>
    [0, 1].forEach((k) => {
      const values = column(frames, 'series.robustness', k, row),
        known = range(frames.length).filter((i) => i <= seq && Number.isFinite(values[i]));
      const line = only(lines, (mark) =>
        mark
          .hover(0)
          .startsWith(`${['attack', 'noise'][k]}, ε ${value(share * side, 2)} (${percent(share)} of the side)`),
      );
      near(
        line.x,
        known.map((i) => steps[i]),
      );
      near(
        line.y,
        known.map((i) => values[i]),
        1e-6,
      );
      assert.equal(Boolean(line.dash), k === 1);
      const label = only(ofKind(marks, 'text', n), (mark) => mark.text === value(share * side, 2));
      assert.equal(label.colour, line.colour);
      near([label.y], [column(frames, 'series.robustness', 0, row)[known.at(-1)]], 1e-6);
    }),
  );
  near(axes(layout, n)[0].range, [0, steps.at(-1)]);
});

test('against ε stand attack and noise, the chosen ε, and from where the midline is reached', async () => {
  const { page, answered } = attended(),
    { marks, layout } = await answered(() =>
      page.draw('attack', seq, { width: 420, height: 400, options: { ...options, view: 'size' } }),
    );
  const lines = ofKind(marks, 'line', 1),
    attack = only(lines, (mark) => mark.colour === TOKENS.accent),
    noise = only(lines, (mark) => mark.colour === TOKENS.soft);
  near(attack.x, SIZES, 1e-6);
  near(attack.y, UNDER, 1e-6);
  near(noise.y, NOISE, 1e-6);
  assert.deepEqual([Boolean(attack.dash), Boolean(noise.dash)], [false, true]);
  assert.equal(attack.hover(2), `FGSM, ε ${value(SIZES[2], 2)}: ${percent(0.4, 1)}`);
  near(only(lines, (mark) => mark.colour === TOKENS.ink).x, [SHARE * side, SHARE * side], 1e-6);
  const band = only(ofKind(marks, 'bars', 1), () => true);
  near([band.x0[0], band.x1[0]], [SIZES[2], SIZES[3]], 1e-6);
  assert.ok(axes(layout)[0].range[1] >= SIZES[3] && axes(layout)[1].range[1] > 1);
});

test('in the spotlight stand the plane, training and sizes, each on axes of its own', async () => {
  const { page, answered } = attended(),
    draw = () => page.draw('attack', seq, { width: 1400, height: 700, spotlit: true, options });
  const { marks, layout } = await answered(draw),
    boxes = [1, 2, 3].map((n) => area(layout, n));
  assert.ok(boxes[0].right < boxes[1].left && boxes[1].bottom < boxes[2].top);
  assert.equal(ofKind(marks, 'image', 1).length, 1);
  near(axes(layout, 2)[0].range, [0, frames.at(-1).step]);
  const attack = only(ofKind(marks, 'line', 3), (mark) => mark.colour === TOKENS.accent);
  near([...attack.x, ...attack.y], [...SIZES, ...UNDER], 1e-6);
});

test('the plane about the followed point is four times as wide as it may move', () => {
  const { page } = attended(),
    { layout } = page.draw('attack', seq, { width: 1200, height: 620, options: { ...options, epsilon: 0.02 } }),
    [x, y] = axes(layout, 1),
    r = 4 * 0.02 * side;
  near([...x.range, ...y.range], [from[0] - r, from[0] + r, from[1] - r, from[1] + r], 1e-5);
  const box = area(layout, 1);
  near([box.right - box.left], [box.bottom - box.top], 1e-6);
});

test('each tensor of the graph is named, told in numbers, and joined to what it is made of', async () => {
  const { page, asked, answered } = attended(),
    { marks, layout, says, note } = await answered(() => page.draw('graph', seq, { width: 1100, height: 620 })),
    up = layout.height;
  assert.equal(
    asked.find((url) => /graph/.test(url.pathname)).href,
    `http://127.0.0.1/api/runs/a-run/graph?seq=${seq}`,
  );
  assert.equal(says, `5 tensors and 3 operations lead from 64 points to a loss of 0.693.`);
  assert.ok(note.startsWith('the step from '), note);
  const dots = ofKind(marks, 'points', 1),
    looks = { parameter: [1, TOKENS.accent], data: [0, TOKENS.soft] },
    spots = [];
  GRAPH.nodes.forEach((node, i) => {
    const told = dots
      .flatMap((mark) =>
        range(mark.x.length).map((k) => ({ mark, k, at: [mark.x[k], mark.y[k]], says: mark.hover(k) })),
      )
      .filter((one) => one.says.includes(node.name ? `<b>${node.name}</b>` : '<b>MatMul</b>'));
    assert.equal(told.length, node.gradient ? 2 : 1, `value and gradient of ${node.name || node.operation}`);
    spots[i] = [told[0].at[0], told.reduce((sum, { at }) => sum + at[1], 0) / told.length];
    if (looks[node.kind]) assert.deepEqual([told[0].mark.shape, told[0].mark.colour], looks[node.kind]);
    const figures = (word, { low, high, mean, rows }) =>
      node.shape.length
        ? `<b>${word}</b> ${value(low)} to ${value(high)}, mean ${value(mean)}`
        : `<b>${word}</b> ${value(rows[0][0])}`;
    assert.ok(told[0].says.includes(figures('value', node.value)), told[0].says);
    assert.ok(told[0].says.includes(node.gradient ? figures('gradient', node.gradient) : 'no gradient'), told[0].says);
    if (node.name) only(ofKind(marks, 'text', 1), (mark) => mark.text === node.name, node.name);
  });
  checkTiles(
    only(ofKind(marks, 'image', 1), () => true),
    spots,
    up,
  );
  const paths = [[]],
    line = only(ofKind(marks, 'line', 1), () => true);
  Array.from(line.x).forEach((x, k) => (Number.isFinite(x) ? paths.at(-1).push([x, line.y[k]]) : paths.push([])));
  GRAPH.edges.forEach(([a, b], k) => {
    const nearest = ([x, y]) =>
      range(5).reduce((best, i) =>
        Math.hypot(spots[i][0] - x, spots[i][1] - y) < Math.hypot(spots[best][0] - x, spots[best][1] - y) ? i : best,
      );
    assert.deepEqual([nearest(paths[k][0]), nearest(paths[k].at(-1))], [a, b], `edge ${k}`);
  });
});

/** The upper tile is the value and the lower one the gradient: above 0 in one colour, below in another, by size. */
function checkTiles(image, spots, up) {
  const [above, below] = [TOKENS.accent, TOKENS.alarm].map(rgb);
  assert.deepEqual([image.smooth, image.y0, image.y1], [false, 0, up]);
  const at = (x, y) =>
    Array.from(
      image.pixels.slice(
        4 * (Math.round(y) * image.w + Math.round(x)),
        4 * (Math.round(y) * image.w + Math.round(x)) + 4,
      ),
    );
  const [x, y] = [spots[1][0], up - spots[1][1]]; // W₁, two rows of three
  let size = 1;
  while (at(x, y - size - 1)[3]) size++;
  const toward = (colour, pixel) => colour.every((v, c) => Math.abs(v - pixel[c]) < 2);
  const tile = (i, j, lower) =>
    at(
      x - size / 2 + ((j + 0.5) * size) / 3,
      lower ? y + 1 + ((i + 0.5) * size) / 2 : y - 1 - size + ((i + 0.5) * size) / 2,
    );
  assert.ok(toward(above, tile(1, 1, false)) && toward(below, tile(1, 2, false)), 'the largest of the value');
  assert.ok(toward(above, tile(0, 1, true)) && toward(below, tile(1, 0, true)), 'the largest of the gradient');
  const ground = tile(1, 0, false);
  assert.ok(!toward(above, ground) && !toward(below, ground));
  assert.deepEqual(tile(0, 2, true), ground, 'nothing is nothing');
}

test('a graph without room for its names is how large it is, and a network that is too large has none', async () => {
  const { page, answered } = attended({ ...GRAPH, columns: 40 });
  const { card } = await answered(() => page.draw('graph', seq, { width: 300, height: 120 }));
  assert.deepEqual([card.number, card.text], ['5', 'tensors and 3 operations lead from 64 points to a loss of 0.693']);
  const large = opened('lab', writeWide(65));
  assert.match(
    large.draw('graph', 0).sentence,
    /^The graph of a step is drawn for at most \d+ hidden layers of at most \d+ units\.$/,
  );
});

const writeWide = (units) =>
  writeFrame({
    header: { config: {} },
    arrays: {
      'data.x': ['F32', [1, 2], [0, 0]],
      'data.y': ['U8', [1], [0]],
      'data.extent': ['F32', [4], [-1, 1, -1, 1]],
      'data.widths': ['I32', [3], [2, units, 2]],
    },
  });
