/* names: what a run is called by its user: in the list of runs, where it is given, and in the window's title. */
(() => {
  'use strict';
  const { api, film, session, toast } = nnprobe;
  const MOST = 80;
  const usual = document.title;
  let editing = false;

  /** @param {string} name */
  const titled = (name) => { document.title = name ? `${name} · nnprobe` : usual; };

  /** @param {string} run @param {string} name */
  async function give(run, name) {
    try {
      const away = 'The server does not answer: the name was not kept.';
      const answer = await api.send(api.run(run, '/name'), 'PUT', { name }, away);
      if (film.run === run) titled(answer.name);
    } catch (problem) {
      if (!problem.sentence) throw problem;
      toast(problem.sentence, 'error', 'name');
    }
  }

  /** The name, or what differs from the default, of the run on the page. */
  async function ask() {
    const { run } = film;
    if (!run || session.preset) return titled(session.preset ? session.preset.title : '');
    try {
      const answer = await api.json(api.run(run));
      if (film.run === run) titled(answer.name || (answer.about || '').split(' — ')[0]);
    } catch { /* the film says that the server is away */ }
    return undefined;
  }

  nnprobe.names = {
    /** Whether a name is being written: the list must not be made anew meanwhile. */
    get editing() { return editing; },
    /** A button that lets the run be named in its row of the list; `done()` makes the list anew. */
    button(run, name, row, done) {
      const pencil = Object.assign(document.createElement('button'), { type: 'button', className: 'menu-rename',
        textContent: '✎', title: 'Name this run' });
      pencil.setAttribute('role', 'menuitem'); // a menu holds nothing else
      pencil.setAttribute('aria-label', 'Name this run');
      pencil.addEventListener('click', () => {
        const field = Object.assign(document.createElement('input'), { type: 'text', value: name, maxLength: MOST,
          className: 'menu-name' });
        field.setAttribute('aria-label', 'Name of this run');
        /** @param {boolean} keep */
        const end = async (keep) => {
          if (!editing) return;
          editing = false;
          if (keep && field.value.trim() !== name) await give(run, field.value);
          done();
        };
        field.addEventListener('keydown', (event) => {
          event.stopPropagation();
          if (event.key === 'Enter') end(true);
          if (event.key === 'Escape') { event.preventDefault(); end(false); }
        });
        field.addEventListener('blur', () => end(true));
        editing = true;
        row.replaceChildren(field);
        field.focus();
        field.select();
      });
      return pencil;
    },
    bind() { film.on('head', ask); },
  };
})();
