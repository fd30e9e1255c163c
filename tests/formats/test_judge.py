"""A sample of what `make judge` measures: mistakes in budgets are noticed, told at their cells and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.judge.budgets import FORMATS, MODES, Kind, budget, pasted
from benchmarks.judge.cases import Case, judged
from benchmarks.judge.honest import honest
from benchmarks.judge.making import slips
from benchmarks.judge.outcome import complaints
from tests import budgets
from xltool.model import Finding

SEED = 1
FIRST = {"pasted": 0.85, "live": 0.75}
"""At least so many of the first findings stand at the changed cell."""


@pytest.mark.parametrize("mode", MODES)
def test_mistakes_are_noticed_and_told_at_their_cells(mode: str) -> None:
    kinds = [Kind(name, source, mode) for name in FORMATS for source in ("published", "honest")]
    cases = [Case(kinds[(n + m) % len(kinds)], slip, 1, SEED, n) for n, slip in enumerate(slips()) for m in range(2)]
    outcomes = [one.outcome for one in map(judged, cases) if one is not None]
    assert len(outcomes) == len(cases)
    assert all(outcome.is_noticed for outcome in outcomes)
    assert sum(outcome.is_first for outcome in outcomes) >= FIRST[mode] * len(outcomes)


@pytest.mark.parametrize("name", FORMATS)
def test_honestly_rounded_budgets_have_no_error(name: str) -> None:
    assert [honest(Kind(name, "honest", mode), f"{SEED}.{n}").errors for mode in MODES for n in range(6)] == [{}] * 12


@pytest.mark.parametrize("name", FORMATS)
def test_pasted_values_are_checked_as_in_a_workbook(name: str, tmp_path: Path) -> None:
    """The judge works on books in memory, and says of them what it would say of files."""
    workbook = budgets.foreign(name, tmp_path)
    read = budgets.reread(workbook, tmp_path)
    assert _told(complaints(pasted(budget(Kind(name, "published", "live"), "")))) == _told(complaints(read))


def _told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(f.rule, f.cell.in_book if f.cell is not None else "", f.message) for f in findings]
