/* header: what is going on, in words that are always true: state, test accuracy, time; the sentence of a preset. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const $ = (id) => document.getElementById(id);
  let announced = '', since = null, sinceState = '';

  const count = (number) => nnprobe.format.count(number);

  /** {state, word, text} of the present moment. */
  function sentence() {
    const { lab, film, clock } = nnprobe, status = lab.status();
    if (lab.asked !== null) return { state: 'starting', word: 'starting', text: waited(lab.asked) };
    if (!film.run) {
      const points = film.head ? film.head.arrays['data.x'].shape[0] : 0;
      return { state: 'ready', word: 'ready', text: points ? `${count(points)} points · press Train` : 'press Train' };
    }
    if (lab.atReset) return { state: 'ready', word: 'reset', text: 'the identical start · press Train' };
    const frame = film.nearest(Math.floor(clock.seq));
    if (lab.preset) {
      return { state: 'film', word: 'ready film', text: frame ? `step ${count(frame.step)} of ${count(film.planned)}` : 'loading' };
    }
    if (!status) return { state: 'starting', word: 'opening', text: 'the film' };
    return { state: status.state, ...(WORDS[status.state] || WORDS.running)(status) };
  }

  const waited = (from) => {
    const seconds = (performance.now() - from) / 1000;
    return seconds < 1 ? '' : nnprobe.duration(seconds);
  };
  const place = (status) => `step ${count(status.step)} of ${count(status.steps)}`;
  const why = (status) => (status.message ? ` · ${status.message}` : '');
  // Between two answers of the server the time goes on, but for a second at most: no claim about what is not known.
  function elapsed(status) {
    if (!status.elapsed) return '';
    const ahead = status.state === 'running' ? Math.min(1, Math.max(0, Date.now() / 1000 - status.updated)) : 0;
    return ` · ${nnprobe.duration(status.elapsed + ahead)}`;
  }
  const speed = (status) => (status.steps_per_s > 0 ? ` · ${count(Math.round(status.steps_per_s))} steps/s` : '');

  const WORDS = {
    queued: (status) => ({ word: 'queued', text: `${status.queue_place ? `place ${status.queue_place}` : 'next'} · ${waited(since) || 'waiting'}` }),
    running: (status) => (status.step
      ? { word: 'training', text: place(status) + speed(status) + elapsed(status) }
      : { word: 'training', text: `about to begin ${waited(since)}` }),
    paused: (status) => ({ word: 'paused', text: place(status) + elapsed(status) }),
    done: (status) => ({ word: 'done', text: `${count(status.steps || status.step)} steps in ${nnprobe.duration(status.elapsed)}` }),
    stopped: (status) => ({ word: 'stopped', text: place(status) + why(status) }),
    failed: (status) => ({ word: 'failed', text: `${place(status)}${why(status)}` }),
    lost: (status) => ({ word: 'lost', text: `${place(status)}${why(status)}` }),
  };

  function accuracy() {
    const { film, clock } = nnprobe, series = film.series('series.loss');
    if (!series) return '–';
    const column = series.column(3);
    for (let seq = Math.min(Math.floor(clock.seq), column.length - 1); seq >= 0; seq--) {
      if (Number.isFinite(column[seq])) return nnprobe.format.percent(column[seq], 1);
    }
    return '–';
  }

  function show() {
    const { lab } = nnprobe;
    const state = lab.status() ? lab.status().state : '';
    if (state !== sinceState) {
      since = performance.now();
      sinceState = state;
    }
    const { state: kind, word, text } = sentence();
    const pill = $('state');
    if (pill.dataset.state !== kind) pill.dataset.state = kind;
    nnprobe.say($('state-word'), word);
    nnprobe.say($('state-text'), text);
    const whole = `${word} ${text}`;
    if (pill.title !== whole) pill.title = whole;
    nnprobe.say($('accuracy'), accuracy());
    $('back').hidden = !lab.before;
    if (word !== announced) announce(word, kind, whole);
    nnprobe.controls.showRate(lab.active() && lab.status().lr ? rateNow() : null);
  }

  // The rate the network is trained at: as the server says it, unless a hand is on the slider.
  const rateNow = () => {
    const slider = $('field-lr'), config = nnprobe.film.config, rate = nnprobe.lab.status().lr;
    if (document.activeElement === slider && slider.matches(':active')) return undefined;
    return config && Math.abs(rate / config.lr - 1) < 1e-5 ? null : Number(rate.toPrecision(6));
  };

  function announce(word, kind, whole) {
    announced = word;
    nnprobe.say($('announcer'), kind === 'done' ? `${whole}, test accuracy ${accuracy()}` : whole);
    if (kind === 'failed' || kind === 'lost') nnprobe.toast(`The run has ${kind === 'failed' ? 'failed' : 'been lost'}: ${nnprobe.lab.status().message}`, 'error', 'state');
  }

  function showPreset() {
    const item = nnprobe.lab.preset;
    const same = nnprobe.lab.presets.find((other) => nnprobe.controls.same(other.config, nnprobe.controls.config()));
    nnprobe.say($('preset-name'), same ? same.title : 'own settings');
    const words = item ? item.watch.replace(/^Watch /, '') : '';
    if (($('watch').hidden === Boolean(item)) || $('watch-text').textContent !== words) {
      $('watch').hidden = !item;
      nnprobe.say($('watch-text'), words);
      if (nnprobe.stage.relayout) nnprobe.stage.relayout();
    }
  }

  nnprobe.header = {
    bind() {
      const both = () => { show(); showPreset(); };
      $('back').addEventListener('click', () => nnprobe.lab.back());
      nnprobe.lab.on('change', both);
      nnprobe.lab.on('presets', both);
      nnprobe.film.on('head', both);
      nnprobe.film.on('status', show);
      nnprobe.clock.on('tick', show);
      setInterval(show, 400);
      both();
    },
  };
})();
