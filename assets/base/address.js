/* address: the whole experiment in the address bar. What differs from the defaults, `run` where the film is a recorded
   run, and `at` (a step) where the playhead is not simply at the live edge. */
(() => {
  'use strict';

  /** {query: the config's part, run, at (a step or null)} of an address. */
  function read(search = location.search) {
    const parts = search.replace(/^\?/, '').split('&').filter(Boolean);
    const take = (name) => {
      const found = parts.find((part) => part.startsWith(`${name}=`));
      return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
    };
    const at = take('at');
    return {
      query: parts.filter((part) => !/^(run|at|kind)=/.test(part)).join('&'),
      run: take('run'),
      at: at !== null && /^\d+$/.test(at) ? Number(at) : null,
    };
  }

  function text({ query = '', run = null, at = null, path = location.pathname }) {
    const parts = [query, run ? `run=${encodeURIComponent(run)}` : '', at === null ? '' : `at=${at}`].filter(Boolean);
    return `${path}${parts.length ? `?${parts.join('&')}` : ''}`;
  }

  nnprobe.address = {
    read,
    text,
    /** `step`: the browser's Back leads to where the address was before. */
    write(address, step = false) {
      const next = text(address);
      if (next !== location.pathname + location.search) history[step ? 'pushState' : 'replaceState'](null, '', next);
    },
  };
})();
