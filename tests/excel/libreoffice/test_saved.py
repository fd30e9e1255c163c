"""Workbooks that an independent program only saves: nothing is lost, marks can be replaced and cleared."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import BUDGETS, WHOLE
from tests.excel.libreoffice.edits import (
    Changed,
    assert_totals_agree,
    live_cells,
    nothing,
    shown,
)
from tests.excel.libreoffice.macro import program
from xltool.layout.book import Book

pytestmark = pytest.mark.skipif(program is None, reason="LibreOffice is not installed")


class TestSavedUnchanged:
    @pytest.mark.parametrize("name", BUDGETS)
    def test_facts_live_cells_and_findings_are_the_same(self, name: str, edited_folder: Path) -> None:
        ours, theirs = xltool.read(edited_folder / f"{name}.xlsx"), xltool.read(edited_folder / f"{name} saved.xlsx")
        assert {k: f.value for k, f in theirs.facts.items()} == {k: f.value for k, f in ours.facts.items()}
        assert len(live_cells(ours)) > (200 if name in WHOLE else 10)
        assert live_cells(theirs) == live_cells(ours)
        assert _cells_told(theirs) == _cells_told(ours)

    def test_a_workbook_without_errors_stays_without(self, changed: Changed) -> None:
        change = changed(nothing)
        assert change.findings == set()
        assert change.amounts == {}
        assert_totals_agree(change)


class TestMarks:
    @pytest.mark.parametrize("name", BUDGETS)
    def test_marks_saved_by_another_program_are_replaced_and_cleared(
        self, name: str, edited_folder: Path, tmp_path: Path
    ) -> None:
        saved, marked = edited_folder / f"{name} saved.xlsx", edited_folder / f"{name} marked and saved.xlsx"
        book = xltool.read(marked)
        assert {k: f.value for k, f in book.facts.items()} == {k: f.value for k, f in xltool.read(saved).facts.items()}
        findings = xltool.check(book).findings
        assert _cells_told(book) == _cells_told(xltool.read(saved))
        again, cleared = tmp_path / "again.xlsx", tmp_path / "cleared.xlsx"
        assert xltool.annotate(marked, findings, again).cells == xltool.clear(again, cleared)
        assert xltool.clear(marked, tmp_path / "at once.xlsx") > 0
        assert _notes(cleared) == _notes(tmp_path / "at once.xlsx") == _notes(saved)
        assert _colours(cleared) == _colours(tmp_path / "at once.xlsx") == _colours(saved)
        assert xltool.clear(cleared, tmp_path / "nothing left.xlsx") == 0


class TestAnotherYear:
    @pytest.mark.parametrize("suffix", ["new", "new and saved"])
    @pytest.mark.parametrize("name", BUDGETS)
    def test_a_new_workbook_is_of_its_year_and_unit(self, name: str, suffix: str, edited_folder: Path) -> None:
        path = edited_folder / f"{name} {suffix}.xlsx"
        outline = xltool.read(path).outline
        assert (outline.year, outline.amount_unit) == (2025, "元")
        texts = {str(text) for lines in shown(path).values() for line in lines for text in line if text}
        assert any("2025" in text for text in texts)
        assert "单位：元" in texts
        assert not [text for text in texts if "万元" in text or "2024年预算" in text]

    @pytest.mark.parametrize("name", BUDGETS)
    def test_amounts_in_yuan_have_two_decimals(self, name: str, edited_folder: Path) -> None:
        workbook = openpyxl.load_workbook(edited_folder / f"{name} new and saved.xlsx")
        for block in xltool.read(edited_folder / f"{name} new and saved.xlsx").layout.blocks:
            for row in range(len(block.rows)):
                for column in block.block.amounts:
                    cell = block.cell(row, column)
                    assert cell is not None
                    assert "0.00" in workbook[cell.sheet][cell.a1].number_format

    @pytest.mark.parametrize("name", BUDGETS)
    def test_year_and_unit_are_read_from_the_print_where_the_file_does_not_say(
        self, name: str, edited_folder: Path, tmp_path: Path
    ) -> None:
        workbook = openpyxl.load_workbook(edited_folder / f"{name} new and saved.xlsx")
        for prop in list(workbook.custom_doc_props.names):
            del workbook.custom_doc_props[prop]
        workbook.save(tmp_path / "foreign.xlsx")
        book = xltool.read(tmp_path / "foreign.xlsx")
        assert (book.outline.year, book.outline.amount_unit) == (2025, "元")
        assert book.template.id == name

    @pytest.mark.parametrize("name", BUDGETS)
    def test_last_years_workbook_gives_its_rows_and_no_figures(
        self, name: str, edited_folder: Path, tmp_path: Path
    ) -> None:
        """But for the 科目 that the next year does not have, which are told."""
        moved = xltool.new(name, tmp_path / "new.xlsx", like=edited_folder / f"{name} saved.xlsx")
        gone = {code for change in moved for code in change.codes}
        instead = {code for change in moved for code in change.now}
        last, new = xltool.read(edited_folder / f"{name} saved.xlsx"), xltool.read(tmp_path / "new.xlsx")
        assert new.outline.year == last.outline.year + 1
        assert (new.outline.department, new.outline.amount_unit) == (last.outline.department, last.outline.amount_unit)
        for one, other in zip(last.layout.blocks, new.layout.blocks, strict=True):
            before = [row.path for row in one.rows if row.definition is not None and row.code not in gone]
            assert [row.path for row in other.rows if row.code not in instead] == before
        assert not any(new.values.values())


def _cells_told(book: Book) -> set[tuple[str, object]]:
    return {(finding.rule, finding.cell) for finding in xltool.check(book).findings}


def _notes(path: Path) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def _colours(path: Path) -> set[tuple[str, str, tuple[str, ...]]]:
    return {
        (sheet.title, str(area.sqref), tuple(rule.formula))
        for sheet in openpyxl.load_workbook(path).worksheets
        for area in sheet.conditional_formatting
        for rule in area.rules
    }
