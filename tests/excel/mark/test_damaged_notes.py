"""Notes in a damaged state: what is the user's is given back, or nothing is marked."""

import re
from pathlib import Path

import openpyxl
import pytest

from tests.excel.kitchen_sink import EXCEL_VML, handmade, parts, with_notes, write_zip
from tests.excel.mark.handmade_forms import ONE_ROW, one_note
from xltool.errors import FileRefused
from xltool.excel.mark.annotate import annotate, clear
from xltool.excel.mark.marks import Mark

MARKS = [Mark("收支总表", "B2", "error", "支出总计 2,638.00 应等于 2,619.45"), Mark("收支总表", "H20", "error", "差")]


@pytest.mark.parametrize("end", ["", "</xml>"])
def test_a_drawing_that_is_cut_off_is_refused_or_given_back(end: str, tmp_path: Path) -> None:
    path, refused = tmp_path / "预算.xlsx", 0
    for length in range(EXCEL_VML.index("<v:shape "), len(EXCEL_VML), 5):
        content = with_notes(one_note("<text><t>已核</t></text>"), EXCEL_VML[:length] + end)
        before = parts(write_zip(path, content))
        try:
            annotate(path, MARKS, path)
        except FileRefused as error:
            refused += str(error).startswith("批注的图形不完整：请")
        else:
            clear(path, path)
        assert parts(path) == before
    assert refused


def test_a_link_to_our_notes_that_lost_its_id_goes_with_them(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade(sheet=ONE_ROW))
    annotate(path, MARKS, path)
    content = dict(parts(path))
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    comments = next(one for one in content[name].split(b"<") if b"commentsXltool" in one)
    content[name] = content[name].replace(comments, re.sub(rb' Id="[^"]*"', b"", comments))
    clear(write_zip(path, content), path)
    assert b"commentsXltool" not in b"".join(content for _, content in parts(path))
    assert openpyxl.load_workbook(path)
