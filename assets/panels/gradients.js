/* Gradients: the signal δ that reaches each layer, over steps on a log axis, with the verdict in words. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  nnprobe.panels = nnprobe.panels || {};
  const { marks, layout } = nnprobe;
  const SIGNAL = 4, FLOOR = 1e-12;

  const place = (ctx) => {
    const { below, left } = layout.room(ctx), right = ctx.tiny ? 6 : ctx.theme.fontSize * 4.9;
    return { left, top: 8, width: Math.max(20, ctx.width - left - right), height: Math.max(20, ctx.height - below - 10) };
  };

  function range(ctx) {
    const series = ctx.film.series('series.gradients'), seen = ctx.memo('range', () => ({ upTo: 0, grow: layout.growing(0.2) }));
    if (series) {
      const columns = Array.from({ length: series.rows }, (_, row) => series.column(SIGNAL, row));
      for (; seen.upTo < series.steps.length; seen.upTo++) {
        for (const column of columns) {
          const v = column[seen.upTo];
          if (Number.isFinite(v) && v > 0) { const p = Math.log10(Math.max(v, FLOOR)); seen.grow.include(p, p); }
        }
      }
    }
    const [lo, hi] = seen.grow.range || [-2, 0], spare = Math.max(0, 1 - (hi - lo)) / 2;
    return [lo - spare - 0.1, hi + spare + 0.1];
  }

  nnprobe.panels.gradients = {
    empty: 'How much of the loss’s signal reaches each layer is seen from the first step on.',

    sentence: (ctx) => (ctx.film.series('series.gradients') ? null : nnprobe.panels.gradients.empty),

    layout(ctx) {
      const bounds = range(ctx);
      return { ...layout.base(ctx), ...layout.axes(ctx, 1, place(ctx),
        { range: [0, Math.max(1, ctx.film.planned)], ...layout.steps(ctx) },
        { type: 'log', range: bounds, ...layout.powers(bounds, Math.max(2, Math.floor(ctx.height / 42))) }) };
    },

    marks(ctx, seq) {
      const series = ctx.film.series('series.gradients'), { theme, format, names } = ctx, out = [], ends = [];
      for (let row = 0; row < series.rows; row++) {
        const colour = theme.ramp(row, series.rows), name = names[row + 1];
        const { marks: lines, end } = marks.history(ctx, seq, 1, series.steps, series.column(SIGNAL, row), { colour, floor: FLOOR,
          width: 1.8 * Math.sqrt(theme.markerScale) });
        const now = lines[lines.length - 1];
        now.hover = (i) => `${name}, step ${format.count(now.x[i])}: δ = ${format.value(now.y[i])}`;
        out.push(...lines);
        if (end) ends.push({ ...end, text: name, colour });
      }
      if (ends.length) {
        out.push({ kind: 'points', axis: 1, x: ends.map((end) => end.x), y: ends.map((end) => end.y), shape: 0, colour: theme.accent,
          size: 4.5 * theme.markerScale, clip: false });
      }
      if (!ctx.tiny) out.push(...marks.ends(ctx, 1, ends));
      return out;
    },

    note: (ctx, seq) => (nnprobe.panels.gradients.verdict(ctx, seq) ? '' : 'signal δ per layer'),

    /** The sentence of the probe's verdict (nnprobe_core.probes.gradients.VERDICTS), or the ratio where there is none. */
    verdict(ctx, seq) {
      const verdict = ctx.film.series('series.verdict'), gradients = ctx.film.series('series.gradients');
      if (!verdict || !gradients || seq >= verdict.steps.length) return null;
      const [code, layer, step] = [0, 1, 2].map((k) => verdict.column(k)[seq]), sentences = ctx.meta.verdicts || [];
      const found = sentences[code];
      if (code > 0 && found) {
        return { level: 'alarm', text: found.replace('{layer}', ctx.names[layer] || `layer ${layer}`)
          .replace('{step}', ctx.format.count(step)) };
      }
      const rows = gradients.rows, first = gradients.column(SIGNAL, 0)[seq], last = gradients.column(SIGNAL, Math.max(0, rows - 2))[seq];
      if (rows < 3 || !Number.isFinite(first / last)) return null;
      return { level: 'fine', text: `${(found || 'healthy').replace(/\.$/, '')}: first ÷ last hidden = ${ctx.format.value(first / last, 2)}` };
    },
  };
})();
