/* Decision boundary: confidence as colour, the argmax line, the points. Without a network yet: the points alone. */
(() => {
  'use strict';
  const { adversary, layout, marks, plane } = nnprobe;

  /** @param {Ctx} ctx */
  const box = (ctx) => {
    const { below, left } = ctx.tiny ? { below: 4, left: 4 } : layout.room(ctx);
    return { left, top: 6, width: Math.max(20, ctx.width - left - 8), height: Math.max(20, ctx.height - below - 8) };
  };

  /** @param {Ctx} ctx */
  const sizeOf = (ctx) => {
    const side = Math.min(box(ctx).width, box(ctx).height);
    return Math.max(2.5, Math.min(8, side / 64)) * (side > 260 ? ctx.theme.markerScale : 1);
  };

  nnprobe.panels.boundary = {
    early: true, // it shows the points alone, too
    options: [{ key: 'test', label: 'Test points', start: false }],
    empty: 'Choose data and a network; the plane is coloured by class as soon as training begins.',

    layout(ctx) {
      const [x0, x1, y0, y1] = ctx.head['data.extent'].data, room = box(ctx);
      const unit = Math.max((x1 - x0) / room.width, (y1 - y0) / room.height);
      const width = (x1 - x0) / unit, height = (y1 - y0) / unit;
      const place = { left: room.left + (room.width - width) / 2, top: room.top + (room.height - height) / 2, width,
        height };
      const ticks = { showgrid: false, showticklabels: !ctx.tiny, nticks: width > 300 ? 7 : 4 };
      return { ...layout.base(ctx), ...layout.axes(ctx, 1, place,
        { range: [x0, x1], constrain: 'domain', ...ticks },
        { range: [y0, y1], constrain: 'domain', scaleanchor: 'x', scaleratio: 1, ...ticks }) };
    },

    marks(ctx, seq) {
      const out = plane(ctx, ctx.frame(seq), 1), size = sizeOf(ctx), { format } = ctx;
      const [x, y] = ctx.layer(0, seq), labels = ctx.labels;
      if (ctx.option('test') && ctx.head['data.x_test']) {
        const [tx, ty] = ctx.memo('test', () => nnprobe.columns(ctx.head['data.x_test']));
        out
          .push(...marks.classes(ctx, 1, tx, ty, ctx.head['data.y_test'].data, { size: size * 0.8, hollow: true,
            pick: false, alpha: 0.9, hover: (i, px, py) =>
              `test point ${i}, class ${ctx.head['data.y_test'].data[i]}<br>x ${format.value(px)}, y `
                + `${format.value(py)}` }));
      }
      out
        .push(...marks.classes(ctx, 1, x, y, labels, { size, stride: ctx.tiny ? 3 : 1, hover: (i, px, py) =>
          `training point ${i}, class ${labels[i]}<br>x ${format.value(px)}, y ${format.value(py)}` }));
      if (ctx.selected !== null) {
        const here = /** @type {const} */ ([x[ctx.selected], y[ctx.selected]]),
          attacked = adversary.marks(ctx, seq, 1, 0, here, { label: true });
        if (attacked.length) out.push(adversary.ball(ctx, 1, here), ...attacked);
        out.push(...marks.followed(ctx, 1, ...here));
      }
      return out;
    },

    says(ctx, seq) {
      const { arrays } = ctx.frame(seq), classes = arrays['boundary.class'], { format } = ctx,
        n = ctx.widths[ctx.widths.length - 1];
      if (!classes) return `${ctx.counted} of ${format.plural(n, 'class', 'classes')}, and no network yet.`;
      const counts = new Float64Array(n), confidence = arrays['boundary.confidence'].data;
      for (const k of classes.data) counts[k]++;
      const mean = confidence.reduce((a, b) => a + b, 0) / (255 * confidence.length);
      return `class `
        + `${[...counts].map((count, k) => `${k} has ${format.percent(count / confidence.length)}`).join(', class ')}`
        + ` of the plane; mean confidence ${format.percent(mean)}.`;
    },

    named: () => ({ xaxis: 'x₁', yaxis: 'x₂' }),

    note(ctx, seq) {
      const frame = ctx.frame(seq);
      if (!frame.arrays['boundary.class']) return `${ctx.counted}, untrained`;
      return `${ctx.counted}, class confidence; pale: far from data`;
    },
  };
})();
