/* Gallery: original, adversary and their difference, magnified; in the plane, the way of every point. */
(() => {
  'use strict';
  const { attack, columnOf, layout, marks, table } = nnprobe;
  const GAP = 1; // pixels of a picture between the three of an example

  /** @param {Ctx} ctx */
  const pictures = (ctx) => ctx.head['attack.originals'].shape.length === 3;

  /** How the examples stand: columns, pixels of the screen per pixel of a picture, and the size of a cell.
      @param {Ctx} ctx */
  function grid(ctx) {
    const [count, h, w] = ctx.head['attack.originals'].shape, font = ctx.theme.fontSize,
      label = ctx.tiny ? 2 : font * 1.7, across = 3 * w + 2 * GAP;
    let best = { cols: 1, rows: 1, unit: 0 };
    for (let cols = 1; cols <= count; cols++) {
      const rows = Math.ceil(count / cols),
        unit = Math.min((ctx.width - 8) / cols / (across + 3), ((ctx.height - 6) / rows - label - 4) / h);
      if (unit > best.unit) best = { cols, rows, unit };
    }
    return { ...best, count, w, h, across, label, width: (ctx.width - 8) / best.cols,
      height: (ctx.height - 6) / best.rows };
  }

  /** One example as pixels, three pictures side by side.
      @param {Ctx} ctx @param {any} g @param {number} k @param {any} original @param {any} adversary
      @param {number} epsilon */
  function strip(ctx, g, k, original, adversary, epsilon) {
    const { theme } = ctx, pixels = new Uint8ClampedArray(4 * g.across * g.h), dark = theme.rgb(theme.bg),
      light = theme.rgb(theme.ink);
    const more = theme.rgb(theme.alarm), less = theme.rgb(theme.classes[0]), from = k * g.w * g.h;
    /** @param {number} x @param {number} y @param {Iterable<number>} colour */
    const put = (x, y, colour, alpha = 255) => pixels.set([...colour, alpha], 4 * (y * g.across + x));
    for (let y = 0; y < g.h; y++) {
      for (let x = 0; x < g.w; x++) {
        const a = original[from + y * g.w + x], b = adversary[from + y * g.w + x],
          change = epsilon > 0 ? Math.max(-1, Math.min(1, (b - a) / epsilon)) : 0;
        /** @param {number} v */
        const grey = (v) => dark.map((d, c) => d + (light[c] - d) * Math.max(0, Math.min(1, v)));
        put(x, y, grey(a));
        put(x + g.w + GAP, y, grey(b));
        put(x + 2 * (g.w + GAP), y, change > 0 ? more : less, 18 + 237 * Math.abs(change));
      }
    }
    return pixels;
  }

  /** The largest change of any pixel: in L2 it is less than ε.
      @param {Config} config @param {Arrays | null} arrays @param {number} epsilon */
  const full = (config, arrays,
    epsilon) => (config.norm === 'linf' || !arrays
      ? epsilon
      : Math.max(1e-6, ...nnprobe.columns(arrays['attack.size'])[columnOf('attack.size', 'linf')]));

  /** @param {Ctx} ctx @param {number} seq @returns {Mark[]} */
  function ofPictures(ctx, seq) {
    const g = grid(ctx), { theme, format } = ctx, frame = ctx.frame(seq), size = attack.sizeAt(ctx, seq),
      out = /** @type {Mark[]} */ ([]);
    const names = ctx.film.head.header.classes, original = ctx.head['attack.originals'].data,
      arrays = size ? frame.arrays : null;
    const adversary = arrays ? arrays['attack.examples'].data : original, labels = ctx.head['attack.labels'].data,
      most = full(ctx.config, arrays, size ? size.epsilon : 0);
    // asked where there is an adversary alone
    const [predicted, confidence, changed] = ['attack.predicted', 'attack.confidence', 'attack.size'].map((name) =>
      /** @type {Cells} */ (arrays && table(name, arrays[name]))
    );
    for (let k = 0; k < g.count; k++) {
      const left = 4 + (k % g.cols) * g.width + (g.width - g.across * g.unit) / 2,
        top = 4 + Math.floor(k / g.cols) * g.height;
      const [before, after] = ['before', 'after'].map((when) => (arrays ? predicted(when, k) : labels[k]));
      /** @param {string} when */
      const sure = (when) => (arrays ? ` ${format.percent(confidence(when, k))}` : '');
      const says = () => (arrays
        ? `a ${names[labels[k]]}: taken for ${names[before]}${sure('before')}, then for `
          + `${names[after]}${sure('after')}<br>changed by ${format.value(changed('linf', k), 2)} (L∞), `
          + `${format.value(changed('l2', k), 2)} (L2)`
        : `a ${names[labels[k]]}`);
      out.push({ kind: 'image', axis: 1, x0: left, x1: left + g.across * g.unit, y0: ctx.height - top - g.h * g.unit,
        y1: ctx.height - top, w: g.across, h: g.h, pixels: strip(ctx, g, k, original, adversary, most), smooth: false,
        hover: says });
      if (ctx.tiny)
        continue;
      const lost = after !== before;
      /** @param {...string} wordings */
      const fits = (...wordings) => marks.fitting(ctx, g.width - 6, ...wordings);
      const said = arrays
        ? fits(
          `${names[before]}${sure('before')} → ${names[after]}${sure('after')}`,
          `${names[before]} → ${names[after]}${sure('after')}`,
          `${names[before]} → ${names[after]}`,
        )
        : fits(`a ${names[labels[k]]}`);
      const [first, second] = said.split(' → ');
      const rich = second === undefined
        ? [{ text: said, colour: theme.soft }]
        : [{ text: `${first} → `, colour: theme.soft }, { text: second, colour: lost ? theme.alarm : theme.soft,
          bold: lost }];
      out.push({ kind: 'text', axis: 1, x: left, y: ctx.height - top - g.h * g.unit, dy: 3, rich, colour: theme.soft,
        anchor: 'left', baseline: 'top' });
    }
    return out;
  }

  // ---- in the plane ------------------------------------------------------------------------------------------------

  /** @param {Ctx} ctx */
  function box(ctx) {
    const { below, left } = layout.room(ctx),
      side = Math.max(20, Math.min(ctx.width - left - 10, ctx.height - below - 10));
    return { left: left + (ctx.width - left - 10 - side) / 2, top: 6, width: side, height: side };
  }

  /** @param {Ctx} ctx @param {number} seq @returns {Mark[]} */
  function cells(ctx, seq) {
    const found = ctx.film.latest('boundary.class', seq), sure = ctx.film.latest('boundary.confidence', seq);
    if (!found || !sure) return [];
    const [h, w] = found.array.shape, pixels = new Uint8ClampedArray(4 * w * h),
      colours = ctx.theme.classes.map(ctx.theme.rgb), [x0, x1, y0, y1] = ctx.head['data.extent'].data;
    for (let row = 0; row < h; row++) {
      for (let col = 0; col < w; col++) {
        const from = row * w + col, to = 4 * ((h - 1 - row) * w + col);
        pixels.set(colours[found.array.data[from] % 6], to);
        pixels[to + 3] = 30 + 150 * Math.max(0, (sure.array.data[from] / 255 - 0.5) * 2);
      }
    }
    const line = nnprobe.argmaxLine(found.array.data, sure.array.data, h, w, ctx.head['data.extent'].data);
    return [{ kind: 'image', axis: 1, x0, x1, y0, y1, w, h, pixels, smooth: true },
      { kind: 'line', axis: 1, x: line.x, y: line.y, colour: ctx.theme.ink, width: 1.6 }];
  }

  /** @param {Ctx} ctx @param {number} seq @returns {Mark[]} */
  function ofPoints(ctx, seq) {
    const [x, y] = ctx.memo('from', () => nnprobe.columns(ctx.head['attack.originals'])), { theme, format } = ctx,
      labels = ctx.head['attack.labels'].data;
    const size = attack.sizeAt(ctx, seq), out = cells(ctx, seq), frame = ctx.frame(seq),
      dot = Math.max(3, Math.min(8, box(ctx).width / 70));
    if (!size)
      return [...out, ...marks.classes(ctx, 1, x, y, labels, { size: dot, pick: false, hover: (i) =>
        `test point ${i}, class ${labels[i]}` })];
    const [ax, ay] = nnprobe.columns(frame.arrays['attack.examples']);
    const [predicted, confidence] = ['attack.predicted', 'attack.confidence'].map((name) =>
      table(name, frame.arrays[name])
    );
    for (const lost of [false, true]) {
      const xs = /** @type {number[]} */ ([]), ys = /** @type {number[]} */ ([]);
      x.forEach((_, i) => {
        if ((predicted('after', i) !== labels[i]) === lost) {
          xs.push(x[i], ax[i], NaN);
          ys.push(y[i], ay[i], NaN);
        }
      });
      out.push({ kind: 'line', axis: 1, x: xs, y: ys, colour: lost ? theme.alarm : theme.ink, width: lost ? 1.6 : 1,
        alpha: lost ? 1 : 0.6 });
    }
    out
      .push(...marks.classes(ctx, 1, ax, ay, labels, { size: dot, pick: false, hover: (i) =>
        `a point of class ${labels[i]}: class ${predicted('before', i)} ${format.percent(confidence('before', i))} → `
          + `${predicted('after', i)} ${format.percent(confidence('after', i))}` }));
    return out;
  }

  nnprobe.panels.attack_gallery = {
    empty: 'Here the same examples will be shown at every size: the original, its adversary, and what was changed.',

    layout(ctx) {
      if (pictures(ctx)) {
        const quiet = { showgrid: false, showticklabels: false },
          whole = { left: 0, top: 0, width: ctx.width, height: ctx.height };
        return { ...layout.base(ctx),
          ...layout.axes(ctx, 1, whole, { range: [0, ctx.width], ...quiet }, { range: [0, ctx.height], scaleanchor: 'x',
            ...quiet }) };
      }
      const [x0, x1, y0, y1] = ctx.head['data.extent'].data, place = box(ctx),
        [x, y] = layout.equal([x0, x1], [y0, y1], place, 0);
      return { ...layout.base(ctx),
        ...layout.axes(ctx, 1, place, { range: x, showgrid: false, nticks: 5 }, { range: y, scaleanchor: 'x',
          showgrid: false, nticks: 5 }) };
    },

    marks: (ctx, seq) => (pictures(ctx) ? ofPictures : ofPoints)(ctx, seq),

    says(ctx, seq) {
      const labels = ctx.head['attack.labels'].data, size = attack.sizeAt(ctx, seq), { format } = ctx;
      if (!size) return `${format.plural(labels.length, 'example')}, as they are.`;
      const predicted = table('attack.predicted', ctx.frame(seq).arrays['attack.predicted']);
      const lost = labels.filter((label, k) => predicted('after', k) !== label).length;
      return `of ${format.plural(labels.length, 'example')}, changed by ε = ${format.value(size.epsilon)}, ${lost} `
        + `are not taken for their class.`;
    },

    note(ctx, seq) {
      const size = attack.sizeAt(ctx, seq), count = ctx.head['attack.labels'].data.length;
      if (!size) return 'as they are: the network is still learning';
      return pictures(ctx)
        ? `original, adversary, difference (full colour: `
          + `${ctx.config.norm === 'linf' ? 'a change by ε' : 'the largest change'})`
        : `${count} test points and where they were led; red: no longer their class`;
    },
  };
})();
