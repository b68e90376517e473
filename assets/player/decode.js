/* Bytes → frames: the packing of a film and the safetensors of a frame (docs/film-format.md), copied nowhere. */
(() => {
  'use strict';
  const { page } = nnprobe;
  const { missing: MISSING, steps: STEPS } = page.constants;
  /** @type {{ [dtype: string]: any }} */
  const TYPES = { F32: Float32Array, F64: Float64Array, U8: Uint8Array, U16: Uint16Array, I32: Int32Array,
    I64: BigInt64Array, BOOL: Uint8Array };
  /** @type {{ [dtype: string]: [string, number] }} */
  const NAMES = { float32: ['F32', 4], float64: ['F64', 8], uint8: ['U8', 1], uint16: ['U16', 2], int32: ['I32', 4],
    int64: ['I64', 8], bool: ['BOOL', 1] };
  const text = new TextDecoder();

  /** @param {DataView} view @param {number} at */
  const length = (view, at) => Number(view.getBigUint64(at, true));

  /** One frame from `size` bytes at `start` of `buffer`; arrays are views on that buffer wherever they are aligned.
      @param {ArrayBuffer} buffer @param {number} start @param {number} size @param {number} seq */
  function frame(buffer, start, size, seq) {
    const head = length(new DataView(buffer), start);
    if (8 + head > size) throw new Error('A frame must begin with its header.');
    const table = JSON.parse(text.decode(new Uint8Array(buffer, start + 8, head)));
    const header = JSON.parse(table.__metadata__.frame);
    const arrays = /** @type {Arrays} */ ({});
    for (const name of Object.keys(table)) {
      if (name === '__metadata__') continue;
      const { dtype, shape, data_offsets: [from, to] } = table[name];
      const Type = TYPES[dtype], at = start + 8 + head + from, count = (to - from) / Type.BYTES_PER_ELEMENT;
      const data = at % Type.BYTES_PER_ELEMENT
        ? new Type(buffer.slice(at, at + to - from)) : new Type(buffer, at, count);
      arrays[name] = { dtype, shape, data };
    }
    return { seq, step: header.step, extra: Boolean(header.extra), header, arrays };
  }

  /** All whole frames of a packed film, numbered from `first`; a torn last one is left out. */
  nnprobe.decodeFilm = (buffer, first = 0) => {
    const view = new DataView(buffer), frames = [];
    for (let at = 0; at + 8 <= buffer.byteLength;) {
      const size = length(view, at);
      if (at + 8 + size > buffer.byteLength) break;
      frames.push(frame(buffer, at + 8, size, first + frames.length));
      at += 8 + size + ((8 - (size % 8)) % 8);
    }
    return frames;
  };

  /** The frames of a pack of differences (nnprobe_core/differences.py), numbered from `first`. Each array of all frames
      is put together anew in one stretch of memory: byte planes to words, words to sums over time. */
  nnprobe.decodeDifferences = (buffer, first = 0) => {
    const head = length(new DataView(buffer), 0), table = JSON.parse(text.decode(new Uint8Array(buffer, 8, head)));
    /** @type {Frame[]} */
    const frames = table.frames.map((/** @type {Header} */ header, /** @type {number} */ k) =>
      ({ seq: first + k, step: header.step, extra: Boolean(header.extra), header, arrays: {} })
    );
    let at = 8 + head;
    for (const [name, dtype, shape, places] of table.groups) {
      const [key, bytes] = NAMES[dtype],
        count = /** @type {number[]} */ (shape).reduce((a, b) => a * b, 1), size = Math.min(4, bytes);
      const row = (count * bytes) / size, total = row * places.length;
      const words = new (size === 4 ? Uint32Array : size === 2 ? Uint16Array : Uint8Array)(total);
      const planes = new Uint8Array(buffer, at, total * size);
      for (let p = 0; p < size; p++)
        for (let i = 0, from = p * total; i < total; i++) words[i] |= planes[from + i] << (8 * p);
      for (let i = 0; i < total; i++) words[i] = (words[i] >>> 1) ^ -(words[i] & 1); // zigzag
      for (let i = row; i < total; i++) words[i] += words[i - row]; // the typed array wraps around
      places.forEach((/** @type {number} */ place, /** @type {number} */ k) => {
        frames[place].arrays[name] = { dtype: key, shape,
          data: new TYPES[key](words.buffer, k * count * bytes, count) };
      });
      at += total * size;
    }
    return frames;
  };

  /** Points (n, d) of a quantised map: value = lo + q / 65534 · (hi − lo), 65535 is NaN. One Float32Array per axis. */
  nnprobe.dequantise = (map, range) => {
    const [n, d] = map.shape, axes = [];
    for (let k = 0; k < d; k++) {
      const lo = range.data[2 * k], scale = (range.data[2 * k + 1] - lo) / STEPS, out = new Float32Array(n);
      for (let i = 0, q = k; i < n; i++, q += d) {
        const value = map.data[q];
        out[i] = value === MISSING ? NaN : lo + value * scale;
      }
      axes.push(out);
    }
    return axes;
  };

  /** The columns of a plain (n, d) array, one Float32Array each. */
  nnprobe.columns = (array) => {
    const [n, d] = array.shape;
    return Array.from({ length: d }, (_, k) => Float32Array.from({ length: n }, (_, i) => array.data[i * d + k]));
  };
})();
