"""`xltool trace`: a figure of the 汇总 leads to the cells of the units, or to those that it adds up."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

import xltool
from tests.budgets import BUDGETS, QINGLONG, filled
from tests.cli.commands import run
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office
from tests.merge.sheets.consolidations import UNITS, consolidation, of_budget, sent, write_consolidation, written
from xltool.merge.consolidation import ShareColumn

CELL = "支出总表!E9"
FIGURE = """\
汇总.xlsx
支出总表!E9　2014001 行政运行　基本支出：430.71 万元

由 3 项相加（元），没有抵销：
  局机关           1,435,700.00  单位/局机关.xlsx           支出总表!E9
  来访接待中心     1,435,700.00  单位/来访接待中心.xlsx     支出总表!E9
  信访 服务#1中心  1,435,700.00  单位/信访 服务#1中心.xlsx  支出总表!E9
  合计             4,307,100.00
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return written(QINGLONG, tmp_path)


def told(path: Path, cell: str = CELL) -> str:
    result = run(["trace", str(path), cell])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def refused(path: Path, cell: str = CELL) -> str:
    result = run(["trace", str(path), cell])
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr.strip()


def with_part(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Replace some bytes of a part of a workbook."""
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    assert old in parts[part]
    with zipfile.ZipFile(path, "w") as after:
        for name, content in parts.items():
            after.writestr(name, content.replace(old, new) if name == part else content)


def edited(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize("cell", [CELL, "'支出总表'!$E$9", "支出总表！e9", "'支出总表!E9'", " 支出总表!E9 "])
def test_a_figure_is_followed_to_the_units(cell: str, target: Path) -> None:
    assert told(target, cell) == FIGURE


def test_a_total_is_followed_to_the_cells_that_it_adds_up(target: Path) -> None:
    text = told(target, "支出总表!D6")
    assert "支出总表!D6　合计　合计：" in text
    assert "是下面 2 格之和（万元）：" in text
    assert "  ＋  支出总表!E6  合计  基本支出  " in text
    assert f"xltool trace \"{target}\" '支出总表!E6'" in text


@pytest.mark.parametrize("name", BUDGETS)
def test_every_figure_of_every_format_has_its_origin(name: str, tmp_path: Path) -> None:
    merged = of_budget(name, tmp_path)
    write_consolidation(merged, tmp_path / "汇总.xlsx")
    for place in list(merged.shares)[:: len(merged.shares) - 1]:
        cell = merged.filled.layout.cell(place)
        assert cell is not None
        found = xltool.trace(tmp_path / "汇总.xlsx", cell.in_book)
        assert found.after == sum(share.value for share in merged.shares[place])
        assert isinstance(found.value, Decimal)
        assert found.after == found.value * found.factor


def test_what_was_eliminated_is_said(tmp_path: Path) -> None:
    files = sent(QINGLONG, tmp_path)
    columns = [ShareColumn(UNITS[0], (0,)), ShareColumn(UNITS[1], (1,), True), ShareColumn(UNITS[2], (2,))]
    write_consolidation(consolidation(xltool.read(files[0]), files, columns), tmp_path / "汇总.xlsx")
    lines = told(tmp_path / "汇总.xlsx").splitlines()
    assert lines[3] == "由 2 项相加（元）："
    assert [line.split()[:2] for line in lines[6:]] == [
        ["合计", "2,871,400.00"],
        ["抵销：来访接待中心", "1,435,700.00"],
        ["抵销后", "4,307,100.00"],
    ]


class TestFilesSince:
    def test_a_file_that_was_changed_is_named(self, target: Path) -> None:
        changed = target.parent / "单位" / "来访接待中心.xlsx"
        changed.write_bytes(changed.read_bytes() + b"\0")
        assert told(target).removeprefix(FIGURE) == (
            "\n“单位/来访接待中心.xlsx”汇总以后改过，汇总里的还是改以前的数；要用现在的数，请重新汇总。\n"
        )

    def test_a_file_that_is_gone_is_named(self, target: Path) -> None:
        (target.parent / "单位" / "局机关.xlsx").unlink()
        assert "“单位/局机关.xlsx”已不在汇总时的位置，不知道有没有改过。" in told(target)

    def test_no_other_machine_is_asked_for_a_file(self, target: Path) -> None:
        workbook = edited(target)
        workbook["报送情况"]["G7"] = "//server/share/局机关.xlsx"
        workbook.save(target)
        assert "“//server/share/局机关.xlsx”没能核对汇总以后有没有改过。" in told(target)


class TestRobustness:
    def test_columns_may_be_moved_and_hidden_and_sheets_renamed(self, target: Path) -> None:
        workbook = edited(target)
        sheet = workbook["报送情况"]
        sheet.insert_cols(1)
        sheet.insert_rows(1)
        sheet.title = "报送"
        workbook["汇总底稿"].column_dimensions["F"].hidden = True
        workbook["汇总底稿"].column_dimensions["E"].width = 60
        workbook.save(target)
        assert told(target) == FIGURE

    @pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
    def test_a_consolidation_saved_by_another_program_is_followed(self, office: Office, target: Path) -> None:
        target.write_bytes(office.saved(target).read_bytes())
        assert told(target) == FIGURE

    def test_a_figure_typed_in_afterwards_has_no_origin(self, target: Path) -> None:
        workbook = edited(target)
        workbook["支出总表"]["E9"] = 5
        workbook.save(target)
        assert "这一格不取自汇总底稿：是汇总以后填的，或公式被改过。" in told(target)

    def test_results_that_do_not_agree_with_the_working_paper_are_said(self, target: Path) -> None:
        number = openpyxl.load_workbook(target, read_only=True).sheetnames.index("汇总底稿") + 1
        with_part(target, f"xl/worksheets/sheet{number}.xml", b"<v>1435700</v>", b"<v>1</v>")
        assert "与表中的 430.71 万元 不符：请在 Excel 中打开、重新计算（F9）并保存后再看。" in told(target)


class TestRefusals:
    @pytest.mark.parametrize("sheet", ["汇总底稿", "报送情况"])
    def test_a_consolidation_whose_sheets_were_removed(self, sheet: str, target: Path) -> None:
        workbook = edited(target)
        del workbook[sheet]
        workbook.save(target)
        assert refused(target) == (f"“汇总.xlsx”里没有“{sheet}”这张表，可能已被删去：请用原来的汇总，或重新汇总。")

    def test_the_workbook_of_a_unit(self, tmp_path: Path) -> None:
        path = filled(QINGLONG, tmp_path)
        assert refused(path) == f"“{path.name}”不是 xltool merge 写出的汇总，没有记下数的来源。"

    def test_what_is_no_cell(self, target: Path) -> None:
        assert refused(target, "E9") == "“E9”不是单元格：请写成“工作表!单元格”，如 '支出总表!E12'。"

    def test_a_sheet_that_is_not_there(self, target: Path) -> None:
        assert refused(target, "支出表!E9").startswith("汇总里没有“支出表”这张预算表：请写工作表的名称，如 收支总表、")

    def test_a_cell_without_a_figure(self, target: Path) -> None:
        assert refused(target, "支出总表!A1") == "支出总表!A1 里没有数可以追溯：请指明有数的单元格。"
