/* Tests: permutation tests of what training and what each layer does. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.tests = {
    empty: 'Here the tests will say which differences are more than chance.',
    sentence: () => nnprobe.panels.tests.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
