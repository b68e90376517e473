// What scripts have of each other: the one namespace, and what each name in it is. Which script makes a name, and when it
// is there, is app/pages/scripts.py's.

interface Refusal extends Error {
  sentence: string;
  field: string | null;
  status: number;
}
/** An experiment as an address says it. */
interface Address {
  query: string;
  run: string | null;
  at: number | null;
  panels: string | null;
}
interface Preset {
  title: string;
  watch: string;
  group: string;
  run: string | null;
  config: Config;
  panels: string[];
}

/** What the server says in the page's head: app/pages/page.py. */
interface PageFacts {
  name: string;
  path: string;
  kind: string;
  eager: boolean;
  device: string;
  words: { act: string; doing: string; unit: string };
  /** A choice as it is said. */
  names: { [choice: string]: string };
  /** Of each data set how many classes it has, or the field that says so. */
  classes: { [dataset: string]: number | string };
  paths: { [page: string]: string };
  kinds: { [kind: string]: { path: string; title: string; doing: string; unit: string } };
  /** Of each array the names of its columns. */
  columns: { [array: string]: string[] };
  /** Numbers that films hold to. */
  constants: { [name: string]: number };
  panels: { all: string[]; first: string[]; meta: { [panel: string]: any } };
}
/** What assets/pages/<name>.js says of its page. */
interface OwnPage {
  /** Frames a second at speed 1. */
  rate?: number;
  score?(film: Film, seq: number): string | null;
  scrub?: { series: string; column: string; log: boolean; say(v: number): string };
}

interface MenuItem {
  title: string;
  aside?: string;
  detail?: string;
  current?: boolean;
  act(): void;
}
/** A curve along the bar below the stage. */
interface Curve {
  steps: Int32Array;
  values: Float32Array;
}
/** What is asked of the server for a preview: its place in the line of wishes, and what to do with the answer. */
interface Asked extends Pick<PreviewThen, 'network'> {
  ticket: number;
  query: string;
}
/** What a hand holds: a place of a subplot, its home layout, and where the panel is. */
interface Hold {
  panel: PanelRecord;
  n: number;
  place: Place;
  made: PlotLayout;
  corner: DOMRect;
  x0: number;
  y0: number;
}

interface Toast {
  (sentence: string, kind?: 'fault' | 'error' | 'told' | 'note', about?: string,
    offer?: { word: string; act(): void } | null): void;
  clear(about: string): void;
}
interface Part {
  bind(): void;
}

/** An array as (column, row) → number. */
type Cells = (column: string | number, row?: number) => number;

/** A field of the form. */
interface Field {
  name: string;
  path: string[];
  key: string;
  id: string;
  kind: 'slider' | 'segments' | 'switch' | 'select' | 'number' | 'text';
  type: string;
  unit: string;
  box: HTMLElement;
  input: any;
  stand: StandIn | null;
  stops: number[] | null;
  when: When | null;
  fills: { into: string; values: { [choice: string]: string[] } } | null;
  span: number[];
  ends: { lo: number; hi: number; step: number; stops: number[] | null };
}
/** A control that is no field. */
interface StandIn {
  get(run: Config): any;
  set(run: Config, value: any): void;
  show?(run: Config): string;
  off?(run: Config): boolean;
}
/** Name → among which values. */
interface When {
  [name: string]: string[];
}
interface Limit {
  kind: 'Limit' | 'Only' | 'Unlike';
  field: string;
  when: When;
  among: string[];
  other: string;
  pairs: string[][];
  of: string[];
  times: number;
  over: number;
  plus: number;
  side: 'lo' | 'hi';
  strict: boolean;
}
interface Limits {
  allows(name: string, choice: any, values: Config): boolean;
  range(name: string, ends: Field['ends'], values: Config): number[];
  bounds(name: string, span: number[], values: Config): number[];
  broken(values: Config): string[];
  filter(name: string, candidates: string[], values: Config): string[];
  PASSES: number;
}
interface Controls extends Part {
  on: Emitter['on'];
  readonly redraws: boolean;
  config(): Config;
  plain(config: Config): Config;
  set(config: Config): void;
  showRate(rate: number | null | undefined): void;
  schedule(pairs: number[][]): void;
  same(a: Config, b: Config): boolean;
  query(config?: Config): string;
  said(sentence: string): string;
  problem(name: string | null, sentence?: string): boolean;
}

