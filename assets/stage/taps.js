/* taps: which point was meant. Found among the marks, so that it works on the canvas and on Plotly alike. A panel with
   a tap() of its own is told of the place and the nearest point; on all others a point that is tapped is followed. */
(() => {
  'use strict';
  const STILL = 4, REACH = 12, TWICE = 400;

  /** The point nearest to (x, y) of a panel among the marks that `wanted` lets pass: {mark, index}; null where none is
      near.
      @param {PanelRecord} panel @param {number} x @param {number} y @param {(mark: PointsMark) => unknown} wanted
      @returns {{ mark: PointsMark, index: number } | null} */
  function nearest(panel, x, y, wanted) {
    let best = /** @type {{ mark: PointsMark, index: number } | null} */ (null),
      reach = REACH * nnprobe.theme.markerScale;
    for (const mark of panel.marks) {
      const place = panel.places.get(mark.axis);
      if (mark.kind !== 'points' || !wanted(mark) || !place) continue;
      for (let i = 0; i < mark.x.length; i++) {
        const [px, py] = nnprobe.pixels(place, mark.x[i], mark.y[i]), away = Math.hypot(px - x, py - y);
        if (away < reach) {
          reach = away;
          best = { mark, index: mark.index ? mark.index[i] : i };
        }
      }
    }
    return best;
  }

  /** The subplot below (x, y) and the place in its data; all null outside. */
  nnprobe.placeOf = (panel, x, y) => {
    for (const [axis, place] of panel.places) {
      if (x < place.left || y < place.top || x > place.left + place.width || y > place.top + place.height) continue;
      const u = (x - place.bx) / place.ax, v = (y - place.by) / place.ay;
      return { axis, at: [place.logx ? 10 ** u : u, place.logy ? 10 ** v : v] };
    }
    return { axis: null, at: null };
  };

  /** A place in the data of a subplot as pixels of the panel. */
  nnprobe.pixels = (place, x, y) => [(place.logx ? Math.log10(x) : x) * place.ax + place.bx,
    (place.logy ? Math.log10(y) : y) * place.ay + place.by];

  /** `find(body)`: the panel of a .panel-body; `picked(index)` is called for every tap on a point. */
  nnprobe.listenForTaps = (find, picked) => {
    let down = /** @type {any} */ (null), waiting = /** @type {any} */ (0);
    document.addEventListener('pointerdown', (event) => {
      const body = event.target.closest && event.target.closest('.panel-body');
      down = body && !waiting ? { body, x: event.clientX, y: event.clientY } : null;
      clearTimeout(waiting);
      waiting = 0;
    }, true);
    document.addEventListener('pointerup', (event) => {
      if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > STILL) return;
      const panel = find(down.body);
      if (!panel) return;
      const box = panel.body.getBoundingClientRect(), act = () => {
        waiting = 0;
        tap(panel, event.clientX - box.left, event.clientY - box.top);
      };
      // On a zoomed plot it may be the first half of a double click (gestures.js), which is no tap.
      if (panel.zoom.size) waiting = setTimeout(act, TWICE);
      else act();
    }, true);

    /** @param {PanelRecord} panel @param {number} x @param {number} y */
    function tap(panel, x, y) {
      if (panel.part.tap) {
        const point = nearest(panel, x, y, () => true) || { mark: null, index: null };
        panel.part.tap(nnprobe.context(panel), { x, y, marks: panel.marks, ...nnprobe.placeOf(panel, x, y), ...point });
        return;
      }
      const point = nearest(panel, x, y, (mark) => mark.index);
      if (point) picked(point.index);
    }
  };
})();
