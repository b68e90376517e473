/* Two pictures of a panel held against each other, and where its marks are on the page. */
(() => {
  const pixels = async (png) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    return pen.getImageData(0, 0, bitmap.width, bitmap.height);
  };

  /** Pixels of the page around what a mark draws, inside its subplot. */
  function around(mark, place, width, mask) {
    const px = (v) => place.ax * (place.logx ? Math.log10(v) : v) + place.bx, py = (v) => place.ay * (place.logy ? Math.log10(v) : v) + place.by;
    const reach = Math.max(3, Math.ceil((mark.size || 4) * 0.8)), corners = mark.kind === 'bars'
      ? [...mark.x0].flatMap((x, i) => [[x, mark.y0[i]], [mark.x1[i], mark.y1[i]]]) : [...mark.x].map((x, i) => [x, mark.y[i]]);
    for (const [x, y] of corners) {
      const cx = Math.round(px(x)), cy = Math.round(py(y));
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          const gx = cx + dx, gy = cy + dy;
          if (gx > place.left + 2 && gx < place.left + place.width - 2 && gy > place.top + 2 && gy < place.top + place.height - 2) mask.add(gy * width + gx);
        }
      }
    }
  }

  window.pictures = {
    /** For each subplot and colour of a panel's marks: by how many pixels the second PNG is off the first, {x, y, alike, pixels}.
        The sum of squared differences is taken for shifts of −1, 0 and 1 pixels; a parabola through the three has its least there.
        `alike` is that sum at no shift over the mean of those at one. */
    async shifts(name, first, second) {
      const [a, b] = [await pixels(first), await pixels(second)], panel = nnprobe.stage.panel(name), masks = {};
      for (const mark of panel.marks) {
        const place = panel.places.get(mark.axis), alpha = mark.alpha === undefined ? 1 : mark.alpha;
        if (!place || !mark.colour || mark.kind === 'text' || (mark.x || mark.x0).length < 5 || alpha < 0.8) continue;
        const key = `${mark.axis} ${mark.kind} ${mark.colour}`;
        around(mark, place, a.width, (masks[key] = masks[key] || new Set()));
      }
      const difference = (mask, dx, dy) => {
        let sum = 0;
        for (const at of mask) {
          const i = 4 * at, j = 4 * (at + dy * a.width + dx);
          for (let c = 0; c < 3; c++) sum += (a.data[i + c] - b.data[j + c]) ** 2;
        }
        return sum;
      };
      return Object.fromEntries(Object.entries(masks).filter(([, mask]) => mask.size).map(([key, mask]) => {
        const here = difference(mask, 0, 0), [left, right, up, down] = [[-1, 0], [1, 0], [0, -1], [0, 1]].map(([x, y]) => difference(mask, x, y));
        // A straight line looks the same from anywhere along it: there is nothing to measure that way.
        const most = Math.max(left, right, up, down), least = (lo, hi) => (Math.min(lo, hi) < 0.2 * most ? 0 : (lo - hi) / (2 * (lo - 2 * here + hi) || 1));
        return [key, { x: least(left, right), y: least(up, down), alike: here / ((left + right + up + down) / 4 || 1), pixels: mask.size }];
      }));
    },

    /** The middle of a subplot, on the page. */
    middle(name, axis) {
      const panel = nnprobe.stage.panel(name), place = panel.places.get(axis), body = panel.body.getBoundingClientRect();
      return [body.left + place.left + place.width / 2, body.top + place.top + place.height / 2];
    },

    /** Where on the page point `i` of a panel's first points is. */
    point(name, i) {
      const panel = nnprobe.stage.panel(name), mark = panel.marks.find((one) => one.index), place = panel.places.get(mark.axis);
      const body = panel.body.getBoundingClientRect();
      return { index: mark.index[i], x: body.left + place.ax * mark.x[i] + place.bx, y: body.top + place.ay * mark.y[i] + place.by };
    },

    /** The subplots in which a panel names the followed point. */
    followed: (name) => nnprobe.stage.panel(name).marks.filter((mark) => mark.text === String(nnprobe.stage.selected))
      .map((mark) => mark.axis),

    /** Horizontal range of a panel's first subplot as Plotly has it now. */
    range: (name, axis = 1) => nnprobe.layout.read(nnprobe.stage.panel(name).gd).get(axis).x,

    /** Shape and sum of every array of a frame. */
    sums: (seq) => Object.fromEntries(Object.entries(nnprobe.film.frame(seq).arrays).map(([name, { shape, data }]) =>
      [name, [shape, data.reduce((sum, v) => sum + (Number.isFinite(v) ? v : 0), 0)]])),

    /** The dequantised points of a layer as lists. */
    layer(i, seq) {
      const { arrays } = nnprobe.film.frame(seq);
      return nnprobe.dequantise(arrays[`map.${i}`], arrays[`map.${i}.range`]).map((column) => Array.from(column));
    },

    /** Where on the page, and as what, some marks of a panel answer the pointer: [{x, y, says}], spread over the marks. A bar
        thinner than a few pixels cannot be pointed at for certain. */
    answering(name, most) {
      const panel = nnprobe.stage.panel(name), out = [], body = panel.body.getBoundingClientRect();
      for (const mark of panel.marks) {
        const place = panel.places.get(mark.axis);
        if (!mark.hover || !place || mark.kind === 'image') continue;
        const n = (mark.x || mark.x0).length;
        for (const i of new Set([0, Math.floor(n / 2), n - 1])) {
          const x = mark.x ? mark.x[i] : (mark.x0[i] + mark.x1[i]) / 2, y = mark.y ? mark.y[i] : (mark.y0[i] + mark.y1[i]) / 2;
          const at = { x: body.left + place.ax * (place.logx ? Math.log10(x) : x) + place.bx,
            y: body.top + place.ay * (place.logy ? Math.log10(y) : y) + place.by };
          const tall = mark.x0 ? Math.abs(place.ay * (mark.y1[i] - mark.y0[i])) : Infinity;
          const inside = tall > 4 && at.x > body.left + place.left + 3 && at.x < body.left + place.left + place.width - 3;
          if (inside && at.y > body.top + place.top && at.y < body.top + place.top + place.height) out.push({ ...at, says: mark.hover(i) });
        }
      }
      return out.filter((_, i) => i % Math.max(1, Math.floor(out.length / most)) === 0).slice(0, most);
    },
  };
})();
