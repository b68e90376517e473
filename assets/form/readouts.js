/* readouts: how the fields of a run are read out, and controls that stand for several of them (width, depth, seed).
   Each is given the run's own fields, so they serve a run within another config as well. */
(() => {
  'use strict';
  const { countsOf, query } = nnprobe;
  const { text } = query;
  /** @type {{ [engine: string]: string }} */
  const ENGINES = { autograd: 'autograd', course: 'your library' };
  const SEEDS = ['seed_data', 'seed_init', 'seed_batch'];
  /** @param {number} number */
  const digits = (
    number,
  ) => (Number.isInteger(number) ? nnprobe.format.count(number) : nnprobe.format.value(number, 4));

  /** @param {Config} run @param {number | null} width @param {number} depth */
  const hiddenOf = (run, width, depth) => {
    const old = run.hidden, fill = old.length ? old[old.length - 1] : 16;
    return Array.from({ length: depth }, (_, k) => (width === null ? old[k] ?? fill : width));
  };

  /** @param {Config} run */
  function epochs(run) {
    const { points } = countsOf(run);
    return run.steps / Math.ceil(points / Math.min(run.batch_size || points, points));
  }

  nnprobe.readouts = {
    digits,
    /** name → {get(run), set(run, value), show(run)}: controls that are no fields. */
    standsFor: {
      width: {
        get: (run) => run.hidden[0] ?? 0,
        set: (run, value) => {
          run.hidden = hiddenOf(run, value, run.hidden.length);
        },
        show: (
          run,
        ) => (new Set(run.hidden).size > 1
          ? text(run.hidden, 'integers')
          : run.hidden.length
          ? digits(run.hidden[0])
          : '–'),
        off: (run) => !run.hidden.length,
      },
      depth: {
        get: (run) => run.hidden.length,
        set: (run, value) => { run.hidden = hiddenOf(run, null, value); },
      },
      seed: {
        get: (run) => run.seed_init,
        set: (run, value) => { for (const name of SEEDS) run[name] = value; },
      },
    },
    /** name → (value, run) → what is read out of it. */
    shows: {
      batch_size: (value) => (value === 0 ? 'full' : digits(value)),
      steps: (value, run) => (run.n_train === undefined ? digits(value)
        : `${digits(value)} · ${digits(Math.round(epochs(run) * 10) / 10)} epochs`),
      label_noise: (value) => nnprobe.format.percent(value),
      n_train: (value) => `${digits(value)} a class`,
      n_test: (value) => `${digits(value)} a class`,
    },
    /** section → (run) → what its fold says of the fields that lie in it. */
    summaries: {
      data: (
        run,
      ) => [`${digits(run.n_train)} a class`,
        run.label_noise ? `${nnprobe.format.percent(run.label_noise)} random` : ''],
      network: (
        run,
      ) => [
        run.hidden.length > 6 && new Set(run.hidden).size === 1
          ? `${run.hidden.length} × ${run.hidden[0]}`
          : text(run.hidden, 'integers') || 'no hidden layer',
      ],
      training: (
        run,
      ) => [ENGINES[run.engine],
        nnprobe.readouts.shows.batch_size(run.batch_size, run), digits(run.steps),
        [...new Set(SEEDS.map((name) => run[name]))].join('-')],
    },
  };
})();
