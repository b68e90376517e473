/* api: all that is asked of the server: where it is, how it says no, and which runs go on. */
(() => {
  'use strict';
  /** What a run is in as long as it goes on; in every other state it has ended. */
  const ACTIVE = new Set(['queued', 'running', 'paused']);

  /** Asks that a refusal be told in an answer of status 200 (RFC 7240): a form that is being filled in is no fault, and
      what a browser calls one it writes to its console. */
  const LENIENT = { Prefer: 'handling=lenient' };

  /** That something was not had: a sentence for the user, the field of the form that it is about (null: of none), and
      the status of the answer (0: there was none). */
  class Refusal extends Error {
    /** @param {string} sentence @param {{ field?: string | null, status?: number }} more */
    constructor(/** @type {string} */ sentence, { field = null, status = 0 } = {}) {
      super(sentence);
      Object.assign(this, { sentence, field, status });
    }
  }

  /** The answer, where it is none that refuses; throws a Refusal else. `away` is what is said where no answer comes,
      `options` are those of fetch.
      @param {string} path @param {RequestInit & { lenient?: boolean, away?: string }} [options] */
  async function get(path, { lenient = false, away = 'The server does not answer.', headers = {}, ...options } = {}) {
    const response = await fetch(path, { ...options, headers: lenient ? { ...headers, ...LENIENT } : headers })
      .catch((error) => { throw error.name === 'AbortError' ? error : new Refusal(away); });
    const { ok, status } = response;
    if (ok && !response.headers.get('Preference-Applied')) return response;
    const answer = await response.json().catch(() => ({}));
    throw new Refusal(answer.error || `The server answered ${status}.`, { field: answer.field || null, status });
  }

  nnprobe.api = {
    get,
    json: async (path, options) => (await get(path, options)).json(),
    /** Send `body`; the answer, {} where it says nothing. */
    async send(path, method, body, away) {
      const headers = { 'Content-Type': 'application/json' };
      const response = await get(path, { method, headers, body: JSON.stringify(body), lenient: true, away });
      return response.json().catch(() => ({}));
    },
    /** Where the server has a run, or something of it. */
    run: (run, rest = '') => `/api/runs/${encodeURIComponent(String(run))}${rest}`,
    /** Whether a run in this state goes on. */
    goesOn: (state) => ACTIVE.has(String(state)),
  };
})();
