/* nnprobe: what scripts have of each other. A script says at its top what must be there before it,
   `const { clock } = nnprobe;`, and gives what it makes, `nnprobe.scrub = …`; the server puts the scripts in an order
   in which that is so (app/pages/scripts.py). */
(() => {
  'use strict';
  window.nnprobe = /** @type {Nnprobe} */ ({
    /** How each panel is shown, by its name: assets/panels/<name>.js. */
    panels: {},
    /** What is said of each page, by its name: assets/pages/<name>.js. {score(film, seq)}, each by choice. */
    pages: {},
  });
})();
