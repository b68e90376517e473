/* commands: what the page tells a run, and which runs this tab has started. */
(() => {
  'use strict';
  const KEPT = 20;

  /** Runs that this tab remembers, beyond a reload. */
  function remembered(key) {
    const get = () => {
      try { return JSON.parse(sessionStorage.getItem(key)) || []; } catch { return []; }
    };
    return {
      add(run) {
        try { sessionStorage.setItem(key, JSON.stringify([...get(), run].slice(-KEPT))); } catch { /* private mode */ }
      },
      has: (run) => get().includes(run),
    };
  }

  // A new Train stops the run this tab started before, and nobody else's.
  const own = remembered('nnprobe-own');
  // Runs that somebody else had started with the same settings: this tab watches them, and leaves them alone.
  const guest = remembered('nnprobe-guest');

  /** Send one command; false, and a sentence on the page, where it did not arrive. */
  async function send(run, kind, value) {
    if (!run) return false;
    try {
      const response = await fetch(`/api/runs/${encodeURIComponent(run)}/commands`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...nnprobe.LENIENT },
        body: JSON.stringify(value === undefined ? { kind } : { kind, value }),
      });
      if (!nnprobe.refused(response)) return true;
      const answer = await response.json().catch(() => ({}));
      nnprobe.toast(answer.error || `The server answered ${response.status}.`, 'error', 'command');
    } catch {
      nnprobe.toast('The server does not answer: the command was not sent.', 'error', 'command');
    }
    return false;
  }

  // While a slider moves the newest rate wins, with one command in flight.
  let busy = false, wish = null;
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
