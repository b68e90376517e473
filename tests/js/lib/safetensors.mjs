// Films read and written without a line of the page's: number by number through a DataView (docs/film-format.md).
const READ = {
  F32: [4, (view, at) => view.getFloat32(at, true), Float32Array],
  F64: [8, (view, at) => view.getFloat64(at, true), Float64Array],
  U8: [1, (view, at) => view.getUint8(at), Uint8Array],
  U16: [2, (view, at) => view.getUint16(at, true), Uint16Array],
  I32: [4, (view, at) => view.getInt32(at, true), Int32Array],
  I64: [8, (view, at) => view.getBigInt64(at, true), BigInt64Array],
};

/** One frame: {step, extra, header, names, shape(name), array(name)}; arrays are read when they are asked for. */
function readFrame(view) {
  const head = Number(view.getBigUint64(0, true));
  const bytes = new Uint8Array(view.buffer, view.byteOffset + 8, head);
  const { __metadata__: meta, ...table } = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const header = JSON.parse(meta.frame),
    kept = new Map();
  const array = (name) => {
    if (!kept.has(name)) {
      const [size, get, Type] = READ[table[name].dtype],
        [from, to] = table[name].data_offsets;
      const out = new Type((to - from) / size);
      for (let k = 0; k < out.length; k++) out[k] = get(view, 8 + head + from + k * size);
      kept.set(name, out);
    }
    return kept.get(name);
  };
  return {
    step: header.step,
    extra: Boolean(header.extra),
    header,
    names: Object.keys(table),
    has: (name) => name in table,
    shape: (name) => table[name].shape,
    dtype: (name) => table[name].dtype,
    array,
    /** Element [i, j, …] of an array. */
    at(name, ...place) {
      return array(name)[place.reduce((sum, k, axis) => sum * table[name].shape[axis] + k, 0)];
    },
    /** A row of a table, or the row of an array of rows. */
    row(name, i) {
      const width = table[name].shape.slice(1).reduce((a, b) => a * b, 1);
      return Array.from(array(name).slice(i * width, (i + 1) * width));
    },
    bytes: (name) =>
      new Uint8Array(
        view.buffer,
        view.byteOffset + 8 + head + table[name].data_offsets[0],
        table[name].data_offsets[1] - table[name].data_offsets[0],
      ),
  };
}

/** All frames of a film's bytes (a Buffer of its own). */
export function readFilm(buffer) {
  const frames = [],
    view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  for (let at = 0; at < buffer.byteLength;) {
    const size = Number(view.getBigUint64(at, true));
    frames.push(readFrame(new DataView(buffer.buffer, buffer.byteOffset + at + 8, size)));
    at += 8 + size + ((8 - (size % 8)) % 8);
  }
  return frames;
}

const WIDTH = { F32: 4, F64: 8, U8: 1, U16: 2, I32: 4, I64: 8 };
const WRITE = {
  F32: 'setFloat32',
  F64: 'setFloat64',
  U8: 'setUint8',
  U16: 'setUint16',
  I32: 'setInt32',
  I64: 'setBigInt64',
};

/** The bytes of one frame behind its length, padded: {step, extra, header, arrays: {name: [dtype, shape, numbers]}}. */
export function writeFrame({ step = 0, extra = false, header = {}, arrays = {} }) {
  const table = { __metadata__: { frame: JSON.stringify({ step, extra, ...header }) } };
  let size = 0;
  for (const [name, [dtype, shape, numbers]] of Object.entries(arrays)) {
    table[name] = { dtype, shape, data_offsets: [size, size + numbers.length * WIDTH[dtype]] };
    size += numbers.length * WIDTH[dtype];
  }
  let head = Buffer.from(JSON.stringify(table));
  head = Buffer.concat([head, Buffer.alloc((8 - (head.length % 8)) % 8, ' ')]);
  const body = new DataView(new ArrayBuffer(size));
  let at = 0;
  for (const [dtype, , numbers] of Object.values(arrays)) {
    for (const v of numbers) {
      body[WRITE[dtype]](at, v, true);
      at += WIDTH[dtype];
    }
  }
  const length = (n) => {
    const out = Buffer.alloc(8);
    out.writeBigUInt64LE(BigInt(n));
    return out;
  };
  const inner = Buffer.concat([length(head.length), head, Buffer.from(body.buffer)]);
  return Buffer.concat([length(inner.length), inner, Buffer.alloc((8 - (inner.length % 8)) % 8)]);
}

export const writeFilm = (frames) => Buffer.concat(frames.map(writeFrame));

/** A buffer as an ArrayBuffer of its own, as the page gets an answer. */
export const answer = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);

const NUMPY = { F32: 'float32', F64: 'float64', U8: 'uint8', U16: 'uint16', I32: 'int32', I64: 'int64' };

/** Frames as writeFrame takes them, packed as differences over time (nnprobe_core/differences.py says the layout). */
export function packDifferences(frames) {
  const groups = new Map();
  frames.forEach(({ arrays }, place) => {
    for (const [name, [dtype, shape, numbers]] of Object.entries(arrays)) {
      const key = JSON.stringify([name, NUMPY[dtype], shape]);
      if (!groups.has(key)) groups.set(key, { places: [], rows: [], dtype });
      groups.get(key).places.push(place);
      groups.get(key).rows.push(numbers);
    }
  });
  const head = Buffer.from(
      JSON.stringify({
        frames: frames.map(({ step = 0, extra = false, header = {} }) => ({ step, extra, ...header })),
        groups: [...groups].map(([key, { places }]) => [...JSON.parse(key), places]),
      }),
    ),
    planes = [];
  for (const { rows, dtype } of groups.values()) {
    const size = Math.min(4, WIDTH[dtype]),
      bits = 8 * size,
      words = rows.map((numbers) => {
        const view = new DataView(new ArrayBuffer(numbers.length * WIDTH[dtype]));
        numbers.forEach((v, k) => view[WRITE[dtype]](k * WIDTH[dtype], v, true));
        return Array.from({ length: view.byteLength / size }, (_, k) =>
          BigInt(view[{ 1: 'getUint8', 2: 'getUint16', 4: 'getUint32' }[size]](k * size, true)),
        );
      });
    const zigzag = words.flatMap((row, k) =>
      row.map((word, i) => {
        const change = BigInt.asIntN(bits, word - (k ? words[k - 1][i] : 0n));
        return BigInt.asUintN(bits, change < 0n ? -2n * change - 1n : 2n * change);
      }),
    );
    for (let p = 0; p < size; p++)
      planes.push(Buffer.from(zigzag.map((word) => Number((word >> BigInt(8 * p)) & 255n))));
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, ...planes]);
}
