/* Compare's own: best accuracy for the pill, and the links to tables and to runs. */
(() => {
  'use strict';
  const { sweep } = nnprobe;

  nnprobe.pages.compare = {
    /** The best network's test accuracy, of those that have one at the playhead. */
    score(film, seq) {
      const frame = film.nearest(seq), scores = frame && frame.arrays['sweep.scores'];
      if (!scores) return null;
      const all = sweep.spread(sweep.scores(scores, 'test_accuracy'));
      return all ? nnprobe.format.percent(all.high, 1) : null;
    },
    scrub: { series: 'series.loss', column: 'test_accuracy', log: false,
      say: (v) => `mean test accuracy ${nnprobe.format.percent(v, 1)}` },
  };

  // ---- below the form: the table as files, and every network by name ------------------------------------------------

  const chosen = () => nnprobe.choices.of(nnprobe.stage.panel('fates'), 'network');

  /** @param {HTMLSelectElement} select */
  function fill(select) {
    const { film } = nnprobe, read = sweep.of(film), { order, seq, final } = sweep.ranking(film), was = chosen();
    if (!read || !order.length) return;
    const scores = sweep.scores(film.frame(seq).arrays['sweep.scores'], 'test_accuracy');
    nnprobe.say(
      document.querySelector('label[for="sweep-network"]'),
      final ? 'Networks, best at the end first' : 'Networks, best so far first',
    );
    select
      .replaceChildren(...order.map((cell) =>
        Object.assign(document.createElement('option'), { value: String(cell),
          textContent: `${nnprobe.format.percent(scores[cell], 1)}  ${sweep.name(read, cell)}` })
      ));
    select.value = String(Number.isInteger(was) && was < read.count ? was : order[0]);
  }

  /** The form's foot is there when the panels are. */
  function mount() {
    const box = document.getElementById('sweep-tools'), select = box.querySelector('select'),
      button = box.querySelector('button');
    let filled = '';
    const update = () => {
      const { run, head } = nnprobe.film, { seq, final } = sweep.ranking(nnprobe.film), key = `${run} ${seq} ${final}`;
      box.hidden = !run || !head || !sweep.of(nnprobe.film);
      if (box.hidden || filled === key || document.activeElement === select) return;
      filled = key;
      for (const link of box.querySelectorAll('a[data-format]'))
        link.href = `/api/runs/${run}/table?format=${link.dataset.format}`;
      fill(select);
    };
    select.addEventListener(
      'change',
      () => nnprobe.choices.set(nnprobe.stage.panel('fates'), 'network', Number(select.value)),
    );
    button.addEventListener('click', () => sweep.open(sweep.of(nnprobe.film), Number(select.value)));
    nnprobe.film.on('head', () => {
      if (Number.isInteger(chosen())) nnprobe.choices.set(nnprobe.stage.panel('fates'), 'network', null);
      update();
    });
    nnprobe.clock.on('rest', update);
    // The last frame, or the word that there will be none after it, may change the order of a picture at rest.
    const again = () => {
      const before = sweep.ranked;
      if ([before, sweep.NONE].includes(sweep.ranking(nnprobe.film))) return;
      nnprobe.clock.repaint();
      update();
    };
    nnprobe.film.on('frames', again);
    nnprobe.film.on('status', again);
    update();
  }

  document.addEventListener('DOMContentLoaded', () => nnprobe.stage.on('ready', mount));
})();
