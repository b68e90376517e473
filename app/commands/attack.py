"""``nnprobe attack``: adversarial examples for a trained network, and how its accuracy falls with their size."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from app.commands.train import add_field, add_fields
from app.commands.victims import Victim, victim_of
from app.summaries.columns import aligned
from nnprobe_core.attacks.config import ITERATED, RESTARTED, AttackConfig
from nnprobe_core.attacks.curve import Outcome, aimed_at, default_epsilons, robustness_curve
from nnprobe_core.attacks.gradient_attack import GradientAttack
from nnprobe_core.attacks.midline import distances, midline
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import one_of, reals, whole
from nnprobe_core.registry import ATTACKS

_LEADING = 5  #: transitions that are printed
#: Fields of the page's config that say how to attack, and their options here.
_FIELDS = {"method": "attack", "norm": "norm", "iterations": "iterations", "restarts": "restarts"}


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "attack",
        help="attack a network with adversarial examples",
        description="Attack a network's test points with adversarial examples, and with noise of the same size. The "
        "network is one that a config describes (every option of train is here, or --film takes a film's config), "
        "trained first; one that learns --data first; or a module of your own, with its weights.",
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("module", nargs="?", metavar="FILE.py:NAME", help="a torch.nn.Module, or what makes one")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="the module's weights: torch.save or safetensors")
    parser.add_argument(
        "--data", metavar="SET",
        help="what is attacked: digits, or pictures in a file or folder (--model learns them first); or points of your "
        "own, as train takes them",
    )  # fmt: skip
    parser.add_argument(
        "--model", metavar="mlp|cnn",
        help="the network that learns pictures, with --hidden, --epochs, --lr, --batch-size and --seed (mlp 64-32)",
    )  # fmt: skip
    parser.add_argument("--film", type=Path, metavar="FILM", help="train the config of this film again")
    parser.add_argument("--config", type=Path, metavar="JSON", help="read the fields in this file first")
    parser.add_argument("--link", metavar="URL", help="read the fields in a lab's link, or its query string, first")
    parser.add_argument("--json", action="store_true", default=False, help="print JSON instead of a table")
    group = parser.add_argument_group("attack")
    defaults = AttackConfig.defaults()
    for item in AttackConfig.options():
        if item.name in _FIELDS:
            add_field(group, item, defaults[item.name], _FIELDS[item.name])
    group.add_argument("--epsilons", metavar="E,E,…", help="sizes of the change (0 to 10 %% of the data's range)")
    group.add_argument("--target", metavar="CLASS", help="the class to be reached, as a number (any other)")
    add_fields(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    given = vars(options)
    config, victim = _config(given), victim_of(given)
    attack = config.attack(victim.clip)
    target = whole("target", given["target"], 0, len(victim.classes) - 1) if "target" in given else None
    x, y = aimed_at(victim.x, victim.y, target)
    epsilons = (
        reals("epsilons", given["epsilons"], 0, 1e6, 50)
        if given.get("epsilons")
        else default_epsilons(victim.x, attack.norm)
    )
    outcomes = robustness_curve(victim.classifier, x, y, epsilons, attack, target=target)
    report = _report(victim, config.method, attack, target, x, outcomes)
    print(json.dumps(report, ensure_ascii=False) if given["json"] else "\n".join(_lines(report)))
    return 0


def _config(given: Mapping[str, Any]) -> AttackConfig:
    """How to attack, as the page's config says it, with its bounds and defaults; the network is the victim's matter."""
    if "attack" in given:
        one_of("attack", given["attack"], tuple(ATTACKS))  # under the option's name
    config = AttackConfig.from_mapping({name: given[option] for name, option in _FIELDS.items() if option in given})
    for option, takes in (("iterations", ITERATED), ("restarts", RESTARTED)):
        if option in given and config.method not in takes:
            raise ConfigError(f"--{option}", f"left out unless the attack is {' or '.join(takes)}", given[option])
    return config


def _report(
    victim: Victim, name: str, attack: GradientAttack, target: int | None, x: np.ndarray, outcomes: list[Outcome]
) -> dict[str, Any]:
    """Everything found, as JSON values; ``rows`` and ``transitions`` are tidy tables."""
    curve = midline(victim.config) if isinstance(victim.config, RunConfig) else None
    reach = None if curve is None else distances(x, curve, attack.norm)
    rows = [outcome.row() for outcome in outcomes]
    for row in rows:
        if reach is not None:
            row["past_midline"] = float((reach <= row["epsilon"]).mean())
    moves = [
        {"epsilon": outcome.epsilon, "from": victim.classes[i], "to": victim.classes[j], "points": int(count)}
        for outcome in outcomes
        for (i, j), count in np.ndenumerate(outcome.transitions)
        if i != j and count
    ]
    return {
        "network": victim.name,
        "config": None if victim.config is None else victim.config.to_mapping(),
        "attack": name,
        "norm": attack.norm,
        "steps": attack.steps,
        "restarts": attack.restarts,
        "target": None if target is None else victim.classes[target],
        "points": len(x),
        "rows": rows,
        "transitions": moves,
    }


def _lines(report: Mapping[str, Any]) -> list[str]:
    measure = {"linf": "L∞", "l2": "L2"}[report["norm"]]
    many = f", {report['steps']} steps" if report["steps"] > 1 else ""
    tries = f", {report['restarts']} restarts" if report["restarts"] > 1 else ""
    aim = "" if report["target"] is None else f" toward class {report['target']}"
    rows = report["rows"]
    shown = ["epsilon", "accuracy", "noise_accuracy", "success", "confidence_before", "confidence_after", "linf", "l2"]
    heads = ["ε", "under attack", "under noise", "attack won", "confidence before", "after", "L∞", "L2"]
    if "past_midline" in rows[0]:
        shown, heads = [*shown, "past_midline"], [*heads, "past the midline"]
    table: list[list[str]] = [heads]
    for row in rows:
        cells = [f"{row[name]:.3g}" if name in ("epsilon", "linf", "l2") else f"{row[name]:.1%}" for name in shown]
        table.append(cells)
    lines = [
        f"network      {report['network']}",
        f"attack       {report['attack'].upper()}{aim}, {measure}{many}{tries}, on {report['points']} test points",
        "",
        *aligned(table),
    ]
    largest = max(row["epsilon"] for row in rows)
    moves = sorted((m for m in report["transitions"] if m["epsilon"] == largest), key=lambda m: -m["points"])
    if moves:
        told = ", ".join(f"{m['from']} → {m['to']} ({m['points']})" for m in moves[:_LEADING])
        lines += ["", f"at ε = {largest:g}, most often: {told}"]
    if "past_midline" in rows[0]:
        lines += ["Past the true midline between two arms, another class may be right: that is no error."]
    return lines
