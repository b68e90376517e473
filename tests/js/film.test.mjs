// How a film comes to the page: in parts, packed or not, with its series and settled track, and what it says of itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { near, ofKind, range } from './lib/check.mjs';
import { open } from './lib/page.mjs';
import { answer, packDifferences, writeFilm } from './lib/safetensors.mjs';

const POINTS = [
    [0, 0],
    [1, 0],
    [0, 1],
  ],
  BOUNDS = [0, 1, 0, 1];
/** Frame k of a run of 240 frames, one of them made by hand: its numbers tell its place. */
const frameOf = (k, shift = 0) => ({
  step: 10 * k,
  extra: k === 7,
  header: k ? {} : { config: { kind: 'run', steps: 2400, n_train: 2 } },
  arrays: {
    ...(k
      ? {}
      : {
          'data.x': ['F32', [3, 2], POINTS.flat()],
          'data.y': ['U8', [3], [0, 1, 1]],
          'data.extent': ['F32', [4], [-1, 2, -1, 2]],
          'data.widths': ['I32', [3], [2, 2, 2]],
        }),
    'map.1': ['U16', [3, 2], range(6).map((i) => 100 * k + i + shift)],
    'map.1.range': ['F32', [2, 2], BOUNDS],
    'map.2': ['U16', [3, 2], range(6)],
    'map.2.range': ['F32', [2, 2], BOUNDS],
    ...(k % 5 ? {} : { 'series.rare': ['F32', [2], [k, -k]] }),
    'series.loss': ['F32', [4], [1 / (k + 1), 2 / (k + 1), k / 300, k / 400]],
  },
});
const COUNT = 240,
  ALL = range(COUNT).map((k) => frameOf(k)),
  SETTLED = ALL.filter(({ extra }) => !extra).map((frame) => ({
    step: frame.step,
    arrays: Object.fromEntries(
      Object.entries(frameOf(frame.step / 10, 30000).arrays).filter(([name]) => name.startsWith('map.')),
    ),
  }));

/** A server with the first `there()` of these frames. */
function serve(there = () => COUNT, state = () => 'done') {
  const asked = [],
    stacked = (n) => ({
      arrays: {
        step: ['I32', [n], range(n).map((k) => 10 * k)],
        extra: ['U8', [n], range(n).map((k) => Number(k === 7))],
        'series.loss': ['F32', [n, 4], range(n).flatMap((k) => ALL[k].arrays['series.loss'][2])],
        'series.rare': ['F32', [n, 2], range(n).flatMap((k) => (k % 5 ? [NaN, NaN] : [k, -k]))],
      },
    });
  const fetch = async (url) => {
    const { pathname, searchParams: query } = new URL(url, 'http://127.0.0.1'),
      n = there(),
      headers = new Map();
    asked.push(pathname + new URL(url, 'http://127.0.0.1').search);
    const say = (body, status = 200) => ({
      ok: true,
      status,
      headers: { get: (name) => headers.get(name) ?? null },
      arrayBuffer: async () => answer(body),
    });
    if (pathname.endsWith('/series')) return say(writeFilm([stacked(n)]));
    const track = query.get('track') || 'film',
      first = Number(query.get('after')) + 1,
      all = track === 'film' ? ALL.slice(0, n) : state() === 'done' ? SETTLED : [];
    const some = all.slice(first, first + Number(query.get('limit')));
    headers
      .set('X-Nnprobe-Last', String(n - 1))
      .set('X-Nnprobe-First', String(first))
      .set('X-Nnprobe-Status', JSON.stringify({ state: state(), steps: 2400 }));
    return some.length
      ? say(query.get('packing') === 'differences' ? packDifferences(some) : writeFilm(some))
      : say(Buffer.alloc(0), 204);
  };
  return { fetch, asked };
}

test('a film that is there comes whole, each frame once and in its place, however it is packed', async () => {
  const { fetch, asked } = serve(),
    page = open('lab', { fetch }),
    { film } = page.nnprobe;
  film.open('a-run');
  await page.until(() => film.complete && film.hasSettled);
  assert.equal(film.count, COUNT);
  assert.ok(asked.some((url) => url.includes('packing=differences')));
  range(COUNT).forEach((k) => {
    const frame = film.frame(k);
    assert.deepEqual([frame.seq, frame.step, frame.extra], [k, 10 * k, k === 7]);
    near(
      frame.arrays['map.1'].data,
      range(6).map((i) => 100 * k + i),
      0,
    );
  });
  assert.equal(new Set(Array.from(film.arrived, ({ seq }) => seq)).size, film.arrived.length);
  near(
    film.steps,
    range(COUNT).map((k) => 10 * k),
  );
  near(
    film.series('series.rare').column(1),
    range(COUNT).map((k) => (k % 5 ? NaN : -k)),
  );
  assert.deepEqual([film.planned, film.here, film.run, film.head.seq], [2400, COUNT, 'a-run', 0]);
});

