"""What we do not work on, each refused with one sentence that tells the user what to do; no file is changed here."""

import re
import zipfile
from pathlib import Path

from xltool.errors import FileRefused
from xltool.excel.file.package import Package, part_key
from xltool.input_file import content_of

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP = b"PK"
_DIRECTORY_ENTRY = b"PK\1\2"
_LOCK_PREFIXES = ("~$", ".~")  # Excel and WPS; WPS uses either
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD_PROCESSOR = "WordDocument".encode("utf-16-le")

# a whole department's budget unpacks to some 20 MiB; Excel itself struggles with ten times these limits
_MOST_UNPACKED = 512 << 20
_MOST_ENTRIES = 10_000
# sheets full of the same rows shrink to a fiftieth; deflate can do a thousandth at most, which only a bomb comes near
_MOST_RATIO = 250
_RATIO_COUNTS_FROM = 8 << 20

_OTHER_ZIPS = (
    ("xl/workbook.bin", "是二进制工作簿（.xlsb）"),
    ("word/document.xml", "是 Word 文档（.docx）"),
    ("ppt/presentation.xml", "是演示文稿（.pptx）"),
)

_UNPACK = "请解压后取出其中的 .xlsx 文件。"
_NO_WORKBOOK = "不是 Excel 工作簿：请取得原来的工作簿，改扩展名没有用。"
_OTHER_FILES = (
    (b"%PDF-", f"是 PDF 文件，{_NO_WORKBOOK}"),
    (b"\x89PNG", f"是图片，{_NO_WORKBOOK}"),
    (b"\xff\xd8\xff", f"是图片，{_NO_WORKBOOK}"),
    (b"Rar!\x1a", f"是压缩包（.rar）：{_UNPACK}"),
    (b"7z\xbc\xaf", f"是压缩包（.7z）：{_UNPACK}"),
)
"""How files begin that no spreadsheet program opens, and what is said of them."""

_OTHER_PROGRAMS = (".xls", ".et", ".ett", ".txt", ".csv", ".htm", ".html", ".pdf", ".zip")
"""Names under which other programs would open a workbook, or refuse it."""


def opened(path: Path) -> Package:
    """The package of the workbook at `path`, read once. Raises FileRefused if it is none that can be read safely.

    Its directory is looked through here; each part is proved when it is first read (see `Package.read`).
    """
    if path.name.startswith(_LOCK_PREFIXES):
        raise FileRefused(f"“{path.name}”是程序打开文件时留下的锁文件，不是工作簿：请选择不带该前缀的同名文件。")
    return looked_through(path, content_of(path))


def looked_through(path: Path, content: bytes) -> Package:
    """The same of `content`, that of the file at `path`."""
    _refuse_no_zip(path, content)
    package = Package(path, content)
    _refuse_bombs(package)
    _refuse_strange_names(package)
    _refuse_other_zips(package)
    return package


def still_current(package: Package) -> Package:
    """The package, or that of its file read anew if somebody has changed the file since. Raises as `opened` does."""
    return package if package.holds(content_of(package.source)) else opened(package.source)


def is_signed(package: Package) -> bool:
    """Whether the workbook carries a digital signature, which any change breaks."""
    return any(name.startswith("_xmlsignatures/") for name in package.names())


def _refuse_no_zip(path: Path, content: bytes) -> None:
    """What does not begin like a zip, or has too many entries."""
    if not content:
        raise FileRefused(f"“{path.name}”是空文件：请重新取得该文件。")
    if content.startswith(_OLE):
        raise FileRefused(f"“{path.name}”{_what_ole_is(content)}")
    if told := next((told for begins, told in _OTHER_FILES if content.startswith(begins)), ""):
        raise FileRefused(f"“{path.name}”其实{told}")
    if not content.startswith(_ZIP):
        raise FileRefused(f"“{path.name}”{_what_text_is(content)}：请在 Excel 或 WPS 中打开，另存为 .xlsx 后再试。")
    if path.suffix.lower() in _OTHER_PROGRAMS:
        raise FileRefused(f"“{path.name}”的扩展名与内容不符：请确认文件，把扩展名改为 .xlsx 后再试。")
    if content.count(_DIRECTORY_ENTRY) > _MOST_ENTRIES:
        raise _too_large(path)


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
        raise FileRefused(f"“{name}”是加了密码的压缩包：{_UNPACK}")
    if sum(info.file_size for info in infos) > _MOST_UNPACKED:
        raise _too_large(package.source)
    if any(_is_bomb(info) for info in infos) or _overlap(infos):
        raise FileRefused(f"“{name}”的压缩比异常，可能是恶意文件：请确认来源，在 Excel 或 WPS 中打开并另存后再试。")


def _too_large(path: Path) -> FileRefused:
    return FileRefused(f"“{path.name}”解压后过大：请删除不需要的工作表和图片，另存后再试。")


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > _RATIO_COUNTS_FROM and info.file_size > info.compress_size * _MOST_RATIO


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether two entries share bytes: so a small file can unpack to anything."""
    places = sorted((info.header_offset, info.compress_size) for info in infos)
    return any(start + size > later for (start, size), (later, _) in zip(places, places[1:], strict=False))


def _refuse_strange_names(package: Package) -> None:
    known: dict[str, zipfile.ZipInfo] = {}
    for info in package.infos():
        name = info.filename.replace("\\", "/")
        if ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            raise FileRefused(f"“{package.source.name}”内含越界的路径，可能是恶意文件：请确认来源后再试。")
        twin = known.setdefault(part_key(name), info)
        if (twin.CRC, twin.file_size) != (info.CRC, info.file_size):
            raise package.refused(info.filename, "有内容不同的两份")


def _refuse_other_zips(package: Package) -> None:
    name = package.source.name
    if package.has("mimetype") and b"opendocument" in package.read_raw("mimetype"):
        raise FileRefused(f"“{name}”是 OpenDocument 文件（.ods）：请另存为 .xlsx 后再试。")
    for part, what in _OTHER_ZIPS:
        if package.has(part):
            raise FileRefused(f"“{name}”{what}：请另存为 .xlsx 后再试。")
    if not package.has("[Content_Types].xml"):
        raise FileRefused(f"“{name}”是压缩包，不是工作簿：{_UNPACK}")
    package.read("[Content_Types].xml")