interface Stage {
  on: Emitter['on'];
  readonly current: string | null;
  readonly selected: number | null;
  readonly ready: boolean;
  readonly settled: boolean;
  /** null where the page has none of this name. */
  panel(name: string): PanelRecord;
  spotlight(name: string | null): void;
  select(index: number | null): void;
  relayout(): void;
  hide(name: string): void;
  exportImage(name: string): Promise<void>;
}
interface Shown {
  on: Emitter['on'];
  all: string[];
  first: string[];
  readonly names: string[];
  has(name: any): boolean;
  readonly asAtFirst: boolean;
  readonly text: string | null;
  readonly state: { chosen: string[]; guests: string[] };
  open(panels: string | null, state?: Shown['state'] | null): string[];
  choose(names: string[], how?: { step?: boolean }): boolean;
  add(name: string, how?: { step?: boolean }): boolean;
  remove(name: string, how?: { step?: boolean }): boolean;
  about(names: string[]): void;
  unknown: string[];
}
interface Session {
  on: Emitter['on'];
  ready: boolean;
  readonly asked: number | null;
  readonly presets: Preset[];
  readonly preset: Preset | null;
  readonly before: string | null;
  readonly atReset: boolean;
  begin(): Promise<void>;
  /** null where the page shows no run. */
  status(): Status;
  active(): boolean;
  changed(): boolean;
  guest(): boolean;
  address(how?: { exact?: boolean }): Address;
  openPreset(item: Preset): void;
  train(how?: { own?: boolean }): void;
  answered(launch: any, refused: any): any;
  command(kind: string, value?: unknown, run?: string | null): Promise<boolean>;
  reset(): Promise<void>;
  goOn(): Promise<void>;
  back(): void;
  openRun(run: string): Promise<void>;
}

/** What the first frame of a sweep says: assets/studies/compare.js. */
interface SweepRead {
  axes: any[];
  links: string[];
  config: Config;
  cells: { i: number; j: number; seed: number }[];
  count: number;
  seeds: number;
  first: SweepAxis;
  second: SweepAxis;
}
interface SweepAxis {
  field: string;
  label: string;
  texts: string[];
  at: number[];
  numeric: boolean;
  log: boolean;
}
interface Ranking {
  head: Frame | null;
  seq: number;
  final: boolean;
  order: number[];
}
interface Sweep {
  /** null where the film is none of a sweep. */
  of(film: Film): SweepRead;
  ranking(film: Film): Ranking;
  readonly ranked: Ranking;
  at(ctx: Ctx, seq: number): { state: Numbers; step: Numbers; score: Cells };
  found(ctx: Ctx, name: string, seq: number):
    { places: number; get(cell: number, place: number, part?: string | number): number } | null;
  scores(array: NdArray, column: string): number[];
  name(read: SweepRead, cell: number): string;
  word(text: string): string;
  spread(values: number[]): { mean: number; low: number; high: number; n: number } | null;
  across(ctx: Ctx, read: SweepRead, width: number): Axis;
  axisName(ctx: Ctx, place: Box, text: string): TextMark;
  open(read: SweepRead, cell: number): void;
  DONE: number;
  NONE: Ranking;
  CLICK: string;
}
/** What the first frame of a study of separation says: assets/studies/separation.js. */
interface StudyRead {
  layers: string[];
  classes: string[];
  pairs: number[][];
  points: number[];
  stages: number;
  few: boolean;
}
interface Study {
  /** null where the film is none of a study. */
  of(film: Film): StudyRead;
  pair(read: StudyRead, k: number): string;
  mean(array: NdArray, layer: number): number;
  seen(film: Film, seq: number): number[];
  stage(film: Film, seq: number): string;
  at(film: Film, seq: number): number;
  lowest(ctx: Ctx, names: string[]): number;
  names(ctx: Ctx, room: number): string[];
  left(ctx: Ctx): number;
}
interface Adversary {
  side(ctx: Ctx): number;
  epsilon(ctx: Ctx): number;
  norm(): string;
  at(ctx: Ctx, seq: number): Frame | null;
  why(ctx: Ctx, seq: number, of?: 'point' | 'all'): string;
  curve(ctx: Ctx, seq: number): Frame | null;
  marks(ctx: Ctx, seq: number, axis: number, i: number, here: readonly number[],
    how?: { project?: (columns: Float32Array[]) => Float32Array[]; label?: boolean }): Mark[];
  ball(ctx: Ctx, axis: number, here: readonly number[]): Mark;
}

