/* asker: one thing asked of the server again and again. One request in flight; the newest wish wins. It is asked for
   while something is painted that shows it, and has the picture painted anew when an answer is there. */
(() => {
  'use strict';
  const { api, clock, film, page } = nnprobe;
  // frames: weights come with every so many, so that an answer may be another one by then
  const RECORDED = page.constants.checkpoint_every;

  nnprobe.asked = 0; // what is being asked now, by all askers

  /** Asks at most every `least` ms while the film plays. `read(response)` makes an answer of a response, or null: it
      has none to give, yet. A wish is {path, like}: an older answer to one that is `like` it will do meanwhile;
      `state(wish)` says which it is: 'here' the answer to this very wish, 'loading', or 'none'. */
  nnprobe.asker = (least, read) => {
    let answer = /** @type {any} */ (null), flying = /** @type {string | null} */ (null), last = 0, timer = 0,
      none = '', wished = /** @type {Wish | null} */ (null);
    // The same question has another answer once more of the film has been recorded.
    /** @param {Wish} _ */
    const keyOf = ({ path }) => `${path} ${film.complete || Math.floor(film.count / RECORDED)}`;

    /** @param {Wish} wish */
    async function send(wish) {
      const key = (flying = keyOf(wish));
      nnprobe.asked++;
      last = performance.now();
      let value = null;
      try { value = await read(await api.get(wish.path, { cache: 'no-store' })); } catch { /* as if there were none */ }
      if (value) answer = { like: wish.like, path: wish.path, key, value };
      none = value ? '' : key;
      flying = null;
      nnprobe.asked--;
      clock.repaint();
    }

    /** @param {Wish} wish @returns {any} */
    const ask = (wish) => {
      const here = answer && answer.like === wish.like ? answer : null, key = keyOf(wish);
      wished = wish;
      if (flying || (here && here.key === key) || none === key) return here && here.value;
      const wait = clock.playing ? last + least - performance.now() : 0;
      if (wait <= 0) send(wish);
      else if (!timer) timer = setTimeout(() => { timer = 0; clock.repaint(); }, wait);
      return here && here.value;
    };
    ask.state = (/** @type {Wish} */ wish) => {
      if (answer && answer.like === wish.like && answer.path === wish.path) return 'here';
      return none === keyOf(wish) ? 'none' : 'loading';
    };
    // Where there was no answer a film that grows may give one, also to a playhead that rests.
    const again = () => { if (none && wished && keyOf(wished) !== none) clock.repaint(); };
    for (const name of ['frames', 'status']) film.on(name, again);
    return ask;
  };
})();
