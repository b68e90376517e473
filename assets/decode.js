/* Bytes → frames: the packing of a film and the safetensors of a frame (docs/film-format.md), copied nowhere. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const TYPES = { F32: Float32Array, F64: Float64Array, U8: Uint8Array, U16: Uint16Array, I32: Int32Array,
    I64: BigInt64Array, BOOL: Uint8Array };
  const text = new TextDecoder();

  const length = (view, at) => Number(view.getBigUint64(at, true));

  /** One frame from `size` bytes at `start` of `buffer`; arrays are views on that buffer wherever they are aligned. */
  function frame(buffer, start, size, seq) {
    const head = length(new DataView(buffer), start);
    if (8 + head > size) throw new Error('A frame must begin with its header.');
    const table = JSON.parse(text.decode(new Uint8Array(buffer, start + 8, head)));
    const header = JSON.parse(table.__metadata__.frame);
    const arrays = {};
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

  /** Points (n, d) of a quantised map: value = lo + q / 65534 · (hi − lo), 65535 is NaN. One Float32Array per axis. */
  nnprobe.dequantise = (map, range) => {
    const [n, d] = map.shape, axes = [];
    for (let k = 0; k < d; k++) {
      const lo = range.data[2 * k], scale = (range.data[2 * k + 1] - lo) / 65534, out = new Float32Array(n);
      for (let i = 0, q = k; i < n; i++, q += d) {
        const value = map.data[q];
        out[i] = value === 65535 ? NaN : lo + value * scale;
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
