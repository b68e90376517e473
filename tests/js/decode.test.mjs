// The page reads what Python wrote: byte by byte, in films and in packs of differences.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { near, range } from './lib/check.mjs';
import { file, film, open, prepared } from './lib/page.mjs';
import { answer, writeFrame } from './lib/safetensors.mjs';

const TYPES = { F32: 'float32', F64: 'float64', U8: 'uint8', U16: 'uint16', I32: 'int32', I64: 'int64' };
const digest = ({ buffer, byteOffset, byteLength }) =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
const page = open('lab');

test('every array of every shipped film that is prepared is as safetensors in Python has it', () => {
  for (const [name, { frames, arrays }] of Object.entries(prepared.films)) {
    const { bytes, frames: own } = film(name),
      decoded = page.nnprobe.decodeFilm(answer(bytes));
    assert.equal(decoded.length, frames, name);
    assert.equal(own.length, frames, name);
    for (const [seq, told] of Object.entries(arrays)) {
      assert.deepEqual(Object.keys(decoded[seq].arrays).sort(), Object.keys(told).sort());
      for (const [array, [type, shape, sum]] of Object.entries(told)) {
        const { dtype, shape: read, data } = decoded[seq].arrays[array];
        assert.deepEqual([TYPES[dtype], Array.from(read), digest(data)], [type, shape, sum], `${name} ${seq} ${array}`);
        assert.deepEqual(
          [TYPES[own[seq].dtype(array)], own[seq].shape(array), digest(own[seq].array(array))],
          [type, shape, sum],
        );
      }
    }
  }
});

test('a frame has its place, its step, its header, and whether it is off the schedule', () => {
  const { bytes, frames } = film('narrow'),
    decoded = page.nnprobe.decodeFilm(answer(bytes), 7);
  decoded.forEach((frame, k) => {
    assert.deepEqual([frame.seq, frame.step, frame.extra], [7 + k, frames[k].step, frames[k].extra]);
  });
  assert.deepEqual(JSON.parse(JSON.stringify(decoded[0].header.config)), frames[0].header.config);
  const made = page.nnprobe.decodeFilm(
    answer(writeFrame({ step: 12, extra: true, arrays: { a: ['F32', [2], [1.5, -2]] } })),
  );
  assert.deepEqual(
    [made.length, made[0].step, made[0].extra, Array.from(made[0].arrays.a.data)],
    [1, 12, true, [1.5, -2]],
  );
});

test('a pack of differences gives the frames that went into it', () => {
  const own = film(prepared.packed).frames,
    unpacked = page.nnprobe.decodeDifferences(answer(file(`${prepared.packed}.pack`)), 3);
  assert.equal(unpacked.length, 24);
  unpacked.forEach((frame, k) => {
    assert.deepEqual([frame.seq, frame.step, frame.extra], [3 + k, own[k].step, own[k].extra]);
    assert.deepEqual(Object.keys(frame.arrays).sort(), [...own[k].names].sort());
    for (const [name, { data, shape }] of Object.entries(frame.arrays)) {
      assert.deepEqual(Array.from(shape), own[k].shape(name), name);
      assert.equal(digest(data), digest(own[k].array(name)), `${name} of frame ${k}`);
    }
  });
});

test('a torn last frame is left out, and one that is not aligned is read', () => {
  const whole = [1, 2, 3].map((step) =>
    writeFrame({ step, arrays: { a: ['U8', [1], [step]], b: ['F32', [2], [step, NaN]] } }),
  );
  const bytes = Buffer.concat(whole),
    steps = (buffer) => Array.from(page.nnprobe.decodeFilm(answer(buffer)), (frame) => frame.step);
  assert.deepEqual(steps(bytes), [1, 2, 3]);
  for (const cut of [9, 30, whole[2].length - 1])
    assert.deepEqual(steps(bytes.subarray(0, bytes.length - cut)), [1, 2]);
  const [, second] = page.nnprobe.decodeFilm(answer(bytes));
  near(second.arrays.b.data, [2, NaN]); // behind one byte: on no multiple of four
});

test('quantised points come back between their bounds, each axis by its own, and 65535 is no number', () => {
  const map = { shape: [3, 2], data: Uint16Array.from([0, 65534, 32767, 65535, 65534, 0]) };
  const [x, y] = page.nnprobe.dequantise(map, { data: [-2, 6, 10, 11] });
  near(x, [-2, 2, 6], 1e-6);
  near(y, [11, NaN, 10], 1e-6);
  const [a, b, c] = page.nnprobe.columns({ shape: [2, 3], data: [1, 2, 3, 4, 5, 6] });
  near([...a, ...b, ...c], [1, 4, 2, 5, 3, 6]);
});

test('the series are the columns of their frames, and grow with them', () => {
  const { frames } = film('default');
  page.show(film('default').bytes);
  const { film: shown } = page.nnprobe;
  near(
    shown.steps,
    frames.map((frame) => frame.step),
  );
  for (const name of frames[0].names.filter((one) => one.startsWith('series.'))) {
    const series = shown.series(name),
      shape = frames[0].shape(name),
      cols = shape.at(-1),
      rows = shape.length > 1 ? shape[0] : 1;
    assert.deepEqual([series.rows, series.cols], [rows, cols]);
    for (const row of range(rows)) {
      for (const k of range(cols)) {
        const told = frames.map((frame) => (frame.has(name) ? frame.array(name)[row * cols + k] : NaN));
        near(series.column(page.nnprobe.page.columns[name]?.[k] ?? k, row), told, 0, `${name} row ${row} column ${k}`);
      }
    }
  }
});
