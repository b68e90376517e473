/* plane: the input plane as the network sees it: confidence as colour, and the argmax line. */
(() => {
  'use strict';
  const { argmaxLine } = nnprobe;

  /** How strongly a cell is coloured: almost nothing where the network is undecided, softly more with confidence.
      @param {number} classes */
  function strengths(classes) {
    return Float32Array.from({ length: 256 }, (_, q) => {
      const c = Math.max(0, (q / 255 - 1 / classes) / (1 - 1 / classes));
      return 0.08 + 0.74 * c * (0.55 + 0.45 * c);
    });
  }

  /** 1 near the points, falling to .36 over a few cells where there are none.
      @param {Numbers} far @param {number} rows @param {number} cols */
  function nearness(far, rows, cols) {
    /** @param {Float32Array} input @param {number} step @param {number} count */
    const blur = (input, step, count) => {
      const out = new Float32Array(input.length), reach = 3;
      for (let i = 0; i < input.length; i++) {
        const place = Math.floor(i / step) % count;
        let sum = 0, n = 0;
        for (let k = -reach; k <= reach; k++)
          if (place + k >= 0 && place + k < count) {
            sum += input[i + k * step];
            n++;
          }
        out[i] = sum / n;
      }
      return out;
    };
    const soft = blur(blur(Float32Array.from(far), 1, cols), cols, rows);
    return soft.map((v) => 1 - 0.64 * v);
  }

  /** The plane in the classes' colours and the line between them, on subplot `axis`; nothing without a network.
      @param {Ctx} ctx @param {Frame} frame @param {number} axis @returns {Mark[]} */
  function plane(ctx, frame, axis) {
    if (!frame.arrays['boundary.class']) return [];
    const extent = ctx.head['data.extent'].data, [x0, x1, y0, y1] = extent;
    const { pixels, rows, cols, classes, confidence } = picture(ctx, frame.arrays);
    /** @param {number} row @param {number} col */
    const says = (row, col) => {
      const k = (rows - 1 - row) * cols + col;
      return `class ${classes[k]}, confidence ${ctx.format.percent(confidence[k] / 255, 1)}`;
    };
    const line = argmaxLine(classes, confidence, rows, cols, extent);
    return [{ kind: 'image', axis, x0, x1, y0, y1, w: cols, h: rows, pixels, smooth: true, hover: says }, {
      kind: 'line',
      axis,
      x: line.x,
      y: line.y,
      colour: ctx.theme.ink,
      width: ctx.tiny ? 1 : 1.8 * Math.sqrt(ctx.theme.markerScale),
    }];
  }

  /** @param {Ctx} ctx @param {Arrays} arrays */
  function picture(ctx, arrays) {
    const classes = arrays['boundary.class'].data, confidence = arrays['boundary.confidence'].data;
    const [rows, cols] = arrays['boundary.class'].shape, count = ctx.widths[ctx.widths.length - 1];
    const pixels = ctx.memo('pixels', () => new Uint8ClampedArray(rows * cols * 4));
    const strength = ctx.memo('strength', () => strengths(Math.max(2, count)));
    const far = ctx.head['data.far'];
    const near = far ? ctx.memo('near', () => nearness(far.data, rows, cols)) : null;
    const colours = ctx.theme.classes.map(ctx.theme.rgb);
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        const from = row * cols + col, to = 4 * ((rows - 1 - row) * cols + col), colour = colours[classes[from] % 6];
        pixels[to] = colour[0];
        pixels[to + 1] = colour[1];
        pixels[to + 2] = colour[2];
        pixels[to + 3] = 255 * strength[confidence[from]] * (near ? near[from] : 1);
      }
    }
    return { pixels, rows, cols, classes, confidence };
  }

  nnprobe.plane = plane;
})();