test('what is known of the end is known from the beginning, before the frames between are here', async () => {
  const page = open('lab', serve()),
    { film } = page.nnprobe;
  const told = [];
  film.on('head', () =>
    told.push([
      film.frame(50),
      film.nearest(50).seq,
      film.nearest(150).seq,
      film.nearest(239).seq,
      Array.from(film.series('series.loss').column('train_loss')),
    ]),
  );
  film.open('a-run', 100);
  await page.until(() => told.length);
  assert.deepEqual(told[0].slice(0, 4), [null, 0, 100, 239]);
  near(
    told[0][4],
    range(COUNT).map((k) => 1 / (k + 1)),
    1e-6,
  );
});

test('arrays that are not in every frame are found in the last that has them', async () => {
  const page = open('lab', serve()),
    { film } = page.nnprobe;
  film.open('a-run');
  await page.until(() => film.complete);
  for (const seq of [0, 4, 5, 13, 239]) {
    const found = film.latest('series.rare', seq),
      due = seq - (seq % 5);
    assert.deepEqual([found.seq, found.array.data[0]], [due, due]);
  }
  assert.equal(film.latest('never.there', 200), null);
  near(
    ['0', '4', '11'].map((k) => page.nnprobe.knownAt([NaN, 3, NaN, NaN, 7], Number(k))),
    [NaN, 7, 7],
  );
  near([page.nnprobe.knownAt([NaN, 3, NaN, NaN, 7], 3)], [3]);
});

test('the settled track has a frame for each scheduled one, and none for one made by hand', async () => {
  const page = open('lab', serve()),
    { film } = page.nnprobe;
  film.open('a-run');
  await page.until(() => film.hasSettled);
  page.nnprobe.forget();
  assert.equal(film.settled(7), null);
  for (const seq of [0, 6, 8, 239]) {
    near(
      film.settled(seq)['map.1'].data,
      range(6).map((i) => 100 * seq + i + 30000),
      0,
    );
    const { marks } = page.draw('layers', seq, { width: 900, height: 500 }),
      dots = ofKind(marks, 'points', 2)
        .flatMap((mark) => Array.from(mark.index, (k, n) => [k, mark.x[n]]))
        .sort((a, b) => a[0] - b[0]);
    near(
      dots.map(([, x]) => x),
      range(3).map((k) => (100 * seq + 2 * k + 30000) / 65534),
      1e-6,
      'layers stand in the settled plane',
    );
  }
  const { marks } = page.draw('layers', 7, { width: 900, height: 500 });
  near([ofKind(marks, 'points', 2)[0].x[0]], [700 / 65534], 1e-6);
});

test('a film that grows is followed to its end', async () => {
  let there = 1,
    state = 'running';
  const page = open(
      'lab',
      serve(
        () => there,
        () => state,
      ),
    ),
    { film } = page.nnprobe,
    heads = [];
  film.on('head', (head) => heads.push(head.seq));
  film.open('a-run');
  await page.until(() => film.head);
  for (const n of [2, 9, 60]) {
    there = n;
    await page.until(() => film.here === n);
    assert.deepEqual([film.complete, film.ended, film.count], [false, false, n]);
    near(
      film.series('series.loss').column('test_accuracy'),
      range(n).map((k) => k / 400),
      1e-6,
    );
  }
  state = 'done';
  await page.until(() => film.complete && film.hasSettled);
  assert.deepEqual([film.ended, heads], [true, [0]]);
});

test('a film that was left does not come back', async () => {
  const page = open('lab', serve()),
    { film } = page.nnprobe;
  film.open('one');
  film.open('another');
  await page.until(() => film.complete);
  assert.deepEqual([film.run, film.count], ['another', COUNT]);
  film.close();
  assert.deepEqual([film.head, film.count, film.series('series.loss')], [null, 0, null]);
});

test('a server that is away is asked again, and that is said meanwhile', async () => {
  let away = true;
  const { fetch } = serve(),
    page = open('lab', {
      fetch: async (url) => {
        if (away) throw new TypeError('refused');
        return fetch(url);
      },
    }),
    { film } = page.nnprobe;
  film.open('a-run');
  await page.until(() => film.error);
  assert.equal(film.error, 'The server does not answer; trying again in 0.5 s.');
  away = false;
  await page.until(() => film.complete);
  assert.deepEqual([film.error, film.count], [null, COUNT]);
});
