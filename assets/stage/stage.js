/* stage: the host of the panels. While the clock moves it paints their marks on canvases over Plotly's axes; when the
   clock rests it hands the same marks to Plotly, panel by panel, and hides a canvas only after Plotly has drawn. */
(() => {
  'use strict';
  const { emitter, followed, grid, host, shown } = nnprobe;
  const RELAYOUT_MS = 150, ARRIVED_MS = 150, TURNS = 3, MAIN = new Set(['boundary', 'layers', 'fates']);
  const events = emitter();
  const panels = new Map();
  const STRIP = 8; // beside the one in the spotlight
  // for benchmarks/film.py: ms per frame, here and in the painter
  const stats = { frames: 0, ms: /** @type {number[]} */ ([]), painting: /** @type {number[]} */ ([]), settled: 0 };
  let current = /** @type {string | null} */ (null), head = /** @type {Frame | null} */ (null);
  let generation = 0, settledAt = 0, settledFor = -1, lastLayout = 0, mounted = false, turn = 0, waiting = false;
  let known = '', arriving = 0; // what of the film was there when it was last painted; a look at what has come since

  /** The panels that are shown, in their order; the others cost nothing. */
  const onStage = () => shown.names.map((name) => panels.get(name)).filter(Boolean);

  /** Have the painter paint these panels; axes follow when their picture is there, so that both change at once.
      @param {PanelRecord[]} chosen @param {number} seq @param {boolean} relayout */
  function paint(chosen, seq, relayout) {
    const jobs = chosen.map((panel) => host.prepare(panel, seq, relayout)).filter((job) => job !== null),
      mine = generation;
    nnprobe.painter.paint(jobs, nnprobe.theme, (ms) => {
      if (mine >= settledAt) for (const { name } of jobs) host.uncover(panels.get(name));
      stats.painting.push(ms);
      stats.frames++;
      events.emit('painted', seq);
      if (waiting) tick(Math.floor(nnprobe.clock.seq));
    });
  }

  /** @param {number} seq @param {Set<PanelRecord> | null} only */
  function tick(seq, only = null) {
    if (!mounted) return;
    waiting = nnprobe.painter.busy;
    // Between two films the new one's first frame may be here before it is announced.
    if (waiting || (nnprobe.film.head && nnprobe.film.head !== head)) return;
    const start = performance.now(), playing = nnprobe.clock.playing;
    generation++;
    known = knownOf(nnprobe.film, seq);
    const relayout = start - lastLayout > RELAYOUT_MS || !playing;
    if (relayout) lastLayout = start;
    // Panels beside the main ones take turns: curves at twenty frames a second look like sixty.
    /** @param {PanelRecord} panel @param {number} k */
    const due = (panel, k) => !playing || panel.spotlit || (current === null && MAIN.has(panel.name))
      || (turn + k) % TURNS === 0;
    const chosen = onStage().filter((panel) => panel.gd || host.attach(panel))
      .filter((panel, k) => (only ? only.has(panel) : due(panel, k)));
    turn++;
    paint(chosen, seq, relayout);
    stats.ms.push(performance.now() - start);
    for (const list of [stats.ms, stats.painting]) if (list.length > 4000) list.splice(0, 2000);
  }

  /** Frames that come while the clock rests may belong to what is seen: they are of before the playhead, or beyond the
      axes. */
  function arrived() {
    if (!mounted || nnprobe.clock.playing || arriving) return;
    arriving = setTimeout(() => {
      arriving = 0;
      const { clock, film } = nnprobe;
      if (!clock.playing && (known !== knownOf(film, clock.seq) || onStage().some(host.outgrown))) clock.repaint();
    }, ARRIVED_MS);
  }
  /** @param {Film} film @param {number} seq */
  const knownOf = (film, seq) => `${film.here > seq} ${film.complete}`;

  /** @param {number} seq */
  async function rest(seq) {
    if (!mounted) return;
    // `missed`: the painter was busy when it was last asked, maybe for another size or theme
    const mine = generation, missed = waiting;
    waiting = false;
    /** @param {PanelRecord} panel */
    const old = (panel) => missed || panel.seq !== seq || !panel.fresh || !panel.key;
    const behind = onStage().filter((panel) => panel.gd && old(panel));
    if (behind.length) paint(behind, seq, true);
    await nnprobe.painter.idle();
    if (mine !== generation) return;
    settledAt = mine + 1;
    // The one in the spotlight first; between panels the page may answer its user.
    const order = onStage().sort((a, b) => Number(b.name === current) - Number(a.name === current));
    for (const panel of order) {
      if (mine !== generation) return;
      if (await host.settle(panel, () => mine === generation)) {
        stats.settled++;
        nnprobe.hoverAgain(panel);
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (mine !== generation) return;
    settledFor = mine;
    events.emit('settled', seq);
  }

  function mount() {
    if (mounted || !document.querySelector('.panel[data-panel]')) return;
    for (const section of document.querySelectorAll('.panel[data-panel]')) {
      const known = panels.has(section.dataset.panel), panel = known ? null : host.make(section, stage);
      if (panel) panels.set(panel.name, panel);
    }
    if (![...panels.values()].every(host.attach)) return;
    mounted = true;
    arrange();
    shown.on('change', () => {
      arrange();
      stage.spotlight(shown.has(current) ? current : null);
    });
    new ResizeObserver(spread).observe(document.getElementById('stage'));
    nnprobe.clock.repaint();
    events.emit('ready');
  }

  /** Those that are shown stand first and in their order, numbered by it; nine of them have a key. */
  function arrange() {
    const root = document.getElementById('stage'), first = onStage();
    const rest = [...panels.values()].filter(({ name }) => !shown.has(name));
    [...first, ...rest].forEach(({ section, title }, k) => {
      if (root.children[k] !== section) root.insertBefore(section, root.children[k]);
      section.hidden = k >= first.length;
      if (section.hidden) delete section.dataset.number;
      else section.dataset.number = k + 1;
      const button = section.querySelector('.panel-key:not(.panel-more)'), key = k < 9 && !section.hidden;
      nnprobe.say(button, String(k + 1));
      button.title = `${title} in the spotlight${key ? ` (key ${k + 1})` : ''}`;
      if (key) button.setAttribute('aria-keyshortcuts', String(k + 1));
      else button.removeAttribute('aria-keyshortcuts');
    });
    root.dataset.count = first.length;
    spread();
  }

  /** The rows in which they stand, for the room there is. */
  const spread = () => grid.lay(document.getElementById('stage'), onStage().map(({ section }) => section));

  /** @type {Stage} */
  const stage = {
    on: events.on,
    get current() { return current; },
    get selected() { return followed.point; },
    get ready() { return mounted; },
    /** Nothing is on its way to the eye: the clock rests, and every panel in sight shows, as large as its place now is,
        what Plotly has drawn. */
    get settled() {
      return mounted && !nnprobe.clock.moving && !arriving && settledFor === generation && onStage().every(host.fits);
    },
    panel: (name) => panels.get(name) || null,
    /** Put a panel in the spotlight, or null: all of them again. */
    spotlight(name) {
      current = name && panels.has(name) && shown.has(name) ? name : null;
      const root = document.getElementById('stage');
      if (root) {
        if (current) root.dataset.spotlight = current;
        else delete root.dataset.spotlight;
      }
      let beside = 0;
      for (const panel of onStage()) {
        panel.spotlit = panel.name === current;
        if (!panel.spotlit) beside++;
        panel.section.classList.toggle('beyond', current !== null && !panel.spotlit && beside > STRIP);
        panel.section.classList.toggle('spotlit', panel.spotlit);
        panel.section.classList.toggle('strip', current !== null && !panel.spotlit);
        panel.key = '';
      }
      events.emit('spotlight', current);
      stage.relayout();
    },
    /** Follow a point (its index among the points shown) through every panel; null: none. */
    select(index) {
      followed.point = index;
      events.emit('select', index);
      nnprobe.clock.repaint();
    },
    /** After a change of theme or size: everything is laid out and painted anew. */
    relayout() {
      nnprobe.theme.read();
      for (const panel of panels.values()) panel.key = '';
      nnprobe.clock.repaint();
    },
    /** The user wants a panel gone; 'hide' tells who takes it off the page. */
    hide: (name) => events.emit('hide', name),
    /** Save a panel's picture as PNG. */
    async exportImage(name) {
      const panel = panels.get(name);
      if (panel && panel.gd) await nnprobe.savePicture(panel, Math.max(0, Math.floor(nnprobe.clock.seq)));
    },
  };
  nnprobe.stage = stage;
  nnprobe.stats = stats;

  document.addEventListener('DOMContentLoaded', () => {
    nnprobe.clock.on('tick', tick);
    nnprobe.clock.on('rest', rest);
    nnprobe.film.on('head', () => {
      nnprobe.forget();
      followed.point = null;
      head = nnprobe.film.head;
      for (const panel of panels.values()) { panel.key = ''; panel.zoom.clear(); }
    });
    nnprobe.film.on('frames', arrived);
    nnprobe.film.on('settled', () => { for (const panel of panels.values()) panel.key = ''; });
    /** @param {Element} body */
    const find = (body) => [...panels.values()].find((panel) => panel.body === body);
    nnprobe.listenForTaps(find, (index) => stage.select(index === followed.point ? null : index));
    nnprobe.listenForZoom(find);
    const wait = () => { mount(); if (!mounted) setTimeout(wait, 40); };
    wait();
  });
})();
