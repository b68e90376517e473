"""Command's door, Status, run ids. (FrameLog's contract: tests/test_frame_log_contract.py.)"""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnprobe_core.errors import ConfigError, NnprobeError, RunNotFoundError, RunPrunedError, UnknownFieldError
from nnprobe_core.record import ACTIVE, STATES, Command, Status, check_run_id, new_run_id

VALUELESS = ("pause", "resume", "step", "epoch", "stop")

commands = (
    st.sampled_from(VALUELESS).map(Command)
    | st.floats(1e-7, 100).map(lambda rate: Command("lr", rate))
    | (st.just(0.0) | st.floats(0.1, 1000)).map(lambda pace: Command("pace", pace))
)
values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([1]) | st.just(10**400)


@given(commands)
def test_commands_round_trip_through_json(command):
    assert Command.from_mapping(json.loads(json.dumps(command.to_json()))) == command


@given(st.sampled_from([*VALUELESS, "lr", "pace"]) | values, values)
def test_any_pair_is_a_command_within_its_bounds_or_a_sentence(kind, value):
    try:
        command = Command.from_mapping({"kind": kind, "value": value})
    except ConfigError as error:
        refused = str(error)
    else:
        refused = ""
        assert (command.value is None) == (kind in VALUELESS)
        assert kind != "lr" or 1e-7 <= command.value <= 100
        assert kind != "pace" or command.value == 0 or 0.1 <= command.value <= 1000
    good = kind in VALUELESS and value is None
    number = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    good |= kind == "lr" and number and 1e-7 <= value <= 100
    good |= kind == "pace" and number and (value == 0 or 0.1 <= value <= 1000)
    assert bool(refused) != good


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (None, "command must be a JSON object with kind and value, got None."),
        (["stop"], "command must be a JSON object with kind and value, got ['stop']."),
        ({}, "kind must be one of pause, resume, step, epoch, stop, lr, pace, got None."),
        ({"kind": "halt"}, "kind must be one of pause, resume, step, epoch, stop, lr, pace, got 'halt'."),
        ({"kind": ["stop"]}, "kind must be one of pause, resume, step, epoch, stop, lr, pace, got ['stop']."),
        ({"kind": "stop", "value": 1}, "value must be absent for the command stop, got 1."),
        ({"kind": "lr"}, "value must be a number for the command lr, got None."),
        ({"kind": "lr", "value": "0.1"}, "value must be a number for the command lr, got '0.1'."),
        ({"kind": "lr", "value": 0}, "value must be a learning rate from 1e-07 to 100, got 0."),
        ({"kind": "lr", "value": math.nan}, "value must be a learning rate from 1e-07 to 100, got nan."),
        ({"kind": "lr", "value": math.inf}, "value must be a learning rate from 1e-07 to 100, got inf."),
        ({"kind": "pace", "value": -1}, "value must be a pace from 0.1 to 1000 frames per second, or 0 for as fast"),
        ({"kind": "stop", "run": "x"}, "Unknown field run; the known ones are kind, value."),
        ({1: "stop"}, "Unknown field 1; the known ones are kind, value."),
    ],
)
def test_errors_of_commands_are_sentences(mapping, sentence):
    with pytest.raises(NnprobeError) as caught:
        Command.from_mapping(mapping)
    assert str(caught.value).startswith(sentence)


def test_unknown_fields_come_first():
    with pytest.raises(UnknownFieldError):
        Command.from_mapping({"kind": "halt", "force": True})


def test_run_ids_are_fresh_and_pass_their_own_check():
    ids = [new_run_id() for _ in range(100)]
    assert len(set(ids)) == 100
    assert [check_run_id(run) for run in ids] == ids


@pytest.mark.parametrize("run", ["", "ab", "-ab", "A1b2", "../x", "a/b", "a b", "x" * 41, "abc\n", "épée", None, 7])
def test_what_could_leave_a_folder_is_no_run_id(run):
    with pytest.raises(RunNotFoundError) as caught:
        check_run_id(run)
    assert str(caught.value) == f"There is no run {str(run)!r}."


def test_http_statuses():
    assert (RunNotFoundError("abc").http_status, RunPrunedError("abc").http_status) == (404, 410)
    assert "abc" in str(RunPrunedError("abc"))


@pytest.mark.parametrize("state", STATES)
def test_status_round_trips_through_json(state):
    status = Status("abc", state, message="Training.", config={"lr": 0.1}, created=1.0, step=5, queue_place=2, lr=0.1)
    assert Status.from_json(json.loads(json.dumps(status.to_json()))) == status
    assert status.active == (state in ACTIVE)


def test_a_status_of_a_later_version_is_read_as_far_as_it_is_known():
    assert Status.from_json({"run": "abc", "state": "done", "mood": "good"}) == Status("abc", "done")
