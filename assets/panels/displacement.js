/* Displacement: how far a layer of two units moves each point, against how far from the origin it was. */
(() => {
  'use strict';
  const { knownAt, layout, marks } = nnprobe;

  const WIDE = 15, HIGH = 10.5; // the least a plot needs, in letters' size

  /** Layers after the input that have two units.
      @param {Ctx} ctx */
  const flat = (ctx) => ctx.widths.map((width, i) => (i > 0 && width === 2 ? i : 0)).filter(Boolean);

  /** Columns and rows of plots there is room for.
      @param {Ctx} ctx @param {number} count */
  function grid(ctx, count) {
    const em = ctx.theme.fontSize, most = Math.max(1, Math.floor(ctx.width / (WIDE * em))),
      cols = Math.min(most, count < 4 ? count : Math.ceil(Math.sqrt(count)));
    return { cols, rows: Math.max(1, Math.min(Math.ceil(count / cols), Math.floor(ctx.height / (HIGH * em)))) };
  }

  /** Those of them that are shown: all, or the last ones, as many as there is room for.
      @param {Ctx} ctx */
  function shown(ctx) {
    const all = flat(ctx), { cols, rows } = grid(ctx, all.length);
    return all.slice(-cols * rows);
  }

  /** @param {Ctx} ctx @param {number} count */
  function places(ctx, count) {
    const { below, left } = layout.room(ctx), title = ctx.tiny ? 4 : ctx.theme.fontSize * 1.7,
      cols = Math.min(count, grid(ctx, count).cols);
    const rows = Math.ceil(count / cols), width = ctx.width / cols, height = (ctx.height - 4) / rows;
    return Array.from(
      { length: count },
      (_, k) => ({ left: (k % cols) * width + left, top: Math.floor(k / cols) * height + title,
        width: Math.max(20, width - left - 10), height: Math.max(20, height - title - below) }),
    );
  }

  /** @param {Ctx} ctx */
  const lengths = (ctx) => ctx.memo('lengths', () => {
    const [x, y] = ctx.layer(0, 0);
    return x.map((v, i) => Math.hypot(v, y[i]));
  });

  /** The end of each layer's axis: the largest displacement of any frame fits.
      @param {Ctx} ctx */
  function most(ctx) {
    const mapping = ctx.film.series('series.mapping');
    const seen = ctx.widths.map((_,
      i) => (mapping ? layout.extent().columns([mapping.column('max_displacement', i)], (v) => v > 0).range : null)
    );
    return seen.map((range) => (range ? layout.ceiling(range[1]) : 1));
  }

  nnprobe.panels.displacement = {
    empty: 'For layers of two units: how far each moves every point.',

    sentence(ctx, seq) {
      if (!flat(ctx).length)
        return 'No layer of this network has two units, so there is no displacement to show. '
          + 'Try a hidden layer of width 2.';
      return ctx.frame(seq).arrays['map.1'] ? null : nnprobe.panels.displacement.empty;
    },

    layout(ctx) {
      const layers = shown(ctx), tops = most(ctx), out = layout.base(ctx), far = Math.max(...lengths(ctx)) * 1.04;
      places(ctx, layers.length).forEach((box, k) => {
        Object.assign(
          out,
          layout.axes(ctx, k + 1, box, { range: [0, far], nticks: 4, rangemode: 'tozero' }, {
            range: [0, tops[layers[k]] * 1.02],
            nticks: Math.max(2, Math.floor(box.height / 50)),
            rangemode: 'tozero',
          }),
        );
      });
      return out;
    },

    marks(ctx, seq) {
      const layers = shown(ctx), boxes = places(ctx, layers.length), from = lengths(ctx), [x0, y0] = ctx.layer(0, seq),
        out = /** @type {Mark[]} */ ([]), over = /** @type {Mark[]} */ ([]);
      const { theme, format, labels } = ctx;
      layers.forEach((i, k) => {
        const at = ctx.layer(i, seq);
        if (!at) return;
        const moved = at[0].map((v, p) => Math.hypot(v - x0[p], at[1][p] - y0[p]));
        out
          .push(...marks.classes(ctx, k + 1, from, moved, labels, { size: Math.max(2, Math.min(6, boxes[k].width / 60)),
            stride: ctx.tiny ? 4 : 1, hover: (p, px, py) =>
              `point ${p}, class ${labels[p]}<br>‖x‖ = ${format.value(px)}, moved ${format.value(py)}` }));
        if (ctx.selected !== null)
          over.push(...marks.followed(ctx, k + 1, from[ctx.selected], moved[ctx.selected], !ctx.tiny));
        if (!ctx.tiny) {
          over.push({ kind: 'text', axis: 0, x: boxes[k].left, y: boxes[k].top - 4, anchor: 'left', baseline: 'bottom',
            colour: theme.soft,
            rich: [{ text: ctx.names[i], colour: theme.ink, bold: true }, {
              text: boxes[k].width > 17 * theme.fontSize ? ' · ‖h(x) − x‖ against ‖x‖' : '',
              colour: theme.soft,
            }] });
        }
      });
      return [...out, ...over];
    },

    says(ctx, seq) {
      const mapping = ctx.film.series('series.mapping'),
        mean = (/** @type {number} */ i) => ctx.format.value(knownAt(mapping.column('mean_displacement', i), seq));
      return mapping
        ? `points are moved, in the mean, by ${flat(ctx).map((i) => `${mean(i)} in ${ctx.names[i]}`).join(', ')}.`
        : '';
    },

    note(ctx) {
      const all = flat(ctx), seen = shown(ctx);
      return seen.length < all.length
        ? `${seen.length === 1 ? 'the last' : `the last ${seen.length}`} of ${all.length} layers, ${ctx.counted}`
        : ctx.counted;
    },

    verdict(ctx, seq) {
      const mapping = ctx.film.series('series.mapping'), layers = flat(ctx);
      if (ctx.narrow || !mapping || !layers.length || seq >= mapping.steps.length) return null;
      const mean = mapping.column('mean_displacement', layers[layers.length - 1])[seq];
      return Number.isFinite(mean) ? { level: 'fine', text: `mean ${ctx.format.value(mean, 2)}` } : null;
    },
  };
})();
