"""What we do not work on, each refused with one sentence that tells the user what to do; no file is changed here."""

import re
import zipfile
from pathlib import Path

from xltool.errors import FileRefused
from xltool.excel.file.package import Package
from xltool.excel.file.parts import Workbook, find_workbook, relationships
from xltool.excel.file.sheetxml import position

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP = b"PK"
_LOCK_PREFIXES = ("~$", ".~")  # Excel and WPS; WPS uses either
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD_PROCESSOR = "WordDocument".encode("utf-16-le")

# a whole department's budget unpacks to some 20 MiB; Excel itself struggles with ten times these limits
_MOST_UNPACKED = 512 << 20
_MOST_IN_A_SHEET = 128 << 20
_MOST_ENTRIES = 10_000
# sheets full of the same rows shrink to a fiftieth; deflate can do a thousandth at most, which only a bomb comes near
_MOST_RATIO = 250
_RATIO_COUNTS_FROM = 8 << 20
# the longest detail tables have some ten thousand rows; a stray value at the bottom makes readers allocate all between
_MOST_ROWS = 200_000

# all that may stand before the root element; a DOCTYPE can only be here, so this is all that must be looked at
_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_LAST_VALUE = (b"</v>", b"</is>", b":v>", b":is>")
_OTHER_ZIPS = (
    ("xl/workbook.bin", "是二进制工作簿（.xlsb）"),
    ("word/document.xml", "是 Word 文档（.docx）"),
    ("ppt/presentation.xml", "是演示文稿（.pptx）"),
)

_OTHER_PROGRAMS = (".xls", ".et", ".ett", ".txt", ".csv", ".htm", ".html", ".pdf", ".zip")
"""Names under which other programs would open a workbook, or refuse it."""


def inspect(path: Path) -> None:
    """Raise FileRefused if the file is not a workbook that can be read safely and completely."""
    opened(path)


def opened(path: Path) -> Package:
    """The workbook's package. Raises FileRefused if it cannot be read safely and completely.

    Every part that a check or a mark needs is unpacked once, so that a damaged one is found before any work is done.
    """
    _refuse_what_is_not_zip(path)
    package = Package(path)
    _refuse_bombs(package)
    _refuse_strange_names(package)
    _refuse_other_zips(package)
    workbook = find_workbook(package)
    for part in _needed(package, workbook):
        _refuse_strange_xml(package, part)
    for name, part in workbook.sheets.items():
        _refuse_endless_sheet(package, name, part)
    return package


def is_signed(package: Package) -> bool:
    """Whether the workbook carries a digital signature, which any change breaks."""
    return any(name.startswith("_xmlsignatures/") for name in package.names())


def _refuse_what_is_not_zip(path: Path) -> None:
    if path.name.startswith(_LOCK_PREFIXES):
        raise FileRefused(f"“{path.name}”是程序打开文件时留下的锁文件，不是工作簿：请选择不带该前缀的同名文件。")
    if path.is_dir():
        raise FileRefused(f"“{path}”是文件夹：请指定其中的一个 .xlsx 文件。")
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise FileRefused(f"找不到文件“{path}”：请检查文件名和路径。") from error
    except OSError as error:
        raise FileRefused(f"无法读取“{path}”：请先关闭正在使用它的程序，并确认有读取权限。") from error
    if not content:
        raise FileRefused(f"“{path.name}”是空文件：请重新取得该文件。")
    if content.startswith(_OLE):
        raise FileRefused(f"“{path.name}”{_what_ole_is(content)}")
    if not content.startswith(_ZIP):
        raise FileRefused(f"“{path.name}”{_what_text_is(content)}：请在 Excel 或 WPS 中打开，另存为 .xlsx 后再试。")
    if path.suffix.lower() in _OTHER_PROGRAMS:
        raise FileRefused(f"“{path.name}”的扩展名与内容不符：请确认文件，把扩展名改为 .xlsx 后再试。")


