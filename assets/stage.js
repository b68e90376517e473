/* stage: the host of the panels. While the clock moves it paints their marks on canvases over Plotly's axes; when the
   clock rests it hands the same marks to Plotly, panel by panel, and hides a canvas only after Plotly has drawn. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false, showTips: false };
  const RELAYOUT_MS = 150, SMALLEST = 40, BUDGET_MS = 7, MAIN = new Set(['boundary', 'layers']);
  const events = nnprobe.emitter();
  const panels = new Map();
  const stats = { frames: 0, ms: [], settled: 0 }; // for benchmarks/film.py: ms of the main thread per tick
  let current = null, selected = null, generation = 0, lastLayout = 0, mounted = false, lastSeq = -1, pace = 0;
  const playing = () => nnprobe.clock.playing;

  const ratio = () => Math.min(2, window.devicePixelRatio || 1);
  const visible = (panel) => panel.gd && panel.onScreen && panel.width >= SMALLEST && panel.height >= SMALLEST;

  // ---- one panel ------------------------------------------------------------------------------------------------

  function adopt(section) {
    const name = section.dataset.panel, part = nnprobe.panels[name], body = section.querySelector('.panel-body');
    if (panels.has(name) || !part || !body) return;
    const canvas = Object.assign(document.createElement('canvas'), { className: 'panel-canvas' });
    canvas.setAttribute('aria-hidden', 'true');
    const words = Object.assign(document.createElement('div'), { className: 'panel-sentence' });
    words.append(document.createElement('span'));
    const ground = nnprobe.makeGround();
    body.append(ground, canvas, words);
    const panel = { name, part, section, body, ground, canvas, words, gd: null, width: 0, height: 0, onScreen: true, places: new Map(),
      marks: [], layout: null, key: '', zoom: new Map(), seq: -1, stamp: null, meta: {}, options: new Map(), spotlit: false, settling: false, texts: {} };
    for (const option of part.options || []) panel.options.set(option.key, option.start);
    panels.set(name, panel);
    nnprobe.panelOptions(panel, () => { panel.key = ''; nnprobe.clock.repaint(); });
    const key = section.querySelector('.panel-key');
    if (key) key.addEventListener('click', () => stage.spotlight(current === name ? null : name));
    new ResizeObserver(() => measure(panel)).observe(body);
    new IntersectionObserver((entries) => {
      const seen = entries[entries.length - 1].isIntersecting; // of several changes the last one holds
      if (seen !== panel.onScreen) { panel.onScreen = seen; if (seen) nnprobe.clock.repaint(); }
    }).observe(body);
    measure(panel);
  }

  function measure(panel) {
    const width = panel.body.clientWidth, height = panel.body.clientHeight;
    if (width === panel.width && height === panel.height && panel.canvas.width) return;
    panel.width = width;
    panel.height = height;
    panel.canvas.width = Math.max(1, Math.round(width * ratio()));
    panel.canvas.height = Math.max(1, Math.round(height * ratio()));
    panel.canvas.style.width = `${width}px`;
    panel.canvas.style.height = `${height}px`;
    panel.key = '';
    nnprobe.clock.repaint();
  }

  /** The panel's graph, once dcc.Graph has mounted it (window.Plotly exists only then). */
  function attach(panel) {
    const gd = panel.body.querySelector('.js-plotly-plot');
    if (!gd || !window.Plotly || !gd._fullLayout) return false;
    panel.gd = gd;
    panel.meta = (gd.layout && gd.layout.meta) || {};
    return true;
  }

  function say(panel, slot, text, level, full = text) {
    const key = `${text}|${level || ''}`;
    if (panel.texts[slot] === key) return;
    panel.texts[slot] = key;
    const place = slot === 'sentence' ? panel.words.firstChild : panel.section.querySelector(`.panel-${slot}`);
    if (!place) return;
    place.textContent = text;
    if (slot !== 'sentence') place.title = full;
    if (slot === 'verdict') place.dataset.level = level || '';
  }

  /** What the user has zoomed into, kept by axis until a double click or another film. */
  function remember(panel, change) {
    const full = panel.gd._fullLayout;
    for (const key of Object.keys(change)) {
      const axis = key.match(/^[xy]axis\d*/);
      if (axis && full[axis[0]]) panel.zoom.set(axis[0], [...full[axis[0]].range]);
    }
    if (panel.body.classList.contains('moving')) nnprobe.clock.repaint();
  }

  /** New axes where the panel's layout has changed; nothing where it has not. */
  function lay(panel, ctx) {
    const layout = panel.part.layout(ctx);
    for (const [axis, range] of panel.zoom) if (layout[axis]) layout[axis] = { ...layout[axis], range };
    const key = JSON.stringify(layout);
    if (key === panel.key) return;
    panel.key = key;
    panel.layout = layout;
    panel.body.classList.add('moving');
    window.Plotly.react(panel.gd, nnprobe.layout.holders(layout), structuredClone(layout), CONFIG);
    if (!panel.listening) {
      panel.listening = true;
      // The first react made a new plot, which has lost the old one's listeners.
      panel.gd.on('plotly_relayout', (change) => remember(panel, change));
      panel.gd.on('plotly_doubleclick', () => { panel.zoom.clear(); panel.key = ''; nnprobe.clock.repaint(); });
    }
  }

  /** The words of a panel's head. Not at every frame: nobody reads sixty numbers a second, and each lays out the page anew. */
  function head(panel, ctx, seq, sentence) {
    say(panel, 'note', ctx.head && sentence === null && panel.part.note ? panel.part.note(ctx, seq) : '');
    const verdict = ctx.head && panel.part.verdict ? panel.part.verdict(ctx, seq) : null;
    if (verdict) say(panel, 'verdict', verdict.text, verdict.level, verdict.full);
    else say(panel, 'verdict', '');
  }

  function paint(panel, seq, relayout) {
    panel.seq = seq;
    if (!visible(panel)) return;
    let ctx = nnprobe.context(panel);
    const sentence = ctx.head ? (panel.part.sentence ? panel.part.sentence(ctx, seq) : null) : panel.part.empty || '';
    panel.body.classList.toggle('bare', sentence !== null);
    if (relayout || sentence !== null) head(panel, ctx, seq, sentence);
    if (sentence !== null) {
      say(panel, 'sentence', sentence);
      panel.marks = [];
      return;
    }
    if (relayout || !panel.key) lay(panel, ctx);
    panel.places = nnprobe.layout.read(panel.gd, panel.layout);
    ctx = nnprobe.context(panel);
    panel.marks = panel.part.marks(ctx, seq);
    nnprobe.paint(panel.canvas, ratio(), panel.places, panel.marks, nnprobe.theme, panel.ground);
    panel.body.classList.add('moving');
  }

  async function settle(panel, mine) {
    if (!visible(panel) || !panel.layout || !panel.body.classList.contains('moving') || panel.body.classList.contains('bare')) return;
    const traces = nnprobe.traces(panel.marks, panel.places, panel, nnprobe.theme);
    const layout = { ...structuredClone(panel.layout), images: traces.images, annotations: traces.annotations };
    await Promise.all(traces.images.map(({ source }) => Object.assign(new Image(), { src: source }).decode().catch(() => {})));
    if (mine !== generation) return;
    await window.Plotly.react(panel.gd, [...nnprobe.layout.holders(layout), ...traces.data], layout, CONFIG);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    if (mine !== generation) return;
    panel.body.classList.remove('moving');
    stats.settled++;
  }

  // ---- all of them ----------------------------------------------------------------------------------------------

  function tick(seq) {
    if (!mounted) return;
    const start = performance.now();
    generation++;
    lastSeq = seq;
    const relayout = start - lastLayout > RELAYOUT_MS || !playing();
    if (relayout) lastLayout = start;
    // Panels beside the main ones take turns, every second frame or, where all take too long, fewer: curves at thirty frames
    // a second look like sixty.
    const turns = playing() ? Math.min(4, Math.max(2, Math.ceil((2 * pace) / BUDGET_MS))) : 1;
    let k = 0;
    for (const panel of panels.values()) {
      const main = panel.spotlit || (current === null && MAIN.has(panel.name));
      if ((panel.gd || attach(panel)) && (main || (stats.frames + k++) % turns === 0)) paint(panel, seq, relayout);
    }
    stats.frames++;
    const ms = performance.now() - start;
    if (!relayout) pace += (ms - pace) * 0.05;
    stats.ms.push(ms);
    if (stats.ms.length > 4000) stats.ms.splice(0, 2000);
  }

  async function rest(seq) {
    if (!mounted) return;
    const mine = generation;
    for (const panel of panels.values()) if (panel.seq !== seq && panel.gd) paint(panel, seq, true);
    // The one in the spotlight first; between panels the page may answer its user.
    const order = [...panels.values()].sort((a, b) => (b.name === current) - (a.name === current));
    for (const panel of order) {
      if (mine !== generation) return;
      await settle(panel, mine);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (mine === generation) events.emit('settled', seq);
  }

  function mount() {
    if (mounted || !document.querySelector('.panel[data-panel]')) return;
    for (const section of document.querySelectorAll('.panel[data-panel]')) adopt(section);
    if (![...panels.values()].every(attach)) return;
    mounted = true;
    nnprobe.clock.repaint();
    events.emit('ready');
  }

  const stage = {
    on: events.on,
    get current() { return current; },
    get selected() { return selected; },
    get ready() { return mounted; },
    panel: (name) => panels.get(name) || null,
    /** Put a panel in the spotlight, or null: all of them again. */
    spotlight(name) {
      current = name && panels.has(name) ? name : null;
      const root = document.getElementById('stage');
      if (root) {
        if (current) root.dataset.spotlight = current;
        else delete root.dataset.spotlight;
      }
      for (const panel of panels.values()) {
        panel.spotlit = panel.name === current;
        panel.section.classList.toggle('spotlit', panel.spotlit);
        panel.section.classList.toggle('strip', current !== null && !panel.spotlit);
        panel.key = '';
      }
      events.emit('spotlight', current);
      stage.relayout();
    },
    /** Follow a point (its index among the points shown) through every panel; null: none. */
    select(index) {
      selected = index;
      events.emit('select', index);
      nnprobe.clock.repaint();
    },
    /** After a change of theme or size: everything is laid out and painted anew. */
    relayout() {
      nnprobe.theme.read();
      for (const panel of panels.values()) panel.key = '';
      nnprobe.clock.repaint();
    },
    /** Save a panel's picture as PNG, at twice its size on the screen. */
    async exportImage(name) {
      const panel = panels.get(name);
      if (!panel || !panel.gd) return;
      if (panel.body.classList.contains('moving')) await settle(panel, generation);
      const run = nnprobe.film.run ? `-${nnprobe.film.run}` : '', at = Math.max(0, lastSeq);
      await window.Plotly.downloadImage(panel.gd, { format: 'png', scale: 2, width: panel.width, height: panel.height,
        filename: `nnprobe${run}-${name}-${at}` });
    },
  };
  nnprobe.stage = stage;
  nnprobe.stats = stats;

  document.addEventListener('DOMContentLoaded', () => {
    nnprobe.clock.on('tick', tick);
    nnprobe.clock.on('rest', rest);
    nnprobe.film.on('head', () => {
      nnprobe.forget();
      selected = null;
      for (const panel of panels.values()) { panel.key = ''; panel.zoom.clear(); }
    });
    nnprobe.film.on('settled', () => { for (const panel of panels.values()) panel.key = ''; });
    nnprobe.listenForTaps((body) => [...panels.values()].find((panel) => panel.body === body),
      (index) => stage.select(index === selected ? null : index));
    const wait = () => { mount(); if (!mounted) setTimeout(wait, 40); };
    wait();
  });
})();
