/* picture: what a panel shows as a figure of its own, for a file: on a ground, under a title, with what run and step it
   is of and names at its axes. Made of the same marks as on the page, at a size of its own. A panel says by named(ctx)
   → {xaxis: 'step', yaxis2: 'loss'} what its axes are where nothing in its picture does. */
(() => {
  'use strict';
  const SIZE = { width: 960, height: 720, fontSize: 16 }, LETTER = 0.6; // of what is written, in its own size

  /** A panel's record as `host` has it, with this room.
      @param {PanelRecord} panel @param {number} width @param {number} height @param {number} fontSize
      @returns {PanelRecord} */
  const roomy = (panel, width, height, fontSize) => ({ ...panel, width, height, spotlit: true, places: new Map(),
    zoom: new Map(),
    theme: Object.create(nnprobe.theme, { fontSize: { value: fontSize }, markerScale: { value: 1 } }) });

  /** @param {string} text */
  const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  /** @param {PlotLayout} layout */
  const plots = (layout) => Object.keys(layout).filter((name) => name.startsWith('xaxis')).length;

  /** "step 1 500 of 3 000", of the frame at a place of the film.
      @param {number} seq */
  function moment(seq) {
    const { film, format, page } = nnprobe, frame = film.nearest(seq), { unit } = page.words;
    const step = format.count(frame.step), all = format.count(film.planned);
    return unit === 'steps' ? `step ${step} of ${all}` : `${step} of ${all} ${unit}`;
  }

  /** {data, layout} for Plotly; a sentence in place of both where the panel has nothing to show. `about` says what run
      it is. */
  nnprobe.picture = (panel, seq,
    { width = SIZE.width, height = SIZE.height, fontSize = SIZE.fontSize, about = '' } = {}) => {
    const { theme } = nnprobe, head = panel.section.querySelector('.panel-title'),
      title = (head.querySelector('.panel-long') || head).textContent;
    const named = panel.part.named || (() => ({})), top = Math.round(4.4 * fontSize), edge = Math.round(0.8 * fontSize);
    const probe = roomy(panel, width - 2 * edge, height - top - edge, fontSize), first = nnprobe.context(probe);
    const sentence = first.head ? (panel.part.sentence ? panel.part.sentence(first, seq) : null) : panel.part.empty;
    if (sentence !== null) return { sentence };
    const names = named(first),
      left = edge + (Object.keys(names).some((axis) => axis[0] === 'y') ? Math.round(1.5 * fontSize) : 0);
    const below = edge + (Object.keys(names).some((axis) => axis[0] === 'x') ? Math.round(1.6 * fontSize) : 0);

    const record = roomy(panel, width - left - edge, height - top - below, fontSize);
    let layout = panel.part.layout(nnprobe.context(record));
    if (panel.zoom.size && plots(layout) === panel.plots) { // as it is zoomed on the page
      record.zoom = panel.zoom;
      layout = panel.part.layout(nnprobe.context(record));
    }
    record.places = nnprobe.layout.places(layout);
    const marks = nnprobe.zoom.cut(record, panel.part.marks(nnprobe.context(record), seq));
    // beside the step
    const now = moment(seq), letters = Math.floor((width - 2.4 * fontSize) / (LETTER * fontSize)) - now.length - 3;
    const what = about.length > letters ? `${about.slice(0, letters - 1).trimEnd()}…` : about;
    const under = { text: escape([what, now].filter(Boolean).join(' · ')), showarrow: false, borderpad: 0,
      xref: 'paper', yref: 'paper', x: 0, y: 1, xanchor: 'left', yanchor: 'top', xshift: 1.2 * fontSize - left,
      yshift: top - 2.5 * fontSize, font: { size: fontSize, color: theme.soft, family: theme.font } };
    const traces = nnprobe.traces(marks, record.places, record, nnprobe.theme.of(record));
    for (const [axis, text] of Object.entries(names)) {
      if (layout[axis])
        layout[axis] = { ...layout[axis],
          title: { text, standoff: 0.4 * fontSize, font: { size: fontSize, color: theme.soft } } };
    }
    return {
      data: [...nnprobe.layout.holders(layout), ...traces.data],
      layout: { ...structuredClone(layout), images: traces.images, annotations: [under, ...traces.annotations], width,
        height, template: {}, margin: { l: left, r: edge, t: top, b: below, pad: 0 }, paper_bgcolor: theme.panel,
        title: { text: `<b>${title}</b>`, x: 0, xref: 'container', xanchor: 'left', y: 1, yref: 'container',
          yanchor: 'top', pad: { l: 1.2 * fontSize, t: 0.9 * fontSize },
          font: { size: Math.round(1.3 * fontSize), color: theme.ink } } },
    };
  };

  /** What the film on the page is called: its preset, or what the server says of the run. */
  async function called() {
    const { api, film } = nnprobe;
    if (film.title || !film.run) return film.title || film.file || '';
    try {
      const status = await api.json(api.run(film.run));
      return status.name || (status.about || '').split(' — ').pop() || `run ${film.run}`;
    } catch { return `run ${film.run}`; }
  }

  /** Save a panel's picture as PNG, each of its pixels four on the file. */
  nnprobe.savePicture = async (panel, seq) => {
    const { film, toast } = nnprobe, about = await called(), made = nnprobe.picture(panel, seq, { about });
    if (made.sentence !== undefined) {
      toast(`There is no picture to save: ${made.sentence}`, 'note', 'picture');
      return;
    }
    const run = film.run ? `-${film.run}` : '', { width, height } = made.layout;
    await window.Plotly.downloadImage(made, { format: 'png', scale: 2, width, height,
      filename: `nnprobe${run}-${panel.name}-${seq}` });
  };
})();
