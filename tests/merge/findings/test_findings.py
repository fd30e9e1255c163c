"""U01 to U07 as `merge` tells them: each names the unit, and the cell in its workbook that is the cause."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import QINGLONG, key
from xltool.api import merge
from xltool.merge.consolidation import Consolidation
from xltool.model import Severity

FIGURES = {
    "收入": ("收入总表", "2014001", "本年收入/事业收入"),
    "基本": ("支出总表", "2014001", "基本支出"),
    "项目": ("支出总表", "2014001", "项目支出"),
    "合计": ("支出总表", "2014001", "合计"),
}


def send(folder: Path, unit: str, **amounts: str) -> None:
    """The workbook of a unit with these figures."""
    (folder / "单位").mkdir(exist_ok=True)
    values = {key(*FIGURES[name]): Decimal(amount) for name, amount in amounts.items()}
    xltool.fill(QINGLONG, values, folder / "单位" / f"{unit}.xlsx", unit=unit)


def merged(folder: Path, roster: str = "", name: str = "信访局") -> Consolidation:
    file = folder / "名册.csv"
    file.write_text(roster, encoding="utf-8")
    listed = file if roster else None
    return merge([folder / "单位"], folder / "汇总.xlsx", roster=listed, name=name, allow_errors=True)


def told(consolidation: Consolidation) -> list[str]:
    return [f"{finding.rule} {finding.message}" for finding in consolidation.findings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    send(tmp_path, "局机关", 收入="20", 基本="20")
    return tmp_path


def test_a_sum_of_units_that_agree_has_no_finding(folder: Path) -> None:
    send(folder, "接待中心", 收入="5", 基本="5")
    assert told(merged(folder)) == []


def test_a_total_that_a_unit_typed_wrong_is_named_with_its_cell(folder: Path) -> None:
    send(folder, "接待中心", 收入="5", 基本="5", 合计="8")
    consolidation = merged(folder)
    assert told(consolidation) == [
        "U01 “2014001 行政运行”合计（D9） 汇总为 25.00，各单位所填之和是 28.00，差 3.00 来自 接待中心 支出总表!D9。\n"
        "提示：请改正这个单位的合计，再汇总一次。"
    ]
    (finding,) = consolidation.findings
    assert finding.cell is not None
    assert (finding.cell.in_book, finding.difference) == ("支出总表!D9", Decimal(-3))


def test_what_calls_for_something_is_marked_in_its_cell(folder: Path) -> None:
    send(folder, "接待中心", 收入="5", 基本="5", 合计="8")
    merged(folder)
    sheet = openpyxl.load_workbook(folder / "汇总.xlsx")["支出总表"]
    noted = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert "差 3.00 来自 接待中心 支出总表!D9。" in noted["D9"]
    assert any("D9" in str(area.sqref) for area in sheet.conditional_formatting)
    send(folder, "接待中心", 收入="5", 基本="5")
    merged(folder)
    assert xltool.clear(folder / "汇总.xlsx") == 0  # nothing is marked where nothing is wrong


def test_what_rounding_explains_in_a_unit_is_no_more_than_a_remark(folder: Path) -> None:
    send(folder, "接待中心", 收入="5.01", 基本="2.00", 项目="3.00", 合计="5.01")
    found = [finding for finding in merged(folder).findings if finding.rule == "U06"]
    assert [str(finding.statement) for finding in found] == [
        "1 个单位的 1 个合计与分项相差末位，最多差 100.00 元，都在四舍五入的尾差以内。"
    ]
    assert found[0].severity is Severity.REMARK


def test_units_that_are_not_there_and_names_that_are_there_twice(folder: Path) -> None:
    roster = "名称,类型\n局机关,\n接待中心,\n"
    assert told(merged(folder, roster, "局机关")) == [
        "U03 汇总数里没有 接待中心（未报送）。\n提示：请催报，或在名册里去掉已经没有的单位，再汇总一次。",
        "U04 部门和所属单位都叫“局机关”。\n提示：部门和各单位应各写各的名称，本级的加“本级”。",
    ]


def test_a_unit_without_accounts_of_its_own_has_no_amounts(folder: Path) -> None:
    send(folder, "接待中心", 收入="5", 基本="5")
    found = told(merged(folder, "名称,独立核算\n局机关,是\n接待中心,否\n"))
    assert len(found) == 1
    assert found[0].startswith("U05 接待中心在名册里是非独立核算单位，工作簿里却有金额（收支总表!")


def test_income_and_expenditure_that_differ_are_told_with_the_unit(folder: Path) -> None:
    send(folder, "接待中心", 收入="5", 基本="4")
    (finding,) = merged(folder).findings
    assert str(finding.statement) == (
        "抵销以后 “收入总计”预算数（C39） 25.00 应等于 “支出总计”预算数（E39） 24.00，差 1.00。"
    )
    assert finding.notes == ("接待中心的收入总计 50,000.00 元，支出总计 40,000.00 元",)
