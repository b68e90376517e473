/* separation: what the panels of a study share of its film. */
(() => {
  'use strict';
  const { table } = nnprobe;
  const NOT = /** @type {any} */ (null); // of a film of another kind
  /** The head that is read, and what was read of it.
      @type {{ head: Frame, read: StudyRead } | null} */
  let last = null;

  /** What the first frame says: {layers, classes, pairs: [[a, b]], stages, points: [train, test]}.
      @param {Film} film @returns {StudyRead} */
  function of(film) {
    if (!film.head || !film.head.arrays['separation.pairs']) return NOT;
    if (last && last.head === film.head) return last.read;
    const { header, arrays } = film.head, { shape: [count] } = arrays['separation.pairs'];
    const of = table('separation.pairs', arrays['separation.pairs']);
    const pairs = Array.from({ length: count }, (_, k) => [of('first', k), of('second', k)]);
    const read = { layers: named(header.layers), classes: header.classes, pairs, points: header.points,
      stages: header.config.stages, few: Boolean(arrays['separation.resamples']) };
    last = { head: film.head, read };
    return read;
  }

  /** Layers by their terms in PyTorch, the last one as everywhere: "fc1" of our networks is Linear 1. Others keep their
      names.
      @type {{ [kind: string]: string }} */
  const TERMS = { fc: 'Linear', relu: 'ReLU', conv: 'Conv', maxpool: 'MaxPool' };
  /** @param {string[]} layers */
  const named = (layers) => layers.map((name, k) => {
    const [, kind, number] = name.match(/^(fc|relu|conv|maxpool)(\d+)$/) || [];
    if (!kind) return name === 'input' ? 'Input' : name;
    return k === layers.length - 1 && kind === 'fc' ? 'Logits' : `${TERMS[kind]} ${number}`;
  });

  nnprobe.study = {
    of,

    /** How a pair is called: "1 and 8". */
    pair: (read, k) => read.pairs[k].map((place) => read.classes[place]).join(' and '),

    /** Mean over pairs of the values (layer, pair) of one layer; NaN where it is not known. */
    mean(array, layer) {
      const [, n] = array.shape;
      let sum = 0;
      for (let k = 0; k < n; k++) sum += array.data[layer * n + k];
      return sum / n;
    },

    /** The frames of stages at or before `seq` that are here: [{seq, frame}], a place for each stage. */
    seen(film, seq) {
      const read = of(film), out = [];
      for (let k = 0; read && k <= Math.min(seq, read.stages) && k < film.count; k++) if (film.frame(k)) out.push(k);
      return out;
    },

    /** A stage in words: "epoch 2.5", "before training". */
    stage(film, seq) {
      const frame = film.frame(seq), at = frame && frame.arrays['series.stage'];
      if (!seq) return 'before training';
      if (!at) return 'after training';
      return `epoch ${nnprobe.format.value(Math.round(table('series.stage', at)('epoch') * 100) / 100)}`;
    },

    /** The last stage's frame number at or before `seq`: further seeds have no pictures. */
    at: (film, seq) => Math.min(seq, of(film).stages),

    /** The axis of values begins at the lowest there is, rounded down to a twentieth. */
    lowest(ctx, names) {
      const { range } = ctx.gather(`lowest ${names}`, () => nnprobe.layout.extent().include(0.9),
        ({ arrays }, found) => found.columns(names.filter((name) => arrays[name]).map((name) => arrays[name].data)));
      return Math.floor((range || [0.9])[0] * 20 + 1e-9) / 20;
    },

    /** Names of the layers, cut to what a width of pixels holds. */
    names(ctx, room) {
      const most = Math.max(3, Math.floor(room / (0.56 * ctx.theme.fontSize)));
      // A thin space keeps a name off what it stands beside.
      return of(ctx.film).layers.map((name) => `${name.length > most ? `${name.slice(0, most - 1)}…` : name}\u2009`);
    },

    /** Room to the left for their names. */
    left(ctx) {
      const longest = Math.max(...of(ctx.film).layers.map((name) => name.length));
      return ctx.tiny ? 6 : Math.min(0.6 * longest * ctx.theme.fontSize + 12, 0.24 * ctx.width);
    },
  };
})();
