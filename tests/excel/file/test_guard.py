"""What we refuse, and the sentence the user gets."""

import io
import os
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.excel.kitchen_sink import handmade, kitchen_sink, with_notes, write_zip
from xltool.errors import FileRefused
from xltool.excel.file.guard import is_signed, opened
from xltool.excel.mark.annotate import clear
from xltool.excel.read.sheets.source import open_workbook
from xltool.input_file import content_of, list_content_of

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)


def _workbook(**changed: str | bytes) -> bytes:
    """A handmade workbook's bytes with some parts replaced; `xl__styles_xml` stands for xl/styles.xml."""
    return _zip({**handmade(), **{_part(name): text for name, text in changed.items()}})


def _part(name: str) -> str:
    return name.replace("__", "/").replace("_xml", ".xml")


def _zip(content: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return stream.getvalue()


def _damaged() -> bytes:
    raw = bytearray(_workbook())
    name = b"xl/worksheets/sheet1.xml"
    for checksum in (raw.index(name) - 30 + 14, raw.rindex(name) - 46 + 16):
        raw[checksum] ^= 0xFF
    return bytes(raw)


def _password() -> bytes:
    raw = bytearray(_workbook())
    at = 0
    while (at := raw.find(b"PK\1\2", at)) >= 0:
        raw[at + 8] |= 1
        at += 4
    return bytes(raw)


def _rows_to(last: int) -> str:
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return (
        f'<worksheet><sheetData>{first}<row r="{last}"><c r="B{last}" t="n"><v>2</v></c></row></sheetData></worksheet>'
    )


def read_all(path: Path) -> None:
    """Read every sheet and take marks off, for which all the parts are needed that we ever look at."""
    source = open_workbook(path)
    for name in source.sheets:
        source.sheets[name]
    clear(path, path.with_name("没有标注.xlsx"))


SHEET = "xl__worksheets__sheet1_xml"
TYPES_PART = "[Content_Types].xml"
DOCTYPE = '<?xml version="1.0"?><!-- 预算 --><!DOCTYPE x [<!ENTITY a "b">]>'

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an empty file": ("预算.xlsx", lambda: b"", "是空文件"),
    "a lock file among the workbooks": ("~$预算.xlsx", lambda: b"\x05user", "锁文件，不是工作簿：请选择"),
    "text with the wrong name": (
        "预算.xlsx",
        lambda: "项目,金额\n合计,5\n".encode("gbk"),
        "文本文件（如 .csv）：请在 Excel",
    ),
    "a web page with the wrong name": (
        "预算.xlsx",
        lambda: b"\xef\xbb\xbf\n<html><table>",
        "网页或 XML 文件：请在 Excel",
    ),
    "binary rubbish": ("预算.xlsx", lambda: b"\x7fELF\0\0", "不是 Excel 工作簿"),
    "a PDF with the wrong name": ("预算.xlsx", lambda: b"%PDF-1.7\n", "其实是 PDF 文件，不是 Excel 工作簿"),
    "a photograph": ("预算.jpg", lambda: b"\xff\xd8\xff\xe0Exif", "其实是图片，不是 Excel 工作簿"),
    "many workbooks in a .rar": ("各单位.rar", lambda: b"Rar!\x1a\x07\1", "压缩包（.rar）：请解压后取出"),
    "half a download": ("预算.xlsx", lambda: _workbook()[:900], "不完整或已损坏：请重新取得"),
    "a damaged sheet": ("预算.xlsx", _damaged, "xl/worksheets/sheet1.xml 已损坏"),
    "an encrypted workbook": ("预算.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "去除密码"),
    "a zip with a password": ("预算.xlsx", _password, "加了密码的压缩包"),
    "an old .xls": ("预算.xls", lambda: OLE + "Workbook".encode("utf-16-le"), "另存为 .xlsx"),
    "an old .et named .xlsx": ("预算.xlsx", lambda: OLE, "旧格式（.xls/.et）：请在 Excel 或 WPS 中另存为 .xlsx"),
    "a .wps document": ("预算.wps", lambda: OLE + "WordDocument".encode("utf-16-le"), "文字文档（.doc/.wps）"),
    "an .ods": (
        "预算.ods",
        lambda: _zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "OpenDocument 文件（.ods）：请另存为 .xlsx",
    ),
    "a .docx": (
        "预算.docx",
        lambda: _zip({"[Content_Types].xml": "", "word/document.xml": ""}),
        ".docx）：请另存为 .xlsx",
    ),
    "a .pptx": ("预算.pptx", lambda: _zip({"ppt/presentation.xml": ""}), ".pptx）：请另存为 .xlsx"),
    "an .xlsb": (
        "预算.xlsb",
        lambda: _zip({"[Content_Types].xml": "", "xl/workbook.bin": ""}),
        ".xlsb）：请另存为 .xlsx",
    ),
    "a zip of workbooks": ("预算.xlsx", lambda: _zip({"单位/预算.xlsx": ""}), "不是工作簿：请解压"),
    "a package without a workbook": ("预算.xlsx", lambda: _zip({"[Content_Types].xml": "<Types/>"}), "里没有工作簿"),
    "a zip bomb": ("预算.xlsx", lambda: _workbook(xl__worksheets__sheet1_xml=" " * (9 << 20)), "压缩比异常"),
    "too many entries": ("预算.xlsx", lambda: _zip({f"{number}": "" for number in range(10_001)}), "解压后过大"),
    "a name outside the folder": ("预算.xlsx", lambda: _workbook(**{"xl/../../x": ""}), "越界的路径"),
    "a name with a drive": ("预算.xlsx", lambda: _workbook(**{"C:\\x": ""}), "越界的路径"),
    "an entity in the sheet": ("预算.xlsx", lambda: _workbook(**{SHEET: DOCTYPE + "<worksheet/>"}), "DOCTYPE"),
    "an entity behind a long comment": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: f"<!--{' 预算' * 2000}-->\n" + DOCTYPE.partition("?>")[2]}),
        "DOCTYPE",
    ),
    "an entity in the styles": ("预算.xlsx", lambda: _workbook(xl__styles_xml=DOCTYPE), "xl/styles.xml 含有 DOCTYPE"),
    "an entity in the comments": ("预算.xlsx", lambda: _zip(with_notes(DOCTYPE)), "xl/comments1.xml 含有 DOCTYPE"),
    "a sheet in UTF-16": ("预算.xlsx", lambda: _workbook(**{SHEET: "<worksheet/>".encode("utf-16")}), "不是 UTF-8"),
    "a sheet that says it is GBK": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: '<?xml version="1.0" encoding="GBK"?><worksheet/>'}),
        "xl/worksheets/sheet1.xml 不是 UTF-8",
    ),
    "relationships in UTF-16": (
        "预算.xlsx",
        lambda: _zip({**handmade(), "_rels/.rels": handmade()["_rels/.rels"].encode("utf-16")}),
        "_rels/.rels 不是 UTF-8",
    ),
    "content types in UTF-16": (
        "预算.xlsx",
        lambda: _zip({**handmade(), TYPES_PART: handmade()[TYPES_PART].encode("utf-16")}),
        "[Content_Types].xml 不是 UTF-8",
    ),
    "a sheet that is cut off": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: "<worksheet><sheetData>"}),
        "xl/worksheets/sheet1.xml 不是完整的 XML",
    ),
    "a prefix that stands for nothing": (
        "预算.xlsx",
        lambda: _workbook(xl__styles_xml="<styleSheet><x:fonts/></styleSheet>"),
        "xl/styles.xml 不是完整的 XML",
    ),
    "a prefix that stands for nothing in a sheet": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: "<x:worksheet><x:sheetData/></x:worksheet>"}),
        "工作表“收支总表”里有看不懂的单元格",
    ),
    "half a character": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: "<worksheet>&#xD800;</worksheet>"}),
        "不是完整的 XML",
    ),
    "elements without end": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: f"<worksheet>{'<a>' * 200_000}{'</a>' * 200_000}</worksheet>"}),
        "层次过深",
    ),
    "elements without end, behind a comment": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: f"<worksheet><!-- > -->{'<a>/>' * 200_000}{'</a>' * 200_000}</worksheet>"}),
        "层次过深",
    ),
    "an attribute without end": (
        "预算.xlsx",
        lambda: _workbook(**{SHEET: f'<worksheet a="{"预算" * 400_000}"/>'}),
        "含有过长的内容",
    ),
    "a sheet of two names": (
        "预算.xlsx",
        lambda: _workbook(
            xl__workbook_xml=handmade()["xl/workbook.xml"].replace(
                "</sheets>", '<sheet name="又一张" sheetId="2" r:id="rId1"/></sheets>'
            )
        ),
        "xl/workbook.xml 里两张工作表是同一个部件",
    ),
}


