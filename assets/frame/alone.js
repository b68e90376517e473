/* alone: a network of a sweep that is opened in the lab is trained anew by itself. What it comes to is near what it came to
   in the sweep, not equal, and where a click leads from one to the other the page says so. */
(() => {
  'use strict';
  const KEY = 'nnprobe-alone';
  let from = null;

  nnprobe.alone = {
    /** Remember, on the way to the lab, which network it was ({query, name, score}). */
    leave(network) {
      try { sessionStorage.setItem(KEY, JSON.stringify(network)); } catch { /* private mode: the tooltip has said it */ }
    },
    /** What is said of the film on the page; '' where it did not come from a sweep. */
    get sentence() {
      const { config } = nnprobe.film;
      if (!from || !config || !nnprobe.controls.same(from.config, config)) return '';
      const came = Number.isFinite(from.score) ? ` In the sweep it came to ${nnprobe.format.percent(from.score, 1)} test accuracy.` : '';
      return `“${from.name}” of a sweep, trained by itself: near, not equal.${came} Alone it agrees to 3·10⁻⁷ while training is calm, and parts from that where `
        + 'training is chaotic (by up to .022 in accuracy among 64 fates, never from solved to unsolved).';
    },
  };

  document.addEventListener('DOMContentLoaded', () => {
    let left = null;
    try {
      left = JSON.parse(sessionStorage.getItem(KEY));
      sessionStorage.removeItem(KEY);
    } catch { /* nothing was left */ }
    if (!left || nnprobe.page.name !== 'lab' || nnprobe.address.read().query !== left.query) return;
    // What the link means, as soon as the controls have it: the first film's config.
    const off = nnprobe.film.on('head', () => { off(); from = { ...left, config: nnprobe.film.config }; });
  });
})();
