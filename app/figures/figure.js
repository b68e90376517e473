/* What app/figures asks of a page that shows a film: a panel's picture at a step, as {seq, step, figure}; or a
   sentence. */
async ({ name, step, choices, point, size, about }) => {
  const { stage, film, clock, format } = nnprobe, panel = stage.panel(name);
  const specs = [...(panel.part.options || []), ...(panel.part.inputs || [])];
  const word = ([value, label]) => (String(value) === label ? label : `${value} (${label})`);
  const worded = (list) => list.map(word).join(', ');

  /** All values of a choice as [[value, label], …]; null for a number of a range. */
  function known(spec) {
    if (typeof spec.choices === 'function') return spec.choices(nnprobe.context(panel));
    if (spec.choices) return spec.choices;
    if (spec.stops) return spec.stops.map((value) => [value, String(value)]);
    return spec.range ? null : [[false, 'false'], [true, 'true']];
  }

  for (const [key, said] of Object.entries(choices)) {
    const spec = specs.find((one) => one.key === key);
    if (!spec) {
      const known = specs.map((one) => one.key).join(', ') || 'nothing';
      return { sentence: `set must be one of ${known} for ${name}, got ${key}.` };
    }
    const all = known(spec), number = Number(said);
    const meant = ([value, label]) => String(value) === said || label.toLowerCase() === said.toLowerCase();
    const found = all ? all.find(meant) : [number];
    if (!all && !(number >= spec.range[0] && number <= spec.range[1])) {
      return { sentence: `${key} must be from ${spec.range[0]} to ${spec.range[1]}, got ${said}.` };
    }
    if (!found) return { sentence: `${key} must be one of ${worded(all)}, got ${said}.` };
    nnprobe.choices.set(panel, key, found[0]);
  }

  const { steps } = film, near = (k) => Math.abs(steps[k] - step);
  let seq = steps.length - 1;
  for (let k = seq; step !== null && k >= 0; k--) if (near(k) <= near(seq)) seq = k;
  const points = film.head.arrays['data.y'] ? film.head.arrays['data.y'].shape[0] : 0;
  if (point !== null && !(point >= 0 && point < points)) {
    return { sentence: `point must be from 0 to ${points - 1}, got ${point}.` };
  }
  clock.pause();
  clock.seek(seq);
  stage.select(point);

  // Some panels ask the server while they are drawn (the graph, an attack): drawn again when all answers are there.
  let made = null;
  for (let before = -1; before !== 0;) {
    made = nnprobe.picture(panel, seq, { ...size, about });
    before = nnprobe.asked;
    while (nnprobe.asked) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const at = { seq, step: steps[seq] };
  if (made.sentence !== undefined) {
    return { sentence: `${name} has no picture at step ${format.count(at.step)}: ${made.sentence}` };
  }
  const plain = (key, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value); // JSON makes NaN null
  return { ...at, figure: JSON.stringify(made, plain) };
}
