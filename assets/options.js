/* A panel's own small buttons: what it shows, and its picture as a file.
   part.options: [{key, label, start: false}] switches, or [{key, choices: [[value, label], …], start: value}]. */
(() => {
  'use strict';
  const nnprobe = (window.nnprobe = window.nnprobe || {});

  nnprobe.panelOptions = (panel, changed) => {
    const bar = Object.assign(document.createElement('div'), { className: 'panel-options' });
    const button = (label, press) => {
      const made = Object.assign(document.createElement('button'), { type: 'button', className: 'panel-option',
        textContent: label });
      made.addEventListener('click', press);
      bar.append(made);
      return made;
    };
    const refresh = [];
    const set = (key, value) => {
      panel.options.set(key, value);
      for (const update of refresh) update();
      changed();
    };
    for (const { key, label, choices } of panel.part.options || []) {
      if (choices) {
        for (const [value, name] of choices) {
          const made = button(name, () => set(key, value));
          refresh.push(() => made.setAttribute('aria-pressed', String(panel.options.get(key) === value)));
        }
      } else {
        const made = button(label, () => set(key, !panel.options.get(key)));
        refresh.push(() => made.setAttribute('aria-pressed', String(Boolean(panel.options.get(key)))));
      }
    }
    button('PNG', () => nnprobe.stage.exportImage(panel.name)).setAttribute('aria-label', 'Save this picture as PNG');
    for (const update of refresh) update();
    panel.section.querySelector('.panel-head').insertBefore(bar, panel.section.querySelector('.panel-key'));
  };
})();
