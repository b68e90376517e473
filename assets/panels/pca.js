/* Two classes: their points in the joint main plane of each layer, a square a layer. */
(() => {
  'use strict';
  const { layout, marks, study } = nnprobe;

  /** @param {Ctx} ctx */
  const read = (ctx) => study.of(ctx.film);
  /** @param {Ctx} ctx */
  const chosen = (ctx) => Math.max(0, Math.min(read(ctx).pairs.length - 1, Number(ctx.option('pair')) || 0));

  /** Squares of the layers: as many columns as make them largest.
      @param {Ctx} ctx */
  function squares(ctx) {
    const n = read(ctx).layers.length, font = ctx.theme.fontSize, title = ctx.tiny ? 3 : 1.5 * font,
      gap = ctx.tiny ? 3 : 8, top = ctx.tiny ? 2 : 1.6 * font;
    let best = { side: 0, columns: 1 };
    for (let columns = 1; columns <= n; columns++) {
      const lines = Math.ceil(n / columns),
        side = Math.min((ctx.width - gap) / columns - gap, (ctx.height - top - 4) / lines - title);
      if (side > best.side) best = { side, columns };
    }
    const side = Math.max(12, best.side), lines = Math.ceil(n / best.columns),
      wide = Math.min((ctx.width - gap) / best.columns, 1.35 * side + gap);
    const start = (ctx.width - wide * best.columns) / 2,
      tall = Math.min((ctx.height - top - 4) / lines, side + 2 * title);
    return Array.from(
      { length: n },
      (_, k) => ({ left: start + (k % best.columns) * wide + (wide - side) / 2,
        top: top + Math.floor(k / best.columns) * tall + title, width: side, height: side }),
    );
  }

  /** The largest radius of each layer in any frame, for the chosen pair.
      @param {Ctx} ctx */
  function radii(ctx) {
    const pair = chosen(ctx), make = () => read(ctx).layers.map(() => layout.extent().include(0));
    const seen = ctx.gather(`radii ${pair}`, make, ({ arrays }, layers) => {
      const found = arrays['pca.radius'];
      if (found) layers.forEach((layer, k) => layer.include(found.data[k * found.shape[1] + pair]));
    });
    return seen.map(({ axis }) => (axis ? axis[1] : 0) || 1);
  }

  /** Coordinates [x, y] of the pair's points in a layer.
      @param {NdArray} array @param {number} radius @param {any} pair */
  function points(array, radius, pair) {
    const [, n, axes] = array.shape, data = array.data.subarray(pair * n * axes, (pair + 1) * n * axes);
    return nnprobe.dequantise({ shape: [n, axes], data }, { data: [-radius, radius, -radius, radius] });
  }

  nnprobe.panels.pca = {
    inputs: [{ key: 'pair', label: 'Classes', shared: true, start: '0',
      choices: (
        ctx,
      ) => (read(ctx) ? read(ctx).pairs.map((_, k) => [String(k), study.pair(read(ctx), k)]) : [['0', '–']]) }],
    empty: 'Here two classes will be shown in the main plane of every layer.',

    sentence: (ctx) => (read(ctx) ? null : nnprobe.panels.pca.empty),

    layout(ctx) {
      const out = layout.base(ctx), reach = radii(ctx);
      squares(ctx).forEach((box, k) => {
        const quiet = { range: [-1.08 * reach[k], 1.08 * reach[k]], showticklabels: false, showgrid: false,
          mirror: true, showline: true, linecolor: ctx.theme.line, linewidth: 1 };
        Object.assign(out, layout.axes(ctx, k + 1, box, quiet, { ...quiet, scaleanchor: `x${k ? k + 1 : ''}` }));
      });
      return out;
    },

    marks(ctx, seq) {
      const { theme, format, film } = ctx, { layers, classes, pairs } = read(ctx), pair = chosen(ctx),
        out = /** @type {Mark[]} */ ([]),
        boxes = squares(ctx);
      const radius = film.latest('pca.radius', seq), share = film.latest('pca.share', seq),
        labels = ctx.head['pca.y'].data;
      if (!radius) return out;
      const size = Math.max(2.4, Math.min(8, boxes[0].width / 22)) * Math.sqrt(theme.markerScale),
        said = pairs[pair].map((place) => classes[place]);
      layers.forEach((name, layer) => {
        const found = film.latest(`pca.${layer}`, seq);
        if (!found) return;
        const at = layer * radius.array.shape[1] + pair, [x, y] = points(found.array, radius.array.data[at], pair),
          kept = share.array.data[at];
        out
          .push(...marks.classes(ctx, layer + 1, x, y, labels, { size, pick: false, hover: (i, px, py) =>
            `${name}, class ${said[labels[i]]}<br>${format.value(px)}, ${format.value(py)}` }));
        if (ctx.tiny) return;
        const box = boxes[layer],
          text = box.width > 7.5 * theme.fontSize && Number.isFinite(kept) ? `${name}, ${format.percent(kept)}` : name;
        out.push({ kind: 'text', axis: 0, x: box.left, y: box.top - 3, anchor: 'left', baseline: 'bottom',
          colour: theme.soft, text: text.slice(0, Math.max(3, Math.floor(box.width / (0.5 * theme.fontSize)))) });
      });
      if (ctx.tiny) return out;
      /** @param {number} k */
      const shape = (k) => (k ? '▲ ' : '● ');
      out.push({ kind: 'text', axis: 0, x: boxes[0].left, y: 1.15 * theme.fontSize, anchor: 'left', baseline: 'bottom',
        colour: theme.soft,
        rich: said.flatMap((name,
          k) => [{ text: shape(k), colour: theme.classes[k] }, { text: `${name}   `, colour: theme.ink }]
        ) });
      return out;
    },

    says(ctx, seq) {
      const share = ctx.film.latest('pca.share', seq), { layers } = read(ctx), pair = chosen(ctx);
      const of = layers.map((name, layer) =>
        `${name} ${ctx.format.percent(share.array.data[layer * share.array.shape[1] + pair])}`
      );
      return `classes ${study.pair(read(ctx), pair)}; share of variance in the plane ${of.join(', ')}.`;
    },

    note(ctx) {
      const each = ctx.head['pca.y'].data.length / 2;
      return `joint PCA of ${study.pair(read(ctx), chosen(ctx))}, ${each} training points each; share of variance`;
    },
  };
})();
