/* Accuracy under attack: accuracy against the strength of the attack, beside random noise of the same size. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.attack_curve = {
    empty: 'Here accuracy will be drawn against the strength of the attack, beside random noise of the same size.',
    sentence: () => nnprobe.panels.attack_curve.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
