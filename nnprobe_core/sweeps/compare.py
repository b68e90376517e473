"""The thesis's whole comparison in one call: entanglement, width and depth in tanh and ReLU, under noise and attack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnprobe_core.config import RunConfig, changed
from nnprobe_core.sweeps.config import THESIS, SweepConfig
from nnprobe_core.sweeps.experiment import Sweep
from nnprobe_core.sweeps.results import SweepResults

TENTHS = tuple(index / 10 for index in range(11))


@dataclass(frozen=True)
class Comparison:
    """What :func:`compare_all` found: accuracy, norms, eigenvalues, noise and attack against each setting."""

    entanglement: SweepResults
    width: SweepResults
    depth: SweepResults

    def save(self, folder: Path | str) -> list[Path]:
        """Write ``entanglement``, ``width`` and ``depth``, each as .csv and .json; the paths."""
        folder, written = Path(folder), []
        folder.mkdir(parents=True, exist_ok=True)
        for name, results in vars(self).items():
            for suffix, text in ((".csv", results.to_csv()), (".json", results.to_json())):
                path = folder / f"{name}{suffix}"
                path.write_text(text, encoding="utf-8")
                written.append(path)
        return written


def compare_all(
    *,
    entanglements: Sequence[float] = (2, 4, 6, 8, 10, 12, 14, 16, 18, 20),
    widths: Sequence[int] = (2, 5, 10, 20, 50),
    depths: Sequence[int] = (1, 2, 3, 4, 5),
    activations: Sequence[str] = ("tanh", "relu"),
    seeds: int = 10,
    test_noise: Sequence[float] = TENTHS,
    epsilons: Sequence[float] = (0.25, 0.5, 1, 1.5, 2, 3),
    progress: Callable[[str, int, int], None] | None = None,
    **base: Any,
) -> Comparison:
    """Train every setting with every activation and ``seeds`` seeds, and measure all of it.

    ``base``: fields of RunConfig, or its shorthands, that differ from the thesis's (``sweeps.config.THESIS``): what
    is varied itself counts for the other two. ``progress`` is told, as it goes, the name of a sweep, its step and the
    steps planned. Raises ConfigError for a setting that is no run.
    """
    shared = {**changed(RunConfig.from_mapping(THESIS), {"frames": 20, **base}), "seeds": seeds,
              "over2": "activation", "values2": ",".join(activations),
              "test_noise": tuple(test_noise), "epsilons": tuple(epsilons)}  # fmt: skip
    found = {}
    for name, values in (("entanglement", entanglements), ("width", widths), ("depth", depths)):
        made = Sweep(SweepConfig.from_mapping({**shared, "over": name, "values": ",".join(map(str, values))}))
        for frame in made.frames():
            if progress is not None:
                progress(name, frame.step, made.config.planned)
        found[name] = made.results
    return Comparison(**found)
