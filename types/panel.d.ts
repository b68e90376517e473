// How a panel is shown (assets/panels/<name>.js), and what it is told when it is asked.

/** A choice as [value, what is read]. */
type Choice = [any, string];
interface Option {
  key: string;
  label?: string;
  start: any;
  choices?: Choice[];
}
interface Input {
  key: string;
  label: string;
  start: any;
  help?: string;
  /** It belongs to the page: every panel sees its value. */
  shared?: boolean;
  quiet?: boolean;
  /** [lo, hi, step] */
  range?: number[];
  stops?: number[];
  show?: (value: any) => string;
  choices?: Choice[] | ((ctx: Ctx) => Choice[]);
}

/** Where a panel was tapped: the subplot and the place in its data, and the nearest point. */
interface Hit {
  x: number;
  y: number;
  marks: Mark[];
  axis: number | null;
  at: [number, number] | null;
  mark: Mark | null;
  index: number | null;
}
interface Verdict {
  text: string;
  level: string;
  full?: string;
}

/** A panel's script. `layout` and `marks` are asked for only where a film is open and `sentence` says nothing. */
interface Panel {
  options?: Option[];
  inputs?: Input[];
  /** It shows the points alone, too, before there is a network. */
  early?: boolean;
  /** What stands in its place before there is a film. */
  empty: string;
  /** What stands in the picture's place; null: the picture. */
  sentence?(ctx: Ctx, seq: number): string | null;
  layout(ctx: Ctx): PlotLayout;
  marks(ctx: Ctx, seq: number): Mark[];
  /** The picture in a sentence. */
  says?(ctx: Ctx, seq: number): string;
  note?(ctx: Ctx, seq: number): string;
  verdict?(ctx: Ctx, seq: number): Verdict | null;
  card?(ctx: Ctx, seq: number): { number: string; text: string } | null;
  /** What its axes are where nothing in its picture says so. */
  named?(ctx: Ctx): { [axis: string]: string };
  tap?(ctx: Ctx, hit: Hit): void;
  grab?(ctx: Ctx, axis: number): ((dx: number, dy: number) => void) | null;
}

/** One panel's view of the world: assets/stage/context.js. Of `head` and `config` a panel that is asked for a picture has
    something, and a frame at or before every place. */
interface Ctx {
  film: Film;
  theme: Theme;
  format: Format;
  /** What app/panels/<name>.py says. */
  meta: any;
  width: number;
  height: number;
  spotlit: boolean;
  /** Too small for words. */
  tiny: boolean;
  narrow: boolean;
  axes: Places;
  zoom: Map<string, Span>;
  /** The point that is followed. */
  selected: number | null;
  repaint(): void;
  head: Arrays;
  config: Config;
  option(key: string): any;
  choose(key: string, value: unknown): void;
  /** `make()` once per film and panel. */
  memo<Made>(key: string, make: () => Made): Made;
  gather<Found>(key: string, make: () => Found, visit: (frame: Frame, found: Found) => void): Found;
  frame(seq: number): Frame;
  readonly widths: number[];
  readonly names: string[];
  readonly labelsOfLayers: string[];
  readonly shortNames: string[];
  readonly labels: Numbers;
  readonly counted: string;
  layer(i: 0, seq: number): Float32Array[];
  layer(i: number, seq: number): Float32Array[] | null;
}

/** What a context is made from. */
interface Seen {
  name: string;
  meta: any;
  width: number;
  height: number;
  spotlit: boolean;
  places: Places;
  zoom: Map<string, Span>;
  options: Map<string, any>;
  theme?: Theme;
  refresh(own?: boolean): void;
}
/** A panel on the stage: assets/stage/host.js. */
interface PanelRecord extends Seen {
  title: string;
  part: Panel;
  section: HTMLElement;
  body: HTMLElement;
  ground: HTMLElement;
  canvas: HTMLCanvasElement;
  words: HTMLElement;
  card: HTMLElement;
  /** Plotly's element, once there is one. */
  gd: any;
  onScreen: boolean;
  marks: Mark[];
  /** A PlotLayout; null before it is laid out. */
  layout: any;
  /** What of the layout is seen, as text; '': it is to be laid out anew. */
  key: string;
  laid: number;
  due: boolean;
  fresh: boolean;
  seq: number;
  texts: { [slot: string]: string };
  listening?: boolean;
  plots?: number;
  undo: HTMLElement;
}

/** A box, and the number of the subplot in it. */
interface AxisBox extends Box {
  axis: number;
}
/** How a layer of three units is turned, in radians. */
interface Turn {
  yaw: number;
  pitch: number;
}

/** The graph of a training step, as app/api/graph.py answers. */
interface Graph {
  step: number;
  batch: number;
  columns: number;
  nodes: GraphNode[];
  edges: [number, number][];
}
interface GraphNode {
  name: string;
  operation: string;
  rule: string;
  kind: 'data' | 'parameter' | 'result' | 'loss';
  shape: number[];
  column: number;
  row: number;
  value: Figure;
  gradient: Figure | null;
}
/** Numbers of a tensor: some of its rows, and what all lie between. */
interface Figure {
  low: number | null;
  high: number | null;
  mean: number | null;
  rows: (number | null)[][];
}
/** Where the nodes of a graph go: assets/panels/graph.js. */
interface GraphPlaces {
  em: number;
  each: number;
  tile: number;
  down?: boolean;
  lines: number;
  columns: number;
  middle: number;
  spots: number[][];
}
