"""Rows of a table whose codes or totals are written as other programs and other officers write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import LONGGANG, PINGSHAN, QINGLONG, SHENZHEN
from tests.edited_budgets import findings, ours, pasted, told
from xltool.model import Severity


def codes(sheet: Worksheet, change: Callable[[str, str], tuple[object, object]]) -> None:
    """Write the codes and names of 支出总表 otherwise."""
    for row in range(7, 26):
        code, name = sheet.cell(row, 2), sheet.cell(row, 3)
        code.value, name.value = change(str(code.value), str(name.value))


WAYS: dict[str, Callable[[str, str], tuple[object, object]]] = {
    "with the name": lambda code, name: (f"{code} {name}", None),
    "with the name, not parted": lambda code, name: (f"{code}{name}", name),
    "in brackets": lambda code, name: (f"[{code}]", name),
    "with the name behind brackets": lambda code, name: (f"（{code}）{name}", None),
    "with dots": lambda code, name: (".".join(filter(None, (code[:3], code[3:5], code[5:]))), name),
    "as numbers": lambda code, name: (int(code), name),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_code_is_known_however_it_is_written(
    way: Callable[[str, str], tuple[object, object]], tmp_path: Path
) -> None:
    workbook = pasted(tmp_path)
    codes(workbook["支出总表"], way)
    assert findings(workbook, tmp_path) == []


def test_in_our_own_workbook_codes_that_its_totals_do_not_count_are_told_once(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    codes(workbook["支出总表"], WAYS["as numbers"])
    told_of = [finding for finding in findings(workbook, tmp_path) if finding.rule == "A08.1"]
    assert [told(finding) for finding in told_of] == [
        (
            "A08.1",
            "支出总表!B7",
            Severity.ERROR,
            "表“部门预算支出总表”第 7 行：编码 201 等 19 个是数字而不是文本，合计公式数不到它。",
        )
    ]


def test_codes_with_one_fault_are_told_together_though_others_stand_between_them(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    ways: Iterator[Callable[[str], object]] = cycle((int, "{} ".format))
    codes(workbook["支出总表"], lambda code, name: (next(ways)(code), name))
    cells = [told(finding)[1] for finding in findings(workbook, tmp_path) if finding.rule == "A08.1"]
    assert cells == ["支出总表!B7", "支出总表!B8"]


@pytest.mark.parametrize("line_break", ["", "\n"])
def test_a_name_with_its_code_before_it_is_known_where_the_format_prints_none(line_break: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path, PINGSHAN)
    sheet = workbook["表1收支总表"]
    for row in range(6, 25):
        code, name = sheet.cell(row, 6), sheet.cell(row, 3)
        if code.value and "、" not in str(name.value):
            before, behind = str(name.value)[:3], str(name.value)[3:]
            name.value, code.value = f"{code.value}{before}{line_break}{behind}", None
    assert findings(workbook, tmp_path) == []


@pytest.mark.parametrize("label", ["总计", "某部门合计", "支出合计", "全部单位总计"])
def test_the_first_row_called_a_total_is_that_of_all(label: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["C6"] = label
    assert findings(workbook, tmp_path) == []


@pytest.mark.parametrize("table", ["支出总表", "收入总表"])
def test_where_the_total_is_not_printed_only_that_is_told(table: str, tmp_path: Path) -> None:
    """Rules that name it say nothing: they would accuse the other table."""
    workbook = pasted(tmp_path)
    workbook[table].delete_rows(6)
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, finding.severity) == ("S05", Severity.WARNING)


FOOTS = [
    "填表人：张三　　审核人：李四",
    "单位负责人（签章）：",
    "第 1 页，共 3 页",
    "- 3 -",
    "报送日期：2024年1月3日",
    "（盖章）",
]


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize("name", [QINGLONG, LONGGANG, SHENZHEN])
def test_a_line_to_sign_on_or_the_number_of_a_page_is_no_row(
    make: Callable[..., Workbook], name: str, tmp_path: Path
) -> None:
    workbook = make(tmp_path, name)
    for sheet in workbook.worksheets:
        below = sheet.max_row + 1
        for i, text in enumerate(FOOTS):
            sheet.cell(below + i, 1, text)
    assert findings(workbook, tmp_path) == []
    units = xltool.read(tmp_path / "改过的预算.xlsx").outline.members.get("unit", ())
    assert not {*FOOTS} & {*units}


def test_a_remark_beside_a_table_is_no_note(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    sheet = workbook["部门固定资产占用情况表"]
    sheet["D3"], sheet["D4"], sheet["D6"] = "备注", "无", "无"
    workbook["政府性基金支出表"]["E10"] = "无"  # an amount that is none
    assert findings(workbook, tmp_path) == []
    sheet["A6"] = "无"
    assert [finding.rule for finding in findings(workbook, tmp_path)] == ["A09"]


def relabel(workbook: Workbook, old: str, new: str | None, *sheets: str) -> None:
    """Print another name wherever a cell has `old`."""
    for sheet in [workbook[name] for name in sheets] or workbook.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value == old):
            cell.value = new


UNIT_NAMES = ["甲局本级", "甲局（本级）", "某市甲局", "001001甲局", "[001]甲局"]
TABLES = [(PINGSHAN, "表3支出总表"), (LONGGANG, "表4基本支出总表")]
RENAMED = [(*table, name) for table in TABLES for name in UNIT_NAMES]


@pytest.mark.parametrize(("budget", "sheet", "name"), [*RENAMED, (PINGSHAN, "表3支出总表", "合计")])
def test_a_unit_is_known_by_another_form_of_its_name(budget: str, sheet: str, name: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path, budget)
    relabel(workbook, "甲局", name, sheet)
    assert findings(workbook, tmp_path) == []
    remarks = [f for f in xltool.check(xltool.read(tmp_path / "改过的预算.xlsx")).findings if f.rule == "S03.6"]
    assert any(f"“{name}”，按位置认作“甲局”" in remark.message for remark in remarks)


def test_two_units_one_of_which_ends_as_the_other_stay_two(tmp_path: Path) -> None:
    workbook = pasted(tmp_path, PINGSHAN)
    relabel(workbook, "乙中心", "某市甲局")
    assert findings(workbook, tmp_path) == []
    assert {"甲局", "某市甲局"} <= {*xltool.read(tmp_path / "改过的预算.xlsx").outline.members["unit"]}


@pytest.mark.parametrize("name", ["合计", "某部门（汇总）", None])
@pytest.mark.parametrize("budget", [PINGSHAN, LONGGANG])
def test_the_row_of_the_department_is_known_by_its_place(name: str | None, budget: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path, budget)
    relabel(workbook, "某部门", name)
    assert findings(workbook, tmp_path) == []


def test_so_is_its_group_of_rows(tmp_path: Path) -> None:
    workbook = pasted(tmp_path, SHENZHEN)
    relabel(workbook, "某部门", "合计")
    assert findings(workbook, tmp_path) == []
