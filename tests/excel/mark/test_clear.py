"""Clearing gives every part back byte for byte; out of a file that another program saved it takes all that is ours."""

import os
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
    SPREADSHEET,
    STRICT_MAIN,
    STRICT_OFFICE,
    VML_NAMESPACES,
    compressed,
    handmade,
    kitchen_sink,
    parts,
    with_notes,
    write_zip,
)
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office
from xltool.excel.mark.annotate import Mark, annotate, clear

# openpyxl warns of everything it does not keep
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

MARKS = [
    Mark("收支总表", "B2", "error", "支出总计 2,638.00 应等于 2,619.45，差 18.55"),
    Mark("收支总表", "B2", "warning", "可疑尾差 0.01"),
    Mark("收支总表", "C7", "warning", "本格未填\n<小计> & 合计"),
]

_CF = '<conditionalFormatting sqref="B2:B9"><cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan"><formula>0'
USER_RULE = _CF + "</formula><extLst><ext uri='{B}'><id/></ext></extLst></cfRule></conditionalFormatting>"
ONE_ROW = '<sheetData><row r="2"><c r="B2"><v>1</v></c></row></sheetData>'


def _comments(inside: str, prefix: str = "") -> str:
    return f'<{prefix}comments xmlns{":" + prefix[:-1] if prefix else ""}="{MAIN}">{inside}</{prefix}comments>'


def _one_note(text: str) -> str:
    return _comments(
        "<authors><author>张三</author></authors>"
        f'<commentList><comment ref="B2" authorId="0">{text}</comment></commentList>'
    )


def _prefixed() -> dict[str, str]:
    content = with_notes(
        _comments(
            '<x:authors><x:author>张三</x:author></x:authors><x:commentList><x:comment ref="B2" authorId="0">'
            "<x:text><x:t>已核</x:t></x:text></x:comment></x:commentList>",
            "x:",
        )
    )
    content["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:sheetData/><x:mergeCells><x:mergeCell ref="A1:B1"/>'
        '</x:mergeCells><x:pageMargins left="1"/><x:legacyDrawing r:id="rId1"/></x:worksheet>'
    )
    content["xl/styles.xml"] = f'<x:styleSheet xmlns:x="{MAIN}"><x:cellXfs/><x:dxfs count="0"/></x:styleSheet>'
    for part in ("[Content_Types].xml", "xl/worksheets/_rels/sheet1.xml.rels", "_rels/.rels"):
        xml = content[part].replace("</", "</ns0:").replace("<", "<ns0:").replace("<ns0:/ns0:", "</ns0:")
        content[part] = xml.replace("xmlns=", "xmlns:ns0=")
    return content


def _oddly_named() -> dict[str, str]:
    content = handmade(sheet=ONE_ROW, links="")
    content["XL\\Worksheets\\Sheet1.XML"] = content.pop("xl/worksheets/sheet1.xml")
    links = content["xl/_rels/workbook.xml.rels"]
    content["xl/_rels/workbook.xml.rels"] = links.replace('"worksheets/sheet1.xml"', '"/xl\\worksheets\\sheet1.xml"')
    return content


def _without_styles(promised: str = "") -> dict[str, str]:
    """A workbook whose relationships name a styles part that is not there, or none."""
    content = handmade(sheet=ONE_ROW)
    del content["xl/styles.xml"]
    links, link = content["xl/_rels/workbook.xml.rels"], '<Relationship Id="rId2"'
    without = links[: links.index(link)] + "</Relationships>"
    content["xl/_rels/workbook.xml.rels"] = links.replace("styles.xml", promised) if promised else without
    return content


def _renamed_styles() -> dict[str, str]:
    content = handmade(sheet=ONE_ROW)
    for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        content[part] = content[part].replace("styles.xml", "looks.xml")
    content["xl/looks.xml"] = content.pop("xl/styles.xml")
    return content


def _wrapped_drawing(strict: bool) -> dict[str, str]:
    """As Excel saves a Strict workbook with notes."""
    office = STRICT_OFFICE if strict else OFFICE
    content = with_notes(_one_note("<text><t>已核</t></text>"))
    plain = handmade(strict=strict)
    wrapped = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
        'xmlns:v="urn:schemas-microsoft-com:vml" Requires="v"><legacyDrawing r:id="rId1"/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    return {
        **content,
        **plain,
        "[Content_Types].xml": content["[Content_Types].xml"],
        rels: content[rels].replace(OFFICE, office),
        "xl/comments1.xml": content["xl/comments1.xml"].replace(MAIN, STRICT_MAIN if strict else MAIN),
        "xl/worksheets/sheet1.xml": plain["xl/worksheets/sheet1.xml"].replace("<sheetData/>", ONE_ROW + wrapped),
    }


