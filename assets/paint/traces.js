/* traces: the same marks as real Plotly traces, with hover: what a panel shows at rest. paint.js is its twin. */
(() => {
  'use strict';
  const LETTER = 0.62; // a letter's width in its own size
  const CROWD = 500; // points; Plotly makes an element of each, and takes a third of a millisecond for it
  /** @param {string} letter @param {number} axis */
  const ref = (letter, axis) => letter + (axis === 1 ? '' : axis);
  /** @param {string} text */
  const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  /** Lines of at most what the window is wide, at the end of a word.
      @param {string} text @param {number} size */
  const wrapped = (text, size) => {
    const most = Math.max(20, Math.floor((window.innerWidth - 40) / (LETTER * size)));
    if (text.length <= most) return text;
    return text.split('<br>').map((line) =>
      line.split(' ').reduce(([done, last], word) => /** @type {[string[], string]} */ (
        last && `${last} ${word}`.length > most ? [[...done, last], word] : [done, last ? `${last} ${word}` : word]
      ), /** @type {[string[], string]} */ ([[], ''])).flat().join('<br>')
    ).join('<br>');
  };

  /** @param {string} text */
  const told = (text) => wrapped(text, Math.max(12, nnprobe.theme.fontSize));
  /** @param {PointsMark | LineMark} _ */
  const rows = ({ x, hover }) => hover && Array.from({ length: x.length }, (_, i) => told(hover(i)));

  /** @param {Mark} mark */
  const plain = (mark) => ({ xaxis: ref('x', mark.axis), yaxis: ref('y', mark.axis), showlegend: false,
    opacity: mark.alpha === undefined ? 1 : mark.alpha, cliponaxis: mark.clip !== false });

  /** @param {PointsMark | LineMark} mark */
  const hover = (mark) => (mark.hover
    ? { text: rows(mark), hovertemplate: '%{text}<extra></extra>' } : { hoverinfo: 'skip' });

  /** @type {{ [kind: string]: ((mark: any, theme: Theme) => any) | undefined }} */
  const make = {
    /** @param {PointsMark} mark @param {Theme} theme */
    points(mark, theme) {
      const style = nnprobe.pointStyle(mark, theme), symbol = nnprobe.shapes[mark.shape].symbol;
      return { ...plain(mark), ...hover(mark), type: 'scatter', mode: 'markers', x: mark.x, y: mark.y,
        marker: { symbol: symbol + (style.hollow ? '-open' : ''), size: style.size, color: style.colour, opacity: 1,
          line: { width: style.line, color: style.hollow ? style.colour : style.outline } } };
    },

    /** @param {LineMark} mark */
    line: (mark) => ({ ...plain(mark), ...hover(mark), type: 'scatter', mode: 'lines', x: mark.x, y: mark.y,
      connectgaps: false, line: { color: mark.colour, width: mark.width || 1.5, shape: 'linear', simplify: false,
        dash: mark.dash ? mark.dash.map((part) => `${part}px`).join(',') : 'solid' } }),

    /** @param {BarsMark} mark */
    bars(mark) {
      const n = mark.x0.length;
      /** @param {(i: number) => any} f */
      const each = (f) => Array.from({ length: n }, (_, i) => f(i));
      /** @type {any} */
      const trace = { ...plain(mark), type: 'bar', x: each((i) => (mark.x0[i] + mark.x1[i]) / 2),
        width: each((i) => mark.x1[i] - mark.x0[i]), base: each((i) => mark.y0[i]),
        y: each((i) => mark.y1[i] - mark.y0[i]), marker: { color: mark.colour, line: { width: 0 } } };
      delete trace.cliponaxis;
      const { hover: says } = mark;
      return says
        ? { ...trace, hovertext: each((i) => told(says(i))), hovertemplate: '%{hovertext}<extra></extra>' }
        : { ...trace, hoverinfo: 'skip' };
    },

    /** The picture itself is a layout image; this invisible grid over it answers the pointer. Its rows are the
        picture's, from the top.
        @param {ImageMark} mark */
    image(mark) {
      const { hover } = mark;
      if (!hover) return null;
      /** @param {number} lo @param {number} hi @param {number} n */
      const centre = (lo, hi, n) => Array.from({ length: n }, (_, i) => lo + ((i + 0.5) / n) * (hi - lo));
      const grid = Array.from(
        { length: mark.h },
        (_, row) => Array.from({ length: mark.w }, (_, col) => told(hover(row, col))),
      );
      /** @type {any} */
      const trace = { ...plain(mark), type: 'heatmap', x: centre(mark.x0, mark.x1, mark.w),
        y: centre(mark.y1, mark.y0, mark.h), z: grid.map((line) => line.map(() => 0)), text: grid,
        hovertemplate: '%{text}<extra></extra>', opacity: 0, showscale: false, zmin: 0, zmax: 1 };
      delete trace.cliponaxis;
      return trace;
    },
  };

  /** A browser smooths every scaled SVG image, so one with hard cells is drawn larger first.
      @param {ImageMark} mark */
  function source(mark) {
    const small = nnprobe.imageCanvas(mark), large = document.createElement('canvas'), hard = mark.smooth === false;
    large.width = mark.w * (hard ? Math.max(1, Math.ceil(800 / mark.w)) : 1);
    large.height = mark.h * (hard ? Math.max(1, Math.ceil(400 / mark.h)) : 1);
    const pen = /** @type {Pen} */ (large.getContext('2d'));
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, large.width, large.height);
    return large.toDataURL();
  }

  /** @param {ImageMark} mark */
  function image(mark) {
    return { source: source(mark), xref: ref('x', mark.axis), yref: ref('y', mark.axis),
      x: mark.x0, y: mark.y1, sizex: mark.x1 - mark.x0, sizey: mark.y1 - mark.y0, xanchor: 'left', yanchor: 'top',
      sizing: 'stretch', layer: 'below' };
  }

  /** @param {TextMark} mark @param {Place} place @param {{ width: number, height: number }} size
      @param {Theme} theme */
  function annotation(mark, place, size, theme) {
    const parts = mark.rich || [{ text: mark.text || '', colour: mark.colour, bold: mark.bold }];
    const text = parts.map((part) => {
      const inner = part.bold ? `<b>${escape(part.text)}</b>` : escape(part.text);
      return `<span style="color:${part.colour || mark.colour}">${inner}</span>`;
    }).join('');
    const pixels = mark.axis === 0;
    return { text, showarrow: false, borderpad: 0, borderwidth: 0, opacity: mark.alpha === undefined ? 1 : mark.alpha,
      xref: pixels ? 'paper' : ref('x', mark.axis), yref: pixels ? 'paper' : ref('y', mark.axis),
      x: pixels ? mark.x / size.width : place.logx ? Math.log10(mark.x) : mark.x,
      y: pixels ? 1 - mark.y / size.height : place.logy ? Math.log10(mark.y) : mark.y, xshift: mark.dx || 0,
      yshift: -(mark.dy || 0), xanchor: mark.anchor || 'left', yanchor: mark.baseline || 'middle',
      bgcolor: mark.back || 'rgba(0,0,0,0)',
      font: { size: mark.size || theme.fontSize, color: mark.colour, family: theme.font }, captureevents: false };
  }

  /** Whether a picture has so many points that its canvas stays at rest, and Plotly only answers the pointer. */
  nnprobe.crowded = (marks) =>
    marks.reduce((sum, mark) => sum + (mark.kind === 'points' ? mark.x.length : 0), 0) > CROWD;

  /** What answers the pointer over a canvas: the same traces, their points without elements of their own. */
  nnprobe.answers = (marks, places, theme) => ({ images: [], annotations: [],
    data: marks.filter((mark) => mark.kind !== 'text' && mark.hover && (mark.axis === 0 || places.get(mark.axis)))
      .map((mark) => ({ ...make[mark.kind]?.(mark, theme), ...(mark.kind === 'points' ? { mode: 'none' } : {}) })) });

  /** {data, images, annotations} for Plotly.react. */
  nnprobe.traces = (marks, places, size, theme) => ({
    data: marks.filter((mark) => mark.axis === 0 || places.get(mark.axis))
      .map((mark) => make[mark.kind]?.(mark, theme)).filter(Boolean),
    images: marks.filter((mark) => mark.kind === 'image').map(image),
    annotations: marks.filter((mark) => mark.kind === 'text').filter((mark) => mark.axis === 0 || places.get(mark.axis))
      .map((mark) => annotation(mark, places.get(mark.axis) || nnprobe.whole, size, theme)),
  });
})();
