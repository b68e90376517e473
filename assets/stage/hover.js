/* hover: what the pointer is told, whole. Plotly's boxes end at their plot's edge: while one is read its panel cuts
   nothing off, and a box that would leave the window is moved back into it. Plotly answers a pointer that moves: one
   that came while the panel was painted, and rests, is answered when real traces are there. */
(() => {
  'use strict';
  const EDGE = 4; // pixels to the window's edge

  /** @param {number} from @param {number} to @param {number} end */
  const clamp = (from, to, end) => {
    if (from < EDGE) return EDGE - from;
    return to > end - EDGE ? Math.max(EDGE - from, end - EDGE - to) : 0;
  };

  // where on the window a mouse or pen is; fingers do not hover
  let pointer = /** @type {{ clientX: number, clientY: number } | null} */ (null);
  /** @param {PointerEvent} _ */
  const follow = ({ pointerType, clientX, clientY }) => {
    pointer = pointerType === 'touch' ? null : { clientX, clientY };
  };
  document.addEventListener('pointermove', follow, true);
  document.addEventListener('pointerdown', follow, true);
  document.documentElement.addEventListener('pointerleave', () => { pointer = null; });

  /** Ask a panel that has just settled about the pointer that rests over it. */
  nnprobe.hoverAgain = ({ gd }) => {
    const under = pointer && document.elementFromPoint(pointer.clientX, pointer.clientY);
    if (under && gd.contains(under)) under.dispatchEvent(new MouseEvent('mousemove', { ...pointer, view: window }));
  };

  /** Watch a panel's graph; to be asked anew whenever Plotly has made a new one. */
  nnprobe.listenForHover = ({ gd, section }) => {
    gd.on('plotly_hover', () => {
      const layer = gd.querySelector('.hoverlayer');
      section.classList.add('hovered');
      layer.style.transform = '';
      const boxes = [...layer.querySelectorAll('.hovertext')].map((one) => one.getBoundingClientRect());
      if (!boxes.length) return;
      const least = (/** @type {'left' | 'top'} */ side) => Math.min(...boxes.map((box) => box[side])),
        most = (/** @type {'right' | 'bottom'} */ side) =>
        Math.max(...boxes.map((box) => box[side]));
      const dx = clamp(least('left'), most('right'), window.innerWidth),
        dy = clamp(least('top'), most('bottom'), window.innerHeight);
      if (dx || dy) layer.style.transform = `translate(${dx}px, ${dy}px)`;
    });
    gd.on('plotly_unhover', () => section.classList.remove('hovered'));
  };
})();
