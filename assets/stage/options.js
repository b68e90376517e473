/* options: a panel's own small buttons (what it shows, and its picture as a file), and its inputs. The buttons stand in
   the head of a panel that has room for them, else in a list below its ⋯. part.options: [{key, label, start: false}]
   switches, or [{key, choices: [[value, label], …], start: value}]. part.inputs: [{key, label, start, shared}] with
   `range: [lo, hi, step]` or `stops: […]` (a slider; `show(value)` is what it reads), or `choices: [[value, label], …]`
   or a function of the context that gives them for the film that is open. A shared one belongs to the page: every panel
   sees its value. A quiet one goes into the list, too, where it is narrow. */
(() => {
  'use strict';
  /** @param {string} tag @param {object} more @returns {any} */
  const made = (tag, more) => Object.assign(document.createElement(tag), more);

  const NARROW = 24; // a panel's width, in its own letters' size

  /** `changed()` is called for a choice of the panel's own, `acts.relayout()` for one of the page. */
  nnprobe.panelOptions = (panel, changed, acts) => {
    const bar = made('div', { className: 'panel-options', role: 'group', ariaLabel: `${panel.title}: options` });
    const refresh = /** @type {(() => void)[]} */ ([]);
    panel.refresh = (own) => {
      for (const update of own ? refresh : everywhere) update();
      if (own) changed();
      else acts.relayout();
    };
    /** @param {string | undefined} label @param {() => void} press */
    const button = (label, press) => {
      const one = made('button', { type: 'button', className: 'panel-option', textContent: label });
      one.addEventListener('click', () => {
        press();
        if (bar.popover && bar.matches(':popover-open')) bar.hidePopover();
      });
      bar.append(one);
      return one;
    };
    /** @param {string} key @param {unknown} value */
    const set = (key, value) => nnprobe.choices.set(panel, key, value);
    for (const { key, label, choices } of panel.part.options || []) {
      if (choices) {
        for (const [value, name] of choices) {
          const one = button(name, () => set(key, value));
          refresh.push(() => one.setAttribute('aria-pressed', String(panel.options.get(key) === value)));
        }
      } else {
        const one = button(label, () => set(key, !panel.options.get(key)));
        refresh.push(() => one.setAttribute('aria-pressed', String(Boolean(panel.options.get(key)))));
      }
    }
    button('PNG', () => acts.exportImage(panel.name)).setAttribute('aria-label', 'Save this picture as PNG');
    button('Hide', () => acts.hide(panel.name)).setAttribute('aria-label', `Hide ${panel.title}`);
    const head = panel.section.querySelector('.panel-head'), tools = made('div', { className: 'panel-tools' });
    tools.append(opener(panel, bar), bar, head.querySelector('.panel-key'));
    head.append(tools);
    const line = panel.part.inputs ? row(panel, refresh, set) : null,
      quiet = line ? [...line.querySelectorAll('[data-quiet]')] : [];
    if (line) head.after(line);
    for (const update of refresh) update();
    new ResizeObserver(() => place(panel, bar, line, quiet)).observe(panel.section);
  };

  /** Buttons in the head or in the list; quiet inputs below the head or in the list.
      @param {PanelRecord} panel @param {HTMLElement} bar @param {HTMLElement | null} line
      @param {HTMLElement[]} quiet */
  function place(panel, bar, line, quiet) {
    const letters = panel.section.clientWidth / parseFloat(getComputedStyle(panel.section).fontSize);
    // 22: title, note, number
    const needed = [...bar.children].reduce((sum, one) => sum + 0.5 * one.textContent.length + 1.6, 22);
    const roomy = panel.spotlit && letters > needed;
    if (roomy === !bar.popover) return settle();
    if (bar.popover && bar.matches(':popover-open')) bar.hidePopover();
    bar.popover = roomy ? null : 'auto';
    return settle();

    function settle() { for (const field of quiet) (line && letters > NARROW ? line : bar).append(field); }
  }

  /** The button ⋯, and where the list is when it is open: below it, or above it where that is nearer the middle.
      @param {PanelRecord} panel @param {HTMLElement} bar */
  function opener(panel, bar) {
    const button = made('button', { type: 'button', className: 'panel-key panel-more', textContent: '⋯',
      ariaLabel: `${panel.title}: options`, title: 'Options' });
    bar.popover = 'auto';
    button.popoverTargetElement = bar;
    bar.addEventListener('beforetoggle', ({ newState }) => {
      if (newState !== 'open') return;
      const at = button.getBoundingClientRect(), below = at.top < innerHeight / 2;
      const room = `${Math.round(below ? innerHeight - at.bottom - 12 : at.top - 12)}px`;
      Object.assign(bar.style, { right: `${Math.max(8, innerWidth - at.right)}px`,
        top: below ? `${at.bottom + 4}px` : 'auto', bottom: below ? 'auto' : `${innerHeight - at.top + 4}px`,
        maxHeight: room });
    });
    // Escape closes the list, which the browser does; it is not to leave the spotlight as well.
    for (const one of [button, bar]) {
      one.addEventListener('keydown', (/** @type {any} */ event) => {
        if (event.key === 'Escape' && bar.popover && bar.matches(':popover-open')) event.stopPropagation();
      });
    }
    return button;
  }

  const everywhere = /** @type {(() => void)[]} */ ([]); // what shows a shared value

  /** The inputs below a panel's head.
      @param {PanelRecord} panel @param {(() => void)[]} refresh @param {(key: string, value: unknown) => void} set */
  function row(panel, refresh, set) {
    const line = made('div', { className: 'panel-inputs' });
    for (const spec of panel.part.inputs || []) {
      nnprobe.choices.start(panel, spec);
      const id = `input-${panel.name}-${spec.key}`,
        field = made('div', { className: 'panel-input', title: spec.help || '' });
      if (spec.quiet) field.dataset.quiet = '';
      field.append(made('label', { htmlFor: id, textContent: spec.label }));
      const update = (spec.choices ? select : slider)(panel, spec, field, id, (value) => set(spec.key, value));
      (spec.shared ? everywhere : refresh).push(update);
      update();
      line.append(field);
    }
    return line;
  }

  /** @param {PanelRecord} panel @param {Input} spec @param {HTMLElement} field @param {string} id
      @param {(value: unknown) => void} set */
  function slider(panel, spec, field, id, set) {
    const { stops } = spec, [lo, hi, step] = stops ? [0, stops.length - 1, 1] : spec.range || [];
    const input = made('input', { type: 'range', id, min: lo, max: hi, step }),
      readout = made('output', { htmlFor: id });
    input.addEventListener('input', () => set(stops ? stops[Number(input.value)] : Number(input.value)));
    field.append(input, readout);
    const update = () => {
      const value = nnprobe.choices.of(panel, spec.key), place = stops ? Math.max(0, stops.indexOf(value)) : value;
      const said = spec.show ? spec.show(value) : String(value);
      if (Number(input.value) !== place) input.value = place;
      input.style.setProperty('--fill', `${(100 * (place - lo)) / (hi - lo)}%`);
      input.setAttribute('aria-valuetext', said);
      nnprobe.say(readout, said);
    };
    if (spec.show) nnprobe.film.on('head', update); // what it reads may be of the film, as a size in its units is
    return update;
  }

  /** @param {PanelRecord} panel @param {Input} spec @param {HTMLElement} field @param {string} id
      @param {(value: unknown) => void} set */
  function select(panel, spec, field, id, set) {
    const input = made('select', { id, className: 'select' });
    let known = /** @type {Choice[]} */ ([]);
    const fill = () => {
      known = typeof spec.choices === 'function'
        ? (nnprobe.film.head ? spec.choices(nnprobe.context(panel)) : [])
        : spec.choices || [];
      input.replaceChildren(...known.map(([, name], k) => made('option', { value: String(k), textContent: name })));
      field.hidden = !known.length; // it will be asked again when there is a film
      input.disabled = known.length < 2;
      // A value that the new film does not have gives way to its first.
      const value = nnprobe.choices.of(panel, spec.key);
      if (known.length && !known.some(([one]) => one === value)) nnprobe.choices.start(panel, spec, known[0][0]);
      show();
    };
    const show = () => {
      input.value = String(known.findIndex(([one]) => one === nnprobe.choices.of(panel, spec.key)));
    };
    input.addEventListener('change', () => set(known[Number(input.value)][0]));
    field.append(input);
    fill();
    if (typeof spec.choices === 'function') nnprobe.film.on('head', fill);
    return show;
  }
})();
