/* Examples: inputs before and after the attack, with the confidence of the network. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.attack_gallery = {
    empty: 'Here inputs will be shown before and after the attack.',
    sentence: () => nnprobe.panels.attack_gallery.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
