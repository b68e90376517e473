/* The Attack page's own: accuracy under attack at the playhead, and along the bar. */
(() => {
  'use strict';
  const { knownAt } = nnprobe;

  nnprobe.pages.attack = {
    rate: 10, // frames a second: each is an epoch or a size of its own
    score(film, seq) {
      const series = film.series('series.attack'), value = series ? knownAt(series.column('accuracy'), seq) : NaN;
      return Number.isFinite(value) ? nnprobe.format.percent(value, 1) : null;
    },
    scrub: { series: 'series.attack', column: 'accuracy', log: false,
      say: (v) => `accuracy ${nnprobe.format.percent(v)}` },
  };
})();
