/* asker: one thing asked of the server again and again. One request in flight; the newest wish wins. It is asked for while
   something is painted that shows it, and has the picture painted anew when an answer is there. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});

  /** Asks at most every `least` ms while the film plays. `read(response)` makes an answer of a response, or null: it has
      none to give. A wish is {path, like}: an older answer to one that is `like` it will do meanwhile. */
  nnprobe.asker = (least, read) => {
    let answer = null, flying = null, last = 0, timer = 0, failed = '';

    async function send(wish) {
      flying = wish.path;
      last = performance.now();
      try {
        const value = await read(await fetch(wish.path, { cache: 'no-store' }));
        if (value) answer = { like: wish.like, path: wish.path, value };
        failed = value ? '' : wish.path;
      } catch { failed = wish.path; }
      flying = null;
      nnprobe.clock.repaint();
    }

    return (wish) => {
      const here = answer && answer.like === wish.like ? answer : null;
      if (flying || (here && here.path === wish.path) || failed === wish.path) return here && here.value;
      const wait = nnprobe.clock.playing ? last + least - performance.now() : 0;
      if (wait <= 0) send(wish);
      else if (!timer) timer = setTimeout(() => { timer = 0; nnprobe.clock.repaint(); }, wait);
      return here && here.value;
    };
  };
})();
