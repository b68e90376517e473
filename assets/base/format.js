/* Numbers and names as people read them; one place, so that all panels speak alike. */
(() => {
  'use strict';
  const THIN = '\u2009', SUPER = '⁰¹²³⁴⁵⁶⁷⁸⁹', SUB = '₀₁₂₃₄₅₆₇₈₉';
  /** @param {number} n @param {string} table */
  const digits = (n, table) => String(Math.abs(n)).replace(/\d/g, (d) => table[Number(d)]);

  /** @type {Format} */
  const format = {
    /** 1500 → "1 500" */
    count: (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN),
    /** Three significant digits, powers of ten outside .001 … 9 999. */
    value(v, places = 3) {
      if (!Number.isFinite(v)) return 'not finite';
      const size = Math.abs(v);
      if (size === 0) return '0';
      if (size < 1e-3 || size >= 1e4) {
        const power = Math.floor(Math.log10(size)), lead = (v / 10 ** power).toPrecision(2);
        return `${lead}·10${power < 0 ? '⁻' : ''}${digits(power, SUPER)}`;
      }
      return String(Number(v.toPrecision(places)));
    },
    /** .873 → "87.3 %"; never "100 %" for less than all. */
    percent(v, places = 0) {
      if (!Number.isFinite(v)) return '–';
      const scale = 10 ** places, shown = v < 1 ? Math.min(Math.round(v * 100 * scale) / scale, 100 - 1 / scale) : 100;
      return `${shown.toFixed(places)}${THIN}%`;
    },
    /** 10 to a whole power, as an axis says it. */
    power: (
      p,
    ) => (p >= -2 && p <= 3 ? String(Number((10 ** p).toPrecision(1))) : `10${p < 0 ? '⁻' : ''}${digits(p, SUPER)}`),
    sub: (n) => digits(n, SUB),
    plural: (n, one, many = `${one}s`) => `${format.count(n)} ${n === 1 ? one : many}`,
  };
  nnprobe.format = format;
})();
