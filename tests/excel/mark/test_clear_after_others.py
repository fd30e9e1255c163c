"""Out of a file that another program saved, or the user typed into, clearing takes all that is ours and no more."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.excel.kitchen_sink import (
    EXCEL_VML,
    handmade,
    parts,
    with_notes,
    write_zip,
)
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office
from tests.excel.mark.handmade_forms import (
    ONE_ROW,
    comments_part,
    one_note,
)
from tests.excel.mark.test_clear import MARKS, notes
from xltool.excel.mark.annotate import annotate, clear

# openpyxl warns of everything it does not keep
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def test_nothing_of_ours_is_left_after_openpyxl_saved_the_file(tmp_path: Path) -> None:
    def saved(marked: Path) -> Path:
        openpyxl.load_workbook(marked).save(tmp_path / "saved.xlsx")
        return tmp_path / "saved.xlsx"

    _assert_nothing_is_left(saved, tmp_path)


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
def test_nothing_of_ours_is_left_after_libreoffice_saved_the_file(office: Office, tmp_path: Path) -> None:
    _assert_nothing_is_left(office.saved, tmp_path)


def _assert_nothing_is_left(save: Callable[[Path], Path], tmp_path: Path) -> None:
    original = tmp_path / "预算.xlsx"
    with xlsxwriter.Workbook(original) as workbook:
        sheet = workbook.add_worksheet("收支总表")
        sheet.write_row("A1", ["项目", 2638])
        sheet.conditional_format("B1:B2", {"type": "no_blanks", "format": workbook.add_format({"italic": True})})
        sheet.write_comment("B2", "已与银行对账", {"author": "张三"})
    marked = tmp_path / "marked.xlsx"
    annotate(original, MARKS, marked)
    saved = save(marked)
    assert "差 18.55" in notes(saved)["收支总表", "B2"]
    cleared = tmp_path / "cleared.xlsx"
    assert clear(saved, cleared) == 2
    assert notes(cleared) == {("收支总表", "B2"): "已与银行对账"}
    rules = openpyxl.load_workbook(cleared)["收支总表"].conditional_formatting
    assert [str(block.sqref) for block in rules] == ["B1:B2"]
    assert [name for name, content in parts(cleared) if b"xltool" in content] == []
    annotate(saved, MARKS, marked)
    assert clear(marked, marked) == 2
    assert parts(marked) == parts(cleared)


def test_marks_that_excel_wrote_in_its_own_way_are_known(tmp_path: Path) -> None:
    """Excel puts rules of the same cells into one element, numbers them anew and renames parts and shapes."""
    content = with_notes(
        comments_part(
            "<authors><author>xltool</author><author>张三</author></authors><commentList>"
            '<comment ref="B2" authorId="1" shapeId="0"><text><r><t>已核</t></r><r><rPr><sz val="9"/></rPr>'
            '<t xml:space="preserve">\n\n【xltool】差 </t></r><r><t>18.55【完】</t></r></text></comment>'
            '<comment ref="D9" authorId="0" shapeId="0" xmlns:xr="r" xr:uid="{0}"><text>'
            "<t>【xltool】未填【完】</t></text></comment></commentList>"
        ),
        EXCEL_VML.replace("</v:shape></xml>", "</v:shape>" + EXCEL_VML[EXCEL_VML.index("<v:shape ") :])
        .replace("<x:Row>1<", "<x:Row>8<", 1)
        .replace("<x:Column>1<", "<x:Column>3<", 1),
    )
    sheet = content["xl/worksheets/sheet1.xml"]
    user = '<cfRule type="cellIs" operator="lessThan" priority="1"><formula>0</formula></cfRule>'
    formula = "<formula>LEN(&quot;xltool:error&quot;)&gt;0</formula>"
    ours = f'<cfRule type="expression" dxfId="0" priority="2">{formula}</cfRule>'
    block = '<conditionalFormatting sqref="B2 D9">{}</conditionalFormatting>'
    content["xl/worksheets/sheet1.xml"] = sheet.replace("<legacy", block.format(user + ours) + "<legacy")
    path = write_zip(tmp_path / "预算.xlsx", content)
    assert clear(path, path) == 2
    cleared = dict(parts(path))
    assert cleared["xl/worksheets/sheet1.xml"].decode() == sheet.replace("<legacy", block.format(user) + "<legacy")
    assert notes(path) == {("收支总表", "B2"): "已核"}
    assert cleared["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1


def _typed_behind_our_text(path: Path, part: str) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content[part] = content[part].replace("【完】".encode(), "【完】\n已改，见凭证 12 号".encode(), 1)
    write_zip(path, content)


def test_what_the_user_typed_into_our_note_stays(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade(sheet=ONE_ROW))
    annotate(path, MARKS, path)
    _typed_behind_our_text(path, "xl/commentsXltool1.xml")
    annotate(path, MARKS, path)
    assert notes(path)["收支总表", "B2"].startswith("\n已改，见凭证 12 号\n\n【xltool】支出总计")
    assert clear(path, path) == 2
    assert notes(path) == {("收支总表", "B2"): "\n已改，见凭证 12 号"}


def test_what_the_user_typed_below_our_part_of_a_note_stays(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", with_notes(one_note("<text><t>已核\n</t></text>")))
    annotate(path, MARKS, path)
    _typed_behind_our_text(path, "xl/comments1.xml")
    assert clear(path, path) == 2
    assert notes(path) == {("收支总表", "B2"): "已核\n\n已改，见凭证 12 号"}


def test_a_file_with_nothing_to_clear_is_left_alone(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade())
    os.utime(path, (1, 1))
    assert clear(path, path) == 0
    assert path.stat().st_mtime == 1


def test_relationships_of_ours_go_though_a_comment_was_put_behind_them(tmp_path: Path) -> None:
    marked, cleared = tmp_path / "marked.xlsx", tmp_path / "cleared.xlsx"
    annotate(write_zip(tmp_path / "预算.xlsx", handmade(sheet=ONE_ROW)), MARKS, marked)
    content = dict(parts(marked))
    content["xl/worksheets/_rels/sheet1.xml.rels"] += b"<!-- saved -->"
    clear(write_zip(marked, content), cleared)
    assert [name for name, _ in parts(cleared)] == [*handmade()]
