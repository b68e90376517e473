// As much of a window as the page's scripts ask for while they load, and a clock that stands until it is told to go on.
import vm from 'node:vm';
import { Canvas } from './pen.mjs';

/** Something that takes whatever is done to it: an element that nobody looks at. */
function blank() {
  const kept = new Map();
  return new Proxy(function element() {}, {
    get(_, key) {
      if (key === Symbol.toPrimitive) return () => '';
      if (key === Symbol.iterator) return function* none() {};
      if (key === 'then') return undefined;
      if (!kept.has(key)) kept.set(key, blank());
      return kept.get(key);
    },
    set: (_, key, value) => Boolean(kept.set(key, value)),
    deleteProperty: (_, key) => kept.delete(key) || true,
    apply: blank,
    construct: blank,
  });
}

/** Run `scripts` ([{path, text}]) in a window of their own. `facts`: what the page's head says of it; `tokens`: its
    colours and sizes; `fetch(url) → response`; `calm`: little motion is wished. → {window, until, ready, now}. */
export function makeWindow({ scripts, facts, tokens, fetch, calm = false }) {
  let now = 1000,
    loading = '',
    timers = [],
    next = 1;
  const onReady = []; // [the script that waits, what it will do]

  const later = (action, ms) => {
    timers.push({ id: next, due: now + ms, action });
    return next++;
  };
  const cancel = (id) => {
    timers = timers.filter((timer) => timer.id !== id);
  };
  const listen = (name, action) => {
    if (name === 'DOMContentLoaded') onReady.push([loading, action]);
  };

  const document = {
    readyState: 'loading',
    title: 'nnprobe',
    hidden: false,
    scripts: [],
    documentElement: blank(),
    body: blank(),
    head: blank(),
    querySelector: (what) => (/nnprobe-page/.test(what) ? { content: JSON.stringify(facts) } : blank()),
    querySelectorAll: () => [],
    getElementById: () => blank(),
    addEventListener: listen,
    removeEventListener() {},
    createElement: (tag) => (tag === 'canvas' ? new Canvas() : blank()),
    createElementNS: blank,
    activeElement: null,
  };
  const style = { getPropertyValue: (name) => tokens[name.slice(2)] || '', fontSize: '16px', fontFamily: 'sans' };
  const Watcher = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  const window = vm.createContext({
    document,
    console,
    innerWidth: 1920,
    innerHeight: 1080,
    devicePixelRatio: 1,
    navigator: { userAgent: '' },
    addEventListener: listen,
    removeEventListener() {},
    getComputedStyle: () => style,
    performance: { now: () => now },
    setTimeout: later,
    clearTimeout: cancel,
    setInterval: () => 0,
    clearInterval() {},
    requestAnimationFrame: (action) => later(() => action(now), 16),
    cancelAnimationFrame: cancel,
    matchMedia: (query) => ({ matches: calm && query.includes('reduced-motion'), addEventListener() {} }),
    location: new URL('http://127.0.0.1/?panels=all'),
    history: { state: null, replaceState() {}, pushState() {} },
    localStorage: { getItem: () => null, setItem() {}, removeItem() {} },
    sessionStorage: { getItem: () => null, setItem() {} },
    OffscreenCanvas: Canvas,
    ResizeObserver: Watcher,
    IntersectionObserver: Watcher,
    MutationObserver: Watcher,
    Worker: class {},
    ImageData: class {
      constructor(data, width, height) {
        Object.assign(this, { data, width, height });
      }
    },
    Image: class {
      decode() {
        return Promise.resolve();
      }
    },
    CSS: { supports: () => true, escape: String },
    AbortController,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    Blob,
    Response,
    structuredClone,
    queueMicrotask,
  });
  // Where nobody answers: of this window's own kind, as its scripts ask for.
  const Lost = vm.runInContext('TypeError', window);
  window.fetch = (...asked) => fetch(...asked).catch((error) => Promise.reject(new Lost(error.message)));
  vm.runInContext('globalThis.window = globalThis; globalThis.self = globalThis;', window);
  for (const { path, text } of scripts) {
    loading = path;
    vm.runInContext(text, window, { filename: path });
  }

  /** Let time pass, a frame of the screen at a time, until `there()`. */
  async function until(there, most = 4000) {
    for (let turn = 0; !there(); turn++) {
      if (turn > most) throw new Error(`Not in ${most} frames: ${there}`);
      await new Promise(setImmediate);
      if (there()) return;
      now += 16;
      const due = timers.filter((timer) => timer.due <= now);
      timers = timers.filter((timer) => timer.due > now);
      for (const { action } of due) action();
    }
  }
  /** What a script does once the page is parsed. */
  const ready = (pattern) => {
    for (const [path, action] of onReady) if (pattern.test(path)) action();
  };
  return {
    window,
    until,
    ready,
    get now() {
      return now;
    },
  };
}
