// What a panel's picture is made of: marks on axes (assets/paint/marks.js, assets/paint/layout.js).

type Span = number[];

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}
/** Where a subplot is, and how its data become pixels: ax · x + bx, or of their logarithm. */
interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
  ax: number;
  bx: number;
  ay: number;
  by: number;
  logx?: boolean;
  logy?: boolean;
  x?: Span;
  y?: Span;
}
/** By the number of the subplot, from 1. */
type Places = Map<number, Place>;

interface Ticks {
  tickvals: number[];
  ticktext: string[];
  /** The same ticks over another range, for who looks closer. */
  again?: (range: Span) => Ticks;
}
/** An axis of Plotly's; `again` as of Ticks. */
interface Axis {
  range?: Span;
  again?: (range: Span) => Ticks;
  [setting: string]: any;
}
/** A layout of Plotly's: xaxis, yaxis, xaxis2, … and the rest. */
interface PlotLayout {
  [setting: string]: any;
}

interface MarkOnAxis {
  /** The number of the subplot; 0: pixels of the panel. */
  axis: number;
  alpha?: number;
  /** false: it may stand out of its plot. */
  clip?: boolean;
}
type Says = ((index: number) => string) | null;

interface PointsMark extends MarkOnAxis {
  kind: 'points';
  x: Column;
  y: Column;
  shape: number;
  colour: string;
  size: number;
  hollow?: boolean;
  /** Which points they are, among those shown: they can be followed. */
  index?: ArrayLike<number> | null;
  hover?: Says;
}
interface LineMark extends MarkOnAxis {
  kind: 'line';
  x: Column;
  y: Column;
  colour: string;
  width?: number;
  dash?: number[] | null;
  hover?: Says;
}
interface BarsMark extends MarkOnAxis {
  kind: 'bars';
  x0: Column;
  x1: Column;
  y0: Column;
  y1: Column;
  colour: string;
  hover?: Says;
}
interface ImageMark extends MarkOnAxis {
  kind: 'image';
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  w: number;
  h: number;
  /** RGBA, row by row from the top. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
  smooth?: boolean;
  hover?: ((row: number, col: number) => string) | null;
  /** What is where in it, for the panel's own tap(). */
  drawn?: any;
}
interface Words {
  text: string;
  colour?: string;
  bold?: boolean;
}
interface TextMark extends MarkOnAxis {
  kind: 'text';
  x: number;
  y: number;
  /** Pixels beside that place. */
  dx?: number;
  dy?: number;
  text?: string;
  /** In place of `text`, parts of their own colours. */
  rich?: Words[];
  colour: string;
  size?: number;
  bold?: boolean;
  anchor?: 'left' | 'center' | 'right';
  baseline?: 'top' | 'middle' | 'bottom';
  back?: string;
}
type Mark = PointsMark | LineMark | BarsMark | ImageMark | TextMark;

/** The end of a line, and what is written there. */
interface End {
  x: number;
  y: number;
  text: string;
  colour: string;
  bold?: boolean;
}

interface Theme {
  bg: string;
  panel: string;
  line: string;
  ink: string;
  soft: string;
  accent: string;
  alarm: string;
  past: string;
  grid: string;
  quiet: string;
  strong: string;
  outline: string;
  font: string;
  classes: string[];
  fontSize: number;
  /** The smallest type there is. */
  least: number;
  markerScale: number;
  spotlit: Theme;
  rgb(colour: string): number[];
  mix(a: string, b: string, share: number): string;
  withAlpha(colour: string, alpha: number): string;
  of(panel: { theme?: Theme; spotlit: boolean }): Theme;
  ramp(i: number, n: number): string;
  read(): void;
}

interface Format {
  count(n: number): string;
  value(v: number, places?: number): string;
  percent(v: number, places?: number): string;
  power(p: number): string;
  sub(n: number): string;
  plural(n: number, one: string, many?: string): string;
}

/** The least range of all that is included. */
interface Extent {
  include(from: number, to?: number): Extent;
  columns(columns: Iterable<Column>, pass?: (v: number) => boolean): Extent;
  readonly range: Span | null;
  readonly axis: Span | null;
}

interface Layout {
  base(ctx: Ctx): PlotLayout;
  axes(ctx: Ctx, n: number, box: Box, x?: Axis, y?: Axis): PlotLayout;
  room(ctx: Ctx): { below: number; left: number };
  equal(x: Span, y: Span, box: { width: number; height: number }, margin?: number, ratio?: number): [Span, Span];
  holders(made: PlotLayout): object[];
  round(range: Span, count: number, say?: (v: number) => string): Ticks;
  shares(values: number[]): Ticks;
  powers(range: Span, most?: number): Ticks;
  steps(ctx: Ctx): Ticks;
  everyRow(ctx: Ctx, count: number, height: number): number;
  rows(ctx: Ctx, names: string[], height: number): Ticks;
  fixed(made: PlotLayout): PlotLayout;
  read(gd: any): Places;
  places(made: PlotLayout): Places;
  dress(made: PlotLayout): string;
  ceiling(v: number): number;
  extent(): Extent;
  decades(range: Span, floor: number): Span;
}

interface Marks {
  byClass(labels: Numbers): Int32Array[];
  fitting(ctx: Ctx, width: number, ...wordings: string[]): string;
  style(ctx: Ctx, i: number, n: number): { colour: string; dash: number[] | null; shape: number };
  named(ctx: Ctx, i: number, n: number, height: number): boolean;
  classes(ctx: Ctx, axis: number, x: Column, y: Column, labels: Numbers, style: {
    size: number;
    alpha?: number;
    hollow?: boolean;
    stride?: number;
    hover?: ((point: number, x: number, y: number) => string) | null;
    pick?: boolean;
  }): PointsMark[];
  followed(ctx: Ctx, axis: number, x: number, y: number, label?: boolean): Mark[];
  ends(ctx: Ctx, axis: number, labels: End[]): TextMark[];
  history(ctx: Ctx, seq: number, axis: number, steps: Column, values: Column, style: {
    colour: string;
    width?: number;
    dash?: number[] | null;
    hover?: Says;
    floor?: number;
  }): { marks: LineMark[]; end: { x: number; y: number } | null };
}

/** How a points mark looks, for canvas and Plotly. */
interface PointStyle {
  shape: number;
  colour: string;
  size: number;
  outline: string;
  alpha: number;
  hollow: boolean;
  line: number;
}
type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
