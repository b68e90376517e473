/* parent: of a film that left another one, the curve that the other one went on with. */
(() => {
  'use strict';
  const { clock, columnOf, film, stackedSeries } = nnprobe;
  let parent = /** @type {any} */ (null);

  /** Fetched once a fork is shown, and again when the fork has ended. */
  async function fetchParent() {
    const { run } = film, fork = film.head && film.head.header.fork;
    if (!fork || !run) { parent = null; return; }
    if (parent && parent.run !== run) parent = null;
    const arrays = await stackedSeries(fork.run), loss = arrays && arrays['series.loss'];
    if (!loss || film.run !== run) return; // removed to make room: the fork has its own frames
    parent = { run, curves: curves(arrays.step.data, loss, fork.step) };
    clock.repaint();
  }

  /** Per column of the loss series {x, y} from `step` on; null where there is no curve.
      @param {Numbers} steps @param {NdArray} _ @param {number} step */
  function curves(steps, { data, shape: [, columns] }, step) {
    return Array.from({ length: columns }, (_, column) => {
      const x = [], y = [];
      for (let k = 0; k < steps.length; k++) {
        const value = data[k * columns + column];
        if (steps[k] < step || !Number.isFinite(value)) continue;
        x.push(steps[k]);
        y.push(value);
      }
      return x.length > 1 ? { x, y } : null;
    });
  }

  nnprobe.parent = {
    /** Step at which the film on the page left another one; null where it did not. */
    get step() { return film.head && film.head.header.fork ? film.head.header.fork.step : null; },
    /** {x, y} of a column of the parent's loss series from the fork on; null where there is none. */
    curve: (column) => (parent && parent.run === film.run ? parent.curves[columnOf('series.loss', column)] : null),
  };

  film.on('head', fetchParent);
  film.on('settled', fetchParent);
})();
