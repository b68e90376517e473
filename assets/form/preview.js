/* preview: what the server makes of a config before it runs: whether it is one, the data redrawn while a slider moves,
   and the untrained network when it rests. One request of each in flight, and the latest wish wins. */
(() => {
  'use strict';
  const { api, page } = nnprobe;
  const REST_MS = 40;
  let busy = false, wish = /** @type {(Asked & PreviewThen) | null} */ (null), latest = 0,
    asked = /** @type {Asked | null} */ (null), looking = false;

  /** @param {string} path */
  const get = (path) => api.get(path, { lenient: true, away: 'The server does not answer, so this cannot be shown.' });

  /** The packed one-frame film of a config given as a query string.
      @param {string} query */
  const fetchPreview = async (query) => (await get(`/api/preview?${query}`)).arrayBuffer();

  async function work() {
    while (wish) {
      const { ticket, query, points, network, failed } = wish;
      wish = null;
      try {
        const buffer = await fetchPreview(query);
        if (ticket !== latest) continue;
        points(buffer);
        setTimeout(() => { if (ticket === latest) look({ ticket, query, network }); }, REST_MS);
      } catch (problem) {
        if (!problem.sentence) throw problem;
        if (ticket === latest) failed(problem);
      }
    }
  }

  /** The untrained network of what has been asked for last. A server that makes one is not asked for another meanwhile.
      @param {Asked} next */
  async function look(next) {
    asked = next;
    if (looking) return;
    looking = true;
    while (asked) {
      const { ticket, query, network } = asked;
      asked = null;
      const response = await api.get(`/api/untrained?${query}`, { cache: 'no-store' }).catch(() => null);
      const buffer = response && response.status === 200 ? await response.arrayBuffer().catch(() => null) : null;
      if (ticket !== latest) continue;
      if (response && buffer) network(buffer, response.headers.get('X-Nnprobe-Run'));
      else {
        const note = response && response.headers.get('X-Nnprobe-Note');
        network(null, null, note || 'The untrained network could not be had: Train shows it.');
      }
    }
    looking = false;
  }

  nnprobe.preview = {
    fetch: fetchPreview,
    /** The whole config of this page's kind that a query string means. */
    config: async (query) => (await (await get(`/api/config?kind=${page.kind}&${query}`)).json()).config,
    /** Ask for `query`: points(buffer) as soon as they are there, and network(buffer, source, note) once the controls
        rest; or failed(problem). An older wish that has not been answered is dropped. */
    ask(query, { points, network, failed }) {
      wish = { ticket: ++latest, query, points, network, failed };
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
