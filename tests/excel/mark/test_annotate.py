"""Marks are seen by other programs where they belong, and nothing else in the file changes."""

import re
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import openpyxl
import pytest

from tests.excel.kitchen_sink import MAIN, compressed, handmade, kitchen_sink, parts, write_zip
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office
from xltool.errors import FileRefused, SignedWorkbook
from xltool.excel.file.guard import opened
from xltool.excel.mark.annotate import annotate, clear
from xltool.excel.mark.marks import Mark

# openpyxl warns of everything it does not keep
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

DISAGREEMENT = Mark("收支总表", "B2", "error", "支出总计 2,638.00 应等于 2,619.45，差 18.55")
BLANK = Mark("收支总表", "E9", "warning", "小计未填")
ON_THREAD = Mark("支出总表", "B3", "error", "收入总表为 5.00")
MARKS = [
    DISAGREEMENT,
    Mark("收支总表", "B2", "warning", "可疑尾差 0.01"),
    BLANK,
    ON_THREAD,
    Mark("支出总表", "B4", "error", "缺少科目 2014001"),
    Mark("三公经费", "A1", "warning", "三公合计应为 3"),
    Mark("项目支出", "B2", "error", "未填"),
]
NAME = f"{{{MAIN}}}"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kitchen_sink(tmp_path_factory.mktemp("原件") / "预算.xlsm")


@pytest.fixture(scope="module")
def marked(original: Path) -> Path:
    target = original.with_name("已标注.xlsm")
    annotate(original, MARKS, target)
    return target


def _notes(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    workbook = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): (cell.comment.author, cell.comment.text)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def test_another_reader_sees_our_notes_and_the_users(marked: Path) -> None:
    assert _notes(marked) == {
        ("收支总表", "B2"): (
            "张三",
            "已与银行对账\n\n【xltool】支出总计 2,638.00 应等于 2,619.45，差 18.55\n\n可疑尾差 0.01【完】",
        ),
        ("收支总表", "A3"): ("李四", "请补充明细"),
        ("收支总表", "E9"): ("xltool", "【xltool】小计未填【完】"),
        ("支出总表", "B3"): ("tc={8B8F6B31-0001-4A53-9C68-000000000001}", "[线程批注] 请看讨论"),
        ("支出总表", "B4"): ("xltool", "【xltool】缺少科目 2014001【完】"),
        ("三公经费", "A1"): ("xltool", "【xltool】三公合计应为 3【完】"),
        ("项目支出", "B2"): ("xltool", "【xltool】未填【完】"),
    }


def test_a_threaded_comment_gets_the_colour_only(original: Path, tmp_path: Path) -> None:
    assert annotate(original, MARKS, tmp_path / "预算.xlsm") == (6, [ON_THREAD])


def test_a_thread_is_known_without_its_stand_in(tmp_path: Path) -> None:
    content = handmade(
        links='<Relationship Id="t" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/>',
        more={"xl/threadedComments/threadedComment1.xml": '<x:T xmlns:x="threads"><x:threadedComment ref="B2"/></x:T>'},
    )
    path = write_zip(tmp_path / "预算.xlsx", content)
    assert annotate(path, [DISAGREEMENT], path) == (1, [DISAGREEMENT])


def test_colours_come_before_the_users_own(marked: Path) -> None:
    sheet = openpyxl.load_workbook(marked)["收支总表"]
    rules = [
        (str(block.sqref), rule.dxf.fill.bgColor.rgb)
        for block in sheet.conditional_formatting
        for rule in block.rules
        if rule.dxf
    ]
    assert rules == [("B2", "FFFF9C9B"), ("E9", "FFFFD965"), ("B2:C9", "FF00FF00")]
    priorities = [rule.priority for block in sheet.conditional_formatting for rule in block.rules]
    assert len(set(priorities)) == len(priorities)


def test_the_colour_of_a_mark_wins_in_excel_too(marked: Path) -> None:
    sheet = openpyxl.load_workbook(marked)["收支总表"]
    first = min(
        (rule for block in sheet.conditional_formatting for rule in block.rules), key=lambda rule: rule.priority
    )
    assert first.formula == ['LEN("xltool:error")>0']


def test_rules_of_a_pivot_table_keep_their_priorities(tmp_path: Path) -> None:
    rule = '<conditionalFormatting pivot="1" sqref="A1"><cfRule type="top10" priority="3"/></conditionalFormatting>'
    path = write_zip(tmp_path / "预算.xlsx", handmade(sheet="<sheetData/>" + rule))
    annotate(path, [DISAGREEMENT], path)
    sheet = dict(parts(path))["xl/worksheets/sheet1.xml"].decode()
    assert rule in sheet
    assert 'priority="4"><formula>LEN("xltool:error")' in sheet


def test_all_other_parts_keep_their_compressed_bytes(original: Path, marked: Path) -> None:
    before, after = compressed(original), compressed(marked)
    assert [name for name in before if after[name] != before[name]] == [
        "[Content_Types].xml",
        *(f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3, 4)),
        "xl/drawings/vmlDrawing1.vml",
        "xl/drawings/vmlDrawing2.vml",
        "xl/comments1.xml",
        "xl/comments2.xml",
        "xl/styles.xml",
        "xl/worksheets/_rels/sheet4.xml.rels",
        "xl/drawings/vmlDrawing9.vml",
        "xl/worksheets/_rels/sheet3.xml.rels",
    ]
    assert [name for name in after if name not in before] == [
        "xl/commentsXltool1.xml",
        "xl/commentsXltool2.xml",
        "xl/drawings/vmlDrawingXltool1.vml",
    ]


