/* Shapes of the classes, in their order; shared by the page and the painter. */
(() => {
  'use strict';

  /** Shapes by class: Plotly's symbol, and the same outline for a canvas (r = half the marker's size).
      @param {number[][]} points @returns {(path: Pen, r: number) => void} */
  const polygon = (points) => (path, r) => {
    points.forEach(([x, y], i) => (i ? path.lineTo(x * r, y * r) : path.moveTo(x * r, y * r)));
    path.closePath();
  };
  const t = 2 / Math.sqrt(3);
  nnprobe.shapes = [
    { symbol: 'circle', trace: (path, r) => path.arc(0, 0, r, 0, 2 * Math.PI) },
    { symbol: 'triangle-up', trace: polygon([[-t, 0.5], [t, 0.5], [0, -1]]) },
    { symbol: 'square', trace: polygon([[1, 1], [-1, 1], [-1, -1], [1, -1]]) },
    { symbol: 'diamond', trace: polygon([[1.3, 0], [0, 1.3], [-1.3, 0], [0, -1.3]]) },
    { symbol: 'cross', trace: polygon([[1.2, 0.4], [0.4, 0.4], [0.4, 1.2], [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4],
      [-1.2, -0.4], [-0.4, -0.4], [-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4]]) },
    { symbol: 'star', trace: polygon([[0.315, -0.433], [1.331, -0.433], [0.508, 0.165], [0.823, 1.133], [0, 0.535],
      [-0.823, 1.133], [-0.508, 0.165], [-1.331, -0.433], [-0.315, -0.433], [0, -1.4]]) },
  ];
})();
