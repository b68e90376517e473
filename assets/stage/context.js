/* context: what a panel is told when it is asked for its layout or its marks. */
(() => {
  'use strict';
  let caches = new Map();

  /** Forget what panels derived from the film before (called at every new head). */
  nnprobe.forget = () => { caches = new Map(); };

  nnprobe.layerNames = (n) =>
    Array.from({ length: n }, (_, i) => (i === 0 ? 'Input' : i === n - 1 ? 'Logits' : `Hidden ${i}`));

  /** One panel's view of the world; `panel` is the stage's record of it. */
  nnprobe.context = (panel) => {
    const { film } = nnprobe, theme = nnprobe.theme.of(panel);
    const cache = caches.get(panel.name) || caches.set(panel.name, new Map()).get(panel.name);
    return {
      film, theme, format: nnprobe.format, meta: panel.meta, width: panel.width, height: panel.height,
      spotlit: panel.spotlit, tiny: panel.width < 12.5 * theme.fontSize || panel.height < 8 * theme.fontSize,
      narrow: panel.width < 19 * theme.fontSize, axes: panel.places, zoom: panel.zoom,
      selected: nnprobe.followed.point, repaint: nnprobe.clock.repaint,
      head: film.head && film.head.arrays, config: film.config,
      /** A choice among a panel's options and inputs, or the page's shared ones. */
      option: (key) => nnprobe.choices.of(panel, key),
      /** Make such a choice for the user: by a tap on the picture. */
      choose: (key, value) => nnprobe.choices.set(panel, key, value),
      /** `make()` once per film and panel. */
      memo(key, make) {
        if (!cache.has(key)) cache.set(key, make());
        return cache.get(key);
      },
      /** What all frames say together: `visit(frame, found)` writes it into what `make()` gave. Each is visited once,
          in the order they came, so what is found must not depend on that order. */
      gather(key, make, visit) {
        const kept = this.memo(key, () => ({ upTo: 0, found: make() }));
        for (; kept.upTo < film.arrived.length; kept.upTo++) visit(film.arrived[kept.upTo], kept.found);
        return kept.found;
      },
      /** The frame to draw at a place: that one, or the last before it that is here. */
      frame: (seq) => film.nearest(seq),
      get widths() { return this.head ? Array.from(this.head['data.widths'].data) : []; },
      get names() { return nnprobe.layerNames(this.widths.length); },
      /** Names for the ends of lines and rows, short where there is little room. */
      get labelsOfLayers() {
        return this.narrow ? this.shortNames : this.names;
      },
      get shortNames() {
        return this.names.map((name) => name.replace('Hidden ', 'H').replace('Logits', 'Log.').replace('Input', 'In'));
      },
      get labels() {
        return this.head['data.y'].data;
      },
      /** Points shown and points there are, as "600 of 1 000 points". */
      get counted() {
        const shown = this.labels.length, classes = this.widths[this.widths.length - 1];
        const all = this.config && this.config.n_train ? this.config.n_train * classes : shown;
        return shown < all ? `${nnprobe.format.count(shown)} of ${nnprobe.format.count(all)} points`
          : nnprobe.format.plural(shown, 'point');
      },
      /** A layer's points as [x, y(, z)]; the settled plane where the film has one. Null where the layer is not
          recorded.
          @param {number} i @param {number} seq @returns {any} */
      layer(i, seq) {
        if (i === 0) return this.memo('input', () => nnprobe.columns(this.head['data.x']));
        const frame = film.nearest(seq);
        if (!frame) return null;
        const arrays = film.settled(frame.seq) || frame.arrays, map = arrays[`map.${i}`];
        return map ? nnprobe.dequantise(map, arrays[`map.${i}.range`]) : null;
      },
    };
  };
})();
