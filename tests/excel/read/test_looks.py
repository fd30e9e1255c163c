"""How cells look is read as openpyxl reads it, and nonsense in a styles part stops nobody."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import MergedCell

from tests.budgets import QINGLONG, SELFEVAL, filled
from tests.excel.kitchen_sink import handmade, with_notes, write_zip
from xltool.excel.read.sheets.source import open_workbook
from xltool.source.looks import CellLook


@pytest.mark.parametrize("name", [QINGLONG, SELFEVAL])
def test_looks_are_those_that_openpyxl_sees(name: str, tmp_path: Path) -> None:
    path = filled(name, tmp_path)
    source = open_workbook(path)
    for page in openpyxl.load_workbook(path):
        looks = source.looks[page.title]
        for cell in [cell for row in page.iter_rows(max_row=60) for cell in row if not isinstance(cell, MergedCell)]:
            look = looks.cell(cell.row, cell.column)
            expected = (cell.font.sz, cell.alignment.indent, cell.number_format)
            assert look == expected, cell.coordinate
            assert looks.notes.get((cell.row, cell.column), "") == (cell.comment.text.strip() if cell.comment else "")
        for size in page.column_dimensions.values():
            assert looks.width(size.min) == size.width
        for rule in page.data_validations.dataValidation:
            if rule.type == "list" and str(rule.formula1).startswith('"'):
                first = rule.sqref.sorted()[0]
                assert ",".join(looks.choices(first.min_row, first.min_col)) == rule.formula1.strip('"')


@pytest.mark.parametrize(
    "styles",
    [
        '<styleSheet><cellXfs><xf fontId="9" numFmtId="999"><alignment indent="x"/></xf></cellXfs></styleSheet>',
        '<a><fonts><font><sz val="1e9"/></font></fonts><cellXfs><xf fontId="0" numFmtId="x"/></cellXfs></a>',
        "<styleSheet/>",
        '<a:styleSheet xmlns:a="x"><fonts/></a:styleSheet>',
    ],
)  # fmt: skip
def test_nonsense_in_the_styles_is_no_look(styles: str, tmp_path: Path) -> None:
    sheet = '<sheetData><row r="2"><c r="B2" s="0"><v>5</v></c><c r="C2" s="99999999999"/></row></sheetData>'
    path = write_zip(tmp_path / "预算.xlsx", {**handmade(sheet), "xl/styles.xml": styles})
    source = open_workbook(path)
    assert source.looks["收支总表"].cell(2, 2) == CellLook()
    assert source.sheets["收支总表"].raw(2, 2) == 5


def test_a_note_of_ours_is_none(tmp_path: Path) -> None:
    note = '<comment ref="{}" authorId="{}"><text><r><t>请</t></r><r><t>核对</t></r></text></comment>'
    comments = (
        "<comments><authors><author>xltool</author><author>张三</author></authors>"
        f"<commentList>{note.format('B2', 1)}{note.format('C2', 0)}{note.format('?', 1)}</commentList></comments>"
    )
    source = open_workbook(write_zip(tmp_path / "预算.xlsx", with_notes(comments)))
    assert source.looks["收支总表"].notes == {(2, 2): "请核对"}
