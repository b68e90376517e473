/* Accuracy under attack: how the network learns, and how accuracy falls with the size of the change, beside noise. */
(() => {
  'use strict';
  const { attack, knownAt, layout, marks } = nnprobe;
  /** @param {Ctx} ctx */
  const wide = (ctx) => ctx.width > 26 * ctx.theme.fontSize;

  /** @param {Ctx} ctx @returns {{ time?: AxisBox, size: AxisBox }} */
  function places(ctx) {
    const { left } = layout.room(ctx), font = ctx.theme.fontSize, below = font * (ctx.tiny ? 1.9 : 3.1),
      right = font * (ctx.tiny ? 1 : 6.6);
    const top = ctx.tiny ? 6 : font * 1.8, height = Math.max(20, ctx.height - top - below);
    if (!wide(ctx)) return { size: { axis: 1, left, top, width: Math.max(20, ctx.width - left - right), height } };
    const first = Math.max(40, (ctx.width - 2 * left - right - font * 4.5) * 0.3), from = left + first + font * 4;
    return { time: { axis: 1, left, top, width: first, height },
      size: { axis: 2, left: from + left, top, width: Math.max(20, ctx.width - from - left - right), height } };
  }

  /** @param {Box} box */
  const y = (box) => {
    const shown = box.height > 110 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
    return { range: [-0.02, 1.03], ...layout.shares(shown) };
  };
  /** @param {Ctx} ctx @param {Box} box @param {string} words @returns {Mark} */
  const text = (ctx, box, words, dy = -5,
    baseline = /** @type {TextMark['baseline']} */ ('bottom')) => ({ kind: 'text', axis: 0, x: box.left,
    y: (dy < 0 ? box.top : box.top + box.height) + dy, text: words, colour: ctx.theme.soft, anchor: 'left', baseline });

  /** @param {Ctx} ctx @param {number} seq @param {AxisBox} box @returns {Mark[]} */
  function learning(ctx, seq, box) {
    const loss = ctx.film.series('series.loss'), { theme, format } = ctx, out = /** @type {Mark[]} */ ([]),
      ends = /** @type {End[]} */ ([]);
    if (!loss) return out;
    /** @type {[string, number[] | null][]} */
    const both = [['train', null], ['test', [5, 3]]];
    both.forEach(([name, dash]) => {
      const values = loss.column(`${name}_accuracy`),
        hover = (/** @type {number} */ i) => `${name}, epoch ${loss.steps[i]}: ${format.percent(values[i], 1)}`;
      const { marks: drawn, end } = marks.history(ctx, seq, box.axis, loss.steps, values, {
        colour: name === 'train' ? theme.accent : theme.ink,
        dash,
        hover,
      });
      out.push(...drawn);
      if (end) ends.push({ ...end, text: name, colour: name === 'train' ? theme.accent : theme.ink });
    });
    return ctx.tiny
      ? out
      : [...out, ...marks.ends(ctx, box.axis, ends),
        text(
          ctx,
          box,
          marks.fitting(ctx, box.width + 3.6 * theme.fontSize, 'accuracy while learning', 'learning', '…'),
        )];
  }

  /** @param {Ctx} ctx @param {number} seq @param {AxisBox} box @returns {Mark[]} */
  function falling(ctx, seq, box) {
    const series = ctx.film.series('series.attack'), { theme, format, config } = ctx,
      epsilons = ctx.head['attack.epsilons'].data, out = /** @type {Mark[]} */ ([]), ends = /** @type {End[]} */ ([]);
    const midline = ctx.head['attack.midline'],
      past = midline ? Array.from(midline.data).findIndex((share) => share >= 0.1) : -1;
    if (past > 0) {
      out.push({ kind: 'bars', axis: box.axis, x0: [epsilons[past]], x1: [epsilons[epsilons.length - 1]], y0: [-0.02],
        y1: [1.03], colour: theme.past, alpha: 0.16, hover: () =>
          `ε of ${format.value(epsilons[past], 2)} reaches the true midline for ${format.percent(midline.data[past])}`
            + ` of the points` });
      if (!ctx.tiny)
        out.push({ kind: 'text', axis: box.axis, x: epsilons[past], y: 0, dx: 4, dy: -4, text: 'past the midline',
          colour: theme.soft, anchor: 'left', baseline: 'bottom' });
    }
    /** @param {...string} wordings @returns {Mark} */
    const title = (...wordings) => text(ctx, box, marks.fitting(ctx, ctx.width - box.left, ...wordings));
    if (!series) return ctx.tiny ? out : [...out, title('then: accuracy against ε', 'then: against ε', '…')];
    const at = Array.from(series.steps, (step) => epsilons[step - config.epochs - 1]);
    /** @type {[string, string, string, number[] | null, number][]} */
    const curves = [
      ['confidence_after', 'confidence', theme.past, [1.5, 3], 1.4],
      ['noise_accuracy', 'noise', theme.soft, [5, 3], 1.6],
      ['accuracy', config.method.toUpperCase(), theme.accent, null, 2.2],
    ];
    for (const [column, name, colour, dash, width] of curves) {
      const values = series.column(column), hover = (/** @type {number} */ i) =>
        `${name}, ε ${format.value(at[i], 2)}: ${format.percent(values[i], 1)}`;
      const { marks: drawn, end } = marks.history(ctx, seq, box.axis, at, values, { colour, dash, hover,
        width: width * Math.sqrt(theme.markerScale) });
      out.push(...drawn);
      if (end) {
        ends.push({ ...end, text: name, colour });
        if (column === 'accuracy')
          out.push({ kind: 'points', axis: box.axis, x: [end.x], y: [end.y], shape: 0, colour,
            size: 6 * theme.markerScale, clip: false });
      }
    }
    const size = `ε in ${config.norm === 'l2' ? 'L2' : 'L∞'}`,
      below = text(ctx, box, size, theme.fontSize * 1.7, 'top');
    return ctx.tiny ? out : [...out, ...marks.ends(ctx, box.axis, ends),
      title('test accuracy under attack', 'accuracy under attack', 'under attack', '…'), below];
  }

  nnprobe.panels.attack_curve = {
    empty:
      'A network learns first; then accuracy is drawn against the size of the attack, '
        + 'beside random noise of the same size.',

    layout(ctx) {
      const { time, size } = places(ctx), { epochs } = ctx.config, out = layout.base(ctx),
        range = [0, ctx.config.epsilon * 1.001];
      if (time)
        Object.assign(
          out,
          layout.axes(ctx, time.axis, time, { range: [0, epochs], ...layout.round([0, epochs], 3),
            tickvals: [0, epochs], ticktext: ['0', ctx.format.plural(epochs, 'epoch')] }, y(time)),
        );
      return Object.assign(
        out,
        layout.axes(ctx, size.axis, size, { range, ...layout.round(range, size.width > 220 ? 5 : 2) }, y(size)),
      );
    },

    marks(ctx, seq) {
      const { time, size } = places(ctx);
      return [...(time ? learning(ctx, seq, time) : []), ...falling(ctx, seq, size)];
    },

    says(ctx, seq) {
      const { format, config } = ctx, series = ctx.film.series('series.attack'), loss = ctx.film.series('series.loss'),
        size = attack.sizeAt(ctx, seq);
      /** @param {Float32Array} column */
      const known = (column) => format.percent(knownAt(column, seq), 1);
      if (!size)
        return `the network learns; accuracy ${known(loss.column('train_accuracy'))} on training points, `
          + `${known(loss.column('test_accuracy'))} on test points.`;
      const [under, noise, sure] = ['accuracy', 'noise_accuracy', 'confidence_after'].map((name) =>
        known(series.column(name))
      );
      return `at ε = ${format.value(size.epsilon)} test accuracy is ${under} under ${config.method.toUpperCase()}, `
        + `${noise} under noise; mean confidence ${sure}.`;
    },

    note(ctx, seq) {
      const size = attack.sizeAt(ctx, seq), { format } = ctx,
        points = format.plural(ctx.film.head.header.points, 'test point');
      if (!size) return `learning, epoch ${ctx.frame(seq).step} of ${ctx.config.epochs}`;
      const target = ctx.config.target === 'any' ? '' : ` toward class ${ctx.config.target}`;
      return `${ctx.config.method.toUpperCase()}${target}, ε ${format.value(size.epsilon, 2)}, ${points}`;
    },
  };
})();
