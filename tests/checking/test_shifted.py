"""Rows whose cells stand under the wrong headings are told once, as that, and nothing else about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tomli
from openpyxl.utils import coordinate_to_tuple
from openpyxl.workbook import Workbook

import xltool
from tests import CASE_FILES
from tests.budgets import PINGSHAN, SELFEVAL, filled, foreign, key, opened, published, reread
from xltool.checking.shift.shifted import Straightened, straighten
from xltool.layout.book import Book
from xltool.layout.seen import Unreadable
from xltool.model import Finding, Severity
from xltool.template.spec import FIGURES

CASES: list[dict[str, Any]] = tomli.loads((CASE_FILES / "shifted.toml").read_text(encoding="utf-8"))["case"]


def loud(book: Book) -> list[Finding]:
    """Errors and warnings."""
    return [finding for finding in xltool.check(book).findings if finding.severity is not Severity.REMARK]


def where(finding: Finding) -> str:
    return f"{finding.rule} {finding.cell.a1 if finding.cell else ''}"


def put_row(workbook: Workbook, case: dict[str, Any]) -> None:
    row, column = coordinate_to_tuple(case["from"])
    for i, value in enumerate(case["cells"]):
        workbook[case["sheet"]].cell(row, column + i).value = None if value == "" else value


def with_formulas(template: str, folder: Path) -> Workbook:
    """The filled workbook as it is opened in Excel."""
    return opened(filled(template, folder))


@cache
def found_before(make: Callable[[str, Path], Workbook], template: str) -> Counter[str]:
    """What is found in a budget as it was published."""
    with TemporaryDirectory() as folder:
        return Counter(map(where, loud(reread(make(template, Path(folder)), Path(folder)))))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_shifted_row_is_told_once_and_no_other_is(case: dict[str, Any], tmp_path: Path) -> None:
    make = with_formulas if case.get("is_ours") else foreign
    workbook = make(case["template"], tmp_path)
    before = found_before(make, case["template"])
    put_row(workbook, case)
    after = loud(reread(workbook, tmp_path))
    assert sorted((Counter(map(where, after)) - before).elements()) == case["found"]
    assert case.get("says", "") in "".join(finding.message for finding in after if where(finding) in case["found"])


def test_a_shifted_row_counts_in_the_totals_as_if_it_were_in_place(tmp_path: Path) -> None:
    """In a workbook of ours the totals are formulas: what they add up is judged by the cells moved back."""
    before = xltool.read(filled(PINGSHAN, tmp_path))
    facts = dict(published(PINGSHAN))
    table, name = "整体支出绩效目标表", "一般行政管理事务"
    for column in ("主要内容", "预算金额/总额", "预算金额/财政拨款", "预算金额/其他资金"):
        del facts[key(table, name, column)]
    shifted = "聘用人员、社工、党建、办公室事务"
    facts[key(table, shifted, "主要内容")] = "448.62"
    facts[key(table, shifted, "预算金额/总额")] = Decimal("448.62")
    facts[key(table, shifted, "预算金额/财政拨款")] = Decimal(0)
    xltool.fill(PINGSHAN, facts, tmp_path / "预算.xlsx")
    book = xltool.read(tmp_path / "预算.xlsx")
    assert Counter(map(where, loud(book))) - Counter(map(where, loud(before))) == Counter(["S03.1 B10"])
    straight = straighten(book).book
    place = book.layout.place(key(table, "金额合计", "预算金额/财政拨款"))
    assert place is not None
    assert straight.values[place] == Decimal("1876.57")


@pytest.fixture(scope="module")
def self_evaluation(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("self-evaluation")
    return reread(foreign(SELFEVAL, folder), folder)


@pytest.mark.parametrize("lost", range(1, 25))
def test_wherever_one_cell_of_a_full_row_is_lost_the_row_is_shifted_and_nothing_else_is_wrong(
    lost: int, self_evaluation: Book
) -> None:
    """But a total that is itself the cell that was lost."""
    seen = replace(self_evaluation.seen, unreadable={**self_evaluation.seen.unreadable})
    book = replace(self_evaluation, values={**self_evaluation.values}, seen=seen)
    (block,) = book.layout.blocks
    places = [place for c, place in enumerate(block.places[0]) if block.block.columns[c].kind in ("text", *FIGURES)]
    contents = [book.values.pop(place, None) for place in places]
    before = found_before(foreign, SELFEVAL)
    for place, content in zip(places, [*contents[: lost - 1], *contents[lost:]], strict=False):
        is_figure = book.layout.kind(place) in FIGURES
        if is_figure and isinstance(content, str):
            seen.unreadable[place] = Unreadable(content, f"的内容“{content}”不能读成金额")
        elif content is not None:
            book.values[place] = content if is_figure else str(content)
    new = [finding.rule for finding in loud(book) if where(finding) not in before]
    assert new.count("S03.1") == 1
    assert set(new) <= {"S03.1", "A07"}


def test_a_book_without_shifted_rows_stays_as_it_is(tmp_path: Path) -> None:
    book = reread(foreign(PINGSHAN, tmp_path), tmp_path)
    assert straighten(book) == Straightened(book, frozenset(), frozenset())
    assert straighten(book).book is book
