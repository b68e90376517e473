/* The lab's own: test accuracy at the playhead. */
(() => {
  'use strict';

  nnprobe.pages.lab = {
    score(film, seq) {
      const series = film.series('series.loss');
      if (!series) return null;
      const at = Math.min(seq, series.steps.length - 1),
        [loss, accuracy] = ['train_loss', 'test_accuracy'].map((name) => series.column(name)[at]);
      if (Number.isFinite(accuracy)) return nnprobe.format.percent(accuracy, 1);
      // What is not finite is no accuracy, neither now nor as it was before.
      return at >= 0 && !Number.isFinite(loss) ? 'not finite' : null;
    },
  };
})();
