/* Tests: each network's difference per layer as a dot, and at the end the p-values over pairs and over seeds. */
(() => {
  'use strict';
  const { layout, study } = nnprobe;

  /** @param {Ctx} ctx */
  const read = (ctx) => study.of(ctx.film);
  /** @param {Ctx} ctx @returns {string} */
  const which = (ctx) => ctx.option('test');
  /** The layers that have a row: all but the input, which training leaves as it is, and before which there is none.
      @param {Ctx} ctx */
  const rows = (ctx) => read(ctx).layers.slice(1);

  /** Per network that is done at `seq`, the difference of each row.
      @param {Ctx} ctx @param {number} seq @returns {number[][]} */
  function differences(ctx, seq) {
    const { film } = ctx, n = read(ctx).layers.length, out = /** @type {number[][]} */ ([]);
    for (let k = read(ctx).stages; k <= seq && k < film.count; k++) {
      const found = film.frame(k) && film.frame(k).arrays['series.seed'];
      if (!found) continue;
      const first = found.data.subarray(0, n), last = found.data.subarray(n);
      out
        .push(rows(ctx).map((_,
          row) => (which(ctx) === 'layers' ? last[row + 1] - last[row] : last[row + 1] - first[row + 1])
        ));
    }
    return out;
  }

  /** The present difference of the network that learns, before any is done.
      @param {Ctx} ctx @param {number} seq @returns {number[][]} */
  function live(ctx, seq) {
    const now = ctx.film.latest('separation.train', seq), before = ctx.head['separation.train'];
    if (!now) return [];
    /** @param {NdArray} array @param {number} layer */
    const mean = (array, layer) => study.mean(array, layer);
    return [
      rows(ctx).map((_, row) => (which(ctx) === 'layers'
        ? mean(now.array, row + 1) - mean(now.array, row)
        : mean(now.array, row + 1) - mean(before, row + 1))
      ),
    ];
  }

  /** The records of the last frame, by kind and row; null before it.
      @param {Ctx} ctx @param {number} seq */
  function records(ctx, seq) {
    const { film } = ctx, frame = film.frame(Math.min(seq, film.count - 1)),
      tests = /** @type {Record<string, any>[]} */ (frame && frame.header.tests);
    if (!tests) return null;
    /** @param {string} kind */
    const of = (kind) =>
      tests.filter((each) => each.kind === kind && each.test === which(ctx)).sort((a, b) => a.layer - b.layer);
    return { fisher: of('fisher'), seeds: of('seeds') };
  }

  /** @param {Ctx} ctx */
  function range(ctx) {
    const { film } = ctx, seen = layout.extent().include(-0.02, 0.02),
      all = film.count ? [...differences(ctx, film.count - 1), ...live(ctx, film.count - 1)] : [];
    const [lo, hi] = seen.columns(all).axis || [0, 0], spare = 0.06 * (hi - lo);
    return [lo - spare, hi + spare];
  }

  /** @param {Ctx} ctx */
  function place(ctx) {
    const { below } = layout.room(ctx), font = ctx.theme.fontSize, left = study.left(ctx),
      right = ctx.tiny ? 6 : 10.6 * font, top = ctx.tiny ? 4 : 3 * font;
    return { left, top, width: Math.max(20, ctx.width - left - right), height: Math.max(20, ctx.height - top - below),
      columns: [ctx.width - 5.9 * font, ctx.width - 0.6 * font] };
  }

  /** @param {string} digits */
  const raised = (digits) => [...digits].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  /** @param {number} v */
  const p = (v) => {
    if (v === null || v === undefined) return '–';
    if (!(v < 0.001)) return v.toPrecision(2).replace(/^0\./, '.');
    return v.toExponential(0).replace('e-', '·10⁻').replace(/⁻(\d+)$/, (_, digits) => `⁻${raised(digits)}`);
  };

  nnprobe.panels.tests = {
    options: [{ key: 'test', start: 'training', choices: [['training', 'training'], ['layers', 'layer to layer']] }],
    empty: 'Here the tests will say which differences are more than chance.',

    sentence: (ctx) => (read(ctx) ? null : nnprobe.panels.tests.empty),

    layout(ctx) {
      const box = place(ctx), names = rows(ctx), [lo, hi] = range(ctx), cut = study.names(ctx, box.left - 10).slice(1);
      const few = layout.round(
        [lo, hi],
        Math.max(2, Math.min(5, box.width / (4.5 * ctx.theme.fontSize))),
        (v) => (v > 0 ? `+${v}` : String(v).replace('-', '−')),
      );
      return { ...layout.base(ctx),
        ...layout.axes(ctx, 1, box, { range: [lo, hi], ...few }, { fixedrange: true, range: [-names.length + 0.5, 0.5],
          ...layout.rows(ctx, cut, box.height), showgrid: false, showticklabels: !ctx.tiny }) };
    },

    marks(ctx, seq) {
      const { theme } = ctx, box = place(ctx), names = rows(ctx), n = names.length,
        done = differences(ctx, seq), out = /** @type {Mark[]} */ ([]);
      out.push({ kind: 'line', axis: 1, x: [0, 0], y: [0.5, 0.5 - n], colour: theme.soft, width: 1.2 });
      const shown = done.length ? done : live(ctx, seq), tall = Math.min(0.5, 0.12 * shown.length);
      shown.forEach((each, k) => {
        const y = names.map((_, row) => -row + (shown.length > 1 ? tall * (k / (shown.length - 1) - 0.5) : 0)),
          colour = k ? theme.past : theme.accent;
        out.push({ kind: 'points', axis: 1, x: each, y, shape: 0, colour, size: (k ? 4.5 : 6.5) * theme.markerScale,
          alpha: k ? 0.9 : 1, hollow: !done.length,
          hover: (row) =>
            `${names[row]}, ${k ? `seed ${ctx.config.seed + k}` : 'the network shown'}<br>`
              + `${each[row] < 0 ? '−' : '+'}${Math.abs(each[row]).toFixed(3)}` });
      });
      if (done.length > 1) {
        const mean = names.map((_, row) => done.reduce((sum, each) => sum + each[row], 0) / done.length);
        out.push({ kind: 'line', axis: 1, x: mean.flatMap((v) => [v, v, NaN]),
          y: mean.flatMap((_, row) => [-row - 0.34, -row + 0.34, NaN]), colour: theme.ink, width: 2 });
      }
      if (ctx.tiny) return out;
      const said = records(ctx, seq),
        head = (/** @type {number} */ x, /** @type {string[]} */ lines, /** @type {string} */ colour) =>
          lines.forEach((/** @type {string} */ text, /** @type {number} */ k) =>
            out.push({ kind: 'text', axis: 0, x, y: box.top - 4 - (1 - k) * 1.15 * theme.fontSize, text,
              anchor: 'right', baseline: 'bottom', colour })
          );
      head(box.columns[0], ['p over', 'pairs *'], theme.soft);
      head(box.columns[1], ['p over', 'seeds'], theme.ink);
      out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 4, anchor: 'left', baseline: 'bottom',
        colour: theme.soft,
        text: box.width < 13 * theme.fontSize
          ? 'change'
          : which(ctx) === 'layers'
          ? 'after less before it'
          : 'after less before training' });
      const every = layout.everyRow(ctx, n, box.height);
      names.forEach((_, row) => {
        if (row % every) return;
        const y = box.top + ((row + 0.5) / n) * box.height,
          write = (/** @type {number} */ x, /** @type {string} */ text, /** @type {string} */ colour,
            /** @type {boolean} */ bold) =>
            out.push({ kind: 'text', axis: 0, x, y, text, anchor: 'right', baseline: 'middle', colour, bold });
        write(
          box.columns[0],
          said && said.fisher[row] ? p(said.fisher[row].p_value) : said ? '–' : '…',
          theme.soft,
          false,
        );
        const honest = said && said.seeds[row];
        write(
          box.columns[1],
          honest ? p(honest.adjusted) : said ? '–' : '…',
          theme.ink,
          Boolean(honest && honest.adjusted < 0.05),
        );
      });
      return out;
    },

    says(ctx, seq) {
      const done = differences(ctx, seq), shown = done.length ? done : live(ctx, seq), said = records(ctx, seq),
        signed = (/** @type {number} */ v) => `${v < 0 ? '−' : '+'}${Math.abs(v).toFixed(3)}`;
      if (!shown.length) return 'nothing is measured yet.';
      const each = rows(ctx).map((name, row) => {
        const seeds = said && said.seeds[row];
        return `${name} ${signed(shown.reduce((sum, one) => sum + one[row], 0) / shown.length)}`
          + `${seeds ? `, p = ${p(seeds.adjusted)}` : ''}`;
      });
      return `mean difference of ${ctx.format.plural(shown.length, 'network')}, ${each.join('; ')}.`;
    },

    note(ctx, seq) {
      const said = records(ctx, seq), done = differences(ctx, seq).length, { seeds } = ctx.config;
      if (said && !said.fisher.length)
        return `too few pairs for a test over them`
          + `${said.seeds.length ? `; over ${said.seeds[0].runs} seeds: sign flips, Holm` : ''}`;
      if (said && !said.seeds.length)
        return `* ${ctx.meta.warning.split(': ')[0].toLowerCase()}; over seeds: at least ${ctx.meta.fewest} of them`;
      if (said)
        return `* pairs share classes: 18–31 % false alarms at 5 %; over ${said.seeds[0].runs} seeds: sign flips, Holm`;
      return done ? `${done} of ${seeds} networks; p-values at the end` : 'effect sizes; p-values at the end';
    },
  };
})();
