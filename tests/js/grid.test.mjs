// How panels are laid out: any number of them in full rows, in reading order, as near to the shapes they ask for as may be.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, prepared } from './lib/page.mjs';

const { grid } = open('lab').nnprobe;
const SCREENS = [
  { width: 984, height: 518 },
  { width: 984, height: 588 },
  { width: 1624, height: 876 },
  { width: 1624, height: 910 },
];
/** What the panels of a page ask for, by name. */
const wishes = (page, names) =>
  names.map((name) => {
    const { width, height } = prepared.pages[page].panels.find((one) => one.name === name);
    return { width, height };
  });
/** How many panels each row has. */
const counts = (asked, { width, height }) => Array.from(grid.rows(asked, width, height), (row) => row.spans.length);
const first = (page) => prepared.pages[page].facts.panels.first;
const all = (page) => prepared.pages[page].facts.panels.all;

test('every row is full and no panel is left out, however many there are', () => {
  for (let count = 1; count <= 30; count++) {
    const asked = Array.from({ length: count }, (_, k) => ({ width: 1 + (k % 3), height: 1 + (k % 2) / 4 }));
    for (const { width, height } of [...SCREENS, { width: 300, height: 2000 }, { width: 2000, height: 50 }]) {
      const rows = grid.rows(asked, width, height),
        spans = rows.flatMap((row) => row.spans);
      assert.equal(spans.length, count);
      assert.ok(spans.every((span) => Number.isInteger(span) && span > 0));
      let from = 0;
      for (const row of rows) {
        assert.equal(
          row.spans.reduce((a, b) => a + b),
          120,
        );
        const own = asked.slice(from, (from += row.spans.length)),
          total = own.reduce((sum, one) => sum + one.width, 0);
        own.forEach((one, k) => assert.ok(Math.abs(row.spans[k] - (120 * one.width) / total) <= 1));
        assert.equal(row.height, Math.max(...own.map((one) => one.height)));
      }
    }
  }
});

test('pages open as they are drawn: the five that teach with two above, all nine in two rows', () => {
  for (const screen of SCREENS) {
    assert.deepEqual(counts(wishes('lab', first('lab')), screen), [2, 3]);
    assert.deepEqual(counts(wishes('lab', all('lab')), screen), [4, 5]);
    assert.deepEqual(counts(wishes('compare', first('compare')), screen), [2, 2]);
    assert.deepEqual(counts(wishes('separation', first('separation')), screen), [2, 2]);
    assert.deepEqual(counts(wishes('attack', first('attack')), screen), [2, 1]);
  }
});

test('rows follow from the room there is', () => {
  const nine = wishes('lab', all('lab')),
    even = (count) => Array.from({ length: count }, () => ({ width: 1, height: 1 }));
  assert.deepEqual(counts(nine, { width: 768, height: 560 }), [2, 3, 4]); // a tablet
  assert.deepEqual(counts(even(3), { width: 1600, height: 500 }), [3]);
  assert.deepEqual(counts(even(3), { width: 300, height: 1000 }), [1, 1, 1]);
  assert.deepEqual(counts(even(5), { width: 900, height: 600 }), [2, 3], 'the upper row has the fewer');
  assert.deepEqual(counts(wishes('lab', ['boundary', 'layers', 'loss']), SCREENS[0]), [3]);
});
