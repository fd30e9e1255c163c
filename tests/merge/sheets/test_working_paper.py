"""汇总底稿: every figure that the 汇总 takes from units comes from a line of it, which leads to their workbooks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import BUDGETS, QINGLONG
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, assert_recalculates
from tests.merge.sheets.consolidations import UNITS, consolidation, of_budget, sent, write_consolidation, written
from xltool.merge.adding.collect import collected
from xltool.merge.consolidation import ShareColumn
from xltool.merge.sheets.working_paper import HEADING_ROW
from xltool.source.our_sheets import WORKING_PAPER

needs_libreoffice = pytest.mark.skipif(program is None, reason="LibreOffice is not installed")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The 汇总 of three units; its folder has theirs in it."""
    return written(QINGLONG, tmp_path)


def paper(path: Path, values: bool = False) -> Worksheet:
    return openpyxl.load_workbook(path, data_only=values)[WORKING_PAPER]


def line_of(sheet: Worksheet, table: str, cell: str) -> dict[str, Cell]:
    """The cells in the line of a cell of a table, by heading."""
    headings = [str(one.value) for one in sheet[HEADING_ROW]]
    row = next(row for row in sheet.iter_rows(HEADING_ROW + 1) if (row[0].value, row[3].value) == (table, cell))
    return dict(zip(headings, row, strict=True))


class TestFigures:
    @pytest.mark.parametrize("name", BUDGETS)
    def test_a_consolidation_reads_as_what_was_added_up(self, name: str, tmp_path: Path) -> None:
        merged = of_budget(name, tmp_path)
        write_consolidation(merged, tmp_path / "汇总.xlsx")
        book, layout = xltool.read(tmp_path / "汇总.xlsx"), merged.filled.layout
        added = {layout.key(place): value for place, value in merged.filled.values.items() if value is not None}
        assert {key: fact.value for key, fact in book.facts.items() if key in added} == added
        assert all(not fact.value for key, fact in book.facts.items() if key not in added and fact.cell is not None)
        assert {book.layout.key(place) for place in book.live} == {layout.key(place) for place in merged.filled.live}
        assert not book.seen.without_result
        assert not [found for found in xltool.check(book).findings if found.rule in ("F01", "F02")]

    def test_a_consolidation_adds_up_like_the_workbook_of_a_unit(self, target: Path) -> None:
        book = xltool.read(target)
        rows = {(row.table, row.path): row for row in collected(book).rows}
        assert rows["支出总表", ("2014001",)].cells[1].value == Decimal("430.71")

    @pytest.mark.parametrize("name", BUDGETS)
    def test_projects_of_one_name_stay_apart_in_each_unit(self, name: str, tmp_path: Path) -> None:
        """A figure of one unit comes from one of its cells: nothing was added up that has the same name."""
        shares = [share for one in of_budget(name, tmp_path).shares.values() for share in one]
        assert shares and all(share.cell is not None for share in shares)

    def test_a_unit_is_named_above_its_amounts_and_all_are_added_up(self, target: Path) -> None:
        line = line_of(paper(target, values=True), "支出总表", "E9")
        assert [line[unit].value for unit in UNITS] == [1435700] * 3
        assert {heading: line[heading].value for heading in ("行", "栏", "合计", "抵销", "抵销后")} == {
            "行": "2014001 行政运行",
            "栏": "基本支出",
            "合计": 4307100,
            "抵销": None,
            "抵销后": 4307100,
        }

    def test_sums_and_the_figures_of_tables_are_formulas(self, target: Path) -> None:
        line = line_of(paper(target), "支出总表", "E9")
        assert line["合计"].value == f"=SUM(E{line['合计'].row}:G{line['合计'].row})"
        assert line["抵销后"].value == f"=H{line['合计'].row}+SUM(I{line['合计'].row}:I{line['合计'].row})"
        cell = openpyxl.load_workbook(target)["支出总表"]["E9"]
        assert cell.value == f"='{WORKING_PAPER}'!{line['抵销后'].coordinate}/10000"
        assert cell.protection.locked

    def test_what_is_eliminated_stands_behind_the_sum(self, tmp_path: Path) -> None:
        files = sent(QINGLONG, tmp_path)
        columns = [ShareColumn("甲", (0,)), ShareColumn("调整", (1,), is_adjustment=True), ShareColumn("乙", (2,))]
        write_consolidation(consolidation(xltool.read(files[0]), files, columns), tmp_path / "汇总.xlsx")
        headings = [one.value for one in paper(tmp_path / "汇总.xlsx")[HEADING_ROW]]
        assert headings[4:9] == ["甲", "乙", "合计", "调整", "抵销后"]
        line = line_of(paper(tmp_path / "汇总.xlsx", values=True), "支出总表", "E9")
        assert [line[one].value for one in ("合计", "调整", "抵销后")] == [2871400, 1435700, 4307100]

    @needs_libreoffice
    @pytest.mark.parametrize("name", BUDGETS)
    def test_libreoffice_agrees_with_every_formula(self, name: str, office: Office, tmp_path: Path) -> None:
        write_consolidation(of_budget(name, tmp_path), tmp_path / "汇总.xlsx")
        assert_recalculates(tmp_path / "汇总.xlsx", office)

    @needs_libreoffice
    def test_a_consolidation_that_libreoffice_saved_has_the_same_facts(self, office: Office, target: Path) -> None:
        ours, theirs = xltool.read(target), xltool.read(office.saved(target))
        assert {key: fact.value for key, fact in theirs.facts.items()} == {
            key: fact.value for key, fact in ours.facts.items()
        }

    def test_the_same_units_give_the_same_bytes(self, target: Path, tmp_path: Path) -> None:
        content = target.read_bytes()
        write_consolidation(of_budget(QINGLONG, tmp_path), target)
        assert target.read_bytes() == content


class TestLinks:
    def test_an_amount_leads_to_its_cell_in_the_workbook_of_the_unit(self, target: Path) -> None:
        line = line_of(paper(target), "支出总表", "E9")
        assert line["单元格"].hyperlink.location == "'支出总表'!E9"
        for unit in UNITS:
            found = line[unit].hyperlink
            assert (target.parent / unquote(found.target).replace("\\", "/")).is_file()
            assert found.location == "'支出总表'!E9"
        sheet = paper(target)
        heads = [one for one in sheet[HEADING_ROW] if one.hyperlink is not None]
        assert [one.value for one in heads] == [*UNITS]
        assert unquote(heads[2].hyperlink.target) == "单位\\信访 服务#1中心.xlsx"

    def test_no_formula_leads_out_of_the_workbook(self, target: Path) -> None:
        formulas = [
            str(cell.value)
            for sheet in openpyxl.load_workbook(target)
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        assert not [text for text in formulas if "[" in text or "HYPERLINK" in text]

    def test_amounts_look_like_amounts(self, target: Path) -> None:
        cell = line_of(paper(target), "支出总表", "E9")[UNITS[0]]
        assert cell.number_format == "#,##0.00"
        assert cell.font.underline is None


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_a_consolidation_saved_without_results_has_the_same_figures(unit: str, tmp_path: Path) -> None:
    files = sent(QINGLONG, tmp_path)
    path = tmp_path / "汇总.xlsx"
    write_consolidation(consolidation(xltool.read(files[0]), files, amount_unit=unit), path)
    before = xltool.read(path)
    openpyxl.load_workbook(path).save(path)
    book = xltool.read(path)
    assert not book.seen.without_result
    assert {place: value for place, value in book.values.items() if value} == {
        place: value for place, value in before.values.items() if value
    }
