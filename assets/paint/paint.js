/* paint: marks → pixels of a panel's canvas, by the same axes as Plotly's. traces.js is its twin. Runs in the painter's
   worker. */
(() => {
  'use strict';
  const WHOLE = (nnprobe.whole = { left: 0, top: 0, width: 0, height: 0, ax: 1, bx: 0, ay: 1, by: 0 });
  const FEW = 60;
  const scratch = new Map();

  /** @param {Place} place @param {number} v */
  const pixelsX = (place, v) => place.ax * (place.logx ? Math.log10(v) : v) + place.bx;
  /** @param {Place} place @param {number} v */
  const pixelsY = (place, v) => place.ay * (place.logy ? Math.log10(v) : v) + place.by;

  /** How a points mark looks, for canvas and Plotly. */
  nnprobe.pointStyle = (mark, theme) => ({ shape: mark.shape, colour: mark.colour, size: mark.size,
    outline: theme.outline, alpha: mark.alpha === undefined ? 1 : mark.alpha, hollow: Boolean(mark.hollow),
    line: mark.hollow ? Math.max(1, mark.size / 7) : mark.size < 3.2 ? 0 : Math.min(1, mark.size / 8) });

  /** Both ends of a bar at whole pixels from the plot's own edge, with crisp edges on the screen, as Plotly sets them.
      @param {number} a @param {number} b @param {number} edge */
  function whole(a, b, edge) {
    /** @param {number} v @param {number} other */
    const set = (v, other) => (Math.abs(v - other) >= 2 ? Math.round(v) : v > other ? Math.ceil(v) : Math.floor(v));
    const first = set(a - edge, b - edge);
    return [Math.round(edge + first), Math.round(edge + set(b - edge, first))];
  }

  /** @param {TextMark} mark @param {Theme} theme */
  const font = (mark, theme, bold = mark.bold) =>
    `${bold ? '600 ' : ''}${mark.size || theme.fontSize}px ${theme.font}`;

  const draw = {
    /** @param {Pen} pen @param {Place} place @param {LineMark} mark */
    line(pen, place, mark) {
      const { x, y } = mark, n = x.length;
      pen.globalAlpha = mark.alpha === undefined ? 1 : mark.alpha;
      pen.strokeStyle = mark.colour;
      pen.lineWidth = mark.width || 1.5;
      pen.lineJoin = 'miter'; // as Plotly's lines; round joins cost twice as much
      pen.miterLimit = 2;
      pen.setLineDash(mark.dash || []);
      pen.beginPath();
      let down = false;
      for (let i = 0; i < n; i++) {
        const px = pixelsX(place, x[i]), py = pixelsY(place, y[i]);
        if (!(Number.isFinite(px) && Number.isFinite(py))) { down = false; continue; }
        if (down) pen.lineTo(px, py);
        else pen.moveTo(px, py);
        down = true;
      }
      pen.stroke();
      pen.setLineDash([]);
    },

    /** @param {Pen} pen @param {Place} place @param {BarsMark} mark */
    bars(pen, place, mark) {
      pen.globalAlpha = mark.alpha === undefined ? 1 : mark.alpha;
      pen.fillStyle = mark.colour;
      for (let i = 0; i < mark.x0.length; i++) {
        const [left, right] = whole(pixelsX(place, mark.x0[i]), pixelsX(place, mark.x1[i]), place.left);
        const [bottom, top] = whole(pixelsY(place, mark.y0[i]), pixelsY(place, mark.y1[i]), place.top);
        pen.fillRect(left, top, right - left, bottom - top);
      }
    },

    /** @param {Pen} pen @param {Place} place @param {ImageMark} mark */
    image(pen, place, mark) {
      const source = nnprobe.imageCanvas(mark), left = pixelsX(place, mark.x0), top = pixelsY(place, mark.y1);
      pen.globalAlpha = 1;
      pen.imageSmoothingEnabled = mark.smooth !== false;
      pen.drawImage(source, left, top, pixelsX(place, mark.x1) - left, pixelsY(place, mark.y0) - top);
    },

    /** @param {Pen} pen @param {Place} place @param {TextMark} mark @param {Theme} theme */
    text(pen, place, mark, theme) {
      const box = nnprobe.textBox(pen, place, mark, theme);
      if (!box) return;
      pen.globalAlpha = mark.alpha === undefined ? 1 : mark.alpha;
      pen.textBaseline = mark.baseline || 'middle';
      if (mark.back) {
        pen.fillStyle = mark.back;
        pen.fillRect(box.left - 2, box.top - 1, box.width + 4, box.height + 2);
      }
      let x = box.left;
      box.parts.forEach((part, i) => {
        pen.font = font(mark, theme, part.bold);
        pen.fillStyle = part.colour || mark.colour;
        pen.fillText(part.text, x, box.y);
        x += box.widths[i];
      });
    },
  };

  /** Where a text mark is written, in pixels of the panel: {left, top, width, height, y, size, parts, widths}; null
      where it has no place. */
  nnprobe.textBox = (pen, place, mark, theme) => {
    const parts = mark.rich || [{ text: mark.text || '', colour: mark.colour, bold: mark.bold }],
      size = mark.size || theme.fontSize;
    const widths = parts.map((part) => {
      pen.font = font(mark, theme, part.bold);
      return pen.measureText(part.text).width;
    });
    const width = widths.reduce((a, b) => a + b, 0), y = pixelsY(place, mark.y) + (mark.dy || 0);
    const before = { left: 0, center: width / 2, right: width }[mark.anchor || 'left'];
    const left = pixelsX(place, mark.x) + (mark.dx || 0) - before;
    if (!Number.isFinite(left) || !Number.isFinite(y)) return null;
    return { left, top: y - { top: 0, middle: 0.5, bottom: 1 }[mark.baseline || 'middle'] * size, width, height: size,
      y, size, parts, widths };
  };

  /** The small canvas with an image mark's own pixels (top row first); the last few are kept. */
  nnprobe.imageCanvas = (mark) => {
    const key = `${mark.w} ${mark.h}`;
    if (!scratch.has(key)) {
      scratch.set(key, new OffscreenCanvas(mark.w, mark.h));
    }
    const canvas = scratch.get(key);
    const pen = /** @type {Pen} */ (canvas.getContext('2d', { willReadFrequently: true }));
    pen.putImageData(new ImageData(mark.pixels, mark.w, mark.h), 0, 0);
    if (scratch.size > 12) scratch.delete(scratch.keys().next().value);
    return canvas;
  };

  /** A few markers over other marks: not worth reading pixels back for.
      @param {Pen} pen @param {number} ratio @param {Places} places @param {PointsMark[]} marks
      @param {Theme} theme */
  function drawFew(pen, ratio, places, marks, theme) {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const mark of marks) {
      const place = places.get(mark.axis), style = nnprobe.pointStyle(mark, theme);
      if (!place) continue;
      pen.globalAlpha = style.alpha;
      pen.fillStyle = pen.strokeStyle = style.colour;
      pen.lineWidth = style.line;
      if (!style.hollow) pen.strokeStyle = style.outline;
      for (let i = 0; i < mark.x.length; i++) {
        const x = pixelsX(place, mark.x[i]), y = pixelsY(place, mark.y[i]);
        if (!Number.isFinite(x) || !Number.isFinite(y) || (mark.clip !== false && outside(place, x, y))) continue;
        pen.translate(x, y);
        pen.beginPath();
        nnprobe.shapes[style.shape].trace(pen, style.size / 2);
        if (!style.hollow) pen.fill();
        if (style.line) pen.stroke();
        pen.translate(-x, -y);
      }
    }
    pen.globalAlpha = 1;
  }

  /** @param {Place} place @param {number} x @param {number} y */
  const outside = (place, x, y) =>
    x < place.left || x > place.left + place.width || y < place.top || y > place.top + place.height;

  /** A plot's area and what markers on its rim need, in device pixels.
      @param {OffscreenCanvas} canvas @param {number} ratio @param {Place} place @param {PointsMark[]} marks */
  function areaOf(canvas, ratio, place, marks) {
    const spare = (2 + 0.8 * Math.max(...marks.map((mark) => mark.size))) * ratio,
      clamp = (/** @type {number} */ v, /** @type {number} */ most) => Math.max(0, Math.min(most, Math.round(v)));
    const left = clamp(place.left * ratio - spare, canvas.width), top = clamp(place.top * ratio - spare, canvas.height);
    return { left, top, wide: clamp((place.left + place.width) * ratio + spare, canvas.width) - left,
      tall: clamp((place.top + place.height) * ratio + spare, canvas.height) - top };
  }

  /** Clear pixels of a canvas's size; every use leaves them clear again. */
  const blanks = new WeakMap();
  /** @param {OffscreenCanvas} canvas @param {Pen} pen */
  function blank(canvas, pen) {
    const old = blanks.get(canvas);
    if (old && old.width === canvas.width && old.height === canvas.height) return old;
    const made = pen.createImageData(canvas.width, canvas.height);
    blanks.set(canvas, made);
    return made;
  }

  /** Many markers, into the pixels at once, on a canvas that is still clear below them.
      @param {OffscreenCanvas} canvas @param {Pen} pen @param {number} ratio @param {Places} places
      @param {PointsMark[]} marks @param {Theme} theme */
  function drawMany(canvas, pen, ratio, places, marks, theme) {
    for (const axis of new Set(marks.map((mark) => mark.axis))) {
      const here = marks.filter((mark) => mark.axis === axis), place = /** @type {Place} */ (places.get(axis)),
        area = areaOf(canvas, ratio, place, here);
      const key =
        [canvas.width, canvas.height, ratio, theme.outline, place.ax, place.bx, place.ay, place.by, place.width,
          place.height].join(' ');
      const still = nnprobe.still(canvas, axis, key, here);
      if (still.image) pen.putImageData(still.image, area.left, area.top);
      else drawArea(canvas, pen, ratio, place, area, here, theme, still);
    }
  }

  /** The markers of one subplot. Only its own area is handed over, kept where it is worth it, and wiped again.
      @param {OffscreenCanvas} canvas @param {Pen} pen @param {number} ratio @param {Place} place
      @param {{ left: number, top: number, wide: number, tall: number }} _ @param {PointsMark[]} marks
      @param {Theme} theme @param {Still} still */
  function drawArea(canvas, pen, ratio, place, { left, top, wide, tall }, marks, theme, still) {
    const image = blank(canvas, pen), pixels = new Int32Array(image.data.buffer), { width, height } = canvas;
    for (const mark of marks) {
      const n = mark.x.length, xs = new Float32Array(n), ys = new Float32Array(n), clip = mark.clip !== false;
      for (let i = 0; i < n; i++) {
        const x = pixelsX(place, mark.x[i]), y = pixelsY(place, mark.y[i]), out = clip && outside(place, x, y);
        xs[i] = out ? NaN : x * ratio;
        ys[i] = out ? NaN : y * ratio;
      }
      nnprobe.blit(pixels, width, height, xs, ys, nnprobe.pointStyle(mark, theme), ratio);
    }
    if (!wide || !tall) return;
    pen.putImageData(image, 0, 0, left, top, wide, tall);
    const kept = still.twice ? pen.createImageData(wide, tall) : null, copy = kept && new Int32Array(kept.data.buffer);
    for (let row = 0; row < tall; row++) {
      const from = (top + row) * width + left;
      if (copy) copy.set(pixels.subarray(from, from + wide), row * wide);
      pixels.fill(0, from, from + wide);
    }
    still.image = kept;
  }

  /** @param {Pen} pen @param {number} ratio @param {Places} places @param {Mark} mark @param {Theme} theme */
  function one(pen, ratio, places, mark, theme) {
    const place = mark.axis === 0 ? WHOLE : places.get(mark.axis);
    if (!place) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (mark.kind === 'points') { drawFew(pen, ratio, places, [mark], theme); return; }
    const clipped = mark.axis !== 0 && mark.clip !== false && mark.kind !== 'text';
    if (clipped) {
      pen.save();
      pen.beginPath();
      pen.rect(place.left, place.top, place.width, place.height);
      pen.clip();
    }
    const kind = /** @type {(pen: Pen, place: Place, mark: Mark, theme: Theme) => void} */ (draw[mark.kind]);
    kind(pen, place, mark, theme);
    if (clipped) pen.restore();
    pen.globalAlpha = 1;
  }

  /** A smooth image mark in its own few pixels, on the canvas below, which the browser scales by itself.
      @param {OffscreenCanvas} canvas @param {ImageMark} mark */
  function ground(canvas, mark) {
    if (canvas.width !== mark.w || canvas.height !== mark.h) Object.assign(canvas, { width: mark.w, height: mark.h });
    const pen = /** @type {Pen} */ (canvas.getContext('2d', { willReadFrequently: true }));
    pen.putImageData(new ImageData(mark.pixels, mark.w, mark.h), 0, 0);
  }

  /** The mark that is drawn on the ground. */
  nnprobe.smooth = (marks) => marks.filter((mark) => mark.kind === 'image').find((mark) => mark.smooth !== false);

  /** Draw `marks` on a canvas. `places`: Map from layout.predict; `ratio`: device pixels per CSS pixel; `below`: the
      canvas for a smooth image. Marks before the many points are drawn after them, beneath. */
  nnprobe.paint = (canvas, ratio, places, marks, theme, below) => {
    const pen = /** @type {Pen} */ (canvas.getContext('2d', { willReadFrequently: true }));
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const smooth = nnprobe.smooth(marks);
    if (smooth) ground(below, smooth);
    const rest = marks.filter((mark) => mark !== smooth && (mark.axis === 0 || places.has(mark.axis)));
    const many = rest.filter((mark) => mark.kind === 'points').filter((mark) => mark.x.length > FEW),
      first = rest.indexOf(many[0]);
    if (many.length) {
      drawMany(canvas, pen, ratio, places, many, theme);
      pen.globalCompositeOperation = 'destination-over';
      for (let k = first - 1; k >= 0; k--) one(pen, ratio, places, rest[k], theme);
      pen.globalCompositeOperation = 'source-over';
    }
    for (const mark of rest.slice(Math.max(0, first)))
      if (!many.some((other) => other === mark)) one(pen, ratio, places, mark, theme);
  };
})();
