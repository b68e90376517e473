/* controls: the form's values. The truth is `values`; what the page shows of them follows, so that a value from a link
   that no slider can reach is kept and shown. Which fields there are, their ranges, stops and units come from the
   form's data attributes. A field of a config within the config has a name with a dot: `run.noise`. */
(() => {
  'use strict';
  const { emitter, query } = nnprobe;
  const events = emitter();
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);
  const { equal, isGroup, text } = query;

  const fields = new Map(), types = new Map();
  const filled = new Map(); // text field → what it was filled with, as long as nobody has written into it
  let defaults = /** @type {Config} */ ({}), values = /** @type {Config} */ ({}), redraws = new Set();
  let shownRate = /** @type {number | null} */ (null), limits = /** @type {Limits} */ (/** @type {unknown} */ (null));

  /** The group of `config` that a field is in.
      @param {Field} field @returns {Config} */
  const groupOf = (field, config = values) => field.path.reduce((group, name) => group[name], config);
  /** @param {Field} field */
  const valueOf = (field) => (field.stand ? field.stand.get(groupOf(field)) : groupOf(field)[field.key]);
  /** @param {Field} field @param {Config} config */
  const matters = (field, config) => !field.when
    || Object.entries(field.when).every(([name, among]) => among.includes(String(groupOf(field, config)[name])));

  /** @param {Field} field @param {any} value */
  function readout(field, value) {
    const group = groupOf(field);
    if (field.stand && field.stand.show) return field.stand.show(group);
    const say = nnprobe.readouts.shows[field.key] || nnprobe.readouts.digits;
    return field.unit ? `${say(value, group)} ${field.unit}` : say(value, group);
  }

  // The place on the slider: the value itself, or the index of the nearest stop.
  /** @param {Field} field @param {number} value */
  function place(field, value) {
    const { stops } = field;
    if (!stops) return value;
    let best = 0;
    /** @param {number} k */
    const far = (k) => Math.abs(Math.log((stops[k] || 1e-9) / (value || 1e-9)));
    stops.forEach((_, k) => { if (far(k) < far(best)) best = k; });
    return best;
  }

  /** @param {Field} field */
  function show(field) {
    const value = field.name === 'lr' && shownRate !== null ? shownRate : valueOf(field);
    const input = field.input;
    field.box.hidden = !matters(field, values);
    limit(field);
    if (field.kind === 'slider') {
      const said = readout(field, value), at = place(field, value);
      if (Number(input.value) !== at) input.value = at;
      const lo = Number(input.min), hi = Number(input.max);
      input.style.setProperty('--fill', `${(100 * (Math.min(hi, Math.max(lo, at)) - lo)) / (hi - lo)}%`);
      input.setAttribute('aria-valuetext', said);
      input.disabled = Boolean(field.stand && field.stand.off && field.stand.off(groupOf(field)));
      $(`value-${field.id}`).textContent = said;
    } else if (field.kind === 'segments') {
      nnprobe.segments.choose(input, String(value));
    } else if (field.kind === 'switch') {
      input.setAttribute('aria-checked', String(value));
    } else if (document.activeElement !== input && input.value !== text(value, field.type)) {
      input.value = text(value, field.type);
    }
  }

  /** The bounds and choices that are left to a field by what the others are.
      @param {Field} field */
  function limit(field) {
    const { input } = field, now = nnprobe.controls.plain(values);
    if (field.kind === 'slider') [input.min, input.max] = limits.range(field.name, field.ends, now);
    else if (field.kind === 'number') [input.min, input.max] = limits.bounds(field.name, field.span, now);
    else for (const one of choices(field))
        one.hidden = one.disabled = !limits.allows(field.name, one.value || one.dataset.value || '', now);
  }
  /** @param {Field} _ @returns {any[]} */
  const choices = (
    { kind, input },
  ) => (kind === 'select' ? [...input.options] : kind === 'segments' ? [...input.querySelectorAll('.segment')] : []);

  /** Fields whose limits hang on what has just been changed follow it; a number that was typed is left to the door.
      @param {Field} moved */
  function settle(moved) {
    for (let pass = 0; pass < limits.PASSES; pass++) {
      // what is filled in counts, too
      for (const field of fields.values()) if (field.fills) fill(field, field === moved);
      const broken = limits.broken(nnprobe.controls.plain(values)).filter((name) =>
        name !== moved.name && fields.has(name)
      );
      if (!broken.length) break;
      for (const name of broken) bring(fields.get(name));
    }
  }

  /** Bring a field to the nearest value that its limits allow.
      @param {Field} field */
  function bring(field) {
    const now = nnprobe.controls.plain(values), group = groupOf(field), value = now[field.key];
    if (field.kind === 'slider') {
      const [first, last] = limits.range(field.name, field.ends, now),
        at = (/** @type {number} */ place) => (field.stops ? field.stops[place] : place);
      group[field.key] = value < at(first) ? at(first) : at(last);
    } else if (field.kind === 'number') {
      const [lo, hi] = limits.bounds(field.name, field.span, now);
      group[field.key] = Math.min(hi, Math.max(lo, value));
    } else {
      const among = choices(field).map((one) => one.value || one.dataset.value || '');
      group[field.key] = [defaults[field.key], ...among].find((choice) => limits.allows(field.name, choice, now));
    }
  }

  /** What is newly chosen starts filled, with values that may be had; they follow the other fields until they are
      edited.
      @param {any} _ @param {boolean} chosen */
  function fill({ name, key, fills: { into, values: known } }, chosen) {
    const choice = values[key],
      before = [...fields.values()].find((other) => other.fills && other.name !== name && values[other.key]);
    if (!chosen && values[into] !== filled.get(into)) return;
    /** @param {string} first */
    const number = (first) => (Number.isNaN(Number(first)) ? first : Number(first));
    const among = (known[choice] || []).filter((/** @type {string} */ text) =>
      limits.filter(choice, [text], values).length && (!before?.fills || before.fills.into > into
        || values[before.fills.into].split(',').every((/** @type {string} */ first) =>
          limits.filter(choice, [text], { ...values, [values[before.key]]: number(first) }).length)));
    values[into] = (among.length ? among : (known[choice] || []).slice(0, 1)).join(',');
    filled.set(into, values[into]);
  }

  function showAll() {
    for (const field of fields.values()) show(field);
    for (const fold of document.querySelectorAll('#form .more')) {
      nnprobe.say(fold.querySelector('.more-values'), summary(fold).filter(Boolean).join(' · '));
    }
  }

  /** What lies in a fold: what is made for its section, or the values in it that are not the usual ones.
      @param {HTMLElement} fold */
  function summary(fold) {
    const inside = [...fold.querySelectorAll('.field')].map((box) => fields.get(box.dataset.field));
    const made = nnprobe.readouts.summaries[fold.id.replace('more-', '')],
      group = inside.length ? groupOf(inside[0]) : values;
    if (made && Array.isArray(group.hidden)) return made(group);
    const changed = inside.filter((field) =>
      !field.stand && matters(field, values)
      && !equal(valueOf(field), groupOf(field, defaults)[field.key])
    );
    return changed.slice(0, 3).map((
      field,
    ) => (field.kind === 'slider' ? readout(field, valueOf(field)) : text(valueOf(field), field.type)));
  }

  /** @param {string} raw */
  const asNumber = (raw) => (raw.trim() === '' || Number.isNaN(Number(raw)) ? raw : Number(raw));
  const READS = {
    /** @param {Field} field */
    slider: (field) => (field.stops ? field.stops[Number(field.input.value)] : Number(field.input.value)),
    /** @param {Field} field */
    select: (field) => field.input.value,
    /** @param {Field} field */
    segments: (field) => nnprobe.segments.chosen(field.input),
    /** @param {Field} field */
    switch: (field) => field.input.getAttribute('aria-checked') === 'true',
    /** @param {Field} field */
    number: (field) => asNumber(field.input.value),
    /** @param {Field} field */
    text: (field) => (LISTS[field.type] || ((raw) => raw))(field.input.value),
  };

  // A text that is no list yet is kept as it is: the server says in a sentence what it should be.
  /** @param {string} raw @param {string[]} parts */
  const list = (raw,
    parts) => (parts.every((part) => part.trim() && Number.isFinite(Number(part))) ? parts.map(Number) : raw);
  /** @type {{ [type: string]: (raw: string) => unknown }} */
  const LISTS = {
    /** @param {string} raw */
    integers: (raw) => (raw.trim() ? list(raw, raw.trim().split(/[-,\s]+/)) : []),
    /** @param {string} raw */
    numbers: (raw) => (raw.trim() ? list(raw, raw.trim().split(/[,\s]+/)) : []),
    /** @param {string} raw */
    schedule(raw) {
      const pairs = raw.trim() ? raw.split(',').map((pair) => pair.split(':').map(Number)) : [];
      return pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) ? pairs : raw;
    },
  };

  /** @param {Field} field */
  function changed(field) {
    const value = READS[field.kind](field), group = groupOf(field);
    if (equal(value, valueOf(field))) return;
    nnprobe.controls.problem(null);
    if (field.key === 'hidden' && !Array.isArray(value)) { // let the server say it, keep the last good one
      events.emit('invalid', { [field.name]: value });
      return;
    }
    if (field.stand) field.stand.set(group, value);
    else group[field.key] = value;
    settle(field);
    showAll();
    events.emit('change', { name: field.name, value,
      redraw: redraws.has(field.name) || Boolean(field.stand && field.key === 'seed' && redraws.size) });
  }

  /** @param {HTMLElement} box */
  function take(box) {
    const { field: name = '', kind, type, unit, when, stops } = box.dataset;
    const path = name.split('.'), key = String(path.pop()), id = name.replaceAll('.', '-'), input = $(`field-${id}`);
    const field = /** @type {Field} */ ({ name, path, key, id, kind, type, unit, box, input,
      stand: nnprobe.readouts.standsFor[key] || null });
    field.stops = stops ? JSON.parse(stops) : null;
    field.when = when ? JSON.parse(when) : null;
    field.fills = box.dataset.fills ? JSON.parse(box.dataset.fills) : null;
    field.span = [input.min, input.max].map(Number);
    field.ends = { lo: field.span[0], hi: field.span[1], step: Number(input.step) || 1, stops: field.stops };
    if (groupOf(field, defaults)[key] !== undefined) field.stand = null; // a field of its own in this config
    fields.set(name, field);
    types.set(name, type);
    if (kind === 'segments') nnprobe.segments.bind(input, () => changed(field));
    else if (kind === 'switch') {
      input.addEventListener('click', () => {
        input.setAttribute('aria-checked', String(input.getAttribute('aria-checked') !== 'true'));
        changed(field);
      });
    } else input.addEventListener(kind === 'slider' ? 'input' : 'change', () => changed(field));
  }

  /** Every field of `usual`, with the values of `config` where it has them.
      @param {Config} usual @param {Config | undefined} config @returns {Config} */
  const merged = (usual, config) => Object.fromEntries(Object.entries(usual).map(([name, value]) => {
    const given = config && config[name];
    return [name, isGroup(value) ? merged(value, given) : structuredClone(given === undefined ? value : given)];
  }));

  nnprobe.controls = {
    on: events.on,
    bind() {
      const form = $('form');
      if (!form) return;
      defaults = JSON.parse(form.dataset.defaults);
      values = structuredClone(defaults);
      limits = nnprobe.makeLimits(JSON.parse(form.dataset.limits));
      redraws = new Set(form.dataset.redraws.split(' ').filter(Boolean));
      for (const box of form.querySelectorAll('.field')) take(box);
      form.addEventListener('submit', (/** @type {any} */ event) => event.preventDefault());
      showAll();
    },
    /** Whether a change of some field redraws what is on the stage (the lab's data). */
    get redraws() { return redraws.size > 0; },
    /** Every field; those that do not matter at their defaults, so that equal experiments are equal. */
    config: () => nnprobe.controls.plain(values),
    /** A config with the fields that do not matter in it at their defaults. */
    plain(config) {
      const whole = merged(defaults, config);
      for (const field of [...fields.values()].filter((one) => !one.stand && !matters(one, whole))) {
        groupOf(field, whole)[field.key] = structuredClone(groupOf(field, defaults)[field.key]);
      }
      return whole;
    },
    set(config) {
      values = merged(defaults, config);
      shownRate = null;
      nnprobe.controls.problem(null);
      showAll();
    },
    /** The rate that a running network has now; null shows the config's own again, undefined leaves it. */
    showRate(rate) {
      if (rate === shownRate || rate === undefined) return;
      shownRate = rate;
      if (fields.has('lr')) show(fields.get('lr'));
    },
    /** Enter a change of the rate made by hand, as the schedule that repeats it. */
    schedule(pairs) {
      values.lr_schedule = pairs;
      if (fields.has('lr_schedule')) show(fields.get('lr_schedule'));
    },
    same: (a, b) => equal(nnprobe.controls.plain(a), nnprobe.controls.plain(b)),
    /** What differs from the defaults, as a query string. */
    query: (config = nnprobe.controls.config()) => nnprobe.query.of(config, defaults, types),
    /** A sentence of the server's with the fields called as they are on the page. */
    said(sentence) {
      if (sentence.startsWith('Unknown field')) return sentence; // what a link may say is called as in links
      /** @param {string} name */
      const label = (name) => (fields.has(name) ? $(`label-${fields.get(name).id}`).textContent : name);
      return sentence.replace(/^[a-z][a-z0-9_]*(?= must )/, label).replace(
        /\b[a-z]+(?:_[a-z0-9]+)+\b|\b(?:over|values)2\b/g,
        label,
      );
    },
    /** Show what is wrong at the field it is about; null takes all such sentences away. False where no such field is
        seen. */
    problem(name, sentence = '') {
      const about = name === null ? '' : name.split('.').pop();
      let seen = false;
      for (const field of fields.values()) {
        const bad = name !== null
          && (field.name === name || field.key === about || (about === 'hidden' && field.key === 'width'));
        const line = $(`problem-${field.id}`);
        line.hidden = !bad;
        line.textContent = bad ? nnprobe.controls.said(sentence) : '';
        field.input.setAttribute('aria-invalid', String(bad));
        if (bad) field.box.dataset.problem = '';
        else delete field.box.dataset.problem;
        seen ||= bad && !field.box.hidden;
      }
      return seen;
    },
  };
})();
