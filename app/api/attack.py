"""The API's routes of adversarial examples: one point's, and the ε-curve of all test points."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, request

from app.api.adversary import Ask, Moment, planes_frame, planes_of
from app.api.query import argument
from app.services import Services
from nnprobe_core.attacks.norms import NORMS
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import one_of, real, whole
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, decode, encode, pack
from nnprobe_core.registry import ATTACKS

_LARGEST = 1e3  #: ε that makes sense in any plane
_BINARY = "application/octet-stream"


def add_attack(api: Blueprint, services: Services) -> None:
    """``GET /runs/<run>/attack`` (one point) and ``GET /runs/<run>/robustness``, each one packed frame.

    204 as long as a run has no recorded weights: they come every few frames.
    """
    log, cache = services.log, services.cache

    @api.get("/runs/<run>/attack")
    def attack(run: str) -> Response:
        if "point" not in request.args:
            raise ConfigError("point", "given: the place of a shown point", None)
        target = request.args.get("target", "")
        ask = Ask(
            point=argument("point", 0, 0, 2**31),
            epsilon=real("epsilon", request.args.get("epsilon", "0"), 0, _LARGEST),
            attack=_choice("attack", "fgsm", ATTACKS),
            norm=_choice("norm", "linf", NORMS),
            target=None if target == "" else whole("target", target, 0, 255),
        )
        settled = _choice("track", FILM, (FILM, SETTLED)) == SETTLED
        moment = _moment(run)
        if moment is None:
            return _none()
        key = f"planes/{run}/{moment.weights.seq}/{settled}"
        if (known := cache.get(key)) is None:
            known = encode(planes_frame(moment.planes(settled=settled)))
            cache.set(key, known)
        planes = planes_of(decode(known))
        return _answer(encode(moment.adversary(ask, settled=settled, planes=planes)))

    @api.get("/runs/<run>/robustness")
    def robustness(run: str) -> Response:
        name, norm = _choice("attack", "fgsm", ATTACKS), _choice("norm", "linf", NORMS)
        moment = _moment(run)
        if moment is None:
            return _none()
        key = f"robustness/{run}/{moment.weights.seq}/{name}/{norm}"
        if (data := cache.get(key)) is None:
            data = encode(moment.robustness(name, norm))
            cache.set(key, data)
        return _answer(data)

    def _moment(run: str) -> Moment | None:
        if log.status(run).config.get("kind", "run") == "run" and log.last(run, CHECKPOINTS) < 0:
            return None
        return Moment(log, run, argument("seq", 2**31, 0, 2**31))


def _choice(name: str, default: str, known: Iterable[str]) -> str:
    return one_of(name, request.args.get(name, default), tuple(known))


def _none() -> Response:
    return Response(status=204, headers={"Cache-Control": "no-store"})


def _answer(data: bytes) -> Response:
    return Response(pack([data]), mimetype=_BINARY, headers={"Cache-Control": "no-store"})
