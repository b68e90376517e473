/* Layout: axes placed by pixels, so that panels say where things go and nothing jumps; and their way back to pixels. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const id = (n) => (n === 1 ? '' : String(n));

  const layout = {
    /** What every panel's layout begins with. Margins are 0: axes carry their own room (see `axes`). */
    base(ctx) {
      const { theme } = ctx;
      return {
        width: ctx.width, height: ctx.height, autosize: false, margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
        paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', showlegend: false, hovermode: 'closest',
        dragmode: 'zoom', barmode: 'overlay', bargap: 0, meta: ctx.meta,
        font: { family: theme.font, size: theme.fontSize, color: theme.soft },
        hoverlabel: { bgcolor: theme.bg, bordercolor: theme.line, align: 'left',
          font: { family: theme.font, size: Math.max(12, theme.fontSize), color: theme.ink } },
      };
    },

    /** xaxis n and yaxis n, the plot area at {left, top, width, height} in pixels of the panel. */
    axes(ctx, n, box, x = {}, y = {}) {
      const { theme } = ctx, W = ctx.width, H = ctx.height;
      const shared = { zeroline: false, showgrid: true, gridcolor: theme.grid, gridwidth: 1, showline: false,
        ticks: '', tickangle: 0, automargin: false, fixedrange: false, tickfont: { size: theme.fontSize, color: theme.soft },
        exponentformat: 'power', separatethousands: true, minexponent: 4 };
      const span = (from, length, whole) => [Math.max(0, from / whole), Math.min(1, (from + length) / whole)];
      return {
        [`xaxis${id(n)}`]: { ...shared, anchor: `y${id(n)}`, domain: span(box.left, box.width, W), ...x },
        [`yaxis${id(n)}`]: { ...shared, anchor: `x${id(n)}`, domain: span(H - box.top - box.height, box.height, H),
          ...y },
      };
    },

    /** Room for tick labels below and to the left, in pixels at this font size. */
    room: (ctx) => ({ below: Math.round(ctx.theme.fontSize * 1.9), left: Math.round(ctx.theme.fontSize * 3.1) }),

    /** A square of the same pixels per unit both ways: ranges about their middle, at least as long as the longer. */
    equal(x, y, box, margin = 0.06) {
      const unit = Math.max((x[1] - x[0]) / box.width, (y[1] - y[0]) / box.height, 1e-9) * (1 + 2 * margin);
      const about = ([lo, hi], length) => [(lo + hi - unit * length) / 2, (lo + hi + unit * length) / 2];
      return [about(x, box.width), about(y, box.height)];
    },

    /** One empty trace per subplot: Plotly draws no axes that nothing refers to. */
    holders: (made) => Object.keys(made).filter((name) => /^xaxis\d*$/.test(name)).map((name) => ({ type: 'scatter',
      x: [null], y: [null], xaxis: `x${name.slice(5)}`, yaxis: `y${name.slice(5)}`, hoverinfo: 'skip', showlegend: false })),

    /** About `count` round ticks of a linear axis, each written by `say`. */
    round([lo, hi], count, say = (v) => String(v).replace('-', '−')) {
      const raw = (hi - lo) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
      const step = power * [1, 2, 5, 10].find((m) => m * power >= raw * 0.999), shown = [];
      for (let k = Math.ceil(lo / step); k * step <= hi; k++) shown.push(Number((k * step).toPrecision(6)));
      return { tickvals: shown, ticktext: shown.map(say) };
    },

    /** Ticks of a log axis at whole powers of ten, at most `most` of them: 1, 0.1, 0.01, 10⁻³, …; 1, 2, 5 within one power. */
    powers([lo, hi], most = 6) {
      const first = Math.ceil(lo), count = Math.floor(hi) - first + 1, every = Math.max(1, Math.ceil(count / most));
      if (count < 2) {
        const fine = [1, 2, 5].flatMap((m) => [Math.floor(lo), Math.ceil(lo)].map((p) => m * 10 ** p)).filter((v) => v >= 10 ** lo && v <= 10 ** hi);
        const once = [...new Set(fine)].sort((a, b) => a - b);
        return { tickvals: once, ticktext: once.map((v) => nnprobe.format.value(v)) };
      }
      const shown = Array.from({ length: Math.max(0, count) }, (_, k) => first + k).filter((p) => p % every === 0);
      return { tickvals: shown.map((p) => 10 ** p), ticktext: shown.map(nnprobe.format.power) };
    },

    /** Ticks of an axis of steps: 0, the end, and what is round between. */
    steps(ctx) {
      const end = Math.max(1, ctx.film.planned), middle = end / 2, roomy = ctx.width > 14 * ctx.theme.fontSize;
      const shown = roomy && Number.isInteger(middle) ? [0, middle, end] : [0, end];
      return { tickvals: shown, ticktext: shown.map((v) => (v ? nnprobe.format.count(v) : 'step 0')) };
    },

    /** How data of subplot n become pixels now, zoom included. The only reader of Plotly's semi-private _fullLayout. */
    read(gd, made = gd.layout) {
      const full = gd._fullLayout || {}, places = new Map();
      for (let n = 1; made && made[`xaxis${id(n)}`]; n++) {
        const x = full[`xaxis${id(n)}`], y = full[`yaxis${id(n)}`];
        if (!x || !y || !x._length) continue;
        const sx = x._length / (x.range[1] - x.range[0]), sy = y._length / (y.range[1] - y.range[0]);
        places.set(n, {
          left: x._offset, top: y._offset, width: x._length, height: y._length,
          ax: sx, bx: x._offset - x.range[0] * sx, ay: -sy, by: y._offset + y._length + y.range[0] * sy,
          logx: x.type === 'log', logy: y.type === 'log', x: x.range, y: y.range,
        });
      }
      return places;
    },

    /** The same from a layout alone, before Plotly has drawn it: axes made by `axes`, whose pixels are their domains'.
        Null where an axis leaves its range to Plotly. */
    predict(made) {
      const places = new Map();
      for (let n = 1; made[`xaxis${id(n)}`]; n++) {
        const x = made[`xaxis${id(n)}`], y = made[`yaxis${id(n)}`];
        if (!x.range || !y.range || x.autorange || y.autorange) return null;
        const [x0, x1] = x.domain, [y0, y1] = y.domain, width = (x1 - x0) * made.width, height = (y1 - y0) * made.height;
        const left = x0 * made.width, top = (1 - y1) * made.height;
        const sx = width / (x.range[1] - x.range[0]), sy = height / (y.range[1] - y.range[0]);
        places.set(n, { left, top, width, height, ax: sx, bx: left - x.range[0] * sx, ay: -sy, by: top + height + y.range[0] * sy,
          logx: x.type === 'log', logy: y.type === 'log', x: x.range, y: y.range });
      }
      return places;
    },

    /** What of a layout is seen: all but the ranges of axes without labels and grid. */
    dress: (made) => JSON.stringify(made, (_, value) => (
      value && value.domain && value.showticklabels === false && value.showgrid === false ? { ...value, range: null } : value)),

    /** The next of 1, 1.5, 2, 3, 5, 7 at or above v > 0: an end of an axis that seldom has to move. */
    ceiling(v) {
      const power = 10 ** Math.floor(Math.log10(v));
      return power * ([1, 1.5, 2, 3, 5, 7].find((m) => m * power >= v * 0.9999) || 10);
    },

    /** Ranges that only ever grow: exceeded by data, they take in a share more than needed, so that this is rare. */
    growing(spare = 0.12) {
      let lo = Infinity, hi = -Infinity;
      return {
        include(from, to, exact = false) {
          if (!(from <= to) || !Number.isFinite(from) || !Number.isFinite(to)) return;
          const first = lo > hi, more = exact || first ? 0 : spare * (Math.max(hi, to) - Math.min(lo, from));
          if (from < lo) lo = from - more;
          if (to > hi) hi = to + more;
        },
        get range() { return lo <= hi ? [lo, hi] : null; },
      };
    },
  };
  nnprobe.layout = layout;
})();
