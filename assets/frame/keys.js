/* keys: everything from the keyboard. A key that is being typed, or that works the control in focus, is left alone. */
(() => {
  'use strict';

  /** What Escape leaves: one thing a time, the innermost first. (Dialogs leave by themselves: they keep the keyboard.)
      */
  const LADDER = [
    { on: popover, leave: () => popover().hidePopover() },
    { on: () => nnprobe.menus.open, leave: () => nnprobe.menus.closeAll() },
    { on: () => typing(document.activeElement),
      leave: () => /** @type {HTMLElement} */ (document.activeElement).blur() },
    { on: () => nnprobe.phone.drawer, leave: () => nnprobe.phone.toggleDrawer(false) },
    { on: () => nnprobe.stage.current && !nnprobe.phone.single, leave: () => nnprobe.stage.spotlight(null) },
    { on: () => nnprobe.look.projector, leave: () => nnprobe.look.toggleProjector() },
    { on: () => document.fullscreenElement, leave: () => nnprobe.look.toggleFullScreen() },
  ];
  function popover() { return document.querySelector('[popover]:popover-open'); }
  /** @param {Element | null} element */
  const typing = (element) => element instanceof Element && element.matches('textarea, input:not([type="range"])');

  /** @type {{ [key: string]: (event: KeyboardEvent) => void }} */
  const ACTS = {
    ' ': () => nnprobe.clock.toggle(),
    ArrowLeft: (event) => nnprobe.clock.stepBy(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => nnprobe.clock.stepBy(event.shiftKey ? 10 : 1),
    Home: () => { nnprobe.clock.pause(); nnprobe.clock.toStart(); },
    End: () => { nnprobe.clock.pause(); nnprobe.clock.seek(Infinity); },
    l: () => nnprobe.clock.toLive(),
    t: () => nnprobe.acts.primary(),
    s: () => nnprobe.acts.step(),
    b: () => nnprobe.fork.act(),
    r: () => nnprobe.session.reset(),
    p: () => nnprobe.look.toggleProjector(),
    f: () => nnprobe.look.toggleFullScreen(),
    d: () => nnprobe.look.toggleTheme(),
    c: () => nnprobe.menus.copyLink(),
    v: () => nnprobe.chooser.toggle(),
    '?': () => nnprobe.look.toggleHelp(),
    0: () => nnprobe.stage.spotlight(null),
    Escape: () => { const rung = LADDER.find(({ on }) => on()); if (rung) rung.leave(); },
  };

  /** @param {string} key */
  function numbered(key) {
    const panel = document.querySelector(`.panel[data-number="${key}"]`);
    if (!panel) return null;
    const { panel: name } = panel.dataset;
    return () => nnprobe.stage.spotlight(nnprobe.stage.current === name && !nnprobe.look.projector ? null : name);
  }

  /** Whether the element in focus has a use of its own for this key.
      @param {KeyboardEvent} event */
  function taken(event) {
    const { target, key } = event;
    if (!(target instanceof Element) || key === 'Escape') return false;
    if (target.closest('textarea, select, [contenteditable="true"], .menu-list, [popover]')) return true;
    if (target.matches('input')) {
      if (/** @type {HTMLInputElement} */ (target).type !== 'range') return true;
      return /^(Arrow|Home|End|Page)/.test(key);
    }
    if (target.closest('[role="slider"], [role="radio"]') && /^(Arrow|Home|End|Page)/.test(key)) return true;
    return (key === ' ' || key === 'Enter') && Boolean(target.closest('button, summary, a, [role="radio"]'));
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const dialog = document.querySelector('dialog[open]');
    if (dialog) {
      if (event.key === '?' && dialog.id === 'help') { event.preventDefault(); dialog.close(); }
      return; // it keeps the focus; Escape closes it
    }
    if (taken(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = /^[1-9]$/.test(key) ? numbered(key) : ACTS[key];
    if (!act) return;
    event.preventDefault();
    act(event);
  }

  nnprobe.keys = {
    bind() {
      document.addEventListener('keydown', onKey);
      // After a click with the mouse the space bar belongs to the clock again, not to the button that was clicked.
      document.addEventListener('click', (event) => {
        const button = event.detail > 0 && event.target.closest('button:not([role="menuitem"])');
        if (button && document.activeElement === button) button.blur();
      });
    },
  };
})();
