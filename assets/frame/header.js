/* header: what is going on, in words that are always true: state, score, time; the sentence of a preset. */
(() => {
  'use strict';
  const { page } = nnprobe;
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);
  let announced = '', since = 0, sinceState = '';

  /** @param {number} number */
  const count = (number) => nnprobe.format.count(number);
  const film = () => nnprobe.film;

  const { act, doing, unit } = page.words, press = `press ${act}`;

  /** {state, word, text} of the present moment. */
  function sentence() {
    const { session, film, clock } = nnprobe, status = session.status();
    if (session.asked !== null) return { state: 'starting', word: 'starting', text: waited(session.asked) };
    if (film.file) {
      const frame = film.nearest(Math.floor(clock.seq));
      return { state: 'film', word: film.file, text: frame ? place({ step: frame.step, steps: film.planned }) : '' };
    }
    if (!film.run) {
      const shown = film.head ? film.head.arrays['data.x'] : null;
      if (film.source)
        return { state: 'ready', word: 'ready', text: session.before ? 'untrained' : `untrained · ${press}` };
      return { state: 'ready', word: 'ready', text: shown ? `${count(shown.shape[0])} points · ${press}` : press };
    }
    if (session.atReset) return { state: 'ready', word: 'reset', text: `the identical start · ${press}` };
    const frame = film.nearest(Math.floor(clock.seq));
    if (session.preset) {
      return { state: 'film', word: 'ready film',
        text: frame ? place({ step: frame.step, steps: film.planned }) : 'loading' };
    }
    if (!status) return { state: 'starting', word: 'opening', text: 'the film' };
    return { state: status.state, ...(WORDS[status.state] || WORDS.running)(status) };
  }

  /** @param {number} from */
  const waited = (from) => {
    const seconds = (performance.now() - from) / 1000;
    return seconds < 1 ? '' : nnprobe.duration(seconds);
  };
  /** @param {{ step: number, steps: number }} _ */
  const place = (
    { step, steps },
  ) => (unit === 'steps' ? `step ${count(step)} of ${count(steps)}` : `${count(step)} of ${count(steps)} ${unit}`);
  /** @param {Status} status */
  const why = (status) => (status.message ? ` · ${status.message}` : '');
  // Between two answers of the server the time goes on, but for a second at most: no claim about what is not known.
  /** @param {Status} status */
  function elapsed(status) {
    if (!status.elapsed) return '';
    const ahead = status.state === 'running' ? Math.min(1, Math.max(0, Date.now() / 1000 - status.updated)) : 0;
    return ` · ${nnprobe.duration(status.elapsed + ahead)}`;
  }
  /** @param {Status} status */
  const speed = (status) => (status.steps_per_s > 0 ? ` · ${rate(status.steps_per_s)} ${unit}/s` : '');
  /** @param {number} number */
  const rate = (number) => (number < 10 ? nnprobe.format.value(number, 2) : count(Math.round(number)));

  const WORDS = {
    /** @param {Status} status */
    queued: (status) => ({ word: 'queued',
      text: `${status.queue_place ? `place ${status.queue_place}` : 'next'} · ${waited(since) || 'waiting'}` }),
    /** @param {Status} status */
    running: (status) => (status.step
      ? { word: doing, text: place(status) + speed(status) + elapsed(status) }
      : { word: doing, text: `about to begin ${waited(since)}` }),
    /** @param {Status} status */
    paused: (status) => ({ word: `${doing} paused`, text: place(status) + elapsed(status) }),
    /** @param {Status} status */
    done: (status) => ({ word: 'done',
      text: `${count(status.steps || status.step)} ${unit} in ${nnprobe.duration(status.elapsed)}` }),
    /** @param {Status} status */
    stopped: (status) => ({ word: 'stopped', text: place(status) + why(status) }),
    /** @param {Status} status */
    failed: (status) => ({ word: 'failed', text: `${place(status)}${why(status)}` }),
    /** @param {Status} status */
    lost: (status) => ({ word: 'lost', text: `${place(status)}${why(status)}` }),
  };

  /** The number beside the state, at the playhead: what the page says it is. */
  function score() {
    const { film, clock, page, pages } = nnprobe, of = pages[page.name];
    return (of && of.score && film.head && of.score(film, Math.floor(clock.seq))) || '–';
  }

  function show() {
    const { session } = nnprobe;
    const state = session.status() ? session.status().state : '';
    if (state !== sinceState) {
      since = performance.now();
      sinceState = state;
    }
    const { state: kind, word, text } = sentence();
    const pill = $('state');
    if (pill.dataset.state !== kind) pill.dataset.state = kind;
    nnprobe.say($('state-word'), word);
    nnprobe.sayInClauses($('state-text'), text);
    const whole = `${word} ${text}`;
    if (pill.title !== whole) pill.title = whole;
    if ($('accuracy')) nnprobe.say($('accuracy'), score());
    $('back').hidden = !session.before;
    if (word !== announced) announce(word, kind, whole);
    nnprobe.controls.showRate(nnprobe.page.kind === 'run' && film().run ? rateNow() : null);
  }

  // The rate the network is trained at, unless a hand is on the slider; at rest, where the form is the film's, the rate
  // under the playhead: a training that stops leaves the slider where it is.
  function rateNow() {
    const slider = $('field-lr'), { config } = film(), { session, controls } = nnprobe;
    if (document.activeElement === slider && slider.matches(':active')) return undefined;
    const rates = film().series('series.training'), status = session.status();
    let rate = session.active() ? status.lr : null;
    if (!session.active() && rates && config && controls.config().lr === config.lr)
      rate = rates.column('learning_rate')[Math.min(Math.floor(nnprobe.clock.seq), rates.steps.length - 1)];
    return !config || !rate || Math.abs(rate / config.lr - 1) < 1e-5 ? null : Number(rate.toPrecision(6));
  }

  /** @param {string} word @param {string} kind @param {string} whole */
  function announce(word, kind, whole) {
    announced = word;
    nnprobe.say(
      $('announcer'),
      kind === 'done' && $('accuracy') ? `${whole}, ${$('accuracy-pill').textContent}` : whole,
    );
    // Why a run has failed stays until it is read, or until something else is going on.
    if (kind === 'failed' || kind === 'lost')
      nnprobe.toast(
        `The run has ${kind === 'failed' ? 'failed' : 'been lost'}: ${nnprobe.session.status().message}`,
        'fault',
        'state',
      );
    else nnprobe.toast.clear('state');
  }

  function showPreset() {
    const same = nnprobe.session.presets.find((other) =>
      nnprobe.controls.same(other.config, nnprobe.controls.config())
    );
    const item = nnprobe.session.preset || (nnprobe.page.eager ? null : same); // a study is told of before it is begun
    nnprobe.say($('preset-name'), same ? same.title : 'own settings');
    const words = item ? item.watch.replace(/^Watch /, '') : nnprobe.alone.sentence;
    nnprobe.say($('watch').firstElementChild, item ? 'Watch ' : 'Alone ');
    if (($('watch').hidden === Boolean(words)) || $('watch-text').textContent !== words) {
      $('watch').hidden = !words;
      nnprobe.say($('watch-text'), words);
      if (nnprobe.stage.relayout) nnprobe.stage.relayout();
    }
  }

  nnprobe.header = {
    bind() {
      const both = () => { show(); showPreset(); };
      $('back').addEventListener('click', () => nnprobe.session.back());
      nnprobe.session.on('change', both);
      nnprobe.session.on('presets', both);
      nnprobe.film.on('head', both);
      nnprobe.film.on('status', show);
      // Ten times a second while it plays: more cannot be read, and each lays out the page anew.
      let shown = 0;
      nnprobe.clock.on('tick', () => {
        if (nnprobe.clock.playing && performance.now() - shown < 100) return;
        shown = performance.now();
        show();
      });
      nnprobe.clock.on('rest', show);
      setInterval(show, 400);
      both();
    },
  };
})();
