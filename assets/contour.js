/* The argmax line: marching squares between cells of different class, each crossing where two probabilities are equal. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});

  /** Margin of a cell's class over its rival: exact for two classes, a lower bound (and at least a sliver) for more. */
  const margin = (confidence) => Math.max(2 * (confidence / 255) - 1, 0.004);

  /** Segments as x, y with NaN between them. `classes`, `confidence`: (rows, cols), row 0 at y0; `extent`: x0 x1 y0 y1. */
  nnprobe.argmaxLine = (classes, confidence, rows, cols, extent) => {
    const xs = [], ys = [], dx = (extent[1] - extent[0]) / cols, dy = (extent[3] - extent[2]) / rows;
    const put = (x, y) => {
      xs.push(extent[0] + (x + 0.5) * dx);
      ys.push(extent[2] + (y + 0.5) * dy);
    };
    const crossing = (a, b) => {
      const here = margin(confidence[a]), there = margin(confidence[b]);
      return here / (here + there);
    };
    const found = new Float64Array(8);
    for (let row = 0; row + 1 < rows; row++) {
      for (let col = 0; col + 1 < cols; col++) {
        const a = row * cols + col, b = a + 1, c = a + cols, d = c + 1;
        const ka = classes[a], kb = classes[b], kc = classes[c], kd = classes[d];
        if (ka === kb && ka === kc && ka === kd) continue;
        let n = 0;
        if (ka !== kb) { found[n++] = col + crossing(a, b); found[n++] = row; }
        if (kb !== kd) { found[n++] = col + 1; found[n++] = row + crossing(b, d); }
        if (kd !== kc) { found[n++] = col + 1 - crossing(d, c); found[n++] = row + 1; }
        if (kc !== ka) { found[n++] = col; found[n++] = row + 1 - crossing(c, a); }
        if (n === 4) {
          put(found[0], found[1]);
          put(found[2], found[3]);
          xs.push(NaN); ys.push(NaN);
          continue;
        }
        // Three or four crossings: three classes meet, or a saddle. All run to their middle.
        let mx = 0, my = 0;
        for (let k = 0; k < n; k += 2) { mx += (2 * found[k]) / n; my += (2 * found[k + 1]) / n; }
        for (let k = 0; k < n; k += 2) {
          put(found[k], found[k + 1]);
          put(mx, my);
          xs.push(NaN); ys.push(NaN);
        }
      }
    }
    return { x: xs, y: ys };
  };
})();
