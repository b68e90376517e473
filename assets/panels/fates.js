/* Fates: the decision boundaries of up to 64 networks on one clock, the best first, each with a bar of its test
   accuracy. */
(() => {
  'use strict';
  const { countsOf, layout, sweep } = nnprobe;
  const GAP = 3, SOLVED = 0.99;

  /** @param {Ctx} ctx */
  const count = (ctx) => ctx.head['fates.extent'].shape[0];

  /** Columns and rows that give the largest squares.
      @param {Ctx} ctx */
  function grid(ctx) {
    const n = count(ctx), wide = ctx.width - 8, high = ctx.height - 8;
    let best = { cols: 1, rows: n, size: 0 };
    for (let cols = 1; cols <= n; cols++) {
      const rows = Math.ceil(n / cols), size = Math.min(wide / cols, high / (rows * 1.1));
      if (size > best.size) best = { cols, rows, size };
    }
    return best;
  }

  /** The networks that have a tile, the best first.
      @param {Ctx} ctx */
  const ordered = (ctx) => sweep.ranking(ctx.film).order.filter((cell) => cell < count(ctx));

  /** Their test accuracy at a frame.
      @param {Ctx} ctx @param {number} seq */
  const accuracies = (ctx, seq) =>
    sweep.scores(ctx.frame(seq).arrays['sweep.scores'], 'test_accuracy').slice(0, count(ctx));

  /** Strength of a cell's colour by its confidence: almost nothing where the network is undecided.
      @param {number} classes */
  const strengths = (classes) => Float32Array.from({ length: 256 }, (_, q) => {
    const c = Math.max(0, (q / 255 - 1 / classes) / (1 - 1 / classes));
    return 255 * (0.1 + 0.8 * c * (0.55 + 0.45 * c));
  });

  /** @param {Ctx} ctx @param {number} seq */
  function picture(ctx, seq) {
    const classes = ctx.film.latest('fates.class', seq), sure = ctx.film.latest('fates.confidence', seq);
    if (!classes || !sure) return null;
    const { cols, rows } = grid(ctx), [, , side] = classes.array.shape, pitch = side + GAP;
    const w = cols * pitch, h = rows * pitch, tiles = ordered(ctx);
    // of this picture alone: an older one may still be on its way to Plotly
    const pixels = new Uint8ClampedArray(w * h * 4);
    const labels = classes.array.data, strength = ctx.memo('strength', () => strengths(countsOf(ctx.config).classes));
    const colours = ctx.theme.classes.map(ctx.theme.rgb), confidence = sure.array.data;
    tiles.forEach((cell, place) => {
      const left = (place % cols) * pitch + 1, top = Math.floor(place / cols) * pitch + 1;
      for (let row = 0; row < side; row++) {
        for (let col = 0; col < side; col++) {
          const from = (cell * side + side - 1 - row) * side + col, to = 4 * ((top + row) * w + left + col),
            colour = colours[labels[from] % 6];
          pixels[to] = colour[0];
          pixels[to + 1] = colour[1];
          pixels[to + 2] = colour[2];
          pixels[to + 3] = strength[confidence[from]];
        }
      }
    });
    return { pixels, w, h, tiles, cols, rows, side, pitch };
  }

  /** The network in a column and a row, counted from the top, of a picture that is drawn; undefined between tiles.
      @param {{ tiles: number[], cols: number }} _ @param {number} col @param {number} row
      @returns {number | undefined} */
  const tileAt = ({ tiles, cols }, col,
    row) => (col >= 0 && col < cols && row >= 0 ? tiles[row * cols + col] : undefined);

  nnprobe.panels.fates = {
    empty: 'Here up to 64 networks will live side by side, each with its decision boundary.',

    layout(ctx) {
      const { cols, rows, size } = grid(ctx), width = cols * size, height = rows * size * 1.1;
      const box = { left: (ctx.width - width) / 2, top: Math.max(2, (ctx.height - height) / 2), width, height };
      const bare = { showgrid: false, showticklabels: false };
      return { ...layout.base(ctx),
        ...layout.axes(ctx, 1, box, { range: [0, cols], ...bare }, { range: [0, rows], scaleanchor: 'x',
          scaleratio: 1.1, ...bare }) };
    },

    marks(ctx, seq) {
      const found = picture(ctx, seq), out = /** @type {Mark[]} */ ([]);
      if (!found) return out;
      const { pixels, w, h, tiles, cols, rows, side, pitch } = found, { theme, format } = ctx;
      const read = sweep.of(ctx.film), now = sweep.at(ctx, seq);
      /** @param {number} row @param {number} col */
      const says = (row, col) => {
        const cell = tileAt(found, Math.floor(col / pitch), Math.floor(row / pitch));
        return cell === undefined
          ? ''
          : `${sweep.name(read, cell)}<br>step ${format.count(now.step[cell])}: test accuracy `
            + `${format.percent(now.score('test_accuracy', cell), 1)}<br>click: ${sweep.CLICK}`;
      };
      // What is drawn where goes with the picture: a tap is answered from it, and from nothing that may have moved on.
      out.push({ kind: 'image', axis: 1, x0: 0, x1: cols, y0: 0, y1: rows, w, h, pixels, smooth: true, hover: says,
        drawn: { tiles, cols, rows } });
      // Below each tile a bar from chance to all right; full and bright once the network has solved it.
      /** @type {() => { x0: number[], x1: number[], y0: number[], y1: number[] }} */
      const none = () => ({ x0: [], x1: [], y0: [], y1: [] }), bars = { true: none(), false: none() };
      const chance = 1 / countsOf(ctx.config).classes;
      tiles.forEach((cell, place) => {
        const score = now.score('test_accuracy', cell), tile = side / pitch;
        const left = place % cols, bottom = rows - 1 - Math.floor(place / cols);
        if (!Number.isFinite(score)) return;
        const bar = score >= SOLVED ? bars.true : bars.false;
        bar.x0.push(left + 0.03);
        bar.x1.push(left + 0.03 + (tile - 0.02) * Math.max(0.02, (score - chance) / (1 - chance)));
        bar.y0.push(bottom + 0.015);
        bar.y1.push(bottom + 0.065);
      });
      out.push({ kind: 'bars', axis: 1, ...bars.false, colour: theme.soft, alpha: 0.8 }, { kind: 'bars', axis: 1,
        ...bars.true, colour: theme.accent, alpha: 1 });
      const followed = ctx.option('network'), place = tiles.indexOf(followed);
      if (place >= 0) {
        const x = place % cols, y = rows - 1 - Math.floor(place / cols), d = 0.93;
        out.push({ kind: 'line', axis: 1, x: [x, x + d, x + d, x, x], y: [y + 1, y + 1, y + 0.07, y + 0.07, y + 1],
          colour: theme.ink, width: 2 });
      }
      return out;
    },

    tap(ctx, hit) {
      const image = hit.marks.filter((mark) => mark.kind === 'image').find((mark) => mark.drawn);
      if (!image || !hit.at) return;
      const [x, y] = hit.at, cell = tileAt(image.drawn, Math.floor(x), Math.floor(image.drawn.rows - y));
      if (cell !== undefined) sweep.open(sweep.of(ctx.film), cell);
    },

    says(ctx, seq) {
      const { format } = ctx, scores = accuracies(ctx, seq), all = sweep.spread(scores);
      if (!all) return 'no network has a result yet.';
      return `${scores.filter((score) => score >= SOLVED).length} of ${format.plural(scores.length, 'network')} get `
        + `99 % of test points right or more; the best ${format.percent(all.high, 1)}, the worst `
        + `${format.percent(all.low, 1)}.`;
    },

    note(ctx, seq) {
      const read = sweep.of(ctx.film), n = count(ctx);
      const solved = accuracies(ctx, seq).filter((score) => score >= SOLVED).length;
      const first = sweep.ranking(ctx.film).final ? 'best at the end first' : 'best so far first';
      return `${n < read.count ? `the first ${n} of ${ctx.format.count(read.count)}` : ctx.format.plural(n, 'network')}`
        + `: ${solved} solved, ${first}`;
    },
  };
})();
