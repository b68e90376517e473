/* Accuracy against the setting that is varied: every network a dot, their mean a line, one for each value of a second
   setting. */
(() => {
  'use strict';
  const { countsOf, layout, marks, sweep } = nnprobe;
  /** @type {[string, string, string][]} */
  const COLUMNS = [['test', 'Test accuracy', 'test_accuracy'], ['train', 'Train accuracy', 'train_accuracy'],
    ['loss', 'Test loss', 'test_loss']];
  const FLOOR = 1e-6, { DONE } = sweep;

  /** @param {Ctx} ctx @returns {[string, string, string]} */
  const measure = (ctx) => COLUMNS.find(([key]) => key === ctx.option('show')) || COLUMNS[0];
  /** @param {Ctx} ctx */
  const isLoss = (ctx) => measure(ctx)[0] === 'loss';

  /** @param {Ctx} ctx @param {SweepRead} read */
  function place(ctx, read) {
    const { left } = layout.room(ctx), below = ctx.theme.fontSize * (ctx.tiny ? 1.6 : 2.7);
    const right = ctx.tiny || !read.second.field
      ? 10
      : ctx.theme.fontSize * (1.2 + 0.6 * Math.min(9, Math.max(...read.second.texts.map((text) => text.length))));
    return { left, top: 8, width: Math.max(20, ctx.width - left - right),
      height: Math.max(20, ctx.height - below - 10) };
  }

  /** Accuracies from a little below chance, or from the lowest there is by now; the log range of all losses so far.
      @param {Ctx} ctx */
  function range(ctx) {
    const [, , column] = measure(ctx), newest = ctx.film.nearest(ctx.film.count - 1).arrays['sweep.scores'],
      every = (/** @type {NdArray} */ array, /** @type {(v: number) => void} */ see) => sweep.scores(array,
        column).filter(Number.isFinite).forEach(see);
    if (!isLoss(ctx)) {
      let low = 1 / countsOf(ctx.config).classes;
      every(newest, (/** @type {number} */ v) => { low = Math.min(low, v); });
      return [Math.max(-0.03, Math.floor(low * 20) / 20 - 0.05), 1.03];
    }
    const { range: seen } = ctx.gather(
      'range',
      () => layout.extent(),
      ({ arrays }, found) => every(arrays['sweep.scores'], (/** @type {number} */ v) => found.include(v)),
    );
    if (!seen) return [-2, 0];
    const [lo, hi] = seen.map((v) => Math.log10(Math.max(v, FLOOR)));
    return [Math.floor(lo), Math.ceil(hi)];
  }

  /** @param {Span} _ */
  const shareTicks = ([lo]) => {
    const shown = lo < 0.4 ? [0, 0.25, 0.5, 0.75, 1] : [0.5, 0.6, 0.7, 0.8, 0.9, 1];
    const kept = shown.filter((v) => v >= lo);
    return layout.shares(kept);
  };

  nnprobe.panels.sweep_curve = {
    empty: 'Choose a setting and its values: here each network will be a dot, and their mean a line.',
    options: [{ key: 'show', choices: COLUMNS.map(([key, label]) => /** @type {Choice} */ ([key, label])),
      start: 'test' }],

    layout(ctx) {
      const read = sweep.of(ctx.film), box = place(ctx, read), bounds = range(ctx);
      const up = isLoss(ctx)
        ? { type: 'log', range: bounds, ...layout.powers(bounds) }
        : { range: bounds, ...shareTicks(bounds) };
      return { ...layout.base(ctx), ...layout.axes(ctx, 1, box, { ...across(ctx, read, box), showgrid: false }, up) };
    },

    marks(ctx, seq) {
      const read = sweep.of(ctx.film), now = sweep.at(ctx, seq), { theme, format } = ctx,
        out = /** @type {Mark[]} */ ([]), ends = /** @type {End[]} */ ([]);
      const [, label, column] = measure(ctx),
        say = (/** @type {number} */ v) => (isLoss(ctx) ? `${format.value(v)} nats` : format.percent(v, 1));
      /** @param {number} cell */
      const value = (cell) => (isLoss(ctx) ? Math.max(FLOOR, now.score(column, cell)) : now.score(column, cell));
      const groups = read.second.texts.map(() => read.first.texts.map(() => /** @type {number[]} */ ([])));
      read.cells.forEach((cell, k) => groups[cell.j][cell.i].push(k));
      const size = Math.max(3, Math.min(7, 90 / Math.sqrt(read.count))) * theme.markerScale,
        dots = /** @type {Mark[]} */ ([]);
      groups.forEach((byValue, j) => {
        const { colour, dash, shape } = marks.style(ctx, j, groups.length), xs = /** @type {number[]} */ ([]),
          ys = /** @type {number[]} */ ([]), says = /** @type {string[]} */ ([]),
          spreadX = /** @type {number[]} */ ([]), spreadY = /** @type {number[]} */ ([]);
        byValue.forEach((cells, i) => {
          const found = sweep.spread(cells.map(value));
          const solid = cells.filter((k) => now.state[k] === DONE),
            open = cells.filter((k) => now.state[k] !== DONE && Number.isFinite(value(k)));
          for (const list of [solid, open]) {
            if (list.length)
              dots.push({ kind: 'points', axis: 1, x: list.map((k) => xOf(read, k)), y: list.map(value), shape: 0,
                colour, size, alpha: 0.75, hollow: list === open, index: list, hover: (n) =>
                  `${sweep.name(read, list[n])}<br>${label.toLowerCase()} ${say(value(list[n]))}, step `
                    + `${format.count(now.step[list[n]])}<br>click: ${sweep.CLICK}` });
          }
          if (!found || !read.first.field) return;
          const x = xOf(read, cells[0], null);
          xs.push(x);
          ys.push(found.mean);
          says
            .push(`${title(read, i, j)}<br>mean ${say(found.mean)} of ${format.plural(found.n, 'network')}<br>from `
              + `${say(found.low)} to ${say(found.high)}`);
          spreadX.push(x, x, NaN);
          spreadY.push(found.low, found.high, NaN);
        });
        if (!xs.length) return;
        out.push({ kind: 'line', axis: 1, x: spreadX, y: spreadY, colour, width: Math.max(2, size), alpha: 0.22 });
        out.push({ kind: 'line', axis: 1, x: xs, y: ys, colour, dash, width: 2 * Math.sqrt(theme.markerScale),
          hover: (k) => says[k] });
        if (shape)
          out.push({ kind: 'points', axis: 1, x: xs, y: ys, shape, colour, size: size + 2, hover: (k) => says[k] });
        if (read.second.field && marks.named(ctx, j, groups.length, place(ctx, read).height))
          ends.push({ x: edge(ctx, read), y: ys[ys.length - 1], text: sweep.word(read.second.texts[j]), colour });
      });
      out.push(...dots);
      const followed = ctx.option('network');
      if (Number.isInteger(followed) && followed < read.count) {
        out.push({ kind: 'points', axis: 1, x: [xOf(read, followed)], y: [value(followed)], shape: 0, colour: theme.ink,
          size: size + 7, alpha: 1, hollow: true });
      }
      if (!ctx.tiny)
        out.push(
          ...marks.ends(ctx, 1, ends),
          sweep.axisName(ctx, place(ctx, read), read.first.field ? read.first.label : 'seed'),
        );
      return out;
    },

    /** A tap on a network's dot opens its film. */
    tap(ctx, hit) {
      if (hit.mark?.kind === 'points' && hit.mark.index && hit.index !== null)
        sweep.open(sweep.of(ctx.film), hit.index);
    },

    says(ctx, seq) {
      const read = sweep.of(ctx.film), now = sweep.at(ctx, seq), [, label, column] = measure(ctx),
        say = (/** @type {number} */ v) => (isLoss(ctx) ? ctx.format.value(v) : ctx.format.percent(v, 1));
      const all = sweep.spread(read.cells.map((_, cell) => now.score(column, cell)));
      if (!all) return 'no network has a result yet.';
      const means = read.first.texts.map((text,
        i) => ({ text, found: sweep.spread(read.cells.map((cell, k) => (cell.i === i ? now.score(column, k) : NaN))) })
      ).filter(({ found }) => found);
      const each = read.first.field
        ? `; ${read.first.label.toLowerCase()} `
          + `${means.map(({ text, found }) => `${sweep.word(text)}: ${say(found ? found.mean : NaN)}`).join(', ')}`
        : '';
      return `${label.toLowerCase()}, mean of ${ctx.format.plural(all.n, 'network')}, ${say(all.mean)}, from `
        + `${say(all.low)} to ${say(all.high)}${each}.`;
    },

    note(ctx, seq) {
      const read = sweep.of(ctx.film), now = sweep.at(ctx, seq),
        done = now.state.reduce((sum, s) => sum + Number(s === DONE), 0);
      const solved = read.cells.reduce((sum, _, k) => sum + Number(now.score('test_accuracy', k) >= 0.99), 0);
      return `${ctx.format.count(done)} of ${ctx.format.plural(read.count, 'network')} done, `
        + `${ctx.format.count(solved)} at 99${'\u2009'}% or more`;
    },
  };

  /** Where a network stands on the x axis: its value, seeds side by side within a little room; its seed without a
      setting. `seed` null: where the middle of its seeds is.
      @param {SweepRead} read @param {number} cell @param {number | null} [seed] */
  function xOf(read, cell, seed = read.cells[cell].seed) {
    const { i, j } = read.cells[cell], { at, log, field } = read.first;
    if (!field) return seed ?? NaN;
    const groups = read.second.texts.length, within = seed === null ? 0.5 : (seed + 0.5) / read.seeds,
      share = (j + within) / groups - 0.5;
    const sorted = [...at].sort((a, b) => a - b),
      steps = sorted.slice(1).map((v, k) => (log ? v / sorted[k] : v - sorted[k]));
    const near = steps.length ? Math.min(...steps) : log ? 2 : 1, room = groups > 1 ? 0.45 : 0.3;
    return log ? at[i] * near ** (room * share) : at[i] + room * near * share;
  }

  /** @param {Ctx} ctx @param {SweepRead} read @param {Box} box */
  function across(ctx, read, box) {
    if (read.first.field) return sweep.across(ctx, read, box.width);
    return { range: [-0.8, read.seeds - 0.2],
      ...layout.round([0, read.seeds - 1], Math.min(read.seeds, ctx.tiny ? 2 : 8)) };
  }

  /** The right end of the x axis, where lines are named: dots of the last value lie between.
      @param {Ctx} ctx @param {SweepRead} read */
  function edge(ctx, read) {
    const { type, range: [, end] = [] } = across(ctx, read, place(ctx, read));
    return type === 'log' ? 10 ** end : end;
  }

  /** @param {SweepRead} read @param {number} i @param {number} j */
  function title(read, i, j) {
    /** @type {[SweepAxis, number][]} */
    const both = [[read.first, i], [read.second, j]], parts = both.filter(([axis]) => axis.field);
    return parts.map(([axis, k]) => `${axis.label.toLowerCase()} ${sweep.word(axis.texts[k])}`).join(', ');
  }
})();