interface Nnprobe {
  // base
  panels: { [name: string]: Panel };
  pages: { [name: string]: OwnPage };
  address: {
    read(search?: string): Address;
    text(place: Partial<Address> & { path?: string }): string;
    write(place: Partial<Address>, step?: boolean, state?: unknown): void;
  };
  api: {
    get(path: string, options?: RequestInit & { lenient?: boolean; away?: string }): Promise<Response>;
    json(path: string, options?: RequestInit): Promise<any>;
    send(path: string, method: string, body: unknown, away?: string): Promise<any>;
    run(run: string | null, rest?: string): string;
    goesOn(state: string | null): boolean;
  };
  emitter(): Emitter;
  format: Format;
  handover: { leave(what: unknown): void; take(): any };
  page: PageFacts;
  columnOf(array: string, column: string | number): number;
  table(name: string, array: NdArray): Cells;
  countsOf(run: Config): { classes: number; points: number };
  pathTo(page: string, place?: Partial<Address> & { config?: Config | null }): string;
  go(page: string, place?: Partial<Address> & { config?: Config | null }): void;
  query: {
    text(value: any, type?: string): string;
    equal(a: unknown, b: unknown): boolean;
    isGroup(value: unknown): boolean;
    of(config: Config, defaults?: Config | null, types?: Map<string, string>): string;
  };
  duration(seconds: number): string;
  ago(seconds: number): string;
  say(element: Node | null, words: string): void;
  sayInClauses(element: HTMLElement, words: string): void;
  segments: {
    chosen(group: Element): string | undefined;
    choose(group: Element, value: string): void;
    bind(group: HTMLElement, changed: (value: string) => void): void;
  };
  toast: Toast;

  // player
  asked: number;
  asker<Answer>(least: number, read: (response: Response) => Promise<Answer | null>): Asker<Answer>;
  clock: Clock;
  commands: {
    send(run: string | null, kind: string, value?: unknown): Promise<boolean>;
    rate(run: string | null, value: number): Promise<void>;
    own: { add(run: string): void; has(run: string | null): boolean };
    guest: { add(run: string): void; has(run: string | null): boolean };
  };
  decodeFilm(buffer: ArrayBuffer, first?: number): Frame[];
  decodeDifferences(buffer: ArrayBuffer, first?: number): Frame[];
  dequantise(map: { shape: number[]; data: Numbers }, range: { data: ArrayLike<number> }): Float32Array[];
  columns(array: NdArray): Float32Array[];
  experiment: { now(): Config; frameOf(run: string, step: number | null): Promise<number | null> };
  film: Film;
  parent: { readonly step: number | null; curve(column: string | number): { x: number[]; y: number[] } | null };
  knownAt(column: Column, seq: number): number;
  stackedSeries(run: string): Promise<Arrays | null>;
  seriesStore(): SeriesStore;

  // paint
  argmaxLine(classes: Numbers, confidence: Numbers, rows: number, cols: number, extent: Numbers):
    { x: number[]; y: number[] };
  makeGround(): HTMLElement;
  ground(frame: HTMLElement, place: Place | undefined, mark: ImageMark | undefined): void;
  layout: Layout;
  marks: Marks;
  whole: Place;
  pointStyle(mark: PointsMark, theme: Pick<Theme, 'outline'>): PointStyle;
  textBox(pen: Pen, place: Place, mark: TextMark, theme: Theme): {
    left: number;
    top: number;
    width: number;
    height: number;
    y: number;
    size: number;
    parts: Words[];
    widths: number[];
  } | null;
  imageCanvas(mark: ImageMark): OffscreenCanvas;
  smooth(marks: Mark[]): ImageMark | undefined;
  paint(canvas: OffscreenCanvas, ratio: number, places: Places, marks: Mark[], theme: Theme, below: OffscreenCanvas): void;
  painter: {
    adopt(name: string, canvas: HTMLCanvasElement, ground: HTMLCanvasElement): void;
    readonly busy: boolean;
    paint(jobs: PaintJob[], theme: Theme, done: (ms: number) => void): void;
    idle(): Promise<void>;
  };
  shapes: { symbol: string; trace(path: Pen, r: number): void }[];
  blit(pixels: Int32Array, width: number, height: number, xs: Float32Array, ys: Float32Array, style: PointStyle,
    ratio: number): void;
  still(canvas: OffscreenCanvas, axis: number, key: string, marks: PointsMark[]): Still;
  theme: Theme;
  crowded(marks: Mark[]): boolean;
  answers(marks: Mark[], places: Places, theme: Theme): { data: any[]; images: any[]; annotations: any[] };
  traces(marks: Mark[], places: Places, size: { width: number; height: number }, theme: Theme):
    { data: any[]; images: any[]; annotations: any[] };

