/* experiment: what the film on the page is a film of, and where in it a step is found. */
(() => {
  'use strict';

  nnprobe.experiment = {
    /** The film's config, with every rate that was set by hand as an entry of its schedule; null where there is none. */
    now() {
      const { film } = nnprobe, { config } = film;
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
      try {
        const response = await fetch(`/api/runs/${encodeURIComponent(run)}/series?after=-1`);
        if (!response.ok || response.status === 204) return null;
        const steps = nnprobe.decodeFilm(await response.arrayBuffer())[0].arrays.step.data;
        let seq = 0;
        while (seq + 1 < steps.length && steps[seq + 1] <= step) seq++;
        return seq;
      } catch {
        return null;
      }
    },
  };
})();
