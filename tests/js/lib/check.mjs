// What tests compare with: numbers within a tolerance, marks by what they look like, axes in pixels.
import assert from 'node:assert/strict';

const list = (values) => Array.from(values, (v) => (v === null ? NaN : Number(v)));

/** The same numbers in the same order, NaN like NaN. */
export function near(actual, expected, off = 1e-6, what = '') {
  const [a, b] = [list(actual), list(expected)];
  assert.equal(a.length, b.length, `${what}: ${a.length} numbers, not ${b.length}`);
  for (let k = 0; k < a.length; k++) {
    const same = Number.isNaN(b[k]) ? Number.isNaN(a[k]) : Math.abs(a[k] - b[k]) <= off;
    assert.ok(same, `${what}: number ${k} is ${a[k]}, not ${b[k]}`);
  }
}

/** The one mark that fits. */
export function only(marks, fits, what = 'mark') {
  const found = marks.filter(fits);
  assert.equal(found.length, 1, `${found.length} of ${what}, not one`);
  return found[0];
}

export const ofKind = (marks, kind, axis = null) =>
  marks.filter((mark) => mark.kind === kind && (axis === null || mark.axis === axis));

/** All that is written in marks of text, a string each. */
export const written = (marks) =>
  ofKind(marks, 'text').map((mark) => (mark.rich ? mark.rich.map((part) => part.text).join('') : mark.text));

const id = (n) => (n === 1 ? '' : String(n));
/** The axes of subplot n of a layout. */
export const axes = (layout, n = 1) => [layout[`xaxis${id(n)}`], layout[`yaxis${id(n)}`]];
export const subplots = (layout) =>
  Object.keys(layout)
    .filter((name) => /^xaxis\d*$/.test(name))
    .map((name) => Number(name.slice(5) || 1));

/** Data of subplot n → pixels of the panel as Plotly places them: domains from below, ranges from left and bottom. */
export function pixels(layout, n = 1) {
  const [x, y] = axes(layout, n),
    log = (axis, v) => (axis.type === 'log' ? Math.log10(v) : v);
  const share = (axis, v) =>
    axis.domain[0] +
    ((log(axis, v) - axis.range[0]) / (axis.range[1] - axis.range[0])) * (axis.domain[1] - axis.domain[0]);
  return (px, py) => [layout.width * share(x, px), layout.height * (1 - share(y, py))];
}

/** The area of subplot n: {left, right, top, bottom}. */
export function area(layout, n = 1) {
  const [x, y] = axes(layout, n);
  return {
    left: x.domain[0] * layout.width,
    right: x.domain[1] * layout.width,
    top: (1 - y.domain[1]) * layout.height,
    bottom: (1 - y.domain[0]) * layout.height,
  };
}

/** Whether all finite data of marks lie within their axes. */
export function within(marks, layout, off = 1e-6) {
  for (const mark of marks.filter((one) => one.axis > 0 && one.x)) {
    axes(layout, mark.axis).forEach((axis, k) => {
      const [lo, hi] = axis.range,
        spare = off * (hi - lo);
      for (const v of list(k ? mark.y : mark.x)) {
        const at = axis.type === 'log' ? Math.log10(v) : v;
        assert.ok(
          !Number.isFinite(at) || (at >= lo - spare && at <= hi + spare),
          `${v} of a ${mark.kind} lies outside ${lo} to ${hi} (${'xy'[k]} of plot ${mark.axis})`,
        );
      }
    });
  }
}

/** Numbers as panels write them, written anew: three digits, thin spaces, raised powers. */
export const value = (v, digits = 3) => {
  if (!Number.isFinite(v)) return 'not finite';
  if (v === 0) return '0';
  if (Math.abs(v) >= 1e-3 && Math.abs(v) < 1e4) return String(Number(v.toPrecision(digits)));
  const [lead, power] = v.toExponential(1).split('e');
  return `${lead}·10${[...power.replace('+', '')].map((c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[c])).join('')}`;
};
export const percent = (v, digits = 0) => {
  if (!Number.isFinite(v)) return '–';
  const most = v < 1 ? 100 - 10 ** -digits : 100;
  return `${Math.min(most, Math.round(100 * v * 10 ** digits) / 10 ** digits).toFixed(digits)}\u2009%`;
};
export const count = (n) =>
  n >= 10000 || n >= 1000 ? `${Math.floor(n / 1000)}\u2009${String(n % 1000).padStart(3, '0')}` : String(n);

export const mean = (values) => {
  const known = list(values).filter(Number.isFinite);
  return known.reduce((a, b) => a + b, 0) / known.length;
};
export const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
/** The numbers 0 … n − 1. */
export const range = (n) => Array.from({ length: n }, (_, k) => k);

/** A column over steps as panels draw it: full up to the playhead, faint beyond. Returns the full part. */
export function curve(marks, axis, { colour, dash }, steps, values, seq, what = '') {
  const lines = ofKind(marks, 'line', axis).filter(
    (mark) => mark.colour === colour && (dash === undefined || Boolean(mark.dash) === dash),
  );
  const known = range(values.length).filter((k) => !Number.isNaN(values[k])),
    until = known.filter((k) => k <= seq);
  const full = only(lines, (mark) => (mark.alpha ?? 1) === 1, `full lines of ${what}`),
    faint = lines.filter((mark) => mark !== full);
  near(
    full.x,
    until.map((k) => steps[k]),
    1e-6,
    `${what}: x`,
  );
  near(
    full.y,
    until.map((k) => values[k]),
    1e-6,
    `${what}: y`,
  );
  assert.equal(faint.length, known.length > until.length ? 1 : 0, `${what}: what is to come`);
  const rest = known.slice(until.length - 1);
  if (faint.length) {
    near(
      faint[0].x,
      rest.map((k) => steps[k]),
      1e-6,
      `${what}: x to come`,
    );
    near(
      faint[0].y,
      rest.map((k) => values[k]),
      1e-6,
      `${what}: y to come`,
    );
    assert.ok(faint[0].alpha < 0.5);
  }
  if (full.hover)
    until.forEach((k, i) => assert.ok(full.hover(i).includes(count(steps[k])), `${what}: ${full.hover(i)}`));
  return full;
}

/** The name that stands at the end of a line, {text, colour}, by where it is. */
export function named(marks, axis, text) {
  return only(ofKind(marks, 'text', axis), (mark) => mark.text === text, `names "${text}"`);
}

/** The newest frame at or before `seq` that has an array, and, of a series, a number in it. */
export function latest(frames, seq, name) {
  for (let k = seq; k >= 0; k--) {
    if (frames[k].has(name) && (!name.startsWith('series.') || Array.from(frames[k].array(name)).some(Number.isFinite)))
      return frames[k];
  }
  return null;
}

/** A column of a series over all frames; NaN where it is absent. */
export const column = (frames, name, k, row = 0) =>
  frames.map((frame) => (frame.has(name) ? frame.array(name)[row * frame.shape(name).at(-1) + k] : NaN));
export const stepsOf = (frames) => frames.map((frame) => frame.step);
