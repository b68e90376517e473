/* zoom: closer looks at a plot. What is zoomed is kept by axis in panel.zoom, and layout.axes lays it; gestures.js says
   when. Plotly's own zooming would tell dcc.Graph, which then draws its empty figure in the panel's place. */
(() => {
  'use strict';
  const CLOSEST = 1e-4; // of an axis at home
  const HELP = 'Undo the zoom (double click). Drag to zoom, Shift-drag to move; the wheel or two fingers do both.';
  const LETTERS = ['x', 'y'];
  /** @param {string} axis */
  const long = (axis) => axis.replace(/^[xy]/, '$&axis');
  /** @param {string} letter @param {number} n */
  const nameOf = (letter, n) => `${letter}axis${n === 1 ? '' : n}`;

  /** @param {PanelRecord} panel */
  function refresh(panel) {
    panel.key = '';
    nnprobe.clock.refresh(panel);
  }

  /** This axis and those that go with it: loss and accuracy over the same steps.
      @param {PlotLayout} made @param {string} name */
  function together(made, name) {
    const first = made[name].matches ? long(made[name].matches) : name;
    return Object.keys(made).filter((key) =>
      key === first || (made[key] && made[key].matches && long(made[key].matches) === first)
    );
  }

  /** @type {Zoom} */
  const zoom = {
    /** A panel's layout with nothing zoomed. */
    home: (panel) => panel.part.layout(nnprobe.context({ ...panel, zoom: new Map() })),

    /** Both axes of subplot `n` in a layout. */
    axes: (made, n) => LETTERS.map((letter) => made[nameOf(letter, n)]),

    /** The part of a subplot between pixels {left, right, top, bottom} as [range of x, range of y]. */
    part: (place, { left, right, top, bottom }) => [[(left - place.bx) / place.ax, (right - place.bx) / place.ax],
      [(bottom - place.by) / place.ay, (top - place.by) / place.ay]],

    /** Look at these ranges of subplot `n` ([x, y]; null: as it is), never at more than there is at home, `made`. */
    look(panel, n, ranges, made) {
      LETTERS.forEach((letter, k) => {
        const name = nameOf(letter, n), axis = made[name];
        if (!ranges[k] || axis.fixedrange) return;
        const [lo, hi] = axis.range, whole = hi - lo, [from, to] = ranges[k];
        const span = Math.min(whole, Math.max(CLOSEST * whole, to - from)),
          middle = Math.min(hi, Math.max(lo, (from + to) / 2));
        const home = span > 0.999 * whole && Math.abs(middle - (lo + hi) / 2) < 1e-3 * whole;
        for (const other of together(made, name)) {
          if (home) panel.zoom.delete(other);
          else panel.zoom.set(other, [middle - span / 2, middle + span / 2]);
        }
      });
      refresh(panel);
    },

    /** Zoom by a factor (below 1: closer) so that what is at pixel `from` of the subplot comes to pixel `to`. */
    about(panel, n, place, made, factor, from, to = from) {
      const [x, y] = from, right = place.left + place.width, bottom = place.top + place.height;
      const wanted = zoom.part(place, { left: x - (to[0] - place.left) * factor, right: x + (right - to[0]) * factor,
        top: y - (to[1] - place.top) * factor, bottom: y + (bottom - to[1]) * factor });
      const whole = zoom.axes(made, n).map((axis) => axis.range);
      // Who goes back farther than home is home, and sees it as it was.
      const beyond = wanted.map(([lo, hi], k) => factor > 1 && hi - lo >= whole[k][1] - whole[k][0]);
      zoom.look(panel, n, wanted.map((range, k) => (beyond[k] ? whole[k] : range)), made);
    },

    undo(panel) {
      panel.zoom.clear();
      refresh(panel);
    },

    /** The button that undoes it, seen only while something is zoomed. */
    button(panel) {
      const made = { type: 'button', className: 'panel-undo', textContent: '⤺', hidden: true, title: HELP };
      panel.undo = Object.assign(document.createElement('button'), made);
      panel.undo.setAttribute('aria-label', 'Undo the zoom');
      panel.undo.addEventListener('click', () => zoom.undo(panel));
      panel.section.querySelector('.panel-tools').prepend(panel.undo);
    },

    /** The panel's layout as it is zoomed. Other plots than were zoomed (the spotlight shows more) are at home. */
    layout(panel, ctx) {
      let made = panel.part.layout(ctx);
      const count = Object.keys(made).filter((name) => name.startsWith('xaxis')).length;
      if (panel.zoom.size && count !== panel.plots) {
        panel.zoom.clear();
        made = panel.part.layout(ctx);
      }
      panel.plots = count;
      if (panel.undo.hidden !== !panel.zoom.size) panel.undo.hidden = !panel.zoom.size;
      return made;
    },

    /** Marks of a zoomed panel: what stands outside its plot is cut off, and words there are left out. */
    cut(panel, marks) {
      if (!panel.zoom.size) return marks;
      /** @param {TextMark} mark */
      const inside = (mark) => {
        const place = panel.places.get(mark.axis), [x, y] = place ? nnprobe.pixels(place, mark.x, mark.y) : [0, 0];
        const apart = place
          ? [place.left - x, x - place.left - place.width, place.top - y, y - place.top - place.height]
          : [0];
        return Math.max(...apart) <= 1;
      };
      return marks.filter((mark) => mark.kind !== 'text' || mark.axis === 0 || inside(mark))
        .map((mark) => (mark.clip === false && mark.kind !== 'text' ? { ...mark, clip: true } : mark));
    },
  };
  nnprobe.zoom = zoom;
})();
