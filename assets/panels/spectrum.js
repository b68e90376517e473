/* Spectrum: eigenvalues of square matrices in the plane and the ways they went, singular values of all beside what
   chance gives; norms, complex eigenvalues and the spread of their moduli over time. */
(() => {
  'use strict';
  const { columnOf, knownAt, layout, marks, table } = nnprobe;
  const MOST = 12000;
  const CIRCLE = Array.from({ length: 97 }, (_, k) => (2 * Math.PI * k) / 96);

  /** @param {Ctx} ctx */
  const matrices = (ctx) => ctx.widths.length - 1;
  /** @param {Ctx} ctx @returns {number[]} */
  const square = (ctx) => ctx.memo('square', () => {
    const all = Array.from({ length: matrices(ctx) }, (_, k) => k + 1);
    return all.filter((i) => ctx.head[`spectrum.eig.${i}`]);
  });
  /** Where an eigenvalue's real and imaginary parts stand, and both of all. */
  const PARTS = ['real', 'imaginary'].map((part) => columnOf('spectrum.eig', part));
  /** @param {NdArray} array @returns {Float32Array[]} */
  const parts = (array) => {
    const columns = nnprobe.columns(array);
    return PARTS.map((part) => columns[part]);
  };
  /** @param {Ctx} ctx @param {number} i */
  const named = (ctx, i) => `W${ctx.format.sub(i)}`;

  /** Expected complex eigenvalues of a random n × n matrix (Edelman 1994): n − √(2n/π) − ½.
      @param {number} n */
  const chance = (n) => n - Math.sqrt((2 * n) / Math.PI) - 0.5;

  const OF_SQUARES = ['plane', 'complex', 'spread'];

  /** Where singular values of random matrices lie, for large ones, [low, high]: σ√in · |1 ± √(out/in)| (Marchenko &
      Pastur 1967). `scale` is σ√in.
      @param {Ctx} ctx @param {number} i @param {number} scale */
  const band = (ctx, i, scale) =>
    [-1, 1].map((sign) => scale * Math.abs(1 + sign * Math.sqrt(ctx.widths[i] / ctx.widths[i - 1])));

  /** Which of the pictures are shown, each with its box.
      @param {Ctx} ctx @returns {(Box & { kind: string })[]} */
  function plots(ctx) {
    const { below, left } = layout.room(ctx), title = ctx.tiny ? 4 : ctx.theme.fontSize * 1.7,
      wish = ctx.option('view');
    /** @type {{ [wish: string]: string[] }} */
    const several =
      { all: ctx.spotlit ? ['plane', 'values', 'norms'] : ['plane'], trails: ['plane'],
        counts: ctx.tiny ? ['complex'] : ['complex', 'spread'] }, kinds = several[wish] || [wish];
    const shown = square(ctx).length
      ? kinds
      : [...new Set(kinds.map((kind) => (OF_SQUARES.includes(kind) ? 'values' : kind)))];
    const wide = ctx.width > ctx.height * 1.05 && shown[0] === 'plane' && shown.length > 1;
    const boxes = /** @type {(Box & { kind: string })[]} */ ([]);
    shown.forEach((kind, k) => {
      const room = kind === 'plane' ? 8 : ctx.theme.fontSize * (kind === 'values' ? 2.2 : 2.6);
      const cell = wide
        ? shareOf(ctx, shown, k)
        : { x: 0, y: (k * ctx.height) / shown.length, w: ctx.width, h: ctx.height / shown.length };
      boxes.push({ kind, left: cell.x + left, top: cell.y + title, width: Math.max(20, cell.w - left - room),
        height: Math.max(20, cell.h - title - below) });
    });
    return boxes;
  }

  /** Side by side: the plane takes about a square, the others what is left, one above the other.
      @param {Ctx} ctx @param {string[]} shown @param {number} k */
  function shareOf(ctx, shown, k) {
    const first = Math.min(ctx.height * 1.02, ctx.width * 0.56);
    if (k === 0) return { x: 0, y: 0, w: first, h: ctx.height };
    const rest = shown.length - 1;
    return { x: first, y: ((k - 1) * ctx.height) / rest, w: ctx.width - first, h: ctx.height / rest };
  }

  /** @param {Ctx} ctx */
  function ranges(ctx) {
    const squares = square(ctx),
      make = () => ({ re: layout.extent(), im: layout.extent(), values: layout.extent(), norms: layout.extent(),
        spread: layout.extent() });
    const seen = ctx.gather('ranges', make, ({ arrays }, found) => {
      for (let i = 1; i <= matrices(ctx); i++) {
        const eig = arrays[`spectrum.eig.${i}`], sv = arrays[`spectrum.sv.${i}`];
        if (eig) {
          const [re, im] = parts(eig);
          found.re.columns([re]);
          found.im.columns([im]);
        }
        if (sv) found.values.include(sv.data[0]);
      }
      const all = arrays['series.spectrum'], of = all && table('series.spectrum', all);
      for (let row = 0; all && row < all.shape[0]; row++) {
        const radius = of('radius', row);
        found.norms.include(of('frobenius', row));
        found.spread.include(of('spread', row));
        found.values.include(band(ctx, row + 1, radius)[1]);
        if (squares.includes(row + 1)) for (const plane of [found.re, found.im]) plane.include(-radius, radius);
      }
    });
    /** @param {Extent} _ @returns {Span} */
    const top = ({ range }) => [0, range && range[1] > 0 ? layout.ceiling(range[1]) : 1];
    return { re: seen.re.axis || [-1, 1], im: seen.im.axis || [-1, 1], values: top(seen.values), norms: top(seen.norms),
      spread: top(seen.spread), complex: [0, Math.max(2, ...squares.map((i) => ctx.widths[i]))] };
  }

  /** The way of every eigenvalue of matrix i up to the playhead, in one line: rows of a film that follows them are one
      each.
      @param {Ctx} ctx @param {number} i @param {number} seq @param {number} axis @param {string} colour
      @returns {Mark} */
  function trail(ctx, i, seq, axis, colour) {
    const seen = [], x = /** @type {number[]} */ ([]), y = /** @type {number[]} */ ([]), name = `spectrum.eig.${i}`,
      [re, im] = PARTS;
    for (let k = 0; k <= seq && k < ctx.film.count; k++) {
      const frame = ctx.film.frame(k);
      if (frame && frame.arrays[name] && Number.isFinite(frame.arrays[name].data[0]))
        seen.push(frame.arrays[name].data);
    }
    const n = ctx.widths[i], every = Math.max(1, Math.ceil((n * seen.length) / MOST)), last = seen.length - 1;
    for (let row = 0; row < n; row++) {
      for (let k = 0; k <= last; k += k === last ? 1 : Math.min(every, last - k)) {
        x.push(seen[k][2 * row + re]);
        y.push(seen[k][2 * row + im]);
      }
      x.push(NaN);
      y.push(NaN);
    }
    return { kind: 'line', axis, x, y, colour, width: 1.1, alpha: 0.55 };
  }

  /** A column of the spectrum's series over steps, a line for each of `all` matrices; `says(value, i)` is what one
      reads.
      @param {Ctx} ctx @param {number} seq @param {number} axis @param {Mark[]} out @param {Box} box
      @param {{ all: number[], column: string, titles: string[], says: (v: number, i: number) => string }} _ */
  function overSteps(ctx, seq, axis, out, box, { all, column, titles, says }) {
    const { theme, format } = ctx, spectrum = ctx.film.series('series.spectrum'), n = matrices(ctx),
      ends = /** @type {End[]} */ ([]);
    if (!spectrum) return;
    for (const i of all) {
      const colour = theme.ramp(i - 1, n), values = spectrum.column(column, i - 1);
      /** @param {number} k */
      const hover = (k) => `step ${format.count(spectrum.steps[k])}: ${says(values[k], i)}`;
      const { marks: lines, end } = marks.history(ctx, seq, axis, spectrum.steps, values, { colour, hover });
      out.push(...lines);
      if (end) ends.push({ ...end, text: named(ctx, i), colour });
    }
    if (ctx.tiny) return;
    out.push(...marks.ends(ctx, axis, ends));
    out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 4, colour: theme.soft, anchor: 'left',
      baseline: 'bottom', text: marks.fitting(ctx, box.width + 2 * theme.fontSize, ...titles) });
  }

  /** @type {{ [kind: string]: (ctx: Ctx, seq: number, axis: number, out: Mark[], box: Box) => void }} */
  const draw = {
    plane(ctx, seq, axis, out, box) {
      const { theme, format, film } = ctx, spectrum = film.series('series.spectrum'), all = square(ctx),
        size = 5.5 * theme.markerScale;
      const radii = spectrum
        ? [...new Set(all.map((i) => spectrum.column('radius', i - 1)[0]).filter(Number.isFinite))]
        : [];
      for (const r of radii) {
        out.push({ kind: 'line', axis, x: CIRCLE.map((a) => r * Math.cos(a)), y: CIRCLE.map((a) => r * Math.sin(a)),
          colour: theme.past, width: 1.2, dash: [5, 4] });
      }
      for (const i of all) {
        const [re, im] = parts(ctx.head[`spectrum.eig.${i}`]);
        out.push({ kind: 'points', axis, x: re, y: im, shape: 0, colour: theme.past, size: size * 0.8, alpha: 0.75,
          hover: (k) =>
            `${named(ctx, i)} before training<br>${format.value(re[k])} ${im[k] < 0 ? '−' : '+'} `
              + `${format.value(Math.abs(im[k]))} i` });
      }
      const trails = ctx.option('view') === 'trails', followed = Boolean(film.series('series.eigenvalues'));
      if (trails && followed) all.forEach((i, k) => out.push(trail(ctx, i, seq, axis, theme.ramp(k, all.length))));
      all.forEach((i, k) => {
        const found = film.latest(`spectrum.eig.${i}`, seq);
        if (!found) return;
        const [re, im] = parts(found.array);
        out.push({ kind: 'points', axis, x: re, y: im, shape: 0, colour: theme.ramp(k, all.length), size,
          hover: (p) =>
            `${named(ctx, i)} now<br>${format.value(re[p])} ${im[p] < 0 ? '−' : '+'} ${format.value(Math.abs(im[p]))}`
              + ` i` });
      });
      if (ctx.tiny) return;
      /** @param {number} i @param {number} k @returns {Words[]} */
      const entry = (i, k,
        more = '  ') => [{ text: '● ', colour: theme.ramp(k, all.length) }, { text: `${named(ctx, i)}${more}`,
        colour: theme.ink }];
      const whole =
          (3.3 * all.length + 5.2) * theme.fontSize <= (ctx.narrow ? ctx.width : box.width + 3 * theme.fontSize),
        last = all.length - 1; // of many the first and the last
      const legend = whole
        ? all.flatMap((i, k) => entry(i, k))
        : [...entry(all[0], 0, ' … '), ...entry(all[last], last)];
      out.push({ kind: 'text', axis: 0, x: ctx.narrow ? 8 : box.left, y: box.top - 4, anchor: 'left',
        baseline: 'bottom', colour: theme.soft,
        rich: [...legend, { text: '● ', colour: theme.past }, { text: 'before', colour: theme.soft }] });
      if (trails && !followed) {
        out.push({ kind: 'text', axis: 0, x: box.left + 4, y: box.top + 4, text: 'This film does not follow them.',
          colour: theme.soft, anchor: 'left', baseline: 'top' });
      }
      if (radii.length) {
        const r = Math.max(...radii);
        out.push({ kind: 'text', axis, x: 0, y: -r, dy: 3, text: 'σ√n, large-n limit', colour: theme.soft,
          anchor: 'center', baseline: 'top', size: Math.max(theme.least, theme.fontSize * 0.92),
          back: theme.withAlpha(theme.panel, 0.75) });
      }
    },

    values(ctx, seq, axis, out, box) {
      const { theme, format, film } = ctx, n = matrices(ctx), ends = /** @type {End[]} */ ([]),
        spectrum = film.series('series.spectrum');
      let at = spectrum ? Math.min(seq, spectrum.steps.length - 1) : 0;
      while (at > 0 && Number.isNaN(spectrum.column('grown', 0)[at])) at--;
      for (let i = 1; i <= n; i++) {
        const found = film.latest(`spectrum.sv.${i}`, seq), start = ctx.head[`spectrum.sv.${i}`],
          colour = theme.ramp(i - 1, n);
        /** @param {NdArray} array */
        const ranks = (array) => Array.from(array.data, (_, k) => k + 1);
        const of = spectrum
          && [spectrum.column('radius', i - 1)[0], spectrum.column('grown', i - 1)[at]].map((scale) => band(ctx, i,
            scale));
        if (of && Number.isFinite(of[0][1]) && start) {
          out.push({ kind: 'bars', axis, x0: [0.5], x1: [start.data.length + 0.5], y0: [of[0][0]], y1: [of[0][1]],
            colour, alpha: 0.13, hover: () =>
              `${named(ctx, i)}: random matrices of its start fill ${of[0].map((v) => format.value(v)).join(' to ')}`
                + `<br>(Marchenko–Pastur, large-n limit); of its size now `
                + `${of[1].map((v) => format.value(v)).join(' to ')}` });
        }
        if (start) {
          out.push({ kind: 'line', axis, x: ranks(start), y: start.data, colour: theme.past, width: 1.2, dash: [4, 3],
            alpha: 0.8 });
        }
        if (!found) continue;
        const x = ranks(found.array), y = found.array.data;
        out.push({ kind: 'line', axis, x, y, colour, width: 1.7 });
        out.push({ kind: 'points', axis, x, y, shape: 0, colour, size: 4 * theme.markerScale, clip: false,
          hover: (k) => `${named(ctx, i)}, singular value ${k + 1} of ${x.length}: ${format.value(y[k])}` });
        ends.push({ x: x[x.length - 1], y: y[y.length - 1], text: named(ctx, i), colour });
      }
      if (ctx.tiny) return;
      out.push(...marks.ends(ctx, axis, ends));
      const wordings = ['by rank; dashed: before; shaded: Marchenko–Pastur band of the start',
        'by rank; dashed: before', '; dashed: before', ''].map((more) =>
          `singular values ${more}`.trim().replace(' ;', ';')
        );
      out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 4, colour: theme.soft, anchor: 'left',
        baseline: 'bottom', text: marks.fitting(ctx, box.width + 2 * theme.fontSize, ...wordings) });
    },

    norms(ctx, seq, axis, out, box) {
      const all = Array.from({ length: matrices(ctx) }, (_, k) => k + 1);
      overSteps(ctx, seq, axis, out, box, { all, column: 'frobenius',
        titles: ['Frobenius norms over steps', 'Frobenius norms', 'norms'], says: (v, i) =>
          `‖${named(ctx, i)}‖ (Frobenius) ${ctx.format.value(v)}` });
    },

    complex(ctx, seq, axis, out, box) {
      const all = square(ctx), { theme, film } = ctx;
      for (const expected of new Set(all.map((i) => chance(ctx.widths[i])))) {
        out.push({ kind: 'line', axis, x: [0, Math.max(1, film.planned)], y: [expected, expected], colour: theme.past,
          width: 1.2, dash: [5, 4], hover: () =>
            `by chance alone ${ctx.format.value(expected)} are complex (Edelman 1994)` });
      }
      overSteps(ctx, seq, axis, out, box, { all, column: 'complex',
        titles: ['complex eigenvalues (count); dashed: by chance', 'complex eigenvalues', 'complex'], says: (v, i) =>
          `${v} of ${ctx.widths[i]} eigenvalues of ${named(ctx, i)} are complex` });
    },

    spread(ctx, seq, axis, out, box) {
      overSteps(ctx, seq, axis, out, box, { all: square(ctx), column: 'spread',
        titles: ['spread of moduli, max |λ| − min |λ|', 'spread of |λ|', 'spread'], says: (v, i) =>
          `max |λ| − min |λ| of ${named(ctx, i)} is ${ctx.format.value(v)}` });
    },
  };

  nnprobe.panels.spectrum = {
    options: [{ key: 'view', start: 'all',
      choices: [['all', 'overview'], ['plane', 'eigenvalues'], ['trails', 'their trails'], ['counts',
        'complex, spread'], ['values', 'singular values'], ['norms', 'norms']] }],
    empty: 'Singular values of every weight matrix, eigenvalues of the square ones.',

    sentence(ctx, seq) {
      const arrays = ctx.frame(seq).arrays, has = ctx.head['spectrum.sv.1'] || ctx.film.series('series.spectrum');
      if (!has) return nnprobe.panels.spectrum.empty;
      const sv = ctx.film.latest('spectrum.sv.1', seq);
      if (arrays && sv && !Number.isFinite(sv.array.data[0]))
        return 'The weights are no longer finite numbers, so they have no spectrum.';
      return null;
    },

    /** @returns {{ [axis: string]: string }} */
    named: (ctx) => (plots(ctx)[0].kind === 'plane' ? { xaxis: 'real part', yaxis: 'imaginary part' } : {}),

    layout(ctx) {
      const bounds = ranges(ctx), out = layout.base(ctx),
        ranks = Math.max(...ctx.widths.slice(1).map((w, i) => Math.min(w, ctx.widths[i])));
      plots(ctx).forEach((box, k) => {
        const n = k + 1, few = Math.max(2, Math.min(6, Math.floor(box.height / 46)));
        if (box.kind === 'plane') {
          const [x, y] = layout.equal(bounds.re, bounds.im, box, 0.06);
          Object.assign(
            out,
            layout.axes(ctx, n, box, { range: x, constrain: 'domain',
              ...layout.round(x, Math.max(2, Math.min(5, box.width / (3.4 * ctx.theme.fontSize)))) }, { range: y,
              constrain: 'domain', scaleanchor: `x${n > 1 ? n : ''}`, scaleratio: 1,
              ...layout.round(y, few, (v) => (v ? `${String(v).replace('-', '−')}i` : '0')) }),
          );
        } else if (box.kind === 'values') {
          Object.assign(
            out,
            layout.axes(
              ctx,
              n,
              box,
              { range: [0.5, ranks + 0.5], tick0: 1, dtick: Math.max(1, Math.ceil(ranks / 6)) },
              { range: [0, bounds.values[1] * 1.02], nticks: few },
            ),
          );
        } else {
          Object.assign(
            out,
            layout.axes(ctx, n, box, { range: [0, Math.max(1, ctx.film.planned)], ...layout.steps(ctx) }, {
              range: [0, /** @type {{ [kind: string]: Span }} */ (bounds)[box.kind][1] * 1.02],
              nticks: few,
            }),
          );
        }
      });
      return out;
    },

    marks(ctx, seq) {
      const out = /** @type {Mark[]} */ ([]);
      plots(ctx).forEach((box, k) => draw[box.kind](ctx, seq, k + 1, out, box));
      return out;
    },

    says(ctx, seq) {
      const { format, film } = ctx, spectrum = film.series('series.spectrum'),
        all = Array.from({ length: matrices(ctx) }, (_, k) => k + 1);
      const largest = all.map((i) => ({ i, found: film.latest(`spectrum.sv.${i}`, seq) })).filter(({ found }) => found);
      const values = `largest singular value `
        + `${largest.map(({ i, found }) => `${named(ctx, i)} ${format.value(found.array.data[0])}`).join(', ')}`;
      if (!square(ctx).length || !spectrum) return `${values}; no square matrix, so no eigenvalues.`;
      const complex = square(ctx).map((i) => {
        const count = format.count(knownAt(spectrum.column('complex', i - 1), seq));
        return `${named(ctx, i)} ${count} of ${ctx.widths[i]}`;
      });
      return `${values}; complex eigenvalues ${complex.join(', ')}.`;
    },

    note(ctx, seq) {
      const all = square(ctx), spectrum = ctx.film.series('series.spectrum');
      if (!all.length) return 'no square matrix, so no eigenvalues: singular values';
      if (!spectrum || seq >= spectrum.steps.length) return 'eigenvalues';
      const said = all.map((i) => {
        const n = ctx.widths[i], count = spectrum.column('complex', i - 1)[seq];
        return `${named(ctx, i)} ${Number.isFinite(count) ? count : '–'} of ${n}`;
      });
      const chances = [...new Set(all.map((i) => chance(ctx.widths[i]).toFixed(1)))];
      return `complex: ${said.join(', ')} (chance ${chances.join(', ')})`;
    },
  };
})();
