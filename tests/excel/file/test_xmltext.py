"""A part is read in one pass, in time that grows with its length, whatever stands in it."""

import time
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xltool.errors import FileRefused
from xltool.excel.file.sheetxml import Sizes, of_kind, position_or_none
from xltool.excel.file.xmltext import (
    attribute,
    attribute_spans,
    children,
    edited,
    elements,
    inside,
    parse,
    root,
    start_tag,
    text_of,
    unescape,
    whole_number,
)
from xltool.excel.mark import boxes, colours, comments

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def test_an_element_belongs_to_the_roots_namespace_whatever_its_prefix() -> None:
    xml = f'<a xmlns="{MAIN}"><d:r xmlns:d="{MAIN}"><t/></d:r><r xmlns="else"><t/></r><e:r xmlns:e="else"/><r/></a>'
    found = [(one.prefix, one.start) for one in elements(xml.encode(), b"r")]
    assert found == [(b"d:", xml.index("<d:r")), (b"", xml.rindex("<r/>"))]
    assert len(elements(xml.encode(), b"t")) == 1


def test_what_only_looks_like_an_element_is_none() -> None:
    xml = b"<?xml version='1.0'?><!-- <a> --><a x='<'><![CDATA[<b>]]><?p <b> ?><b y=\"/>\"/><!-- </a> --></a>"
    assert [one.name for one in parse(xml.replace(b"x='<'", b"x='&lt;'"))] == [b"a", b"b"]


def test_what_has_no_end_tag_ends_with_what_is_around_it() -> None:
    xml = b"<xml><div>1<br>2</div></p><div>3"
    first, second = (one for one in parse(xml) if one.name == b"div")
    assert (xml[first.inside : first.close], xml[second.inside : second.close]) == (b"1<br>2", b"3")


def test_the_data_of_a_sheet_is_passed_over_only_where_its_end_is_sure() -> None:
    plain = b"<s><sheetData><row/></sheetData><cols/></s>"
    assert [one.name for one in parse(plain)] == [b"s", b"sheetData", b"cols"]
    feigned = b"<s><sheetData><!-- </sheetData> --><row/></sheetData><cols/></s>"
    assert [one.name for one in children(feigned)] == [b"sheetData", b"cols"]
    nested = b"<t><rPr><rPr/></rPr><rPr></rPr></t>"
    assert [one.close for one in parse(nested) if one.depth == 1] == [nested.index(b"</rPr><"), nested.rindex(b"</rPr")]


def test_a_rule_is_passed_over_unless_it_may_be_ours() -> None:
    rule = b"<conditionalFormatting><cfRule><formula>%s</formula></cfRule></conditionalFormatting>"
    names = [one.name for one in parse(b"<s>" + rule % b"A1" + rule % b"xltool:" + rule % b"B2" + b"</s>")]
    assert names == [b"s", *[b"conditionalFormatting"] * 2, b"cfRule", b"formula", b"conditionalFormatting"]


def test_an_attribute_is_found_in_every_tag_of_a_name_also_in_what_is_passed_over() -> None:
    xml = b"""<s xmlns:x="u"><!-- <r p="0"/> --><conditionalFormatting><r q=' p="0"' p = "1"/><r pp="0"/><rr p="0"/>
    <x:r o="/>" p='2'><![CDATA[<r p="0">]]></x:r></conditionalFormatting><a t='&lt;r p="0">'><r
    p="3"></r></a></s>"""
    assert [xml[start:end] for start, end in attribute_spans(xml, b"r", b"p")] == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (b"<t>a&lt;&#65;&#x4e00;</t>", "a<A一"),
        (b"<t><![CDATA[<&lt;]]> b<!-- c --></t>", "<&lt; b"),
        (b"<t/>", ""),
        (b"<t>&#xD800;&#0;&#1114112;&nbsp;</t>", "&nbsp;"),
    ],
)
def test_text(xml: bytes, expected: str) -> None:
    assert text_of(xml, root(xml)) == expected


def test_attributes() -> None:
    tag = b"""<c other=' ref="Z9"' ref = "B2" r:id='rId1'>"""
    assert attribute(tag, "ref") == "B2"
    assert attribute(tag, "id") is None


