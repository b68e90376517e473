/* choices: what is chosen in the panels' options and inputs: each panel's own in its record, those of the page here. */
(() => {
  'use strict';
  const shared = new Map();

  nnprobe.choices = {
    of: (panel, key) => (panel.options.has(key) ? panel.options.get(key) : shared.get(key)),
    /** Set an option or input of a panel, or a shared one; all that show it follow. */
    set(panel, key, value) {
      const own = panel.options.has(key);
      (own ? panel.options : shared).set(key, value);
      panel.refresh(own);
    },
    /** What an input (`part.inputs`) has before anybody has chosen, or where the film has not what was chosen. */
    start: (panel, spec, value = spec.start) => (spec.shared ? shared : panel.options).set(spec.key, value),
  };
})();
