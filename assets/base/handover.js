/* handover: what one page leaves for the next one in this tab, and nobody after that. */
(() => {
  'use strict';
  const KEY = 'nnprobe-handover';

  nnprobe.handover = {
    leave(what) {
      try {
        sessionStorage.setItem(KEY, JSON.stringify(what));
      } catch { /* private mode: the next page does without */ }
    },
    /** What was left, once; null: nothing. */
    take() {
      try {
        const left = JSON.parse(sessionStorage.getItem(KEY) || 'null');
        sessionStorage.removeItem(KEY);
        return left;
      } catch { return null; }
    },
  };
})();
