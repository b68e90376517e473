/* Small words and widgets that several scripts share: durations, radio buttons in a row, toasts. */
(() => {
  'use strict';
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);

  nnprobe.duration = (seconds) => {
    if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
    if (seconds < 90) return `${Math.round(seconds)} s`;
    if (seconds < 5400) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
    return `${Math.round(seconds / 3600)} h`;
  };

  nnprobe.ago = (seconds) => {
    if (seconds < 60) return 'just now';
    if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
    if (seconds < 86400) return `${Math.round(seconds / 3600)} h ago`;
    return `${Math.round(seconds / 86400)} d ago`;
  };

  /** @type {{ [key: string]: number }} */
  const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  /** Set a text only when it differs, so that a screen reader and the layout are left in peace. */
  nnprobe.say = (element, words) => {
    if (element && element.textContent !== words) element.textContent = words;
  };

  /** A text in parts that end at ; , · or before a bracket: the style sheet shows as many as there is room for, and
      never a part of one (`.clauses`). */
  nnprobe.sayInClauses = (element, words) => {
    if (element.dataset.said === words) return;
    element.dataset.said = words;
    const parts = ['\u200b', ...words.split(/(?=[;,] | \(| · )/)];
    element
      .replaceChildren(...parts.map((part) => Object.assign(document.createElement('span'), { textContent: part })));
  };

  /** @param {Element} group @returns {HTMLElement[]} */
  const buttons = (group) => [...group.querySelectorAll('[role="radio"]')];
  nnprobe.segments = {
    chosen: (group) =>
      (buttons(group).find((button) => button.getAttribute('aria-checked') === 'true') || {}).dataset?.value,
    choose(group, value) {
      for (const button of buttons(group)) {
        const on = button.dataset.value === value;
        button.setAttribute('aria-checked', String(on));
        button.tabIndex = on ? 0 : -1;
      }
    },
    /** Click and arrow keys, as in a row of native radio buttons. */
    bind(group, changed) {
      /** @param {any} button */
      const pick = (button) => {
        nnprobe.segments.choose(group, button.dataset.value);
        button.focus();
        changed(button.dataset.value);
      };
      group.addEventListener('click', (event) => {
        const button = event.target.closest('[role="radio"]');
        if (button) pick(button);
      });
      group.addEventListener('keydown', (event) => {
        const by = ARROWS[event.key];
        if (!by) return;
        event.preventDefault();
        const all = buttons(group), at = all.findIndex((button) => button === document.activeElement);
        pick(all[(at + by + all.length) % all.length]);
      });
    },
  };

  /** A sentence on the page: kind "fault" (stays until it is closed or cleared), "error", "told" or
      "note" (the shortest). The same `about` replaces itself. `offer`: {word, act}, a button. */
  nnprobe.toast = /** @type {Toast} */ ((sentence, kind = 'error', about = sentence, offer = null) => {
    const host = $('toasts');
    if (!host) return;
    nnprobe.toast.clear(about);
    const toast = document.createElement('div'), words = document.createElement('p'),
      close = document.createElement('button');
    toast.className = 'toast';
    toast.dataset.kind = kind;
    toast.dataset.about = about;
    words.textContent = sentence;
    close.type = 'button';
    close.className = 'button icon';
    close.setAttribute('aria-label', 'Close this message');
    close.textContent = '✕';
    close.addEventListener('click', () => toast.remove());
    toast.append(words);
    if (offer) {
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button',
        textContent: offer.word });
      button.addEventListener('click', () => {
        toast.remove();
        offer.act();
      });
      toast.append(button);
    }
    toast.append(close);
    host.append(toast);
    while (host.children.length > 3) host.firstElementChild.remove();
    if (kind !== 'fault') setTimeout(() => toast.remove(), kind === 'note' ? 2500 : 12000);
  });
  nnprobe.toast.clear = (about) => {
    for (const old of document.querySelectorAll('.toast')) if (old.dataset.about === about) old.remove();
  };
})();
