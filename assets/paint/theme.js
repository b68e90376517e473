/* Theme: the CSS tokens as numbers and colours, for canvas and Plotly alike. Colours of classes live here, their shapes
   in shapes.js. */
(() => {
  'use strict';
  // Used where a page does not set a token (the style sheet is the source; these only keep a bare page readable).
  /** @type {{ [token: string]: string }} */
  const FALLBACK = { bg: '#0e1116', panel: '#151a21', line: '#262d37', ink: '#e8edf3', soft: '#9aa7b5',
    accent: '#7dd3a8', alarm: '#ff8a70', past: '#6b7683', 'grid-line': '#222932', 'class-0': '#56b4e9',
    'class-1': '#f0a830', 'class-2': '#1fc79b', 'class-3': '#d98cbb', 'class-4': '#f0e442', 'class-5': '#ff7f50',
    'font-size': '12', 'font-size-spotlit': '12', 'font-size-least': '11', 'marker-scale': '1' };
  const CLASSES = 6;
  const PLAIN = /** @type {const} */ (['bg', 'panel', 'line', 'ink', 'soft', 'accent', 'alarm', 'past']);

  const probe = /** @type {any} */ (document.createElement('canvas').getContext('2d'));
  const rgbs = new Map();
  /** @param {string} colour @returns {number[]} */
  function rgb(colour) {
    if (!rgbs.has(colour)) {
      probe.fillStyle = '#000';
      probe.fillStyle = colour;
      const hex = probe.fillStyle;
      rgbs.set(colour, hex[0] === '#'
        ? [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16))
        : (hex.match(/[\d.]+/g) || []).slice(0, 3).map(Number));
    }
    return rgbs.get(colour);
  }
  /** @param {number[]} parts */
  const hex = (parts) => `#${parts.map((v) => Math.round(v).toString(16).padStart(2, '0')).join('')}`;

  const theme = /** @type {Theme} */ ({
    rgb,
    /** `a` toward `b` by the share t.
        @param {string} a @param {string} b @param {number} share */
    mix: (a, b, share) => hex(rgb(a).map((v, k) => v + (rgb(b)[k] - v) * share)),
    /** @param {string} colour @param {number} alpha */
    withAlpha: (colour, alpha) => `rgba(${rgb(colour).join(',')},${alpha})`,
    /** The theme as a panel has it: larger type in the spotlight.
        @param {{ theme?: Theme, spotlit: boolean }} panel @returns {Theme} */
    of: (panel) => panel.theme || (panel.spotlit ? theme.spotlit : theme),
    /** One hue for things in an order (layers, matrices), from a quiet to a strong accent, each legible as text. Never
        a class colour. */
    ramp: (i, n) => (n < 2 ? theme.accent : theme.mix(theme.quiet, theme.strong, i / (n - 1))),
  });

  function read() {
    const style = getComputedStyle(document.documentElement);
    /** @param {string} name */
    const token = (name) => style.getPropertyValue(`--${name}`).trim() || FALLBACK[name];
    for (const name of PLAIN) theme[name] = token(name);
    theme.grid = token('grid-line');
    theme.classes = Array.from({ length: CLASSES }, (_, k) => token(`class-${k}`));
    const rem = parseFloat(style.fontSize),
      size = (/** @type {string} */ name) => parseFloat(token(name)) * (token(name).endsWith('rem') ? rem : 1);
    theme.fontSize = size('font-size');
    theme.least = size('font-size-least');
    theme.markerScale = parseFloat(token('marker-scale')) || 1;
    theme.spotlit = Object.create(theme, { fontSize: { value: size('font-size-spotlit') } });
    theme.font = getComputedStyle(document.body || document.documentElement).fontFamily || 'system-ui, sans-serif';
    // As quiet as text may be: 4.5 to 1, and 7 to 1 in a lecture hall.
    const needed = theme.markerScale > 1 ? 7 : 4.5;
    let share = 0.6;
    while (share > 0 && contrast(theme.mix(theme.accent, theme.panel, share), theme.panel) < needed) share -= 0.02;
    theme.quiet = theme.mix(theme.accent, theme.panel, Math.max(0, share));
    theme.strong = theme.mix(theme.accent, theme.ink, 0.5);
    theme.outline = theme.mix(theme.panel, theme.bg, 0.5);
  }
  /** Contrast of two colours, 1 to 21 (WCAG 2, relative luminance).
      @param {string} a @param {string} b */
  function contrast(a, b) {
    /** @param {string} colour */
    const luminance = (colour) =>
      rgb(colour).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }

  theme.read = read;
  nnprobe.theme = theme;
  read();
})();
