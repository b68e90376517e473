/* Layers over time: layer × stage grids of the mean separation (or its change since the start) and of a linear probe.
   */
(() => {
  'use strict';
  const { layout, study, table } = nnprobe;

  /** @param {Ctx} ctx */
  const read = (ctx) => study.of(ctx.film);
  /** @param {Ctx} ctx */
  const changes = (ctx) => ctx.option('view') === 'change';

  /** Whether figures stand beside the grids: not where they would take the room of these.
      @param {Ctx} ctx */
  const figured = (ctx) => !ctx.tiny && ctx.width > 24 * ctx.theme.fontSize;

  /** @param {Ctx} ctx */
  function boxes(ctx) {
    const { below } = layout.room(ctx), left = study.left(ctx), font = ctx.theme.fontSize,
      top = ctx.tiny ? 4 : 1.8 * font;
    const figures = figured(ctx) ? 4.4 * font : 8, width = Math.max(20, (ctx.width - left - 2 * figures) / 2),
      height = Math.max(20, ctx.height - top - below);
    return [{ left, top, width, height }, { left: left + width + figures, top, width, height }];
  }

  /** Per stage and layer what is shown, [value(stage, layer), lo, hi, figure]: the mean separation, or a probe's
      accuracy.
      @param {Ctx} ctx */
  function tables(ctx) {
    const { film } = ctx, set = ctx.option('set'), { layers } = read(ctx);
    const seen = ctx.memo(`grid ${set}`, () => ({ upTo: 0,
      mean: /** @type {number[][]} */ ([]), probe: /** @type {Cells[]} */ ([]) }));
    for (; seen.upTo <= read(ctx).stages && seen.upTo < film.count && film.frame(seen.upTo); seen.upTo++) {
      const { arrays } = film.frame(seen.upTo), values = arrays[`separation.${set}`], probe = arrays['series.probe'];
      if (!values || !probe) break;
      seen.mean.push(layers.map((_, layer) => study.mean(values, layer)));
      seen.probe.push(table('series.probe', probe));
    }
    return seen;
  }

  /** @param {number} v */
  const signed = (v) => `${v < 0 ? '−' : '+'}${Math.abs(v).toFixed(3)}`;

  /** The two grids: what a cell is, the ends of the scale, how a figure reads, and the title.
      @param {Ctx} ctx */
  function grids(ctx) {
    const seen = tables(ctx), change = changes(ctx), format = ctx.format;
    /** @type {{ at(k: number, layer: number): number, figure(v: number): string, title: string, word: string }[]} */
    const measure = [
      { at: (k, layer) => seen.mean[k][layer],
        figure: (v) => v.toFixed(3), title: ctx.narrow ? 'pairs' : 'neighbours',
        word: 'mean separation' },
      { at: (k, layer) => seen.probe[k]('accuracy', layer),
        figure: (v) => format.percent(v, 1),
        title: ctx.narrow ? 'line' : 'linear probe', word: 'linear probe, test accuracy' },
    ];
    return measure.map((each) => {
      /** @param {number} k @param {number} layer */
      const at = (k, layer) => each.at(k, layer) - (change ? each.at(0, layer) : 0);
      let lo = Infinity, hi = 0;
      for (let k = 0; k < seen.mean.length; k++)
        for (let layer = 0; layer < read(ctx).layers.length; layer++) {
          const v = at(k, layer);
          if (v < lo) lo = v;
          if (Math.abs(v) > hi) hi = Math.abs(v);
        }
      return { ...each, at, count: seen.mean.length, probe: seen.probe,
        scale: change ? [0, Math.max(hi, 0.01)] : [Math.floor(Math.min(lo, 0.95) * 20) / 20, 1],
        figure: change ? signed : each.figure };
    });
  }

  /** @param {Ctx} ctx @param {number} seq @param {any} grid @param {number} axis @param {Mark[]} out */
  function paintGrid(ctx, seq, grid, axis, out) {
    const { theme } = ctx, { layers, stages } = read(ctx), n = layers.length, w = stages + 1,
      pixels = new Uint8ClampedArray(w * n * 4);
    const quiet = theme.rgb(theme.panel), strong = theme.rgb(theme.accent), less = theme.rgb(theme.alarm),
      [lo, hi] = grid.scale;
    for (let k = 0; k < grid.count; k++) {
      for (let layer = 0; layer < n; layer++) {
        const v = grid.at(k, layer),
          share = Math.max(0.05, Math.min(1, ((changes(ctx) ? Math.abs(v) : v) - lo) / (hi - lo))),
          to = 4 * (layer * w + k);
        const colour = changes(ctx) && v < 0 ? less : strong;
        for (let c = 0; c < 3; c++) pixels[to + c] = quiet[c] + (colour[c] - quiet[c]) * share;
        pixels[to + 3] = Number.isFinite(v) ? (k <= seq ? 255 : 70) : 0;
      }
    }
    out.push({ kind: 'image', axis, x0: -0.5, x1: stages + 0.5, y0: -n + 0.5, y1: 0.5, w, h: n, pixels, smooth: false,
      hover: (row, col) => {
        if (col >= grid.count) return '';
        const [accuracy, low, high, baseline] = ['accuracy', 'low', 'high', 'chance'].map((name) =>
          grid.probe[col](name, row)
        ), percent = ctx.format.percent;
        const more = axis === 2
          ? `<br>${percent(accuracy, 1)}, 95 % interval ${percent(low, 1)} to ${percent(high, 1)}<br>shuffled labels `
            + `${percent(baseline, 1)}${chance(ctx, col, row)}`
          : '';
        return `${layers[row]}, ${study.stage(ctx.film, col)}<br>${grid.word} `
          + `${changes(ctx) ? 'since the start ' : ''}${grid.figure(grid.at(col, row))}${more}`;
      } });
  }

  /** What 95 % of shuffled labels lie between; films made before it was kept do not say.
      @param {Ctx} ctx @param {number} col @param {number} row */
  function chance(ctx, col, row) {
    const series = ctx.film.series('series.baseline');
    return series
      ? `, 95 % of them ${['low', 'high'].map((end) => ctx.format.percent(series.column(end, row)[col])).join(' to ')}`
      : '';
  }

  nnprobe.panels.layer_grid = {
    options: [{ key: 'view', start: 'value', choices: [['value', 'value'], ['change', 'change']] }],
    empty: 'Here every layer will be shown at every stage: what neighbours see, and what a line reads.',

    sentence: (ctx) => (read(ctx) ? null : nnprobe.panels.layer_grid.empty),

    layout(ctx) {
      const out = layout.base(ctx), [first, second] = boxes(ctx), { layers, stages } = read(ctx), n = layers.length;
      const across = { range: [-0.5, stages + 0.5], tickvals: [0, stages],
        ticktext: ctx.width > 26 * ctx.theme.fontSize ? ['before', 'after'] : ['', ''], showgrid: false };
      const names = { fixedrange: true, range: [-n + 0.5, 0.5],
        ...layout.rows(ctx, study.names(ctx, first.left - 10), first.height), showgrid: false,
        showticklabels: !ctx.tiny };
      Object.assign(
        out,
        layout.axes(ctx, 1, first, across, names),
        layout.axes(ctx, 2, second, across, { ...names, showticklabels: false }),
      );
      return out;
    },

    marks(ctx, seq) {
      const { theme } = ctx, places = boxes(ctx), out = /** @type {Mark[]} */ ([]), n = read(ctx).layers.length;
      grids(ctx).forEach((grid, k) => {
        if (!grid.count) return;
        const at = Math.min(study.at(ctx.film, seq), grid.count - 1), box = places[k], cell = box.height / n;
        paintGrid(ctx, at, grid, k + 1, out);
        out.push({ kind: 'line', axis: k + 1, x: [at - 0.5, at + 0.5, at + 0.5, at - 0.5, at - 0.5],
          y: [0.5, 0.5, 0.5 - n, 0.5 - n, 0.5], colour: theme.ink, width: 1.4, clip: false });
        if (ctx.tiny) return;
        for (let layer = 0; layer < n; layer++) {
          const v = grid.at(at, layer);
          if (figured(ctx) && cell > 0.95 * theme.fontSize) {
            out.push({ kind: 'text', axis: 0, x: box.left + box.width + 6, y: box.top + (layer + 0.5) * cell,
              anchor: 'left', baseline: 'middle', colour: theme.ink, size: Math.max(theme.least, theme.fontSize * 0.95),
              text: Number.isFinite(v) ? grid.figure(v) : '–' });
          }
        }
        const scale = changes(ctx) ? `±${grid.scale[1].toFixed(2)}` : `${grid.scale[0].toFixed(2)} … 1`;
        out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 4, anchor: 'left', baseline: 'bottom',
          colour: theme.soft, text: box.width > 12 * theme.fontSize ? `${grid.title}, ${scale}` : grid.title });
      });
      return out;
    },

    says(ctx, seq) {
      const [pairs, line] = grids(ctx), at = Math.min(study.at(ctx.film, seq), pairs.count - 1);
      /** @param {number} layer */
      const both = (layer) => [pairs, line].map((grid) => grid.figure(grid.at(at, layer)));
      const said = read(ctx).layers.map((name, layer) => {
        const [neighbours, probe] = both(layer);
        return `${name}: neighbours ${neighbours}, line ${probe}`;
      });
      return `${changes(ctx) ? 'change since the start, ' : ''}${said.join('; ')}.`;
    },

    note(ctx, seq) {
      const at = study.at(ctx.film, seq),
        what = changes(ctx) ? 'change since the start' : 'mean of all pairs and probe accuracy';
      return `${what}, ${study.stage(ctx.film, at)}`;
    },
  };
})();
