/* query: a config as the part of an address, as the server writes and reads it. A field of a config within the config
   is named with a dot. */
(() => {
  'use strict';
  /** @param {unknown} a @param {unknown} b */
  const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  /** @param {unknown} value */
  const isGroup = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

  /** What a value is as text, in a link and in a text field: widths as 16-16-16, other lists as 0.1,0.2.
      @param {any} value */
  function text(value, type = '') {
    if (!Array.isArray(value)) return String(value ?? '');
    if (Array.isArray(value[0])) return value.map((pair) => pair.join(':')).join(',');
    return value.join(type === 'integers' ? '-' : ',');
  }
  /** @param {any} value @param {string | undefined} type */
  const say = (value, type) => encodeURIComponent(text(value, type)).replace(/%3A/g, ':').replace(/%2C/g, ',');

  /** @param {Config} config @param {Config | null} defaults @param {Map<string, string>} types
      @param {string} prefix @returns {string[]} */
  function pairs(config, defaults, types, prefix) {
    return Object.keys(config).flatMap((key) => {
      const value = config[key], usual = defaults && defaults[key], name = prefix + key;
      if (name === 'kind') return [];
      if (isGroup(value)) return pairs(value, usual, types, `${name}.`);
      return equal(value, usual) ? [] : [`${name}=${say(value, types.get(name))}`];
    });
  }

  nnprobe.query = {
    text,
    equal,
    isGroup,
    /** A config as a query string: what differs from `defaults`, or all of it. */
    of: (config, defaults = null, types = new Map()) => pairs(config, defaults, types, '').join('&'),
  };
})();
