/* Separation: per layer the Henze-Penrose values now (up) against before (down), and a linear probe's accuracy beside.
   */
(() => {
  'use strict';
  const { layout, table } = nnprobe;
  const BINS = 24;

  /** @param {Ctx} ctx */
  const rowsOf = (ctx) => ctx.widths.length;
  /** @param {Ctx} ctx */
  const showsGrid = (ctx) =>
    ctx.option('view') === 'time' || (ctx.spotlit && ctx.option('view') === 'all' && ctx.height > 380);
  /** @param {Ctx} ctx */
  const showsBars = (ctx) => ctx.option('view') !== 'time';

  /** Boxes: bars and probe side by side, the two grids below them (or alone).
      @param {Ctx} ctx @returns {{ [name: string]: Box }} */
  function places(ctx) {
    const { below } = layout.room(ctx), font = ctx.theme.fontSize,
      left = ctx.tiny ? 6 : font * (ctx.narrow ? 2.6 : rowsOf(ctx) > 11 ? 5.5 : 4.8), title = ctx.tiny ? 2 : font * 1.7,
      gap = font * 2;
    const width = ctx.width - left - gap - 8, first = Math.round(width * 0.6);
    /** @type {{ [name: string]: Box }} */
    const out = {};
    const grid = showsGrid(ctx), bars = showsBars(ctx),
      split = grid && bars ? Math.round(ctx.height * 0.58) : grid ? 0 : ctx.height;
    /** @param {number} top @param {number} height @param {string} name @param {number} room */
    const alone = (top, height, name, room) => {
      out[name] = { left, top: top + title, width: Math.max(20, ctx.width - left - room),
        height: Math.max(20, height - title - below) };
      return out;
    };
    // In a narrow panel one chart: the bars, with the probe as a figure at each row's end.
    if (ctx.narrow && !ctx.tiny)
      return bars
        ? alone(0, ctx.height, 'bars', 3.7 * font)
        : alone(0, ctx.height, 'valueGrid', 8);
    /** @param {number} top @param {number} height @param {string[]} names */
    const pair = (top, height, names) => {
      const half = names[0] === 'bars' ? first : Math.round(width / 2);
      out[names[0]] = { left, top: top + title, width: Math.max(20, half),
        height: Math.max(20, height - title - below) };
      out[names[1]] = { left: left + half + gap, top: top + title, width: Math.max(20, width - half),
        height: Math.max(20, height - title - below) };
    };
    if (bars) pair(0, split, ['bars', 'probe']);
    if (grid) pair(split, ctx.height - split, ['valueGrid', 'probeGrid']);
    return out;
  }

  /** @param {number} v */
  const twentieth = (v) => Math.floor(v * 20) / 20;

  /** The axis of values begins at the lowest there is, rounded down to a twentieth.
      @param {Ctx} ctx @returns {number} */
  const lowest = (ctx) =>
    twentieth(ctx.gather('lowest', () => layout.extent().include(0.95), ({ arrays }, found) => {
      if (arrays['separation.values']) found.columns([arrays['separation.values'].data]);
    }).range?.[0] ?? 0);

  /** What 95 % of shuffled labels lie between, [low, high] of a layer; films made before it was kept have none.
      @param {Ctx} ctx @param {number} row @returns {Float32Array[]} */
  const chanceOf = (ctx, row) => {
    const chance = ctx.film.series('series.baseline');
    return chance ? ['low', 'high'].map((end) => chance.column(end, row)) : [];
  };

  /** The lowest of what is shown of the probe, likewise rounded: with the shuffled labels, or its intervals alone.
      @param {Ctx} ctx @param {boolean} shuffled */
  function lowestProbe(ctx, shuffled) {
    const series = ctx.film.series('series.separation'), found = layout.extent().include(0.95);
    for (let row = 0; row < rowsOf(ctx); row++)
      found.columns([series.column('low', row),
        ...(shuffled ? [series.column('chance', row), ...chanceOf(ctx, row)] : [])]);
    return twentieth(found.range?.[0] ?? 0);
  }

  /** @param {NdArray} values @param {number} row @param {number} low */
  function histogram(values, row, low) {
    const [, count] = values.shape, bins = new Float32Array(BINS);
    for (let k = 0; k < count; k++) {
      const v = values.data[row * count + k];
      if (Number.isFinite(v)) bins[Math.max(0, Math.min(BINS - 1, Math.floor(((v - low) / (1 - low)) * BINS)))]++;
    }
    return bins;
  }

  /** One layer's bars: `up` +1 above its line, −1 below; heights in rows, the tallest possible stack half a row.
      @param {Ctx} ctx @param {NdArray} values @param {number} low @param {number} up @param {string} colour
      @param {number} alpha @param {string} word @returns {Mark} */
  function bars(ctx, values, low, up, colour, alpha, word) {
    const x0 = /** @type {number[]} */ ([]), x1 = /** @type {number[]} */ ([]);
    const y0 = /** @type {number[]} */ ([]), y1 = /** @type {number[]} */ ([]), says = /** @type {string[]} */ ([]),
      width = (1 - low) / BINS;
    for (let row = 0; row < rowsOf(ctx); row++) {
      const bins = histogram(values, row, low), most = values.shape[1], tall = Math.max(...bins, most / 4), base = -row;
      bins.forEach((count, k) => {
        if (!count) return;
        const height = 0.44 * (count / tall);
        x0.push(low + k * width + width * 0.08);
        x1.push(low + (k + 1) * width - width * 0.08);
        y0.push(up > 0 ? base : base - height);
        y1.push(up > 0 ? base + height : base);
        says
          .push(`${ctx.names[row]}, ${word}: ${count} of ${most} values from ${(low + k * width).toFixed(3)} to `
            + `${(low + (k + 1) * width).toFixed(3)}`);
      });
    }
    return { kind: 'bars', axis: 1, x0, x1, y0, y1, colour, alpha, hover: (i) => says[i] };
  }

  /** @param {Ctx} ctx @param {number} seq @param {Mark[]} out @param {Box} box @param {number} low */
  function drawBars(ctx, seq, out, box, low) {
    const { theme, film } = ctx, now = film.latest('separation.values', seq), before = ctx.head['separation.values'];
    const rows = rowsOf(ctx), x = /** @type {number[]} */ ([]), y = /** @type {number[]} */ ([]);
    for (let row = 0; row < rows; row++) { x.push(low, 1, NaN); y.push(-row, -row, NaN); }
    if (before) out.push(bars(ctx, before, low, -1, theme.past, 0.85, 'before training'));
    if (now)
      out
        .push(bars(
          ctx,
          now.array,
          low,
          1,
          theme.accent,
          0.95,
          `now (step ${ctx.format.count(film.frame(now.seq).step)})`,
        ));
    out.push({ kind: 'line', axis: 1, x, y, colour: theme.line, width: 1 }); // over the bars, as Plotly draws lines
    if (ctx.tiny) return;
    out.push({ kind: 'text', axis: 0, x: ctx.narrow ? 4 : box.left, y: box.top - 4, anchor: 'left', baseline: 'bottom',
      colour: theme.soft, rich: [{ text: '▲ now ', colour: theme.accent }, { text: '▼ before', colour: theme.soft }] });
  }

  /** The two ends of an axis, written below it: one that does not begin at 0 says so. Zoomed axes have ticks.
      @param {Ctx} ctx @param {Mark[]} out @param {Box} box @param {number} low @param {string} lowest
      @param {string} high */
  function ends(ctx, out, box, low, lowest, high) {
    if (ctx.tiny || ctx.zoom.size) return;
    const y = box.top + box.height + 4,
      say = (/** @type {number} */ x, /** @type {TextMark['anchor']} */ anchor, /** @type {string} */ text) =>
        out.push({ kind: 'text', axis: 0, x, y, text, anchor, baseline: 'top', colour: ctx.theme.soft });
    say(box.left, 'left', low > 0 && box.width > 6.2 * ctx.theme.fontSize ? `from ${lowest}` : lowest);
    say(box.left + box.width, 'right', high);
  }

  /** The last look at or before `seq`: its frame, and `take(column)`, that column of every layer.
      @param {Ctx} ctx @param {number} seq */
  function look(ctx, seq) {
    const series = ctx.film.series('series.separation');
    let at = Math.min(seq, series.steps.length - 1);
    while (at > 0 && Number.isNaN(series.column('probe', 0)[at])) at--;
    return { at, take: (/** @type {string} */ name) => Array.from({ length: rowsOf(ctx) },
      (_, row) => series.column(name, row)[at]) };
  }

  /** The probe's accuracies as figures beside the rows.
      @param {Ctx} ctx @param {number} seq @param {Mark[]} out @param {Box} box */
  function writeProbe(ctx, seq, out, box) {
    const { theme } = ctx, right = ctx.width - 4, rows = rowsOf(ctx), every = layout.everyRow(ctx, rows, box.height);
    /** @param {number} y @param {Words[]} rich @param {TextMark['baseline']} baseline */
    const write = (y, rich, baseline) =>
      out.push({ kind: 'text', axis: 0, x: right, y, rich, colour: theme.ink, anchor: 'right', baseline });
    write(box.top - 4, [{ text: '◆ ', colour: theme.ink }, { text: 'line', colour: theme.soft }], 'bottom');
    look(ctx, seq).take('probe').forEach((v, row) => {
      if (row % every === 0)
        write(box.top + ((row + 0.6) / (rows + 0.15)) * box.height, [{ text: ctx.format.percent(v),
          colour: theme.ink }], 'middle');
    });
  }

  /** @param {Ctx} ctx @param {number} seq @param {Mark[]} out @param {Box} box @param {number} axis */
  function drawProbe(ctx, seq, out, box, axis) {
    const { theme, format } = ctx, { at, take } = look(ctx, seq);
    const [accuracy, low, high, shuffled] = ['probe', 'low', 'high', 'chance'].map(take),
      y = accuracy.map((_, row) => -row);
    /** @param {number[]} x0 @param {number[]} x1 @param {number} dy */
    const lines = (x0, x1, dy) => ({ x: x0.flatMap((/** @type {number} */ v, /** @type {number} */ i) => [v, x1[i],
      NaN]),
      y: y.flatMap((v) => [v - dy, v + dy, NaN]) });
    const chance = y.map((_, row) => chanceOf(ctx, row).map((column) => column[at]));
    /** @param {number} i */
    const also = (
      i,
    ) => (chance[i].length ? `, 95 % of them ${chance[i].map((v) => format.percent(v)).join(' to ')}` : '');
    if (chance[0].length)
      out.push({ kind: 'line', axis, ...lines(chance.map((c) => c[0]), chance.map((c) => c[1]), 0), colour: theme.line,
        width: 0.55 * theme.fontSize });
    out.push({ kind: 'line', axis, ...lines(shuffled, shuffled, 0.22), colour: theme.past, width: 2 });
    out.push({ kind: 'line', axis, ...lines(low, high, 0), colour: theme.ink, width: 1.6 });
    out.push({ kind: 'points', axis, x: accuracy, y, shape: 3, colour: theme.ink, size: 6.5 * theme.markerScale,
      clip: false,
      hover: (i) =>
        `${ctx.names[i]}: a linear probe gets ${format.percent(accuracy[i], 1)} of test points<br>95 % interval `
          + `${format.percent(low[i], 1)} to ${format.percent(high[i], 1)}, shuffled labels `
          + `${format.percent(shuffled[i])}${also(i)}` });
    if (ctx.tiny) return;
    out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 4, anchor: 'left', baseline: 'bottom',
      colour: theme.soft,
      rich: [{ text: '◆ ', colour: theme.ink }, { text: box.width > 9 * theme.fontSize ? 'linear probe' : 'probe' }] });
  }

  /** Layer × time: each cell one frame that was due, quiet to full accent from `low` to 1.
      @param {Ctx} ctx @param {number} seq @param {Mark[]} out @param {Box} box @param {number} axis
      @param {string} column @param {number} low @param {string} title */
  function drawGrid(ctx, seq, out, box, axis, column, low, title) {
    const { theme, format } = ctx, series = ctx.film.series('series.separation'), rows = rowsOf(ctx),
      due = /** @type {number[]} */ ([]);
    const first = series.column(column, 0);
    for (let k = 0; k < first.length; k++) if (Number.isFinite(first[k])) due.push(k);
    if (!due.length) return;
    const pixels = new Uint8ClampedArray(due.length * rows * 4), a = theme.rgb(theme.panel),
      b = theme.rgb(theme.accent);
    due.forEach((k, col) => {
      for (let row = 0; row < rows; row++) {
        const v = series.column(column, row)[k], share = Math.max(0.04, Math.min(1, (v - low) / (1 - low))),
          to = 4 * (row * due.length + col);
        for (let c = 0; c < 3; c++) pixels[to + c] = a[c] + (b[c] - a[c]) * share;
        pixels[to + 3] = Number.isFinite(v) ? (k <= seq ? 255 : 70) : 0;
      }
    });
    out.push({ kind: 'image', axis, x0: 0, x1: due.length, y0: -rows + 0.5, y1: 0.5, w: due.length, h: rows, pixels,
      smooth: false,
      hover: (row, col) =>
        `${ctx.names[row]}, step ${format.count(series.steps[due[col]])}: `
          + `${format.value(series.column(column, row)[due[col]])}` });
    if (!ctx.tiny) {
      const scale = `, ${low.toFixed(2)} … 1`;
      out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 4,
        text: `${title}${box.width > 14 * theme.fontSize ? scale : ''}`
          + `${box.width > 20 * theme.fontSize ? ', over time' : ''}`,
        colour: theme.soft, anchor: 'left', baseline: 'bottom' });
    }
  }

  nnprobe.panels.separation = {
    options: [{ key: 'view', start: 'all', choices: [['all', 'before and now'], ['time', 'over time']] }],
    empty: 'How far the classes are apart at each layer, by neighbours and by a line.',

    sentence: (ctx) => (ctx.film.series('series.separation') ? null : nnprobe.panels.separation.empty),

    layout(ctx) {
      const box = places(ctx), rows = rowsOf(ctx), out = layout.base(ctx), low = lowest(ctx),
        probe = lowestProbe(ctx, true);
      const names = { fixedrange: true, range: [-rows + 0.45, 0.6],
        ...layout.rows(ctx, ctx.labelsOfLayers, (box.bars || box.valueGrid).height), showgrid: false,
        showticklabels: !ctx.tiny };
      const bare = { ...names, showticklabels: false }, quiet = { showticklabels: ctx.zoom.size > 0 && !ctx.tiny };
      let n = 0;
      if (box.bars) {
        Object.assign(
          out,
          layout.axes(ctx, ++n, box.bars, { range: [low, 1.004], ...layout.round([low, 1], 2), tickvals: [low, 1],
            ...quiet }, names),
        );
        if (box.probe)
          Object.assign(
            out,
            layout.axes(ctx, ++n, box.probe, { range: [probe, 1.02], ...layout.shares([probe, 1]), ...quiet }, bare),
          );
      }
      if (box.valueGrid) {
        const series = ctx.film.series('series.separation'),
          due = Array.from(series.column('value', 0)).filter(Number.isFinite).length;
        const over = { range: [0, Math.max(1, due)], showticklabels: false, showgrid: false };
        Object.assign(out, layout.axes(ctx, ++n, box.valueGrid, over, names));
        if (box.probeGrid) Object.assign(out, layout.axes(ctx, n + 1, box.probeGrid, over, bare));
      }
      return out;
    },

    marks(ctx, seq) {
      const box = places(ctx), out = /** @type {Mark[]} */ ([]), low = lowest(ctx), probe = lowestProbe(ctx, true);
      let n = 0;
      if (box.bars) {
        drawBars(ctx, seq, out, box.bars, low);
        ends(ctx, out, box.bars, low, low.toFixed(2), '1');
        n = 1;
        if (box.probe) {
          drawProbe(ctx, seq, out, box.probe, ++n);
          ends(ctx, out, box.probe, probe, ctx.format.percent(probe), ctx.format.percent(1));
        } else if (!ctx.tiny) writeProbe(ctx, seq, out, box.bars);
      }
      if (box.valueGrid) {
        drawGrid(ctx, seq, out, box.valueGrid, ++n, 'value', low, 'neighbours');
        if (box.probeGrid)
          drawGrid(ctx, seq, out, box.probeGrid, n + 1, 'probe', lowestProbe(ctx, false), 'linear probe');
        for (const grid of [box.valueGrid, box.probeGrid].filter(Boolean))
          ends(ctx, out, grid, 0, '0', `${ctx.format.count(ctx.film.steps[ctx.film.count - 1] || 0)} steps`);
      }
      return out;
    },

    says(ctx, seq) {
      const found = ctx.film.latest('separation.values', seq), { format } = ctx, probe = look(ctx, seq).take('probe');
      /** @param {number} row */
      const mean = (row) => {
        const [, n] = found.array.shape,
          values = [...found.array.data.subarray(row * n, row * n + n)].filter(Number.isFinite);
        return values.reduce((a, b) => a + b, 0) / values.length;
      };
      return ctx.names.map((name, row) =>
        `${name}: ${found ? `neighbours see ${format.value(mean(row))}, ` : ''}a line gets `
          + `${format.percent(probe[row], 1)}`
      ).join('; ') + '.';
    },

    note(ctx, seq) {
      const every = cadence(ctx), sites = ctx.film.latest('separation.sites', seq);
      const often = every > 1 ? `; every ${every}th frame` : '';
      const [alone, all] = ['sites', 'points'].map((column) =>
        sites ? table('separation.sites', sites.array)(column, rowsOf(ctx) - 1) : 0
      );
      const fewer = alone < all ? `, ${ctx.format.count(alone)} sites of ${ctx.format.count(all)} in the logits` : '';
      return `visible to neighbours, n = ${ctx.format.count(ctx.labels.length)}${fewer}${often}`;
    },
  };

  /** Scheduled frames from one look to the next.
      @param {Ctx} ctx */
  function cadence(ctx) {
    const values = ctx.film.series('series.separation').column('value', 0), { extra } = ctx.film;
    let first = -1, between = 0;
    for (let k = 0; k < values.length; k++) {
      if (extra[k]) continue;
      if (first >= 0) between++;
      if (Number.isFinite(values[k])) {
        if (first >= 0) return between;
        first = k;
      }
    }
    return 1;
  }
})();
