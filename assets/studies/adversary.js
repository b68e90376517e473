/* adversary: the adversarial example of the followed point, as the server computes it, and how other panels show it.
   It is asked for while something is painted that shows it: one request in flight, the latest wish wins. */
(() => {
  'use strict';
  const { asker } = nnprobe;
  const PLAYING_MS = 120;

  /** 204: no weights recorded yet.
      @param {Response} response */
  const frameOf = async (
    response,
  ) => (response.status === 200 ? nnprobe.decodeFilm(await response.arrayBuffer())[0] : null);
  const ofPoint = asker(PLAYING_MS, frameOf), ofAll = asker(1000, frameOf);

  const panel = () => nnprobe.stage.panel('attack');
  /** The attack and the norm are one choice: "fgsm linf".
      @param {string} key */
  const choice = (key) => (key === 'epsilon' ? nnprobe.choices.of(panel(), key)
    : nnprobe.choices.of(panel(), 'how').split(' ')[key === 'attack' ? 0 : 1]);
  /** @param {number} seq */
  const finite = (seq) => {
    const loss = nnprobe.film.series('series.loss');
    return !loss || !(seq < loss.steps.length) || Number.isFinite(loss.column('train_loss')[seq]);
  };
  /** @param {number} seq */
  const askable = (seq) => Boolean(nnprobe.film.source && nnprobe.shown.has('attack') && finite(seq));

  /** The longer side of the part of the plane that is shown: what ε is a share of.
      @param {Ctx} ctx */
  const side = (ctx) => {
    const [x0, x1, y0, y1] = ctx.head['data.extent'].data;
    return Math.max(x1 - x0, y1 - y0);
  };

  /** @param {Ctx} ctx @param {number} seq @returns {Wish | null} */
  function wishOf(ctx, seq) {
    if (ctx.selected === null || !panel() || !choice('epsilon') || !askable(seq)) return null;
    const { source: run } = nnprobe.film, track = nnprobe.film.hasSettled ? 'settled' : 'film';
    const query = new URLSearchParams({ seq: String(seq), point: String(ctx.selected),
      epsilon: adversary.epsilon(ctx).toPrecision(6),
      attack: choice('attack'), norm: choice('norm'), track });
    return { like: `${run} ${ctx.selected} ${track}`, path: `/api/runs/${run}/attack?${query}` };
  }

  /** @param {Ctx} ctx @param {number} seq @returns {Wish | null} */
  function curveOf(ctx, seq) {
    if (!askable(seq)) return null;
    const { source: run } = nnprobe.film, how = `attack=${choice('attack')}&norm=${choice('norm')}`;
    return { like: `${run} ${how}`, path: `/api/runs/${run}/robustness?seq=${seq}&${how}` };
  }

  /** @type {Adversary} */
  const adversary = {
    side,
    epsilon: (ctx) => choice('epsilon') * side(ctx),
    norm: () => choice('norm'),

    /** The followed point's adversary at a place of the film: the server's frame, or null where there is none. */
    at(ctx, seq) {
      const wish = wishOf(ctx, seq);
      return wish && ofPoint(wish);
    },

    /** Why there is none, in words: 'loading', 'not finite', or that no weights are recorded. `of` the point, or all.
        */
    why(ctx, seq, of = 'point') {
      const wish = of === 'point' ? wishOf(ctx, seq) : curveOf(ctx, seq);
      if (!finite(seq)) return 'the weights are no longer finite';
      if (wish && (of === 'point' ? ofPoint : ofAll).state(wish) === 'loading') return 'loading';
      return ctx.film.complete ? 'no weights are recorded of this moment' : 'weights are recorded every 20 frames';
    },

    /** Accuracy of all test points against ε at a place of the film. */
    curve(ctx, seq) {
      const wish = curveOf(ctx, seq);
      return wish && ofAll(wish);
    },

    /** What panel `ctx` shows of it on subplot `axis`, layer `i`: the way there and where it ends. `here` is where the
        point is drawn; `project` brings the way's columns (x, y, z) into the picture. */
    marks(ctx, seq, axis, i, here, { project = (/** @type {Float32Array[]} */ columns) => columns,
      label = false } = {}) {
      const found = adversary.at(ctx, seq), path = found && found.arrays[`path.${i}`];
      if (!path) return [];
      const [x, y] = project(nnprobe.columns(path)), { after, before, confidence } = found.header, end = x.length - 1;
      // While it plays, the newest answer is a few frames old: its way is drawn from where the point is now.
      const dx = nnprobe.clock.playing ? here[0] - x[0] : 0, dy = nnprobe.clock.playing ? here[1] - y[0] : 0;
      const { theme } = ctx, size = (ctx.tiny ? 6 : 9) * theme.markerScale, colour = theme.classes[after % 6];
      const xs = x.map((v) => v + dx), ys = y.map((v) => v + dy), at = { axis, x: [xs[end]], y: [ys[end]] };
      const says = () =>
        `adversary of point ${ctx.selected}<br>class ${after}, confidence ${ctx.format.percent(confidence[1], 1)}`;
      /** @type {Mark[]} */
      const out = [
        { kind: 'line', axis, x: xs, y: ys, colour: theme.bg, width: 4, alpha: 0.6 },
        { kind: 'line', axis, x: xs, y: ys, colour: theme.ink, width: 1.8 * Math.sqrt(theme.markerScale) },
        { kind: 'points', ...at, shape: after % nnprobe.shapes.length, colour, size, hover: says },
      ];
      if (after !== before)
        out.push({ kind: 'points', ...at, shape: 0, colour: theme.alarm, size: size * 1.9, hollow: true });
      if (label && !ctx.tiny) {
        // Toward the middle of the plot, where there is room, and away from the point's own number.
        const up = ys[end] > ys[0], place = ctx.axes.get(axis),
          left = place && place.ax * xs[end] + place.bx > place.left + place.width / 2;
        out.push({ kind: 'text', axis, x: xs[end], y: ys[end], dx: (left ? -1 : 1) * size * 0.9,
          dy: (up ? -1.1 : 1.1) * size, bold: true, colour: theme.ink,
          text: `class ${after} ${ctx.format.percent(confidence[1])}`, back: theme.panel,
          anchor: left ? 'right' : 'left', baseline: up ? 'bottom' : 'top' });
      }
      return out;
    },

    /** How far the point may go, in the input plane: a square in the norm L∞, a disk in L2. */
    ball(ctx, axis, [x, y]) {
      const r = adversary.epsilon(ctx), turns = Array.from({ length: 65 }, (_, k) => (2 * Math.PI * k) / 64);
      const square = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]];
      const rim = choice('norm') === 'l2' ? turns.map((t) => [Math.cos(t), Math.sin(t)]) : square;
      return { kind: 'line', axis, x: rim.map(([u]) => x + r * u), y: rim.map(([, v]) => y + r * v),
        colour: ctx.theme.ink, width: 1, dash: [3, 3], alpha: 0.8 };
    },
  };
  nnprobe.adversary = adversary;
})();
