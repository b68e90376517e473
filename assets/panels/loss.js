/* Loss and accuracy over steps, train and test, up to the playhead; or the loss of every batch, with its mean over a
   span. */
(() => {
  'use strict';
  const { layout, marks, parent } = nnprobe;
  const FLOOR = 1e-9, LOSSES = ['train_loss', 'test_loss'], ACCURACIES = ['train_accuracy', 'test_accuracy'];

  /** @param {Ctx} ctx */
  const perBatch = (ctx) => ctx.option('view') === 'batches' && Boolean(ctx.film.series('series.batches'));

  /** How many steps the smoothed curve is the mean of: about a fiftieth of the run, a round number.
      @param {Ctx} ctx */
  const spanOf = (ctx) => Math.max(5, layout.ceiling(ctx.film.planned / 50));

  /** Losses of batches {steps, raw, smooth, frames: how many are of frames up to each}. Of many steps between two
      frames some are recorded (docs/film-format.md); where frames are missing there is a gap.
      @param {Ctx} ctx */
  function batches(ctx) {
    const { film } = ctx, kept = ctx.memo('batches', () => /** @type {any} */ ({ key: '' })),
      key = `${film.count} ${film.arrived.length} ${film.planned}`;
    if (kept.key === key) return kept;
    const series = film.series('series.batches'), { extra } = film, steps = [], raw = [], upTo = [];
    for (let k = 0, before = 0; k < series.steps.length; k++) {
      const gap = series.steps[k] - before, most = series.cols;
      for (let place = Math.max(0, most - gap); place < most; place++) {
        const step = before + (gap <= most ? place - (most - gap) + 1 : Math.ceil(((place + 1) * gap) / most));
        if (step <= (steps.at(-1) || 0)) continue; // a frame made by hand has told it
        steps.push(step);
        raw.push(series.column(place)[k]);
      }
      upTo.push(steps.length);
      if (!extra[k]) before = series.steps[k];
    }
    const span = spanOf(ctx), smooth = new Float64Array(raw.length);
    for (let i = 0, from = 0, sum = 0, n = 0; i < raw.length; i++) {
      if (Number.isFinite(raw[i])) { sum += raw[i]; n++; }
      for (; steps[from] <= steps[i] - span; from++) if (Number.isFinite(raw[from])) { sum -= raw[from]; n--; }
      smooth[i] = Number.isFinite(raw[i]) ? sum / n : NaN;
    }
    return Object.assign(kept, { key, steps, raw, smooth, upTo });
  }

  /** At most the highest and the lowest of each pixel's worth of points.
      @param {Column} x @param {Column} y @param {number} pixels @returns {Column[]} */
  function thin(x, y, pixels) {
    if (x.length <= 4 * pixels) return [x, y];
    const keep = [], each = x.length / pixels;
    for (let p = 0; p < pixels; p++) {
      let low = Math.floor(p * each), high = low;
      for (let i = low; i < Math.floor((p + 1) * each); i++) {
        if (y[i] < y[low]) low = i;
        if (y[i] > y[high]) high = i;
      }
      keep.push(Math.min(low, high), Math.max(low, high));
    }
    return [keep.map((i) => x[i]), keep.map((i) => y[i])];
  }

  /** The loss of each batch, faint, and its mean over the last steps.
      @param {Ctx} ctx @param {number} seq @param {Mark[]} out @param {Box} box @returns {End[]} */
  function drawBatches(ctx, seq, out, box) {
    const { theme, format } = ctx, { steps, raw, smooth, upTo } = batches(ctx),
      now = upTo[Math.min(seq, upTo.length - 1)] - 1, span = spanOf(ctx);
    const before = (/** @type {any} */ list) => list.slice(0, now + 1),
      low = (/** @type {any} */ list) => Float64Array.from(before(list), (v) => Math.max(v, FLOOR));
    const [x, y] = thin(before(steps), low(raw), Math.max(60, Math.round(box.width)));
    out.push({ kind: 'line', axis: 1, x, y, colour: theme.accent, width: 1, alpha: 0.4,
      hover: (j) => `batch of step ${format.count(x[j])}: ${format.value(y[j])} nats` });
    const { marks: lines, end } = marks.history(ctx, now, 1, steps, smooth, { colour: theme.accent, floor: FLOOR,
      width: 1.9 * Math.sqrt(theme.markerScale), hover: (j) =>
        `mean of ${span} steps up to ${format.count(steps[j])}: ${format.value(smooth[j])} nats` });
    out.push(...lines);
    if (!ctx.tiny) {
      out.push({ kind: 'text', axis: 0, x: box.left + box.width - 2, y: box.top + 2,
        text: box.width > 14 * theme.fontSize ? `batches, mean of ${span} steps` : `mean of ${span}`,
        colour: theme.soft, anchor: 'right', baseline: 'top', back: theme.withAlpha(theme.panel, 0.75) });
    }
    return end ? [{ ...end, text: 'train', colour: theme.accent }] : [];
  }

  /** @param {Ctx} ctx */
  const both = (ctx) => ctx.height > 215 && !ctx.tiny;

  /** @param {Ctx} ctx */
  function places(ctx) {
    const { below, left } = layout.room(ctx), right = ctx.theme.fontSize * (ctx.tiny ? 0.6 : 3);
    const width = Math.max(20, ctx.width - left - right), height = ctx.height - below - 8;
    if (!both(ctx)) return [{ left, top: 6, width, height: Math.max(20, height) }];
    const gap = ctx.theme.fontSize * 1.6, upper = Math.round((height - gap) * 0.62);
    return [{ left, top: 6, width, height: upper },
      { left, top: 6 + upper + gap, width, height: Math.max(20, height - gap - upper) }];
  }

  /** Log range of all losses, those of the run it left too; the lowest accuracy, rounded down to a tenth.
      @param {Ctx} ctx */
  function range(ctx) {
    const loss = ctx.film.series('series.loss'), losses = layout.extent(), accuracy = layout.extent().include(1);
    if (loss) {
      losses.columns(LOSSES.map((name) => loss.column(name)));
      accuracy.columns(ACCURACIES.map((name) => loss.column(name)));
      if (perBatch(ctx)) losses.columns([batches(ctx).raw]);
    }
    for (const name of LOSSES) losses.columns([parent.curve(name)?.y || []]);
    const [lo, hi] = losses.range ? layout.decades(losses.range, FLOOR) : [-1, 0];
    return { loss: [Math.min(lo, hi - 0.5) - 0.08, hi + 0.08], low: Math.floor((accuracy.range || [1])[0] * 10) / 10 };
  }

  /** Column, name and dashes of a curve.
      @typedef {[string, string, number[] | null]} Drawn */

  /** @param {number} low */
  const accuracies = (low) => (low < 0.35 ? [low, 0.5, 1] : [low, 1]);

  nnprobe.panels.loss = {
    options: [{ key: 'view', start: 'points', choices: [['points', 'all points'], ['batches', 'each batch']] }],
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
      const loss = ctx.film.series('series.loss'), { theme, format } = ctx, out = /** @type {Mark[]} */ ([]);
      /** @param {number} axis @param {Drawn[]} columns @param {(v: number) => string} unit @param {number} floor
          @param {End[]} [ends] */
      const draw = (axis, columns, unit, floor, ends = []) => {
        for (const [column, name, dash] of columns) {
          const was = parent.curve(column);
          if (!was) continue;
          out.push({ kind: 'line', axis, ...was, colour: theme.past, width: 1.3, dash, hover: (j) =>
            `${name} of the run it left, step ${format.count(was.x[j])}: ${unit(was.y[j])}` });
          if (column === 'train_loss') ends.push({ x: was.x[was.x.length - 1], y: was.y[was.y.length - 1], text: 'was',
            colour: theme.past });
        }
        columns.forEach(([column, name, dash]) => {
          const colour = name === 'test' ? theme.ink : theme.accent;
          const values = loss.column(column),
            hover = (/** @type {number} */ j) => `${name}, step ${format.count(loss.steps[j])}: ${unit(values[j])}`;
          const { marks: lines, end } = marks.history(ctx, seq, axis, loss.steps, values, { colour, dash, floor, hover,
            width: 1.9 * Math.sqrt(theme.markerScale) });
          out.push(...lines);
          if (end) {
            out.push({ kind: 'points', axis, x: [end.x], y: [end.y], shape: 0, colour, size: 6 * theme.markerScale,
              clip: false });
            ends.push({ ...end, text: name, colour });
          }
        });
        if (!ctx.tiny) out.push(...marks.ends(ctx, axis, ends));
      };
      const trained = perBatch(ctx) ? drawBatches(ctx, seq, out, places(ctx)[0]) : null;
      const train = /** @type {Drawn} */ (['train_loss', 'train', null]);
      const test = /** @type {Drawn} */ (['test_loss', 'test', [5, 3]]);
      draw(1, trained ? [test] : [train, test], (v) => `${format.value(v)} nats`, FLOOR, trained || []);
      if (ctx.option('view') === 'batches' && !trained && !ctx.tiny) {
        out.push({ kind: 'text', axis: 0, x: places(ctx)[0].left + 4, y: places(ctx)[0].top + 2,
          text: 'This film has no losses of batches.', colour: theme.soft, anchor: 'left', baseline: 'top' });
      }
      if (both(ctx)) {
        draw(2, [['train_accuracy', 'train', null], ['test_accuracy', 'test', [5, 3]]], (v) => format.percent(v, 1), 0);
        out.push({ kind: 'text', axis: 0, x: places(ctx)[1].left, y: places(ctx)[1].top - 3,
          text: `accuracy${range(ctx).low > 0 && !ctx.narrow ? ` from ${format.percent(range(ctx).low)}` : ''}`,
          colour: theme.soft, anchor: 'left', baseline: 'bottom' });
      }
      return out;
    },

    says(ctx, seq) {
      const loss = ctx.film.series('series.loss'), { format } = ctx,
        at = Math.min(seq, loss.steps.length - 1),
        [train, test, first, second] = [...LOSSES, ...ACCURACIES].map((name) => loss.column(name)[at]);
      return `loss ${format.value(train)} nats on training points, ${format.value(test)} on test points; accuracy `
        + `${format.percent(first, 1)} and ${format.percent(second, 1)}.`;
    },

    named: (ctx) => ({ yaxis: 'loss, nats', [both(ctx) ? 'xaxis2' : 'xaxis']: 'step' }),

    note(ctx, seq) {
      const loss = ctx.film.series('series.loss'), { format } = ctx, at = Math.min(seq, loss.steps.length - 1);
      if (at < 0) return '';
      const [train, test] = LOSSES.map((name) => loss.column(name)[at]);
      if (!Number.isFinite(train)) return 'no longer a finite number';
      return `train ${format.value(train, 2)}, test ${format.value(test, 2)} nats`;
    },
  };
})();
