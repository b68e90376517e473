/* Still: markers that are where they were a frame ago (data, the input layer) are not drawn again: their pixels are
   kept. */
(() => {
  'use strict';
  const known = new WeakMap(); // canvas → axis → {key, marks, image}
  const STYLE = ['shape', 'colour', 'size', 'alpha', 'hollow', 'clip'];

  /** @param {Column} a @param {Column} b */
  function equal(a, b) {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return false;
    return true;
  }
  /** @param {any} a @param {any} b */
  const alike = (a, b) => STYLE.every((name) => a[name] === b[name]) && equal(a.x, b.x) && equal(a.y, b.y);

  /** What is known of one subplot's markers: `image` where these very pixels are kept, `twice` where they are worth
      keeping. `key` says all that their pixels follow from besides the marks. */
  nnprobe.still = (canvas, axis, key, marks) => {
    const axes = known.get(canvas) || known.set(canvas, new Map()).get(canvas), last = axes.get(axis);
    const same = last && last.key === key && last.marks.length === marks.length
      && marks.every((mark, k) => alike(mark, last.marks[k]));
    if (!same) axes.set(axis, { key, marks, image: null, twice: false });
    else last.twice = true;
    return axes.get(axis);
  };
})();