ALTERNATIVE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
    'xmlns:hs="urn:hs" Requires="hs"><dxf/></mc:Choice><mc:Fallback><dxf/></mc:Fallback></mc:AlternateContent>'
)
NOTE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


HANDMADE: dict[str, Callable[[], dict[str, str]]] = {
    "dxfs closed in itself": lambda: handmade(styles='<cellStyles/><dxfs count="0"/><tableStyles/>'),
    "dxfs closed after a blank": lambda: handmade(styles='<dxfs count="0" />'),
    "dxfs empty but open": lambda: handmade(styles='<dxfs count="0"></dxfs>'),
    "dxfs with one format and nine counted": lambda: handmade(styles="<dxfs count='9'><dxf><font/></dxf>\n</dxfs>"),
    "dxfs without a count": lambda: handmade(styles="<dxfs><dxf/></dxfs>"),
    "no dxfs before extLst": lambda: handmade(styles="<cellStyles/><colors/><extLst><ext/></extLst>"),
    "no dxfs and nothing behind": lambda: handmade(styles=""),
    "no styles part": _without_styles,
    "sheetData closed in itself": lambda: handmade(sheet="<sheetData />\n"),
    "no sheetData": lambda: handmade(sheet=""),
    "sheet with a comment and everything around": lambda: handmade(
        sheet='<!-- <sheetData> --><sheetPr/><cols><col min="1" max="16384" hidden="1"/></cols>'
        f'{ONE_ROW}<mergeCells/>{USER_RULE}<dataValidations/><drawing r:id="a"/><tableParts/><extLst><ext/></extLst>'
    ),
    "no relationships of the sheet": lambda: handmade(sheet=ONE_ROW),
    "empty relationships of the sheet": lambda: handmade(sheet=ONE_ROW, links=""),
    "Strict namespaces": lambda: handmade(sheet=ONE_ROW, strict=True),
    "prefixes everywhere": _prefixed,
    "odd case, backslashes, absolute targets": _oddly_named,
    "controls in mc:AlternateContent, VML without comments": lambda: handmade(
        sheet=f'{ONE_ROW}<legacyDrawing r:id="rIdV"/>{CHECKBOX_CONTROL}',
        links=f'<Relationship Id="rIdV" Type="{OFFICE}/vmlDrawing" Target="../drawings/v.vml"/>',
        more={"xl/drawings/v.vml": CHECKBOX_VML},
    ),
    "controls without legacyDrawing": lambda: handmade(sheet=ONE_ROW + CHECKBOX_CONTROL),
    "comments without legacyDrawing": lambda: handmade(
        sheet=ONE_ROW,
        links=f'<Relationship Id="c" Type="{OFFICE}/comments" Target="/xl/comments1.xml"/>',
        more={"xl/comments1.xml": _one_note("<text><t>已核</t></text>")},
        overrides=f'<Override PartName="/xl/comments1.xml" ContentType="{SPREADSHEET}.comments+xml"/>',
    ),
    "note of plain text": lambda: with_notes(_one_note("<text><t>已核</t></text>")),
    "note of runs with phonetics": lambda: with_notes(
        _one_note("<text><r><rPr><b/></rPr><t>已</t></r><r><t>核</t></r><phoneticPr fontId='1'/></text>")
    ),
    "note without text": lambda: with_notes(_one_note("<text />")),
    "note of an empty text": lambda: with_notes(_one_note("<text><t/></text>")),
    "note of an open empty text": lambda: with_notes(_one_note("<text></text>")),
    "comments part with nothing in it": lambda: with_notes(_comments("<authors/><commentList />")),
    "id map of several blocks": lambda: with_notes(
        _one_note("<text><t>已核</t></text>"), EXCEL_VML.replace('data="1"', 'data="1, 3,4"')
    ),
    "no id map": lambda: with_notes(
        _one_note("<text><t>已核</t></text>"), f"<xml {VML_NAMESPACES}><v:shape id='_x0000_s1025'/></xml>"
    ),
    "notes of mixed prefixes": lambda: with_notes(
        _one_note(f"<text><d:r xmlns:d='{MAIN}'><rPr><sz val='9'/></rPr><t>已核</t></d:r></text>")
    ),
    "note of plain text with a prefix of its own": lambda: with_notes(
        _one_note(f"<text><d:t xmlns:d='{MAIN}'>已核</d:t></text>")
    ),
    "note in CDATA": lambda: with_notes(_one_note("<text><r ><t><![CDATA[已核 <b>]]></t></r ></text>")),
    "comment without any text": lambda: with_notes(_one_note("")),
    "notes of no cell": lambda: with_notes(_one_note("<text/>").replace('"B2"', '"#REF!"')),
    "note of a cell with dollars": lambda: with_notes(_one_note("<text><t>已核</t></text>").replace("B2", "$B$2")),
    "blanks in end tags": lambda: handmade(styles="<dxfs></dxfs >", sheet="<sheetData></sheetData  >"),
    "more blanks in end tags": lambda: handmade(styles="<dxfs></dxfs    >"),
    "WPS: notes without a shape type": lambda: with_notes(
        _one_note("<text><t>已核</t></text>"), EXCEL_VML.replace("shapetype", "shapetypo")
    ),
    "the shape type of a library that writes as we do": lambda: with_notes(
        _one_note("<text><t>已核</t></text>"), f"<xml {VML_NAMESPACES}>{NOTE_TYPE}</xml>"
    ),
    "round boxes": lambda: with_notes(
        _one_note("<text><t>已核</t></text>"),
        EXCEL_VML.replace("<v:shape ", "<v:roundrect ").replace("v:shape>", "v:roundrect>"),
    ),
    "Strict: legacyDrawing in mc:AlternateContent": lambda: _wrapped_drawing(strict=True),
    "legacyDrawing in mc:AlternateContent": lambda: _wrapped_drawing(strict=False),
    "styles promised but not there": lambda: _without_styles(promised="styles.xml"),
    "styles promised under another name": lambda: _without_styles(promised="other/styles2.xml"),
    "styles under another name": _renamed_styles,
    "formats in mc:AlternateContent": lambda: handmade(styles=f'<dxfs count="3"><dxf/>{ALTERNATIVE * 2}</dxfs>'),
    "lists of formats in mc:AlternateContent": lambda: handmade(
        styles=f"{ALTERNATIVE.replace('<dxf/>', '<dxfs><dxf/></dxfs>')}<tableStyles/>"
    ),
    "notes and drawings promised but not there": lambda: handmade(
        sheet=ONE_ROW,
        links=f'<Relationship Id="c" Type="{OFFICE}/comments" Target="/xl/comments1.xml"/>'
        f'<Relationship Id="v" Type="{OFFICE}/vmlDrawing" Target="/xl/drawings/v.vml"/>',
    ),
    "VML closed in itself": lambda: with_notes(_one_note("<text><t>已核</t></text>"), f"<xml {VML_NAMESPACES} />"),
}


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
    before = _notes(original)
    annotate(original, MARKS[1:], marked := tmp_path / "已标注.xlsx")
    after = _notes(marked)
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
    original = write_zip(tmp_path / "预算.xlsx", with_notes(_one_note("<text><t>已核</t></text>")))
    _assert_clear_restores(original, [Mark("收支总表", f"D{row}", "warning", "未填") for row in range(1, 2200)])
    vml = dict(parts(tmp_path / "marked.xlsx"))["xl/drawings/vmlDrawing1.vml"].decode()
    assert 'data="1,2,3,4"' in vml


