/* look: light and dark, projector mode, full screen, the help sheet. */
(() => {
  'use strict';
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;

  function relayout() {
    nnprobe.stage.relayout();
    nnprobe.sketch.draw();
  }

  /** @param {string} theme */
  function setTheme(theme) {
    root.dataset.theme = theme;
    relayout();
  }

  /** Escape leaves full screen last, not first, where the browser lets the page have the key (over HTTPS and at
      localhost). */
  function keepEscape() {
    if (navigator.keyboard && navigator.keyboard.lock) navigator.keyboard.lock(['Escape']).catch(() => {});
  }

  nnprobe.look = {
    toggleTheme() {
      const theme = root.dataset.theme === 'light' ? 'dark' : 'light';
      try { localStorage.setItem('nnprobe-theme', theme); } catch { /* private mode: for this page only */ }
      setTheme(theme);
    },
    get projector() { return 'projector' in root.dataset; },
    toggleProjector() {
      const on = !nnprobe.look.projector;
      if (on) root.dataset.projector = '';
      else delete root.dataset.projector;
      $('projector').setAttribute('aria-pressed', String(on));
      if (on && !nnprobe.stage.current)
        nnprobe.stage.spotlight(document.querySelector('.panel[data-number="1"]').dataset.panel);
      relayout();
    },
    toggleFullScreen() {
      if (document.fullscreenElement) document.exitFullscreen();
      else if (root.requestFullscreen)
        root.requestFullscreen().then(keepEscape, () =>
          nnprobe.toast('This browser refuses full screen.', 'note'));
    },
    toggleHelp() {
      const sheet = $('help');
      if (sheet.open) sheet.close();
      else sheet.showModal();
    },
    bind() {
      $('theme').addEventListener('click', nnprobe.look.toggleTheme);
      $('projector').addEventListener('click', nnprobe.look.toggleProjector);
      $('help-button').addEventListener('click', nnprobe.look.toggleHelp);
      $('help-close').addEventListener('click', () => $('help').close());
      $('help').addEventListener('click', (/** @type {any} */ event) =>
        { if (event.target === $('help')) $('help').close(); });
      $('stage').addEventListener('click', (/** @type {any} */ event) => {
        const head = event.target.closest('.panel-head');
        if (head && !event.target.closest('button')) head.querySelector('.panel-key:not(.panel-more)').click();
      });
      matchMedia('(prefers-color-scheme: light)').addEventListener('change', (event) => {
        let chosen = null;
        try { chosen = localStorage.getItem('nnprobe-theme'); } catch { /* private mode */ }
        if (!chosen) setTheme(event.matches ? 'light' : 'dark');
      });
    },
  };
})();
