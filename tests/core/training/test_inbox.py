"""Commands cross threads, in order, and wake a waiting trainer."""

import threading

from nnprobe_core.record import Command
from nnprobe_core.training.inbox import Inbox


def test_commands_come_out_in_the_order_they_went_in():
    inbox = Inbox()
    assert not inbox
    assert inbox.poll() is None
    for kind in ("pause", "step", "resume"):
        inbox.put(Command(kind))
    assert inbox
    assert [inbox.poll().kind for _ in range(3)] == ["pause", "step", "resume"]
    assert inbox.poll() is None


def test_a_wait_ends_with_the_first_command_or_with_its_time():
    inbox = Inbox()
    assert inbox.wait(0.01) is False
    woken = []
    thread = threading.Thread(target=lambda: woken.append(inbox.wait(60)))
    thread.start()
    inbox.put(Command("stop"))
    thread.join(10)
    assert woken == [True]
    assert inbox.wait(60) is True  # it is still there: a wait takes nothing


def test_many_threads_lose_nothing():
    inbox = Inbox()
    threads = [
        threading.Thread(target=lambda: [inbox.put(Command("step")) for _ in range(200)], daemon=True) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    taken = 0
    while taken < 1000:
        assert inbox.wait(10)
        while inbox.poll():
            taken += 1
    assert taken == 1000
    assert not inbox
