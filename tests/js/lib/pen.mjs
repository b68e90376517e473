// Canvases that remember what was drawn on them, in pixels of the canvas.

const parsed = (colour) =>
  /^#[0-9a-f]{6}$/i.test(colour) ? [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16)) : [0, 0, 0];

/** A 2-D context whose `calls` are what was drawn: {what, points, colour, alpha, width, dash, clip, under, …}. */
export class Pen {
  constructor(canvas) {
    Object.assign(this, {
      canvas,
      calls: [],
      fillStyle: '#000000',
      strokeStyle: '#000000',
      globalAlpha: 1,
      lineWidth: 1,
      font: '',
      globalCompositeOperation: 'source-over',
      textBaseline: 'alphabetic',
      textAlign: 'start',
      imageSmoothingEnabled: true,
    });
    Object.assign(this, { scale: 1, dx: 0, dy: 0, path: [], clipped: null, stack: [], dash: [], touched: [] });
  }

  // a scale, the same both ways, and a shift: no script of ours needs more
  setTransform(a, b, c, d, e, f) {
    Object.assign(this, { scale: a, dx: e, dy: f });
  }
  translate(x, y) {
    this.dx += x * this.scale;
    this.dy += y * this.scale;
  }
  to(x, y) {
    return [x * this.scale + this.dx, y * this.scale + this.dy];
  }
  save() {
    this.stack.push(this.clipped);
  }
  restore() {
    this.clipped = this.stack.pop();
  }
  setLineDash(dash) {
    this.dash = Array.from(dash);
  }
  beginPath() {
    this.path = [];
  }
  moveTo(x, y) {
    this.path.push([...this.to(x, y), 'move']);
  }
  lineTo(x, y) {
    this.path.push([...this.to(x, y), 'line']);
  }
  closePath() {
    this.path.push([...this.path[0].slice(0, 2), 'line']);
  }
  arc(x, y, r) {
    this.path.push([...this.to(x, y), 'arc', r * this.scale]);
  }
  rect(x, y, w, h) {
    this.box = [...this.to(x, y), w * this.scale, h * this.scale];
  }
  clip() {
    this.clipped = this.box;
  }

  note(what, colour, more = {}) {
    this.calls.push({
      what,
      colour,
      alpha: this.globalAlpha,
      clip: this.clipped,
      under: this.globalCompositeOperation === 'destination-over',
      origin: this.to(0, 0),
      ...more,
    });
  }

  fill() {
    this.touch(this.fillStyle);
    this.note('fill', this.fillStyle, { path: this.path });
  }
  stroke() {
    if (!this.touched.length) this.touch(this.strokeStyle);
    this.note('stroke', this.strokeStyle, { path: this.path, width: this.lineWidth, dash: [...this.dash] });
  }
  fillRect(x, y, w, h) {
    this.note('rect', this.fillStyle, { at: this.to(x, y), size: [w * this.scale, h * this.scale] });
  }
  fillText(text, x, y) {
    this.note('text', this.fillStyle, { text, at: this.to(x, y), font: this.font, baseline: this.textBaseline });
  }
  measureText(text) {
    return { width: text.length * 6 };
  }
  clearRect() {}
  drawImage(source, x, y, w, h) {
    this.note('image', null, {
      source,
      at: this.to(x, y),
      size: [w * this.scale, h * this.scale],
      smooth: this.imageSmoothingEnabled,
    });
  }

  createImageData(width, height) {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }
  putImageData(image, x, y, ...dirty) {
    const copy = { width: image.width, height: image.height, data: Uint8ClampedArray.from(image.data) };
    this.note('pixels', null, { image: copy, at: [x, y], dirty });
    this.canvas.pixels = copy;
  }

  /** A sprite is one pixel here, at its middle: where it is put says where a marker's centre is. */
  touch(colour) {
    this.touched = [Math.floor(this.dx), Math.floor(this.dy), ...parsed(colour)];
  }
  getImageData(x, y, width, height) {
    const out = this.createImageData(width, height),
      [left, top, r, g, b] = this.touched;
    out.data.set([r, g, b, 255], 4 * (top * width + left));
    return out;
  }
}

export class Canvas {
  constructor(width = 300, height = 150) {
    Object.assign(this, { width, height, style: {}, dataset: {}, pixels: null, pen: null });
  }
  getContext() {
    return (this.pen = this.pen || new Pen(this));
  }
  toDataURL() {
    return `data:${this.width}x${this.height}`;
  }
  transferControlToOffscreen() {
    return this;
  }
  setAttribute() {}
}
