/* compare: what the panels of a sweep share of its film. */
(() => {
  'use strict';
  const { columnOf, page, table } = nnprobe;
  const DONE = page.constants.done, EVERY = 12;
  const NOT = /** @type {any} */ (null); // of a film of another kind
  /** @type {{ [value: string]: string }} */
  const SAID = { true: 'yes', false: 'no' };
  /** The head that is read, and what was read of it.
      @type {{ head: Frame, read: SweepRead } | null} */
  let last = null;
  /** @type {Ranking} */
  const NONE = { head: null, seq: -1, final: false, order: [] };
  let ranked = NONE;

  /** All networks by test accuracy, the best first: {order, seq, final}. One order for tiles and list: of the film's
      last frame once it has ended, whatever arrives when, and of a growing film renewed every dozen frames.
      @param {Film} film @returns {Ranking} */
  function ranking(film) {
    const read = of(film), newest = film.latest('sweep.scores', film.count - 1);
    if (!read || !newest) return NONE;
    const final = film.ended && newest.seq === film.count - 1, known = ranked.head === film.head;
    if (known && ranked.final === final && (final || newest.seq < ranked.seq + EVERY)) return ranked;
    const score = scores(newest.array, 'test_accuracy').map((v) => (Number.isFinite(v) ? v : -1));
    const order = read.cells.map((_, k) => k).sort((a, b) => score[b] - score[a] || a - b);
    ranked = { head: film.head, seq: newest.seq, final, order };
    return ranked;
  }

  /** What the first frame says: {axes, links, config, count, seeds, cells: [{i, j, seed}]}.
      @param {Film} film @returns {SweepRead} */
  function of(film) {
    if (!film.head || !film.head.arrays['sweep.cells']) return NOT;
    if (last && last.head === film.head) return last.read;
    const { axes, links, config } = film.head.header, array = film.head.arrays['sweep.cells'];
    const of = table('sweep.cells', array);
    const cells = Array.from({ length: array.shape[0] }, (_, k) =>
      ({ i: of('first', k), j: of('second', k), seed: of('seed', k) }));
    const seeds = 1 + cells.reduce((most, cell) => Math.max(most, cell.seed), 0);
    /** @type {SweepRead} */
    const read = { axes, links, config, cells, count: cells.length, seeds, first: valuesOf(axes[0]),
      second: valuesOf(axes[1]) };
    last = { head: film.head, read };
    return read;
  }

  /** A score of every network, of the array of all.
      @param {NdArray} _ @param {string} column */
  const scores = ({ data, shape: [count, width] }, column) => {
    const at = columnOf('sweep.scores', column);
    return Array.from({ length: count }, (_, cell) => data[cell * width + at]);
  };

  /** An axis as it is drawn: positions, and the texts of its values. An axis that is not there has one value.
      @param {any} axis @returns {SweepAxis} */
  function valuesOf(axis) {
    if (!axis) return { field: '', label: '', texts: [''], at: [0], numeric: false, log: false };
    /** @type {number[]} */
    const numbers = axis.values.map(Number), numeric = axis.numeric && axis.values.length > 1;
    const sorted = [...numbers].sort((a, b) => a - b),
      log = numeric && sorted[0] > 0 && sorted[sorted.length - 1] / sorted[0] >= 20;
    return { field: axis.field, label: axis.label, texts: axis.values, at: numeric ? numbers : numbers.map((_, k) => k),
      numeric, log };
  }

  /** @type {Sweep} */
  const sweep = {
    of,
    ranking,
    scores,
    /** The ranking that was found last. */
    get ranked() { return ranked; },

    /** At a frame: {state, step} as plain arrays, and score(column, cell). */
    at(ctx, seq) {
      const { arrays } = ctx.frame(seq);
      return { state: arrays['sweep.state'].data, step: arrays['sweep.step'].data,
        score: table('sweep.scores', arrays['sweep.scores']) };
    },

    /** The newest `sweep.<name>` at or before a frame, as (cell, place, column) → number; null before any cell
        is done. */
    found(ctx, name, seq) {
      const array = `sweep.${name}`, found = ctx.film.latest(array, seq);
      if (!found) return null;
      const { data, shape } = found.array, [, second, third = 1] = shape;
      return { places: second,
        get: (cell, place, column = /** @type {string | number} */ (0)) =>
          data[(cell * second + place) * third + columnOf(array, column)] };
    },

    /** A network in words: "max φ 8, tanh, seed 2". */
    name(read, cell) {
      const { i, j, seed } = read.cells[cell], parts = /** @type {string[]} */ ([]);
      /** @param {SweepAxis} axis @param {number} at */
      const add = (axis, at) => {
        if (axis.field)
          parts.push(/^[a-z_]+$/i.test(axis.texts[at])
            ? nnprobe.sweep.word(axis.texts[at])
            : `${axis.label.toLowerCase()} ${axis.texts[at]}`);
      };
      add(read.first, i);
      add(read.second, j);
      return [...parts, `seed ${seed}`].join(', ');
    },

    /** A value of a setting as it is said. */
    word: (text) => nnprobe.page.names[text] || SAID[text] || text.replace(/_/g, ' '),

    /** Mean, lowest and highest of the finite numbers; null without one. */
    spread(values) {
      const known = values.filter(Number.isFinite);
      if (!known.length) return null;
      return { mean: known.reduce((a, b) => a + b, 0) / known.length, low: Math.min(...known), high: Math.max(...known),
        n: known.length };
    },

    /** The x axis of the first setting for a layout. */
    across(ctx, read, width) {
      const axis = read.first, lo = Math.min(...axis.at), hi = Math.max(...axis.at), room = ctx.theme.fontSize;
      const longest = Math.max(...axis.texts.map((text) => sweep.word(text).length)),
        every = Math.max(
          ctx.tiny ? axis.at.length - 1 : 1,
          Math.ceil((axis.at.length * (0.62 * longest + 1.2) * room) / width),
        );
      const shown = axis.at.map((_, k) => k).filter((k) => k % every === 0 && axis.field);
      const ticks = { tickvals: shown.map((k) => axis.at[k]), ticktext: shown.map((k) => sweep.word(axis.texts[k])) };
      if (axis.log) {
        const pad = 0.06 * Math.log10(hi / lo);
        return { type: 'log', range: [Math.log10(lo) - pad, Math.log10(hi) + pad], ...ticks };
      }
      const pad = hi > lo ? 0.06 * (hi - lo) : 0.5;
      return { range: [lo - pad, hi + pad], ...ticks };
    },

    /** The words below an x axis, at the right. */
    axisName: (ctx, place, text) => ({ kind: 'text', axis: 0, x: place.left + place.width,
      y: place.top + place.height + 2.15 * ctx.theme.fontSize, text, colour: ctx.theme.soft, anchor: 'right',
      baseline: 'middle' }),

    /** Open a network's run in the lab, which trains it at once. */
    open(read, cell) {
      const frame = nnprobe.film.frame(ranking(nnprobe.film).seq),
        score = frame ? scores(frame.arrays['sweep.scores'], 'test_accuracy')[cell] : NaN;
      nnprobe.handover.leave({ query: read.links[cell], name: sweep.name(read, cell), score });
      nnprobe.go('lab', { query: read.links[cell] });
    },

    DONE, NONE, CLICK: 'train it alone in the Lab (near, not equal)',
  };
  nnprobe.sweep = sweep;
})();
