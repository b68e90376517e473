/* fork: train on from the playhead with other settings. */
(() => {
  'use strict';
  const { api, clock, commands, controls, experiment, film, format, query, say, session, toast } = nnprobe;
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);
  const { equal } = query;
  let busy = false, shown = 0;

  /** {seq, step} of the newest checkpoint at or before the playhead, null where there is none. The server has the last
      word: one goes with every so many scheduled frames, and with the last. */
  function spot() {
    const { steps, extra } = film, every = Number($('fork').dataset.every);
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
    const mine = controls.config(), here = controls.plain(experiment.now());
    const names = Object.keys(mine).filter((name) => !equal(mine[name], here[name]));
    const may = $('fork').dataset.changeable.split(' ');
    return names.length && names.every((name) => may.includes(name))
      ? Object.fromEntries(names.map((name) => [name, mine[name]]))
      : null;
  }

  /** Where the form's settings could go on from, and with what; null where nothing can. */
  function offer() {
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
    say($('fork-word'), busy ? 'Starting …' : `From step ${format.count(place.step)}`);
  }

  async function act() {
    const place = offer(), from = film.run;
    if (!place || busy) return;
    busy = true;
    show();
    try {
      const away = 'The server does not answer: nothing was forked.', { seq, config } = place;
      const status = await api.send(api.run(from, '/fork'), 'POST', { seq, config }, away);
      if (film.run === from) follow(status);
    } catch (problem) {
      if (!problem.sentence) throw problem;
      refuse(problem);
    } finally {
      busy = false;
      show();
    }
  }

  /** @param {Refusal} _ */
  function refuse({ sentence, field }) {
    toast(controls.said(sentence), 'error', 'fork');
    if (field) controls.problem(field, sentence);
  }

  /** @param {Status} status */
  function follow(status) {
    const fresh = status.fork.fresh ? ' The optimiser starts with nothing remembered.' : '';
    commands.own.add(status.run);
    session.openRun(status.run);
    clock.toLive();
    toast(
      `A new run goes on from step ${format.count(status.fork.step)}; the one it leaves stays in Runs.${fresh}`,
      'note',
      'fork',
    );
  }

  nnprobe.fork = {
    act,
    bind() {
      if (!$('fork')) return;
      $('fork').addEventListener('click', act);
      session.on('change', show);
      controls.on('change', show);
      film.on('frames', () => { if (performance.now() - shown > 200) show(); });
      for (const name of ['tick', 'rest', 'change']) {
        clock.on(name, () => { if (name !== 'tick' || performance.now() - shown > 200) show(); });
      }
    },
  };
})();
