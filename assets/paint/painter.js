/* painter: a worker that paints. The page hands it marks and the panels' canvases, and keeps its own thread for its
   user. */
(() => {
  'use strict';
  const SCRIPTS = ['base/nnprobe', 'paint/shapes', 'paint/sprites', 'paint/still', 'paint/paint'];
  const WAITING = 2; // one is painted while the next one's marks are made
  const pending = new Map(); // ticket → what to do once it is painted
  let worker = /** @type {any} */ (null), ticket = 0, idle = /** @type {(() => void)[]} */ ([]);

  /** The address of one of our scripts, as the page has it.
      @param {string} name @returns {any} */
  const address = (name) =>
    [...document.scripts].map((script) => script.src).find((src) => new RegExp(`/assets/${name}\\.[^/]*js`).test(src));

  function start() {
    worker = new Worker(address('paint/painter_worker'));
    worker.postMessage({ scripts: SCRIPTS.map(address) });
    worker.onmessage = (/** @type {MessageEvent} */ { data }) => {
      const done = pending.get(data.ticket);
      pending.delete(data.ticket);
      done(data.ms);
      if (!pending.size) for (const tell of idle.splice(0)) tell();
    };
    worker.onerror = (/** @type {ErrorEvent} */ event) => { throw new Error(`The painter failed: ${event.message}`); };
  }

  /** A view takes its whole buffer along, so a part of a large one is copied first.
      @param {any} value */
  const own = (value) => (ArrayBuffer.isView(value) && value.byteLength < value.buffer.byteLength
    ? /** @type {any} */ (value).slice() : value);

  /** A mark without what only the page needs: its functions and its points' indices.
      @param {any} mark @returns {any} */
  function plain(mark) {
    const out = /** @type {any} */ ({});
    for (const key of Object.keys(mark))
      if (key !== 'index' && typeof mark[key] !== 'function') out[key] = own(mark[key]);
    return out;
  }

  nnprobe.painter = {
    /** Give a panel's two canvases to the worker. */
    adopt(name, canvas, ground) {
      if (!worker) start();
      const [first, second] = [canvas, ground].map((one) => one.transferControlToOffscreen());
      worker.postMessage({ name, canvas: first, ground: second }, [first, second]);
    },
    /** Whether it has enough to do. */
    get busy() { return pending.size >= WAITING; },
    /** Paint [{name, width, height, ratio, fontSize, places, marks}]; `done(ms)` once the canvases show it. */
    paint(jobs, theme, done) {
      pending.set(++ticket, done);
      const { outline, font } = theme;
      worker.postMessage({ ticket, theme: { outline, font },
        jobs: jobs.map((job) => ({ ...job, marks: job.marks.map(plain) })) });
    },
    /** Resolves when nothing is left to paint. */
    idle: () => new Promise((resolve) => { if (pending.size) idle.push(resolve); else resolve(); }),
  };
})();
