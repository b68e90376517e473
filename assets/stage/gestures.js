/* gestures: how a hand zooms a plot. A drag draws a rectangle, with Shift it moves the plot; the wheel, or two fingers,
   zoom about their place; a double click undoes it all. One finger scrolls the page (touch-action in stage.css). A
   panel whose plots can be held says what a drag does there: grab(ctx, axis) → (dx, dy) => … or null. */
(() => {
  'use strict';
  const STILL = 4, THIN = 10, TWICE = 400, WHEEL = 0.0016, MOST = 240, LINE = 33, PINCH = 6;

  /** @param {any} event @returns {any} */
  const bodyOf = (event) => (event.target.closest ? event.target.closest('.panel-body') : null);
  /** @param {number} lo @param {number} v @param {number} hi */
  const between = (lo, v, hi) => Math.max(lo, Math.min(hi, v));

  /** The rectangle from where the hand came down to (x, y), in pixels: as high as the plot where it is flat, of the
      plot's shape where distance has a meaning. Null while it is too small to be meant; `across`, `up`: which axes it
      is of.
      @param {Hold} _ @param {number} x @param {number} y */
  function rectangle({ n, place, made, x0, y0 }, x, y) {
    const [xs, ys] = nnprobe.zoom.axes(made, n),
      end = { right: place.left + place.width, bottom: place.top + place.height };
    let [left, right] = [x0, between(place.left, x, end.right)].sort((a, b) => a - b);
    let [top, bottom] = [y0, between(place.top, y, end.bottom)].sort((a, b) => a - b);
    if (Math.max(right - left, bottom - top) < 2 * STILL) return null;
    if (ys.scaleanchor) {
      const share = Math.max((right - left) / place.width, (bottom - top) / place.height) / 2, cx = (left + right) / 2,
        cy = (top + bottom) / 2;
      const [w, h] = [share * place.width, share * place.height];
      return { left: cx - w, right: cx + w, top: cy - h, bottom: cy + h, across: true, up: true };
    }
    const across = !xs.fixedrange && (right - left >= THIN || ys.fixedrange),
      up = !ys.fixedrange && (bottom - top >= THIN || xs.fixedrange);
    if (!across) [left, right] = [place.left, end.right];
    if (!up) [top, bottom] = [place.top, end.bottom];
    return { left, right, top, bottom, across, up };
  }

  /** The rectangle on the screen; null: none.
      @param {PanelRecord} panel @param {{ left: number, right: number, top: number, bottom: number } | null} box */
  function show(panel, box) {
    let one = panel.body.querySelector('.zoom-box');
    if (!box) {
      if (one) one.remove();
      return;
    }
    if (!one) panel.body.append(one = Object.assign(document.createElement('div'), { className: 'zoom-box' }));
    one.style.cssText = `left:${box.left}px;top:${box.top}px;width:${box.right - box.left}px;height:`
      + `${box.bottom - box.top}px`;
  }

  /** `find(body)`: the panel of a .panel-body. */
  nnprobe.listenForZoom = (find) => {
    const fingers = new Map();
    // what one pointer holds, what two fingers hold
    let hand = /** @type {any} */ (null), pinch = /** @type {any} */ (null);

    /** What is at this place of the screen: the subplot, its home, and the place in pixels of the panel; null beside
        the plots.
        @param {HTMLElement} body @param {{ clientX: number, clientY: number }} _ @returns {Hold | null} */
    function hold(body, { clientX, clientY }) {
      const panel = find(body);
      if (!panel || !panel.layout || !nnprobe.film.head || body.classList.contains('bare')) return null;
      const corner = body.getBoundingClientRect(), x0 = clientX - corner.left, y0 = clientY - corner.top,
        n = nnprobe.placeOf(panel, x0, y0).axis;
      return n === null ? null : { panel, n, place: /** @type {Place} */ (panel.places.get(n)),
        made: nnprobe.zoom.home(panel), corner, x0, y0 };
    }

    /** @param {PointerEvent} event */
    function drag(event) {
      const { panel, n, place, made, corner } = hand, x = event.clientX - corner.left, y = event.clientY - corner.top;
      const dx = x - hand.x0, dy = y - hand.y0;
      if (!hand.moved && Math.hypot(dx, dy) <= STILL) return;
      if (!hand.moved) {
        hand.moved = true;
        panel.body.classList.add('zooming');
        panel.body.setPointerCapture(event.pointerId); // the hand may leave the panel, and the window
      }
      if (hand.turn) hand.turn(x - hand.x, y - hand.y);
      else if (hand.shift) nnprobe.zoom.about(panel, n, place, made, 1, [hand.x0, hand.y0], [x, y]);
      else show(panel, (hand.box = rectangle(hand, x, y)));
      Object.assign(hand, { x, y });
    }

    /** @param {boolean} meant */
    function letGo(meant) {
      const { panel, n, place, made, box } = hand;
      hand = null;
      delete panel.body.dataset.held;
      show(panel, null);
      panel.body.classList.remove('zooming');
      if (!box || !meant) return;
      const [x, y] = nnprobe.zoom.part(place, box);
      nnprobe.zoom.look(panel, n, [box.across ? x : null, box.up ? y : null], made);
    }

    /** The middle of two fingers, and how far they are apart. */
    function spread() {
      const [a, b] = [...fingers.values()];
      return { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2,
        apart: Math.max(10, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)) };
    }

    document.addEventListener('pointerdown', (event) => {
      const body = bodyOf(event), touch = event.pointerType === 'touch';
      if (!body || event.button !== 0) return;
      if (touch) fingers.set(event.pointerId, event);
      if (fingers.size === 2) {
        if (hand) letGo(false);
        const held = hold(body, spread());
        pinch = held && { ...held, apart: spread().apart };
        return;
      }
      const held = hand ? null : hold(body, event), grab = held && held.panel.part.grab;
      const turn = held && grab ? grab(nnprobe.context(held.panel), held.n) : null;
      if (!held || (touch && !turn)) return;
      hand = { ...held, turn, shift: event.shiftKey, x: held.x0, y: held.y0, id: event.pointerId };
      body.dataset.held = ''; // no swipe to another panel (phone.js)
    }, true);

    document.addEventListener('pointermove', (event) => {
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, event);
      if (hand && event.pointerId === hand.id) drag(event);
      if (!pinch || fingers.size !== 2) return;
      const { panel, n, place, made, corner, x0, y0 } = pinch, now = spread(),
        to = [now.clientX - corner.left, now.clientY - corner.top];
      nnprobe.zoom.about(panel, n, place, made, pinch.apart / now.apart, [x0, y0], to);
    }, true);

    for (const end of ['pointerup', 'pointercancel']) {
      document.addEventListener(end, (event) => {
        fingers.delete(event.pointerId);
        pinch = null;
        if (hand && event.pointerId === hand.id) letGo(end === 'pointerup');
      }, true);
    }

    // Two taps on one place. The browser's own dblclick is lost: Plotly covers the page while a button is down.
    let tap = { at: -TWICE, x: 0, y: 0 };
    document.addEventListener('pointerdown', (event) => {
      const body = bodyOf(event), panel = body && event.isPrimary && find(body),
        now = { at: event.timeStamp, x: event.clientX, y: event.clientY };
      const twice = now.at - tap.at < TWICE && Math.hypot(now.x - tap.x, now.y - tap.y) <= 3 * STILL;
      tap = twice ? { ...now, at: -TWICE } : now;
      if (panel && twice && panel.zoom.size) nnprobe.zoom.undo(panel);
    }, true);

    document.addEventListener('wheel', (event) => {
      const body = bodyOf(event), page = document.scrollingElement || body;
      // Where the page scrolls the wheel is the page's; with Ctrl, which a touchpad's pinch has, it is the plot's.
      if (!body || hand || (!event.ctrlKey && page.scrollHeight > page.clientHeight + 1)) return;
      const held = hold(body, event), far = event.deltaY * (event.deltaMode ? LINE : 1) * (event.ctrlKey ? PINCH : 1);
      if (!held) return;
      event.preventDefault();
      if (far > 0 && !held.panel.zoom.size) return; // it is home
      nnprobe.zoom.about(held.panel, held.n, held.place, held.made, Math.exp(between(-MOST, far, MOST) * WHEEL), [
        held.x0,
        held.y0,
      ]);
    }, { capture: true, passive: false });
  };
})();