def _what_ole_is(content: bytes) -> str:
    if _ENCRYPTED in content:
        return "设有打开密码：请在 Excel 或 WPS 中去除密码并保存后再试。"
    if _WORD_PROCESSOR in content:
        return "是文字文档（.doc/.wps）：请把其中的表格粘贴到工作簿，另存为 .xlsx 后再试。"
    return "是旧格式（.xls/.et）：请在 Excel 或 WPS 中另存为 .xlsx 后再试。"


def _what_text_is(content: bytes) -> str:
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"<"):
        return "其实是网页或 XML 文件"
    if b"\0" in head:
        return "不是 Excel 工作簿"
    return "其实是文本文件（如 .csv）"


def _refuse_bombs(package: Package) -> None:
    infos, name = package.infos(), package.source.name
    if any(info.flag_bits & 1 for info in infos):
        raise FileRefused(f"“{name}”是加了密码的压缩包：请解压后取出其中的 .xlsx 文件。")
    if len(infos) > _MOST_ENTRIES or sum(info.file_size for info in infos) > _MOST_UNPACKED:
        raise FileRefused(f"“{name}”解压后过大：请删除不需要的工作表和图片，另存后再试。")
    if any(_is_bomb(info) for info in infos):
        raise FileRefused(f"“{name}”的压缩比异常，可能是恶意文件：请确认来源，在 Excel 或 WPS 中打开并另存后再试。")


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > _RATIO_COUNTS_FROM and info.file_size > info.compress_size * _MOST_RATIO


def _refuse_strange_names(package: Package) -> None:
    for info in package.infos():
        name = info.filename.replace("\\", "/")
        if ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            raise FileRefused(f"“{package.source.name}”内含越界的路径，可能是恶意文件：请确认来源后再试。")


def _refuse_other_zips(package: Package) -> None:
    name = package.source.name
    if package.has("mimetype") and b"opendocument" in package.read("mimetype"):
        raise FileRefused(f"“{name}”是 OpenDocument 文件（.ods）：请另存为 .xlsx 后再试。")
    for part, what in _OTHER_ZIPS:
        if package.has(part):
            raise FileRefused(f"“{name}”{what}：请另存为 .xlsx 后再试。")
    if not package.has("[Content_Types].xml"):
        raise FileRefused(f"“{name}”是压缩包，里面没有工作簿：请解压后取出其中的 .xlsx 文件。")


def _needed(package: Package, workbook: Workbook) -> list[str]:
    parts = ["[Content_Types].xml", workbook.part, *workbook.sheets.values()]
    kinds = {"sharedStrings", "styles", "comments"}
    for owner in (workbook.part, *workbook.sheets.values()):
        parts += [
            link.target for link in relationships(package, owner) if link.kind in kinds and package.has(link.target)
        ]
    return parts


def _refuse_strange_xml(package: Package, part: str) -> None:
    xml, name = package.read(part), package.source.name
    if xml.startswith(_UTF_16):
        raise FileRefused(f"“{name}”的部件 {part} 不是 UTF-8 编码：请在 Excel 或 WPS 中打开并另存后再试。")
    prologue = _PROLOGUE.match(xml)
    if prologue and xml.startswith(b"<!", prologue.end()):
        raise FileRefused(
            f"“{name}”的部件 {part} 含有 DOCTYPE 声明，可能是恶意文件：请在 Excel 或 WPS 中打开并另存后再试。"
        )


def _refuse_endless_sheet(package: Package, name: str, part: str) -> None:
    """Empty formatted rows down to the end are common and harmless, and so is a declared range: only values count."""
    xml = package.read(part)
    last = max(xml.rfind(end) for end in _LAST_VALUE)
    cells = re.findall(rb"""\sr=["']([A-Z]{1,3}[1-9]\d{0,6})["']""", xml[max(last - 4096, 0) : max(last, 0)])
    rows = position(cells[-1].decode())[0] + 1 if cells else 0
    if rows > _MOST_ROWS:
        raise FileRefused(f"工作表“{name}”的数据一直到第 {rows} 行：请删除数据区以外的内容，另存后再试。")
    if len(xml) > _MOST_IN_A_SHEET:
        raise FileRefused(f"工作表“{name}”过大：请清除数据区以外的内容和格式，另存后再试。")
