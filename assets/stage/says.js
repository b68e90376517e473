/* says: every picture in a sentence, of the frame at which the clock has come to rest: `part.says(ctx, seq)`. It
   describes the graph to who cannot see it; nobody reads sixty sentences a second, so it is neither renewed nor
   announced while the film plays. */
(() => {
  'use strict';
  const { page } = nnprobe;
  const panels = () =>
    [...document.querySelectorAll('.panel[data-panel]:not([hidden])')].map((section) =>
      nnprobe.stage.panel(section.dataset.panel)
    ).filter(Boolean);
  const unit = page.words.unit.replace(/s$/, '');

  /** @param {PanelRecord} panel @param {number} seq @returns {string} */
  function sentence(panel, seq) {
    const { part } = panel, ctx = nnprobe.context(panel);
    if (!ctx.head) return part.empty || '';
    const instead = part.sentence ? part.sentence(ctx, seq) : null;
    if (instead !== null) return instead;
    const { format } = ctx, said = part.says ? part.says(ctx, seq) : '';
    return said && `${unit[0].toUpperCase()}${unit.slice(1)} ${format.count(ctx.frame(seq).step)}: ${said}`;
  }

  /** @param {PanelRecord} panel */
  function name(panel) {
    const graph = panel.body.querySelector('.panel-graph'), { id } = panel.section.querySelector('.panel-says');
    for (const [key, value] of [['role', 'img'], ['aria-labelledby', `title-${panel.name}`], ['aria-describedby', id]])
      graph.setAttribute(key, value);
  }

  document.addEventListener('DOMContentLoaded', () => {
    nnprobe.stage.on('ready', () => panels().forEach(name));
    nnprobe.stage.on('settled', (seq) => {
      for (const panel of panels()) nnprobe.say(panel.section.querySelector('.panel-says'), sentence(panel, seq));
    });
  });
})();
