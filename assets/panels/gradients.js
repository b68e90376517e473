/* Gradients: the signal δ that reaches each layer, over steps on a log axis, with the verdict in words. */
(() => {
  'use strict';
  const { marks, layout } = nnprobe;
  const FLOOR = 1e-12;

  /** @param {Ctx} ctx */
  const place = (ctx) => {
    const { below, left } = layout.room(ctx),
      right = ctx.tiny ? 6 : ctx.theme.fontSize * (ctx.narrow ? 2.9 : ctx.widths.length > 11 ? 5.9 : 4.9);
    return { left, top: 8, width: Math.max(20, ctx.width - left - right),
      height: Math.max(20, ctx.height - below - 10) };
  };

  /** @param {Ctx} ctx */
  function range(ctx) {
    const series = ctx.film.series('series.gradients'),
      rows = Array.from({ length: series.rows }, (_, row) => series.column('signal', row));
    const { range: seen } = layout.extent().columns(rows, (v) => v > 0);
    const [lo, hi] = seen ? layout.decades(seen, FLOOR) : [-2, 0], spare = Math.max(0, 1 - (hi - lo)) / 2;
    return [lo - spare - 0.1, hi + spare + 0.1];
  }

  nnprobe.panels.gradients = {
    empty: 'How much of the loss’s signal reaches each layer is seen from the first step on.',

    sentence: (ctx) => (ctx.film.series('series.gradients') ? null : nnprobe.panels.gradients.empty),

    named: () => ({ xaxis: 'step', yaxis: 'signal δ at each layer' }),

    layout(ctx) {
      const bounds = range(ctx);
      return { ...layout.base(ctx), ...layout.axes(ctx, 1, place(ctx),
        { range: [0, Math.max(1, ctx.film.planned)], ...layout.steps(ctx) },
        { type: 'log', range: bounds, ...layout.powers(bounds, Math.max(2, Math.floor(ctx.height / 42))) }) };
    },

    marks(ctx, seq) {
      const series = ctx.film.series('series.gradients'), { theme, format, names } = ctx,
        out = /** @type {Mark[]} */ ([]), ends = /** @type {End[]} */ ([]);
      for (let row = 0; row < series.rows; row++) {
        const colour = theme.ramp(row, series.rows), name = names[row + 1];
        const values = series.column('signal', row);
        /** @param {number} k */
        const hover = (k) => `${name}, step ${format.count(series.steps[k])}: δ = ${format.value(values[k])}`;
        const { marks: lines, end } = marks.history(ctx, seq, 1, series.steps, values, { colour, floor: FLOOR, hover,
          width: 1.8 * Math.sqrt(theme.markerScale) });
        out.push(...lines);
        if (end) ends.push({ ...end, text: ctx.labelsOfLayers[row + 1], colour });
      }
      if (ends.length) {
        out.push({ kind: 'points', axis: 1, x: ends.map((end) => end.x), y: ends.map((end) => end.y), shape: 0,
          colour: theme.accent, size: 4.5 * theme.markerScale, clip: false });
      }
      if (!ctx.tiny) out.push(...marks.ends(ctx, 1, ends));
      return out;
    },

    says(ctx, seq) {
      const series = ctx.film.series('series.gradients'), found = verdictAt(ctx, seq), { format, names } = ctx;
      const signals = Array.from(
        { length: series.rows },
        (_, row) =>
          `${names[row + 1]} ${format.value(series.column('signal', row)[Math.min(seq, series.steps.length - 1)])}`,
      );
      return `signal δ ${signals.join(', ')}. ${found ? found.sentence : ''}`;
    },

    /** The rest of the verdict's sentence; else how far the first layer's signal is from the last's. */
    note(ctx, seq) {
      const found = verdictAt(ctx, seq), ratio = ratioAt(ctx, seq);
      if (found && !ctx.spotlit) return '';
      if (found && found.code) return found.sentence.split(': ').slice(1).join(': ');
      return Number.isFinite(ratio) ? `signal δ, first ÷ last = ${ctx.format.value(ratio, 2)}` : 'signal δ per layer';
    },

    verdict(ctx, seq) {
      const found = verdictAt(ctx, seq);
      if (!found) return null;
      const short = found.code
        ? `${found.sentence.split(/: | since /)[0]} since step ${ctx.format.count(found.step)}`
        : found.sentence.replace(/\.$/, '');
      return { level: found.code ? 'alarm' : 'fine', text: short, full: found.sentence };
    },
  };

  /** The probe's verdict and its sentence (nnprobe_core.probes.verdict.VERDICTS, by way of the panel's meta).
      @param {Ctx} ctx @param {number} seq */
  function verdictAt(ctx, seq) {
    const verdict = ctx.film.series('series.verdict'), sentences = ctx.meta.verdicts || [];
    if (!verdict || seq >= verdict.steps.length) return null;
    const [code, layer, step] = ['code', 'layer', 'step'].map((name) => verdict.column(name)[seq]);
    const sentence = sentences[code];
    return sentence
      ? { code, step,
        sentence: sentence.replace('layer {layer}', ctx.names[layer] || `layer ${layer}`).replace(
          '{step}',
          ctx.format.count(step),
        ) }
      : null;
  }

  /** Signal of the first hidden layer over that of the last.
      @param {Ctx} ctx @param {number} seq */
  function ratioAt(ctx, seq) {
    const gradients = ctx.film.series('series.gradients');
    if (!gradients || gradients.rows < 3) return NaN;
    return gradients.column('signal', 0)[seq] / gradients.column('signal', gradients.rows - 2)[seq];
  }
})();
