/* Transitions: a matrix of the class predicted before and after the attack. */
(() => {
  'use strict';
  const { layout } = nnprobe;

  /** @param {Ctx} ctx */
  function place(ctx) {
    const font = ctx.theme.fontSize, title = ctx.tiny ? 2 : font * 2.9, left = ctx.tiny ? 2 : font * 5.4;
    const side = Math.max(20, Math.min(ctx.width - left - font, ctx.height - title - font * 0.6));
    return { left: left + Math.max(0, (ctx.width - left - side) / 2 - font), top: title, width: side, height: side };
  }

  nnprobe.panels.attack_transitions = {
    empty: 'Here each cell will say how many points went from one class to another.',
    sentence: (ctx,
      seq) => (ctx.film.latest('attack.transitions', seq)
        ? null
        : 'The network is still learning: the attack comes after it.'),

    layout(ctx) {
      const n = ctx.film.head.header.classes.length, quiet = { showgrid: false, showticklabels: false };
      return { ...layout.base(ctx),
        ...layout.axes(ctx, 1, place(ctx), { range: [0, n], ...quiet }, { range: [0, n], scaleanchor: 'x',
          ...quiet }) };
    },

    marks(ctx, seq) {
      const found = ctx.film.latest('attack.transitions', seq), { theme, format } = ctx,
        names = ctx.film.head.header.classes, n = names.length;
      if (!found) return [];
      const counts = found.array.data,
        rows = Array.from({ length: n }, (_, i) => counts.slice(i * n, i * n + n).reduce((a, b) => a + b, 0));
      const pixels = new Uint8ClampedArray(4 * n * n), away = theme.rgb(theme.alarm), stays = theme.rgb(theme.accent);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const share = rows[i] ? counts[i * n + j] / rows[i] : 0, at = 4 * (i * n + j);
          pixels.set(i === j ? stays : away, at);
          pixels[at + 3] = share ? 40 + 200 * Math.sqrt(share) : 12;
        }
      }
      /** @type {Mark[]} */
      const out = [{ kind: 'image', axis: 1, x0: 0, x1: n, y0: 0, y1: n, w: n, h: n, pixels, smooth: false,
        hover: (row, col) =>
          `${names[row]} → ${names[col]}: ${counts[row * n + col]} of ${format.plural(rows[row], 'point')}` }];
      const cell = place(ctx).width / n, digits = String(Math.max(...counts)).length,
        font = Math.max(theme.least, Math.min(theme.fontSize, cell * 0.5));
      if (ctx.tiny) return out;
      // a number that cannot be read is none at all
      const counted = cell > 1.25 * font && cell > (0.62 * digits + 0.1) * font;
      /** @param {number} x @param {number} y @param {string | number} text @param {Partial<TextMark>} more
          @returns {Mark} */
      const word = (x, y, text, more) => ({ kind: 'text', axis: 1, x, y, text: String(text), colour: theme.soft,
        size: font, anchor: 'center', baseline: 'middle', clip: false, ...more });
      for (let i = 0; i < n; i++) {
        out.push(
          word(0, n - i - 0.5, names[i], { dx: -6, anchor: 'right', size: theme.fontSize, colour: theme.ink }),
          word(i + 0.5, n, names[i], { dy: -theme.fontSize * 0.8, size: theme.fontSize, colour: theme.ink }),
        );
        for (let j = 0; counted && j < n; j++)
          if (counts[i * n + j]) out.push(word(j + 0.5, n - i - 0.5, counts[i * n + j], { colour: theme.ink }));
      }
      const box = place(ctx);
      out.push({ kind: 'text', axis: 0, x: box.left, y: theme.fontSize * 0.8, text: 'after', colour: theme.soft,
        anchor: 'left', baseline: 'middle' }, { kind: 'text', axis: 0, x: box.left - theme.fontSize * 1.8,
        y: box.top + theme.fontSize * 0.8, text: 'before', colour: theme.soft, anchor: 'right', baseline: 'middle' });
      return out;
    },

    says(ctx, seq) {
      const { data, shape } = ctx.film.latest('attack.transitions', seq).array, [n] = shape, { format } = ctx;
      const all = data.reduce((a, b) => a + b, 0),
        kept = Array.from({ length: n }, (_, i) => data[i * n + i]).reduce((a, b) => a + b, 0);
      return `${format.count(kept)} of ${format.plural(all, 'point')} keep their class; `
        + `${often(ctx, seq)}.`;
    },

    note: often,
  };

  /** Which class is most often taken for which.
      @param {Ctx} ctx @param {number} seq */
  function often(ctx, seq) {
    const found = ctx.film.latest('attack.transitions', seq);
    if (!found) return '';
    const names = ctx.film.head.header.classes, n = names.length;
    let best = -1, most = 0;
    found.array.data.forEach((count, k) => {
      if (k % n !== Math.floor(k / n) && count > most) {
        best = k;
        most = count;
      }
    });
    return best < 0
      ? 'every point keeps its class'
      : `most often ${names[Math.floor(best / n)]} → ${names[best % n]} (${most})`;
  }
})();
