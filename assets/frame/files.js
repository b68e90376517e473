/* files: a .film file on the page, dropped on it or chosen from the list of runs, read by the browser alone; and the
   film shown, as a file. */
(() => {
  'use strict';
  const MOST = 1 << 30;
  /** @type {{ [dtype: string]: number }} */
  const BYTES = { F32: 4, F64: 8, U8: 1, U16: 2, I32: 4, I64: 8, BOOL: 1 };

  /** The bytes of a file, unpacked where it is gzipped.
      @param {File} file */
  async function read(file) {
    if (file.size > MOST) throw new Error('it is larger than 1 GB');
    const buffer = await file.arrayBuffer(), [a, b] = new Uint8Array(buffer, 0, Math.min(2, buffer.byteLength));
    if (a !== 0x1f || b !== 0x8b) return buffer;
    return new Response(new Blob([buffer]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  }

  /** All frames of a film; what it claims of its arrays must be so.
      @param {ArrayBuffer} buffer */
  function frames(buffer) {
    let found = /** @type {Frame[]} */ ([]);
    try { found = nnprobe.decodeFilm(buffer); } catch { /* said below */ }
    const [head] = found;
    if (!head || !head.header.config) throw new Error('it does not begin as a film does');
    for (const { arrays } of found) {
      for (const { dtype, shape, data } of Object.values(arrays)) {
        if (!BYTES[dtype] || shape.reduce((x, y) => x * y, 1) !== data.length)
          throw new Error('its arrays are damaged');
      }
    }
    return found;
  }

  /** @param {File} file */
  async function open(file) {
    const { page, toast, film, controls } = nnprobe;
    try {
      const buffer = await read(file), found = frames(buffer), { config } = found[0].header,
        kind = config.kind || 'run';
      const home = page.kinds[kind];
      if (!home) throw new Error(`it is of the kind ${String(kind).slice(0, 40)}, which has no page`);
      if (kind !== page.kind) {
        toast(`${file.name} is a film of the page ${home.title}: open it there.`, 'note', 'file');
        return;
      }
      nnprobe.preview.cancel();
      nnprobe.forget();
      controls.set(config);
      film.show(buffer, { file: file.name });
      toast.clear('file');
      const last = found[found.length - 1].seq + 1, ends = new Uint8Array(buffer).length;
      let at = 0;
      for (const view = new DataView(buffer); at + 8 <= ends;) {
        const size = Number(view.getBigUint64(at, true));
        if (at + 8 + size > ends) break;
        at += 8 + size + ((8 - (size % 8)) % 8);
      }
      if (at < ends)
        toast(`${file.name} is cut off: its first ${nnprobe.format.plural(last, 'frame')} are shown.`, 'note', 'file');
    } catch (error) {
      toast(`${file.name} cannot be opened as a film: ${error.message.replace(/\.$/, '')}.`, 'error', 'file');
    }
  }

  nnprobe.files = {
    open,
    choose() {
      const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.film,.gz' });
      input.addEventListener('change', () => { if (input.files?.[0]) open(input.files[0]); });
      input.click();
    },
    /** The film of a run, as a file; the server sends it under its name. */
    save() {
      const { run } = nnprobe.film, link = document.createElement('a');
      Object.assign(link, { href: `/api/runs/${encodeURIComponent(String(run))}/film`,
        download: `nnprobe-${run}.film` });
      link.click();
    },
    bind() {
      /** @param {DragEvent} event */
      const holds = (event) => event.dataTransfer && [...event.dataTransfer.types].includes('Files');
      document.addEventListener('dragover', (event) => { if (holds(event)) event.preventDefault(); });
      document.addEventListener('drop', (event) => {
        if (!holds(event)) return;
        event.preventDefault();
        if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
      });
    },
  };
})();
