/* The Attack page's own: accuracy under attack at the playhead, and along the bar. */
(() => {
  'use strict';
  const last = (column, seq) => {
    for (let k = Math.min(seq, column.length - 1); k >= 0; k--) if (Number.isFinite(column[k])) return column[k];
    return NaN;
  };

  nnprobe.pages.attack = {
    rate: 10, // frames a second: each is an epoch or a size of its own
    score(film, seq) {
      const series = film.series('series.attack'), value = series ? last(series.column(0), seq) : NaN;
      return Number.isFinite(value) ? nnprobe.format.percent(value, 1) : null;
    },
    scrub: { series: 'series.attack', column: 0, log: false, say: (v) => `accuracy ${nnprobe.format.percent(v)}` },
    /** The size of the attack at a frame: {epsilon, index}; null while the network learns. */
    sizeAt(ctx, seq) {
      const frame = ctx.frame(seq), change = frame && frame.arrays['series.change'];
      return change ? { epsilon: change.data[0], index: frame.step - ctx.config.epochs - 1 } : null;
    },
  };
})();
