/* Layout: axes placed by pixels, so that panels say where things go and nothing jumps; and their way back to pixels. */
(() => {
  'use strict';
  /** @param {number} n */
  const id = (n) => (n === 1 ? '' : String(n));

  /** An axis over another range. Numbers are ticked anew by what made its ticks (`again`), names stay where they are.
      @param {Axis} axis @param {Span} range */
  const over = (axis, range) => ({ ...axis, range, ...(axis.again ? axis.again(range) : {}) });

  /** An axis without `again`: Plotly knows nothing of functions.
      @param {Axis} axis */
  function forPlotly(axis) {
    const made = { ...axis };
    delete made.again;
    return made;
  }

  /** Axes n at the ranges they are zoomed to (zoom.js), where distance has a meaning the same both ways.
      @param {Ctx} ctx @param {number} n @param {Box} box @param {Axis} x @param {Axis} y @returns {Axis[]} */
  function zoomed(ctx, n, box, x, y) {
    const [closer, higher] = ['x', 'y'].map((letter) => ctx.zoom.get(`${letter}axis${id(n)}`));
    if (!closer && !higher) return [x, y];
    const [wide, high] = [closer || x.range || [], higher || y.range || []];
    const [across, up] = y.scaleanchor ? layout.equal(wide, high, box, 0, y.scaleratio) : [wide, high];
    return [over(x, across), over(y, up)];
  }

  /** Pixels are ax · x + bx and ay · y + by of data, or of their logarithm.
      @param {number} left @param {number} top @param {number} width @param {number} height @param {any} x
      @param {any} y @returns {Place} */
  function placed(left, top, width, height, x, y) {
    const sx = width / (x.range[1] - x.range[0]), sy = height / (y.range[1] - y.range[0]);
    return { left, top, width, height, ax: sx, bx: left - x.range[0] * sx, ay: -sy, by: top + height + y.range[0] * sy,
      logx: x.type === 'log', logy: y.type === 'log', x: x.range, y: y.range };
  }

  /** Both ends out to a grid that is an eighth of their size or finer. Its steps are powers of two: a coarser grid's
      lines are also the finer one's, so a range that grows never draws an end back in.
      @param {number} lo @param {number} hi */
  function snapped(lo, hi) {
    const size = Math.max(Math.abs(lo), Math.abs(hi)), step = 2 ** Math.floor(Math.log2(size)) / 8;
    return size ? [Math.floor(lo / step) * step, Math.ceil(hi / step) * step] : [lo, hi];
  }

  /** @type {Layout} */
  const layout = {
    /** What every panel's layout begins with. Margins are 0: axes carry their own room (see `axes`). */
    base(ctx) {
      const { theme } = ctx;
      return {
        width: ctx.width, height: ctx.height, autosize: false, margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
        paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', showlegend: false, hovermode: 'closest',
        dragmode: false, barmode: 'overlay', bargap: 0,
        font: { family: theme.font, size: theme.fontSize, color: theme.soft },
        hoverlabel: { bgcolor: theme.bg, bordercolor: theme.line, align: 'left',
          font: { family: theme.font, size: Math.max(12, theme.fontSize), color: theme.ink } },
      };
    },

    /** xaxis n and yaxis n, the plot area at {left, top, width, height} in pixels of the panel. */
    axes(ctx, n, box, x = {}, y = {}) {
      const { theme } = ctx, W = ctx.width, H = ctx.height;
      [x, y] = zoomed(ctx, n, box, x, y).map(forPlotly);
      const shared = { zeroline: false, showgrid: true, gridcolor: theme.grid, gridwidth: 1, showline: false,
        ticks: '', tickangle: 0, automargin: false, tickfont: { size: theme.fontSize, color: theme.soft },
        exponentformat: 'power', separatethousands: true, minexponent: 4 };
      /** @param {number} from @param {number} length @param {number} whole */
      const span = (from, length, whole) => [Math.max(0, from / whole), Math.min(1, (from + length) / whole)];
      return {
        [`xaxis${id(n)}`]: { ...shared, ticklabelstandoff: Math.round(0.25 * theme.fontSize), anchor: `y${id(n)}`,
          domain: span(box.left, box.width, W), ...x },
        [`yaxis${id(n)}`]: { ...shared, anchor: `x${id(n)}`, domain: span(H - box.top - box.height, box.height, H),
          ...y },
      };
    },

    /** Room for tick labels below and to the left, in pixels at this font size. */
    room: (ctx) => ({ below: Math.round(ctx.theme.fontSize * 2.1), left: Math.round(ctx.theme.fontSize * 3.1) }),

    /** The same pixels per unit both ways (`ratio` times as many up): ranges about their middle, at least as long as
        given. */
    equal(x, y, box, margin = 0.06, ratio = 1) {
      if (ratio !== 1) {
        const [across, up] = layout.equal(x, y.map((v) => v * ratio), box, margin);
        return [across, up.map((v) => v / ratio)];
      }
      const unit = Math.max((x[1] - x[0]) / box.width, (y[1] - y[0]) / box.height, 1e-9) * (1 + 2 * margin);
      /** @param {Span} _ @param {number} length @returns {Span} */
      const about = ([lo, hi], length) => [(lo + hi - unit * length) / 2, (lo + hi + unit * length) / 2];
      return [about(x, box.width), about(y, box.height)];
    },

    /** One empty trace per subplot: Plotly draws no axes that nothing refers to. */
    holders: (made) =>
      Object.keys(made).filter((name) => /^xaxis\d*$/.test(name)).map((name) => ({ type: 'scatter', x: [null],
        y: [null], xaxis: `x${name.slice(5)}`, yaxis: `y${name.slice(5)}`, hoverinfo: 'skip', showlegend: false })
      ),

    /** About `count` round ticks of a linear axis, each written by `say`. */
    round([lo, hi], count, say = (v) => String(v).replace('-', '−')) {
      const raw = (hi - lo) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
      const step = power * ([1, 2, 5, 10].find((m) => m * power >= raw * 0.999) || 10), shown = [];
      for (let k = Math.ceil(lo / step); k * step <= hi; k++) shown.push(Number((k * step).toPrecision(6)));
      return { tickvals: shown, ticktext: shown.map(say), again: (range) => layout.round(range, count, say) };
    },

    /** Ticks at these shares of one, as percentages. */
    shares: (values) => ({ tickvals: values, ticktext: values.map((v) => nnprobe.format.percent(v)),
      again: ([lo, hi]) =>
        layout.round([lo, hi], 4, (v) => nnprobe.format.percent(v, hi - lo < 0.04 ? 2 : hi - lo < 0.2 ? 1 : 0)) }),

    /** Ticks of a log axis at whole powers of ten, at most `most` of them: 1, 0.1, 0.01, 10⁻³, …; 1, 2, 5 within one
        power. */
    powers([lo, hi], most = 6) {
      const first = Math.ceil(lo), count = Math.floor(hi) - first + 1, every = Math.max(1, Math.ceil(count / most));
      /** @param {Span} range */
      const again = (range) => layout.powers(range, most);
      if (count < 2) {
        const fine = [1, 2, 5].flatMap((m) => [Math.floor(lo), Math.ceil(lo)].map((p) => m * 10 ** p)).filter((v) =>
          v >= 10 ** lo && v <= 10 ** hi
        );
        const once = [...new Set(fine)].sort((a, b) => a - b);
        if (once.length < 2) return { ...layout.round([10 ** lo, 10 ** hi], most), again };
        return { tickvals: once, ticktext: once.map((v) => nnprobe.format.value(v)), again };
      }
      const shown = Array.from({ length: Math.max(0, count) }, (_, k) => first + k).filter((p) => p % every === 0);
      return { tickvals: shown.map((p) => 10 ** p), ticktext: shown.map(nnprobe.format.power), again };
    },

    /** Ticks of an axis of steps: 0, the end, and what is round between. */
    steps(ctx) {
      const end = Math.max(1, ctx.film.planned), middle = end / 2, roomy = ctx.width > 14 * ctx.theme.fontSize;
      const shown = roomy && Number.isInteger(middle) ? [0, middle, end] : [0, end];
      return { tickvals: shown, ticktext: shown.map((v) => (v ? nnprobe.format.count(v) : 'step 0')),
        again: (range) => layout.round(range, roomy ? 4 : 2, nnprobe.format.count) };
    },

    /** Every how many of `count` rows in `height` pixels can be named, one line a name. */
    everyRow: (ctx, count, height) => Math.max(1, Math.ceil((1.2 * ctx.theme.fontSize * count) / height)),

    /** Ticks of rows 0, −1, −2, …: their names, or as many as there is height for. */
    rows(ctx, names, height) {
      const every = layout.everyRow(ctx, names.length, height),
        shown = names.map((_, i) => i).filter((i) => i % every === 0);
      return { tickvals: shown.map((i) => -i), ticktext: shown.map((i) => names[i]) };
    },

    /** A copy for Plotly, which is to leave all axes as they are. */
    fixed(made) {
      const copy = structuredClone(made);
      for (const name of Object.keys(copy)) if (/^[xy]axis\d*$/.test(name)) copy[name].fixedrange = true;
      return copy;
    },

    /** How data become pixels as Plotly has drawn them: what tests hold `places` against. The only reader of
        _fullLayout. */
    read(gd) {
      const full = gd._fullLayout || {}, found = new Map();
      for (let n = 1; gd.layout && gd.layout[`xaxis${id(n)}`]; n++) {
        const x = full[`xaxis${id(n)}`], y = full[`yaxis${id(n)}`];
        if (!x || !y || !x._length) continue;
        found.set(n, placed(x._offset, y._offset, x._length, y._length, x, y));
      }
      return found;
    },

    /** How data of subplot n become pixels: axes made by `axes`, whose pixels are their domains', so that it is known
        before Plotly has drawn them. */
    places(made) {
      const places = new Map();
      for (let n = 1; made[`xaxis${id(n)}`]; n++) {
        const x = made[`xaxis${id(n)}`], y = made[`yaxis${id(n)}`];
        const [x0, x1] = x.domain, [y0, y1] = y.domain;
        places.set(
          n,
          placed(x0 * made.width, (1 - y1) * made.height, (x1 - x0) * made.width, (y1 - y0) * made.height, x, y),
        );
      }
      return places;
    },

    /** What of a layout is seen: all but the ranges of axes without labels and grid. */
    dress: (made) =>
      JSON.stringify(made, (_, value) => (
        value && value.domain && value.showticklabels === false && value.showgrid === false
          ? { ...value, range: null }
          : value
      )),

    /** The next of 1, 1.5, 2, 3, 5, 7 at or above v > 0: an end of an axis that seldom has to move. */
    ceiling(v) {
      const power = 10 ** Math.floor(Math.log10(v));
      return power * ([1, 1.5, 2, 3, 5, 7].find((m) => m * power >= v * 0.9999) || 10);
    },

    /** The least range of all that is included, in whatever order; null before anything is. */
    extent() {
      let lo = Infinity, hi = -Infinity;
      /** @type {Extent} */
      const extent = {
        /** @param {number} from */
        include(from, to = from) {
          if (Number.isFinite(from) && from < lo) lo = from;
          if (Number.isFinite(to) && to > hi) hi = to;
          return extent;
        },
        /** Columns of a series: as far as they are numbers, and let pass.
            @param {Iterable<Column>} columns @param {(v: number) => boolean} [pass] */
        columns(columns, pass = () => true) {
          for (const column of columns) for (const v of column) if (pass(v)) extent.include(v);
          return extent;
        },
        get range() { return lo <= hi ? [lo, hi] : null; },
        /** As an axis: it moves rarely while a film grows, never shrinks, and is the same however the film came. */
        get axis() { return lo <= hi ? snapped(lo, hi) : null; },
      };
      return extent;
    },

    /** Half powers of ten around an extent above 0, as exponents: a log axis. */
    decades(range, floor) {
      const [lo, hi] = range.map((v) => Math.log10(Math.max(v, floor)) * 2);
      return [Math.floor(lo) / 2, Math.ceil(hi) / 2];
    },
  };
  nnprobe.layout = layout;
})();
