"""Workbooks for the tests: one with everything Excel can put into a file, and small ones made of raw XML."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
VML_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)

CHECKBOX_VML = f"""<xml {VML_NAMESPACES}>
 <o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="7"/></o:shapelayout>
 <v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"></v:shapetype>
 <v:shape id="_x0000_s7169" type="#_x0000_t201" style='position:absolute;z-index:1'>
  <v:textbox style='mso-direction-alt:auto'><div style='text-align:left'>已核对<br>（财务科）</div></v:textbox>
  <x:ClientData ObjectType="Checkbox"><x:Anchor>1, 15, 0, 10, 3, 15, 2, 4</x:Anchor></x:ClientData>
 </v:shape></xml>"""

CHECKBOX_CONTROL = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x14"><controls><mc:AlternateContent><mc:Choice Requires="x14">'
    '<control shapeId="7169" r:id="rIdCtrl" name="核对"/></mc:Choice>'
    "</mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>"
)

EXCEL_VML = f"""<xml {VML_NAMESPACES}>
 <o:shapelayout v:ext="edit">
  <o:idmap v:ext="edit" data="1"/>
 </o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"
  path="m,l,21600r21600,l21600,xe">
  <v:stroke joinstyle="miter"/>
  <v:path gradientshapeok="t" o:connecttype="rect"/>
 </v:shapetype><v:shape id="_x0000_s1025" type="#_x0000_t202" style='position:absolute;
  margin-left:59.25pt;margin-top:1.5pt;width:108pt;height:59.25pt;z-index:1;
  visibility:hidden' fillcolor="infoBackground [80]" strokecolor="none [81]"
  o:insetmode="auto">
  <v:fill color2="infoBackground [80]"/>
  <v:textbox style='mso-direction-alt:auto'>
   <div style='text-align:left'><br></div>
  </v:textbox>
  <x:ClientData ObjectType="Note">
   <x:MoveWithCells/>
   <x:SizeWithCells/>
   <x:Anchor>
    2, 15, 0, 2, 4, 31, 4, 1</x:Anchor>
   <x:AutoFill>False</x:AutoFill>
   <x:Row>1</x:Row>
   <x:Column>1</x:Column>
  </x:ClientData>
 </v:shape></xml>"""


def parts(path: Path) -> list[tuple[str, bytes]]:
    """Every part in its order, unpacked."""
    with zipfile.ZipFile(path) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def compressed(path: Path) -> dict[str, bytes]:
    """Every part's bytes as they lie in the zip."""
    raw = path.read_bytes()
    found = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", raw, info.header_offset + 26)
            start = info.header_offset + 30 + name + extra
            found[info.filename] = raw[start : start + info.compress_size]
    return found


