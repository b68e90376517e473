"""What ``nnprobe attack`` attacks: a run's network, one that learns pictures first, or a module of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.commands.own_points import FIELD, own_points
from app.commands.train import SHORTHANDS, config_of
from app.store.film_file import read_film
from nnprobe_core.attacks.classifier import Classifier
from nnprobe_core.attacks.config import AttackConfig
from nnprobe_core.base_config import BaseConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import header
from nnprobe_core.studies.config import DIGITS

if TYPE_CHECKING:
    from nnprobe_core.studies.examples import Examples

#: Fields of the attack page's config that say how a network learns pictures; all but ``model`` are options of train.
_LEARNING = ("model", "hidden", "epochs", "lr", "batch_size", "seed", "device")


@dataclass(frozen=True)
class Victim:
    """What is attacked: a classifier, test points (n, …) of classes (n,), their names, the range of an input."""

    name: str
    classifier: Classifier
    x: np.ndarray
    y: np.ndarray
    classes: tuple[str, ...]
    clip: tuple[float, float] | None = None
    config: BaseConfig | None = None


def victim_of(given: Mapping[str, Any]) -> Victim:
    """What the command line asks to be attacked."""
    if "module" in given:
        return _module(given)
    for name in ("weights",):
        if name in given:
            raise ConfigError(f"--{name}", "given with a module", str(given[name]))
    in_the_plane = FIELD not in given or (_holds_points(given[FIELD]) and _examples(given[FIELD]).x_test.shape[1] == 2)
    if in_the_plane:
        if "model" in given:
            raise ConfigError("--model", "left out where points in the plane are attacked", given["model"])
        return _trained(given)
    return _taught(given)


def _trained(given: Mapping[str, Any]) -> Victim:
    """The network of a run."""
    from nnprobe_core.training.trained import trained

    options, own = own_points({**given, FIELD: Path(given[FIELD])} if FIELD in given else given)
    config = _config(options)
    data = load_data(config, own)
    widths = "-".join(map(str, config.widths))
    classes = tuple(map(str, range(config.n_classes))) if own is None else own.classes
    of = config.dataset if own is None else given[FIELD]
    name = f"{of}, network {widths} {config.activation}, {config.steps} steps"
    return Victim(name, trained(config, own), data.x_test, data.y_test, classes, None, config)


def _config(options: Mapping[str, Any]) -> RunConfig:
    if "film" not in options:
        return config_of(options, RunConfig)
    given = [item.name for item in fields(RunConfig) if item.name in options and item.name != FIELD]
    given += [name for name in (*SHORTHANDS, "config", "link") if name in options]
    if given:
        raise ConfigError(f"--{given[0].replace('_', '-')}", "left out where a film says the config", options[given[0]])
    for data in read_film(options["film"]):
        return RunConfig.from_mapping(header(data).get("config", {}))
    raise ConfigError("--film", "a film with a frame", str(options["film"]))


def _taught(given: Mapping[str, Any]) -> Victim:
    """A small network that learns pictures, or points beyond the plane, first: that of the page Attack."""
    from nnprobe_core.attacks.torch_classifier import TorchClassifier
    from nnprobe_core.studies.learner import learner

    _refuse(given, "where pictures are learnt", stays=_LEARNING)
    options = {name: given[name] for name in _LEARNING if name in given}
    config = AttackConfig.from_mapping({"dataset": DIGITS, **options})
    data = _examples(given[FIELD], config.seed)
    made = learner(config, data)
    made.advance(config.epochs * made.per_epoch)
    widths = "-".join(map(str, config.units))
    name = f"{given[FIELD]}, network {config.model} {widths}, {config.epochs} epochs"
    known = config if str(given[FIELD]) == DIGITS else None  # a config holds no files
    return Victim(
        name, TorchClassifier(made.module), data.x_test, data.y_test, data.classes, _range(data.x_test), known
    )


def _module(given: Mapping[str, Any]) -> Victim:
    """A module of one's own."""
    from nnprobe_core.attacks.torch_classifier import TorchClassifier
    from nnprobe_core.models.from_file import load_module, load_weights
    from nnprobe_core.models.guest import guarded

    _refuse(given, "where a module is attacked")
    source = given.get(FIELD, DIGITS)
    module, examples = guarded(load_module(given["module"]), given["module"]), _examples(source)
    if "weights" in given:
        load_weights(module, given["weights"])
    classifier, x = TorchClassifier(module), examples.x_test
    shape = classifier.logits(x[:1]).shape
    if shape != (1, len(examples.classes)):
        raise ConfigError("module", f"one that gives logits (n, {len(examples.classes)})", shape)
    name = f"{given['module']} on {source}"
    return Victim(name, classifier, x, examples.y_test, examples.classes, _range(x))


def _refuse(given: Mapping[str, Any], where: str, stays: tuple[str, ...] = ()) -> None:
    """ConfigError for an option that would be passed over in silence."""
    own = [item.name for item in fields(RunConfig) if item.name in given and item.name != FIELD]
    own += [name for name in (*SHORTHANDS, "model", "config", "link", "film") if name in given]
    if left := [name for name in own if name not in stays]:
        raise ConfigError(f"--{left[0].replace('_', '-')}", f"left out {where}", str(given[left[0]]))


def _holds_points(source: str) -> bool:
    from nnprobe_core.datasets.own_files import holds_points

    return source != DIGITS and holds_points(Path(source))


def _examples(source: str, seed: int = 0) -> Examples:
    from nnprobe_core.datasets.images import load_images
    from nnprobe_core.datasets.own_files import read_points
    from nnprobe_core.studies.examples import Examples

    return Examples.of(read_points(source, seed=seed) if _holds_points(source) else load_images(source, seed=seed))


def _range(x: np.ndarray) -> tuple[float, float] | None:
    """The range of a picture's grey values, within which a change must stay; points have none."""
    return (0.0, 1.0) if x.ndim > 2 and x.min() >= 0 and x.max() <= 1 else None
