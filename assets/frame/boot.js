/* boot: the page's parts are put together once Dash has mounted its layout. */
(() => {
  'use strict';
  const { acts, chooser, clock, controls, files, fork, header, help, keys, look, menus, names, phone, session,
    sketch } = nnprobe;
  const PARTS = [controls, clock, look, help, header, menus, names, acts, fork, sketch, phone, chooser, files, keys];

  /** Dash mounts the layout some time after the scripts have run. */
  function whenMounted() {
    if (!['rail', 'stage', 'scrub'].every((id) => document.getElementById(id))) { setTimeout(whenMounted, 5); return; }
    for (const part of PARTS) part.bind();
    session.on('change', sketch.draw);
    session.begin();
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', whenMounted);
  else whenMounted();
})();
