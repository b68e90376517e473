/* ground: where the smooth image under a panel's canvas stands. It has its own few pixels; the compositor scales it for
   nothing. */
(() => {
  'use strict';

  /** An element for `nnprobe.ground`. */
  nnprobe.makeGround = () => {
    const frame = Object.assign(document.createElement('div'), { className: 'panel-ground' });
    frame.setAttribute('aria-hidden', 'true');
    frame.append(document.createElement('canvas'));
    return frame;
  };

  /** Put an image mark where its subplot is now, cut off at the plot's edges; no mark: nothing is seen. */
  nnprobe.ground = (frame, place, mark) => {
    const shown = Boolean(place && mark);
    if (frame.hidden === shown) frame.hidden = !shown;
    if (!place || !mark) return;
    const canvas = /** @type {HTMLCanvasElement} */ (frame.firstChild);
    /** @param {number} v */
    const px = (v) => place.ax * v + place.bx;
    /** @param {number} v */
    const py = (v) => place.ay * v + place.by;
    const outer = `left:${place.left}px;top:${place.top}px;width:${place.width}px;height:${place.height}px`;
    const left = px(mark.x0), top = py(mark.y1);
    const inner = `left:${left - place.left}px;top:${top - place.top}px;width:${px(mark.x1) - left}px;height:`
      + `${py(mark.y0) - top}px`;
    if (frame.dataset.placed === outer + inner) return;
    frame.dataset.placed = outer + inner;
    frame.style.cssText = outer;
    canvas.style.cssText = inner;
  };
})();
