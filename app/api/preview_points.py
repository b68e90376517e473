"""Preview: the points of a config before any training, as a film of one frame."""

from __future__ import annotations

import numpy as np
from flask_caching import Cache

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import fields_of, load_data
from nnprobe_core.datasets.shown import extent, shown_points
from nnprobe_core.frame import Frame, decode, encode, pack

_ALWAYS = ("data", "dataset", "label_noise", "n_train", "n_test", "seed_data", "hidden")


def preview(config: RunConfig, cache: Cache) -> bytes:
    """One packed frame: the ``data.*`` arrays that frame 0 of a film of ``config`` has, without ``data.far``.

    Memoised by all that shapes it, across processes.
    """
    values = config.to_mapping()
    key = "preview/" + repr([(name, values[name]) for name in (*_ALWAYS, *fields_of(config.dataset))])
    if (known := cache.get(key)) is None:
        known = encode(Frame(step=0, arrays=data_arrays(config)))
        cache.set(key, known)
    arrays = decode(known).arrays
    return pack([encode(Frame(step=0, arrays=arrays, header={"config": values}))])


def data_arrays(config: RunConfig) -> dict[str, np.ndarray]:
    """The points that are shown of ``config``, and where."""
    data = load_data(config)
    train, test = (shown_points(y, config.n_classes) for y in (data.y_train, data.y_test))
    return {
        "data.x": data.x_train[train],
        "data.y": data.y_train[train],
        "data.x_test": data.x_test[test],
        "data.y_test": data.y_test[test],
        "data.extent": extent(data.x_train),
        "data.widths": np.array(config.widths, np.int32),
    }
