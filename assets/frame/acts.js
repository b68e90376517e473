/* acts: the buttons that act on the experiment. One primary button that is the page's act (Train, Sweep), Pause or
   Resume. */
(() => {
  'use strict';
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);

  function pauseOrResume() {
    const status = nnprobe.session.status();
    if (!status) return;
    nnprobe.session.command(status.state === 'paused' ? 'resume' : 'pause');
    if (status.state === 'paused') nnprobe.clock.toLive();
  }

  function step() {
    const { session, clock } = nnprobe;
    if (!session.active() || session.guest() || !$('step')) return;
    session.command('step');
    clock.toLive();
  }

  function show() {
    const { session } = nnprobe, status = session.status(), active = session.active(),
      state = status ? status.state : '';
    const changed = session.changed(), waiting = session.asked !== null;
    const train = $('train'), pause = $('pause'), { act } = nnprobe.page.words;
    const paused = state === 'paused';
    // a run that somebody else has started is watched, not driven
    const guest = session.guest(), hands = active && !guest;
    train.hidden = hands && !changed;
    train.disabled = waiting || !$('form');
    nnprobe.say($('train-word'), waiting ? 'Starting …' : active && (changed || guest) ? `${act} anew` : act);
    nnprobe.say($('train-note'), 'changed');
    $('train-note').hidden = !changed || active || waiting;
    train.title = changed
      ? `The controls differ from the film: press to ${act.toLowerCase()} what they say`
      : train.dataset.tip;
    pause.hidden = !hands;
    pause.disabled = state === 'queued';
    pause.classList.toggle('primary', !changed);
    nnprobe.say(pause, paused ? 'Resume' : 'Pause');
    if ($('step')) $('step').disabled = !hands || state === 'queued';
    $('stop').disabled = !hands;
    $('stop').title = active && guest
      ? 'Somebody else has started this run: it goes on for all who watch it'
      : $('stop').dataset.tip;
    const resumable = ['stopped', 'lost'].includes(state) && status.step > 0 && status.step < status.steps
      && !session.atReset && !guest;
    $('stop').hidden = resumable;
    $('continue').hidden = !resumable;
    $('reset').disabled = !nnprobe.film.run && !session.before;
  }

  nnprobe.acts = {
    pauseOrResume,
    step,
    /** The primary act: what the primary button says. */
    primary() {
      if (nnprobe.session.active() && !nnprobe.session.changed() && !nnprobe.session.guest()) pauseOrResume();
      else if (!$('train').disabled) nnprobe.session.train();
    },
    bind() {
      for (const id of ['train', 'stop']) $(id).dataset.tip = $(id).title;
      $('train').addEventListener('click', () => nnprobe.session.train());
      $('pause').addEventListener('click', pauseOrResume);
      if ($('step')) $('step').addEventListener('click', step);
      $('stop').addEventListener('click', () => nnprobe.session.command('stop'));
      $('continue').addEventListener('click', () => nnprobe.session.goOn());
      $('reset').addEventListener('click', () => nnprobe.session.reset());
      if ($('pace')) {
        nnprobe.segments.bind($('pace'), (value) => {
          if (nnprobe.session.active() && !nnprobe.session.guest()) nnprobe.session.command('pace', Number(value));
        });
      }
      nnprobe.session.on('change', show);
      nnprobe.film.on('status', show);
      nnprobe.film.on('head', () => {
        // Who joins a run sees the pace it has.
        if ($('pace') && nnprobe.session.active())
          nnprobe.segments.choose($('pace'), String(nnprobe.session.status().pace));
        show();
      });
      nnprobe.controls.on('change', show);
      show();
    },
  };
})();
