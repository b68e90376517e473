/* Loss and accuracy over steps, train and test, up to the playhead. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  nnprobe.panels = nnprobe.panels || {};
  const { marks, layout } = nnprobe;
  const FLOOR = 1e-9;

  const both = (ctx) => ctx.height > 215 && !ctx.tiny;

  function places(ctx) {
    const { below, left } = layout.room(ctx), right = ctx.theme.fontSize * (ctx.tiny ? 0.6 : 3);
    const width = Math.max(20, ctx.width - left - right), height = ctx.height - below - 8;
    if (!both(ctx)) return [{ left, top: 6, width, height: Math.max(20, height) }];
    const gap = ctx.theme.fontSize * 1.6, upper = Math.round((height - gap) * 0.62);
    return [{ left, top: 6, width, height: upper },
      { left, top: 6 + upper + gap, width, height: Math.max(20, height - gap - upper) }];
  }

  /** Log range of all losses, those of the run it left too; the lowest accuracy, rounded down to a tenth. */
  function range(ctx) {
    const loss = ctx.film.series('series.loss'), losses = layout.extent(), accuracy = layout.extent().include(1);
    if (loss) {
      losses.columns([0, 1].map((k) => loss.column(k)));
      accuracy.columns([2, 3].map((k) => loss.column(k)));
    }
    if (nnprobe.fork.parent(0)) losses.columns([0, 1].map((k) => nnprobe.fork.parent(k).y));
    const [lo, hi] = losses.range ? layout.decades(losses.range, FLOOR) : [-1, 0];
    return { loss: [Math.min(lo, hi - 0.5) - 0.08, hi + 0.08], low: Math.floor(accuracy.range[0] * 10) / 10 };
  }

  const accuracies = (low) => (low < 0.35 ? [low, 0.5, 1] : [low, 1]);

  nnprobe.panels.loss = {
    empty: 'The loss curve begins with the first step.',

    sentence: (ctx) => (ctx.film.series('series.loss') ? null : nnprobe.panels.loss.empty),

    layout(ctx) {
      const [upper, lower] = places(ctx), { loss, low } = range(ctx), steps = Math.max(1, ctx.film.planned);
      const across = { range: [0, steps], ...layout.steps(ctx) };
      const out = { ...layout.base(ctx), ...layout.axes(ctx, 1, upper, { ...across, showticklabels: !lower },
        { type: 'log', range: loss, ...layout.powers(loss) }) };
      if (!lower) return out;
      return { ...out, ...layout.axes(ctx, 2, lower, { ...across, matches: 'x' },
        { range: [low - 0.03, 1.03], ...layout.shares(accuracies(low)) }) };
    },

    marks(ctx, seq) {
      const loss = ctx.film.series('series.loss'), { theme, format } = ctx, out = [];
      const draw = (axis, columns, unit, floor) => {
        const ends = [];
        for (const [k, name, dash] of columns) {
          const was = nnprobe.fork.parent(k);
          if (!was) continue;
          out.push({ kind: 'line', axis, ...was, colour: theme.past, width: 1.3, dash, hover: (j) => `${name} of the run it left, step ${format.count(was.x[j])}: ${unit(was.y[j])}` });
          if (k === 0) ends.push({ x: was.x.at(-1), y: was.y.at(-1), text: 'was', colour: theme.past });
        }
        columns.forEach(([k, name, dash], i) => {
          const colour = i ? theme.ink : theme.accent;
          const values = loss.column(k), hover = (j) => `${name}, step ${format.count(loss.steps[j])}: ${unit(values[j])}`;
          const { marks: lines, end } = marks.history(ctx, seq, axis, loss.steps, values, { colour, dash, floor, hover,
            width: 1.9 * Math.sqrt(theme.markerScale) });
          out.push(...lines);
          if (end) {
            out.push({ kind: 'points', axis, x: [end.x], y: [end.y], shape: 0, colour, size: 6 * theme.markerScale, clip: false });
            ends.push({ ...end, text: name, colour });
          }
        });
        if (!ctx.tiny) out.push(...marks.ends(ctx, axis, ends));
      };
      draw(1, [[0, 'train', null], [1, 'test', [5, 3]]], (v) => `${format.value(v)} nats`, FLOOR);
      if (both(ctx)) {
        draw(2, [[2, 'train', null], [3, 'test', [5, 3]]], (v) => format.percent(v, 1), 0);
        out.push({ kind: 'text', axis: 0, x: places(ctx)[1].left, y: places(ctx)[1].top - 3, text: `accuracy${range(ctx).low > 0 ? ` from ${format.percent(range(ctx).low)}` : ''}`, colour: theme.soft,
          anchor: 'left', baseline: 'bottom' });
      }
      return out;
    },

    note(ctx, seq) {
      const loss = ctx.film.series('series.loss'), { format } = ctx, at = Math.min(seq, loss.steps.length - 1);
      if (at < 0) return '';
      const [train, test] = [0, 1].map((k) => loss.column(k)[at]);
      if (!Number.isFinite(train)) return 'no longer a finite number';
      return `train ${format.value(train, 2)}, test ${format.value(test, 2)} nats`;
    },
  };
})();
