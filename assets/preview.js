/* preview: what the server makes of a config before it runs: whether it is one, and the data redrawn while a slider moves.
   One request in flight, and the latest wish wins. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  let busy = false, wish = null, latest = 0;

  /** Asks that a refusal be told in an answer of status 200 (RFC 7240): a form that is being filled in is no fault, and
      what a browser calls one it writes to its console. */
  nnprobe.LENIENT = { Prefer: 'handling=lenient' };
  nnprobe.refused = (response) => !response.ok || response.headers.has('Preference-Applied');

  /** The answer to a GET; throws {sentence, field}. */
  async function get(path) {
    let response;
    try {
      response = await fetch(path, { headers: nnprobe.LENIENT });
    } catch {
      throw { sentence: 'The server does not answer, so this cannot be shown.', field: null };
    }
    if (!nnprobe.refused(response)) return response;
    const answer = await response.json().catch(() => ({}));
    throw { sentence: answer.error || `The server answered ${response.status}.`, field: answer.field || null };
  }

  /** The packed one-frame film of a config given as a query string. */
  const fetchPreview = async (query) => (await get(`/api/preview?${query}`)).arrayBuffer();

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
    /** The whole config of this page's kind that a query string means. */
    config: async (query) => (await (await get(`/api/config?kind=${nnprobe.page.kind}&${query}`)).json()).config,
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
