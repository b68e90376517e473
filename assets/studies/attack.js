/* attack: what the panels of an attack share of its film. */
(() => {
  'use strict';

  nnprobe.attack = {
    /** The size of the attack at a frame: {epsilon, index}; null while the network learns. */
    sizeAt(ctx, seq) {
      const frame = ctx.frame(seq), change = frame && frame.arrays['series.change'];
      return change ? { epsilon: change.data[0], index: frame.step - ctx.config.epochs - 1 } : null;
    },
  };
})();
