/* Sprites: many small markers, blended into pixels by hand. In software rendering this takes a fifth of the time of
   drawImage and a tenth of arcs (5 000 markers: 2–3 ms). Each marker is drawn once per quarter of a pixel. */
(() => {
  'use strict';
  const PHASES = 4, MOST = 400;
  const made = new Map();

  /** The pixels of one marker whose centre is (phase + ½)/PHASES right of and below a pixel's corner.
      @param {PointStyle} style @param {number} ratio @param {number} px @param {number} py */
  function draw(style, ratio, px, py) {
    const r = (style.size / 2) * ratio, reach = Math.ceil(r * 1.5 + 2 * ratio), side = 2 * reach + 1;
    const canvas = new OffscreenCanvas(side, side);
    const pen = /** @type {Pen} */ (canvas.getContext('2d', { willReadFrequently: true }));
    pen.translate(reach + (px + 0.5) / PHASES, reach + (py + 0.5) / PHASES);
    pen.globalAlpha = style.alpha;
    pen.lineWidth = style.line * ratio;
    pen.beginPath();
    nnprobe.shapes[style.shape].trace(pen, r);
    if (!style.hollow) {
      pen.fillStyle = style.colour;
      pen.fill();
    }
    if (style.line) {
      pen.strokeStyle = style.hollow ? style.colour : style.outline;
      pen.stroke();
    }
    const all = [...new Int32Array(pen.getImageData(0, 0, side, side).data.buffer)]
      .map((value, i) => ({ value, dx: (i % side) - reach, dy: Math.floor(i / side) - reach })).filter(({ value }) =>
        value >>> 24 > 20
      );
    const opaque = (/** @type {{ value: number }} */ { value }) => value >>> 24 === 255,
      sorted = [...all.filter(opaque), ...all.filter((one) => !opaque(one))];
    /** @param {any} Type @param {string} key */
    const take = (Type, key) => Type.from(sorted, (/** @type {any} */ one) => one[key]);
    return { dx: take(Int16Array, 'dx'), dy: take(Int16Array, 'dy'), values: take(Int32Array, 'value'), reach,
      opaque: all.filter(opaque).length, width: 0, at: null };
  }

  /** @param {PointStyle} style @param {number} ratio */
  function sprites(style, ratio) {
    const key =
      [style.shape, style.colour, style.outline, style.size, style.alpha, style.hollow, style.line, ratio].join(' ');
    if (!made.has(key)) {
      if (made.size > MOST) made.clear();
      const all = [];
      for (let py = 0; py < PHASES; py++) for (let px = 0; px < PHASES; px++) all.push(draw(style, ratio, px, py));
      made.set(key, all);
    }
    return made.get(key);
  }

  /** `over` blended onto `under`, both little-endian RGBA, not premultiplied, as int32: V8 keeps those out of the heap.
      @param {number} under @param {number} over */
  function blend(under, over) {
    const a = over >>> 24, below = under >>> 24;
    if (a === 255 || below === 0) return over;
    const share = below === 255 ? a : Math.round((255 * a) / (a + below * (1 - a / 255))), rest = 255 - share;
    const rb = (((over & 0xff00ff) * share + (under & 0xff00ff) * rest) >>> 8) & 0xff00ff;
    const g = (((over & 0xff00) * share + (under & 0xff00) * rest) >>> 8) & 0xff00;
    return rb | g | (Math.min(255, a + ((below * (255 - a)) >> 8)) << 24);
  }

  /** Blend markers at (x, y), in device pixels of an area `width` × `height`, into its pixels; outside is cut off. */
  nnprobe.blit = (pixels, width, height, xs, ys, style, ratio) => {
    const all = sprites(style, ratio);
    for (let i = 0; i < xs.length; i++) {
      const x = xs[i], y = ys[i];
      if (!(x > -50 && y > -50 && x < width + 50 && y < height + 50)) continue; // also drops NaN
      const left = Math.floor(x), top = Math.floor(y);
      const sprite = all[Math.floor((y - top) * PHASES) * PHASES + Math.floor((x - left) * PHASES)];
      const { dx, dy, values, reach, opaque } = sprite;
      const inside = left >= reach && top >= reach && left + reach < width && top + reach < height;
      const start = top * width + left;
      if (inside) {
        if (sprite.width !== width) {
          sprite.width = width;
          sprite.at = Int32Array.from(dx, (d, k) => dy[k] * width + d);
        }
        const offsets = sprite.at, n = values.length;
        for (let k = 0; k < opaque; k++) pixels[start + offsets[k]] = values[k];
        for (let k = opaque; k < n; k++) {
          const at = start + offsets[k], below = pixels[at];
          pixels[at] = below === 0 ? values[k] : blend(below, values[k]);
        }
      } else {
        for (let k = 0; k < values.length; k++) {
          const cx = left + dx[k], cy = top + dy[k];
          if (cx >= 0 && cy >= 0 && cx < width && cy < height)
            pixels[cy * width + cx] = blend(pixels[cy * width + cx], values[k]);
        }
      }
    }
  };
})();
