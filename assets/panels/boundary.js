/* Decision boundary: confidence as colour, the argmax line, the points. Without a network yet: the points alone. */
(() => {
  'use strict';
  const { marks, layout } = nnprobe;

  /** How strongly a cell is coloured: almost nothing where the network is undecided, softly more with confidence. */
  function strengths(classes) {
    return Float32Array.from({ length: 256 }, (_, q) => {
      const c = Math.max(0, (q / 255 - 1 / classes) / (1 - 1 / classes));
      return 0.08 + 0.74 * c * (0.55 + 0.45 * c);
    });
  }

  /** 1 near the points, falling to .36 over a few cells where there are none. */
  function nearness(far, rows, cols) {
    const blur = (input, step, count) => {
      const out = new Float32Array(input.length), reach = 3;
      for (let i = 0; i < input.length; i++) {
        const place = Math.floor(i / step) % count;
        let sum = 0, n = 0;
        for (let k = -reach; k <= reach; k++) if (place + k >= 0 && place + k < count) { sum += input[i + k * step]; n++; }
        out[i] = sum / n;
      }
      return out;
    };
    const soft = blur(blur(Float32Array.from(far), 1, cols), cols, rows);
    return soft.map((v) => 1 - 0.64 * v);
  }

  /** The plane in the classes' colours and the line between them, on subplot `axis`; nothing without a network. */
  function plane(ctx, frame, axis) {
    if (!frame.arrays['boundary.class']) return [];
    const extent = ctx.head['data.extent'].data, [x0, x1, y0, y1] = extent;
    const { pixels, rows, cols, classes, confidence } = picture(ctx, frame.arrays);
    const says = (row, col) => {
      const k = (rows - 1 - row) * cols + col;
      return `class ${classes[k]}, confidence ${ctx.format.percent(confidence[k] / 255, 1)}`;
    };
    const line = nnprobe.argmaxLine(classes, confidence, rows, cols, extent);
    return [{ kind: 'image', axis, x0, x1, y0, y1, w: cols, h: rows, pixels, smooth: true, hover: says },
      { kind: 'line', axis, x: line.x, y: line.y, colour: ctx.theme.ink, width: ctx.tiny ? 1 : 1.8 * Math.sqrt(ctx.theme.markerScale) }];
  }

  function picture(ctx, arrays) {
    const classes = arrays['boundary.class'].data, confidence = arrays['boundary.confidence'].data;
    const [rows, cols] = arrays['boundary.class'].shape, count = ctx.widths[ctx.widths.length - 1];
    const pixels = ctx.memo('pixels', () => new Uint8ClampedArray(rows * cols * 4));
    const strength = ctx.memo('strength', () => strengths(Math.max(2, count)));
    const far = ctx.head['data.far'];
    const near = far ? ctx.memo('near', () => nearness(far.data, rows, cols)) : null;
    const colours = ctx.theme.classes.map(ctx.theme.rgb);
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        const from = row * cols + col, to = 4 * ((rows - 1 - row) * cols + col), colour = colours[classes[from] % 6];
        pixels[to] = colour[0];
        pixels[to + 1] = colour[1];
        pixels[to + 2] = colour[2];
        pixels[to + 3] = 255 * strength[confidence[from]] * (near ? near[from] : 1);
      }
    }
    return { pixels, rows, cols, classes, confidence };
  }

  const box = (ctx) => {
    const { below, left } = ctx.tiny ? { below: 4, left: 4 } : layout.room(ctx);
    return { left, top: 6, width: Math.max(20, ctx.width - left - 8), height: Math.max(20, ctx.height - below - 8) };
  };

  const sizeOf = (ctx) => {
    const side = Math.min(box(ctx).width, box(ctx).height);
    return Math.max(2.5, Math.min(8, side / 64)) * (side > 260 ? ctx.theme.markerScale : 1);
  };

  nnprobe.panels.boundary = {
    plane,
    early: true, // it shows the points alone, too
    options: [{ key: 'test', label: 'Test points', start: false }],
    empty: 'Choose data and a network; the plane is coloured by class as soon as training begins.',

    layout(ctx) {
      const [x0, x1, y0, y1] = ctx.head['data.extent'].data, room = box(ctx);
      const unit = Math.max((x1 - x0) / room.width, (y1 - y0) / room.height);
      const width = (x1 - x0) / unit, height = (y1 - y0) / unit;
      const place = { left: room.left + (room.width - width) / 2, top: room.top + (room.height - height) / 2, width, height };
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
        out.push(...marks.classes(ctx, 1, tx, ty, ctx.head['data.y_test'].data, { size: size * 0.8, hollow: true, pick: false,
          alpha: 0.9, hover: (i, px, py) => `test point ${i}, class ${ctx.head['data.y_test'].data[i]}<br>x ${format.value(px)}, y ${format.value(py)}` }));
      }
      out.push(...marks.classes(ctx, 1, x, y, labels, { size, stride: ctx.tiny ? 3 : 1,
        hover: (i, px, py) => `training point ${i}, class ${labels[i]}<br>x ${format.value(px)}, y ${format.value(py)}` }));
      if (ctx.selected !== null) {
        const here = [x[ctx.selected], y[ctx.selected]], attacked = nnprobe.adversary.marks(ctx, seq, 1, 0, here, { label: true });
        if (attacked.length) out.push(nnprobe.adversary.ball(ctx, 1, here), ...attacked);
        out.push(...marks.followed(ctx, 1, ...here));
      }
      return out;
    },

    says(ctx, seq) {
      const { arrays } = ctx.frame(seq), classes = arrays['boundary.class'], { format } = ctx, n = ctx.widths[ctx.widths.length - 1];
      if (!classes) return `${ctx.counted} of ${format.plural(n, 'class', 'classes')}, and no network yet.`;
      const counts = new Float64Array(n), confidence = arrays['boundary.confidence'].data;
      for (const k of classes.data) counts[k]++;
      const mean = confidence.reduce((a, b) => a + b, 0) / (255 * confidence.length);
      return `class ${[...counts].map((count, k) => `${k} has ${format.percent(count / confidence.length)}`).join(', class ')} of the plane; mean confidence ${format.percent(mean)}.`;
    },

    named: () => ({ xaxis: 'x₁', yaxis: 'x₂' }),

    note(ctx, seq) {
      const frame = ctx.frame(seq);
      if (!frame.arrays['boundary.class']) return `${ctx.counted}, untrained`;
      return `${ctx.counted}, class confidence; pale: far from data`;
    },
  };
})();
