/* session: what every page does. Opens what the address says, launches, pauses, resets; keeps form, film and address
   together. */
(() => {
  'use strict';
  const { api, emitter, page } = nnprobe;
  const events = emitter();
  const $ = (/** @type {string} */ id) => document.getElementById(id);
  const SILENCE = 8000;
  const { eager, kind, words: { act } } = page;

  // asked: when Train was pressed, null once it is answered. expected: what shall happen when the next film's head is
  // here.
  // stepping: the next address is a step of its own in the browser's history.
  let stepping = false, travelling = false, asked = /** @type {number | null} */ (null),
    expected = /** @type {any} */ ({}), shownBefore = /** @type {string | null} */ (null),
    presets = /** @type {Preset[]} */ ([]), preset = /** @type {Preset | null} */ (null),
    resetAt = /** @type {string | null} */ (null);

  const film = () => nnprobe.film, controls = () => nnprobe.controls, clock = () => nnprobe.clock;
  const status = () => /** @type {Status} */ (film().run ? film().status : null);
  const active = () => Boolean(status() && api.goesOn(status().state));

  const guest = () => Boolean(film().run) && nnprobe.commands.guest.has(film().run);

  const changed = () => {
    const here = film().run ? nnprobe.experiment.now() : null;
    return here !== null && !controls().same(here, controls().config());
  };

  function presetOf(/** @type {Config} */ config) {
    return presets.find((item) => controls().same(item.config, config)) || null;
  }

  // ---- opening -----------------------------------------------------------------------------------------------------

  /** @param {string} run @param {{ config?: Config | null, at?: number | null, after?: object }} [how] */
  function open(run, { config = null, at = null, after = {} } = {}) {
    nnprobe.preview.cancel();
    resetAt = null;
    expected = { run, config, at, ...after };
    preset = presets.find((item) => item.run === run) || null;
    film().open(run, at, preset ? preset.title : '');
    nnprobe.forget(); // what panels remember is of the film that has just gone
    events.emit('change');
  }

  function openPreset(/** @type {Preset} */ item) {
    stepping = true;
    controls().set(item.config);
    nnprobe.shown.about(item.panels);
    if (item.run) open(item.run, { config: item.config });
    else if (eager) train();
    else setOut();
  }

  /** @param {string} run @param {{ query?: string | null, at?: number | null }} [how] */
  async function openRun(run, { query = null, at = null } = {}) {
    const seq = await nnprobe.experiment.frameOf(run, at);
    open(run, { at: seq, after: { query, step: at, returning: at !== null } });
  }

  /** The controls say something that no film is of yet: the data, where the page shows them, or an empty stage. */
  function setOut() {
    if (controls().redraws) return redraw();
    nnprobe.toast.clear('gone');
    expected = {};
    shownBefore = film().run || shownBefore;
    preset = null;
    film().close();
    clock().pause();
    clock().repaint();
    events.emit('change');
    return undefined;
  }

  /** A link without a run that is here: the preset's film where it is one, else the experiment is trained at once, or,
      where that may take long, set out and ready.
      @param {string} query @param {number | null} at @returns {Promise<void>} */
  async function openConfig(query, at, acts = eager) {
    let config, buffer = null;
    try {
      if (controls().redraws) {
        buffer = await nnprobe.preview.fetch(query);
        ({ config } = nnprobe.decodeFilm(buffer)[0].header);
      } else {
        config = await nnprobe.preview.config(query);
      }
    } catch (problem) {
      if (!problem.sentence) throw problem;
      nnprobe.toast(`This link cannot be opened: ${controls().said(problem.sentence)}`, 'error', 'link');
      return start('', null);
    }
    controls().set(config);
    const item = presetOf(config);
    if (item && item.run) return openRun(item.run, { at });
    if (buffer) film().show(buffer, { partial: true });
    else setOut();
    return acts ? train() : undefined;
  }

  async function start(/** @type {string} */ query, /** @type {number | null} */ at, acts = eager) {
    if (query) return openConfig(query, at, acts);
    const first = presets[0];
    if (first && first.run) return openRun(first.run, { at });
    return setOut(); // no ready film: the default, waiting for the page's act
  }

  function onHead() {
    const { run, config, at, query, returning, replay } = expected;
    expected = {};
    if (!film().run || film().run !== run) return;
    if (!config && film().config) {
      controls().set(nnprobe.experiment.now());
      if (query && query !== controls().query()) adoptQuery(query);
    }
    if (replay && at === 0) { // a film that was there already is shown from its beginning, as one that trains is
      clock().toStart();
      clock().play();
    }
    if (returning && at !== null) {
      clock().pause();
      clock().seek(at);
    }
    events.emit('change');
  }

  // The address held changes that were not trained yet: they come back into the form.
  async function adoptQuery(/** @type {string} */ query) {
    try {
      controls().set(await nnprobe.preview.config(query));
      events.emit('change');
    } catch (problem) {
      if (!problem.sentence) throw problem;
    }
  }

  function onGone(/** @type {string} */ sentence) {
    const { run, query, step } = expected;
    expected = {};
    if (run && query === '') { // nothing says what it was
      film().close();
      nnprobe.toast(`${sentence} Here is the film that this page opens with.`, 'error', 'gone');
      start('', null);
    } else if (run && query) {
      const next = eager ? 'It is trained again from its settings.' : `Its settings are here: press ${act}.`;
      nnprobe.toast(`${sentence} ${next}`, 'error', 'gone');
      film().close();
      openConfig(query, step ?? null);
    } else {
      nnprobe.toast(sentence, 'error', 'gone');
    }
    events.emit('change');
  }

  /** @param {string} kind @param {unknown} value */
  const command = (kind, value, run = film().run) => nnprobe.commands.send(run, kind, value);

  // ---- acts --------------------------------------------------------------------------------------------------------

  /** Train what the controls say, or open the film of it that is there already; `own`: train it in any case. */
  function train({ own = aFilmOfThis() } = {}) {
    nnprobe.preview.cancel();
    controls().problem(null);
    asked = performance.now();
    const old = film().run || shownBefore;
    const replaces = old && nnprobe.commands.own.has(old) ? old : null;
    const nonce = `${Date.now()}-${Math.random()}`;
    window.dash_clientside.set_props('request', {
      data: { config: { kind, ...controls().config() }, replaces, own, nonce },
    });
    const mine = asked;
    setTimeout(() => {
      if (asked !== mine) return;
      asked = null;
      nnprobe.toast(`The server has not answered: the run may not have started. Press ${act} to try again.`);
      events.emit('change');
    }, SILENCE);
    events.emit('change');
  }

  /** The server's answer to Train, handed on by a clientside callback. */
  function answered(/** @type {any} */ launch, /** @type {any} */ refused) {
    const by = window.dash_clientside.callback_context.triggered.map((/** @type {any} */ item) => item.prop_id).join();
    asked = null;
    if (by.includes('refused') && refused) {
      nnprobe.toast(controls().said(refused.error));
      if (refused.field) controls().problem(refused.field, refused.error);
      events.emit('change');
    } else if (launch) {
      const { shared } = launch;
      if (!shared) nnprobe.commands.own.add(launch.run);
      else if (!nnprobe.commands.own.has(launch.run)) nnprobe.commands.guest.add(launch.run);
      shownBefore = null;
      open(launch.run, { config: JSON.parse(launch.config), at: shared && shared.state === 'done' ? 0 : null,
        after: { replay: Boolean(shared) } });
      if (shared) told(shared);
      put({ ...address(), run: launch.run, at: null }, true); // a reload in the queue comes back
      const pace = $('pace') ? Number(nnprobe.segments.chosen($('pace'))) : 60;
      if (pace !== 60 && !shared) command('pace', pace, launch.run);
    }
    return window.dash_clientside.no_update;
  }

  /** Whether a run of exactly what the controls say is on the page: who presses Train then wants another one. */
  function aFilmOfThis() {
    return Boolean(film().run) && !preset && !changed();
  }

  function told(/** @type {Status} */ { state, created }) {
    const when = state === 'done' ? `was trained ${nnprobe.ago(Date.now() / 1000 - created)}` : 'is being trained';
    nnprobe.toast(`This is a film that is there already: it ${when}, with exactly these settings.`, 'told', 'shared',
      { word: `${act} anew`, act: () => train({ own: true }) });
  }

  async function reset() {
    const run = film().run;
    if (!run && shownBefore) return back();
    if (!run) return undefined;
    if (active() && nnprobe.commands.own.has(run)) await command('stop', undefined, run);
    controls().set(nnprobe.experiment.now() || controls().config());
    resetAt = run;
    clock().pause();
    clock().toStart();
    events.emit('change');
    return undefined;
  }

  async function goOn() {
    const run = film().run;
    if (run && (await command('resume', undefined, run))) {
      open(run, { config: film().config });
    }
  }

  function back() {
    const run = shownBefore;
    shownBefore = null;
    if (run) openRun(run, {});
  }

  /** What is wrong with the form: at the field it is about, or, where that is not on the page, in a message. */
  function complain(/** @type {Refusal} */ { field, sentence }) {
    if (!field || !controls().problem(field, sentence)) nnprobe.toast(controls().said(sentence), 'error', 'form');
  }

  // ---- the form moves ----------------------------------------------------------------------------------------------

  function redraw() {
    const query = controls().query(), mine = ++looked;
    clearTimeout(checking);
    nnprobe.preview.ask(query, {
      points(buffer) {
        if (mine === looked) faultless();
        if (film().run) shownBefore = film().run;
        preset = null;
        film().show(buffer, { partial: true });
        events.emit('change');
      },
      network(buffer, source, note) {
        if (buffer) film().show(buffer, { source });
        else film().lack(String(note));
        events.emit('change');
      },
      failed(problem) { if (mine === looked) complain(problem); },
    });
  }

  function onControl(/** @type {any} */ { name, value, redraw: again }) {
    expected.config = expected.config || true; // a film that is still on its way must not undo what a hand has done
    if (name === 'lr' && kind === 'run' && active() && !guest()) {
      const before = film().config.lr;
      const config = controls().config();
      controls().set({ ...config, lr: before });
      controls().showRate(value);
      nnprobe.commands.rate(film().run, value);
    } else if (name === 'lr' && kind === 'run' && controls().config().lr_schedule.length) {
      controls().schedule([]); // a rate for the whole run, not only up to the first change
    // of what is not trained yet all is shown anew
    } else if (again || (controls().redraws && !film().run && film().head)) {
      redraw();
    } else {
      check();
    }
    events.emit('change');
  }

  // Fields that are typed may be wrong, and fields may not go together: the one door says so.
  let checking = 0, looked = 0; // how often the form was sent there: an answer about an older form says nothing
  function check(overrides = {}) {
    const mine = ++looked;
    clearTimeout(checking);
    checking = setTimeout(async () => {
      try {
        await nnprobe.preview.config(controls().query({ ...controls().config(), ...overrides }));
        if (mine === looked) faultless();
      } catch (problem) {
        if (!problem.sentence) throw problem;
        if (mine === looked) complain(problem);
      }
    }, 150);
  }

  function faultless() {
    controls().problem(null);
    nnprobe.toast.clear('form');
  }

  /** A rate set by hand has come back in the film: it belongs to the experiment now. */
  function onFrames() {
    const config = film().config, here = nnprobe.experiment.now();
    if (!config || !config.lr_schedule || !film().run || here.lr_schedule.length === config.lr_schedule.length) return;
    const mine = controls().config();
    if (!controls().same({ ...mine, lr_schedule: [] }, { ...config, lr_schedule: [] })) return;
    if (nnprobe.query.equal(mine.lr_schedule, here.lr_schedule)) return;
    controls().schedule(here.lr_schedule);
    if (guest()) nnprobe.toast('Who started this run has changed its learning rate.', 'told', 'shared');
    events.emit('change');
  }

  // ---- address -----------------------------------------------------------------------------------------------------

  function address({ exact = false } = {}) {
    const run = film().run, frame = run ? film().nearest(Math.floor(clock().seq)) : null;
    const place = frame && (exact ? !clock().live : !clock().live && !clock().playing) ? frame.step : null;
    return { query: controls().query(), run: preset || !run ? null : run, at: place, panels: nnprobe.shown.text };
  }

  /** @param {Address} place @param {boolean} step */
  const put = (place, step) => nnprobe.address.write(place, step, { panels: nnprobe.shown.state });

  // At most every 120 ms, however often it is asked for: while a run is live something changes all the time.
  let writing = /** @type {any} */ (null);
  function write() {
    writing ??= setTimeout(() => {
      writing = null;
      if (expected.run || asked || travelling) return;
      put(address(), stepping);
      stepping = false;
    }, 120);
  }

  /** The browser's Back and Forward: what the address says is opened; what has no film is set out, not trained again.
      */
  async function travel() {
    const { query, run, at, panels } = nnprobe.address.read(), here = address();
    nnprobe.shown.open(panels, history.state && history.state.panels);
    const there =
      nnprobe.address.text({ query, run, at: null }) === nnprobe.address.text({ ...here, at: null, panels: null });
    if (there && !expected.run) return; // while a film is opened, the form is still of the one before
    stepping = false;
    travelling = true; // what is still on the stage must not write over the address that was gone back to
    try {
      await (run ? openRun(run, { query, at }) : start(query, at, false));
    } finally {
      travelling = false;
    }
  }

  // ---- start -------------------------------------------------------------------------------------------------------

  const ready = api.json(`/api/presets?page=${page.name}`).then((answer) => answer.presets, () => []);

  async function begin() {
    film().on('head', onHead);
    film().on('gone', onGone);
    film().on('frames', onFrames);
    film().on('error', (sentence) => nnprobe.toast(sentence, 'error', 'film'));
    film().on('back', () => nnprobe.toast.clear('film'));
    controls().on('change', onControl);
    controls().on('invalid', check);
    for (const name of ['rest', 'change']) clock().on(name, write);
    events.on('change', write);
    nnprobe.shown.on('change', ({ step }) => { stepping = stepping || Boolean(step); write(); });
    addEventListener('popstate', travel);
    presets = await ready;
    events.emit('presets', presets);
    const { query, run, at, panels } = nnprobe.address.read(), given = panels !== null || history.state !== null;
    const { unknown } = nnprobe.shown;
    if (unknown.length) nnprobe.toast(`This page has no panel named ${unknown.join(', ')}.`, 'error', 'panels');
    nnprobe.session.ready = true;
    if (run) await openRun(run, { query, at });
    else await start(query, at);
    if (preset && (run || query) && !given) nnprobe.shown.about(preset.panels);
  }

  nnprobe.session = {
    on: events.on,
    ready: false,
    get asked() { return asked; },
    get presets() { return presets; },
    get preset() { return preset; },
    get before() { return film().run ? null : shownBefore; },
    get atReset() { return resetAt !== null && resetAt === film().run && !active(); },
    begin, status, active, changed, guest, address, openPreset, train, answered, command, reset, goOn, back,
    openRun(run) {
      stepping = true;
      return openRun(run);
    },
  };
})();
