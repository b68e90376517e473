// Columns by their names: those of Python's table, and an error at once for any other.
import assert from 'node:assert/strict';
import test from 'node:test';
import { near } from './lib/check.mjs';
import { film, open, opened, prepared } from './lib/page.mjs';

const { nnprobe } = opened('lab', 'default');

test('a column that there is not is an error where it is read, and so is a number for one that has a name', () => {
  const loss = nnprobe.film.series('series.loss'),
    spectrum = nnprobe.table('series.spectrum', nnprobe.film.head.arrays['series.spectrum']);
  for (const wrong of ['train', 'Train_loss', 'frobenius', 0, undefined])
    assert.throws(() => loss.column(wrong), /series.loss has no column .*: train_loss, test_loss, train_acc/);
  assert.throws(() => spectrum('train_loss'), /series.spectrum has no column train_loss: frobenius, /);
  assert.throws(() => nnprobe.film.series('series.batches').column('first'), /its columns have no names/);
});

test('a name is the column that stands at its place in the table', () => {
  const { frames } = film('default'),
    columns = open('lab').nnprobe.page.columns;
  for (const name of frames[0].names.filter((one) => columns[one])) {
    const cols = columns[name].length,
      values = frames[0].array(name),
      of = nnprobe.table(name, nnprobe.film.head.arrays[name]);
    assert.equal(frames[0].shape(name).at(-1), cols, name);
    for (const [k, column] of columns[name].entries())
      for (let row = 0; row < values.length / cols; row++) near([of(column, row)], [values[row * cols + k]], 0, column);
  }
});

test('every page has one table, and the numbers that Python has', () => {
  const [first, ...others] = Object.values(prepared.pages).map(({ facts }) => facts);
  assert.ok(Object.keys(first.columns).length > 20);
  for (const { columns, constants } of others)
    assert.deepEqual([columns, constants], [first.columns, first.constants]);
  for (const value of Object.values(first.constants)) assert.ok(Number.isInteger(value));
});
