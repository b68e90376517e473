/* What of the text in view cannot be read: {small: under `least` px; faint: under `contrast` to 1 (marks that stand for a
   colour, ●: 3 to 1); cut: past the edge of what holds it; over: on other text or on a control}. Texts are the page's, Plotly's,
   and those painted on canvases, whose boxes are the painter's own (assets/paint/paint.js). Empty lists: all is legible. */
({ least, contrast = 1 }) => {
  const INK = 0.16, SLACK = 1.5; // of a box's height: above and below its letters; pixels
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map(), small = [], faint = [], cut = [], over = [], boxes = [];

  const rgba = (colour) => {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      known.set(colour, [...pen.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);

  const parents = function* (element) { for (let e = element; e && e !== document.documentElement; e = e.parentElement) yield e; };
  const styles = new Map();
  const styleOf = (element) => styles.get(element) || styles.set(element, getComputedStyle(element)).get(element);
  const ground = (element) => {
    for (const e of parents(element)) if (rgba(styleOf(e).backgroundColor)[3] === 255) return rgba(styleOf(e).backgroundColor);
    return [255, 255, 255, 255];
  };
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  /** What lies over the page and hides what is below: bars that stay, and what has been opened. */
  function layerOf(element) {
    for (const e of parents(element)) {
      if (e.matches('dialog, [popover], [role="menu"], .menu-list, .toast, .scrub-tip') || ['fixed', 'sticky'].includes(styleOf(e).position)) return e;
    }
    return document.body;
  }
  const modal = document.querySelector('dialog[open]');

  /** The part of the screen in which a box inside `element` is seen: {left, …} hard edges cut, soft ones scroll. */
  function window_(element) {
    const hard = { left: 0, top: 0, right: innerWidth, bottom: innerHeight }, soft = { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9 };
    if (document.documentElement.scrollHeight > innerHeight + 1 && styleOf(document.body).overflowY !== 'hidden') Object.assign(hard, { top: -1e9, bottom: 1e9 });
    for (const e of parents(element)) {
      const { overflowX, overflowY, display, position } = styleOf(e);
      if ((overflowX !== 'visible' || overflowY !== 'visible') && display !== 'inline') {
        const box = e.getBoundingClientRect(), x = overflowX !== 'visible', y = overflowY !== 'visible';
        const scrolls = (axis) => ['auto', 'scroll'].includes(axis);
        for (const [on, axis, lo, hi] of [[x, overflowX, 'left', 'right'], [y, overflowY, 'top', 'bottom']]) {
          if (!on) continue;
          const edges = scrolls(axis) ? soft : hard;
          edges[lo] = Math.max(edges[lo], box[lo]);
          edges[hi] = Math.min(edges[hi], box[hi]);
        }
      }
      if (position === 'fixed') break;
    }
    return { hard, soft };
  }

  function add(kind, said, rect, element, size, colour, back) {
    const inset = kind === 'control' ? 1 : INK * (rect.bottom - rect.top);
    const box = { kind, said, left: rect.left + 0.5, right: rect.right - 0.5, top: rect.top + inset, bottom: rect.bottom - inset, element, layer: layerOf(element) };
    if (modal && box.layer !== modal) return;
    const { hard, soft } = window_(element);
    if (element.closest('.clauses') && box.top >= hard.bottom - SLACK) return; // a clause there is no room for, in a line of its own
    if (box.right < soft.left || box.left > soft.right || box.bottom < soft.top || box.top > soft.bottom) return; // scrolled away
    for (const edge of ['left', 'top']) box[edge] = Math.max(box[edge], soft[edge]);
    for (const edge of ['right', 'bottom']) box[edge] = Math.min(box[edge], soft[edge]);
    const past = [['left', hard.left - box.left], ['top', hard.top - box.top], ['right', box.right - hard.right], ['bottom', box.bottom - hard.bottom]]
      .filter(([, by]) => by > SLACK);
    if (past.length) cut.push(`${said}: ${past.map(([edge, by]) => `${Math.round(by)} px past the ${edge}`).join(', ')}`);
    if (kind === 'text') {
      if (size < least - 0.01) small.push(`${Math.round(10 * size) / 10} px: ${said}`);
      const held = [...parents(element)].find((e) => e.matches('button, .pill, .panel, [popover], .toast, .menu-list, dialog, select, .scrub-tip'));
      const frame = held && held.getBoundingClientRect();
      if (frame && !past.length && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        && !styleOf(held).overflowY.match(/auto|scroll/)) cut.push(`${said}: out of its ${held.className || held.tagName}`);
      const found = colour && contrast > 1 ? ratio(rgba(colour), back || ground(element)) : 99;
      if (found < (/^[●▲▼◆■\s]+$/.test(said.split(' (')[0]) ? Math.min(3, contrast) : contrast)) faint.push(`${found.toFixed(1)}: ${said}`);
    }
    boxes.push(box);
  }

  function ofPage() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
      if (!text || element.closest('script, style, .unseen, option, .skip') || element.closest('svg') || !seen(element)) continue;
      if ([...parents(element)].some((e) => styleOf(e).clipPath === 'inset(50%)')) continue; // for screen readers alone
      const style = styleOf(element), said = `${text} (${element.id || element.getAttribute('class') || element.tagName})`, range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      if (style.textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth + 1) {
        cut.push(`${said}: ends in an ellipsis`);
        continue;
      }
      for (const rect of range.getClientRects()) {
        if (rect.width > 0.5) add('text', said, rect, element, parseFloat(style.fontSize), element.matches(':disabled') ? null : style.color);
      }
    }
  }

  function ofPlots() {
    for (const text of document.querySelectorAll('.panel-body svg text')) {
      const rect = text.getBoundingClientRect(), style = styleOf(text), said = text.textContent.trim();
      if (!said || !rect.width || !seen(text) || style.fill === 'none' || text.closest('.hoverlayer')) continue;
      const part = text.querySelector('tspan[style*="fill"]');
      add('text', `${said} (Plotly, ${text.closest('.panel').dataset.panel})`, rect, text, parseFloat(style.fontSize), part ? styleOf(part).fill : style.fill,
        ground(text.closest('.panel')));
    }
  }

  /** What is painted: while the clock moves, with the same marks as when it rests; and of crowds of points then, too. */
  function ofCanvases() {
    for (const section of document.querySelectorAll('.panel[data-panel]')) {
      const panel = nnprobe.stage.panel(section.dataset.panel), { body } = panel;
      if (!body.matches('.moving, .crowded') || body.classList.contains('bare') || !seen(body)) continue;
      const at = body.getBoundingClientRect(), theme = nnprobe.theme.of(panel);
      for (const mark of panel.marks.filter((one) => one.kind === 'text')) {
        const place = mark.axis === 0 ? nnprobe.whole : panel.places.get(mark.axis), box = place && nnprobe.textBox(pen, place, mark, theme);
        if (!box || !box.width) continue;
        const said = box.parts.map((part) => part.text).join(''), [left, top] = [at.left + box.left, at.top + box.top - 0.08 * box.size];
        add('text', `${said} (painted, ${panel.name})`, { left, top, right: left + box.width, bottom: top + 1.16 * box.size }, body, box.size,
          box.parts[0].colour || mark.colour, ground(section));
      }
    }
  }

  function ofControls() {
    for (const element of document.querySelectorAll('button, select, input, a[href], summary')) {
      if (!seen(element) || element.closest('.unseen') || element.matches('.skip')) continue;
      const rect = element.getBoundingClientRect(), said = `${element.tagName.toLowerCase()} ${element.id || element.className || element.textContent}`;
      if (rect.width < 2) continue;
      add('control', said, rect, element);
      if (element.matches('input[type="text"], input[type="number"]') && element.scrollWidth > element.clientWidth + 1) cut.push(`${said}: ${element.value}`);
      if (element.matches('select') && element.selectedOptions.length) {
        const style = styleOf(element);
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        if (pen.measureText(element.selectedOptions[0].text).width > element.clientWidth - 16) cut.push(`${said}: ${element.selectedOptions[0].text}`);
      }
    }
  }

  ofPage();
  ofPlots();
  ofCanvases();
  ofControls();
  boxes.sort((a, b) => a.top - b.top);
  boxes.forEach((a, i) => {
    for (let k = i + 1; k < boxes.length && boxes[k].top < a.bottom - SLACK; k++) {
      const b = boxes[k], wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - b.top;
      if (wide <= SLACK || high <= SLACK || a.layer !== b.layer) continue;
      if ((a.kind === 'control' || b.kind === 'control') && (a.element.contains(b.element) || b.element.contains(a.element) || a.kind === b.kind)) continue;
      over.push(`${a.said} | ${b.said}: ${Math.round(wide)} × ${Math.round(high)} px`);
    }
  });
  return { small, faint, cut, over };
}
