"""One point's adversary by way of the API: held against torch, and in every layer against the trainer's own planes."""

import numpy as np
import pytest
import torch
from flask import Flask
from torch.nn.functional import cross_entropy

from app.api.adversary import SIZES
from app.api.runs import register_api
from app.services import build_services
from app.settings import Settings
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, decode, encode, unpack
from nnprobe_core.models.layout import matrices
from nnprobe_core.record import DONE, Status
from nnprobe_core.training.trainer import Trainer

CONFIG = RunConfig(steps=400, frames=60, n_train=150, n_test=100, hidden=(12, 3, 5), max_phi=5)


@pytest.fixture(scope="module")
def recorded():
    """The frames of a run by track, and the planes that its mapping probe ended with."""
    trainer, tracks = Trainer(CONFIG), {}
    for frame in trainer.frames():
        tracks.setdefault(frame.track, []).append(encode(frame))
    return tracks, trainer._probes["mapping"]._planes


@pytest.fixture(scope="module")
def client(tmp_path_factory, recorded):
    settings = Settings(tmp_path_factory.mktemp("home"), max_jobs=1, max_waiting=0)
    services = build_services(settings, warm=False)
    log = services.log
    for run, config in (("finished", CONFIG.to_mapping()), ("bare", CONFIG.to_mapping()), ("other", {"kind": "sweep"})):
        log.create(Status(run, DONE, config=config, steps=400))
    for track, frames in recorded[0].items():
        for seq, data in enumerate(frames):
            log.append("finished", seq, data, track)
    log.append("bare", 0, recorded[0][FILM][0])
    server = Flask("test")
    register_api(server, services)
    yield server.test_client()
    services.close()


def ask(client, path, **query):
    response = client.get(f"/api/runs/{path}", query_string=query)
    assert response.status_code == 200, response.data
    (data,) = unpack(response.data)
    return decode(data)


def network(recorded, step):
    """The recorded network as torch functions: all layers of points."""
    checkpoints = [decode(data, track=CHECKPOINTS) for data in recorded[0][CHECKPOINTS]]
    steps = np.concatenate([frame.arrays["history.steps"] for frame in checkpoints])
    flat = np.concatenate([frame.arrays["history"] for frame in checkpoints])[list(steps).index(step)]
    layers = [(torch.from_numpy(w).double(), torch.from_numpy(b).double()) for w, b in matrices(CONFIG.widths, flat)]

    def forward(x):
        out = [x]
        for w, b in layers[:-1]:
            out.append(torch.tanh(out[-1] @ w.T + b))
        return [*out, out[-1] @ layers[-1][0].T + layers[-1][1]]

    return forward


@pytest.mark.parametrize("seq", [0, 30, 59])
def test_one_point_and_its_adversary(client, recorded, seq):
    head = decode(recorded[0][FILM][0]).arrays
    found = ask(client, "finished/attack", seq=seq, point=7, epsilon=0.1)
    step = decode(recorded[0][FILM][seq]).step
    assert (found.step, found.header["seq"]) == (step, seq)
    forward = network(recorded, step)
    x = torch.from_numpy(head["data.x"][7:8].astype(np.float64)).requires_grad_()
    label = torch.tensor([int(head["data.y"][7])])
    logits = forward(x)[-1]
    before = logits.detach()
    (gradient,) = torch.autograd.grad(cross_entropy(logits, label), x)
    adversary = x.detach() + 0.1 * gradient.sign()
    path = found.arrays["path.0"]
    np.testing.assert_allclose(path[0], head["data.x"][7])
    np.testing.assert_allclose(path[-1], adversary[0], atol=1e-6)
    assert found.arrays["iterates"].tolist() == [0, len(path) - 1]
    after = forward(adversary)[-1]
    assert found.header["before"] == int(logits.argmax())
    assert found.header["after"] == int(after.argmax())
    assert found.header["confidence"] == pytest.approx(
        [float(before.softmax(1).max()), float(after.softmax(1).max())], abs=1e-6
    )
    assert found.header["linf"] == pytest.approx(0.1)
    assert found.header["l2"] == pytest.approx(0.1 * 2**0.5)
    assert 0 < found.header["midline"] < 0.5


