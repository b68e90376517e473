/* limits: bounds of fields that hang on other fields (app/pages/limits.py), and what a newly chosen setting starts
   with. The form says which there are; nothing here knows a field by name. */
(() => {
  'use strict';
  const PASSES = 4, ROUNDING = 1e-9;

  /** @param {When} when @param {Config} values */
  const applies = (when, values) => Object.entries(when).every(([name, among]) => among.includes(String(values[name])));

  /** A number; of a text with values, as 4,8 or 4:12:2, how many there are (1 where it is empty).
      @param {any} value @returns {number} */
  const amount = (value) => (typeof value !== 'string' ? Number(value) : value.split(',').reduce((sum, part) => {
    const [first, last, step] = part.split(':').map(Number);
    return sum + (step > 0 && last >= first ? Math.floor((last - first) / step + ROUNDING) + 1 : 1);
  }, 0));

  /** @param {Limit} _ @param {Config} values */
  const boundOf = ({ of, times, over, plus }, values) => {
    const product = of.reduce((all, name) => all * amount(values[name]), 1);
    return over ? over / product : plus + times * product;
  };

  const HOLDS = {
    /** @param {Limit} limit @param {Config} values */
    Limit(limit, values) {
      if (!applies(limit.when, values)) return true;
      const value = Number(values[limit.field]), bound = boundOf(limit, values);
      if (limit.strict && value === bound) return false;
      return limit.side === 'hi' ? value <= bound : value >= bound;
    },
    /** @param {Limit} _ @param {Config} values */
    Only: ({ field, among, when }, values) => !applies(when, values) || among.includes(String(values[field])),
    /** @param {Limit} _ @param {Config} values */
    Unlike({ field, other, pairs }, values) {
      const [one, two] = [values[field], values[other]];
      return !one || (one !== two && !pairs.some((pair) => pair.includes(one) && pair.includes(two)));
    },
  };

  nnprobe.makeLimits = (limits) => {
    /** @param {Limit} limit @param {Config} values */
    const holds = (limit, values) => HOLDS[limit.kind](limit, values);
    /** @param {string} name @param {Limit['kind']} kind */
    const of = (name, kind) => limits.filter((limit) => limit.field === name && limit.kind === kind);

    return {
      /** Whether a choice may be made, with all else as it is. */
      allows: (name, choice, values) => limits.filter((limit) => limit.field === name && limit.kind !== 'Limit')
        .every((limit) => holds(limit, { ...values, [name]: choice })),

      /** The places on a slider that are allowed: [first, last] of lo, lo + step, …; or of the indices of its stops. */
      range(name, { lo, hi, step, stops }, values) {
        const at = (/** @type {number} */ place) => (stops ? stops[place] : place),
          fits = (/** @type {number} */ place) =>
            of(name, 'Limit').every((limit) => holds(limit, { ...values, [name]: at(place) }));
        if (!of(name, 'Limit').length) return [lo, hi];
        const last = Math.floor((hi - lo) / step + ROUNDING),
          places = Array.from({ length: last + 1 }, (_, k) => Number((lo + k * step).toPrecision(12)));
        const good = places.filter(fits);
        return good.length ? [good[0], good[good.length - 1]] : [lo, lo];
      },

      /** A typed number's bounds. */
      bounds(name, [lo, hi], values) {
        for (const limit of of(name, 'Limit')) {
          if (!applies(limit.when, values)) continue;
          if (limit.side === 'hi') hi = Math.min(hi, boundOf(limit, values));
          else lo = Math.max(lo, boundOf(limit, values));
        }
        return [lo, hi];
      },

      /** Names of the fields that break a limit, in the order in which their limits are said. */
      broken: (values) => limits.filter((limit) => !holds(limit, values)).map((limit) => limit.field),

      /** Of `candidates` for the setting `name`, those with which every limit that is about it holds. */
      filter: (name, candidates, values) =>
        candidates.filter((text) => {
          const value = text === '' || Number.isNaN(Number(text)) ? text : Number(text),
            trial = { ...values, [name]: value };
          return !(name in values) || limits.every((limit) => holds(limit, trial) || !holds(limit, values));
        }),
      PASSES,
    };
  };
})();
