"""Clearing gives every part back byte for byte."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from python_calamine import CalamineWorkbook

from tests.excel.kitchen_sink import (
    CHECKBOX_CONTROL,
    CHECKBOX_VML,
    EXCEL_VML,
    MAIN,
    OFFICE,
    VML_NAMESPACES,
    compressed,
    handmade,
    kitchen_sink,
    parts,
    with_notes,
    write_zip,
)
from tests.excel.mark.handmade_forms import (
    ALTERNATIVE,
    HANDMADE,
    NOTE_TYPE,
    ONE_ROW,
    USER_RULE,
    comments_part,
    one_note,
)
from xltool.excel.mark.annotate import annotate, clear
from xltool.excel.mark.marks import Mark

# openpyxl warns of everything it does not keep
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

MARKS = [
    Mark("收支总表", "B2", "error", "支出总计 2,638.00 应等于 2,619.45，差 18.55"),
    Mark("收支总表", "B2", "warning", "可疑尾差 0.01"),
    Mark("收支总表", "C7", "warning", "本格未填\n<小计> & 合计"),
]


def _assert_clear_restores(original: Path, marks: list[Mark]) -> None:
    marked, again = original.with_name("marked.xlsx"), original.with_name("again.xlsx")
    cleared = original.with_name("cleared.xlsx")
    annotate(original, marks, marked)
    annotate(marked, marks, again)
    assert again.read_bytes() == marked.read_bytes()
    cells = {(mark.sheet, mark.cell) for mark in marks}
    assert clear(marked, cleared) == len(cells)
    assert parts(cleared) == parts(original)
    before, after, between = compressed(original), compressed(cleared), compressed(marked)
    same = [name for name, content in between.items() if content == before.get(name)]
    assert [name for name in same if after[name] != before[name]] == []


def notes(path: Path) -> dict[tuple[str, str], str]:
    """What each note of a workbook says, by sheet and cell."""
    workbook = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


@pytest.mark.parametrize("build", HANDMADE.values(), ids=HANDMADE.keys())
def test_every_handmade_form_is_restored(build: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    _assert_clear_restores(write_zip(tmp_path / "预算.xlsx", build()), MARKS)


READABLE = [
    "no styles part",
    "styles promised but not there",
    "notes of mixed prefixes",
    "note of plain text with a prefix of its own",
    "note in CDATA",
    "note of a cell with dollars",
    "WPS: notes without a shape type",
    "round boxes",
    "legacyDrawing in mc:AlternateContent",
    "formats in mc:AlternateContent",
]


@pytest.mark.parametrize("kind", READABLE)
def test_other_programs_read_the_users_note_and_ours(kind: str, tmp_path: Path) -> None:
    original = write_zip(tmp_path / "预算.xlsx", HANDMADE[kind]())
    before = notes(original)
    annotate(original, MARKS[1:], marked := tmp_path / "已标注.xlsx")
    after = notes(marked)
    for cell, text in (("B2", "【xltool】可疑尾差 0.01【完】"), ("C7", "【xltool】本格未填\n<小计> & 合计【完】")):
        own = before.get(("收支总表", cell))
        assert after["收支总表", cell] == (text if own is None else f"{own}\n\n{text}")
    (sheet,) = openpyxl.load_workbook(marked)
    rules = [rule for block in sheet.conditional_formatting for rule in block.rules]
    assert [rule.dxf.fill.bgColor.rgb for rule in rules] == ["FFFFD965"]
    values = [CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() for path in (original, marked)]
    assert values[0] == values[1]


def test_what_is_left_of_a_note_of_ours_on_a_deleted_cell_goes_too(tmp_path: Path) -> None:
    original = write_zip(tmp_path / "预算.xlsx", handmade(sheet=ONE_ROW))
    annotate(original, MARKS, marked := tmp_path / "已标注.xlsx")
    content = dict(parts(marked))
    notes = "xl/commentsXltool1.xml"
    content[notes] = content[notes].replace(b'ref="B2"', b'ref="#REF!"')
    clear(write_zip(marked, content), marked)
    assert parts(marked) == parts(original)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_restored_twice(tmp_path: Path) -> None:
    original = write_zip(tmp_path / "预算.xlsx", handmade(sheet=ONE_ROW))
    with zipfile.ZipFile(original, "a", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/worksheets/sheet1.xml"):
            archive.writestr(name, archive.read(name))
    _assert_clear_restores(original, MARKS)


def test_the_kitchen_sink_is_restored(tmp_path: Path) -> None:
    original = kitchen_sink(tmp_path / "预算.xlsm")
    names = ["收支总表", "支出总表", "三公经费", "项目支出"]
    _assert_clear_restores(original, [Mark(name, cell, "error", "应为 5") for name in names for cell in ("A1", "B3")])


def test_a_note_in_every_row_of_two_blocks_of_shape_numbers(tmp_path: Path) -> None:
    original = write_zip(tmp_path / "预算.xlsx", with_notes(one_note("<text><t>已核</t></text>")))
    _assert_clear_restores(original, [Mark("收支总表", f"D{row}", "warning", "未填") for row in range(1, 2200)])
    vml = dict(parts(tmp_path / "marked.xlsx"))["xl/drawings/vmlDrawing1.vml"].decode()
    assert 'data="1,2,3,4"' in vml


def test_other_marks_replace_the_earlier_ones(tmp_path: Path) -> None:
    original = write_zip(tmp_path / "预算.xlsx", with_notes(one_note("<text><t>已核</t></text>")))
    once, twice, fresh = tmp_path / "once.xlsx", tmp_path / "twice.xlsx", tmp_path / "fresh.xlsx"
    annotate(original, MARKS, once)
    annotate(once, MARKS[2:], twice)
    annotate(original, MARKS[2:], fresh)
    assert parts(twice) == parts(fresh)
    annotate(twice, [], twice)
    assert parts(twice) == parts(original)


def test_a_file_without_marks_is_not_rewritten(tmp_path: Path) -> None:
    original = kitchen_sink(tmp_path / "预算.xlsm")
    copy = tmp_path / "副本.xlsm"
    assert clear(original, copy) == 0
    assert copy.read_bytes() == original.read_bytes()


@st.composite
def _workbooks(draw: st.DrawFn) -> Callable[[Path], None]:
    sheets = draw(st.lists(st.text("收支总表项目&<'x ", min_size=1, max_size=6).map(str.strip), max_size=3))
    names = list(dict.fromkeys(name for name in sheets if name.strip("' "))) or ["收支总表"]
    noted = draw(st.sets(st.sampled_from(["B2", "C3", "XFD1048576"])))
    coloured, hidden, filled = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())

    def by_xlsxwriter(path: Path) -> None:
        with xlsxwriter.Workbook(path) as workbook:
            for name in names:
                sheet = workbook.add_worksheet("表" + name.replace("'", "’"))
                if filled:
                    sheet.write_row("B2", ["合计", 18.55])
                if hidden:
                    sheet.set_column("C:XFD", None, None, {"hidden": True})
                    sheet.set_row(2, None, None, {"hidden": True})
                if coloured:
                    sheet.conditional_format("B2:C9", {"type": "blanks", "format": workbook.add_format({"bold": True})})
                for cell in sorted(noted):
                    sheet.write_comment(cell, "核对<过>", {"author": "张三"})

    def by_openpyxl(path: Path) -> None:
        workbook = openpyxl.Workbook()
        for name in names:
            sheet = workbook.create_sheet("表" + name.replace("'", "’"))
            if filled:
                sheet["B2"] = "合计"
            if coloured:
                fill = PatternFill("solid", bgColor="FF00FF00")
                sheet.conditional_formatting.add("B2:C9", CellIsRule("lessThan", ["0"], fill=fill))
            for cell in noted:
                sheet[cell].comment = Comment("核对<过>", "张三")
        workbook.save(path)

    return draw(st.sampled_from([by_xlsxwriter, by_openpyxl]))


_MARKS = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(["A1", "B2", "C3", "D40", "AA7", "XFD1048576"]),
        st.sampled_from(["error", "warning"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
        | st.sampled_from(["【xltool】【完】", "差 0.01\n\n应为 5"]),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None)
@given(_workbooks(), _MARKS)
def test_clear_undoes_annotate(build: Callable[[Path], None], drawn: list[tuple[int, str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        original = Path(folder) / "预算.xlsx"
        build(original)
        sheets = openpyxl.load_workbook(original).sheetnames
        marks = [Mark(sheets[number % len(sheets)], cell, severity, text) for number, cell, severity, text in drawn]
        _assert_clear_restores(original, marks)


_SHEETS = st.tuples(
    st.sampled_from(["", "<sheetPr/>", "<!-- </sheetData> -->\n", '<cols><col min="2" max="9" width="3"/></cols>']),
    st.sampled_from(["<sheetData/>", "<sheetData></sheetData>", ONE_ROW, ONE_ROW.replace("<", "\n<")]),
    st.sampled_from(["", "<mergeCells/>", "<sheetCalcPr/>\n<phoneticPr/>"]),
    st.sampled_from(
        [
            "",
            USER_RULE,
            USER_RULE * 2,
            USER_RULE.replace('"1"', '"7"').replace("<conditionalFormatting", "<conditionalFormatting pivot='1'"),
        ]
    ),
    st.sampled_from(["", "<dataValidations/>", "<pageMargins a='>'/>", "<drawing/>"]),
    st.sampled_from(["", '<legacyDrawing r:id="rIdV"/>']),
    st.sampled_from(["", '<legacyDrawingHF r:id="rIdH"/>', CHECKBOX_CONTROL, "<tableParts/>"]),
    st.sampled_from(["", "<extLst/>", "<extLst><ext><x14:cfRule type='a' priority='1'/><extLst/></ext></extLst>\n"]),
).map("".join)
_STYLES = st.tuples(
    st.sampled_from(["", "<cellStyles/>"]),
    st.sampled_from(
        [
            "",
            "<dxfs/>",
            '<dxfs count="0"/>',
            "<dxfs></dxfs>",
            "<dxfs count='1'><dxf><font/></dxf></dxfs>",
            "<dxfs> <dxf/></dxfs>",
            "<dxfs ></dxfs  >",
            f"<dxfs count='2'>{ALTERNATIVE}<dxf/></dxfs>",
        ]
    ),
    st.sampled_from(["", "<tableStyles/>", "<extLst><ext><x14:dxfs><x14:dxf/></x14:dxfs></ext></extLst>"]),
).map("".join)
_NOTE_TEXTS = st.sampled_from(
    [
        "",
        "<text/>",
        "<text></text >",
        "<text><t>a</t></text>",
        "<text ><r ><t>a</t></r ><r><t/></r></text>",
        f"<text><d:r xmlns:d='{MAIN}'><rPr/><t><![CDATA[a]]></t></d:r></text>",
        f"<d:text xmlns:d='{MAIN}'><d:t xml:space='preserve'> a</d:t><d:rPh><d:t>b</d:t></d:rPh></d:text>",
    ]
)
_COMMENTS = st.builds(
    lambda authors, texts: comments_part(
        f"<authors>{authors}</authors><commentList>"
        + "".join(f'<comment ref="{cell}" authorId="0">{text}</comment>' for cell, text in texts.items())
        + "</commentList>"
    ),
    st.sampled_from(["<author/>", "<author>张三</author><author>李四</author>"]),
    st.dictionaries(st.sampled_from(["B2", "$C$3", "d40", "#REF!", "A:A"]), _NOTE_TEXTS),
)


@settings(max_examples=80, deadline=None)
@given(
    _SHEETS,
    _STYLES,
    st.none() | _COMMENTS,
    st.sampled_from([EXCEL_VML, CHECKBOX_VML, f"<xml {VML_NAMESPACES}/>", f"<xml {VML_NAMESPACES}>{NOTE_TYPE}</xml >"]),
    _MARKS,
)
def test_clear_undoes_annotate_in_any_combination_of_forms(
    sheet: str, styles: str, comments: str | None, vml: str, drawn: list[tuple[int, str, str, str]]
) -> None:
    links = f'<Relationship Id="rIdV" Type="{OFFICE}/vmlDrawing" Target="../drawings/v.vml"/>'
    more = {"xl/drawings/v.vml": vml}
    if comments is not None:
        links += f'<Relationship Id="rIdC" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
        more["xl/comments1.xml"] = comments
    with TemporaryDirectory() as folder:
        original = write_zip(Path(folder) / "预算.xlsx", handmade(sheet=sheet, styles=styles, links=links, more=more))
        _assert_clear_restores(original, [Mark("收支总表", cell, severity, text) for _, cell, severity, text in drawn])
