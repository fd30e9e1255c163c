"""A sheet is read in each of the ways that programs write it, and no more of it than a table can need."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xltool
from tests.budgets import QINGLONG, amounts, filled
from tests.excel.kitchen_sink import MAIN, STRICT_MAIN
from xltool.errors import FileRefused
from xltool.excel.read.sheets.dates import number_formats, shows_dates
from xltool.excel.read.sheets.plain import plain
from xltool.excel.read.sheets.sheet_xml import Allowance, Shared, read_sheet
from xltool.excel.read.sheets.texts import shared_texts
from xltool.source.cells import Raw
from xltool.source.sheet import Hidden, Sheet

TEXTS = {"0": "合计", "1": "2014001"}
CELLS = (
    '<row r="7"><c r="B7" t="s"><v>0</v></c><c r="D7"><f>E7+F7</f><v>3.5</v></c></row>'
    '<row r="8"><c r="B8" t="str"><f>"类"&amp;B9</f><v>类&amp;款</v></c><c r="D8"><v>-1.25E2</v></c></row>'
)
READ = {(7, 2): "合计", (7, 4): 3.5, (8, 2): "类&款", (8, 4): -125.0}
FORMULAS = {"D7": "E7+F7", "B8": '"类"&B9'}


def sheet(cells: str, behind: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{behind}</worksheet>'.encode()


def read(xml: bytes, allowance: Allowance | None = None) -> Sheet:
    return read_sheet("表", xml, Shared(TEXTS, {"5"}, False), allowance or Allowance())


def values(found: Sheet) -> dict[tuple[int, int], Raw]:
    return {(r, c): raw for r, row in enumerate(found.cells, 1) for c, raw in enumerate(row, 1) if raw != ""}


def _with_prefix(xml: str) -> str:
    return re.sub(r"<(/?)(?=\w)", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


WRITTEN: dict[str, Callable[[str], str]] = {
    "by Excel": lambda xml: xml,
    "Strict": lambda xml: xml.replace(MAIN, STRICT_MAIN),
    "without namespace": lambda xml: xml.replace(f' xmlns="{MAIN}"', ""),
    "with a declaration": lambda xml: '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n' + xml,
    "with a prefix": _with_prefix,
    "in single quotes": lambda xml: xml.replace('"7"', "'7'").replace('"D7"', "'D7'").replace('"str"', "'str'"),
    "in CDATA": lambda xml: xml.replace("E7+F7", "<![CDATA[E7+F7]]>").replace("类&amp;款", "<![CDATA[类&款]]>"),
    "with comments": lambda xml: xml.replace("<v>", '<!-- <c r="A1"><v>9</v></c> --><v>').replace("E7+", "E7<!-- -->+"),
    "with blanks": lambda xml: re.sub(r"(?<=>)(?=<)", "\n  ", xml).replace("3.5", "\n3.5\n").replace("<v>0", "<v> 0"),
    "with blanks in tags": lambda xml: xml.replace('r="D7"', 'r = "D7" '),
    "in another order": lambda xml: xml.replace('r="B7" t="s"', 't="s" r="B7"').replace('t="str"', 'ph="1" t="str"'),
    "in small letters": lambda xml: xml.replace('"D7"', '"d7"').replace('"B8"', '"b8"'),
    "with rows in another order": lambda xml: re.sub(r"(<row r=.7.*?</row>)(<row r=.8.*?</row>)", r"\2\1", xml),
    "without rows' numbers": lambda xml: re.sub(r'<row r="\d"', "<row", xml),
    "without addresses": lambda xml: re.sub(r'(<[cr]\w*) r="\w+"', r"\1", xml).replace(
        "<sheetData>", "<sheetData>" + "<row/>" * 6
    ).replace("<c", "<c/><c"),
    "with numbers said to be numbers": lambda xml: xml.replace('r="D8"', 'r="D8" t="n"'),
}  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_sheet_is_the_same_however_it_is_written(written: Callable[[str], str]) -> None:
    found = read(written(sheet(CELLS).decode()).encode())
    assert values(found) == READ
    assert found.formulas.texts == FORMULAS


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>.5</v></c>', 0.5),
        ('<c r="A1"><v>+5.</v></c>', 5.0),
        ('<c r="A1"><v>1e999</v></c>', "1e999"),
        ('<c r="A1"><v>-1E400</v></c>', "-1E400"),
        ('<c r="A1"><v>nan</v></c>', "nan"),
        ('<c r="A1"><v>inf</v></c>', "inf"),
        ('<c r="A1"><v>1_000</v></c>', "1_000"),
        ('<c r="A1"><v>٣٤</v></c>', "٣٤"),
        (f'<c r="A1"><v>{"9" * 9000}</v></c>', "9" * 9000),
        (f'<c r="A1"><v>0.{"1" * 9000}</v></c>', 1 / 9),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="s"><v>01</v></c>', "2014001"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 合计 </t></is></c>', " 合计 "),
        ('<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>合</t></r><r><t>计</t></r></is></c>', "合计"),
        ('<c r="A1" t="str"><v>一_x000A_二_x001B_三_x005F_x0041_</v></c>', "一\n二三_x0041_"),
        ('<c r="A1" t="str"><v>_xD83D_</v></c>', "\ufffd"),
        ('<c r="A1" s="5"><v>45293</v></c>', date(2024, 1, 2)),
        ('<c r="A1" s="5"><v>45293.5</v></c>', datetime(2024, 1, 2, 12)),
        ('<c r="A1" s="5"><v>0.25</v></c>', time(6)),
        ('<c r="A1" s="5"><v>-3</v></c>', -3.0),
        ('<c r="A1" s="5"><v>1e20</v></c>', 1e20),
        ('<c r="A1" t="d"><v>2024-01-02</v></c>', date(2024, 1, 2)),
        ('<c r="A1" t="d"><v>明天</v></c>', "明天"),
    ],
)
def test_a_value_is_read(cell: str, value: Raw) -> None:
    assert values(read(sheet(f"<row>{cell}</row>"))) == {(1, 1): value}


@pytest.mark.parametrize("cell", ['<c r="A1"/>', '<c r="A1" s="1" />', '<c r="A1"><v/></c>', '<c r="A1"><f/><v /></c>'])
def test_a_blank_cell_is_no_value(cell: str) -> None:
    assert read(sheet(f"<row>{cell}</row>")).height == 0


@pytest.mark.parametrize(
    ("cells", "formulas"),
    [
        ('<c r="D7"><f>A1&amp;"x"</f><v/></c>', {"D7": 'A1&"x"'}),
        ('<c r="D7"><f ca="1">NOW()</f><v>1</v></c>', {"D7": "NOW()"}),
        ('<c r="D7"><f t="array" ref="D7:D8">SUM(A1:A2*B1:B2)</f><v>1</v></c>', {"D7": "SUM(A1:A2*B1:B2)"}),
        (
            '<c r="D7"><f t="shared" ref="D7:D8" si="0">E7+$F$1</f><v>2</v></c>'
            '<c r="D8"><f t="shared" si="0"/><v>3</v></c>',
            {"D7": "E7+$F$1", "D8": "E8+$F$1"},
        ),
        (
            '<c r="D7"><f t="shared" ref="D1:D7" si="0">E2+F7</f><v>2</v></c>'
            '<c r="D5"><f t="shared" si="0"/><v>3</v></c>',
            {"D7": "E2+F7", "D5": ""},
        ),
        ('<c r="D7"><f t="shared" si="4"/><v>3</v></c>', {"D7": ""}),
        ('<c r="D7"><v>2</v></c>', {}),
    ],
    ids=[
        "with entities",
        "with a flag",
        "array",
        "shared over cells",
        "shared off the sheet",
        "shared with none",
        "no",
    ],
)
def test_formulas_are_read(cells: str, formulas: dict[str, str]) -> None:
    assert read(sheet(f"<row>{cells}</row>")).formulas.texts == formulas


def test_an_error_value_and_a_missing_result_are_noted() -> None:
    found = read(sheet('<row><c r="D7" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D8"><f>E8</f></c></row>'))
    assert found.formulas.errors == {"D7": "#DIV/0!"}
    assert found.formulas.without_value == {"D8"}
    assert values(found) == {}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A0"><v>1</v></c>',
        '<c r="XFE1"><v>1</v></c>',
        '<c r="A1048577"><v>1</v></c>',
        '<c r="1A"><v>1</v></c>',
        '<c r="ABCD1"><v>1</v></c>',
    ],
)
def test_what_cannot_be_a_cell_is_refused(cell: str) -> None:
    with pytest.raises(FileRefused, match="工作表“表”里有看不懂的单元格：请在 Excel"):
        read(sheet(f"<row>{cell}</row>"))


def test_a_text_that_is_not_there_is_told() -> None:
    with pytest.raises(FileRefused, match="单元格 C5 的文字找不到"):
        read(sheet('<row><c r="C5" t="s"><v>9</v></c></row>'))


@pytest.mark.parametrize(("address", "row", "column"), [("XFD20000", 20000, 16384), ("FOO100000", 100000, 4461)])
def test_a_cell_far_from_all_others_is_left_out_and_told(address: str, row: int, column: int) -> None:
    found = read(sheet(f'{CELLS}<row r="{row}"><c r="{address}"><v>1</v></c></row>'))
    assert values(found) == READ
    assert [(cell.a1, cell.row, cell.column) for cell in found.stray] == [(address, row, column)]


def test_a_remark_below_a_table_is_not_astray() -> None:
    found = read(sheet(f'{CELLS}<row r="900"><c r="A900"><v>1</v></c></row>'))
    assert (found.height, found.stray) == (900, ())


def test_a_sheet_may_have_five_million_cells_and_no_more() -> None:
    diagonal = "".join(f'<c r="A{500 * i}"><v>1</v></c>' for i in range(1, 400))
    across = "".join(f'<c r="{letters}1"><v>1</v></c>' for letters in ("A", "Y"))
    assert read(sheet(f"<row>{diagonal}{across}</row>")).width == 25
    with pytest.raises(FileRefused, match="工作表“表”的数据一直到 Z 栏第 199500 行：请删除数据区以外的内容"):
        read(sheet(f'<row>{diagonal}<c r="Z1"><v>1</v></c></row>'))


def test_a_sheet_may_have_two_hundred_thousand_rows_and_no_more() -> None:
    rows = "".join(f'<c r="A{900 * i}"><v>1</v></c>' for i in range(1, 223))
    assert read(sheet(f'<row>{rows}<c r="A200000"><v>1</v></c></row>')).height == 200_000
    with pytest.raises(FileRefused, match="工作表“表”的数据一直到 A 栏第 200001 行：请删除数据区以外的内容"):
        read(sheet(f'<row>{rows}<c r="A200001"><v>1</v></c></row>'))


def merged(*ranges: str) -> Sheet:
    tags = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    return read(sheet(CELLS, f'<mergeCells count="{len(ranges)}">{tags}</mergeCells>'))


def test_merged_cells_lead_to_the_first_of_them() -> None:
    assert merged("B7:C8").merged == {(7, 2): (7, 2), (7, 3): (7, 2), (8, 2): (7, 2), (8, 3): (7, 2)}
    assert merged("C8:B7").merged == merged("B7:C8").merged
    assert merged("B7").merged == {}


def test_a_whole_row_is_merged_as_far_as_there_are_values() -> None:
    assert set(merged("A8:XFD8").merged) == {(8, column) for column in range(1, 5)}
    assert set(merged("B1:B1048576").merged) == {(row, 2) for row in range(1, 9)}


def test_a_whole_sheet_is_not_merged() -> None:
    assert merged("A1:XFD1048576", "B7:C7").merged == merged("B7:C7").merged


def test_too_many_merged_cells() -> None:
    with pytest.raises(FileRefused, match="工作表“表”合并的单元格过多：请取消"):
        merged(*["A1:J1000"] * 51)


def test_formulas_spelt_out_for_a_group_are_bounded() -> None:
    """As long a formula as Excel allows, shared by cells that take thirty bytes each in the file."""
    first = f'<c r="A1"><f t="shared" si="0" ref="A1:A2500">{"B1+" * 2000}B1</f></c>'
    rest = "".join(f'<c r="A{row}"><f t="shared" si="0"/></c>' for row in range(2, 2500))
    texts = read(sheet(f"<row>{first}{rest}</row>")).formulas.texts
    assert len(texts) == 2499
    assert sum(map(len, texts.values())) < 9 << 20


@settings(max_examples=8, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 40), st.integers(1, 30)),
        st.one_of(
            st.floats(-1e12, 1e12).map(lambda number: round(number, 2)),
            st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=8),
            st.booleans(),
            st.dates(date(1950, 1, 1), date(2100, 1, 1)),
        ),
        max_size=12,
    )
)
def test_what_another_program_wrote_is_read_back(cells: dict[tuple[int, int], Raw]) -> None:
    workbook = openpyxl.Workbook()
    page = workbook.worksheets[0]
    for (row, column), raw in cells.items():
        page.cell(row, column, raw)
        if isinstance(raw, str):
            page.cell(row, column).data_type = "s"
    stream = io.BytesIO()
    workbook.save(stream)
    with zipfile.ZipFile(stream) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
        texts = archive.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in archive.namelist() else b"<sst/>"
        formats = number_formats(ElementTree.fromstring(archive.read("xl/styles.xml")))
    shared = Shared(shared_texts(texts), {str(n) for n, one in enumerate(formats) if shows_dates(one)}, False)
    assert values(read_sheet("表", xml, shared, Allowance())) == cells
    assert values(read_sheet("表", plain(xml), shared, Allowance())) == cells


def test_twice_the_cells_take_about_twice_the_time() -> None:
    def seconds(count: int) -> float:
        rows = "".join(f'<row><c><f>A1+{n}</f></c><c t="x"><v>{n}</v></c></row>' for n in range(count))
        xml = sheet(rows, "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, count)))
        start = process_time()
        read(xml)
        return process_time() - start

    seconds(100)
    assert seconds(16_000) < 6 * seconds(8_000)


def test_totals_that_excel_stored_as_shared_formulas_are_live(tmp_path: Path) -> None:
    """As Excel saves a column of totals after it was filled down."""
    path = filled(QINGLONG, tmp_path)
    before = xltool.read(path)
    shared = tmp_path / "填充柄.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(shared, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/worksheets/sheet3.xml":
                content, count = re.subn(
                    rb'(<c r="E(?:9|1\d)"[^>]*>)<f>[^<]*</f>', rb'\1<f t="shared" si="9"/>', content
                )
                assert count > 3
                start = rb'\1<f t="shared" ref="E8:E19" si="9">SUM(F8:L8)</f>'
                content = re.sub(rb'(<c r="E8"[^>]*>)<f>SUM\(F8:L8\)</f>', start, content)
                assert b"ref=" in content
            target.writestr(part, content)
    after = xltool.read(shared)
    assert amounts(after) == amounts(before)
    assert {after.layout.key(place) for place in after.live} == {before.layout.key(place) for place in before.live}
    assert after.facts[next(iter(after.facts))].value == Decimal("299.17")


@pytest.mark.parametrize(
    "row", ['<row r="7" hidden="1">', '<row hidden="true" r="7" spans="1:4">', '<row r="7" ht="15" hidden="1" >']
)
@pytest.mark.parametrize("is_prefixed", [False, True])
def test_hidden_rows_and_columns_are_known(row: str, is_prefixed: bool) -> None:
    columns = '<cols><col min="3" max="5" width="0" hidden="1" customWidth="1"/><col min="6" max="6" width="9"/></cols>'
    cells = f'{row}<c r="B7"><v>1</v></c></row><row r="8" hidden="0"><c r="B8"><v>2</v></c></row>'
    xml = f'<worksheet xmlns="{MAIN}">{columns}<sheetData>{cells}</sheetData></worksheet>'
    if is_prefixed:
        xml = re.sub("<(/?)(?=[a-z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")
    hidden = read(xml.encode()).hidden
    assert hidden == Hidden(frozenset({7}), ((3, 5),))
