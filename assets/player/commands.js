/* commands: what the page tells a run, and which runs this tab has started. */
(() => {
  'use strict';
  const { api, toast } = nnprobe;
  const KEPT = 20;

  /** Runs that this tab remembers, beyond a reload.
      @param {string} key */
  function remembered(key) {
    const get = () => {
      try { return JSON.parse(sessionStorage.getItem(key) || '[]'); } catch { return []; }
    };
    return {
      /** @param {string} run */
      add(run) {
        try { sessionStorage.setItem(key, JSON.stringify([...get(), run].slice(-KEPT))); } catch { /* private mode */ }
      },
      /** @param {string | null} run */
      has: (run) => get().includes(run),
    };
  }

  // A new Train stops the run this tab started before, and nobody else's.
  const own = remembered('nnprobe-own');
  // Runs that somebody else had started with the same settings: this tab watches them, and leaves them alone.
  const guest = remembered('nnprobe-guest');

  /** Send one command; false, and a sentence on the page, where it did not arrive.
      @param {string | null} run @param {string} kind @param {unknown} value */
  async function send(run, kind, value) {
    if (!run) return false;
    try {
      const body = value === undefined ? { kind } : { kind, value };
      await api.send(api.run(run, '/commands'), 'POST', body, 'The server does not answer: the command was not sent.');
      return true;
    } catch (problem) {
      if (!problem.sentence) throw problem;
      toast(problem.sentence, 'error', 'command');
      return false;
    }
  }

  // While a slider moves the newest rate wins, with one command in flight.
  let busy = false, wish = null;
  /** @param {string | null} run @param {number} value */
  async function rate(run, value) {
    wish = value;
    if (busy) return;
    busy = true;
    while (wish !== null) {
      const next = wish;
      wish = null;
      await send(run, 'lr', next);
    }
    busy = false;
  }

  nnprobe.commands = { send, rate, own, guest };
})();
