// A page of nnprobe without a browser: its own scripts in their order, a shipped film, and what a panel makes of both.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { answer, readFilm } from './safetensors.mjs';
import { makeWindow } from './window.mjs';

const FOLDER = process.env.NNPROBE_PREPARED;
if (!FOLDER) throw new Error('Say in NNPROBE_PREPARED where tests/js/prepare.py has written to.');
export const prepared = JSON.parse(readFileSync(path.join(FOLDER, 'prepared.json'), 'utf8'));

/** Colours and sizes by which everything can be told from everything else. */
export const TOKENS = {
  bg: '#010203',
  panel: '#101820',
  line: '#303030',
  ink: '#fafafa',
  soft: '#a0a1a2',
  accent: '#20d040',
  alarm: '#e02010',
  past: '#606468',
  'grid-line': '#222222',
  'class-0': '#0000ff',
  'class-1': '#ff8000',
  'class-2': '#00ffc0',
  'class-3': '#ff00ff',
  'class-4': '#ffff00',
  'class-5': '#800000',
  'font-size': '12',
  'font-size-spotlit': '12',
  'font-size-least': '11',
  'marker-scale': '1',
};
export const CLASSES = [0, 1, 2, 3, 4, 5].map((k) => TOKENS[`class-${k}`]);
export const SYMBOLS = ['circle', 'triangle-up', 'square', 'diamond', 'cross', 'star'];

const texts = new Map();
const script = (name) => {
  if (!texts.has(name)) texts.set(name, { path: name, text: readFileSync(path.join(prepared.root, name), 'utf8') });
  return texts.get(name);
};

/** The bytes of a film as it ships, and its frames as an independent reader has them. */
const films = new Map();
export function film(name) {
  if (!films.has(name)) {
    const bytes = readFileSync(path.join(FOLDER, `${name}.film`));
    films.set(name, { bytes, frames: readFilm(bytes) });
  }
  return films.get(name);
}
export const file = (name) => readFileSync(path.join(FOLDER, name));

/** A page by its name, with nothing on it yet. `fetch(url)` answers what its scripts ask the server for. */
export function open(
  name,
  {
    fetch = async () => {
      throw new TypeError('nobody is there');
    },
    calm = false,
  } = {},
) {
  const { facts, scripts, panels } = prepared.pages[name];
  const world = makeWindow({ scripts: scripts.map(script), facts, tokens: TOKENS, fetch, calm });
  const { nnprobe } = world.window,
    records = new Map();
  nnprobe.stage.panel = (one) => records.get(one) || null;

  /** What a panel is on the page: its script, its size, and the choices made in it. */
  function record(panel, { width = 640, height = 480, spotlit = false, options = {}, zoom = {} } = {}) {
    const part = nnprobe.panels[panel],
      { meta = {}, title } = panels.find((one) => one.name === panel);
    const choices = new Map(),
      inputs = panels.flatMap((one) => nnprobe.panels[one.name].inputs || []);
    for (const { key, start } of [
      ...(part.options || []),
      ...(part.inputs || []),
      ...inputs.filter((one) => one.shared),
    ])
      choices.set(key, start);
    for (const [key, value] of Object.entries(options)) choices.set(key, value);
    const made = {
      name: panel,
      title,
      part,
      meta,
      width,
      height,
      spotlit,
      options: choices,
      places: new Map(),
      zoom: new Map(Object.entries(zoom)),
      marks: [],
      seq: -1,
      refresh() {},
    };
    records.set(panel, made);
    return made;
  }

  return {
    ...world,
    get now() {
      return world.now;
    },
    nnprobe,
    records,
    panels: panels.map((one) => one.name),
    show(bytes, more = { source: 'a-run' }) {
      nnprobe.film.show(answer(bytes), more);
      nnprobe.forget();
    },
    /** All that a panel says and shows of a frame. */
    draw(panel, seq, more = {}) {
      const made = record(panel, more),
        { part } = made,
        first = nnprobe.context(made);
      const sentence = part.sentence ? part.sentence(first, seq) : null;
      if (sentence !== null) return { sentence };
      const layout = part.layout(first);
      made.places = nnprobe.layout.places(layout);
      const ctx = nnprobe.context(made),
        marks = Array.from(part.marks(ctx, seq));
      made.marks = marks;
      const says = (name) => (part[name] ? part[name](ctx, seq) : null);
      return {
        sentence,
        layout,
        places: made.places,
        ctx,
        marks,
        record: made,
        part,
        says: says('says'),
        note: says('note'),
        verdict: says('verdict'),
        card: says('card'),
      };
    },
  };
}

/** A page that shows a film. */
export function opened(name, shown, more) {
  const page = open(name, more);
  page.show(typeof shown === 'string' ? film(shown).bytes : shown);
  return page;
}