@pytest.mark.parametrize(("name", "build", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(name: str, build: Callable[[], bytes], sentence: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(build())
    with pytest.raises(FileRefused) as refusal:
        read_all(path)
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith("。") and str(refusal.value).count("。") == 1


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="找不到文件.*请检查文件名和路径"):
        open_workbook(tmp_path / "没有.xlsx")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="是文件夹：请指定其中的一个"):
        open_workbook(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> int:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "open", locked)
    with pytest.raises(FileRefused, match="无法读取.*请先关闭"):
        open_workbook(tmp_path / "预算.xlsx")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has pipes with names")
def test_a_pipe_and_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "预算.xlsx")
    for path in (tmp_path / "预算.xlsx", Path(os.devnull)):
        with pytest.raises(FileRefused, match="不是普通文件，而是设备或管道：请指定磁盘上的一个文件"):
            open_workbook(path)


def test_a_file_larger_than_any_workbook(tmp_path: Path) -> None:
    path = tmp_path / "预算.xlsx"
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)  # a hole: it takes no room on the disk
    with pytest.raises(FileRefused, match="预算.xlsx”过大，超过 256 MB：请删除"):
        open_workbook(path)


def test_a_list_larger_than_any(tmp_path: Path) -> None:
    path = tmp_path / "数.csv"
    with path.open("wb") as file:
        file.truncate((128 << 20) + 1)
    with pytest.raises(FileRefused, match="数.csv”过大，超过 128 MB：请分成几个文件"):
        list_content_of(path)


