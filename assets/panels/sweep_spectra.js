/* Norms and eigenvalues of the weight matrices against the setting that is varied, a line for each matrix. */
(() => {
  'use strict';
  const { layout, marks, sweep } = nnprobe;
  const MEASURES = [['frobenius', 'Norm', 'Frobenius norm'], ['spread', 'Spread', 'largest less smallest |λ|'], [
    'complex',
    'Complex',
    'complex eigenvalues',
  ]];

  /** The measures that are shown: all three where there is room, else the one that is chosen.
      @param {Ctx} ctx */
  function shown(ctx) {
    const room = Math.floor(ctx.width / (19 * ctx.theme.fontSize));
    return room >= 3 ? MEASURES : MEASURES.filter(([key]) => key === ctx.option('measure'));
  }

  /** @param {Ctx} ctx @returns {Box[]} */
  function boxes(ctx) {
    const { left } = layout.room(ctx), below = ctx.theme.fontSize * (ctx.tiny ? 1.6 : 2.7), n = shown(ctx).length,
      top = ctx.tiny ? 6 : 1.5 * ctx.theme.fontSize;
    const right = ctx.tiny ? 8 : 2.6 * ctx.theme.fontSize, whole = ctx.width / n;
    return shown(ctx).map((_, k) => ({ left: k * whole + left, top, width: Math.max(20, whole - left - right),
      height: Math.max(20, ctx.height - below - top - 4) })
    );
  }

  /** (cell, matrix) → number of one measure.
      @param {Ctx} ctx @param {string} key @param {number} seq */
  function reader(ctx, key, seq) {
    if (key === 'frobenius') return sweep.found(ctx, key, seq);
    const found = sweep.found(ctx, 'eigen', seq);
    return found && { places: found.places,
      get: (/** @type {number} */ cell, /** @type {number} */ place) => found.get(cell, place, key) };
  }

  /** The networks that are shown: those of the second setting's chosen value.
      @param {Ctx} ctx @param {SweepRead} read */
  const members = (ctx, read) =>
    read.cells.map((_, k) => k).filter((k) => !read.second.field || String(read.cells[k].j) === ctx.option('second'));

  /** Where the axis ends: room for every value of the second setting, by now; a round number, so that it seldom moves.
      @param {Ctx} ctx @param {string} key */
  const top = (ctx, key) => {
    const got = reader(ctx, key, ctx.film.count - 1), read = sweep.of(ctx.film);
    let most = 0;
    for (let place = 0; got && place < got.places; place++)
      read.cells.forEach((_, cell) => {
        const v = got.get(cell, place);
        if (v > most) most = v;
      });
    return layout.ceiling(1.02 * (most || 1));
  };

  nnprobe.panels.sweep_spectra = {
    empty: 'The norms of each network’s weight matrices, and their eigenvalues once it is done.',
    options: [{ key: 'measure', choices: MEASURES.map(([key, label]) => [key, label]), start: 'frobenius' }],
    inputs: [{ key: 'second', label: 'Of', start: '0', shared: true, choices: (ctx) => {
      const read = sweep.of(ctx.film);
      if (!read || !read.second.field) return [['0', 'all networks']];
      return read.second.texts.map((text,
        j) => [String(j), /^[a-z_]+$/i.test(text) ? sweep.word(text) : `${read.second.label} ${text}`]
      );
    } }],

    sentence(ctx, seq) {
      if (!sweep.of(ctx.film)) return nnprobe.panels.sweep_spectra.empty;
      return shown(ctx).some(([key]) => reader(ctx, key, seq))
        ? null
        : 'Eigenvalues are measured once a network is done.';
    },

    layout(ctx) {
      const read = sweep.of(ctx.film), out = layout.base(ctx), places = boxes(ctx);
      shown(ctx).forEach(([key], k) => {
        const x = read.first.field ? sweep.across(ctx, read, places[k].width) : matrices(ctx), high = top(ctx, key);
        Object.assign(
          out,
          layout.axes(ctx, k + 1, places[k], { ...x, showgrid: false }, { range: [0, high],
            ...layout.round([0, high], Math.max(2, places[k].height / 50)) }),
        );
      });
      return out;
    },

    marks(ctx, seq) {
      const read = sweep.of(ctx.film), { theme } = ctx, out = /** @type {Mark[]} */ ([]), chosen = members(ctx, read),
        places = boxes(ctx);
      shown(ctx).forEach(([key, , label], k) => {
        const got = reader(ctx, key, seq), ends = /** @type {End[]} */ ([]);
        if (!got) return finish(k, label);
        if (!read.first.field) {
          out.push(...perMatrix(ctx, read, got, chosen, k + 1, label));
          return finish(k, label);
        }
        for (let place = 0; place < got.places; place++) {
          const { colour, dash, shape } = marks.style(ctx, place, got.places), xs = /** @type {number[]} */ ([]),
            ys = /** @type {number[]} */ ([]), says = /** @type {string[]} */ ([]),
            lowHigh = { x: /** @type {number[]} */ ([]), y: /** @type {number[]} */ ([]) };
          read.first.at.forEach((x, i) => {
            const found = sweep.spread(chosen.filter((cell) =>
              read.cells[cell].i === i
            ).map((cell) => got.get(cell, place)));
            if (!found) return;
            xs.push(x);
            ys.push(found.mean);
            lowHigh.x.push(x, x, NaN);
            lowHigh.y.push(found.low, found.high, NaN);
            says
              .push(`matrix ${place + 1}, ${read.first.label.toLowerCase()} ${sweep.word(read.first.texts[i])}<br>`
                + `${label} ${ctx.format.value(found.mean)}, mean of ${found.n}<br>from `
                + `${ctx.format.value(found.low)} to ${ctx.format.value(found.high)}`);
          });
          if (!xs.length) continue;
          out.push({ kind: 'line', axis: k + 1, x: lowHigh.x, y: lowHigh.y, colour, width: 4, alpha: 0.22 }, {
            kind: 'line',
            axis: k + 1,
            x: xs,
            y: ys,
            colour,
            dash,
            width: 1.8 * Math.sqrt(theme.markerScale),
            hover: (n) => says[n],
          }, { kind: 'points', axis: k + 1, x: xs, y: ys, shape, colour, size: (shape ? 5.5 : 4) * theme.markerScale,
            hover: (n) => says[n] });
          if (marks.named(ctx, place, got.places, places[k].height))
            ends.push({ x: xs[xs.length - 1], y: ys[ys.length - 1], text: `W${nnprobe.format.sub(place + 1)}`,
              colour });
        }
        if (!ctx.tiny) out.push(...marks.ends(ctx, k + 1, ends));
        finish(k, label);
      });
      return out;

      /** @param {number} k @param {string} label */
      function finish(k, label) {
        if (ctx.tiny) return;
        out.push({ kind: 'text', axis: 0, x: places[k].left, y: places[k].top - 4, text: label, colour: theme.soft,
          anchor: 'left', baseline: 'bottom' });
        if (k === places.length - 1)
          out.push(sweep.axisName(ctx, places[k], read.first.field ? read.first.label : 'weight matrix'));
      }
    },

    says(ctx, seq) {
      const read = sweep.of(ctx.film), [key, , label] = shown(ctx)[0], got = reader(ctx, key, seq),
        chosen = members(ctx, read);
      const means = Array.from(
        { length: got ? got.places : 0 },
        (_, place) => ({ place, found: got && sweep.spread(chosen.map((cell) => got.get(cell, place))) }),
      );
      const { sub, value } = ctx.format;
      const said = means.flatMap(({ place, found }) => (found ? [`W${sub(place + 1)} ${value(found.mean)}`] : []));
      return `${label}, mean of all networks, ${said.join(', ')}.`;
    },

    /** How many complex eigenvalues chance alone would give, where all hidden layers are of one width. */
    note(ctx) {
      const read = sweep.of(ctx.film), widths = ctx.config.hidden, varied = [read.first.field, read.second.field];
      if (widths.length < 2 || new Set(widths).size > 1
        || varied.some((field) => ['width', 'depth', 'hidden'].includes(field)))
        return 'mean, lowest and highest over seeds';
      const n = widths[0], expected = n - Math.sqrt((2 * n) / Math.PI) - 0.5;
      return `by chance alone ${ctx.format.value(expected)} of ${n} eigenvalues are complex`;
    },
  };

  /** @param {Ctx} ctx */
  function matrices(ctx) {
    const n = ctx.film.latest('sweep.frobenius', ctx.film.count - 1).array.shape[1],
      at = Array.from({ length: n }, (_, k) => k);
    return { range: [-0.5, n - 0.5], tickvals: at, ticktext: at.map((k) => `W${nnprobe.format.sub(k + 1)}`) };
  }

  /** Without a setting: each network a dot above each of its matrices, and their mean.
      @param {Ctx} ctx @param {SweepRead} read @param {{ places: number, get(cell: number, place: number): number }} got
      @param {number[]} chosen @param {number} axis @param {string} label @returns {Mark[]} */
  function perMatrix(ctx, read, got, chosen, axis, label) {
    const at = Array.from({ length: got.places }, (_, k) => k), { theme } = ctx, out = /** @type {Mark[]} */ ([]);
    /** @param {number} cell */
    const jitter = (cell) => 0.5 * (read.seeds > 1 ? read.cells[cell].seed / (read.seeds - 1) - 0.5 : 0);
    for (const place of at) {
      const list = chosen.filter((cell) => Number.isFinite(got.get(cell, place)));
      out.push({ kind: 'points', axis, x: list.map((cell) => place + jitter(cell)),
        y: list.map((cell) => got.get(cell, place)), shape: 0, colour: theme.ramp(place, got.places),
        size: 4 * theme.markerScale, alpha: 0.7, index: list,
        hover: (n) => `matrix ${place + 1}, ${sweep.name(read, list[n])}<br>`
          + `${label} ${ctx.format.value(got.get(list[n], place))}` });
    }
    const means = at.map((place) => sweep.spread(chosen.map((cell) => got.get(cell, place)))),
      known = at.filter((place) => means[place]);
    return [{ kind: 'line', axis, x: known, y: known.map((place) => means[place]?.mean ?? NaN), colour: theme.accent,
      width: 1.8 * Math.sqrt(theme.markerScale) }, ...out];
  }
})();
