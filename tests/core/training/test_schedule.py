"""Which steps are recorded: what must hold for every length of run and film."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnprobe_core.training.schedule import checkpoint_due, frame_steps, order_of_epoch


@given(st.integers(1, 1_000_000), st.integers(2, 3000))
def test_frames_rise_from_the_start_to_the_end_and_are_not_too_many(steps, frames):
    schedule = frame_steps(steps, frames)
    assert schedule[0] == 0
    assert schedule[-1] == steps
    assert len(schedule) == min(frames, steps + 1)
    assert all(type(step) is int for step in schedule)
    assert all(earlier < later for earlier, later in pairwise(schedule))


@given(st.integers(1000, 1_000_000), st.integers(10, 300))
def test_the_first_tenth_is_every_step_and_the_rest_is_even(steps, frames):
    schedule = frame_steps(steps, frames)
    dense = frames // 10
    assert schedule[:dense] == tuple(range(dense))
    gaps = [later - earlier for earlier, later in pairwise(schedule[dense - 1 :])]
    assert max(gaps) - min(gaps) <= 1


def test_a_short_run_records_every_step():
    assert frame_steps(3, 300) == (0, 1, 2, 3)
    assert frame_steps(1, 2) == (0, 1)


@pytest.mark.parametrize(("seed", "epoch"), [(0, 0), (3, 5), (5, 3)])
def test_the_order_of_an_epoch_is_what_films_were_made_with(seed, epoch):
    expected = np.random.Generator(np.random.PCG64([seed, epoch])).permutation(50)
    np.testing.assert_array_equal(order_of_epoch(seed, epoch, 50), expected)


@given(st.integers(1, 3000))
def test_the_last_frame_has_a_checkpoint_and_the_first_has_none(last):
    due = [index for index in range(last + 1) if checkpoint_due(index, last)]
    assert due[-1] == last
    assert due[0] > 0
    assert all(later - earlier <= 20 for earlier, later in pairwise([0, *due]))
