/* fork: train on from the playhead with other settings; and behind a fork's curve what its parent came to. */
(() => {
  'use strict';
  const { query } = nnprobe;
  const $ = (id) => document.getElementById(id);
  const { equal } = query;
  let busy = false, shown = 0, parent = null;

  /** {seq, step} of the newest checkpoint at or before the playhead, null where there is none. The server has the last
      word: one goes with every so many scheduled frames, and with the last. */
  function spot() {
    const { film, clock } = nnprobe, { steps, extra } = film, every = Number($('fork').dataset.every);
    const playhead = Math.min(Math.floor(clock.seq), steps.length - 1);
    let place = -1, found = null;
    for (let seq = 0; seq <= playhead; seq++) {
      if (extra[seq]) continue;
      place++;
      if (place && (place % every === 0 || steps[seq] === film.planned)) found = { seq, step: steps[seq] };
    }
    return found;
  }

  /** The settings in which the form differs from the film, as {name: value}; null where one of them cannot be changed
      on the way, or none is. */
  function changes() {
    const { controls, experiment } = nnprobe, mine = controls.config(), here = controls.plain(experiment.now());
    const names = Object.keys(mine).filter((name) => !equal(mine[name], here[name]));
    const may = $('fork').dataset.changeable.split(' ');
    return names.length && names.every((name) => may.includes(name)) ? Object.fromEntries(names.map((name) => [name, mine[name]])) : null;
  }

  /** Where the form's settings could go on from, and with what; null where nothing can. */
  function offer() {
    const { session, film } = nnprobe;
    if (!$('fork') || !film.run || session.asked !== null || session.atReset || !session.changed()) return null;
    const config = changes(), place = config && spot();
    return place ? { ...place, config } : null;
  }

  function show() {
    const button = $('fork'), place = offer();
    shown = performance.now();
    if (button.hidden !== !place) button.hidden = !place;
    if (!place) return;
    button.disabled = busy;
    button.setAttribute('aria-label', `Train on from step ${place.step} with these settings`);
    nnprobe.say($('fork-word'), busy ? 'Starting …' : `From step ${nnprobe.format.count(place.step)}`);
  }

  async function act() {
    const place = offer(), { film, session } = nnprobe, from = film.run;
    if (!place || busy) return;
    busy = true;
    show();
    try {
      const response = await fetch(`/api/runs/${encodeURIComponent(from)}/fork`, {
        method: 'POST', headers: { 'Content-Type': 'application/json', ...nnprobe.LENIENT }, body: JSON.stringify({ seq: place.seq, config: place.config }),
      });
      const answer = await response.json().catch(() => ({}));
      if (nnprobe.refused(response)) refuse(answer.error || `The server answered ${response.status}.`, answer.field);
      else if (film.run === from) follow(session, answer);
    } catch {
      nnprobe.toast('The server does not answer: nothing was forked.', 'error', 'fork');
    } finally {
      busy = false;
      show();
    }
  }

  function refuse(sentence, field) {
    nnprobe.toast(nnprobe.controls.said(sentence), 'error', 'fork');
    if (field) nnprobe.controls.problem(field, sentence);
  }

  function follow(session, status) {
    const fresh = status.fork.fresh ? ' The optimiser starts with nothing remembered.' : '';
    nnprobe.commands.own.add(status.run);
    session.openRun(status.run);
    nnprobe.clock.toLive();
    nnprobe.toast(`A new run goes on from step ${nnprobe.format.count(status.fork.step)}; the one it leaves stays in Runs.${fresh}`, 'note', 'fork');
  }

  /** The curve that the parent went on with, once a fork is shown: fetched once, and again when the fork has ended. */
  async function fetchParent() {
    const { film } = nnprobe, run = film.run, fork = film.head && film.head.header.fork;
    if (!fork || !run) { parent = null; return; }
    if (parent && parent.run !== run) parent = null;
    try {
      const response = await fetch(`/api/runs/${encodeURIComponent(fork.run)}/series?after=-1`);
      if (!response.ok || film.run !== run) return; // removed to make room: the fork has its own frames
      const { arrays } = nnprobe.decodeFilm(await response.arrayBuffer())[0], loss = arrays['series.loss'];
      if (!loss) return;
      parent = { run, curves: curves(arrays.step.data, loss, fork.step) };
      nnprobe.clock.repaint();
    } catch { /* the film itself says that the server is away */ }
  }

  /** Per column of the loss series {x, y} from `step` on; null where there is no curve. */
  function curves(steps, { data, shape: [, columns] }, step) {
    return Array.from({ length: columns }, (_, column) => {
      const x = [], y = [];
      for (let k = 0; k < steps.length; k++) {
        const value = data[k * columns + column];
        if (steps[k] < step || !Number.isFinite(value)) continue;
        x.push(steps[k]);
        y.push(value);
      }
      return x.length > 1 ? { x, y } : null;
    });
  }

  nnprobe.fork = {
    /** Step at which the film on the page left another one; null where it did not. */
    get step() {
      const { head } = nnprobe.film;
      return head && head.header.fork ? head.header.fork.step : null;
    },
    /** {x, y} of a column of the parent's loss series from the fork on; null where there is none. */
    parent: (column) => (parent && parent.run === nnprobe.film.run ? parent.curves[column] : null),
    act,
    bind() {
      nnprobe.film.on('head', fetchParent);
      nnprobe.film.on('settled', fetchParent);
      if (!$('fork')) return;
      $('fork').addEventListener('click', act);
      nnprobe.session.on('change', show);
      nnprobe.controls.on('change', show);
      nnprobe.film.on('frames', () => { if (performance.now() - shown > 200) show(); });
      for (const name of ['tick', 'rest', 'change']) {
        nnprobe.clock.on(name, () => { if (name !== 'tick' || performance.now() - shown > 200) show(); });
      }
    },
  };
})();
