/* chooser: the list of the page's panels: which are shown, and in what order. Rows are dragged by their grip, or moved
   by their arrows and with Alt ↑ ↓. Beneath the panels the shelf names those that are not shown; a tap shows one. */
(() => {
  'use strict';
  const { shown } = nnprobe;
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);
  const list = () => $('chooser'), rows = () => [...document.querySelectorAll('#chooser-rows > li')];
  /** @param {string} name */
  const rowOf = (name) => rows().find((row) => row.dataset.of === name);
  /** @param {HTMLElement} row */
  const box = (row) => row.querySelector('[role="checkbox"]');
  /** @param {string} name */
  const titleOf = (name) => box(rowOf(name)).dataset.title;
  /** @type {{ [key: string]: number }} */
  const ARROWS = { ArrowDown: 1, ArrowUp: -1 };
  let stepped = false; // one opening of the list is one step of the browser's history
  let opener = /** @type {HTMLElement | null} */ (null);

  /** @param {string} sentence */
  function tell(sentence) {
    nnprobe.say($('chooser-note'), sentence);
    nnprobe.say($('announcer'), sentence);
  }

  const how = () => {
    const step = !stepped;
    stepped = isOpen();
    return { step };
  };
  const isOpen = () => list().matches(':popover-open');
  const count = () => `${shown.names.length} of ${shown.all.length}`;

  /** @param {string} name */
  function toggle(name) {
    const on = !shown.has(name);
    if (on) shown.add(name, how());
    else if (shown.names.length === 1) return tell(`${titleOf(name)} is the only one: at least one panel is shown.`);
    else shown.remove(name, how());
    const place = shown.names.indexOf(name) + 1;
    return tell(on ? `${titleOf(name)} is shown, as panel ${place}.` : `${titleOf(name)} is not shown any more.`);
  }

  /** @param {string} name @param {number} to */
  function move(name, to) {
    const { names } = shown, from = names.indexOf(name), place = Math.min(Math.max(to, 0), names.length - 1);
    if (from < 0 || from === place) return;
    names.splice(place, 0, ...names.splice(from, 1));
    shown.choose(names, how());
    tell(`${titleOf(name)} is panel ${place + 1} of ${names.length}.`);
  }

  /** Elements of a parent in this order, with no more of them moved than must be: what has the focus keeps it.
      @param {HTMLElement} parent @param {HTMLElement[]} wanted */
  function order(parent, wanted) {
    const focused = /** @type {any} */ (document.activeElement);
    wanted.forEach((one, k) => { if (parent.children[k] !== one) parent.insertBefore(one, parent.children[k]); });
    if (parent.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  function show() {
    const { names, all } = shown, rest = all.filter((name) => !shown.has(name));
    order($('chooser-rows'), [...names, ...rest].map(rowOf));
    for (const row of rows()) {
      const place = names.indexOf(row.dataset.of), on = place >= 0;
      box(row).setAttribute('aria-checked', String(on));
      row.classList.toggle('off', !on);
      nnprobe.say(row.querySelector('kbd'), on ? String(place + 1) : '');
      for (const button of row.querySelectorAll('.chooser-move')) {
        button.disabled = !on || (button.dataset.by === '-1' ? place === 0 : place === names.length - 1);
      }
    }
    nnprobe.say($('chooser-count'), `${count()} shown`);
    $('chooser-first').disabled = shown.asAtFirst;
    $('chooser-all').disabled = !rest.length;
    for (const chip of document.querySelectorAll('#shelf .shelf-item')) chip.hidden = shown.has(chip.dataset.of);
    $('shelf').hidden = !rest.length;
    for (const key of document.querySelectorAll('#help-seen [data-of]')) {
      nnprobe.say(key, String(names.indexOf(key.dataset.of) + 1 || '–'));
    }
  }

  /** @param {HTMLElement} row */
  const middle = (row) => (({ top, height }) => top + height / 2)(row.getBoundingClientRect());

  /** Drag a row by its grip: it goes where the pointer is, and the panels follow when it is let go.
      @param {any} event */
  function drag(event) {
    const grip = event.target.closest('.chooser-grip'), row = grip && grip.closest('li');
    if (!row || row.classList.contains('off')) return;
    event.preventDefault();
    const others = rows().filter((one) => one !== row && !one.classList.contains('off'));
    let to = shown.names.indexOf(row.dataset.of);
    row.classList.add('dragged');
    grip.setPointerCapture(event.pointerId);
    /** @param {PointerEvent} _ */
    const follow = ({ clientY }) => {
      to = others.filter((one) => clientY > middle(one)).length;
      const all = [...others];
      all.splice(to, 0, row);
      all.forEach((one, k) => { one.style.order = k; });
    };
    /** @param {Event} _ */
    const end = ({ type }) => {
      grip.removeEventListener('pointermove', follow);
      row.classList.remove('dragged');
      for (const one of rows()) one.style.order = '';
      if (type === 'pointerup') move(row.dataset.of, to);
    };
    for (const one of rows()) if (one.classList.contains('off')) one.style.order = rows().length;
    grip.addEventListener('pointermove', follow);
    for (const type of ['pointerup', 'pointercancel']) grip.addEventListener(type, end, { once: true });
  }

  /** @param {any} event */
  function onKey(event) {
    const row = event.target.closest('#chooser-rows > li'), by = ARROWS[event.key];
    if (!row || !by) return;
    event.preventDefault();
    if (event.altKey) return move(row.dataset.of, shown.names.indexOf(row.dataset.of) + by);
    const all = rows();
    return box(all[(all.indexOf(row) + by + all.length) % all.length]).focus();
  }

  /** @param {any} event */
  function onClick(event) {
    const row = event.target.closest('li'), arrow = event.target.closest('.chooser-move');
    if (arrow) {
      move(row.dataset.of, shown.names.indexOf(row.dataset.of) + Number(arrow.dataset.by));
      if (arrow.disabled) box(row).focus(); // it has come to an end
    } else if (row && event.target.closest('[role="checkbox"]')) toggle(row.dataset.of);
  }

  /** Below the button that opens it, or above it where that is nearer the middle; a phone's style sheet says where.
      @param {any} _ */
  function place({ newState }) {
    if (newState !== 'open') return;
    stepped = false;
    nnprobe.say($('chooser-note'), '');
    const at = (opener || list()).getBoundingClientRect(), below = at.top < innerHeight / 2;
    Object.assign(list().style, { right: `${Math.max(8, innerWidth - at.right)}px`,
      top: below ? `${at.bottom + 6}px` : 'auto', bottom: below ? 'auto' : `${innerHeight - at.top + 6}px` });
  }

  nnprobe.chooser = {
    toggle() {
      opener = $('panels-button');
      list().togglePopover();
    },
    /** Take a panel off the page, from its own list. */
    hide(name) {
      if (shown.names.length > 1) toggle(name);
      else nnprobe.toast('At least one panel is shown.', 'note', 'panels');
    },
    bind() {
      list().popover = 'auto';
      list().hidden = false;
      for (const button of document.querySelectorAll('.opens-chooser')) {
        button.popoverTargetElement = list();
        button.addEventListener('click', () => { opener = button; });
      }
      list().addEventListener('beforetoggle', place);
      list().addEventListener('toggle', (/** @type {ToggleEvent} */ { newState }) => {
        if (newState === 'open') box(rows()[0]).focus({ preventScroll: true });
      });
      list().addEventListener('keydown', onKey);
      $('chooser-rows').addEventListener('click', onClick);
      $('chooser-rows').addEventListener('pointerdown', drag);
      $('chooser-first').addEventListener('click', () => {
        shown.choose(shown.first, how());
        tell(`As at first: ${count()} are shown.`);
      });
      $('chooser-all').addEventListener('click', () => {
        shown.choose([...shown.names, ...shown.all.filter((name) => !shown.has(name))], how());
        tell('All panels are shown.');
      });
      $('shelf').addEventListener('click', (/** @type {any} */ { target }) => {
        const chip = target.closest('.shelf-item');
        if (chip) toggle(chip.dataset.of);
      });
      shown.on('change', show);
      nnprobe.stage.on('hide', nnprobe.chooser.hide);
      show();
    },
  };
})();
