"""Slots, and the line in front of them: who is admitted, who is next, and whom nobody waits for."""

from __future__ import annotations

import pytest
from second_process import asked, second_process

from app.jobs.locks import Locks
from app.jobs.slots import Slots
from nnprobe_core.errors import QueueFullError

ADMITS = """
import sys
from pathlib import Path
from app.jobs.locks import Locks
from app.jobs.slots import Slots
from nnprobe_core.errors import QueueFullError
liveness = Locks(Path(sys.argv[1]))
slots = Slots(Path(sys.argv[1]) / "slots", 1, 2, lambda ticket: True, liveness)
for _ in sys.stdin:
    try:
        if liveness.held("slots/admission"):
            print("it is not its turn", flush=True)
        else:
            slots.admit("rival", "server")
            print("admitted", flush=True)
    except QueueFullError:
        print("full", flush=True)
"""


def line_in(home, waits):
    """One slot and a line of two."""
    (home / "slots").mkdir(exist_ok=True)
    return Slots(home / "slots", 1, 2, waits, Locks(home))


def test_of_two_who_count_the_same_free_place_one_is_admitted(tmp_path):
    """The other process comes while this one counts: it has to wait until that is done, and finds the line full."""
    with second_process(ADMITS, tmp_path) as rival:
        answers = []
        slots = line_in(tmp_path, lambda _: bool(answers.append(asked(rival)) or True))
        slots.admit("one", "server")
        slots.admit("two", "server")
        answers.clear()
        slots.admit("three", "server")
        assert answers == ["it is not its turn"] * 2
        assert asked(rival) == "full"
        assert slots.waiting() == 3
        rival.stdin.close()


@pytest.fixture
def slots(tmp_path):
    return line_in(tmp_path, lambda ticket: not ticket.run.startswith("dead"))


def test_the_line_is_first_in_first_out_and_skips_the_dead(slots):
    for run in ("one", "dead-two", "six"):
        slots.admit(run, "server")
        assert slots.place(run) == 0  # admitted is not yet in line
        assert slots.line_up(run)
        assert not slots.line_up(run)
    assert [slots.place(run) for run in ("one", "six", "other")] == [1, 2, 0]
    assert slots.ticket("dead-two") is None
    assert slots.take("six") is None
    lock, number = slots.take("one")
    assert (number, slots.taken(), slots.place("six")) == (0, 1, 1)
    assert slots.take("six") is None
    lock.release()
    assert slots.take("six") is not None


def test_who_is_admitted_and_not_launched_yet_stands_in_nobodys_way(slots):
    for run in ("one", "two", "six"):
        slots.admit(run, "server")
    slots.line_up("two")
    slots.line_up("six")
    assert [slots.place(run) for run in ("two", "six", "one")] == [1, 2, 0]
    assert [ticket.run for ticket in slots.line()] == ["two", "six"]
    assert slots.take("one") is None
    assert slots.take("two") is not None
    assert (slots.waiting(), slots.holders()) == (2, ["two"])


def test_a_full_line_counts_what_a_free_slot_will_not_take(slots):
    for run in ("one", "two", "six"):
        slots.admit(run, "server")
    with pytest.raises(QueueFullError, match="at most 2 waiting runs, got 3"):
        slots.admit("ten", "server")
    slots.leave("two")
    slots.admit("ten", "server")
