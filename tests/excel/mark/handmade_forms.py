"""Workbooks made by hand, one for each way in which programs write what marking touches: notes, styles, boxes."""

from collections.abc import Callable

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
    handmade,
    with_notes,
)

_CF = '<conditionalFormatting sqref="B2:B9"><cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan"><formula>0'
USER_RULE = _CF + "</formula><extLst><ext uri='{B}'><id/></ext></extLst></cfRule></conditionalFormatting>"
ONE_ROW = '<sheetData><row r="2"><c r="B2"><v>1</v></c></row></sheetData>'


def comments_part(inside: str, prefix: str = "") -> str:
    return f'<{prefix}comments xmlns{":" + prefix[:-1] if prefix else ""}="{MAIN}">{inside}</{prefix}comments>'


def one_note(text: str) -> str:
    return comments_part(
        "<authors><author>张三</author></authors>"
        f'<commentList><comment ref="B2" authorId="0">{text}</comment></commentList>'
    )


def _prefixed() -> dict[str, str]:
    content = with_notes(
        comments_part(
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
    content = with_notes(one_note("<text><t>已核</t></text>"))
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
        more={"xl/comments1.xml": one_note("<text><t>已核</t></text>")},
        overrides=f'<Override PartName="/xl/comments1.xml" ContentType="{SPREADSHEET}.comments+xml"/>',
    ),
    "note of plain text": lambda: with_notes(one_note("<text><t>已核</t></text>")),
    "note of runs with phonetics": lambda: with_notes(
        one_note("<text><r><rPr><b/></rPr><t>已</t></r><r><t>核</t></r><phoneticPr fontId='1'/></text>")
    ),
    "note without text": lambda: with_notes(one_note("<text />")),
    "note of an empty text": lambda: with_notes(one_note("<text><t/></text>")),
    "note of an open empty text": lambda: with_notes(one_note("<text></text>")),
    "comments part with nothing in it": lambda: with_notes(comments_part("<authors/><commentList />")),
    "id map of several blocks": lambda: with_notes(
        one_note("<text><t>已核</t></text>"), EXCEL_VML.replace('data="1"', 'data="1, 3,4"')
    ),
    "no id map": lambda: with_notes(
        one_note("<text><t>已核</t></text>"), f"<xml {VML_NAMESPACES}><v:shape id='_x0000_s1025'/></xml>"
    ),
    "notes of mixed prefixes": lambda: with_notes(
        one_note(f"<text><d:r xmlns:d='{MAIN}'><rPr><sz val='9'/></rPr><t>已核</t></d:r></text>")
    ),
    "note of plain text with a prefix of its own": lambda: with_notes(
        one_note(f"<text><d:t xmlns:d='{MAIN}'>已核</d:t></text>")
    ),
    "note in CDATA": lambda: with_notes(one_note("<text><r ><t><![CDATA[已核 <b>]]></t></r ></text>")),
    "comment without any text": lambda: with_notes(one_note("")),
    "notes of no cell": lambda: with_notes(one_note("<text/>").replace('"B2"', '"#REF!"')),
    "note of a cell with dollars": lambda: with_notes(one_note("<text><t>已核</t></text>").replace("B2", "$B$2")),
    "blanks in end tags": lambda: handmade(styles="<dxfs></dxfs >", sheet="<sheetData></sheetData  >"),
    "more blanks in end tags": lambda: handmade(styles="<dxfs></dxfs    >"),
    "WPS: notes without a shape type": lambda: with_notes(
        one_note("<text><t>已核</t></text>"), EXCEL_VML.replace("shapetype", "shapetypo")
    ),
    "the shape type of a library that writes as we do": lambda: with_notes(
        one_note("<text><t>已核</t></text>"), f"<xml {VML_NAMESPACES}>{NOTE_TYPE}</xml>"
    ),
    "round boxes": lambda: with_notes(
        one_note("<text><t>已核</t></text>"),
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
    "VML closed in itself": lambda: with_notes(one_note("<text><t>已核</t></text>"), f"<xml {VML_NAMESPACES} />"),
}
