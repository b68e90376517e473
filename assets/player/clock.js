/* clock: the one playhead. It plays, waits at the live edge, and tells when to paint ('tick') and when to settle
   ('rest'). */
(() => {
  'use strict';
  const { api, emitter, film, page } = nnprobe;
  const REST_MS = 180, WAITING_MS = 1500, ALL = 'all';
  // Frames arrive in bursts. Staying a few behind the edge, at the rate they come, shows each in its turn; a long lag
  // is caught up with.
  const CUSHION = 5, LAG = 20, PULL = 3;
  const events = emitter();
  /** Frames a second at speed 1: sixty, or what a page of few frames says (assets/pages/<name>.js, `rate`). */
  const usual = () => (nnprobe.pages[page.name] || {}).rate || 60;

  let seq = 0, shown = -1, speed = 1, playing = false, live = false, held = false;
  // what of the present place is to be painted again: ALL, or a Set of panels
  let again = /** @type {'all' | Set<PanelRecord> | null} */ (null);
  let moved = 0, resting = true, asked = /** @type {number | null} */ (null), before = 0, asleep = true;
  let rate = 60, edgeBefore = 0; // of frames coming in, while live

  const edge = () => Math.max(0, film.count - 1);
  const state = () => (film.status ? film.status.state : null);
  const training = () => state() === 'running';

  /** Ask for the next beat. After a sleep, time begins now; between beats none is lost. */
  function wake() {
    if (asked !== null) return;
    if (asleep) before = performance.now();
    asleep = false;
    asked = requestAnimationFrame(beat);
  }

  /** @param {number} seconds */
  function advance(seconds) {
    const end = edge();
    if (live) {
      const lag = end - seq;
      // an average over about a second
      rate = Math.min(usual(), Math.max(0, rate + (end - edgeBefore) - rate * seconds));
      edgeBefore = end;
      const pace = training() ? Math.max(1, rate + PULL * (lag - CUSHION)) : usual();
      seq = Math.min(end, Math.max(seq + seconds * pace, seq + Math.max(0, lag - LAG)));
    } else if (playing) {
      seq = Math.min(end, seq + seconds * usual() * speed);
      if (seq >= end && end > 0) arrive();
    }
    seq = Math.min(seq, end);
  }

  function arrive() {
    if (api.goesOn(state())) live = speed >= 1;
    else playing = film.complete ? false : playing;
    events.emit('change');
  }

  /** @param {number} at */
  function beat(at) {
    asked = null;
    const seconds = Math.min(0.25, Math.max(0, (at - before) / 1000));
    before = at;
    if (playing) advance(seconds);
    if (live && film.complete && seq >= edge()) {
      live = playing = false;
      events.emit('change');
    }
    const whole = Math.floor(seq);
    if (whole !== shown || again) {
      const only = whole === shown && again !== ALL ? again : null;
      shown = whole;
      again = null;
      moved = at;
      resting = false;
      events.emit('tick', whole, only);
    }
    // While frames are still coming, a short wait is no rest: settling costs more than many frames.
    const quiet = playing && (training() || seq < edge()) ? WAITING_MS : REST_MS;
    if (!resting && !held && at - moved > quiet) {
      resting = true;
      events.emit('rest', whole);
    }
    if (playing || !resting) wake();
    else if (asked === null) asleep = true;
  }

  /** Paint the present place again, as if the playhead had moved. */
  function repaint() {
    again = ALL;
    wake();
  }

  /** The same for one panel, which alone has changed: the others may rest.
      @param {PanelRecord} panel */
  function refresh(panel) {
    if (again !== ALL) again = (again || new Set()).add(panel);
    wake();
  }

  /** @param {number} to */
  function place(to, { keepLive = false } = {}) {
    seq = Math.max(0, Math.min(edge(), to));
    if (!keepLive) live = false;
    events.emit('change');
    wake();
  }

  /** @type {Clock} */
  const clock = {
    on: events.on,
    get seq() { return seq; },
    get speed() { return speed; },
    get playing() { return playing; },
    get live() { return live; },
    /** Also what is asked for and has not begun. */
    get moving() { return !resting || again !== null || shown !== Math.floor(seq); },
    play() {
      if (seq >= edge() && film.complete) seq = 0;
      playing = true;
      live = live || (api.goesOn(state()) && seq >= edge());
      events.emit('change');
      wake();
    },
    pause() {
      playing = live = false;
      events.emit('change');
      wake();
    },
    toggle() { (playing ? clock.pause : clock.play)(); },
    seek(to) { place(to); },
    stepBy(n) {
      playing = false;
      place(Math.round(Math.floor(seq)) + n);
    },
    toLive() {
      playing = live = api.goesOn(state());
      place(edge(), { keepLive: true });
    },
    toStart() { place(0); },
    setSpeed(x) {
      speed = x;
      if (x < 1) live = false;
      events.emit('change');
      wake();
    },
    /** While the hand is on the scrub bar nothing settles. */
    hold(on) {
      held = on;
      moved = performance.now();
      wake();
    },
    repaint,
    refresh,
    bind,
  };
  nnprobe.clock = clock;

  function listen() {
    film.on('head', () => {
      live = playing = api.goesOn(state());
      seq = live ? edge() : 0;
      // Who has asked the system for little motion sees the first frame and presses Play.
      if ((film.run || film.file) && !live) playing = !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      events.emit('change');
      repaint();
    });
    film.on('frames', () => { if (playing) wake(); else if (film.count === 1) repaint(); });
    let before = /** @type {string | null} */ (null);
    film.on('status', () => {
      if (state() !== before) events.emit('change');
      before = state();
      wake();
    });
    film.on('settled', repaint);
    film.on('lack', repaint);
  }

  /** @param {number} number */
  const sayings = (number) => new Intl.NumberFormat('en-GB').format(number).replace(/,/g, ' ');

  /** Wire the clock's buttons, wherever the page has put them. */
  function bind() {
    /** @param {string} id @returns {any} */
    const at = (id) => document.getElementById(id);
    const buttons = { start: at('clock-start'), play: at('clock-play'), live: at('clock-live') };
    const speeds = at('clock-speed'), readout = at('clock-readout');
    if (buttons.start) buttons.start.addEventListener('click', clock.toStart);
    if (buttons.play) buttons.play.addEventListener('click', clock.toggle);
    if (buttons.live) buttons.live.addEventListener('click', clock.toLive);
    if (speeds) {
      speeds.addEventListener('change', (/** @type {any} */ event) => clock.setSpeed(Number(event.target.value)));
      speeds.addEventListener('click', (/** @type {any} */ event) => {
        const button = event.target.closest('[data-speed]');
        if (button) clock.setSpeed(Number(button.dataset.speed));
      });
    }
    const write = () => {
      const frame = film.nearest(Math.floor(seq)), active = api.goesOn(state());
      if (buttons.play) {
        buttons.play.dataset.playing = String(playing);
        buttons.play.setAttribute('aria-label', playing ? 'Pause playback' : 'Play');
      }
      if (buttons.live) {
        buttons.live.dataset.live = String(live);
        buttons.live.setAttribute('aria-pressed', String(live));
        buttons.live.setAttribute('aria-label', active ? 'Jump to the live edge' : 'Jump to the end');
      }
      if (speeds && speeds.tagName === 'SELECT') speeds.value = String(speed);
      else if (speeds) {
        for (const button of speeds.querySelectorAll('[data-speed]')) {
          button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === speed));
        }
      }
      if (readout && frame) {
        const end = !active && film.complete && Math.floor(seq) >= edge();
        const mode = live ? 'live' : playing ? 'playing' : end ? 'at the end' : 'film paused';
        readout.replaceChildren(
          Object.assign(document.createElement('strong'), { textContent: sayings(frame.step) }),
          ` / ${sayings(film.planned)} ${page.words.unit}`,
          Object.assign(document.createElement('span'), { className: `clock-mode ${live ? 'is-live' : ''}`,
            textContent: `${speed}× · ${mode}` }),
        );
      }
    };
    // Ten times a second while it plays: more cannot be read, and each lays out the page anew.
    let wrote = 0;
    clock.on('tick', () => {
      if (playing && performance.now() - wrote < 100) return;
      wrote = performance.now();
      write();
    });
    for (const name of ['rest', 'change']) clock.on(name, write);
    write();
  }

  listen();
})();
