// What panels draw of shipped films: every picture of every page, at four sizes.
import { opened } from './page.mjs';

/** Every page with a film, at a frame where its panels have something to show. */
const SHOWN = [
  ['lab', 'default', 120],
  ['lab', 'two-neurons', 60],
  ['compare', 'sweep-rate', 99],
  ['compare', '64-fates', 60],
  ['attack', 'attack-spiral', 80],
  ['attack', 'attack-digits', 40],
  ['separation', 'separation-digits', 33],
  ['separation', 'separation-spiral', 20],
];
const SIZES = [
  { width: 700, height: 460 },
  { width: 240, height: 200 },
  { width: 120, height: 90 },
  { width: 1500, height: 900, spotlit: true },
];

/** Panels that were asked. */
export const said = new Set();

/** All pictures that panels draw of these films. */
function* pictures(sizes = SIZES) {
  for (const [name, shown, seq] of SHOWN) {
    const page = opened(name, shown);
    for (const panel of page.panels) {
      for (const size of sizes) {
        const drawn = page.draw(panel, seq, size);
        said.add(panel);
        if (drawn.sentence === null && !drawn.card)
          yield { ...drawn, page, panel, size, what: `${panel} of ${shown} at ${size.width}` };
      }
    }
  }
}
export const drawnAll = [...pictures()];
