/* emitter: events. */
(() => {
  'use strict';

  /** {on(name, listener) → off(), emit(name, ...values)}: listeners are called in the order they came. */
  nnprobe.emitter = () => {
    const listeners = new Map();
    return {
      on(name, listener) {
        if (!listeners.has(name)) listeners.set(name, new Set());
        listeners.get(name).add(listener);
        return () => listeners.get(name).delete(listener);
      },
      emit(name, ...values) {
        for (const listener of [...(listeners.get(name) || [])]) listener(...values);
      },
    };
  };
})();
