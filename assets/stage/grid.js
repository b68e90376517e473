/* grid: panels in rows, in reading order. How many rows is found, not said: those in which panels come nearest to the
   shape they ask for. A panel says how wide and how high it would be beside others (app/panels/panel.py); the rows of
   more panels than a screen has room for keep a height at which they can be read, and the stage scrolls. */
(() => {
  'use strict';
  const COLUMNS = 120; // of the stage's grid (styles/grid.css); shared among the panels of a row by their widths
  const LEAST = 160; // px: a row's height
  /** @param {number[]} list */
  const sum = (list) => list.reduce((total, one) => total + one, 0);
  const wide = (/** @type {Wished[]} */ row) => sum(row.map((/** @type {any} */ one) => one.width)),
    tall = (/** @type {Wished[]} */ row) => Math.max(...row.map((/** @type {any} */ one) => one.height));

  /** Wishes in `count` rows, cut where the sum of widths is nearest to equal shares; the upper row has the fewer.
      @param {Wished[]} wishes @param {number} count */
  function cut(wishes, count) {
    const ends = [0];
    for (let row = 1; row < count; row++) {
      /** @param {number} k */
      const off = (k) => Math.abs(wide(wishes.slice(0, k)) - (wide(wishes) * row) / count);
      let best = ends[row - 1] + 1;
      for (let k = best + 1; k <= wishes.length - (count - row); k++) if (off(k) < off(best) - 1e-9) best = k;
      ends.push(best);
    }
    return ends.map((from, row) => wishes.slice(from, ends[row + 1]));
  }

  /** How far the panels of these rows are from the shapes they ask for; one that is far off counts more than several
      that are near.
      @param {Wished[][]} rows @param {number} width @param {number} height */
  function strain(rows, width, height) {
    const heights = rows.map(tall), unit = height / sum(heights);
    const off = rows.flatMap((row, k) => row.map((one) => {
      const across = (width * one.width) / wide(row), up = Math.max(LEAST, unit * heights[k]);
      return Math.log((across * one.height) / (up * one.width)) ** 4;
    }));
    return sum(off) / off.length;
  }

  nnprobe.grid = {
    /** Rows [{height, spans}] for `wishes` [{width, height}] on a stage of so many pixels; the spans of a row make up
        COLUMNS. */
    rows(wishes, width, height) {
      const ways = wishes.map((_, k) => cut(wishes, k + 1));
      const best = ways.reduce((a, b) => (strain(b, width, height) < strain(a, width, height) ? b : a));
      return best.map((row) => {
        /** @param {number} k */
        const end = (k) => Math.round((COLUMNS * wide(row.slice(0, k))) / wide(row));
        return { height: tall(row), spans: row.map((_, k) => end(k + 1) - end(k)) };
      });
    },
    /** Lay `sections` out on the stage `root`. */
    lay(root, sections) {
      const wishes = sections.map(({ dataset }) => ({ width: Number(dataset.width), height: Number(dataset.height) }));
      const rows = nnprobe.grid.rows(wishes, Math.max(1, root.clientWidth), Math.max(1, root.clientHeight));
      const spans = rows.flatMap((row) => row.spans), beside = sections.length - 1, columns = beside > 4 ? 2 : 1;
      const gap = parseFloat(getComputedStyle(root).rowGap) || 0;
      root.toggleAttribute('data-scrolls', rows.length * (LEAST + gap) - gap > root.clientHeight);
      root.style.setProperty('--rows', rows.map((row) => `minmax(${LEAST}px, ${row.height}fr)`).join(' '));
      root.style.setProperty('--strip-columns', columns);
      root.style.setProperty('--strip-rows', Math.max(1, Math.min(4, Math.ceil(beside / columns))));
      sections.forEach((section, k) => section.style.setProperty('--span', spans[k]));
    },
  };
})();
