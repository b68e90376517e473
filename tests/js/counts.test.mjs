// How many classes and points a run has: said by the form before anything trains, and by the pictures of a sweep.
import assert from 'node:assert/strict';
import test from 'node:test';
import { open, prepared } from './lib/page.mjs';

test('classes and points are those of the data that Python then makes, own points too', () => {
  for (const page of ['lab', 'compare']) {
    const { countsOf } = open(page).nnprobe;
    assert.ok(prepared.data_sets.length > 18);
    for (const { run, classes, points } of prepared.data_sets)
      assert.deepEqual({ ...countsOf(run) }, { classes, points }, `${run.dataset} ${run.data}`);
  }
});

test('an epoch is one pass over them', () => {
  const { readouts } = open('lab').nnprobe;
  for (const { run, points } of prepared.data_sets)
    for (const batch_size of [0, 10]) {
      const batches = batch_size ? Math.ceil(points / batch_size) : 1,
        said = readouts.shows.steps(run.steps, { ...run, batch_size }).match(/· ([^ ]+) epochs/)[1],
        epochs = Number(said.replace(/[^0-9.]/g, ''));
      assert.ok(Math.abs(epochs - run.steps / batches) <= 0.0501, `${run.dataset} ${run.data}: ${said}`);
    }
});