@pytest.mark.skipif(os.name != "posix", reason="other systems have other reasons")
def test_why_a_path_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "圈.xlsx").symlink_to("圈.xlsx")
    (tmp_path / "好.xlsx").write_bytes(b"PK")
    for name, why in (("圈.xlsx", "指回了自己"), ("好.xlsx/表", "路径中有一段不是文件夹")):
        with pytest.raises(FileRefused, match=f"{why}）：请检查文件名和路径"):
            content_of(tmp_path / name)


def test_too_much_in_all(tmp_path: Path) -> None:
    """The directory says what there is; nothing is unpacked to find out."""
    content = _zip({**handmade(), **{f"媒体/{number}": "" for number in range(9)}})
    raw = bytearray(content)
    at = content.index(b"PK\1\2")
    while at >= 0:
        struct.pack_into("<2L", raw, at + 20, 60 << 20, 60 << 20)
        at = content.find(b"PK\1\2", at + 4)
    (tmp_path / "预算.xlsx").write_bytes(raw)
    with pytest.raises(FileRefused, match="解压后过大：请删除"):
        open_workbook(tmp_path / "预算.xlsx")


ACCEPTED: dict[str, Callable[[], bytes]] = {
    "a plain workbook": _workbook,
    "Strict namespaces": lambda: _zip(handmade(strict=True)),
    "formatted rows down to the end": lambda: _workbook(
        **{SHEET: _rows_to(200).replace("</sheetData>", '<row r="1048576" ht="20"/></sheetData>')}
    ),
    "a declared range of all rows": lambda: _workbook(
        **{SHEET: '<worksheet><dimension ref="A1:XFD1048576"/><sheetData/></worksheet>'}
    ),
    "a value in the last row": lambda: _workbook(**{SHEET: _rows_to(1048576)}),
    "a part twice, in one version": lambda: _zip({**handmade(), "XL/Styles.xml": handmade()["xl/styles.xml"]}),
    "text that only looks like a DOCTYPE": lambda: _workbook(
        xl__styles_xml="<styleSheet><!-- <!DOCTYPE x> --></styleSheet>"
    ),
}


@pytest.mark.parametrize("build", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted(build: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / "各单位 预算（终稿）.xlsx"
    path.write_bytes(build())
    read_all(path)


def test_a_workbook_with_everything_is_accepted(tmp_path: Path) -> None:
    read_all(kitchen_sink(tmp_path / "预算.xlsm"))


def test_a_signature_is_seen(tmp_path: Path) -> None:
    signed = write_zip(tmp_path / "签名.xlsx", handmade(more={"_xmlsignatures/origin.sigs": ""}))
    plain = write_zip(tmp_path / "预算.xlsx", handmade())
    assert is_signed(opened(signed))
    assert not is_signed(opened(plain))