@pytest.mark.parametrize("text", ["", "²", "٣", "1_0", "-1", "1.0", "9" * 5000, None])
def test_what_is_no_whole_number(text: str | None) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize("reference", ["#REF!", "A0", "A:A", "", "A1048577", "XFE1", "A²", "ABCD1", "A" + "1" * 5000])
def test_what_is_no_cell(reference: str) -> None:
    assert position_or_none(reference) is None


def test_cells() -> None:
    assert [position_or_none(one) for one in ("$b$2", "XFD1048576", " A1:C3")] == [(1, 1), (1048575, 16383), (0, 0)]


@given(st.text("<>/!-[]?&;#x' \"=ab:\n", max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_anything_can_be_read(xml: bytes) -> None:
    for one in parse(xml):
        assert one.start < one.inside <= one.close <= one.end <= len(xml)
        attribute(start_tag(xml, one), "a")
        text_of(xml, one)
    assert edited(xml, []) == xml
    unescape(xml)


def _sheet(inside: bytes) -> bytes:
    return b'<worksheet xmlns="m"><sheetData/>' + inside


def _vml(inside: bytes) -> bytes:
    return b'<xml xmlns:v="v"><o:idmap data="1"/>' + inside


def _comments(inside: bytes) -> bytes:
    return b"<comments><authors><author>a</author></authors><commentList>" + inside


def _mark_sheet(xml: bytes) -> object:
    marked = edited(xml, colours.add_rules(xml, {"error": ["A1"]}, {"error": 0}))
    return colours.remove_rules(marked), Sizes(xml).width(3), Sizes(xml).height(3), of_kind(xml, "legacyDrawing")


def _mark_vml(xml: bytes) -> object:
    used = boxes.used_blocks(xml)
    try:
        added = boxes.add_boxes(xml, [boxes.Box(1, 1, 9, 9, "1, 2")], iter(range(10**6, 10**6 + 9)))
    except FileRefused:  # shapes that do not end get none beside them, but are looked through to clear a workbook
        added = xml
    return used, boxes.remove_boxes(boxes.shrink_boxes(added), {(1, 1)}), boxes.grow_boxes(added, {(1, 1): "a"}, SIZES)


def _mark_comments(xml: bytes) -> object:
    return comments.remove_notes(xml), comments.threaded_cells(xml)


def _add_and_remove_notes(xml: bytes) -> object:
    return comments.remove_notes(comments.add_notes(xml + b"</commentList></comments>", {"A1": "差 5"}).xml)


def _mark_styles(xml: bytes) -> object:
    return colours.remove_formats(colours.add_formats(xml)[0])


SIZES = Sizes(_sheet(b""))
NOTE = b'<comment ref="A1"><text><r><t>\n\n' + "【xltool】".encode()

# each of these took time that grew with the square of its length, or would in a simpler reader
HOSTILE: dict[str, tuple[Callable[[bytes], object], Callable[[int], bytes]]] = {
    "comments that do not end": (parse, lambda n: b"<!--" * n),
    "instructions that do not end": (parse, lambda n: b"<?" * n),
    "CDATA that does not end": (parse, lambda n: b"<a>" + b"<![CDATA[" * n),
    "quotes that do not end": (parse, lambda n: b"<a x='\"" * n),
    "tags that do not end": (parse, lambda n: b"<a " * n),
    "end tags without a start": (parse, lambda n: b"<a>" * n + b"</b>" * n),
    "elements in elements": (parse, lambda n: b"<a>" * n + b"</a>" * n),
    "elements of one name that are not closed": (parse, lambda n: b"<a><b>" * n + b"</a>" * n),
    "namespaces in namespaces": (parse, lambda n: b"".join(b'<a xmlns:p%d="u">' % i for i in range(n))),
    "sheet data again and again": (parse, lambda n: b"<s>" + b"<sheetData><!</sheetData>" * n),
    "everything inside everything": (
        lambda xml: [inside(xml, one)[:1] for one in parse(xml)],
        lambda n: b"<a>" * n + b"</a>" * n,
    ),
    "attributes without a value": (lambda xml: attribute(xml, "r"), lambda n: b"<a" + b" r" * n + b">"),
    "blanks in a tag": (lambda xml: attribute(xml, "r"), lambda n: b"<a" + b" " * n + b"r>"),
    "rules of a pivot table": (_mark_sheet, lambda n: _sheet(b"<conditionalFormatting " * n)),
    "priorities": (_mark_sheet, lambda n: _sheet(b"<conditionalFormatting><cfRule " + b"priority='" * n)),
    "rules of ours": (
        _mark_sheet,
        lambda n: _sheet(
            b"<conditionalFormatting><cfRule><formula>xltool:</formula></cfRule></conditionalFormatting>" * n
        ),
    ),
    "columns that overlap": (_mark_sheet, lambda n: _sheet(b"<cols>" + b'<col min="1" max="16384"/>' * n + b"</cols>")),
    "rows without an end": (
        _mark_sheet,
        lambda n: b"<worksheet><sheetData>" + b'<row r="1" r="1' * n + b"</sheetData></worksheet>",
    ),
    "id maps": (_mark_vml, lambda n: _vml(b"<o:idmap data " * n)),
    "shapes of many names": (_mark_vml, lambda n: _vml(b"".join(b"<a%d:shape>" % i for i in range(n)))),
    "boxes": (
        _mark_vml,
        lambda n: _vml(
            b"<v:shape style=';xltool-anchor:1, 2'><x:ClientData ObjectType='Note'><x:Row>1</x:Row>"
            b"<x:Column>1</x:Column><x:Anchor>1, 2, 3, 4, 5, 6, 7, 8</x:Anchor></x:ClientData></v:shape>" * n
        ),
    ),
    "boxes in boxes": (
        _mark_vml,
        lambda n: _vml(
            b"<v:shape style=''><x:ClientData ObjectType='Note'><x:Row>1</x:Row><x:Column>1</x:Column>"
            b"<x:Anchor>1, 2, 3, 4, 5, 6, 7, 8</x:Anchor></x:ClientData>" * n
        ),
    ),
    "boxes that say again and again what they are": (
        _mark_vml,
        lambda n: _vml(b"<x:ClientData ObjectType='Note'>" * n),
    ),
    "runs of ours in one note": (
        _mark_comments,
        lambda n: _comments(b'<comment ref="A1"><text>' + "<r><t>【xltool】a【完】b</t></r>".encode() * n),
    ),
    "one text of ours over many runs": (_mark_comments, lambda n: _comments(NOTE + b"</t></r><r><t>a" * n)),
    "looks of runs that do not end": (_mark_comments, lambda n: _comments(b"<rPr>" * n)),
    "looks of runs that do not seem to end": (_mark_comments, lambda n: _comments(b"<rPr><rPr/>" * n + b"</rPr>" * n)),
    "texts of ours that do not end": (_mark_comments, lambda n: _comments(NOTE + "【xltool】".encode() * n)),
    "notes of ours": (_mark_comments, lambda n: _comments((NOTE + b"</t></r></text></comment>") * n)),
    "runs marked as wrapped": (
        _add_and_remove_notes,
        lambda n: _comments(b'<comment ref="A1"><text>' + b"<r >" * n + b"</text></comment>"),
    ),
    "formats in branches": (
        _mark_styles,
        lambda n: b"<s><dxfs>" + b"<AlternateContent><Choice>" * n + b"</dxfs></s>",
    ),
    "lists of formats": (_mark_styles, lambda n: b"<s>" + b"<dxfs>" * n + b"</s>"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_sixteen_times_the_length_takes_some_sixteen_times_as_long(kind: str) -> None:
    work, build = HOSTILE[kind]

    def seconds(length: int, attempt: int = 0) -> float:
        xml = build(length) + b" " * attempt  # what was read is remembered
        started = time.process_time()
        work(xml)
        return time.process_time() - started

    most = 16 * 5 * max(min(seconds(150, attempt) for attempt in range(3)), 0.0002)
    assert any(seconds(2400, attempt) < most for attempt in range(3))  # a busy machine may disturb one


def test_formats_are_added_to_styles_that_are_one_empty_tag() -> None:
    marked, _ = colours.add_formats(b'<styleSheet xmlns="a"/>')
    assert [child.tag for child in ElementTree.fromstring(marked)] == ["{a}dxfs"]
    assert list(ElementTree.fromstring(colours.remove_formats(marked))) == []
