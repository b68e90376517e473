/* acts: the buttons that act on the experiment. One primary button that is the page's act (Train, Sweep), Pause or Resume. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const $ = (id) => document.getElementById(id);

  function pauseOrResume() {
    const status = nnprobe.lab.status();
    if (!status) return;
    nnprobe.lab.command(status.state === 'paused' ? 'resume' : 'pause');
    if (status.state === 'paused') nnprobe.clock.toLive();
  }

  function step() {
    const { lab, clock } = nnprobe;
    if (!lab.active() || lab.guest() || !$('step')) return;
    lab.command('step');
    clock.toLive();
  }

  function show() {
    const { lab } = nnprobe, status = lab.status(), active = lab.active(), state = status ? status.state : '';
    const changed = lab.changed(), waiting = lab.asked !== null;
    const train = $('train'), pause = $('pause'), { act } = nnprobe.page.words;
    const paused = state === 'paused';
    const guest = lab.guest(), hands = active && !guest; // a run that somebody else has started is watched, not driven
    train.hidden = hands && !changed;
    train.disabled = waiting || !$('form');
    nnprobe.say($('train-word'), waiting ? 'Starting …' : active && (changed || guest) ? `${act} anew` : act);
    nnprobe.say($('train-note'), 'changed');
    $('train-note').hidden = !changed || active || waiting;
    train.title = changed ? `The controls differ from the film: press to ${act.toLowerCase()} what they say` : train.dataset.tip;
    pause.hidden = !hands;
    pause.disabled = state === 'queued';
    pause.classList.toggle('primary', !changed);
    nnprobe.say(pause, paused ? 'Resume' : 'Pause');
    if ($('step')) $('step').disabled = !hands || state === 'queued';
    $('stop').disabled = !hands;
    $('stop').title = active && guest ? 'Somebody else has started this run: it goes on for all who watch it' : $('stop').dataset.tip;
    const resumable = ['stopped', 'lost'].includes(state) && status.step > 0 && status.step < status.steps && !lab.atReset && !guest;
    $('stop').hidden = resumable;
    $('continue').hidden = !resumable;
    $('reset').disabled = !nnprobe.film.run && !lab.before;
  }

  nnprobe.acts = {
    pauseOrResume,
    step,
    /** The primary act: what the primary button says. */
    primary() {
      if (nnprobe.lab.active() && !nnprobe.lab.changed() && !nnprobe.lab.guest()) pauseOrResume();
      else if (!$('train').disabled) nnprobe.lab.train();
    },
    bind() {
      for (const id of ['train', 'stop']) $(id).dataset.tip = $(id).title;
      $('train').addEventListener('click', () => nnprobe.lab.train());
      $('pause').addEventListener('click', pauseOrResume);
      if ($('step')) $('step').addEventListener('click', step);
      $('stop').addEventListener('click', () => nnprobe.lab.command('stop'));
      $('continue').addEventListener('click', () => nnprobe.lab.goOn());
      $('reset').addEventListener('click', () => nnprobe.lab.reset());
      if ($('pace')) {
        nnprobe.segments.bind($('pace'), (value) => {
          if (nnprobe.lab.active() && !nnprobe.lab.guest()) nnprobe.lab.command('pace', Number(value));
        });
      }
      nnprobe.lab.on('change', show);
      nnprobe.film.on('status', show);
      nnprobe.film.on('head', () => {
        // Who joins a run sees the pace it has.
        if ($('pace') && nnprobe.lab.active()) nnprobe.segments.choose($('pace'), String(nnprobe.lab.status().pace));
        show();
      });
      nnprobe.controls.on('change', show);
      show();
    },
  };
})();
