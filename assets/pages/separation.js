/* Separation's own: the test accuracy for the pill. */
(() => {
  'use strict';
  const { study, table } = nnprobe;

  nnprobe.pages.separation = {
    rate: 6, // frames a second: each is a stage of its own
    score(film, seq) {
      const read = study.of(film), found = read && film.latest('series.loss', Math.min(seq, read.stages));
      return found ? nnprobe.format.percent(table('series.loss', found.array)('test_accuracy'), 1) : null;
    },
  };
})();
