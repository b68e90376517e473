/* preview: the data redrawn while a slider moves. One request in flight, and the latest wish wins. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  let busy = false, wish = null, latest = 0;

  /** The packed one-frame film of a config given as a query string; throws {sentence, field}. */
  async function fetchPreview(query) {
    let response;
    try {
      response = await fetch(`/api/preview?${query}`);
    } catch {
      throw { sentence: 'The server does not answer, so the data cannot be redrawn.', field: null };
    }
    if (response.ok) return response.arrayBuffer();
    const answer = await response.json().catch(() => ({}));
    throw { sentence: answer.error || `The server answered ${response.status}.`, field: answer.field || null };
  }

  async function work() {
    while (wish) {
      const { ticket, query, done, failed } = wish;
      wish = null;
      try {
        const buffer = await fetchPreview(query);
        if (ticket === latest) done(buffer);
      } catch (problem) {
        if (!problem.sentence) throw problem;
        if (ticket === latest) failed(problem);
      }
    }
  }

  nnprobe.preview = {
    fetch: fetchPreview,
    /** Ask for `query`; an older wish that has not been answered is dropped. */
    ask(query, done, failed) {
      wish = { ticket: ++latest, query, done, failed };
      if (busy) return;
      busy = true;
      work().finally(() => { busy = false; });
    },
    /** Forget every wish: something else is on the stage now. */
    cancel() {
      latest++;
      wish = null;
    },
  };
})();
