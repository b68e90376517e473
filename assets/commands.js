/* commands: what the page tells a run, and which runs this tab has started. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const KEY = 'nnprobe-own', KEPT = 20;

  // A new Train stops the run this tab started before, and nobody else's. A reload must not forget which that is.
  const own = {
    get() {
      try { return JSON.parse(sessionStorage.getItem(KEY)) || []; } catch { return []; }
    },
    add(run) {
      try { sessionStorage.setItem(KEY, JSON.stringify([...own.get(), run].slice(-KEPT))); } catch { /* private mode */ }
    },
    has: (run) => own.get().includes(run),
  };

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

  nnprobe.commands = { send, rate, own };
})();
