/* followed: the point that is followed through every panel, as its index among the points shown; null: none. */
(() => {
  'use strict';
  let point = /** @type {number | null} */ (null);

  nnprobe.followed = {
    get point() { return point; },
    set point(index) { point = index; },
  };
})();
