/* Accuracy: test accuracy against the setting that is varied, with the spread over seeds. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.sweep_curve = {
    empty: 'Here accuracy will be drawn against the setting that is varied, with the spread over seeds.',
    sentence: () => nnprobe.panels.sweep_curve.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
