/* The argmax line: marching squares between cells of different class, each crossing where two probabilities are equal.
   */
(() => {
  'use strict';

  /** Margin of a cell's class over its rival where it has more than half the probability: exact for two classes.
      @param {number} confidence */
  const margin = (confidence) => Math.max(2 * (confidence / 255) - 1, 0.004);

  /** How much more of a cell's neighbourhood (5 × 5, binomial weights) is class a than class b. */
  const WEIGHTS = [1, 4, 6, 4, 1];
  /** @param {Numbers} classes @param {number} rows @param {number} cols @param {number} at @param {number} a
      @param {number} b */
  function lead(classes, rows, cols, at, a, b) {
    const row = Math.floor(at / cols), col = at % cols;
    let sum = 0;
    for (let dr = -2; dr <= 2; dr++) {
      const r = row + dr;
      if (r < 0 || r >= rows) continue;
      for (let dc = -2; dc <= 2; dc++) {
        const c = col + dc;
        if (c < 0 || c >= cols) continue;
        const k = classes[r * cols + c];
        if (k === a) sum += WEIGHTS[dr + 2] * WEIGHTS[dc + 2];
        else if (k === b) sum -= WEIGHTS[dr + 2] * WEIGHTS[dc + 2];
      }
    }
    return sum;
  }

  /** The segments of all squares, as nodes that neighbouring squares share and the links between them.
      @param {Numbers} classes @param {Numbers} confidence @param {number} rows @param {number} cols */
  function segments(classes, confidence, rows, cols) {
    const nodes = new Map(), x = /** @type {number[]} */ ([]), y = /** @type {number[]} */ ([]),
      links = /** @type {number[][]} */ ([]);
    /** @param {number} key @param {number} px @param {number} py */
    const node = (key, px, py) => {
      if (!nodes.has(key)) {
        nodes.set(key, x.length);
        x.push(px);
        y.push(py);
        links.push([]);
      }
      return nodes.get(key);
    };
    /** @param {number} a @param {number} b */
    const crossing = (a, b) => {
      if (confidence[a] < 128 || confidence[b] < 128) {
        // Three classes and more may share what is left, so the second probability is unknown: smooth the steps
        // instead.
        const here = lead(classes, rows, cols, a, classes[a], classes[b]),
          there = -lead(classes, rows, cols, b, classes[a], classes[b]);
        return here > 0 && there > 0 ? here / (here + there) : 0.5;
      }
      const here = margin(confidence[a]), there = margin(confidence[b]);
      return here / (here + there);
    };
    // An edge's key is its lower or left cell, doubled, and one more where it runs upward.
    /** @param {number} a @param {number} row @param {number} col */
    const across = (a, row, col) => node(2 * a, col + crossing(a, a + 1), row);
    /** @param {number} a @param {number} row @param {number} col */
    const upward = (a, row, col) => node(2 * a + 1, col, row + crossing(a, a + cols));
    for (let row = 0; row + 1 < rows; row++) {
      for (let col = 0; col + 1 < cols; col++) {
        const a = row * cols + col, b = a + 1, c = a + cols, d = c + 1;
        const ka = classes[a], kb = classes[b], kc = classes[c], kd = classes[d];
        if (ka === kb && ka === kc && ka === kd) continue;
        const met = /** @type {number[]} */ ([]);
        if (ka !== kb) met.push(across(a, row, col));
        if (kb !== kd) met.push(upward(b, row, col + 1));
        if (kc !== kd) met.push(across(c, row + 1, col));
        if (ka !== kc) met.push(upward(a, row, col));
        if (met.length > 2) {
          // Three classes meet, or a saddle: all run to their middle.
          /** @param {number[]} list */
          const mean = (list) => met.reduce((sum, k) => sum + list[k], 0) / met.length;
          const middle = node(-1 - a, mean(x), mean(y));
          for (const k of met) { links[k].push(middle); links[middle].push(k); }
        } else {
          links[met[0]].push(met[1]);
          links[met[1]].push(met[0]);
        }
      }
    }
    return { x, y, links };
  }

  /** Polylines as x, y with NaN between them. `classes`, `confidence`: (rows, cols), row 0 at y0; `extent`: x0 x1 y0
      y1. */
  nnprobe.argmaxLine = (classes, confidence, rows, cols, extent) => {
    const { x, y, links } = segments(classes, confidence, rows, cols);
    const xs = /** @type {number[]} */ ([]), ys = /** @type {number[]} */ ([]), dx = (extent[1] - extent[0]) / cols,
      dy = (extent[3] - extent[2]) / rows;
    /** @param {number} k */
    const put = (k) => {
      xs.push(extent[0] + (x[k] + 0.5) * dx);
      ys.push(extent[2] + (y[k] + 0.5) * dy);
    };
    /** @param {number} from */
    const walk = (from) => {
      let at = from;
      put(at);
      while (links[at].length) {
        const next = /** @type {number} */ (links[at].pop());
        links[next].splice(links[next].indexOf(at), 1);
        put(next);
        at = next;
        if (links[at].length > 1) break; // a meeting of three: the others begin here
      }
      xs.push(NaN);
      ys.push(NaN);
    };
    // From every end and meeting first; what is left then are rings.
    for (let k = 0; k < links.length; k++) if (links[k].length !== 2) while (links[k].length) walk(k);
    for (let k = 0; k < links.length; k++) while (links[k].length) walk(k);
    return { x: xs, y: ys };
  };
})();
