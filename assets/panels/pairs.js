/* Class pairs: histograms of the separation of every pair of classes, by layer, before and after training. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.pairs = {
    empty: 'Here the separation of every pair of classes will be counted, layer by layer, before and after training.',
    sentence: () => nnprobe.panels.pairs.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
