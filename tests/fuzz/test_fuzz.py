"""Five hundred damaged inputs, always the same: each is refused or dealt with, and nothing of the user's changes."""

from __future__ import annotations

import pytest

from tests.fuzz.cases import Case
from tests.fuzz.run import Worker

SEED = 2024
TOGETHER = 100


@pytest.mark.parametrize("first", range(0, 500, TOGETHER))
def test_a_damaged_input_is_refused_or_dealt_with(first: int) -> None:
    """One that is not is tried again with `python -m tests.fuzz.run --seed 2024 --case NUMBER`."""
    with Worker() as worker:
        told = {number: worker.complaints(Case.drawn(SEED, number)) for number in range(first, first + TOGETHER)}
    assert {number: complaints for number, complaints in told.items() if complaints} == {}
