/* experiment: what the film on the page is a film of, and where in it a step is found. */
(() => {
  'use strict';
  const { film, stackedSeries } = nnprobe;

  nnprobe.experiment = {
    /** The film's config, with every rate that was set by hand as an entry of its schedule; null where there is none.
        */
    now() {
      const { config } = film;
      if (!config || !config.lr_schedule) return config;
      const byStep = new Map(config.lr_schedule);
      for (let seq = 0; seq < film.count; seq++) {
        const frame = film.frame(seq);
        if (frame && frame.header.lr !== undefined) byStep.set(frame.step, frame.header.lr);
      }
      return { ...config, lr_schedule: [...byStep].sort((a, b) => a[0] - b[0]) };
    },
    /** The frame that shows a step of a run, for a returning viewer; null where that is not known. */
    async frameOf(run, step) {
      if (step === null) return null;
      const arrays = await stackedSeries(run);
      if (!arrays) return null;
      const steps = arrays.step.data;
      let seq = 0;
      while (seq + 1 < steps.length && steps[seq + 1] <= step) seq++;
      return seq;
    },
  };
})();
