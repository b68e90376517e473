/* The painter's other half, in a worker of its own (painter.js starts it; the page itself loads this file to no
   effect). */
(() => {
  'use strict';
  if (typeof document !== 'undefined') return;
  self.window = self; // the scripts it shares with the page speak of a window
  const panels = new Map();

  /** @param {PaintJob} _ @param {Theme} theme */
  function paint({ name, width, height, ratio, fontSize, places, marks }, theme) {
    const { canvas, ground } = panels.get(name), wide = Math.max(1, Math.round(width * ratio)),
      tall = Math.max(1, Math.round(height * ratio));
    if (canvas.width !== wide || canvas.height !== tall) Object.assign(canvas, { width: wide, height: tall });
    self.nnprobe.paint(canvas, ratio, places, marks, { ...theme, fontSize }, ground);
  }

  self.onmessage = ({ data }) => {
    if (data.scripts) self.importScripts(...data.scripts);
    else if (data.canvas) panels.set(data.name, data);
    else {
      const start = performance.now();
      for (const job of data.jobs) paint(job, data.theme);
      const ms = performance.now() - start;
      // The next frame shows what is on the canvases then.
      self.requestAnimationFrame(() => self.postMessage({ ticket: data.ticket, ms }));
    }
  };
})();