def test_other_marks_replace_the_earlier_ones(tmp_path: Path) -> None:
    original = write_zip(tmp_path / "预算.xlsx", with_notes(_one_note("<text><t>已核</t></text>")))
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
    lambda authors, texts: _comments(
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


def _notes(path: Path) -> dict[tuple[str, str], str]:
    workbook = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


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
    assert "差 18.55" in _notes(saved)["收支总表", "B2"]
    cleared = tmp_path / "cleared.xlsx"
    assert clear(saved, cleared) == 2
    assert _notes(cleared) == {("收支总表", "B2"): "已与银行对账"}
    rules = openpyxl.load_workbook(cleared)["收支总表"].conditional_formatting
    assert [str(block.sqref) for block in rules] == ["B1:B2"]
    assert [name for name, content in parts(cleared) if b"xltool" in content] == []
    annotate(saved, MARKS, marked)
    assert clear(marked, marked) == 2
    assert parts(marked) == parts(cleared)


def test_marks_that_excel_wrote_in_its_own_way_are_known(tmp_path: Path) -> None:
    """Excel puts rules of the same cells into one element, numbers them anew and renames parts and shapes."""
    content = with_notes(
        _comments(
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
    assert _notes(path) == {("收支总表", "B2"): "已核"}
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
    assert _notes(path)["收支总表", "B2"].startswith("\n已改，见凭证 12 号\n\n【xltool】支出总计")
    assert clear(path, path) == 2
    assert _notes(path) == {("收支总表", "B2"): "\n已改，见凭证 12 号"}


def test_what_the_user_typed_below_our_part_of_a_note_stays(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", with_notes(_one_note("<text><t>已核\n</t></text>")))
    annotate(path, MARKS, path)
    _typed_behind_our_text(path, "xl/comments1.xml")
    assert clear(path, path) == 2
    assert _notes(path) == {("收支总表", "B2"): "已核\n\n已改，见凭证 12 号"}


def test_a_file_with_nothing_to_clear_is_left_alone(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", handmade())
    os.utime(path, (1, 1))
    assert clear(path, path) == 0
    assert path.stat().st_mtime == 1
