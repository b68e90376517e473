// A film as the page has it: docs/film-format.md says what its arrays are.

/** What one may do with the numbers of an array, whatever its type. */
interface Numbers extends ArrayLike<number>, Iterable<number> {
  at(index: number): number | undefined;
  subarray(from?: number, to?: number): Numbers;
  slice(from?: number, to?: number): Numbers;
  map(make: (value: number, index: number) => number): Numbers;
  filter(pass: (value: number, index: number) => boolean): Numbers;
  some(pass: (value: number, index: number) => boolean): boolean;
  forEach(visit: (value: number, index: number) => void): void;
  reduce(sum: (total: number, value: number) => number, start: number): number;
}
/** A column of numbers, in a typed array or a plain one. */
type Column = ArrayLike<number> & Iterable<number>;

interface NdArray {
  dtype: string;
  shape: number[];
  data: Numbers;
}
/** By name. One that is not in this frame is undefined: who may lack it asks. */
interface Arrays {
  [name: string]: NdArray;
}

/** The config of a run or of another experiment: its fields are those of the form. */
interface Config {
  [field: string]: any;
}
interface Header {
  step: number;
  extra?: boolean;
  config: Config;
  [fact: string]: any;
}
interface Frame {
  seq: number;
  step: number;
  /** It was recorded beside the schedule: by hand, or at the end. */
  extra: boolean;
  header: Header;
  arrays: Arrays;
}

/** A series of all frames: views that grow no more, so it is asked for anew when frames come. */
interface Series {
  rows: number;
  cols: number;
  steps: Int32Array;
  /** By its name (nnprobe_core/columns.py), or by its number where the columns have none. */
  column(name: string | number, row?: number): Float32Array;
}
interface SeriesStore {
  add(frame: Frame): void;
  addStacked(stacked: { arrays: Arrays }, first?: number): void;
  readonly count: number;
  readonly steps: Int32Array;
  readonly extra: Uint8Array;
  has(name: string): boolean;
  get(name: string): Series | null;
}

/** What the server says of a run. */
interface Status {
  run: string;
  state: 'queued' | 'running' | 'paused' | 'done' | 'stopped' | 'failed' | 'lost';
  step: number;
  steps: number;
  elapsed: number;
  created: number;
  message: string;
  name: string;
  about: string;
  queue_place: number | null;
  pace: number;
  lr: number | null;
  steps_per_s: number;
  /** When the server last heard of it, in seconds since 1970. */
  updated: number;
  config: Config;
  fork: { run: string; step: number; fresh: boolean };
}

type Listener = (...values: any[]) => void;
interface Emitter {
  on(name: string, listener: Listener): () => void;
  emit(name: string, ...values: unknown[]): void;
}

/** What a film may lack is null where it is not there: its first frame before it is open, a frame that has not come, an
    array or a series that it has not. Who may be asked before it is there asks; a panel says so in `sentence`. */
interface Film {
  on: Emitter['on'];
  open(run: string, at?: number | null, title?: string): void;
  resume(): void;
  show(buffer: ArrayBuffer, more?: { source?: string | null; partial?: boolean; file?: string | null }): void;
  lack(note: string): void;
  close(): void;
  readonly run: string | null;
  readonly title: string;
  readonly file: string | null;
  readonly source: string | null;
  readonly waiting: boolean;
  readonly note: string;
  readonly head: Frame;
  readonly config: Config;
  readonly status: Status | null;
  readonly count: number;
  readonly complete: boolean;
  readonly ended: boolean;
  readonly error: string | null;
  readonly arrived: Frame[];
  readonly here: number;
  frame(seq: number): Frame;
  nearest(seq: number): Frame;
  latest(name: string, seq: number): { array: NdArray; seq: number };
  series(name: string): Series;
  readonly steps: Int32Array;
  readonly extra: Uint8Array;
  settled(seq: number): Arrays | null;
  readonly hasSettled: boolean;
  readonly planned: number;
}

interface Clock {
  on: Emitter['on'];
  readonly seq: number;
  readonly speed: number;
  readonly playing: boolean;
  readonly live: boolean;
  readonly moving: boolean;
  play(): void;
  pause(): void;
  toggle(): void;
  seek(to: number): void;
  stepBy(n: number): void;
  toLive(): void;
  toStart(): void;
  setSpeed(x: number): void;
  hold(on: boolean): void;
  repaint(): void;
  refresh(panel: PanelRecord): void;
  bind(): void;
}

interface Wish {
  /** An older answer to a wish that is like this one will do meanwhile. */
  like: string;
  path: string;
}
interface Asker<Answer> {
  (wish: Wish): Answer | null;
  state(wish: Wish): 'here' | 'loading' | 'none';
}

/** Everything of a film that is open: assets/player/film.js. */
interface Reel {
  run: string | null;
  frames: Frame[];
  arrived: Frame[];
  count: number;
  here: number;
  series: SeriesStore;
  settled: Frame[] | null;
  /** Of each frame its place among those of the schedule; -1: it is none of them. */
  places: number[];
  scheduled: number;
  status: Status | null;
  statusText: string;
  said: number;
  stop: AbortController;
  complete: boolean;
  error: string | null;
  source: string | null;
  file: string | null;
  title: string;
  waiting: boolean;
  note: string;
}
