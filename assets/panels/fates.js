/* Fates: the decision boundaries of up to 64 networks side by side, on one clock. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.fates = {
    empty: 'Here up to 64 networks will live side by side, each with its decision boundary.',
    sentence: () => nnprobe.panels.fates.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
