/* taps: which point was meant. Found among the marks, so that it works on the canvas and on Plotly alike. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const STILL = 4, REACH = 12;

  /** Index of the training point nearest to (x, y) of a panel; null where none is near. */
  function nearest(panel, x, y) {
    let best = null, reach = REACH * nnprobe.theme.markerScale;
    for (const mark of panel.marks) {
      const place = panel.places.get(mark.axis);
      if (mark.kind !== 'points' || !mark.index || !place) continue;
      for (let i = 0; i < mark.x.length; i++) {
        const away = Math.hypot(mark.x[i] * place.ax + place.bx - x, mark.y[i] * place.ay + place.by - y);
        if (away < reach) {
          reach = away;
          best = mark.index[i];
        }
      }
    }
    return best;
  }

  /** `find(body)`: the panel of a .panel-body; `picked(index)` is called for every tap on a point. */
  nnprobe.listenForTaps = (find, picked) => {
    let down = null;
    document.addEventListener('pointerdown', (event) => {
      const body = event.target.closest && event.target.closest('.panel-body');
      down = body ? { body, x: event.clientX, y: event.clientY } : null;
    }, true);
    document.addEventListener('pointerup', (event) => {
      if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > STILL) return;
      const panel = find(down.body);
      if (!panel) return;
      const box = panel.body.getBoundingClientRect(), index = nearest(panel, event.clientX - box.left, event.clientY - box.top);
      if (index !== null) picked(index);
    }, true);
  };
})();
