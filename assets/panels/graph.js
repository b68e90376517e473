/* Graph: the computation graph of one training step. Nodes are tensors, each with the operation that made it. */
(() => {
  'use strict';
  const { asker, clock, layout } = nnprobe;
  /** @type {{ [operation: string]: string }} */
  const SYMBOLS = { MatMul: '@', Add: '+', Mul: '×', Neg: '−', SumReduce: 'Σ', MeanReduce: 'mean', LogSoftmax: 'log p',
    LeakyReLU: 'leaky', SiLU: 'silu', Sigmoid: 'σ', Tanh: 'tanh', ReLU: 'relu', GELU: 'gelu', Sine: 'sin' };
  const TRIANGLE = 1, DISC = 0, NUMBERS = 4;
  const ACROSS = 2.6, DOWN = 1.25; // from node to node, in letters' size, so that each can be named

  const ask = asker(300, async (response) => (response.status === 200 ? response.json() : null));

  let later = /** @type {Wish | null} */ (null); // what was not asked for while the film played

  /** @param {number} seq */
  const wishOf = (seq) => ({ like: String(nnprobe.film.source),
    path: `/api/runs/${nnprobe.film.source}/graph?seq=${seq}` });

  /** The graph at a place of the film; while it plays, only the spotlight asks for new ones.
      @param {Ctx} ctx @param {number} seq */
  function at(ctx, seq) {
    const { source } = nnprobe.film, held = ctx.memo('held', () => ({ graph: /** @type {Graph | null} */ (null) })),
      wish = wishOf(seq);
    later = null;
    if (source && nnprobe.clock.playing && !ctx.spotlit && held.graph) later = wish;
    else if (source) held.graph = ask(wish) || held.graph;
    return held.graph;
  }
  clock.on('rest', () => { if (later) ask(later); });

  /** Where things go. A panel that is high has the chain run down, another one has it from left to right, in as many
      lines as give the largest tiles. `tile` is their side, 0: there is no room, so dots.
      @param {Ctx} ctx @param {Graph} graph @returns {GraphPlaces} */
  function places(ctx, graph) {
    const em = ctx.theme.fontSize, top = ctx.tiny ? 0 : 1.6 * em;
    /** @param {number} lines */
    const fit = (lines) => {
      const columns = Math.ceil(graph.columns / lines), each = (ctx.width - 2 * em) / columns,
        high = (ctx.height - top) / lines;
      return { lines, columns, each, high, tile: Math.floor(Math.min(each * 0.7, (high - 8.6 * em) / 5, 6 * em)) };
    };
    let best = [1, 2, 3].map(fit).reduce((a, b) => (b.tile > a.tile * 1.15 ? b : a));
    if (best.tile < 1.6 * em) best = { ...fit(1), tile: 0 };
    const downwards = (ctx.height - em) / graph.columns,
      cramped = !best.tile && !ctx.tiny && best.each < ACROSS * em && downwards >= DOWN * em;
    if (cramped || ctx.height > 1.15 * ctx.width) {
      const apart = Math.min(ctx.width / 3.2, 4 * downwards);
      return { em, each: downwards, tile: 0, down: true, lines: 1, columns: 1, middle: 0,
        spots: graph.nodes.map((
          node,
        ) => [ctx.width / 2 + node.row * apart, em / 2 + (node.column + 0.5) * downwards]) };
    }
    const { lines, columns, each, high, tile } = best;
    const apart = tile ? 2 * tile + 2.6 * em : Math.min(high / 3, Math.max(2 * each, 3.4 * em));
    // Above the chain are two tiles and a name, below it one and a name: a constant has no gradient.
    const middle = tile ? (high - 5 * tile - 8.2 * em) / 2 + 3 * tile + 4.2 * em : high / 2;
    const spots = graph.nodes.map(({ column, row }) => [em + ((column % columns) + 0.5) * each,
      top + Math.floor(column / columns) * high + middle + row * apart]);
    return { em, each, tile, lines, columns, middle, spots };
  }

  /** Whether there is room for the nodes' names.
      @param {GraphPlaces} place */
  const named = (place) => place.tile > 0 || place.each >= (place.down ? DOWN : ACROSS) * place.em;

  /** @param {Ctx} ctx @param {number | null} value */
  const number = (ctx, value) => (value === null ? '–' : ctx.format.value(value));

  /** @param {Ctx} ctx @param {string} what @param {Figure} _ @param {number[]} shape */
  function figures(ctx, what, { low, high, mean, rows }, shape) {
    const few = rows.slice(0, NUMBERS).map((row) =>
      row.slice(0, NUMBERS).map((v) => number(ctx, v)).join('  ') + (row.length > NUMBERS ? ' …' : '')
    );
    const single = shape.reduce((a, b) => a * b, 1) === 1;
    if (single) return `<b>${what}</b> ${number(ctx, rows[0][0])}`;
    return [`<b>${what}</b> ${number(ctx, low)} to ${number(ctx, high)}, mean ${number(ctx, mean)}`, ...few,
      ...(rows.length > NUMBERS ? ['…'] : [])].join('<br>');
  }

  /** At most so many letters a line.
      @param {string} text */
  const wrapped = (text, most = 62) => text.split(' ').reduce((/** @type {string[]} */ lines, word) => {
    const last = lines[lines.length - 1];
    if (last && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
    return lines;
  }, []).join('<br>');

  /** @param {Ctx} ctx @param {GraphNode} node */
  function hover(ctx, node) {
    const shape = node.shape.length
      ? `(${node.shape.map((n) => ctx.format.count(n)).join(', ')}${node.shape.length === 1 ? ',' : ''})`
      : 'a number';
    const kind = { data: 'data', parameter: 'parameter', result: 'result', loss: 'what is to become small' }[node.kind];
    const head = [node.operation, node.name].filter(Boolean).map((text) => `<b>${text}</b>`).join(' → ');
    return [`${head}  ${shape}, ${kind}`, ...(node.rule ? [wrapped(node.rule)] : []),
      figures(ctx, 'value', node.value, node.shape),
      node.gradient ? figures(ctx, 'gradient', node.gradient, node.shape) : 'no gradient: nothing asks for it']
      .join('<br>');
  }

  /** One picture of all tiles: numbers above 0 in one colour, below in another, 0 in that of the panel.
      @param {Ctx} ctx @param {Graph} graph @param {GraphPlaces} place @returns {Mark} */
  function tiles(ctx, graph, place) {
    const { theme } = ctx, w = Math.round(ctx.width), h = Math.round(ctx.height),
      pixels = new Uint8ClampedArray(4 * w * h);
    const [zero, above, below] = [theme.mix(theme.panel, theme.ink, 0.06), theme.accent, theme.alarm].map(theme.rgb);
    /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {number[]} _ */
    const block = (x0, y0, x1, y1, [r, g, b]) => {
      for (let y = Math.max(0, y0); y < Math.min(h, y1); y++) {
        for (let x = Math.max(0, x0); x < Math.min(w, x1); x++) pixels.set([r, g, b, 255], 4 * (y * w + x));
      }
    };
    /** @param {Figure} figure @param {number} left @param {number} top @param {number} size */
    const tile = (figure, left, top, size) => {
      const { rows } = figure, most = Math.max(...rows.flat().map((v) => Math.abs(v || 0))) || 1, high = rows.length,
        wide = rows[0].length;
      rows.forEach((row, i) =>
        row.forEach((value, j) => {
          const to = Number(value) > 0 ? above : below;
          const share = value === null ? 0 : Math.min(1, Math.abs(value) / most) ** 0.7;
          block(
            left + Math.round((j * size) / wide),
            top + Math.round((i * size) / high),
            left + Math.round(((j + 1) * size) / wide),
            top + Math.round(((i + 1) * size) / high),
            zero.map((v, k) => v + (to[k] - v) * share),
          );
        })
      );
    };
    graph.nodes.forEach((node, i) => {
      const [[x, y], size] = [place.spots[i], place.tile], left = Math.round(x - size / 2);
      tile(node.value, left, Math.round(y - size) - 1, size);
      if (node.gradient) tile(node.gradient, left, Math.round(y) + 1, size);
    });
    return { kind: 'image', axis: 1, x0: 0, x1: ctx.width, y0: 0, y1: ctx.height, w, h, pixels, smooth: false };
  }

  /** From the rim of one node to that of the next; around the corner where the chain goes on in the next line.
      @param {GraphPlaces} place @param {Graph} graph @param {number[]} _ @param {(y: number) => number} up */
  function edge(place, graph, [from, to], up) {
    const [[x0, y0], [x1, y1]] = [place.spots[from], place.spots[to]], { tile, em } = place, half = tile / 2 + 3;
    /** @param {...number[]} points */
    const path = (...points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => up(y)) });
    if (!tile) return path([x0, y0], [x1, y1]);
    if (graph.nodes[from].row < 0) return path([x0, y0 + tile + 3], [x1, y1 - tile - 1.6 * em]);
    if (graph.nodes[from].row > 0)
      return path([x0, y0 - tile - 3], [x1, y1 + tile + (graph.nodes[to].name ? 1.6 * em : 3)]);
    if (y0 === y1) return path([x0 + half, y0], [x1 - half, y1]);
    const right = x0 + place.each / 2, left = x1 - place.each / 2, between = y1 - place.middle - 0.1 * em;
    return path([x0 + half, y0], [right, y0], [right, between], [left, between], [left, y1], [x1 - half, y1]);
  }

  /** Names beside the nodes of a chain that runs down.
      @param {Ctx} ctx @param {Graph} graph @param {GraphPlaces} place @param {(y: number) => number} up
      @returns {Mark[]} */
  const beside = (ctx, graph, place, up) =>
    graph.nodes.flatMap((node, i) => {
      const [x, y] = place.spots[i], away = 0.8 * place.em, { ink, soft, panel } = ctx.theme;
      const rich = [
        ...(node.operation ? [{ text: `${SYMBOLS[node.operation] || node.operation} `, colour: soft }] : []),
        { text: node.name, colour: ink, bold: true },
      ];
      const turned = node.operation && graph.nodes.some((other) => other.row > 0 && other.column === node.column),
        left = node.row < 0 || turned;
      return { kind: 'text', axis: 1, x: x + (left ? -away : away), y: up(y), anchor: left ? 'right' : 'left',
        baseline: 'middle', colour: ink, back: panel, rich };
    });

  /** @param {Ctx} ctx @param {Graph} graph @param {GraphPlaces} place @param {(y: number) => number} up
      @returns {Mark[]} */
  function labels(ctx, graph, place, up) {
    const { theme } = ctx, out = /** @type {Mark[]} */ ([]), { em, tile } = place;
    if (!named(place)) return out;
    if (place.down) return beside(ctx, graph, place, up);
    graph.nodes.forEach((node, i) => {
      const [x, y] = place.spots[i], half = 0.36 * em * Math.max(1, node.name.length);
      const text = /** @type {const} */ ({ kind: 'text', axis: 1, x: Math.max(half, Math.min(ctx.width - half, x)),
        anchor: 'center' });
      const above = up(y - (tile || 0.35 * em) - 0.3 * em),
        below = up(y + (tile && node.gradient ? tile : 0.1 * em) + 0.3 * em);
      if (node.operation)
        out.push({ ...text, y: above, text: SYMBOLS[node.operation] || node.operation, colour: theme.soft,
          baseline: 'bottom' });
      if (!node.name || !(tile || node.row)) return;
      const over = !node.operation && node.row <= 0;
      out.push({ ...text, y: over ? above : below, text: node.name, colour: theme.ink, bold: true,
        baseline: over ? 'bottom' : 'top' });
    });
    const wide = ctx.width / em; // of the key as much as fits
    if (tile && wide > 26) {
      out.push({ kind: 'text', axis: 0, x: em, y: 0.9 * em, anchor: 'left', baseline: 'middle', colour: theme.soft,
        rich: [
          { text: wide > 44 ? 'upper tile: value, lower tile: gradient · ' : 'value over gradient · ',
            colour: theme.soft },
          { text: '■', colour: theme.accent },
          { text: ' above 0  ', colour: theme.soft },
          { text: '■', colour: theme.alarm },
          { text: wide > 56 ? ' below 0, of the first rows and columns' : ' below 0', colour: theme.soft },
        ] });
    }
    return out;
  }

  /** @param {Ctx} ctx @param {Graph} graph @returns {Mark[]} */
  function draw(ctx, graph) {
    const { theme } = ctx, place = places(ctx, graph), up = (/** @type {number} */ y) => ctx.height - y,
      out = /** @type {Mark[]} */ ([]);
    if (place.tile) out.push(tiles(ctx, graph, place));
    // All edges are one line with gaps: Plotly takes as long for a trace of two points as for one of fifty.
    const paths = graph.edges.map((pair) => edge(place, graph, pair, up)),
      joined = (/** @type {'x' | 'y'} */ key) => paths.flatMap((path) => [...path[key], NaN]);
    out.push({ kind: 'line', axis: 1, x: joined('x'), y: joined('y'), colour: theme.past, width: 1.2 });
    /** @type {{ [kind: string]: [number, string] }} */
    const looks = { parameter: [TRIANGLE, theme.accent], data: [DISC, theme.soft], result: [DISC, theme.quiet],
      loss: [DISC, theme.strong] };
    const size = place.tile
      ? Math.max(8, place.tile)
      : Math.max(4, Math.min(10, place.each * 0.62)) * theme.markerScale;
    for (const [kind, [shape, colour]] of Object.entries(looks)) {
      const list = graph.nodes.map((_, i) => i).filter((i) => graph.nodes[i].kind === kind);
      const dots = place.tile ? [...list, ...list.filter((i) => graph.nodes[i].gradient)] : list,
        of = (/** @type {number} */ i) =>
        place.spots[i];
      out.push({ kind: 'points', axis: 1, shape, colour, size, alpha: place.tile ? 0 : 1, clip: false,
        // Over tiles the dots are not seen: they answer the pointer, on value and gradient alike.
        x: dots.map((i) => of(i)[0]),
      y: dots.map((i, k) => up(of(i)[1] + (place.tile ? (k < list.length ? -1 : 1) * place.tile * 0.5 : 0))),
        hover: (k) => hover(ctx, graph.nodes[dots[k]]) });
    }
    return [...out, ...labels(ctx, graph, place, up)];
  }

  /** @param {Ctx} ctx @param {Graph} graph */
  function inWords(ctx, graph) {
    const loss = graph.nodes.find((node) => node.kind === 'loss'),
      operations = graph.nodes.filter((node) => node.operation).length;
    return `tensors and ${operations} operations lead from ${ctx.format.plural(graph.batch, 'point')} to a loss of `
      + `${number(ctx, loss ? loss.value.mean : null)}`;
  }

  nnprobe.panels.graph = {
    empty: 'The computation graph of a training step, with values and gradients.',

    sentence(ctx, seq) {
      const { layers, units } = ctx.meta, hidden = ctx.widths.slice(1, -1);
      if (hidden.length > layers || Math.max(0, ...hidden) > units)
        return `The graph of a step is drawn for at most ${layers} hidden layers of at most ${units} units.`;
      if (!nnprobe.film.source) return nnprobe.panels.graph.empty;
      if (at(ctx, seq)) return null;
      return ask.state(wishOf(seq)) === 'loading'
        ? 'Loading the graph of this step …'
        : 'The graph of a step is drawn as soon as weights are recorded.';
    },

    layout(ctx) {
      const bare = { showticklabels: false, showgrid: false };
      return { ...layout.base(ctx), ...layout.axes(ctx, 1, { left: 0, top: 0, width: ctx.width, height: ctx.height },
        { range: [0, ctx.width], ...bare }, { range: [0, ctx.height], scaleanchor: 'x', ...bare }) };
    },

    marks(ctx, seq) {
      const graph = at(ctx, seq), last = ctx.memo('drawn', () => /** @type {any} */ ({}));
      const key = [ctx.width, ctx.height, ctx.theme.fontSize, ctx.theme.panel].join(' ');
      if (graph && (last.graph !== graph || last.key !== key))
        Object.assign(last, { graph, key, marks: draw(ctx, graph) });
      return last.marks;
    },

    /** Without room for the names of its nodes, and in no thumbnail either, a graph is how large it is. */
    card(ctx, seq) {
      const graph = ctx.tiny ? null : at(ctx, seq), place = graph && places(ctx, graph);
      if (!graph || !place || named(place)) return null;
      return { number: `${graph.nodes.length}`, text: inWords(ctx, graph) };
    },

    says(ctx, seq) {
      const graph = at(ctx, seq);
      return graph ? `${graph.nodes.length} ${inWords(ctx, graph)}.` : '';
    },

    note(ctx, seq) {
      const graph = at(ctx, seq);
      if (!graph) return '';
      // of the newest weights that there are, or a moment ago
      const here = ctx.frame(seq), late = here && graph.step < here.step;
      const loading = late && nnprobe.film.source && ask.state(wishOf(seq)) === 'loading' ? ', loading this one' : '';
      return `${late ? 'an earlier step, ' : 'the step '}from ${ctx.format.count(graph.step)} on, `
        + `${ctx.format.plural(graph.batch, 'point')}${loading}`;
    },
  };
})();
