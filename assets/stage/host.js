/* host: one panel of the stage. It asks the panel's script for layout, marks and words, lets Plotly draw the axes, and
   hands the marks to Plotly when the clock rests. stage.js says when. */
(() => {
  'use strict';
  const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false, showTips: false };
  const LAY_MS = 800, SMALLEST = 40;

  const ratio = () => Math.min(2, window.devicePixelRatio || 1);
  /** @param {PanelRecord} panel */
  const visible = (panel) => panel.gd && panel.onScreen && panel.width >= SMALLEST && panel.height >= SMALLEST;

  /** A panel's record; `acts`: what its buttons do, {spotlight(name), exportImage(name), relayout()}.
      @param {HTMLElement} section @param {Stage} acts @returns {PanelRecord | null} */
  function make(section, acts) {
    const name = String(section.dataset.panel), part = nnprobe.panels[name],
      body = section.querySelector('.panel-body');
    const title = section.querySelector('.panel-long, .panel-title:not(:has(.panel-long))').textContent;
    if (!part || !body) return null;
    const canvas = Object.assign(document.createElement('canvas'), { className: 'panel-canvas' });
    canvas.setAttribute('aria-hidden', 'true');
    const words = Object.assign(document.createElement('div'), { className: 'panel-sentence' });
    words.append(document.createElement('span'));
    const ground = nnprobe.makeGround();
    const skeleton = Object.assign(document.createElement('div'), { className: 'panel-skeleton' });
    skeleton.setAttribute('aria-hidden', 'true');
    const card = Object.assign(document.createElement('div'), { className: 'panel-card' });
    card.append(document.createElement('strong'), document.createElement('span'));
    body.append(skeleton, ground, canvas, words, card);
    body.classList.add('waiting');
    nnprobe.painter.adopt(name, canvas, /** @type {HTMLCanvasElement} */ (ground.firstChild));
    /** @type {PanelRecord} */
    const panel = { name, title, part, section, body, ground, canvas, words, card, gd: null, width: 0, height: 0,
      onScreen: true, places: new Map(), marks: [], layout: null, key: '', laid: 0, due: false, fresh: false,
      zoom: new Map(), seq: -1, meta: nnprobe.page.panels.meta[name], options: new Map(), spotlit: false, texts: {},
      undo: words, refresh() {} }; // these two are made below
    for (const option of part.options || []) panel.options.set(option.key, option.start);
    const changed = () => {
      panel.zoom.clear();
      panel.key = '';
      nnprobe.clock.repaint();
    }; // its axes may be others now
    nnprobe.panelOptions(panel, changed, acts);
    nnprobe.zoom.button(panel);
    const key = section.querySelector('.panel-key:not(.panel-more)');
    if (key) key.addEventListener('click', () => acts.spotlight(panel.spotlit ? null : name));
    new ResizeObserver(() => measure(panel)).observe(body);
    new IntersectionObserver((entries) => {
      const seen = entries[entries.length - 1].isIntersecting; // of several changes the last one holds
      if (seen !== panel.onScreen) { panel.onScreen = seen; if (seen) nnprobe.clock.refresh(panel); }
    }).observe(body);
    measure(panel);
    return panel;
  }

  /** @param {PanelRecord} panel */
  function measure(panel) {
    if (fits(panel)) return;
    const width = (panel.width = panel.body.clientWidth), height = (panel.height = panel.body.clientHeight);
    panel.canvas.style.width = `${width}px`;
    panel.canvas.style.height = `${height}px`;
    panel.key = '';
    nnprobe.clock.refresh(panel);
  }

  /** Whether the panel has been measured since its place was last made larger or smaller.
      @param {PanelRecord} _ */
  const fits = ({ body, width, height }) => body.clientWidth === width && body.clientHeight === height;

  /** The panel's graph, once dcc.Graph has mounted it (window.Plotly exists only then).
      @param {PanelRecord} panel */
  function attach(panel) {
    const gd = panel.body.querySelector('.js-plotly-plot');
    if (!gd || !window.Plotly || !gd._fullLayout) return false;
    panel.gd = gd;
    return true;
  }

  /** @param {PanelRecord} panel @param {string} slot @param {string} text */
  function say(panel, slot, text, level = '', full = text) {
    const key = `${text}|${level || ''}`;
    if (panel.texts[slot] === key) return;
    panel.texts[slot] = key;
    const place = slot === 'sentence' ? panel.words.firstChild : panel.section.querySelector(`.panel-${slot}`);
    if (!place) return;
    if (slot === 'note') nnprobe.sayInClauses(place, text);
    else place.textContent = text;
    if (slot !== 'sentence') place.title = full;
    if (slot === 'verdict') place.dataset.level = level || '';
  }

  /** New axes where the panel's layout has changed to the eye; Plotly takes tens of frames' time, so never for less.
      @param {PanelRecord} panel @param {Ctx} ctx */
  function lay(panel, ctx) {
    const layout = nnprobe.zoom.layout(panel, ctx);
    const key = nnprobe.layout.dress(layout), same = key === panel.key, now = performance.now();
    if (!same && panel.key && nnprobe.clock.playing && now - panel.laid < LAY_MS) return;
    panel.layout = layout;
    if (same) return;
    panel.key = key;
    panel.laid = now;
    panel.due = true;
  }

  /** Let Plotly draw the axes that are due.
      @param {PanelRecord} panel */
  function draw(panel) {
    const { layout } = panel;
    panel.due = false;
    panel.body.classList.add('moving');
    window.Plotly.react(panel.gd, nnprobe.layout.holders(layout), nnprobe.layout.fixed(layout), CONFIG);
    if (panel.listening) return;
    panel.listening = true; // not before: the first react made a new plot, which has lost the old one's listeners
    nnprobe.listenForHover(panel);
  }

  /** The words of a panel's head. Not at every frame: nobody reads sixty numbers a second, and each lays out the page
      anew.
      @param {PanelRecord} panel @param {Ctx} ctx @param {number} seq @param {string | null} sentence */
  function caption(panel, ctx, seq, sentence) {
    say(panel, 'note', ctx.head && sentence === null && panel.part.note ? panel.part.note(ctx, seq) : '');
    const verdict = ctx.head && panel.part.verdict ? panel.part.verdict(ctx, seq) : null;
    if (verdict) say(panel, 'verdict', verdict.text, verdict.level, verdict.full);
    else say(panel, 'verdict', '');
  }

  /** Whether what the panel shows is still on its way: its last picture, or the outline of one, stands for it
      meanwhile.
      @param {PanelRecord} panel @param {Ctx} ctx */
  function waits(panel, ctx) {
    const waiting = nnprobe.film.waiting && !(ctx.head && panel.part.early);
    panel.body.classList.toggle('waiting', waiting);
    if (!waiting) return false;
    panel.body.classList.remove('bare');
    for (const slot of ['note', 'verdict']) say(panel, slot, '');
    return true;
  }

  /** What the panel says in place of a picture; null where there is one.
      @param {PanelRecord} panel @param {Ctx} ctx @param {number} seq @returns {string | null} */
  function sentenceOf(panel, ctx, seq) {
    if (!ctx.head) return panel.part.empty || '';
    if (nnprobe.film.note && !panel.part.early) return nnprobe.film.note;
    return panel.part.sentence ? panel.part.sentence(ctx, seq) : null;
  }

  /** Where a picture has no room, a number and a sentence in its place: `part.card(ctx, seq)` → {number, text}, or
      null.
      @param {PanelRecord} panel @param {Ctx} ctx @param {number} seq */
  function carded(panel, ctx, seq) {
    const card = panel.part.card ? panel.part.card(ctx, seq) : null;
    if (!card) return false; // the card goes when the picture has been drawn: see uncover
    panel.body.classList.add('carded');
    nnprobe.say(panel.card.firstChild, card.number);
    nnprobe.say(panel.card.lastChild, card.text);
    panel.marks = [];
    return true;
  }

  /** A panel's marks for a frame: a job for the painter, or null where there is nothing to paint.
      @param {PanelRecord} panel @param {number} seq @param {boolean} relayout @returns {PaintJob | null} */
  function prepare(panel, seq, relayout) {
    panel.seq = seq;
    panel.fresh = relayout; // axes and words are of this frame, too
    if (!visible(panel)) return null;
    let ctx = nnprobe.context(panel);
    if (waits(panel, ctx)) return null;
    const sentence = sentenceOf(panel, ctx, seq);
    panel.body.classList.toggle('bare', sentence !== null);
    if (sentence !== null) panel.body.classList.remove('carded');
    if (sentence !== null) panel.body.classList.remove('drawn');
    if (relayout || sentence !== null) caption(panel, ctx, seq, sentence);
    if (sentence !== null) {
      say(panel, 'sentence', sentence);
      panel.marks = [];
      return null;
    }
    if (carded(panel, ctx, seq)) return null;
    if (relayout || !panel.key) lay(panel, ctx);
    panel.places = nnprobe.layout.places(panel.layout);
    ctx = nnprobe.context(panel);
    panel.marks = nnprobe.zoom.cut(panel, panel.part.marks(ctx, seq));
    return { name: panel.name, width: panel.width, height: panel.height, ratio: ratio(), fontSize: ctx.theme.fontSize,
      places: panel.places, marks: panel.marks };
  }

  /** The painted canvas is seen, on axes that change with it.
      @param {PanelRecord} panel */
  function uncover(panel) {
    if (panel.due) draw(panel);
    const smooth = nnprobe.smooth(panel.marks);
    nnprobe.ground(panel.ground, smooth && panel.places.get(smooth.axis), smooth);
    panel.body.classList.remove('carded');
    panel.body.classList.add('moving', 'drawn');
  }

  /** Real traces in place of the canvas (or, of a crowd of points, under it, to answer the pointer), unless `current()`
      says no meanwhile; whether it came to that.
      @param {PanelRecord} panel @param {() => boolean} current */
  async function settle(panel, current) {
    /** @param {string} name */
    const is = (name) => panel.body.classList.contains(name);
    if (!visible(panel) || !panel.layout || !is('moving') || is('bare') || is('waiting') || is('carded')) return false;
    const theme = nnprobe.theme.of(panel), crowded = nnprobe.crowded(panel.marks), traces = crowded
      ? nnprobe.answers(panel.marks, panel.places, theme)
      : nnprobe.traces(panel.marks, panel.places, panel, theme);
    const layout = { ...nnprobe.layout.fixed(panel.layout), images: traces.images, annotations: traces.annotations };
    await Promise
      .all(traces.images.map(({ source }) => Object.assign(new Image(), { src: source }).decode().catch(() => {})));
    if (!current()) return false;
    await window.Plotly.react(panel.gd, [...nnprobe.layout.holders(layout), ...traces.data], layout, CONFIG);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    if (!current()) return false;
    panel.body.classList.toggle('crowded', crowded);
    panel.body.classList.remove('moving');
    return true;
  }

  /** Whether the film has grown out of what is seen: other axes, or something to show instead of a sentence.
      @param {PanelRecord} panel */
  function outgrown(panel) {
    if (!visible(panel) || !nnprobe.film.head || panel.seq < 0) return false;
    const ctx = nnprobe.context(panel), sentence = panel.part.sentence ? panel.part.sentence(ctx, panel.seq) : null;
    if (panel.body.classList.contains('bare') || sentence !== null) return panel.words.textContent !== sentence;
    return JSON.stringify(panel.part.layout(ctx)) !== JSON.stringify(panel.layout);
  }

  /** make(section) → a panel's record or null; the rest act on such a record. */
  nnprobe.host = { make, attach, fits, prepare, uncover, settle, outgrown };
})();
