/* film: the one film on the page. Pulls it frame by frame, one request in flight, and keeps it. */
(() => {
  'use strict';
  const { api, emitter, page, seriesStore } = nnprobe;
  const BATCH = 96, SOON_MS = 2000, RETRY = [500, 1000, 2000, 4000, 8000];
  /** @type {(keyof Status)[]} */
  const SAID = ['state', 'message', 'queue_place', 'pace', 'lr'];
  const NONE = /** @type {any} */ (null); // who may be told it asks: see Film in types/film.d.ts
  const events = emitter();

  // Everything of the film that is open; replaced as a whole, so that a late answer for the old one finds no home.
  /** @returns {Reel} */
  const empty = () => ({ run: null, frames: [], arrived: [], count: 0, here: 0, series: seriesStore(), settled: null,
    places: [], scheduled: 0, status: null, statusText: '', said: 0, stop: new AbortController(), complete: false,
    error: null, source: null, file: null, title: '', waiting: true, note: '' });
  let now = empty();

  /** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
  const sleep = (ms, signal) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });

  /** @param {Reel} film */
  const ended = (film) => Boolean(film.status && !api.goesOn(film.status.state));

  /** @param {Reel} film @param {Response} response */
  function takeStatus(film, response) {
    const last = response.headers.get('X-Nnprobe-Last'), textual = response.headers.get('X-Nnprobe-Status');
    const known = film.count;
    if (last !== null) film.count = Math.max(film.count, Number(last) + 1);
    if (textual && textual !== film.statusText) {
      film.statusText = textual;
      const before = film.status, status = (film.status = JSON.parse(textual)), at = performance.now();
      // Its numbers change with every frame; ten times a second is more than can be read.
      const news = !before || SAID.some((name) => before[name] !== status[name]);
      if (news || at - film.said > 100) {
        film.said = at;
        events.emit('status', status);
      }
    }
    return film.count > known;
  }

  /** @param {Reel} film @param {Frame[]} frames */
  function takeFrames(film, frames) {
    for (const frame of frames) {
      if (film.frames[frame.seq]) continue;
      film.frames[frame.seq] = frame;
      film.arrived.push(frame);
      film.series.add(frame);
      film.count = Math.max(film.count, frame.seq + 1);
    }
    while (film.frames[film.here]) {
      // A settled track has one frame per scheduled frame, so the place of each is counted here.
      film.places[film.here] = film.frames[film.here].extra ? -1 : film.scheduled++;
      film.here++;
    }
  }

  /** One GET, tried again while the server is away; null when the film was closed meanwhile or is gone.
      @param {Reel} film @param {string} path @param {RequestCache} cache */
  async function get(film, path, cache = 'no-store') {
    for (let tries = 0; !film.stop.signal.aborted; tries++) {
      try {
        const response = await api.get(api.run(film.run, path), { signal: film.stop.signal, cache });
        const buffer = response.status === 204 ? null : await response.arrayBuffer();
        if (film !== now) return null;
        if (film.error) { film.error = null; events.emit('back'); }
        return { response, buffer };
      } catch (error) {
        if (film !== now || film.stop.signal.aborted) return null;
        if (error.status === 404 || error.status === 410) {
          film.complete = true;
          film.waiting = false;
          film.error = error.sentence;
          events.emit('gone', error.sentence);
          return null;
        }
        const wait = RETRY[Math.min(tries, RETRY.length - 1)];
        const why = error instanceof TypeError ? 'The server’s answer broke off' : error.message.replace(/\.$/, '');
        film.error = `${why}; trying again in ${wait / 1000} s.`;
        events.emit('error', film.error);
        await sleep(wait, film.stop.signal);
      }
    }
    return null;
  }

  /** Frames after a seq. Of those that are known to be there (`known` of them) the browser keeps what it gets, packed;
      at the live edge each answer is another one, and none is worth keeping.
      @param {Reel} film @param {number} after @param {number} limit */
  async function pull(film, after, limit, { track = 'film', known = 0, keep = false } = {}) {
    const packed = known > 1;
    const answer = await get(
      film,
      `/frames?after=${after}&limit=${packed ? Math.min(limit, known) : limit}&track=${track}`
        + `${packed ? '&packing=differences' : ''}`,
      packed || keep ? 'default' : 'no-store',
    );
    if (!answer) return null;
    const grew = track === 'film' && takeStatus(film, answer.response);
    if (!answer.buffer) return { frames: [], grew };
    const first = Number(answer.response.headers.get('X-Nnprobe-First'));
    return {
      frames: packed ? nnprobe.decodeDifferences(answer.buffer, first) : nnprobe.decodeFilm(answer.buffer, first),
      grew,
    };
  }

  /** How long to wait before asking again.
      @param {Reel} film @param {number} got */
  function pause(film, got) {
    if (document.hidden) return 1000;
    if (film.here < film.count) return 0;
    // frames come 16 ms apart; an empty answer was early
    if (film.status && film.status.state === 'running') return got ? 10 : 6;
    return 250;
  }

  /** @param {Reel} film @param {number | null} at */
  async function follow(film, at) {
    const start = await waitForHead(film);
    film.waiting = false;
    if (!start) {
      if (film === now) events.emit('lack'); // it ended before its first frame
      return;
    }
    if (film.count > 2) {
      const series = await get(film, '/series?after=-1', 'default');
      if (!series) return;
      if (series.buffer) film.series.addStacked(nnprobe.decodeFilm(series.buffer)[0]);
      // The frame that is asked for, and the newest: what panels take from the end of a film is there from the
      // beginning.
      const newest = film.count - 1;
      for (const place of new Set([Math.max(0, Math.min(at ?? newest, newest)), newest])) {
        const there = place > 0 ? await pull(film, place - 1, 1, { keep: true }) : { frames: [] };
        if (!there) return;
        takeFrames(film, there.frames);
      }
    }
    events.emit('head', film.frames[0]);
    events.emit('frames', film.count);
    await chase(film);
  }

  /** Everything in order, up to the end of the run.
      @param {Reel} film */
  async function chase(film) {
    film.complete = false;
    while (film === now) {
      // Cut at the same places for everybody, so that the server packs each part once.
      const answer = await pull(film, film.here - 1, BATCH - (film.here % BATCH), { known: film.count - film.here });
      if (!answer) return;
      takeFrames(film, answer.frames);
      if (answer.frames.length || answer.grew) events.emit('frames', film.count);
      if (!answer.frames.length && film.here >= film.count && ended(film)) break;
      await sleep(pause(film, answer.frames.length), film.stop.signal);
    }
    if (film !== now) return;
    film.complete = true;
    events.emit('frames', film.count);
    await pullSettled(film);
  }

  /** @param {Reel} film */
  async function waitForHead(film) {
    // A run just launched shows itself within half a second, and every wait is seen; one in a queue can be asked less
    // often.
    const soon = performance.now() + SOON_MS;
    while (film === now) {
      const answer = await pull(film, -1, 1, { keep: true });
      if (!answer) return false;
      if (answer.frames.length) {
        takeFrames(film, answer.frames);
        return true;
      }
      if (ended(film)) return false;
      const eager = performance.now() < soon || (film.status && film.status.state === 'running');
      await sleep(document.hidden ? 1000 : eager ? 20 : 150, film.stop.signal);
    }
    return false;
  }

  /** @param {Reel} film */
  async function pullSettled(film) {
    const settled = [];
    while (film === now) {
      const answer = await pull(film, settled.length - 1, BATCH, { track: 'settled',
        known: film.scheduled - settled.length });
      if (!answer) return;
      if (!answer.frames.length) break;
      settled.push(...answer.frames);
    }
    if (film !== now || !settled.length) return;
    film.settled = settled;
    events.emit('settled');
  }

  function replace() {
    now.stop.abort();
    now = empty();
    return now;
  }

  nnprobe.film = {
    on: events.on,
    /** Follow a run; `at` is the frame a returning viewer wants to see first (else the newest), `title` what it is
        called here. */
    open(run, at = null, title = '') {
      const film = replace();
      Object.assign(film, { run, title });
      follow(film, at);
    },
    /** Go on pulling a film that had ended, when its run was resumed. */
    resume() {
      if (now.run && now.complete && now.here) { now.settled = null; chase(now); }
    },
    /** Show a packed film that is at hand: a preview, a file. `source` is the id under which the server can be asked
        about it; `partial`: it is the points alone, and the network is on its way. */
    show(buffer, { source = null, partial = false, file = null } = {}) {
      const film = replace();
      takeFrames(film, nnprobe.decodeFilm(buffer));
      film.complete = true;
      film.source = source;
      film.file = file;
      film.waiting = partial;
      if (film.frames[0]) {
        events.emit('head', film.frames[0]);
        events.emit('frames', film.count);
      }
    },
    /** No more than what is shown will come: why, in a sentence for the panels that wait. */
    lack(note) {
      now.waiting = false;
      now.note = note;
      events.emit('lack');
    },
    close() { replace().waiting = false; },
    get run() { return now.run; },
    /** What the film is called where it has a name of its own, as a preset has; '' else. */
    get title() { return now.title; },
    /** The name of the file it was opened from; null: of none. */
    get file() { return now.file; },
    /** The id under which the server knows the network that is shown: the run's, or an untrained one's. */
    get source() { return now.run || now.source; },
    /** Whether more than what is shown is on its way: the first frame, or the network of the points. */
    get waiting() { return now.waiting; },
    get note() { return now.note; },
    get head() { return now.frames[0] || NONE; },
    get config() {
      const config = now.frames[0] ? now.frames[0].header.config || NONE : NONE, { device } = page;
      // A film that ships was made elsewhere: what is trained with its settings is trained where this server trains.
      return config && config.device && config.device !== device && (now.run || '').startsWith('preset-')
        ? { ...config, device }
        : config;
    },
    get status() { return now.status; },
    get count() { return now.count; },
    /** True once no more frames will come. */
    get complete() { return now.complete; },
    /** True once the last frame there will be is known, though not all may be here. */
    get ended() { return now.complete || ended(now); },
    get error() { return now.error; },
    /** All frames that are here, in the order they came. */
    get arrived() { return now.arrived; },
    /** How many are here without a gap from the first on. */
    get here() { return now.here; },
    frame: (seq) => now.frames[seq] || NONE,
    /** The last frame ≤ seq that is here already. */
    nearest(seq) {
      for (let k = Math.min(seq, now.frames.length - 1); k >= 0; k--) if (now.frames[k]) return now.frames[k];
      return NONE;
    },
    /** {array, seq} of the last frame ≤ seq that has `name`, for arrays that are not in every frame. */
    latest(name, seq) {
      for (let k = Math.min(seq, now.frames.length - 1); k >= 0; k--) {
        const frame = now.frames[k];
        if (frame && frame.arrays[name]) return { array: frame.arrays[name], seq: k };
      }
      return NONE;
    },
    series: (name) => now.series.get(name) || NONE,
    get steps() { return now.series.steps; },
    get extra() { return now.series.extra; },
    settled(seq) {
      const place = now.places[seq];
      return now.settled && place >= 0 && now.settled[place] ? now.settled[place].arrays : null;
    },
    get hasSettled() { return now.settled !== null; },
    /** Steps planned in all. */
    get planned() {
      const config = nnprobe.film.config, steps = now.series.steps;
      return (now.status && now.status.steps) || (config && config.steps)
        || (steps.length ? steps[steps.length - 1] : 0);
    },
  };
})();
