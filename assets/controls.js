/* controls: the form's values. The truth is `values`; what the page shows of them follows, so that a value from a link
   that no slider can reach is kept and shown. Ranges, stops and units come from the form's data attributes. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});
  const events = nnprobe.emitter();
  const $ = (id) => document.getElementById(id);
  const SEEDS = ['seed_data', 'seed_init', 'seed_batch'];

  let defaults = {}, values = {}, fields = new Map(), redraws = new Set(), shownRate = null;

  const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  // What a value is as text: in a link, in a text field.
  const text = (value) => {
    if (!Array.isArray(value)) return String(value);
    return Array.isArray(value[0]) ? value.map((pair) => pair.join(':')).join(',') : value.join('-');
  };

  const digits = (number) => (Number.isInteger(number) ? nnprobe.format.count(number) : nnprobe.format.value(number, 4));

  const hiddenOf = (width, depth) => {
    const old = values.hidden, fill = old.length ? old[old.length - 1] : 16;
    return Array.from({ length: depth }, (_, k) => (width === null ? old[k] ?? fill : width));
  };

  // Fields of the form that stand for others: how to read and to write them.
  const STANDS_FOR = {
    width: {
      get: () => values.hidden[0] ?? 0,
      set: (value) => { values.hidden = hiddenOf(value, values.hidden.length); },
      show: () => (new Set(values.hidden).size > 1 ? text(values.hidden) : values.hidden.length ? digits(values.hidden[0]) : '–'),
    },
    depth: { get: () => values.hidden.length, set: (value) => { values.hidden = hiddenOf(null, value); } },
    seed: {
      get: () => values.seed_init,
      set: (value) => { for (const name of SEEDS) values[name] = value; },
    },
  };

  const SHOWS = {
    batch_size: (value) => (value === 0 ? 'full' : digits(value)),
    steps: (value) => `${digits(value)} · ${digits(Math.round(epochs(value) * 10) / 10)} epochs`,
    label_noise: (value) => nnprobe.format.percent(value),
    n_train: (value) => `${digits(value)} a class`,
    n_test: (value) => `${digits(value)} a class`,
  };

  const classes = () => ({ spiral: values.arms, blobs: values.classes })[values.dataset] || 2;
  function epochs(steps) {
    const points = classes() * values.n_train;
    return steps / Math.ceil(points / Math.min(values.batch_size || points, points));
  }

  const valueOf = (name) => (STANDS_FOR[name] ? STANDS_FOR[name].get() : values[name]);
  const used = (name) => !fields.has(name) || fields.get(name).uses.has(values.dataset);

  function readout(field, value) {
    const stand = STANDS_FOR[field.name];
    if (stand && stand.show) return stand.show();
    const shown = (SHOWS[field.name] || digits)(value);
    return field.unit ? `${shown} ${field.unit}` : shown;
  }

  // The place on the slider: the value itself, or the index of the nearest stop.
  function place(field, value) {
    if (!field.stops) return value;
    let best = 0;
    const far = (k) => Math.abs(Math.log((field.stops[k] || 1e-9) / (value || 1e-9)));
    field.stops.forEach((_, k) => { if (far(k) < far(best)) best = k; });
    return best;
  }

  function show(field) {
    const value = field.name === 'lr' && shownRate !== null ? shownRate : valueOf(field.name);
    const input = field.input;
    field.box.hidden = !used(field.name) || Boolean(field.optimisers && !field.optimisers.has(values.optimiser));
    if (field.kind === 'slider') {
      const said = readout(field, value), at = place(field, value);
      if (Number(input.value) !== at) input.value = at;
      const lo = Number(input.min), hi = Number(input.max);
      input.style.setProperty('--fill', `${(100 * (Math.min(hi, Math.max(lo, at)) - lo)) / (hi - lo)}%`);
      input.setAttribute('aria-valuetext', said);
      input.disabled = field.name === 'width' && !values.hidden.length;
      $(`value-${field.name}`).textContent = said;
    } else if (field.kind === 'segments') {
      nnprobe.segments.choose(input, String(value));
    } else if (field.kind === 'switch') {
      input.setAttribute('aria-checked', String(value));
    } else if (document.activeElement !== input && input.value !== text(value)) {
      input.value = text(value);
    }
  }

  function showAll() {
    for (const field of fields.values()) show(field);
    const summary = {
      data: [`${digits(values.n_train)} a class`, values.label_noise ? `${nnprobe.format.percent(values.label_noise)} random` : ''],
      network: [text(values.hidden) || 'no hidden layer'],
      training: [SHOWS.batch_size(values.batch_size), digits(values.steps), [...new Set(SEEDS.map((name) => values[name]))].join('-')],
    };
    for (const [section, parts] of Object.entries(summary)) {
      const place = document.querySelector(`#more-${section} .more-values`);
      if (place) place.textContent = parts.filter(Boolean).join(' · ');
    }
  }

  const asNumber = (raw) => (raw.trim() === '' || Number.isNaN(Number(raw)) ? raw : Number(raw));
  const READS = {
    slider: (field) => (field.stops ? field.stops[Number(field.input.value)] : Number(field.input.value)),
    select: (field) => field.input.value,
    segments: (field) => nnprobe.segments.chosen(field.input),
    switch: (field) => field.input.getAttribute('aria-checked') === 'true',
    number: (field) => asNumber(field.input.value),
    text: (field) => parsed(field.name, field.input.value),
  };

  // A text that is no list yet is kept as it is: the server says in a sentence what it should be.
  function parsed(name, raw) {
    if (!raw.trim()) return [];
    if (name === 'hidden') return /^[\d\s,-]+$/.test(raw) ? raw.split(/[-,\s]+/).filter(Boolean).map(Number) : raw;
    const pairs = raw.split(',').map((pair) => pair.split(':').map(Number));
    return pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) ? pairs : raw;
  }

  function changed(field) {
    const value = READS[field.kind](field), name = field.name;
    if (equal(value, valueOf(name))) return;
    nnprobe.controls.problem(null);
    if (STANDS_FOR[name]) STANDS_FOR[name].set(value);
    else values[name] = value;
    if (name === 'hidden' && !Array.isArray(values.hidden)) { // let the server say it, keep the last good one
      const bad = values.hidden;
      values.hidden = defaults.hidden;
      events.emit('invalid', { hidden: bad });
      return;
    }
    showAll();
    events.emit('change', { name, value, redraw: redraws.has(name) || name === 'seed' });
  }

  function take(box) {
    const { field: name, kind, unit, uses, stops, optimisers } = box.dataset;
    const input = $(`field-${name}`);
    const field = { name, kind, unit, box, input, uses: new Set(uses.split(' ')) };
    field.stops = stops ? JSON.parse(stops) : null;
    field.optimisers = optimisers ? new Set(optimisers.split(' ')) : null;
    fields.set(name, field);
    if (kind === 'segments') nnprobe.segments.bind(input, () => changed(field));
    else if (kind === 'switch') {
      input.addEventListener('click', () => {
        input.setAttribute('aria-checked', String(input.getAttribute('aria-checked') !== 'true'));
        changed(field);
      });
    } else input.addEventListener(kind === 'slider' ? 'input' : 'change', () => changed(field));
  }

  nnprobe.controls = {
    on: events.on,
    bind() {
      const form = $('form');
      defaults = JSON.parse(form.dataset.defaults);
      values = structuredClone(defaults);
      redraws = new Set(form.dataset.redraws.split(' '));
      for (const box of form.querySelectorAll('.field')) take(box);
      form.addEventListener('submit', (event) => event.preventDefault());
      showAll();
    },
    /** Every field; those that the dataset does not use at their defaults, so that equal experiments are equal. */
    config: () => nnprobe.controls.plain(values),
    /** A config with the fields its dataset does not use at their defaults. */
    plain(config) {
      const whole = { ...defaults, ...config };
      const uses = (name) => !fields.has(name) || fields.get(name).uses.has(whole.dataset);
      return Object.fromEntries(Object.keys(defaults).map((name) => [name, uses(name) ? whole[name] : defaults[name]]));
    },
    set(config) {
      values = { ...structuredClone(defaults), ...structuredClone(config) };
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
    same(a, b) {
      return equal(nnprobe.controls.plain(a), nnprobe.controls.plain(b));
    },
    /** What differs from the defaults, as a query string. */
    query(config = nnprobe.controls.config()) {
      const say = (value) => encodeURIComponent(text(value)).replace(/%3A/g, ':').replace(/%2C/g, ',');
      const names = Object.keys(defaults).filter((name) => !equal(config[name], defaults[name]));
      return names.map((name) => `${name}=${say(config[name])}`).join('&');
    },
    /** Show what is wrong at the field it is about; null takes all such sentences away. */
    problem(name, sentence = '') {
      for (const field of fields.values()) {
        const bad = name !== null && (field.name === name || (name === 'hidden' && field.name === 'width'));
        const line = $(`problem-${field.name}`);
        line.hidden = !bad;
        line.textContent = bad ? sentence : '';
        field.input.setAttribute('aria-invalid', String(bad));
        if (bad) field.box.dataset.problem = '';
        else delete field.box.dataset.problem;
      }
    },
  };
})();
