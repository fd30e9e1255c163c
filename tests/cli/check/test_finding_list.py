"""The 问题清单: what stands in the columns 应为 and 现为, and that it is read again however a spreadsheet leaves it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.explained import HEADING_ROW, column, grown, listed
from xltool.diagnose.report import Report
from xltool.model import CellRef, Culprit, Explanation, Finding, Severity, Verdict
from xltool.report.finding_list import listed_findings


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return xltool.check(xltool.read(grown(tmp_path)))


def figures(report: Report, *explanations: Explanation) -> tuple[str, str]:
    """应为 and 现为 of the one finding if it had these explanations."""
    finding: Finding = report.findings[0]._replace(explanations=explanations)
    (line,) = listed_findings(report._replace(findings=(finding,)), Path("预算.xlsx"))
    return line.texts["应为"], line.texts["现为"]


def culprit(cell: str, found: str | None, proposed: str | None, sheet: str = "表9三公经费支出表") -> Culprit:
    at = CellRef(sheet, int(cell[1:]), ord(cell[0]) - 64)
    return Culprit(at, None, Decimal(found) if found else None, Decimal(proposed) if proposed else None)


def test_the_cell_that_is_wrong_has_its_value(report: Report) -> None:
    assert figures(report, Explanation((culprit("C7", "6066", "606.6"),))) == ("606.60", "6,066.00")


def test_a_blank_cell_is_called_blank(report: Report) -> None:
    assert figures(report, Explanation((culprit("C7", None, "606.6"),))) == ("606.60", "空白")


def test_two_cells_that_are_wrong_together_are_both_named(report: Report) -> None:
    swapped = Explanation((culprit("C6", "1", "2"), culprit("C7", "2", "1")))
    assert figures(report, swapped) == ("C6 2.00、C7 1.00", "C6 1.00、C7 2.00")


def test_cells_of_which_one_is_wrong_are_told_as_such(report: Report) -> None:
    ways = (Explanation((culprit("C6", "1", "2"),)), Explanation((culprit("F7", "2", "1", "表3支出总表"),)))
    assert figures(report, *ways) == ("C6 2.00 或 表3支出总表!F7 1", "C6 1.00 或 表3支出总表!F7 2")


WITHOUT_VALUE = Explanation((culprit("C7", "6066", None),))
WHOLE_LINE = Explanation(tuple(culprit(f"{letter}7", "1", "2") for letter in "CDEFG"))


@pytest.mark.parametrize("explanations", [(), (WITHOUT_VALUE,), (WHOLE_LINE,)])
def test_else_they_are_those_of_the_sentence(report: Report, explanations: tuple[Explanation, ...]) -> None:
    assert figures(report, *explanations) == ("≤ 6,042.00", "6,066.00")


def test_filtered_sorted_and_rearranged_it_is_read_the_same(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(listed(grown(tmp_path)))
    sheet = workbook.worksheets[0]
    sheet.cell(HEADING_ROW + 1, column(sheet, "说明")).value = "已批准"
    sheet.cell(HEADING_ROW + 1, column(sheet, "日期")).value = "2026/3/1"
    sheet.row_dimensions[HEADING_ROW + 1].hidden = True
    sheet.insert_cols(2)
    sheet.insert_rows(1, 2)
    workbook.create_sheet("汇总意见", 0).append(["说明", "请各单位改正"])
    workbook.save(tmp_path / "清单.xlsx")
    (reason,) = xltool.read_reasons(tmp_path / "清单.xlsx")
    assert (reason.reason, reason.date) == ("已批准", "2026/3/1")
    (finding,) = xltool.check(xltool.read(tmp_path / "预算.xlsx"), [reason]).findings
    assert finding.accepted is not None
    assert finding.accepted.place == "表9三公经费支出表：“2023年”总计"
    assert finding.accepted.figures == "6,066.00 不应大于 “2022年”总计 6,042.00，多 24.00"


def test_only_what_may_be_explained_asks_for_a_reason(report: Report) -> None:
    (warning,) = report.findings
    error, undecided = warning._replace(severity=Severity.ERROR), warning._replace(verdict=Verdict.UNDECIDED)
    told = listed_findings(report._replace(findings=(error, warning, undecided)), Path("预算.xlsx"))
    assert [line.texts["处理"] for line in told] == ["须改正", "改正或说明", "须改正"]
