/* shown: which of the page's panels are shown, and in what order. What the address says (`panels=loss,layers`) comes
   before what this browser remembers of the page, and that before what the page opens with. The panels that a preset is
   about are shown while it is: guests, which are not remembered. */
(() => {
  'use strict';
  const { address, emitter, page } = nnprobe;
  const KEY = `nnprobe-panels-${page.name}`, EVERY = 'all';
  const { all, first } = page.panels;
  const events = emitter();
  let chosen = first, guests = /** @type {string[]} */ ([]);

  /** @param {string[]} one @param {string[]} other */
  const same = (one, other) => one.length === other.length && one.every((name, k) => name === other[k]);
  /** @param {string[]} names */
  const known = (names) => [...new Set(names)].filter((name) => all.includes(name));
  /** @param {string} text */
  const named = (text) => (text === EVERY ? all : text.split(',').filter(Boolean));

  function remembered() {
    try { return known(named(localStorage.getItem(KEY) || '')); } catch { return []; /* private mode */ }
  }
  function remember() {
    try {
      if (same(chosen, first)) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, chosen.join());
    } catch { /* private mode: for this page only */ }
  }

  /** @param {string[]} names @param {string[]} beside @param {{ step?: boolean }} how */
  function become(names, beside, how) {
    const before = shown.names;
    chosen = names;
    guests = beside;
    if (!same(before, shown.names)) events.emit('change', how);
  }

  /** @type {Shown} */
  const shown = {
    /** 'change' ({step}: by hand, and a step of its own in the browser's history). */
    on: events.on,
    all,
    first,
    get names() { return [...chosen, ...guests]; },
    has: (name) => chosen.includes(name) || guests.includes(name),
    get asAtFirst() { return same(shown.names, first); },

    /** What an address says of it, null where the page opens so by itself. */
    get text() {
      const { names } = shown;
      return same(names, first) ? null : same(names, all) ? EVERY : names.join();
    },
    /** For the browser's history: which of them are guests, an address does not say. */
    get state() { return { chosen, guests }; },

    /** As an address says (`panels`, null: nothing), or a place in the browser's history (`state`, as it was given).
        The names that no panel of this page has. */
    open(panels, state = null) {
      const asked = panels === null ? [] : named(panels), link = known(asked), kept = remembered();
      if (state && known(state.chosen).length) become(known(state.chosen), known(state.guests), {});
      else become(link.length ? link : kept.length ? kept : first, [], {});
      return asked.filter((name) => !all.includes(name));
    },
    /** By hand: these and no others, in this order; false where it would be none. `step` as at `on`. */
    choose(names, { step = true } = {}) {
      if (!names.length) return false;
      become(names, [], { step });
      remember();
      return true;
    },
    add: (name, how) => shown.choose(known([...shown.names, name]), how),
    remove: (name, how) => shown.choose(shown.names.filter((one) => one !== name), how),

    /** Names in the page's own link that no panel of it has. */
    unknown: /** @type {string[]} */ ([]),

    /** A film comes that is about these panels. */
    about(names) { become(chosen, known(names).filter((name) => !chosen.includes(name)), {}); },
  };
  const { panels } = address.read();
  shown.unknown = shown.open(panels, history.state && history.state.panels);
  nnprobe.shown = shown;
})();
