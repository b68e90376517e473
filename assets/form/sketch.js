/* sketch: the experiment in a drawing, where the rail has room for it: the data, and every unit of the network. It
   follows the controls at once, so Width and Depth can be seen before anything is trained. */
(() => {
  'use strict';
  const { countsOf } = nnprobe;
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);
  const HEIGHT = 150, MOST = 20; // units drawn in a column; a wider layer is drawn with a gap in its middle
  let asked = false;

  /** @param {Config} config */
  const widths = (config) => [2, ...config.hidden, countsOf(config).classes];
  /** @param {number[]} units */
  const parameters = (units) => units.slice(1).reduce((sum, width, i) => sum + width * (units[i] + 1), 0);

  /** @param {Pen} pen @param {Frame} head @param {number} size */
  function drawData(pen, head, size) {
    const { classes } = nnprobe.theme, x = head.arrays['data.x'].data, y = head.arrays['data.y'].data;
    let reach = 1e-9;
    for (const v of x) reach = Math.max(reach, Math.abs(v));
    const scale = (size / 2 - 3) / reach, middle = HEIGHT / 2;
    for (let i = 0; i < y.length; i++) {
      pen.fillStyle = classes[y[i]];
      pen.fillRect(size / 2 + x[2 * i] * scale - 0.75, middle - x[2 * i + 1] * scale - 0.75, 1.5, 1.5);
    }
  }

  /** Heights of a layer's units, at most MOST of them.
      @param {number} width */
  function places(width) {
    const shown = Math.min(width, MOST), gap = Math.min(14, (HEIGHT - 12) / Math.max(1, shown - 1));
    const split = width > shown;
    return Array.from({ length: shown }, (_, k) => {
      const at = HEIGHT / 2 + (k - (shown - 1) / 2) * gap;
      return split ? at + (k < shown / 2 ? -2.5 : 2.5) : at;
    });
  }

  /** @param {Pen} pen @param {number[]} units @param {number} left @param {number} right */
  function drawNetwork(pen, units, left, right) {
    const { theme } = nnprobe, columns = units.map(places);
    /** @param {number} i */
    const across = (i) => left + ((right - left) * i) / (units.length - 1);
    pen.strokeStyle = theme.withAlpha(theme.soft, 0.16);
    pen.lineWidth = 0.6;
    pen.beginPath();
    for (let i = 1; i < columns.length; i++) {
      for (const from of columns[i - 1]) for (const to of columns[i]) {
        pen.moveTo(across(i - 1), from);
        pen.lineTo(across(i), to);
      }
    }
    pen.stroke();
    columns.forEach((column, i) => {
      const last = i === columns.length - 1;
      column.forEach((at, k) => {
        pen.fillStyle = last ? theme.classes[k] : i === 0 ? theme.soft : theme.accent;
        pen.beginPath();
        pen.arc(across(i), at, 2.6, 0, 2 * Math.PI);
        pen.fill();
      });
    });
  }

  function draw() {
    asked = false;
    const figure = $('sketch'), canvas = figure.querySelector('canvas'), width = figure.clientWidth;
    if (!width) return; // no room for it on this screen
    const ratio = Math.min(2, window.devicePixelRatio || 1), config = nnprobe.controls.config(), units = widths(config);
    canvas.width = width * ratio;
    canvas.height = HEIGHT * ratio;
    const pen = canvas.getContext('2d'), { head } = nnprobe.film, size = 96;
    pen.scale(ratio, ratio);
    if (head) drawData(pen, head, size);
    drawNetwork(pen, units, size + 14, width - 6);
    const count = nnprobe.format.count(parameters(units));
    nnprobe.say(figure.querySelector('figcaption'), `${units.join(' – ')} · ${count} parameters`);
  }

  /** Draw before the next picture, once for however many reasons. */
  function ask() {
    if (asked || !$('sketch')) return;
    asked = true;
    requestAnimationFrame(draw);
  }

  nnprobe.sketch = {
    draw: ask,
    bind() {
      if (!$('sketch')) return;
      $('sketch').prepend(document.createElement('canvas'));
      nnprobe.controls.on('change', ask);
      nnprobe.film.on('head', ask);
      window.addEventListener('resize', ask);
      ask();
    },
  };
})();
