/* The lab's own: test accuracy at the playhead. */
(() => {
  'use strict';

  nnprobe.pages.lab = {
    score(film, seq) {
      const series = film.series('series.loss');
      if (!series) return null;
      const column = series.column(3);
      for (let k = Math.min(seq, column.length - 1); k >= 0; k--) {
        if (Number.isFinite(column[k])) return nnprobe.format.percent(column[k], 1);
      }
      return null;
    },
  };
})();
