/* series: the series of every frame, as columns that grow with the film (NaN: not there). */
(() => {
  'use strict';
  const { api, columnOf, decodeFilm } = nnprobe;

  /** @param {any} old @param {any} Type @param {number} size @param {number} fill */
  const grown = (old, Type, size, fill) => {
    const next = new Type(size).fill(fill);
    if (old) next.set(old);
    return next;
  };

  /** The last number of a column at or before `seq`; NaN where there is none. */
  nnprobe.knownAt = (column, seq) => {
    for (let k = Math.min(seq, column.length - 1); k >= 0; k--) if (Number.isFinite(column[k])) return column[k];
    return NaN;
  };

  /** All series of a run as the server stacks them over its frames, {name: array}; null where they are not to be had.
      */
  nnprobe.stackedSeries = async (run) => {
    try {
      const response = await api.get(api.run(run, '/series?after=-1'));
      return response.status === 204 ? null : decodeFilm(await response.arrayBuffer())[0].arrays;
    } catch { return null; }
  };

  nnprobe.seriesStore = () => {
    let capacity = 256, count = 0;
    let steps = new Int32Array(capacity), extra = new Uint8Array(capacity);
    const tables = new Map(); // name → {rows, cols, columns: [Float32Array]}

    /** @param {number} needed */
    const reserve = (needed) => {
      if (needed <= capacity) return;
      while (capacity < needed) capacity *= 2;
      steps = grown(steps, Int32Array, capacity, 0);
      extra = grown(extra, Uint8Array, capacity, 0);
      for (const table of tables.values()) {
        table.columns = table.columns.map((/** @type {Float32Array} */ column) => grown(column, Float32Array, capacity,
          NaN));
      }
    };

    /** @param {string} name @param {number[]} shape */
    const table = (name, shape) => {
      if (!tables.has(name)) {
        const cols = shape.length ? shape[shape.length - 1] : 1, rows = shape.length > 1 ? shape[0] : 1;
        const columns = Array.from({ length: rows * cols }, () => new Float32Array(capacity).fill(NaN));
        tables.set(name, { rows, cols, columns });
      }
      return tables.get(name);
    };

    /** @param {string} name @param {number[]} shape @param {number} seq @param {Numbers} data @param {number} from */
    const write = (name, shape, seq, data, from) => {
      const { columns } = table(name, shape);
      for (let k = 0; k < columns.length; k++) columns[k][seq] = data[from + k];
    };

    return {
      /** Take the series of one frame. */
      add(frame) {
        reserve(frame.seq + 1);
        count = Math.max(count, frame.seq + 1);
        steps[frame.seq] = frame.step;
        extra[frame.seq] = frame.extra ? 1 : 0;
        for (const name of Object.keys(frame.arrays)) {
          if (name.startsWith('series.')) write(name, frame.arrays[name].shape, frame.seq, frame.arrays[name].data, 0);
        }
      },
      /** Take the answer of /series: everything stacked over frames first…; the first one is seq `first`. */
      addStacked({ arrays }, first = 0) {
        const length = arrays.step.shape[0];
        reserve(first + length);
        count = Math.max(count, first + length);
        steps.set(arrays.step.data, first);
        if (arrays.extra) extra.set(arrays.extra.data, first);
        for (const name of Object.keys(arrays)) {
          if (!name.startsWith('series.')) continue;
          const { shape, data } = arrays[name], size = shape.slice(1).reduce((a, b) => a * b, 1);
          for (let i = 0; i < length; i++) write(name, shape.slice(1), first + i, data, i * size);
        }
      },
      get count() { return count; },
      get steps() { return steps.subarray(0, count); },
      get extra() { return extra.subarray(0, count); },
      has: (name) => tables.has(name),
      /** {rows, cols, steps, column(name, row = 0)}: views that grow no more, so ask again after 'frames'. */
      get(name) {
        const found = tables.get(name);
        if (!found) return null;
        return {
          rows: found.rows, cols: found.cols, steps: steps.subarray(0, count),
          column: (column, row = 0) => found.columns[row * found.cols + columnOf(name, column)].subarray(0, count),
        };
      },
    };
  };
})();
