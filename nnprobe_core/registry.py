"""The tables that say what there is: name → "module:attribute", imported only when it is used.

A new dataset, activation, initialisation, optimiser or probe is one file and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from nnprobe_core.errors import ConfigError

DATASETS: Mapping[str, str] = {
    "spiral": "nnprobe_core.datasets.spiral:spiral",
    "line_segments": "nnprobe_core.datasets.line_segments:line_segments",
    "holes": "nnprobe_core.datasets.holes:holes",
    "ring": "nnprobe_core.datasets.ring:ring",
    "blobs": "nnprobe_core.datasets.blobs:blobs",
    "moons": "nnprobe_core.datasets.moons:moons",
    "circles": "nnprobe_core.datasets.circles:circles",
    "xor": "nnprobe_core.datasets.xor:xor",
}

ACTIVATIONS: Mapping[str, str] = {
    name: f"nnprobe_core.models.activations:{name}"
    for name in ("tanh", "relu", "leaky_relu", "sigmoid", "gelu", "silu", "sine", "identity")
}

INITIALISATIONS: Mapping[str, str] = {
    name: f"nnprobe_core.models.initialisation:{name}" for name in ("torch", "xavier", "he", "small", "large", "siren")
}

OPTIMISERS: Mapping[str, str] = {
    name: f"nnprobe_core.training.optimisers:{name}" for name in ("sgd", "momentum", "adam", "adamw", "rmsprop")
}

ATTACKS: Mapping[str, str] = {
    "fgsm": "nnprobe_core.attacks.fgsm:Fgsm",
    "bim": "nnprobe_core.attacks.bim:Bim",
    "pgd": "nnprobe_core.attacks.pgd:Pgd",
}

#: What computes a run: the kernel, the autograd library, or a student's copy of it.
ENGINES: Mapping[str, str] = {
    "kernel": "nnprobe_core.training.network:Perceptron",
    "autograd": "nnprobe_core.training.autograd_network:AutogradNetwork",
    "course": "nnprobe_core.training.student_network:StudentNetwork",
}

#: In the order in which they look at a step.
PROBES: Mapping[str, str] = {
    "loss": "nnprobe_core.probes.loss:LossProbe",
    "batches": "nnprobe_core.probes.batches:BatchesProbe",
    "boundary": "nnprobe_core.probes.boundary:BoundaryProbe",
    "mapping": "nnprobe_core.probes.mapping:MappingProbe",
    "gradients": "nnprobe_core.probes.gradients:GradientsProbe",
    "spectrum": "nnprobe_core.probes.spectrum:SpectrumProbe",
    "separation": "nnprobe_core.probes.separation:SeparationProbe",
    "robustness": "nnprobe_core.probes.robustness:RobustnessProbe",
}

#: What a job can do: kind → what yields its frames, and the config that describes it.
EXPERIMENTS: Mapping[str, str] = {
    "run": "nnprobe_core.training.trainer:Trainer",
    "sweep": "nnprobe_core.sweeps.experiment:Sweep",
    "separation": "nnprobe_core.separation.experiment:SeparationStudy",
    "attack": "nnprobe_core.attacks.experiment:AttackStudy",
}

CONFIGS: Mapping[str, str] = {
    "run": "nnprobe_core.config:RunConfig",
    "sweep": "nnprobe_core.sweeps.config:SweepConfig",
    "separation": "nnprobe_core.separation.config:SeparationConfig",
    "attack": "nnprobe_core.attacks.config:AttackConfig",
}


def load(table: Mapping[str, str], name: str, field: str) -> Any:
    """The attribute that ``table`` names, imported now; ConfigError for an unknown name."""
    try:
        module, attribute = table[name].split(":")
    except KeyError:
        raise ConfigError(field, f"one of {', '.join(table)}", name) from None
    return getattr(import_module(module), attribute)
