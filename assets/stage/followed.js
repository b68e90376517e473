/* followed: the point that is followed through every panel, as its index among the points shown; null: none. */
(() => {
  'use strict';
  let point = null;

  nnprobe.followed = {
    get point() { return point; },
    set point(index) { point = index; },
  };
})();
