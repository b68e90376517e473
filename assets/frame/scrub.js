/* scrub: the bar below the stage is the run's own loss, or another page's own curve. Filled as far as recorded, its
   handle is the playhead. */
(() => {
  'use strict';
  const { format, parent } = nnprobe;
  const EDGE = 10, FLOOR = 1e-9, SAY_MS = 120, PLAYING_MS = 30;
  let root = /** @type {any} */ (null), canvas = /** @type {any} */ (null), handle = /** @type {any} */ (null),
    tip = /** @type {any} */ (null), asked = false, hover = /** @type {number | null} */ (null), described = 0;

  const film = () => nnprobe.film, clock = () => nnprobe.clock;
  /** @param {string} tag @param {string} className @returns {any} */
  const made = (tag, className) => Object.assign(document.createElement(tag), { className });

  // Read from the page only when it changes: asking for it in a loop would lay the page out each time.
  let size = { w: 0, h: 0 };
  const width = () => Math.max(1, size.w - 2 * EDGE);
  /** @param {number} step */
  const xOf = (step) => EDGE + (width() * step) / Math.max(1, film().planned);
  /** @param {number} x */
  const stepOf = (x) => ((x - EDGE) / width()) * film().planned;

  /** The last frame at or before a step.
      @param {number} step */
  function seqOf(step) {
    const { steps } = film();
    let lo = 0, hi = steps.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (steps[mid] <= step) lo = mid;
      else hi = mid - 1;
    }
    return lo;
  }

  // What the page says its curve is: assets/pages/<name>.js, `scrub: {series, column, log, say}`; the lab's is the
  // loss.
  const LOSS = { series: 'series.loss', column: 'train_loss', log: true,
    say: (/** @type {number} */ v) => `loss ${format.value(v, 2)}` };
  const curve = () => (nnprobe.pages[nnprobe.page.name] || {}).scrub || LOSS;
  /** {steps, values} of the curve; null for a film without it: the bar is a plain one then. */
  function values() {
    const { series, column } = curve(), found = film().series(series);
    return found ? { steps: found.steps, values: found.column(column) } : null;
  }
  /** @param {number} seq */
  const saidAt = (seq) => {
    const found = values(), v = found && seq < found.steps.length ? found.values[seq] : NaN;
    return Number.isFinite(v) ? curve().say(v) : '';
  };

  /** "step 12"; on other pages "stage 3", "network 40".
      @param {number | string} number */
  const place = (number) => `${nnprobe.page.words.unit.replace(/s$/, '')} ${number}`;

  /** Steps where the learning rate changed: by the config's schedule, or by hand. */
  function changes() {
    const config = film().config,
      found = /** @type {Map<number, number>} */ (new Map(config && config.lr_schedule ? config.lr_schedule : []));
    const rates = film().series('series.training');
    if (rates) {
      const { extra } = film(), column = rates.column('learning_rate');
      for (let k = 1; k < column.length; k++) {
        const frame = extra[k] ? film().frame(k) : null;
        if (frame && frame.header.lr !== undefined) found.set(frame.step, frame.header.lr);
      }
    }
    return found;
  }

  function draw() {
    asked = false;
    const { w, h } = size;
    if (!w || !h) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1), { theme } = nnprobe,
      pen = canvas.getContext('2d', { willReadFrequently: true });
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, w, h);
    const top = 6, bottom = h - 7, found = values(), { steps } = film(), n = steps.length;
    pen.fillStyle = theme.line;
    pen.fillRect(EDGE, bottom - 3, width(), 3);
    const seq = Math.floor(clock().seq), at = steps[Math.min(seq, n - 1)] || 0;
    if (n)
      area(
        pen,
        found || { steps, values: new Float32Array(n) },
        found ? top : (top + bottom) / 2,
        bottom,
        theme,
        xOf(at),
      );
    forkAt(pen, parent.step, bottom, theme);
    pen.fillStyle = theme.alarm;
    for (const step of changes().keys()) pen.fillRect(xOf(step) - 1, bottom - 9, 2, 9);
    const x = xOf(at);
    handle.style.transform = `translateX(${x}px)`;
    if (performance.now() - described > SAY_MS || !clock().playing) describe(seq, at);
    if (hover !== null) pointAt(hover);
  }

  /** Where the run left another one, and what that came to: a tick, and its curve as a line.
      @param {Pen} pen @param {number | null} step @param {number} bottom @param {Theme} theme */
  function forkAt(pen, step, bottom, theme) {
    if (step === null) return;
    pen.fillStyle = theme.ink;
    pen.fillRect(xOf(step) - 1, 0, 2, bottom);
    if (!kept.past) return;
    pen.strokeStyle = theme.soft;
    pen.lineWidth = 1.3;
    pen.stroke(kept.past);
  }

  /** The curve as a filled area: full colour up to the playhead, quieter where recorded beyond it.
      @param {Pen} pen @param {Curve} found @param {number} top @param {number} bottom @param {Theme} theme
      @param {number} playhead */
  function area(pen, found, top, bottom, theme, playhead) {
    const path = outline(found, top, bottom);
    pen.fillStyle = theme.mix(theme.bg, theme.accent, 0.22);
    pen.fill(path);
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, playhead, bottom);
    pen.clip();
    pen.fillStyle = theme.mix(theme.bg, theme.accent, 0.52);
    pen.fill(path);
    pen.restore();
  }

  /** The area's outline, made anew only when the film or the bar has grown. */
  let kept = { key: '', path: /** @type {any} */ (null), past: /** @type {Path2D | null} */ (null) };
  /** @param {Curve} _ @param {number} top @param {number} bottom */
  function outline({ steps, values: all }, top, bottom) {
    const n = steps.length, was = curve().series === LOSS.series ? parent.curve(curve().column) : null;
    const key = `${film().run} ${n} ${all[n - 1]} ${top} ${bottom} ${width()} ${film().planned} ${was && was.x.length}`;
    if (kept.key === key) return kept.path;
    /** @param {number} v */
    const level = (v) => (curve().log ? Math.log10(Math.max(v, FLOOR)) : v);
    const levels = Array.from(all.subarray(0, n), (v) => (Number.isFinite(v) ? level(v) : NaN));
    const before = was ? was.y.map(level) : [], seen = [...levels, ...before].filter((v) => !Number.isNaN(v)),
      hi = seen.reduce((a, b) => Math.max(a, b), -Infinity);
    const span = Math.max(hi - seen.reduce((a, b) => Math.min(a, b), Infinity), curve().log ? 0.5 : 0.05),
      path = new Path2D();
    /** @param {number} v */
    const y = (v) => (Number.isNaN(v) ? top : top + ((hi - v) / span) * (bottom - 5 - top));
    path.moveTo(xOf(steps[0]), bottom);
    for (let k = 0; k < n; k++) path.lineTo(xOf(steps[k]), y(levels[k]));
    path.lineTo(xOf(steps[n - 1]), bottom);
    path.closePath();
    const past = was ? new Path2D() : null;
    if (was && past) before.forEach((v, k) => past.lineTo(xOf(was.x[k]), y(v)));
    kept = { key, path, past };
    return path;
  }

  /** @param {number} seq @param {number} step */
  function describe(seq, step) {
    const { planned } = film(), said = saidAt(seq);
    described = performance.now();
    handle.setAttribute('aria-valuemax', String(planned));
    handle.setAttribute('aria-valuenow', String(step));
    handle.setAttribute('aria-valuetext', `${place(step)} of ${planned}${said ? `, ${said}` : ''}`);
    handle.classList.toggle('is-live', clock().live);
  }

  /** @param {number} x */
  function pointAt(x) {
    if (!film().steps.length || !(film().run || film().file)) { tip.hidden = true; return; }
    const seq = seqOf(Math.max(0, stepOf(x))), step = film().steps[seq], said = saidAt(seq), rate = changes().get(step);
    tip.hidden = false;
    tip.textContent = `${place(format.count(step))}${said ? ` · ${said}` : ''}`
      + `${rate ? ` · learning rate ${format.value(rate)} from here` : ''}`
      + `${step === parent.step ? ' · left another run here' : ''}`;
    tip.style.left = `${Math.max(60, Math.min(size.w - 60, xOf(step)))}px`;
  }

  function ask() {
    if (!asked && root) { asked = true; requestAnimationFrame(draw); }
  }

  /** @type {{ [key: string]: number }} */
  const keys = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

  function listen() {
    let dragging = false;
    /** @param {PointerEvent} event */
    const x = (event) => event.clientX - root.getBoundingClientRect().left;
    /** @param {PointerEvent} event */
    const seek = (event) => clock().seek(seqOf(Math.max(0, stepOf(x(event)))));
    root.addEventListener('pointerdown', (/** @type {any} */ event) => {
      if (event.button !== 0 || !film().head) return;
      dragging = true;
      root.setPointerCapture(event.pointerId);
      clock().pause();
      clock().hold(true);
      seek(event);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    });
    root.addEventListener('pointermove', (/** @type {any} */ event) => {
      hover = x(event);
      if (dragging) seek(event);
      else ask();
    });
    const end = () => {
      if (dragging) clock().hold(false);
      dragging = false;
    };
    root.addEventListener('pointerup', end);
    root.addEventListener('pointercancel', end);
    root.addEventListener('pointerleave', () => { hover = null; tip.hidden = true; });
    handle.addEventListener('keydown', (/** @type {any} */ event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key in keys) clock().stepBy(keys[event.key] * (event.shiftKey ? 10 : 1));
      else if (event.key === 'Home') { clock().pause(); clock().seek(0); }
      else if (event.key === 'End') clock().toLive();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  function mount() {
    root = document.getElementById('scrub');
    if (!root) { setTimeout(mount, 40); return; }
    canvas = made('canvas', 'scrub-loss');
    canvas.setAttribute('aria-hidden', 'true');
    handle = made('div', 'scrub-handle');
    for (const [name, value] of [['role', 'slider'], ['tabindex', '0'], ['aria-label', 'Position in the film'], [
      'aria-valuemin',
      '0',
    ], ['aria-valuemax', '0'], ['aria-valuenow', '0'], ['aria-valuetext', 'no film yet']])
      handle.setAttribute(name, value);
    tip = made('div', 'scrub-tip');
    tip.hidden = true;
    root.append(canvas, handle, tip);
    listen();
    // While it plays the handle goes by at thirty frames a second: each of its steps makes the page lay itself out.
    let drawn = 0;
    clock().on('tick', () => {
      if (clock().playing && performance.now() - drawn < PLAYING_MS) return;
      drawn = performance.now();
      ask();
    });
    for (const name of ['rest', 'change']) clock().on(name, ask);
    film().on('head', ask);
    film().on('frames', () => { if (!clock().playing) ask(); });
    new ResizeObserver(() => { size = { w: root.clientWidth, h: root.clientHeight }; ask(); }).observe(root);
    ask();
  }

  document.addEventListener('DOMContentLoaded', mount);
})();