def test_the_order_of_elements_is_the_one_excel_demands(marked: Path) -> None:
    content = dict(parts(marked))
    for number, expected in {
        1: "sheetData mergeCells conditionalFormatting dataValidations pageMargins drawing legacyDrawing extLst",
        3: "sheetData conditionalFormatting pageMargins pageSetup legacyDrawing AlternateContent",
        4: "sheetData conditionalFormatting pageMargins headerFooter legacyDrawing legacyDrawingHF tableParts extLst",
    }.items():
        root = ElementTree.fromstring(content[f"xl/worksheets/sheet{number}.xml"])
        names = list(dict.fromkeys(child.tag.rpartition("}")[2] for child in root))
        assert names[names.index("sheetData") :] == expected.split()


def test_every_part_we_wrote_is_well_formed_and_declared(original: Path, marked: Path) -> None:
    before, content = dict(parts(original)), dict(parts(marked))
    types = content["[Content_Types].xml"].decode()
    for name in content.keys() - before.keys():
        assert f'PartName="/{name}"' in types
    for name, xml in content.items():
        if xml != before.get(name) and name != "xl/drawings/vmlDrawing9.vml":
            ElementTree.fromstring(xml)


def _shape_numbers(path: Path) -> list[str]:
    drawings = [xml.decode() for name, xml in parts(path) if name.endswith(".vml")]
    return [number for xml in drawings for number in re.findall(r'id="_x0000_s(\d+)"', xml)]


def test_no_shape_number_is_given_twice(original: Path, marked: Path) -> None:
    before = _shape_numbers(original)
    ours = [number for number in _shape_numbers(marked) if number not in before]
    assert len(ours) == len(set(ours)) == 4


def test_the_id_map_lists_the_blocks_of_our_shapes(marked: Path) -> None:
    content = dict(parts(marked))
    for name, xml in content.items():
        if listed := re.search(rb'idmap[^>]*data="([\d,]*)"', xml):
            used = {int(number) // 1024 for number in re.findall(rb'id="_x0000_s(\d+)"', xml)}
            assert used <= {int(block) for block in listed[1].split(b",")}, name


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_file_and_keeps_our_notes(marked: Path, office: Office) -> None:
    notes = _notes(office.saved(marked))
    assert "差 18.55" in notes["收支总表", "B2"][1]
    assert {cell for cell, (_, text) in notes.items() if "【xltool】" in text} == {
        ("收支总表", "B2"),
        ("收支总表", "E9"),
        ("支出总表", "B4"),
        ("三公经费", "A1"),
        ("项目支出", "B2"),
    }


def test_marking_in_place(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算 2024.xlsx", handmade())
    annotate(path, [DISAGREEMENT], path)
    assert list(_notes(path)) == [("收支总表", "B2")]
    assert clear(path, path) == 1
    assert _notes(path) == {}


def test_the_same_marks_give_the_same_file(original: Path, marked: Path, tmp_path: Path) -> None:
    annotate(original, MARKS, tmp_path / "又一次.xlsm")
    assert (tmp_path / "又一次.xlsm").read_bytes() == marked.read_bytes()


def test_what_was_saved_after_the_reading_is_kept(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade())
    read = opened(path)
    write_zip(path, handmade('<sheetData><row r="1"><c r="A1"><v>44</v></c></row></sheetData>'))
    annotate(read, [DISAGREEMENT], path)
    assert openpyxl.load_workbook(path)["收支总表"]["A1"].value == 44
    assert list(_notes(path)) == [("收支总表", "B2")]


def test_text_that_xml_does_not_know(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade())
    annotate(path, [Mark("收支总表", "$b$2", "error", 'a\x00b <c> & "d"\r\n\ue000\ud800')], path)
    assert _notes(path)["收支总表", "B2"][1] == '【xltool】ab <c> & "d"\n\ue000【完】'


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade())
    with pytest.raises(FileRefused, match="没有工作表“支出总表”"):
        annotate(path, [ON_THREAD], path)


def test_a_signed_workbook_is_never_edited(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade(more={"_xmlsignatures/sig1.xml": "<Signature/>"}))
    before = path.read_bytes()
    with pytest.raises(SignedWorkbook, match="数字签名"):
        annotate(path, [DISAGREEMENT], tmp_path / "另存.xlsx")
    with pytest.raises(SignedWorkbook, match="数字签名"):
        clear(path, path)
    assert path.read_bytes() == before


def test_a_file_that_may_not_be_written_is_refused_only_if_it_would_change(original: Path, tmp_path: Path) -> None:
    source = Path(shutil.copy(original, tmp_path / "只读.xlsm"))
    source.chmod(0o444)
    assert annotate(source, [], source) == (0, [])
    with pytest.raises(FileRefused, match="只读"):
        annotate(source, [DISAGREEMENT], source)


def test_a_part_that_is_no_sheet_is_refused_and_left_alone(tmp_path: Path) -> None:
    content = {**handmade(), "xl/worksheets/sheet1.xml": f'<formControlPr xmlns="{MAIN}"/>'}
    path = write_zip(tmp_path / "预算.xlsx", content)
    before = path.read_bytes()
    with pytest.raises(FileRefused, match="不是工作表"):
        annotate(path, [DISAGREEMENT], path)
    assert path.read_bytes() == before
