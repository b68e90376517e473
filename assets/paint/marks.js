/* Marks: the plain objects a panel describes its picture with. paint.js draws them, traces.js hands them to Plotly.

   points {x, y, shape, colour, size, alpha, hollow, index, hover}   line {x, y, colour, width, dash, alpha, hover}
   bars {x0, x1, y0, y1, colour, alpha, hover}                       image {x0, x1, y0, y1, w, h, pixels, smooth, hover}
   text {x, y, dx, dy, text | rich, colour, size, bold, anchor, baseline, back}
   Each has `axis` (the number of its subplot; 0: pixels of the panel) and, by choice, `clip: false`. */
(() => {
  'use strict';
  const members = new WeakMap(), DASHES = [null, [7, 3], [2, 2.5], [9, 3, 2, 3]], MANY = 6;

  /** Per class the indices of its points.
      @param {Numbers} labels */
  function byClass(labels) {
    if (!members.has(labels)) {
      const lists = /** @type {number[][]} */ ([]);
      labels.forEach((k, i) => (lists[k] = lists[k] || []).push(i));
      members.set(labels, Array.from(lists, (list) => Int32Array.from(list || [])));
    }
    return members.get(labels);
  }

  /** @type {Marks} */
  const marks = {
    byClass,
    /** The first of some wordings that fits into `width` pixels at this font size; '' where none does. */
    fitting: (ctx, width, ...wordings) =>
      wordings.find((text) => 0.57 * text.length * ctx.theme.fontSize <= width) || '',
    /** How line i of n is told from the others: by a ramp of one hue, and where that is too little by dash and marker.
        */
    style: (ctx, i, n) => ({ colour: ctx.theme.ramp(i, n), dash: n < MANY ? null : DASHES[i % DASHES.length],
      shape: n < MANY ? 0 : i % nnprobe.shapes.length }),
    /** Whether line i of n is named at its end: all are where `height` has room for them, else evenly spaced ones. */
    named(ctx, i, n, height) {
      const every = Math.ceil(n / Math.max(2, Math.floor(height / (1.12 * ctx.theme.fontSize))));
      return (n - 1 - i) % every === 0;
    },
    /** Points in the colour and shape of their class: one mark per class. */
    classes(ctx, axis, x, y, labels, { size, alpha = 1, hollow = false, stride = 1, hover = null, pick = true }) {
      return byClass(labels).map((/** @type {any} */ list, /** @type {number} */ k) => {
        const count = Math.ceil(list.length / stride), xs = new Float32Array(count), ys = new Float32Array(count);
        const index = stride === 1 ? list : new Int32Array(count);
        for (let i = 0; i < count; i++) {
          const point = list[i * stride];
          index[i] = point;
          xs[i] = x[point];
          ys[i] = y[point];
        }
        return { kind: 'points', axis, x: xs, y: ys, shape: k % nnprobe.shapes.length, colour: ctx.theme.classes[k % 6],
          size, alpha, hollow, index: pick ? index : null, hover: hover
            && ((/** @type {number} */ i) => hover(index[i], xs[i], ys[i])) };
      });
    },

    /** The ring and number of the point that is followed. */
    followed(ctx, axis, x, y, label = true) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
      const size = 13 * ctx.theme.markerScale;
      /** @type {PointsMark} */
      const ring = { kind: 'points', axis, x: [x], y: [y], shape: 0, colour: ctx.theme.ink, size, alpha: 1,
        hollow: true };
      if (!label) return [ring];
      return [ring, { kind: 'text', axis, x, y, dx: size * 0.7, dy: -size * 0.7, text: `${ctx.selected}`, bold: true,
        colour: ctx.theme.ink, back: ctx.theme.panel, anchor: 'left', baseline: 'middle' }];
    },

    /** Names at the ends of lines, pushed apart so that none covers another: [{x, y, text, colour}]. */
    ends(ctx, axis, labels) {
      const place = ctx.axes.get(axis);
      if (!place) return [];
      const gap = ctx.theme.fontSize * 1.12, all = labels.filter((label) => Number.isFinite(label.y));
      // Of more than there is height for, the first, the last and some between.
      const every = Math.ceil((all.length - 1) / Math.max(1, Math.floor(place.height / gap) - 1)),
        seen = every > 1 ? all.filter((_, i) => i % every === 0) : all;
      /** @param {End} label */
      const at = (label) => place.ay * (place.logy ? Math.log10(label.y) : label.y) + place.by;
      const order = seen.map((label) => ({ label, want: at(label), now: at(label) })).sort((a, b) => a.want - b.want);
      const top = place.top + gap / 2, bottom = place.top + place.height - gap / 2;
      order.forEach((item, i) => {
        item.now = Math.max(item.want, i ? order[i - 1].now + gap : top);
      });
      for (let i = order.length - 1; i >= 0; i--) {
        order[i].now = Math.min(order[i].now, i === order.length - 1 ? bottom : order[i + 1].now - gap);
      }
      return order.map(({ label, want, now }) => ({ kind: 'text', axis, x: label.x, y: label.y, dx: 6, dy: now - want,
        text: label.text, colour: label.colour, anchor: 'left', baseline: 'middle', clip: false, bold: label.bold }));
    },

    /** A column of a series up to the playhead, and faintly beyond: two marks, without the frames where it is absent.
        `hover(k)` is what frame k says. */
    history(ctx, seq, axis, steps, values, { colour, width = 1.8, dash = null, hover = null, floor = 0 }) {
      const xs = new Float64Array(values.length), ys = new Float64Array(values.length),
        at = new Int32Array(values.length);
      let last = -1, n = 0;
      for (let i = 0; i < values.length; i++) {
        if (Number.isNaN(values[i])) continue;
        if (i <= seq) last = n;
        xs[n] = steps[i];
        ys[n] = floor ? Math.max(values[i], floor) : values[i];
        at[n++] = i;
      }
      /** @type {LineMark} */
      const past = { kind: 'line', axis, x: xs.slice(0, last + 1), y: ys.slice(0, last + 1), colour, width, dash,
        hover: hover && ((i) => hover(at[i])) };
      /** @type {LineMark} */
      const rest = { kind: 'line', axis, x: xs.slice(Math.max(0, last), n), y: ys.slice(Math.max(0, last), n), colour,
        width: 1, dash, alpha: 0.3 };
      const end = last >= 0 ? { x: xs[last], y: ys[last] } : null;
      return { marks: rest.x.length > 1 ? [rest, past] : [past], end };
    },
  };
  nnprobe.marks = marks;
})();
