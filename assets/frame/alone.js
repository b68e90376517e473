/* alone: a network of a sweep that is opened in the lab is trained anew by itself. What it comes to is near what it
   came to in the sweep, not equal, and where a click leads from one to the other the page says so. */
(() => {
  'use strict';
  const { address, film, handover, page } = nnprobe;
  let from = /** @type {{ name: string, score: number, config: Config } | null} */ (null);

  nnprobe.alone = {
    /** What is said of the film on the page; '' where it did not come from a sweep. */
    get sentence() {
      const { config } = film;
      if (!from || !config || !nnprobe.controls.same(from.config, config)) return '';
      const came = Number.isFinite(from.score)
        ? ` In the sweep it came to ${nnprobe.format.percent(from.score, 1)} test accuracy.`
        : '';
      return `“${from.name}” of a sweep, trained by itself: near, not equal.${came} `
        + 'Alone it agrees to 3·10⁻⁷ while training is calm, and parts from that where training is chaotic '
        + '(by up to .022 in accuracy among 64 fates, never from solved to unsolved).';
    },
  };

  const left = handover.take(); // by a tap on a network of a sweep: {query, name, score}
  if (left && page.name === 'lab' && address.read().query === left.query) {
    // What the link means, as soon as the controls have it: the first film's config.
    const off = film.on('head', () => { off(); from = { ...left, config: film.config }; });
  }
})();
