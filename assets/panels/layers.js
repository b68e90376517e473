/* Layers: one plot a layer, from the input to the logits, as large as the room allows, with the flow between them. */
(() => {
  'use strict';
  const { adversary, knownAt, layout, marks, page } = nnprobe;
  const TURNED = 15, TRAIL = 45;

  /** Squares in the number of rows that makes them largest: [{left, top, width, height}], titles above each.
      @param {Ctx} ctx @param {number} count */
  function squares(ctx, count) {
    const title = ctx.tiny ? 2 : ctx.theme.fontSize * 1.75, gap = ctx.tiny ? 5 : Math.max(12, ctx.theme.fontSize * 1.3),
      edge = 8;
    let best = { rows: 1, cols: 1, side: 0 };
    for (let rows = 1; rows <= Math.min(4, count); rows++) {
      const cols = Math.ceil(count / rows);
      const side = Math.min(
        (ctx.width - 2 * edge - gap * (cols - 1)) / cols,
        (ctx.height - edge - rows * (title + 6)) / rows,
      );
      if (rows === 1 || side > best.side * 1.02) best = { rows, cols, side };
    }
    const { rows, cols } = best, side = Math.max(12, Math.floor(best.side));
    const across = Math.min(gap * 2.4, cols > 1 ? (ctx.width - 2 * edge - cols * side) / (cols - 1) : 0);
    const down = (ctx.height - rows * (side + title)) / (rows + 1);
    return Array.from({ length: count }, (_, i) => {
      const row = Math.floor(i / cols), inRow = Math.min(cols, count - row * cols);
      const start = (ctx.width - inRow * side - (inRow - 1) * across) / 2;
      return { left: start + (i % cols) * (side + across), top: down * (row + 1) + row * (side + title) + title,
        width: side, height: side, gap: i % cols ? across : row ? Math.min(across, 2 * start) : 0 };
    });
  }

  // ---- three units: turned by hand ---------------------------------------------------------------------------------

  /** @param {Ctx} ctx @returns {Map<number, Turn>} */
  const turns = (ctx) => ctx.memo('turns', () => new Map());
  /** @param {Ctx} ctx @param {number} i @returns {Turn} */
  function turnOf(ctx, i) {
    const turn = turns(ctx).get(i) || { yaw: 0.7, pitch: 0.5 };
    turns(ctx).set(i, turn);
    return turn;
  }

  /** @param {Turn} _ @param {Float32Array[]} _ @param {number[]} centre */
  function rotate({ yaw, pitch }, [x, y, z], centre) {
    const cy = Math.cos(yaw), sy = Math.sin(yaw), cp = Math.cos(pitch), sp = Math.sin(pitch), n = x.length;
    const px = new Float32Array(n), py = new Float32Array(n);
    for (let k = 0; k < n; k++) {
      const a = x[k] - centre[0], b = y[k] - centre[1], c = z[k] - centre[2];
      px[k] = cy * a + sy * b;
      py[k] = cp * c + sp * (sy * a - cy * b);
    }
    return [px, py];
  }

  // ---- ranges: what any frame needs ----------------------------------------------------------------------

  /** @param {Ctx} ctx @returns {Span[][]} */
  function ranges(ctx) {
    const { film } = ctx, n = ctx.widths.length,
      make = () => Array.from({ length: n }, () => [0, 1, 2].map(() => layout.extent()));
    const seen = ctx.gather(film.hasSettled ? 'settled ranges' : 'ranges', make, (frame, layers) => {
      const arrays = film.settled(frame.seq) || frame.arrays;
      for (let i = 1; i < n; i++) {
        const range = arrays[`map.${i}.range`];
        if (range) {
          for (let k = 0; k < range.shape[0]; k++) layers[i][k].include(range.data[2 * k], range.data[2 * k + 1]);
        }
      }
    });
    const input = ctx.memo(
      'input range',
      () => ctx.layer(0, 0).map((column) => layout.extent().columns([column]).range || [-1, 1]),
    );
    return seen.map((axes, i) => (i ? axes.map((axis) => axis.axis || [-1, 1]) : input));
  }

  /** @param {Span} _ */
  const middle = ([lo, hi]) => (lo + hi) / 2;

  /** Axis ranges of one layer's square. Three units: a ball about the middle, so that turning never leaves it.
      @param {Ctx} ctx @param {number} i @param {Span[]} axes @param {Box} box */
  function window2d(ctx, i, axes, box) {
    if (ctx.widths[i] !== 3) return layout.equal(axes[0], axes[1], box);
    const r = Math.hypot(...axes.map(([lo, hi]) => (hi - lo) / 2));
    return layout.equal([-r, r], [-r, r], box, 0.02);
  }

  /** @param {Ctx} ctx @param {number} i @param {number} seq @param {Span[][]} axes */
  function flat(ctx, i, seq, axes) {
    const columns = ctx.layer(i, seq);
    if (!columns) return null;
    return ctx.widths[i] === 3 ? rotate(turnOf(ctx, i), columns, axes[i].map(middle)) : columns;
  }

  // ---- what is written above each square ---------------------------------------------------------------------------

  /** @param {Ctx} ctx @param {number} seq @param {number} i @param {Box} box @returns {Mark} */
  function title(ctx, seq, i, box) {
    const { theme, format, film } = ctx, room = box.width / theme.fontSize;
    // with the probe beside it a whole name would reach the next square
    const short = room < 5.4 || (room > 9 && room < 12.5);
    /** @type {Words[]} */
    const parts = [{ text: short ? ctx.shortNames[i] : ctx.names[i], colour: theme.ink, bold: true }];
    const separation = film.series('series.separation'), mapping = film.series('series.mapping');
    let k = seq;
    const probe = separation ? separation.column('probe', i) : null;
    while (probe && k > 0 && Number.isNaN(probe[k])) k--;
    if (probe && Number.isFinite(probe[k]) && room > 9)
      parts.push({ text: ` · probe ${format.percent(probe[k])}`, colour: theme.soft });
    if (mapping && ctx.widths[i] > 3 && room > 17.5) {
      const share = mapping.column('share', i)[seq], turn = mapping.column('turn', i)[seq];
      if (share < 0.9995) parts.push({ text: ` · plane ${format.percent(share)}`, colour: theme.soft });
      if (turn > TURNED && !film.hasSettled && room > 24)
        parts.push({ text: ` · turned ${Math.round(turn)}°`, colour: theme.alarm });
    } else if (ctx.widths[i] === 3 && room > 18.5) parts.push({ text: ' · drag to turn', colour: theme.soft });
    return { kind: 'text', axis: 0, x: box.left, y: box.top - 4, rich: parts, colour: theme.soft, anchor: 'left',
      baseline: 'bottom' };
  }

  /** The three axes of a turnable layer, faint, from its middle.
      @param {Ctx} ctx @param {number} i @param {Span[]} axes @returns {Mark} */
  function tripod(ctx, i, axes) {
    const turn = turnOf(ctx, i), centre = axes.map(middle), x = /** @type {number[]} */ ([]),
      y = /** @type {number[]} */ ([]);
    axes.forEach((range, k) => {
      const ends = [0, 1, 2].map((c) => Float32Array.from([0, 1], (e) => (c === k ? range[e] : centre[c])));
      const [px, py] = rotate(turn, ends, centre);
      x.push(px[0], px[1], NaN);
      y.push(py[0], py[1], NaN);
    });
    return { kind: 'line', axis: i + 1, x, y, colour: ctx.theme.past, width: 1, alpha: 0.7 };
  }

  /** Where the followed point has been lately.
      @param {Ctx} ctx @param {number} i @param {number} seq @param {Span[][]} axes @returns {Mark} */
  function trail(ctx, i, seq, axes) {
    const x = /** @type {number[]} */ ([]), y = /** @type {number[]} */ ([]), point = Number(ctx.selected);
    for (let k = Math.max(0, seq - TRAIL); k <= seq; k++) {
      const frame = ctx.film.frame(k), arrays = frame && (ctx.film.settled(k) || frame.arrays),
        map = arrays && arrays[`map.${i}`];
      if (!map) continue;
      const d = map.shape[1], range = arrays[`map.${i}.range`];
      const one = { shape: [1, d], data: map.data.subarray(point * d, (point + 1) * d) };
      const columns = nnprobe.dequantise(one, range);
      const [px, py] = ctx.widths[i] === 3 ? rotate(turnOf(ctx, i), columns, axes[i].map(middle)) : columns;
      x.push(px[0]);
      y.push(py[0]);
    }
    return { kind: 'line', axis: i + 1, x, y, colour: ctx.theme.ink, width: 1.2, alpha: 0.55 };
  }

  /** Whether any point of a map is a number.
      @param {NdArray} map */
  const finite = (map) => !map || map.data.some((/** @type {number} */ q) => q !== page.constants.missing);

  nnprobe.panels.layers = {
    empty: 'Every layer gets a plot of where it puts the points.',

    sentence(ctx, seq) {
      const frame = ctx.frame(seq);
      if (!frame.arrays['map.1']) return nnprobe.panels.layers.empty;
      const lost = ctx.widths.findIndex((_, i) => i > 0 && !finite(frame.arrays[`map.${i}`]));
      return lost === 1
        ? `At step ${ctx.format.count(frame.step)} the layers’ values are no longer finite numbers: there is nothing `
          + `left to show.`
        : null;
    },

    layout(ctx) {
      const n = ctx.widths.length, boxes = squares(ctx, n), bounds = ranges(ctx),
        out = { ...layout.base(ctx), shapes: /** @type {object[]} */ ([]) };
      boxes.forEach((box, i) => {
        const [x, y] = window2d(ctx, i, bounds[i], box);
        const quiet = { showticklabels: false, showgrid: false, mirror: true, showline: true, linecolor: ctx.theme.line,
          linewidth: 1, constrain: 'domain' };
        Object.assign(
          out,
          layout.axes(ctx, i + 1, box, { ...quiet, range: x }, { ...quiet, range: y, scaleanchor: `x${i ? i + 1 : ''}`,
            scaleratio: 1 }),
        );
        if (box.gap > 8) out.shapes.push(chevron(ctx, box));
      });
      return out;
    },

    /** A layer of three units is turned by hand. */
    grab(ctx, axis) {
      if (ctx.widths[axis - 1] !== 3) return null;
      const turn = turnOf(ctx, axis - 1);
      return (dx, dy) => {
        turn.yaw += dx * 0.012;
        turn.pitch = Math.max(-1.57, Math.min(1.57, turn.pitch + dy * 0.012));
        ctx.repaint();
      };
    },

    marks(ctx, seq) {
      const n = ctx.widths.length, boxes = squares(ctx, n), axes = ranges(ctx), points = /** @type {Mark[]} */ ([]),
        over = /** @type {Mark[]} */ ([]), under = /** @type {Mark[]} */ ([]);
      const size = Math.max(1.8, Math.min(7, boxes[0].width / 46))
        * (boxes[0].width > 170 ? Math.sqrt(ctx.theme.markerScale) : 1);
      const { labels, format } = ctx, stride = ctx.tiny ? 4 : 1;
      for (let i = 0; i < n; i++) {
        const at = flat(ctx, i, seq, axes);
        if (!at) continue;
        const [x, y] = at;
        if (ctx.widths[i] === 3) under.push(tripod(ctx, i, axes[i]));
        points.push(...marks.classes(ctx, i + 1, x, y, labels, { size, stride, hover: (k, px, py) =>
          `${ctx.names[i]}, point ${k}, class ${labels[k]}<br>${format.value(px)}, ${format.value(py)}` }));
        if (ctx.selected !== null) {
          if (i)
            over.push(trail(ctx, i, seq, axes));
          /** @param {Float32Array[]} columns */
          const turned = (
            columns,
          ) => (ctx.widths[i] === 3 && i ? rotate(turnOf(ctx, i), columns, axes[i].map(middle)) : columns);
          over.push(...adversary.marks(ctx, seq, i + 1, i, [x[ctx.selected], y[ctx.selected]], { project: turned }));
          over.push(...marks.followed(ctx, i + 1, x[ctx.selected], y[ctx.selected], !ctx.tiny));
        }
        if (!ctx.tiny) over.push(title(ctx, seq, i, boxes[i]));
      }
      return [...under, ...points, ...over];
    },

    says(ctx, seq) {
      const separation = ctx.film.series('series.separation'), { names, format } = ctx,
        of = separation && names.map((_, i) => knownAt(separation.column('probe', i), seq));
      if (!of || !Number.isFinite(of[0])) return `${ctx.counted} in ${names.join(', ')}.`;
      return `${ctx.counted} in every layer; a line tells the classes apart for this share of test points: `
        + `${names.map((name, i) => `${name} ${format.percent(of[i])}`).join(', ')}.`;
    },

    note(ctx) {
      const wide = ctx.widths.some((w) => w > 3), kept = ctx.film.hasSettled ? ', the last frame’s throughout' : '';
      return `where each layer puts ${ctx.counted}${wide ? `; above width 3 the main plane${kept}` : ''}`;
    },
  };

  /** A small arrow head in the gap before a square.
      @param {Ctx} ctx @param {Box & { gap: number }} box */
  function chevron(ctx, box) {
    const x = box.left - box.gap / 2, y = box.top + box.height / 2, s = Math.min(6, box.gap / 4);
    /** @param {number} px @param {number} py */
    const p = (px, py) => `${px / ctx.width} ${1 - py / ctx.height}`;
    return { type: 'path', xref: 'paper', yref: 'paper', layer: 'above', line: { color: ctx.theme.soft, width: 1.6 },
      path: `M ${p(x - s / 2, y - s)} L ${p(x + s / 2, y)} L ${p(x - s / 2, y + s)}` };
  }
})();
