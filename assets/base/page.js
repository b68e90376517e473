/* page: which page this is, as the server has said in the page's head, and the ways to the others. */
(() => {
  'use strict';
  const said = document.querySelector('meta[name="nnprobe-page"]');

  /** {name, path, kind, eager, device (where this server trains), words: {act, doing, unit},
      names: {choice: as it is said}, paths: {page: path}, kinds: {kind: {path, title, doing}}} */
  nnprobe.page = JSON.parse(said.content);

  /** The address of a page: of a recorded film (`run`, at a step), or of an experiment (`query`, or a whole `config`).
      */
  nnprobe.pathTo = (page, { run = null, at = null, query = '', config = null } = {}) => {
    const text = config ? nnprobe.query.of(config) : query;
    return nnprobe.address.text({ query: text, run, at, path: nnprobe.page.paths[page] });
  };
  nnprobe.go = (page, place) => location.assign(nnprobe.pathTo(page, place));
})();