@pytest.mark.parametrize("track", [FILM, SETTLED])
def test_every_layers_map_has_the_way_in_its_own_plane(client, recorded, track):
    for seq in (0, 29, 59):
        found = ask(client, "finished/attack", seq=seq, point=40, epsilon=0.2, attack="bim", norm="l2", track=track)
        truth = network(recorded, found.step)(torch.from_numpy(found.arrays["path.0"].astype(np.float64)))
        maps = decode(recorded[0][track][seq], track=track).arrays
        for layer, output in enumerate(truth):
            if not layer:
                continue
            path, output = found.arrays[f"path.{layer}"], output.numpy()
            span = np.ptp(maps[f"map.{layer}.range"], axis=1).max()
            if output.shape[1] <= 3:
                np.testing.assert_allclose(path, output, atol=2e-3 * span)
            elif track == SETTLED or seq == 59:
                np.testing.assert_allclose(path, recorded[1][layer].project(output), atol=5e-3 * span)
            # It begins where the map shows the point.
            lo, hi = maps[f"map.{layer}.range"].T
            shown = lo + maps[f"map.{layer}"][40] / 65534 * (hi - lo)
            np.testing.assert_allclose(path[0], shown, atol=2e-3 * span)


def test_an_iterated_attack_stands_where_it_says(client):
    found = ask(client, "finished/attack", point=3, epsilon=0.3, attack="pgd", target="1")
    assert len(found.arrays["iterates"]) == 11
    assert found.header["target"] == 1
    places = found.arrays["path.0"]
    assert np.abs(places - places[0]).max() <= 0.3 + 1e-6
    assert found.arrays["probabilities"].shape == (len(places), 2)
    np.testing.assert_allclose(found.arrays["probabilities"].sum(axis=1), 1, rtol=1e-5)
    still = ask(client, "finished/attack", point=3)
    assert still.header["linf"] == 0
    assert still.header["before"] == still.header["after"]


def test_a_run_without_weights_yet_has_no_content(client):
    for path in ("bare/attack?point=1", "bare/robustness"):
        assert client.get(f"/api/runs/{path}").status_code == 204


def test_the_curve_of_all_test_points(client, recorded):
    last = decode(recorded[0][FILM][-1]).arrays
    for attack in ("fgsm", "pgd"):
        found = ask(client, "finished/robustness", seq=59, attack=attack)
        accuracy, epsilon = found.arrays["accuracy"], found.arrays["epsilon"]
        assert accuracy.shape == (SIZES, 2)
        assert epsilon[0] == 0
        assert accuracy[0, 0] == accuracy[0, 1] == pytest.approx(last["series.loss"][3])
        assert accuracy[-1, 0] < accuracy[-1, 1]
        assert found.header["points"] == found.header["test"] == 200
        assert (np.diff(found.arrays["midline"]) >= 0).all()
    # 1, 2 and 4 % of the same side, as the film's own series.
    side = epsilon[-1] / 0.12
    fgsm = ask(client, "finished/robustness", seq=59).arrays["accuracy"]
    for share, row in zip((0.01, 0.02, 0.04), last["series.robustness"], strict=True):
        at = np.abs(epsilon - share * side).argmin()
        assert np.abs(epsilon[at] - share * side) < 1e-6
        assert fgsm[at, 0] == pytest.approx(row[0], abs=1e-6)
    again = client.get("/api/runs/finished/robustness?seq=59").data
    assert again == client.get("/api/runs/finished/robustness?seq=59").data


@pytest.mark.parametrize(
    ("path", "code", "sentence"),
    [
        ("finished/attack", 400, "point must be given"),
        ("finished/attack?point=300", 400, "point must be a whole number from 0 to 299"),
        ("finished/attack?point=x", 400, "point must be a whole number"),
        ("finished/attack?point=1&epsilon=-1", 400, "epsilon must be a number from 0 to 1000"),
        ("finished/attack?point=1&attack=cw", 400, "attack must be one of fgsm, bim, pgd"),
        ("finished/attack?point=1&norm=l1", 400, "norm must be one of linf, l2"),
        ("finished/attack?point=1&target=0", 400, "target must be another class than the point's own (0)"),
        ("finished/attack?point=1&target=2", 400, "target must be a whole number from 0 to 1"),
        ("finished/attack?point=1&track=checkpoints", 400, "track must be one of film, settled"),
        ("other/robustness", 404, "it is of kind sweep"),
        ("nowhere/attack?point=1", 404, "There is no run"),
    ],
)
def test_a_sentence_for_what_cannot_be_asked(client, path, code, sentence):
    response = client.get(f"/api/runs/{path}")
    assert response.status_code == code
    assert sentence in response.get_json()["error"]
