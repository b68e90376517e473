/* attack: what the panels of an attack share of its film. */
(() => {
  'use strict';
  const { table } = nnprobe;

  nnprobe.attack = {
    /** The size of the attack at a frame: {epsilon, index}; null while the network learns. */
    sizeAt(ctx, seq) {
      const frame = ctx.frame(seq), change = frame && frame.arrays['series.change'];
      return change
        ? { epsilon: table('series.change', change)('epsilon'), index: frame.step - ctx.config.epochs - 1 }
        : null;
    },
  };
})();