def write_zip(path: Path, content: Mapping[str, str | bytes]) -> Path:
    """A zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), text)
    return path


def handmade(
    sheet: str = "<sheetData/>",
    styles: str = "<dxfs/>",
    links: str | None = None,
    more: Mapping[str, str] | None = None,
    strict: bool = False,
    overrides: str = "",
) -> dict[str, str]:
    """The parts of a workbook with one sheet, 收支总表; arguments are what stands inside the root elements."""
    main, office = (STRICT_MAIN, STRICT_OFFICE) if strict else (MAIN, OFFICE)
    content = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SPREADSHEET}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="收支总表" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/styles" '
        'Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}" xmlns:r="{office}">{sheet}</worksheet>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellXfs count="1"><xf/></cellXfs>'
        f"{styles}</styleSheet>",
    }
    if links is not None:
        content["xl/worksheets/_rels/sheet1.xml.rels"] = (
            f'<Relationships xmlns="{RELATIONSHIPS}">{links}</Relationships>'
            if links
            else f'<Relationships xmlns="{RELATIONSHIPS}"/>'
        )
    return {**content, **(more or {})}


def with_notes(comments: str, vml: str = EXCEL_VML) -> dict[str, str]:
    """A handmade workbook whose sheet has this comments part and VML part."""
    return handmade(
        sheet='<sheetData><row r="2"><c r="B2"><v>2638</v></c></row></sheetData><legacyDrawing r:id="rId1"/>',
        links=f'<Relationship Id="rId1" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/comments" Target="../comments1.xml"/>',
        more={"xl/comments1.xml": comments, "xl/drawings/vmlDrawing1.vml": vml},
        overrides='<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        f'<Override PartName="/xl/comments1.xml" ContentType="{SPREADSHEET}.comments+xml"/>',
    )


def kitchen_sink(path: Path) -> Path:
    """A macro workbook with pictures, charts, notes, threads, controls, slicers and links on four sheets."""
    _with_xlsxwriter(path)
    with zipfile.ZipFile(path) as archive:
        content: dict[str, str | bytes] = {info.filename: archive.read(info) for info in archive.infolist()}
    _add_thread(content)
    _add_control(content)
    _add_slicer(content)
    _add_workbook_parts(content)
    _add_printer(content)
    return write_zip(path, content)


def _with_xlsxwriter(path: Path) -> None:
    workbook = xlsxwriter.Workbook(path)
    macros = path.with_suffix(".bin")
    macros.write_bytes(b"\xd0\xcf\x11\xe0 macros " + bytes(range(256)) * 8)
    workbook.add_vba_project(str(macros))
    bold, red = workbook.add_format({"bold": True}), workbook.add_format({"bg_color": "#00FF00"})
    summary = workbook.add_worksheet("收支总表")
    summary.set_column("C:D", None, None, {"hidden": True})
    summary.write_row("A1", ["项目", "收入", "支出"])
    summary.write_row("A2", ["合计", 2638, 2619.45])
    summary.write_rich_string("A3", "其中：", bold, "财政拨款", "收入")
    summary.insert_image("F2", "章.png", {"image_data": io.BytesIO(_png())})
    chart = workbook.add_chart({"type": "column"})
    chart.add_series({"values": "=收支总表!$B$2:$C$2"})
    summary.insert_chart("F10", chart)
    summary.add_sparkline("E2", {"range": "收支总表!B2:C2"})
    summary.conditional_format("B2:C9", {"type": "cell", "criteria": ">", "value": 9, "format": red})
    summary.conditional_format("B2:B9", {"type": "data_bar", "data_bar_2010": True})
    summary.data_validation("B4:B9", {"validate": "list", "source": ["是", "否"]})
    summary.merge_range("A12:C12", "注：金额单位为万元")
    summary.write_comment("B2", "已与银行对账", {"author": "张三"})
    summary.write_comment("A3", "请补充明细", {"author": "李四", "visible": True})
    spending = workbook.add_worksheet("支出总表")
    spending.write_row("A3", ["2014001", 5.01])
    spending.write_comment("B3", "[线程批注] 请看讨论", {"author": "tc={8B8F6B31-0001-4A53-9C68-000000000001}"})
    trips = workbook.add_worksheet("三公经费")
    trips.write("A1", "公务接待费")
    table = workbook.add_worksheet("项目支出")
    table.add_table("A1:B4", {"columns": [{"header": "项目"}, {"header": "金额"}]})
    table.set_header("&L&G", {"image_left": "徽.png", "image_data_left": io.BytesIO(_png())})
    workbook.close()
    macros.unlink()


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0\xff\0\0")
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _insert(content: dict[str, str | bytes], part: str, before: str, text: str) -> None:
    old = content[part]
    xml = old.decode() if isinstance(old, bytes) else old
    assert before in xml, (part, before)
    at = xml.rindex(before)
    content[part] = xml[:at] + text + xml[at:]


def _link(content: dict[str, str | bytes], owner: str, identifier: str, kind: str, target: str) -> None:
    folder, _, name = owner.rpartition("/")
    part = f"{folder}/_rels/{name}.rels"
    content.setdefault(part, f'<Relationships xmlns="{RELATIONSHIPS}"></Relationships>')
    kind = kind if "//" in kind else f"{OFFICE}/{kind}"
    _insert(content, part, "</Relationships>", f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>')


def _type(content: dict[str, str | bytes], part: str, content_type: str) -> None:
    _insert(content, "[Content_Types].xml", "</Types>", f'<Override PartName="/{part}" ContentType="{content_type}"/>')


def _add_thread(content: dict[str, str | bytes]) -> None:
    threaded = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    content["xl/threadedComments/threadedComment1.xml"] = (
        f'<ThreadedComments xmlns="{threaded}"><threadedComment ref="B3" dT="2024-03-01T09:00:00.00" personId="{{P}}"'
        ' id="{8B8F6B31-0001-4A53-9C68-000000000001}"><text>这个数对吗？</text></threadedComment></ThreadedComments>'
    )
    content["xl/persons/person.xml"] = (
        f'<personList xmlns="{threaded}"><person displayName="王五" id="{{P}}" userId="w" providerId="None"/>'
        "</personList>"
    )
    relation = "http://schemas.microsoft.com/office/2017/10/relationships"
    _link(
        content,
        "xl/worksheets/sheet2.xml",
        "rIdThread",
        f"{relation}/threadedComment",
        "../threadedComments/threadedComment1.xml",
    )
    _link(content, "xl/workbook.xml", "rIdPerson", f"{relation}/person", "persons/person.xml")
    _type(content, "xl/threadedComments/threadedComment1.xml", "application/vnd.ms-excel.threadedcomments+xml")
    _type(content, "xl/persons/person.xml", "application/vnd.ms-excel.person+xml")


def _add_control(content: dict[str, str | bytes]) -> None:
    sheet = "xl/worksheets/sheet3.xml"
    content["xl/drawings/vmlDrawing9.vml"] = CHECKBOX_VML
    content["xl/ctrlProps/ctrlProp1.xml"] = (
        '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="CheckBox"/>'
    )
    _insert(content, sheet, "</worksheet>", '<legacyDrawing r:id="rIdVml"/>' + CHECKBOX_CONTROL)
    _link(content, sheet, "rIdVml", "vmlDrawing", "../drawings/vmlDrawing9.vml")
    _link(content, sheet, "rIdCtrl", "ctrlProp", "../ctrlProps/ctrlProp1.xml")
    _type(content, "xl/ctrlProps/ctrlProp1.xml", "application/vnd.ms-excel.controlproperties+xml")


def _add_slicer(content: dict[str, str | bytes]) -> None:
    x14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    content["xl/slicers/slicer1.xml"] = f'<slicers xmlns="{x14}"><slicer name="项目" cache="切片器_项目"/></slicers>'
    content["xl/slicerCaches/slicerCache1.xml"] = f'<slicerCacheDefinition xmlns="{x14}" name="切片器_项目"/>'
    relation = "http://schemas.microsoft.com/office/2007/relationships"
    _link(content, "xl/worksheets/sheet4.xml", "rIdSlicer", f"{relation}/slicer", "../slicers/slicer1.xml")
    _link(content, "xl/workbook.xml", "rIdCache", f"{relation}/slicerCache", "slicerCaches/slicerCache1.xml")
    _type(content, "xl/slicers/slicer1.xml", "application/vnd.ms-excel.slicer+xml")
    _type(content, "xl/slicerCaches/slicerCache1.xml", "application/vnd.ms-excel.slicerCache+xml")
    _insert(
        content,
        "xl/worksheets/sheet4.xml",
        "</worksheet>",
        f'<extLst><ext xmlns:x14="{x14}" uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}"><x14:slicerList>'
        '<x14:slicer r:id="rIdSlicer"/></x14:slicerList></ext></extLst>',
    )


def _add_workbook_parts(content: dict[str, str | bytes]) -> None:
    content["customXml/item1.xml"] = "<预算单位 代码='001'>区信访局</预算单位>"
    content["customXml/itemProps1.xml"] = (
        '<ds:datastoreItem ds:itemID="{1}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"/>'
    )
    _link(content, "xl/workbook.xml", "rIdCustom", "customXml", "../customXml/item1.xml")
    content["customXml/_rels/item1.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{OFFICE}/customXmlProps" '
        'Target="itemProps1.xml"/></Relationships>'
    )
    _type(content, "customXml/itemProps1.xml", "application/vnd.openxmlformats-officedocument.customXmlProperties+xml")
    content["xl/externalLinks/externalLink1.xml"] = (
        f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="rId1"><sheetNames><sheetName val="上年"/>'
        "</sheetNames></externalBook></externalLink>"
    )
    content["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" '
        'Target="2023预算.xlsx" TargetMode="External"/></Relationships>'
    )
    _link(content, "xl/workbook.xml", "rIdExternal", "externalLink", "externalLinks/externalLink1.xml")
    _type(content, "xl/externalLinks/externalLink1.xml", f"{SPREADSHEET}.externalLink+xml")
    _insert(
        content,
        "xl/workbook.xml",
        "<calcPr",
        '<externalReferences><externalReference r:id="rIdExternal"/></externalReferences>',
    )


def _add_printer(content: dict[str, str | bytes]) -> None:
    content["xl/printerSettings/printerSettings1.bin"] = bytes(range(256))
    _link(
        content, "xl/worksheets/sheet3.xml", "rIdPrinter", "printerSettings", "../printerSettings/printerSettings1.bin"
    )
    _type(content, "xl/printerSettings/printerSettings1.bin", f"{SPREADSHEET}.printerSettings")
    _insert(content, "xl/worksheets/sheet3.xml", "<legacyDrawing", '<pageSetup paperSize="9" r:id="rIdPrinter"/>')
