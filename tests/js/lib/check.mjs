// What tests compare with: numbers within a tolerance, marks by what they look like, axes in pixels.
import assert from 'node:assert/strict';

const list = (values) => Array.from(values, Number);

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

export const ofKind = (marks, kind, axis = null) => marks.filter((mark) => mark.kind === kind && (axis === null || mark.axis === axis));

/** All that is written in marks of text, a string each. */
export const written = (marks) => ofKind(marks, 'text').map((mark) => (mark.rich ? mark.rich.map((part) => part.text).join('') : mark.text));

const id = (n) => (n === 1 ? '' : String(n));
/** The axes of subplot n of a layout. */
export const axes = (layout, n = 1) => [layout[`xaxis${id(n)}`], layout[`yaxis${id(n)}`]];
export const subplots = (layout) => Object.keys(layout).filter((name) => /^xaxis\d*$/.test(name)).map((name) => Number(name.slice(5) || 1));

/** Data of subplot n → pixels of the panel as Plotly places them: domains from below, ranges from left and bottom. */
export function pixels(layout, n = 1) {
  const [x, y] = axes(layout, n), log = (axis, v) => (axis.type === 'log' ? Math.log10(v) : v);
  const share = (axis, v) => axis.domain[0] + ((log(axis, v) - axis.range[0]) / (axis.range[1] - axis.range[0])) * (axis.domain[1] - axis.domain[0]);
  return (px, py) => [layout.width * share(x, px), layout.height * (1 - share(y, py))];
}

/** The area of subplot n: {left, right, top, bottom}. */
export function area(layout, n = 1) {
  const [x, y] = axes(layout, n);
  return { left: x.domain[0] * layout.width, right: x.domain[1] * layout.width, top: (1 - y.domain[1]) * layout.height, bottom: (1 - y.domain[0]) * layout.height };
}

/** Whether all finite data of marks lie within their axes. */
export function within(marks, layout, off = 1e-6) {
  for (const mark of marks.filter((one) => one.axis > 0 && one.x)) {
    axes(layout, mark.axis).forEach((axis, k) => {
      const [lo, hi] = axis.range, spare = off * (hi - lo);
      for (const v of list(k ? mark.y : mark.x)) {
        const at = axis.type === 'log' ? Math.log10(v) : v;
        assert.ok(!Number.isFinite(at) || (at >= lo - spare && at <= hi + spare), `${v} of a ${mark.kind} lies outside ${lo} to ${hi} (${'xy'[k]} of plot ${mark.axis})`);
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
export const count = (n) => (n >= 10000 || n >= 1000 ? `${Math.floor(n / 1000)}\u2009${String(n % 1000).padStart(3, '0')}` : String(n));

export const mean = (values) => { const known = list(values).filter(Number.isFinite); return known.reduce((a, b) => a + b, 0) / known.length; };
export const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
/** The numbers 0 … n − 1. */
export const range = (n) => Array.from({ length: n }, (_, k) => k);
