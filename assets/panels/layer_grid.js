/* Layers over time: effect sizes of every layer at every stage of training. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.layer_grid = {
    empty: 'Here every layer meets every stage of training, coloured by how far the classes have moved apart.',
    sentence: () => nnprobe.panels.layer_grid.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
