/* Class pairs: a histogram of the separation of all pairs per layer, now (up) against before training (down). */
(() => {
  'use strict';
  const { layout, study } = nnprobe;
  const COARSE = 24; // of a few resamples; else as many on [0, 1] as Python has them (ctx.meta.bins)

  /** @param {Ctx} ctx */
  const read = (ctx) => study.of(ctx.film);
  /** @param {Ctx} ctx */
  const source = (ctx) => (read(ctx).few ? 'separation.resamples' : `separation.${ctx.option('set')}`);
  /** @param {Ctx} ctx */
  const low = (ctx) =>
    study.lowest(ctx, read(ctx).few ? ['separation.resamples'] : ['separation.train', 'separation.test']);
  /** @param {Ctx} ctx */
  const together = (ctx) => ctx.option('view') === 'all';
  /** @param {Ctx} ctx */
  const rows = (ctx) => (together(ctx) ? ['all layers'] : study.names(ctx, study.left(ctx) - 10));

  /** @param {Ctx} ctx */
  function place(ctx) {
    const { below } = layout.room(ctx), left = study.left(ctx), right = ctx.tiny ? 6 : 3.9 * ctx.theme.fontSize;
    const top = ctx.tiny ? 4 : 1.8 * ctx.theme.fontSize;
    return { left, top, width: Math.max(20, ctx.width - left - right), height: Math.max(20, ctx.height - top - below) };
  }

  /** @typedef {{ v: number, layer: number, k: number }} Value */

  /** Values of a row: of one layer, or of all but the input; with what each is of.
      @param {Ctx} ctx @param {NdArray} array @param {number} row */
  function valuesOf(ctx, array, row) {
    const n = array.shape[1], out = /** @type {Value[]} */ ([]);
    const layers = together(ctx) ? Array.from({ length: array.shape[0] - 1 }, (_, k) => k + 1) : [row];
    for (const layer of layers) for (let k = 0; k < n; k++) out.push({ v: array.data[layer * n + k], layer, k });
    return out.filter(({ v }) => Number.isFinite(v));
  }

  /** The edges of bins: of all [0, 1] in hundredths, seen from `from` on; or coarser ones over what is seen.
      @param {Ctx} ctx @param {number} from */
  function edges(ctx, from) {
    const few = read(ctx).few, { bins } = ctx.meta, width = few ? (1 - from) / COARSE : 1 / bins;
    return { width, count: few ? COARSE : Math.round((1 - from) * bins) };
  }

  /** @param {Value[]} values @param {number} from @param {{ width: number, count: number }} _ */
  function histogram(values, from, { width, count }) {
    const bins = Array.from({ length: count }, () => /** @type {Value[]} */ ([]));
    for (const each of values)
      bins[Math.max(0, Math.min(count - 1, Math.floor((each.v - from) / width + 1e-9)))].push(each);
    return bins;
  }

  /** @param {Ctx} ctx @param {any[]} inside */
  function says(ctx, inside) {
    if (read(ctx).few) return '';
    /** @param {any} each */
    const layer = (each) => (together(ctx) ? ` in ${read(ctx).layers[each.layer]}` : '');
    const names = inside.slice(0, 5).map((each) => `${study.pair(read(ctx), each.k)}${layer(each)}`);
    return `<br>${names.join('<br>')}${inside.length > 5 ? `<br>and ${inside.length - 5} more` : ''}`;
  }

  /** Bars of all rows: `up` +1 above a row's line, −1 below it.
      @param {Ctx} ctx @param {NdArray} array @param {number} up @param {string} colour @param {number} alpha
      @param {string} word @returns {Mark} */
  function bars(ctx, array, up, colour, alpha, word) {
    const from = low(ctx), cut = edges(ctx, from), told = /** @type {string[]} */ ([]);
    const x0 = /** @type {number[]} */ ([]), x1 = /** @type {number[]} */ ([]);
    const y0 = /** @type {number[]} */ ([]), y1 = /** @type {number[]} */ ([]);
    rows(ctx).forEach((name, row) => {
      const values = valuesOf(ctx, array, row), bins = histogram(values, from, cut);
      const tall = Math.max(...bins.map((bin) => bin.length), values.length / 6, 1);
      bins.forEach((bin, k) => {
        if (!bin.length) return;
        const height = 0.45 * (bin.length / tall), a = from + k * cut.width, b = a + cut.width;
        x0.push(a + cut.width * 0.08);
        x1.push(b - cut.width * 0.08);
        y0.push(up > 0 ? -row : -row - height);
        y1.push(up > 0 ? -row + height : -row);
        told
          .push(`${together(ctx) ? 'all layers' : read(ctx).layers[row]}, ${word}: ${bin.length} of ${values.length} `
            + `from ${a.toFixed(2)} to ${b.toFixed(2)}${says(ctx, bin)}`);
      });
    });
    return { kind: 'bars', axis: 1, x0, x1, y0, y1, colour, alpha, hover: (i) => told[i] };
  }

  /** @param {Value[]} values */
  const mean = (values) => values.reduce((sum, { v }) => sum + v, 0) / values.length;

  nnprobe.panels.pairs = {
    options: [{ key: 'view', start: 'layer', choices: [['layer', 'by layer'], ['all', 'all layers']] }],
    inputs: [{ key: 'set', label: 'Points', choices: [['train', 'training'], ['test', 'test']], start: 'train',
      shared: true }],
    empty: 'Here the separation of every pair of classes will be counted, layer by layer, before and after training.',

    sentence: (ctx) => (read(ctx) ? null : nnprobe.panels.pairs.empty),

    layout(ctx) {
      const from = low(ctx), names = rows(ctx), box = place(ctx);
      const few = layout.round(
        [from, 1],
        Math.max(2, Math.min(7, box.width / (5.5 * ctx.theme.fontSize))),
        (v) => v.toFixed(from > 0.79 ? 2 : 1),
      );
      return { ...layout.base(ctx),
        ...layout.axes(ctx, 1, box, { range: [from, 1.003], ...few }, { fixedrange: true,
          range: [-names.length + 0.42, 0.58], ...layout.rows(ctx, names, box.height), showgrid: false,
          showticklabels: !ctx.tiny }) };
    },

    marks(ctx, seq) {
      const { theme, film } = ctx, names = rows(ctx), from = low(ctx), box = place(ctx),
        out = /** @type {Mark[]} */ ([]);
      const now = film.latest(source(ctx), seq), before = ctx.head[source(ctx)];
      out.push({ kind: 'line', axis: 1, x: names.flatMap(() => [from, 1, NaN]),
        y: names.flatMap((_, row) => [-row, -row, NaN]), colour: theme.line, width: 1 });
      if (!now) return out;
      if (before) out.push(bars(ctx, before, -1, theme.past, 0.85, 'before training'));
      out.push(bars(ctx, now.array, 1, theme.accent, 0.95, study.stage(film, now.seq)));
      /** @param {NdArray} array @param {number} up @param {string} colour */
      const ticks = (array, up, colour) => {
        const found = names.map((_, row) => mean(valuesOf(ctx, array, row)));
        out.push({ kind: 'line', axis: 1, x: found.flatMap((v) => [v, v, NaN]),
          y: found.flatMap((_, row) => [-row, -row + 0.49 * up, NaN]), colour, width: 2.2 });
        return found;
      };
      if (before) ticks(before, -1, theme.soft);
      const means = ticks(now.array, 1, theme.ink);
      if (ctx.tiny) return out;
      /** @param {number} row */
      const at = (row) => box.top + ((0.58 + row) / names.length) * box.height;
      const big = box.height / names.length > 1.6 * theme.fontSize;
      const every = layout.everyRow(ctx, names.length, box.height);
      means.forEach((v, row) =>
        row % every === 0
        && out.push({ kind: 'text', axis: 0, x: box.left + box.width + 8,
          y: at(row) - (big ? 0.45 * theme.fontSize : 0), anchor: 'left', baseline: 'middle',
          text: Number.isFinite(v) ? v.toFixed(3) : '–', colour: theme.ink })
      );
      out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 4, anchor: 'left', baseline: 'bottom',
        colour: theme.soft,
        rich: [{ text: `▲ ${ctx.narrow ? 'now' : study.stage(film, now.seq)}  `, colour: theme.accent }, {
          text: ctx.width - box.left < 24 * theme.fontSize ? '▼ before' : '▼ before training',
          colour: theme.soft,
        }] }, { kind: 'text', axis: 0, x: ctx.width - 4, y: box.top - 4, anchor: 'right', baseline: 'bottom',
        text: ctx.narrow ? '' : 'mean', colour: theme.soft });
      return out;
    },

    /** A tap chooses the pair whose value in that layer is nearest. */
    tap(ctx, hit) {
      const { at } = hit, found = read(ctx) && !read(ctx).few && at
        && ctx.film.latest(source(ctx), Math.floor(nnprobe.clock.seq));
      if (!found) return;
      const row = Math.max(0, Math.min(rows(ctx).length - 1, Math.round(-at[1])));
      const values = valuesOf(ctx, found.array, row).sort((a, b) =>
        Math.abs(a.v - at[0]) - Math.abs(b.v - at[0])
      );
      if (values.length) ctx.choose('pair', String(values[0].k));
    },

    says(ctx, seq) {
      const now = ctx.film.latest(source(ctx), seq), before = ctx.head[source(ctx)],
        of = (/** @type {NdArray} */ array, /** @type {number} */ row) => mean(valuesOf(ctx, array, row)).toFixed(3);
      const names = together(ctx) ? ['all layers'] : read(ctx).layers;
      return `mean separation, before training in brackets: `
        + `${names.map((name, row) => `${name} ${of(now.array, row)} (${of(before, row)})`).join(', ')}.`;
    },

    note(ctx) {
      const found = read(ctx), set = ctx.option('set');
      if (found.few)
        return `${ctx.head[source(ctx)].shape[1]} resamples of ${nnprobe.format.count(found.points[0])} training `
          + `points: they overlap`;
      const n = found.points[set === 'test' ? 1 : 0];
      return `${found.pairs.length} pairs, visible to neighbours, n = ${nnprobe.format.count(n)} `
        + `${set === 'test' ? 'test' : 'training'} points`;
    },
  };
})();
