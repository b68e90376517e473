/* Two classes: two classes in the main plane of each layer. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.pca = {
    empty: 'Here two classes will be drawn in the main plane of each layer.',
    sentence: () => nnprobe.panels.pca.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