  // stage
  choices: {
    of(panel: Pick<Seen, 'options'>, key: string): any;
    set(panel: Pick<Seen, 'options' | 'refresh'>, key: string, value: unknown): void;
    start(panel: Pick<Seen, 'options'>, spec: Input, value?: unknown): void;
  };
  forget(): void;
  layerNames(n: number): string[];
  context(panel: Seen): Ctx;
  followed: { point: number | null };
  listenForZoom(find: (body: Element) => PanelRecord | undefined): void;
  grid: {
    rows(wishes: Wished[], width: number, height: number): { height: number; spans: number[] }[];
    lay(root: HTMLElement, sections: HTMLElement[]): void;
  };
  host: {
    make(section: HTMLElement, acts: Stage): PanelRecord | null;
    attach(panel: PanelRecord): boolean;
    fits(panel: PanelRecord): boolean;
    prepare(panel: PanelRecord, seq: number, relayout: boolean): PaintJob | null;
    uncover(panel: PanelRecord): void;
    settle(panel: PanelRecord, current: () => boolean): Promise<boolean>;
    outgrown(panel: PanelRecord): boolean;
  };
  hoverAgain(panel: PanelRecord): void;
  listenForHover(panel: PanelRecord): void;
  panelOptions(panel: PanelRecord, changed: () => void, acts: Stage): void;
  picture(panel: PanelRecord, seq: number,
    how?: { width?: number; height?: number; fontSize?: number; about?: string }): any;
  savePicture(panel: PanelRecord, seq: number): Promise<void>;
  shown: Shown;
  stage: Stage;
  stats: { frames: number; ms: number[]; painting: number[]; settled: number };
  placeOf(panel: PanelRecord, x: number, y: number): { axis: number | null; at: [number, number] | null };
  pixels(place: Place, x: number, y: number): [number, number];
  listenForTaps(find: (body: Element) => PanelRecord | undefined, picked: (index: number) => void): void;
  zoom: Zoom;

  // studies
  adversary: Adversary;
  attack: { sizeAt(ctx: Ctx, seq: number): { epsilon: number; index: number } | null };
  sweep: Sweep;
  plane(ctx: Ctx, frame: Frame, axis: number): Mark[];
  study: Study;

  // form
  controls: Controls;
  makeLimits(limits: Limit[]): Limits;
  preview: {
    fetch(query: string): Promise<ArrayBuffer>;
    config(query: string): Promise<Config>;
    ask(query: string, then: PreviewThen): void;
    cancel(): void;
  };
  readouts: {
    digits(number: number): string;
    standsFor: { [name: string]: StandIn };
    shows: { [name: string]: (value: any, run: Config) => string };
    summaries: { [section: string]: (run: Config) => string[] };
  };
  sketch: Part & { draw(): void };

  // frame
  acts: Part & { pauseOrResume(): void; step(): void; primary(): void };
  alone: { readonly sentence: string };
  chooser: Part & { toggle(): void; hide(name: string): void };
  files: Part & { open(file: File): Promise<void>; choose(): void; save(): void };
  fork: Part & { act(): Promise<void> };
  header: Part;
  help: Part;
  keys: Part;
  look: Part & {
    toggleTheme(): void;
    readonly projector: boolean;
    toggleProjector(): void;
    toggleFullScreen(): void;
    toggleHelp(): void;
  };
  menus: Part & { copyLink(): Promise<void>; closeAll(): void; readonly open: boolean };
  names: Part & {
    readonly editing: boolean;
    button(run: string, name: string, row: HTMLElement, done: () => void): HTMLElement;
  };
  phone: Part & { readonly single: boolean; readonly drawer: boolean; toggleDrawer(on?: boolean): void };
  session: Session;
}

interface PreviewThen {
  points(buffer: ArrayBuffer): void;
  network(buffer: ArrayBuffer | null, source: string | null, note?: string): void;
  failed(problem: Refusal): void;
}
/** How wide and how high a panel would be beside others. */
interface Wished {
  width: number;
  height: number;
}
interface PaintJob {
  name: string;
  width: number;
  height: number;
  ratio: number;
  fontSize: number;
  places: Places;
  marks: Mark[];
}
/** What is known of the markers of one subplot that stand still: assets/paint/still.js. */
interface Still {
  key: string;
  marks: PointsMark[];
  image: ImageData | null;
  twice: boolean;
}
interface Zoom {
  home(panel: PanelRecord): PlotLayout;
  axes(made: PlotLayout, n: number): (Axis & { range: Span })[];
  part(place: Place, box: { left: number; right: number; top: number; bottom: number }): Span[];
  look(panel: PanelRecord, n: number, ranges: (Span | null)[], made: PlotLayout): void;
  about(panel: PanelRecord, n: number, place: Place, made: PlotLayout, factor: number, from: number[], to?: number[]): void;
  undo(panel: PanelRecord): void;
  button(panel: PanelRecord): void;
  layout(panel: PanelRecord, ctx: Ctx): PlotLayout;
  cut(panel: { zoom: Map<string, Span>; places: Places }, marks: Mark[]): Mark[];
}

declare var nnprobe: Nnprobe;
interface Window {
  nnprobe: Nnprobe;
  Plotly: any;
  dash_clientside: any;
  /** In the painter's worker, which speaks of itself as a window. */
  importScripts(...urls: string[]): void;
}
