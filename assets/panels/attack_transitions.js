/* Transitions: which class is taken for which under attack. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.attack_transitions = {
    empty: 'Here you will see which class is taken for which under attack.',
    sentence: () => nnprobe.panels.attack_transitions.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
