/* page: which page this is, as the server has said in the page's head, and the ways to the others. */
(() => {
  'use strict';
  const said = document.querySelector('meta[name="nnprobe-page"]');

  /** {name, path, kind, eager, device (where this server trains), words: {act, doing, unit},
      names: {choice: as it is said}, classes: {data set: how many it has, or the field that says so},
      columns: {array: names of its columns}, constants: {name: number that films hold to},
      panels: {all, first, meta: {panel: what Python has for its script}}, paths: {page: path},
      kinds: {kind: {path, title, doing}}} */
  nnprobe.page = JSON.parse(said.content);

  /** {classes, points}: how many classes a run has, and how many training points over all of them, as its data set
      declares; or as the name of points of one's own says (content:train:test:classes, see datasets/own.py). */
  nnprobe.countsOf = (run) => {
    if (run.data) {
      const [train, , classes] = run.data.split(':').slice(1).map(Number);
      return { classes, points: train };
    }
    const declared = nnprobe.page.classes[run.dataset],
      classes = typeof declared === 'string' ? run[declared] : declared;
    return { classes, points: classes * run.n_train };
  };

  /** The address of a page: of a recorded film (`run`, at a step), or of an experiment (`query`, or a whole `config`).
      */
  nnprobe.pathTo = (page, { run = null, at = null, query = '', config = null } = {}) => {
    const text = config ? nnprobe.query.of(config) : query;
    return nnprobe.address.text({ query: text, run, at, path: nnprobe.page.paths[page] });
  };
  nnprobe.go = (page, place) => location.assign(nnprobe.pathTo(page, place));
})();
