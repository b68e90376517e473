/* phone: where there is room for one panel (phone.css shows its index then), one is shown; a tap on a name or a swipe
   leads to another. The form is a drawer. */
(() => {
  'use strict';
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const FAR = 60, SLOW_MS = 700; // a swipe goes at least so far, and takes no longer
  let last = /** @type {string | null} */ (null), forced = false;

  const single = () => getComputedStyle($('index')).display !== 'none';
  const items = () => [...document.querySelectorAll('.index-item')];
  const names = () => nnprobe.shown.names;

  /** The spotlight and the index say the same, and where there is room for one panel there is one. */
  function follow() {
    const { stage } = nnprobe;
    if (single() && !stage.current) {
      forced = true;
      stage.spotlight(names().find((name) => name === last) || names()[0]);
      return;
    }
    if (!single() && forced) {
      forced = false;
      stage.spotlight(null);
      return;
    }
    last = stage.current || last;
    for (const item of items()) {
      const here = item.dataset.of === stage.current;
      item.setAttribute('aria-current', String(here));
      if (here && single())
        $('index').scrollTo({ left: item.offsetLeft - ($('index').clientWidth - item.offsetWidth) / 2 });
    }
  }

  /** The index: those that are shown in their order, then the others, which a tap shows. */
  function list() {
    const { names: first, all } = nnprobe.shown, of = (/** @type {string} */ name) =>
      items().find((item) => item.dataset.of === name);
    for (const name of [...first, ...all.filter((one) => !first.includes(one))]) {
      const item = of(name), off = !first.includes(name);
      $('index').insertBefore(item, $('index-panels'));
      item.classList.toggle('off', off);
      if (off) item.setAttribute('aria-label', `Show ${item.textContent}`);
      else item.removeAttribute('aria-label');
    }
  }

  /** @param {string} name */
  function go(name) {
    if (!nnprobe.shown.has(name)) nnprobe.shown.add(name);
    nnprobe.stage.spotlight(name);
  }

  /** The panel beside the present one.
      @param {number} by */
  function turn(by) {
    const all = names(), next = all[all.indexOf(String(nnprobe.stage.current)) + by];
    if (next) nnprobe.stage.spotlight(next);
  }

  /** @param {HTMLElement} stage */
  function swipes(stage) {
    let start = /** @type {{ x: number, y: number, at: number } | null} */ (null);
    stage.addEventListener('touchstart', (event) => {
      const [touch] = event.touches, free = !event.target.closest('input, select, [data-held]');
      start = single() && free && event.touches.length === 1
        ? { x: touch.clientX, y: touch.clientY, at: event.timeStamp }
        : null;
    }, { passive: true });
    stage.addEventListener('touchend', (event) => {
      const [touch] = event.changedTouches, from = start;
      start = null;
      if (!from || event.timeStamp - from.at > SLOW_MS) return;
      const dx = touch.clientX - from.x, dy = touch.clientY - from.y;
      if (Math.abs(dx) >= FAR && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? 1 : -1);
    }, { passive: true });
    stage.addEventListener('touchcancel', () => { start = null; }, { passive: true });
  }

  function drawer(on = !nnprobe.phone.drawer) {
    if (on === nnprobe.phone.drawer) return;
    if (on) root.dataset.drawer = '';
    else delete root.dataset.drawer;
    $('rail-button').setAttribute('aria-expanded', String(on));
    $(on ? 'drawer-close' : 'rail-button').focus({ preventScroll: true });
  }

  nnprobe.phone = {
    /** Whether one panel is all there is room for. */
    get single() { return single(); },
    get drawer() { return 'drawer' in root.dataset; },
    toggleDrawer: drawer,
    bind() {
      for (const item of items()) item.addEventListener('click', () => go(item.dataset.of));
      $('rail-button').addEventListener('click', () => drawer());
      for (const id of ['drawer-close', 'train', 'fork'])
        if ($(id))
          $(id).addEventListener('click', () => drawer(false));
      document.addEventListener('pointerdown', (event) => {
        if (nnprobe.phone.drawer && !event.target.closest('#rail, #rail-button')) drawer(false);
      });
      swipes($('stage'));
      list();
      nnprobe.shown.on('change', list);
      nnprobe.stage.on('spotlight', follow);
      window.addEventListener('resize', follow);
      if (nnprobe.stage.ready) follow();
      else nnprobe.stage.on('ready', follow);
    },
  };
})();
