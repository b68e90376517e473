/* Stress: accuracy under noise on the test points, and under attack. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.sweep_stress = {
    empty: 'Here the networks will be drawn under noise and under attack.',
    sentence: () => nnprobe.panels.sweep_stress.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
