/* Attack: the followed point's adversary in words, robustness over training, and accuracy against ε at this moment. */
(() => {
  'use strict';
  const { adversary, knownAt, layout, marks, page, plane, table } = nnprobe;
  const { shares: SHARES, largest: LARGEST } = page.panels.meta.attack;

  /** @param {Ctx} ctx */
  const lines = (ctx) => (ctx.tiny ? 0 : ctx.width < 40 * ctx.theme.fontSize ? 2 : 1);
  /** Which plots there is room for: the plane about the point, accuracy over training, accuracy against ε.
      @param {Ctx} ctx */
  function shown(ctx) {
    const em = ctx.theme.fontSize;
    if (ctx.width > 50 * em && ctx.height > 18 * em) return ['plane', 'time', 'size'];
    return ctx.width > 36 * em ? ['time', 'size'] : [ctx.option('view')];
  }

  /** Where they are, below the words.
      @param {Ctx} ctx @returns {Map<string, AxisBox>} */
  function places(ctx) {
    const names = shown(ctx), { below, left } = layout.room(ctx), font = ctx.theme.fontSize, gap = font,
      right = font * 3.4;
    const top = 4 + lines(ctx) * font * 1.5 + font * 1.7, height = Math.max(20, ctx.height - top - below),
      boxes = new Map();
    let from = 0, axis = 1;
    if (names[0] === 'plane') {
      const side = Math.min(height, ctx.width * 0.42 - left);
      boxes.set('plane', { axis: axis++, left, top: top + (height - side) / 2, width: side, height: side });
      from = left + side + gap;
    }
    const plots = names.filter((name) => name !== 'plane'), beside = from > 0 && ctx.height > 26 * font;
    const cols = beside ? 1 : plots.length, each = (ctx.width - from - gap * (cols - 1)) / cols;
    const tall = beside ? (height - below - font * 2) / 2 : height; // one above the other, beside the plane
    plots.forEach((name, k) =>
      boxes.set(name, { axis: axis++, left: from + (beside ? 0 : k * (each + gap)) + left,
        top: top + (beside ? k * (tall + below + font * 2) : 0), width: Math.max(20, each - left - right),
        height: Math.max(20, tall) })
    );
    return boxes;
  }

  /** The part of the plane about the followed point: four times as wide as it may move, or all of it.
      @param {Ctx} ctx @returns {Span[]} */
  function about(ctx) {
    const [x0, x1, y0, y1] = ctx.head['data.extent'].data, r = 4 * adversary.epsilon(ctx);
    if (ctx.selected === null || !r || r > adversary.side(ctx) / 2)
      return layout.equal([x0, x1], [y0, y1], { width: 1, height: 1 }, 0);
    const [x, y] = ctx.layer(0, 0).map((column) => column[Number(ctx.selected)]);
    return [[x - r, x + r], [y - r, y + r]];
  }

  /** @param {Box} box */
  const percents = (box) => (box.height > 90 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1]);

  /** @param {Ctx} ctx @param {string} name @param {AxisBox} box */
  function axesOf(ctx, name, box) {
    if (name === 'plane') {
      const [x, y] = about(ctx), ticks = { showgrid: false, nticks: 5 };
      return layout.axes(ctx, box.axis, box, { range: x, ...ticks }, { range: y,
        scaleanchor: box.axis === 1 ? 'x' : `x${box.axis}`, ...ticks });
    }
    const y = { range: [box.height > 90 ? -0.02 : -0.1, 1.03], ...layout.shares(percents(box)) };
    if (name === 'time')
      return layout.axes(ctx, box.axis, box, { range: [0, Math.max(1, ctx.film.planned)], ...layout.steps(ctx) }, y);
    const range = [0, LARGEST * adversary.side(ctx) * 1.001], ticks = layout.round(range, box.width > 200 ? 4 : 2);
    return layout.axes(ctx, box.axis, box, { range, ...ticks }, y);
  }

  /** Above a plot, the first wording that its width holds.
      @param {Ctx} ctx @param {Box} box @param {...string} wordings @returns {Mark[]} */
  const heading = (ctx, box,
    ...wordings) => (ctx.tiny
      ? []
      : [{ kind: 'text', axis: 0, x: box.left, y: box.top - 4, colour: ctx.theme.soft, anchor: 'left',
        baseline: 'bottom', text: marks.fitting(ctx, box.width + 3 * ctx.theme.fontSize, ...wordings) }]);

  /** The plane, and the way of the point to its adversary.
      @param {Ctx} ctx @param {number} seq @param {AxisBox} box @returns {Mark[]} */
  function inThePlane(ctx, seq, box) {
    const { axis } = box, [x, y] = ctx.layer(0, seq), { format, labels } = ctx, out = plane(ctx, ctx.frame(seq), axis);
    out
      .push(...marks.classes(ctx, axis, x, y, labels, { size: Math.max(3, Math.min(9, box.width / 48)),
        hover: (i, px, py) =>
          `training point ${i}, class ${labels[i]}<br>x ${format.value(px)}, y ${format.value(py)}` }));
    if (ctx.selected !== null) {
      const here = /** @type {const} */ ([x[ctx.selected], y[ctx.selected]]);
      out.push(
        adversary.ball(ctx, axis, here),
        ...adversary.marks(ctx, seq, axis, 0, here, { label: true }),
        ...marks.followed(ctx, axis, ...here),
      );
    }
    return out;
  }

  /** Accuracy under attack (full) and under noise (dashed) at the three sizes, up to the playhead.
      @param {Ctx} ctx @param {number} seq @param {AxisBox} box @returns {Mark[]} */
  function overTraining(ctx, seq, box) {
    const series = ctx.film.series('series.robustness'), { theme, format } = ctx, out = /** @type {Mark[]} */ ([]),
      ends = /** @type {End[]} */ ([]);
    if (!series)
      return heading(ctx, box, 'this film has no robustness over training', 'no robustness recorded', 'none recorded');
    SHARES.forEach((/** @type {number} */ share, /** @type {number} */ row) => {
      const colour = theme.ramp(row, SHARES.length), name = `ε ${format.value(share * adversary.side(ctx), 2)}`;
      /** @type {[string, number[] | null, number][]} */
      const both = [['noise', [4, 3], 1], ['attack', null, 1.9]];
      both.forEach(([what, dash, width]) => {
        const values = series.column(what, row);
        /** @param {number} k */
        const hover = (k) =>
          `${what}, ${name} (${format.percent(share)} of the side), step ${format.count(series.steps[k])}: `
            + `${format.percent(values[k], 1)}`;
        const { marks: drawn, end } = marks.history(ctx, seq, box.axis, series.steps, values, { colour, dash, hover,
          width: width * Math.sqrt(theme.markerScale) });
        out.push(...drawn);
        if (end && what === 'attack') ends.push({ ...end, text: format.value(share * adversary.side(ctx), 2), colour });
      });
    });
    if (!ctx.tiny) out.push(...marks.ends(ctx, box.axis, ends));
    return [
      ...heading(ctx, box, 'test accuracy under FGSM; dashed: noise', 'under FGSM; dashed: noise', 'accuracy at ε'),
      ...out,
    ];
  }

  /** The same at this moment against ε, with the ε that is chosen and the true midline.
      @param {Ctx} ctx @param {number} seq @param {AxisBox} box @returns {Mark[]} */
  function againstSize(ctx, seq, box) {
    const found = adversary.curve(ctx, seq), { theme, format } = ctx, out = /** @type {Mark[]} */ ([]),
      chosen = adversary.epsilon(ctx);
    if (!found)
      return heading(
        ctx,
        box,
        ...[ctx, { narrow: true }].map((room) => said(adversary.why(ctx, seq, 'all'), room)),
      );
    const { epsilon, accuracy, midline } = found.arrays, x = Array.from(epsilon.data), last = x.length - 1;
    const at = table('series.robustness', accuracy); // its columns are those of the curves over training
    /** @param {string} what */
    const column = (what) => x.map((_, i) => at(what, i));
    const past = Array.from(midline.data).findIndex((share) => share >= 0.1), share = past < 0 ? 0 : midline.data[past];
    if (past > 0) {
      out.push({ kind: 'bars', axis: box.axis, x0: [x[past]], x1: [x[last]], y0: [-0.02], y1: [1.03],
        colour: theme.past, alpha: 0.16, hover: () =>
          `ε of ${format.value(x[past], 2)} reaches the true midline for ${format.percent(share)} of the points: `
            + `past it another class may be right` });
    }
    /** @param {string} what @param {string} name @param {string} colour @param {number[] | null} dash
        @param {number} width @returns {Mark} */
    const line = (what, name, colour, dash, width) => ({ kind: 'line', axis: box.axis, x, y: column(what), colour, dash,
      width: width * Math.sqrt(theme.markerScale),
      hover: (i) => `${name}, ε ${format.value(x[i], 2)}: ${format.percent(column(what)[i], 1)}` });
    out.push(
      line('noise', 'noise', theme.soft, [4, 3], 1.4),
      line('attack', found.header.attack.toUpperCase(), theme.accent, null, 2),
    );
    if (chosen > 0)
      out.push({ kind: 'line', axis: box.axis, x: [chosen, chosen], y: [-0.02, 1.03], colour: theme.ink, width: 1.2,
        dash: [3, 3] });
    if (!ctx.tiny) {
      out.push(...marks.ends(ctx, box.axis, [
        { x: x[last], y: column('noise')[last], text: 'noise', colour: theme.soft },
        { x: x[last], y: column('attack')[last], text: found.header.attack.toUpperCase(), colour: theme.accent }]));
      if (past > 0 && box.width > 130) {
        out.push({ kind: 'text', axis: box.axis, x: x[past], y: 0, dx: 4, dy: -4, text: 'past the midline',
          colour: theme.soft, anchor: 'left', baseline: 'bottom' });
      }
    }
    const few = found.header.points < found.header.test ? `, ${format.count(found.header.points)} test points` : '';
    return [
      ...heading(
        ctx,
        box,
        `test accuracy against ε, step ${format.count(found.step)}${few}`,
        `test accuracy against ε, step ${format.count(found.step)}`,
        'test accuracy against ε',
        'against ε',
      ),
      ...out,
    ];
  }

  /** Why something is not shown, short where there is little room.
      @param {string} why @param {{ narrow: boolean }} ctx */
  const said = (why,
    ctx) => (why === 'loading'
      ? 'loading …'
      : ctx.narrow
      ? why.split(' are ')[0].replace('the weights', 'not finite')
      : why);

  /** "class 0 98 % → class 1 91 %", and how far it moved.
      @param {Ctx} ctx @param {number} seq @returns {Mark[]} */
  function words(ctx, seq) {
    const { theme, format } = ctx, font = theme.fontSize, parts = [];
    /** @param {number} y @param {Words[]} rich @returns {Mark} */
    const text = (y, rich) => ({ kind: 'text', axis: 0, x: 4, y, rich, colour: theme.soft, anchor: 'left',
      baseline: 'middle' });
    const found = adversary.at(ctx, seq), chosen = ctx.option('epsilon');
    if (ctx.selected === null)
      return [
        text(4 + font * 0.75, [{ text: chosen ? 'Tap a point to attack it.' : 'Tap a point, move ε.',
          colour: theme.ink }]),
      ];
    if (!chosen)
      return [text(4 + font * 0.75, [{ text: `Point ${ctx.selected}: move ε to attack it.`, colour: theme.ink }])];
    if (!found) return [text(4 + font * 0.75, [{ text: said(adversary.why(ctx, seq), ctx), colour: theme.soft }])];
    const { before, after, confidence, l2, linf, norm, midline } = found.header;
    /** @param {number} k @param {number} share */
    const classOf = (k, share, name = 'class ') => ({ text: `${name}${k} ${format.percent(share)}`,
      colour: theme.classes[k % 6], bold: true });
    parts.push(
      classOf(before, confidence[0]),
      { text: ' → ', colour: theme.ink },
      classOf(after, confidence[1], ctx.narrow ? '' : 'class '),
    );
    const moved = [{ colour: theme.soft,
      text: `moved ${format.value(norm === 'l2' ? l2 : linf, 2)}`
        + `${ctx.narrow ? '' : norm === 'l2' ? ' (L2)' : ' (L∞)'}` }];
    if (midline !== null && found.header.epsilon >= midline)
      moved.push({ text: ctx.narrow ? ', at midline' : ', ε reaches the true midline', colour: theme.alarm });
    if (lines(ctx) === 2) return [text(4 + font * 0.75, parts), text(4 + font * 2.25, moved)];
    return [text(4 + font * 0.75, [...parts, { text: ' · ', colour: theme.soft }, ...moved])];
  }

  // Who moves ε without a point, by keyboard perhaps, is given one.
  document.addEventListener('input', (event) => {
    const { film, stage } = nnprobe, shown = film.head && film.head.arrays['data.y'];
    if (event.target.id === 'input-attack-epsilon' && shown && stage.selected === null)
      stage.select(Math.floor(0.37 * shown.data.length));
  });

  /** @type {{ [plot: string]: string }} */
  const AXES = { plane: 'x₁', time: 'step', size: 'ε' };
  /** @type {{ [plot: string]: (ctx: Ctx, seq: number, box: AxisBox) => Mark[] }} */
  const DRAW = { plane: inThePlane, time: overTraining, size: againstSize };

  nnprobe.panels.attack = {
    options: [{ key: 'view', choices: [['time', 'Training'], ['size', 'Against ε']], start: 'time' }],
    inputs: [
      { key: 'epsilon', label: 'ε', range: [0, LARGEST, 0.0025], start: 0,
        help: 'How far the followed point may be moved', show: (share) => {
          const { film, context, stage } = nnprobe;
          if (!share) return '0';
          return film.head && stage.panel('attack')
            ? nnprobe.format.value(share * adversary.side(context(stage.panel('attack'))), 2)
            : '…';
        } },
      { key: 'how', label: 'by', start: 'fgsm linf', quiet: true,
        help: 'One step, ten steps, or ten from several random starts; how a change is measured',
        choices: [['linf', 'L∞'], ['l2', 'L2']].flatMap(([norm, measure]) =>
          ['fgsm', 'bim', 'pgd'].map((name) => /** @type {Choice} */ ([`${name} ${norm}`,
            `${name.toUpperCase()} ${measure}`]))
        ) },
    ],
    empty: 'Choose a point and move ε: it travels to where the network errs, in the plane and in every layer.',

    sentence: (ctx) => (ctx.film.series('series.loss') ? null : nnprobe.panels.attack.empty),

    named: (ctx) =>
      Object.fromEntries([...places(ctx)].filter(([, box]) =>
        box.top + box.height > 0.8 * ctx.height
      ).map(([name, box]) => [`xaxis${box.axis > 1 ? box.axis : ''}`, AXES[name]])),

    layout(ctx) {
      const out = layout.base(ctx);
      for (const [name, box] of places(ctx)) Object.assign(out, axesOf(ctx, name, box));
      return out;
    },

    marks(ctx, seq) {
      const out = ctx.tiny ? /** @type {Mark[]} */ ([]) : words(ctx, seq);
      for (const [name, box] of places(ctx)) out.push(...DRAW[name](ctx, seq, box));
      return out;
    },

    says(ctx, seq) {
      const series = ctx.film.series('series.robustness'), found = adversary.at(ctx, seq), { format } = ctx, said = [];
      if (series) {
        const under = SHARES.map((/** @type {number} */ share, /** @type {number} */ row) =>
          `ε ${format.percent(share)}: ${format.percent(knownAt(series.column('attack', row), seq), 1)}`
        );
        said.push(`test accuracy under FGSM, ε as a share of the side, ${under.join(', ')}`);
      }
      if (found) {
        const { before, after, confidence } = found.header;
        said
          .push(`point ${ctx.selected} goes from class ${before}, ${format.percent(confidence[0])}, to class ${after}`
            + `, ${format.percent(confidence[1])}`);
      }
      return `${said.join('; ') || 'no point is attacked'}.`;
    },

    verdict(ctx, seq) {
      const found = ctx.narrow ? null : adversary.at(ctx, seq); // where it is narrow the words below say it
      if (!found) return null;
      const { before, after } = found.header;
      return after === before ? { level: 'fine', text: 'it holds' } : { level: 'alarm', text: `${before} → ${after}` };
    },
  };
})();
