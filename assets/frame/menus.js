/* menus: the lists below Preset and Runs, and Copy link. */
(() => {
  'use strict';
  const { api, page } = nnprobe;
  /** @type {{ [key: string]: number }} */
  const ARROWS = { ArrowDown: 1, ArrowUp: -1 };
  /** @param {string} id */
  const $ = (id) => document.getElementById(id);

  /** @param {string} tag @param {string} [className] @param {string} [text] @returns {any} */
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  /** @param {MenuItem} _ */
  function item({ title, aside, detail, current, act }) {
    const button = make('button', 'menu-item');
    button.type = 'button';
    button.setAttribute('role', 'menuitem');
    if (current) button.setAttribute('aria-current', 'true');
    button.append(make('strong', '', title), make('span', '', aside || ''));
    if (detail) button.append(make('small', '', detail));
    button.addEventListener('click', () => {
      closeAll();
      act();
    });
    return button;
  }

  /** In place of entries: a menu without any would be none to a screen reader.
      @param {string} sentence */
  function nothing(sentence) {
    const line = make('p', 'menu-empty', sentence);
    line.setAttribute('role', 'menuitem');
    line.setAttribute('aria-disabled', 'true');
    return line;
  }

  /** @param {string} menu @param {boolean} on */
  function open(menu, on) {
    const list = $(`${menu}-list`), button = $(`${menu}-button`);
    if (list.hidden === !on) return;
    list.hidden = !on;
    button.setAttribute('aria-expanded', String(on));
    if (on) (list.querySelector('[aria-current]') || list.querySelector('.menu-item'))?.focus({ preventScroll: false });
  }
  function closeAll() { for (const menu of ['presets', 'runs']) open(menu, false); }

  function fillPresets() {
    const list = $('presets-list'), { session } = nnprobe;
    list.replaceChildren();
    let group = null;
    for (const preset of session.presets) {
      if (preset.group !== group) list.append(make('div', 'menu-group', (group = preset.group)));
      list.append(item({
        title: preset.title, aside: preset.run || !nnprobe.page.eager ? '' : 'trains now', detail: preset.watch,
        current: session.preset === preset, act: () => session.openPreset(preset),
      }));
    }
    if (!session.presets.length) list.append(nothing('There are no presets here.'));
  }

  const { kinds } = page;

  /** What a run in the list says of itself: its page where that is another one, its state, how far it is, what it is
      of.
      @param {Status} run @param {number} now @returns {MenuItem} */
  function describe(run, now) {
    const kind = run.config.kind || 'run', home = kinds[kind] || { doing: 'running' };
    const state = run.state === 'running' ? home.doing : run.state, here = kind === nnprobe.page.kind;
    const progress = `${nnprobe.format.count(run.step)} of ${nnprobe.format.count(run.steps)} ${home.unit || 'steps'}`;
    const [special, whole] = run.about.split(' — ');
    return {
      title: run.name || special,
      aside: `${here || !home.title ? state : `${home.title}: ${state}`} · ${nnprobe.ago(now - run.created)}`,
      detail: [progress, run.name ? special : '', whole].filter(Boolean).join(' · '),
      current: nnprobe.film.run === run.run,
      act:
        () => (here
          ? nnprobe.session.openRun(run.run)
          : location.assign(nnprobe.address.text({ run: run.run, path: home.path || '/' }))),
    };
  }

  async function fillRuns() {
    const list = $('runs-list');
    if (nnprobe.names.editing) return;
    let answer;
    try {
      answer = await api.json('/api/runs');
    } catch (problem) {
      if (!problem.sentence) throw problem;
      list.replaceChildren(nothing(problem.sentence));
      return;
    }
    if (nnprobe.names.editing) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.run;
    const now = Date.now() / 1000;
    const items = answer.runs.slice(0, 60).map((/** @type {Status} */ run) => {
      const button = item(describe(run, now)), row = make('div', 'menu-row');
      button.dataset.run = run.run;
      row.append(button, nnprobe.names.button(run.run, run.name, row, fillRuns));
      return row;
    });
    /** @param {number} bytes */
    const size = (
      bytes,
    ) => (bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);
    const { files, film } = nnprobe,
      tools = [item({ title: 'Open a film file …', detail: 'or drop one on the page', act: files.choose })];
    if (film.run)
      tools.push(item({ title: 'Download this film', detail: `nnprobe-${film.run}.film`, act: files.save }));
    list.replaceChildren(
      ...tools,
      ...(items.length ? items : [nothing(`No run yet: press ${nnprobe.page.words.act}.`)]),
    );
    if (answer.limit)
      list
        .append(make(
          'p',
          'menu-empty',
          `Films take ${size(answer.size)} of ${size(answer.limit)}; the oldest make room.`,
        ));
    const again = focused && list.querySelector(`[data-run="${focused}"]`);
    if (again) again.focus();
  }

  async function copyLink() {
    const link = location.origin + nnprobe.address.text(nnprobe.session.address({ exact: true }));
    if (await written(link)) nnprobe.toast('Link copied: it shows this film at this moment.', 'note', 'link');
    else nnprobe.toast(`Copy this link by hand: ${link}`, 'error', 'link');
  }

  /** @param {string} text */
  async function written(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { // no secure context, or no permission
      const area = make('textarea', 'unseen');
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      return done;
    }
  }

  /** @param {any} event */
  function onKey(event) {
    const list = event.target.closest('.menu-list'), menu = event.target.closest('.menu');
    if (!menu) return;
    if (event.key === 'Escape' && !$(`${menu.id}-list`).hidden) {
      event.stopPropagation();
      closeAll();
      $(`${menu.id}-button`).focus();
    }
    const by = ARROWS[event.key];
    if (!list || !by) return;
    event.preventDefault();
    event.stopPropagation();
    const items = [...list.querySelectorAll('.menu-item')];
    items[(items.indexOf(document.activeElement) + by + items.length) % items.length]?.focus();
  }

  nnprobe.menus = {
    copyLink,
    closeAll,
    get open() { return Boolean(document.querySelector('.menu-list:not([hidden])')); },
    bind() {
      $('presets-button').addEventListener('click', () => {
        const on = $('presets-list').hidden;
        closeAll();
        if (on) fillPresets();
        open('presets', on);
      });
      $('runs-button').addEventListener('click', async () => {
        const on = $('runs-list').hidden;
        closeAll();
        if (on) await fillRuns();
        open('runs', on);
      });
      setInterval(() => { if (!$('runs-list').hidden) fillRuns(); }, 1000);
      $('copy-link').addEventListener('click', copyLink);
      document.addEventListener('keydown', onKey, true);
      document.addEventListener('pointerdown', (event) => { if (!event.target.closest('.menu')) closeAll(); });
    },
  };
})();
