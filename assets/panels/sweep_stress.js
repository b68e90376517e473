/* Test accuracy under noise and under attack, a line for each value of the setting that is varied. */
(() => {
  'use strict';
  const { layout, marks, sweep } = nnprobe;
  const KINDS = [['noise', 'under noise of up to ±s', 'test_noise', 's', 'noise'], ['attack',
    'under attack (FGSM) of size ε', 'epsilons', 'ε', 'FGSM']];

  const NOTHING = { mean: NaN, low: NaN, high: NaN, n: 0 };
  /** @param {Ctx} ctx */
  const kinds = (ctx) => KINDS.filter(([, , field]) => ctx.config[field].length);

  /** @param {Ctx} ctx */
  function boxes(ctx) {
    const { left } = layout.room(ctx), n = Math.max(1, kinds(ctx).length),
      top = ctx.tiny ? 6 : 1.5 * ctx.theme.fontSize, below = ctx.theme.fontSize * (ctx.tiny ? 1.6 : 2.7);
    const read = sweep.of(ctx.film),
      longest = read.first.field
        ? Math.min(7, Math.max(...read.first.texts.map((text) => sweep.word(text).length)))
        : 0;
    const right = (ctx.tiny ? 0 : 0.65 * longest * ctx.theme.fontSize) + 10, whole = ctx.width / n;
    return kinds(ctx).map((_, k) => ({ left: k * whole + left, top, width: Math.max(20, whole - left - right),
      height: Math.max(20, ctx.height - below - top - 4) })
    );
  }

  nnprobe.panels.sweep_stress = {
    empty: 'How accuracy falls under noise, and under attack, is measured once a network is done.',

    sentence(ctx, seq) {
      const read = sweep.of(ctx.film);
      if (read && !kinds(ctx).length)
        return 'No strengths of noise or attack were asked for: the form has them under Stress.';
      return read && sweep.found(ctx, 'noise', seq) ? null : nnprobe.panels.sweep_stress.empty;
    },

    layout(ctx) {
      const out = layout.base(ctx), places = boxes(ctx);
      kinds(ctx).forEach(([, , field], k) => {
        const most = Math.max(...ctx.config[field]),
          few = layout.round([0, 1.001 * most], ctx.tiny ? 1 : Math.max(2, places[k].width / (5 * ctx.theme.fontSize)));
        Object.assign(
          out,
          layout.axes(ctx, k + 1, places[k], { range: [-0.02 * most, 1.02 * most], ...few, showgrid: false }, {
            range: [-0.03, 1.03],
            ...layout.shares([0, 0.5, 1]),
          }),
        );
      });
      return out;
    },

    marks(ctx, seq) {
      const read = sweep.of(ctx.film), now = sweep.at(ctx, seq), { theme, format } = ctx,
        out = /** @type {Mark[]} */ ([]), places = boxes(ctx);
      const chosen = read.cells.map((_, k) => k).filter((k) =>
        (!read.second.field || String(read.cells[k].j) === ctx.option('second')) && now.state[k] === sweep.DONE
      );
      kinds(ctx).forEach(([name, label, field, sign, short], k) => {
        const got = sweep.found(ctx, name, seq), sizes = [0, ...ctx.config[field]], ends = /** @type {End[]} */ ([]);
        if (!got) return;
        /** @param {number} cell @param {number} place */
        const at = (cell, place) => (place ? got.get(cell, place - 1) : now.score('test_accuracy', cell));
        read.first.texts.forEach((text, i) => {
          const cells = chosen.filter((cell) => read.cells[cell].i === i), n = read.first.texts.length,
            { colour, dash, shape } = marks.style(ctx, i, n);
          const spreads = sizes.map((_, place) => sweep.spread(cells.map((cell) => at(cell, place)))),
            known = sizes.map((_, n) => n).filter((n) => spreads[n]), found = spreads.map((one) => one || NOTHING);
          if (!known.length) return;
          /** @param {number} n */
          const says = (n) => {
            const one = found[known[n]];
            return `${read.first.field ? `${read.first.label.toLowerCase()} ${sweep.word(text)}, ` : ''}${sign} = `
              + `${format.value(sizes[known[n]])}<br>accuracy ${format.percent(one.mean, 1)}, mean of ${one.n}<br>`
              + `from ${format.percent(one.low, 1)} to ${format.percent(one.high, 1)}`;
          };
          const xs = known.map((n) => sizes[n]), ys = known.map((n) => found[n].mean);
          if (read.first.texts.length < 3)
            out.push({ kind: 'line', axis: k + 1, x: known.flatMap((n) => [sizes[n], sizes[n], NaN]),
              y: known.flatMap((n) => [found[n].low, found[n].high, NaN]), colour, width: 4, alpha: 0.22 });
          out.push({ kind: 'line', axis: k + 1, x: xs, y: ys, colour, dash, width: 1.8 * Math.sqrt(theme.markerScale),
            hover: says }, { kind: 'points', axis: k + 1, x: xs, y: ys, shape, colour,
            size: (shape ? 5.5 : 4) * theme.markerScale, hover: says });
          if (read.first.field && marks.named(ctx, i, n, places[k].height))
            ends.push({ x: xs[xs.length - 1], y: ys[ys.length - 1], text: sweep.word(text).slice(0, 8), colour });
        });
        if (ctx.tiny) return;
        out.push(...marks.ends(ctx, k + 1, ends), sweep.axisName(ctx, places[k], sign), { kind: 'text', axis: 0,
          x: places[k].left, y: places[k].top - 4,
          text: places[k].width > 0.56 * label.length * theme.fontSize ? label : short, colour: theme.soft,
          anchor: 'left', baseline: 'bottom' });
      });
      return out;
    },

    says(ctx, seq) {
      const read = sweep.of(ctx.film), now = sweep.at(ctx, seq), { format } = ctx;
      const chosen = read.cells.map((_, k) => k).filter((k) =>
        (!read.second.field || String(read.cells[k].j) === ctx.option('second')) && now.state[k] === sweep.DONE
      );
      const said = kinds(ctx).map(([name, , field, sign]) => {
        const got = sweep.found(ctx, name, seq), last = ctx.config[field].length - 1,
          all = got && sweep.spread(chosen.map((cell) => got.get(cell, last)));
        return all
          ? `under ${name} of ${sign} = ${format.value(ctx.config[field][last])} ${format.percent(all.mean, 1)}`
          : '';
      }).filter(Boolean);
      return `test accuracy, mean of ${format.plural(chosen.length, 'network')}, ${said.join(', ')}.`;
    },

    note(ctx) {
      const read = sweep.of(ctx.film),
        of = read.second.field ? `, ${sweep.word(read.second.texts[Number(ctx.option('second'))] || '')}` : '';
      return read.first.field
        ? `test accuracy, a line a value of ${read.first.label.toLowerCase()}${of}`
        : 'test accuracy, mean of all networks';
    },
  };
})();
