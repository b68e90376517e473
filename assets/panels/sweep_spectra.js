/* Spectra: frobenius norms and eigenvalues of the weight matrices against the setting that is varied. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  nnprobe.panels.sweep_spectra = {
    empty: 'Here the norms and eigenvalues of every layer will be drawn against the setting that is varied.',
    sentence: () => nnprobe.panels.sweep_spectra.empty,
    layout: (ctx) => layout.base(ctx),
    marks: () => [],
  };
})();
