/* help: the leaves of the help sheet behind their tabs. */
(() => {
  'use strict';
  /** @type {{ [key: string]: number }} */
  const ARROWS = { ArrowRight: 1, ArrowLeft: -1 };

  const tabs = () => [...document.querySelectorAll('#help-tabs [role="tab"]')];

  /** @param {HTMLElement} tab */
  function turnTo(tab) {
    for (const one of tabs()) {
      const on = one === tab;
      one.setAttribute('aria-selected', String(on));
      one.tabIndex = on ? 0 : -1;
      document.getElementById(one.getAttribute('aria-controls')).hidden = !on;
    }
    document.getElementById('help').scrollTop = 0;
  }

  nnprobe.help = {
    bind() {
      const list = document.getElementById('help-tabs');
      list.addEventListener('click', (/** @type {any} */ event) => {
        const tab = event.target.closest('[role="tab"]');
        if (tab) turnTo(tab);
      });
      list.addEventListener('keydown', (/** @type {any} */ event) => {
        const by = ARROWS[event.key], all = tabs();
        if (!by) return;
        event.preventDefault();
        const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
        turnTo(next);
        next.focus();
      });
    },
  };
})();
