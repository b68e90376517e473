/* address: the whole experiment in the address bar. What differs from the defaults, `run` where the film is a recorded
   run, `at` (a step) where the playhead is not simply at the live edge, and `panels` where others are shown than at
   first. */
(() => {
  'use strict';

  /** {query: the config's part, run, at (a step or null), panels (their names, or null)} of an address. */
  function read(search = location.search) {
    const parts = search.replace(/^\?/, '').split('&').filter(Boolean);
    /** @param {string} name */
    const take = (name) => {
      const found = parts.find((part) => part.startsWith(`${name}=`));
      return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
    };
    const at = take('at');
    return {
      query: parts.filter((part) => !/^(run|at|kind|panels)=/.test(part)).join('&'),
      run: take('run'),
      at: at !== null && /^\d+$/.test(at) ? Number(at) : null,
      panels: take('panels'),
    };
  }

  /** @param {Partial<Address> & { path?: string }} place */
  function text({ query = '', run = null, at = null, panels = null, path = location.pathname }) {
    const parts = [query, run ? `run=${encodeURIComponent(run)}` : '', at === null ? '' : `at=${at}`,
      panels ? `panels=${panels}` : ''].filter(Boolean);
    return `${path}${parts.length ? `?${parts.join('&')}` : ''}`;
  }

  nnprobe.address = {
    read,
    text,
    /** `step`: the browser's Back leads to where the address was before. `state` is kept with it in the browser's
        history. */
    write(address, step = false, state = null) {
      const next = text(address), moved = next !== location.pathname + location.search;
      if (moved || JSON.stringify(state) !== JSON.stringify(history.state))
        history[step && moved ? 'pushState' : 'replaceState'](state, '', next);
    },
  };
})();
