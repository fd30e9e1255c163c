"""The zip package of a workbook: its parts are read, replaced and saved; all others keep their compressed bytes."""

import copy
import io
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from xltool.errors import FileRefused
from xltool.excel.file.proof import fault
from xltool.saving import save_file

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8_NAME, _HAS_DESCRIPTOR = 0x800, 0x08
_ZIP64_EXTRA = 1
_NEW_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)  # fixed, so that the same marks give the same file
# what zipfile raises for a part whose checksum, header, position or packing is wrong
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, NotImplementedError, OverflowError, RuntimeError, ValueError),
)
_MOST_IN_A_PART = 128 << 20  # Excel itself struggles with such a sheet
_SMALL = 64 << 10
_MOST_IN_A_TREE = 16 << 20  # a tree takes ten times as much memory
_LEVEL = 3  # half the time of the usual 6, for a file one twentieth larger


class _Record(NamedTuple):
    """One entry of the zip as it will be written: its description and its compressed bytes."""

    info: zipfile.ZipInfo
    data: bytes


class Package:
    """An .xlsx or .xlsm file in memory: its parts by name, as they are in the file or as we wrote them.

    Part names have no leading slash; case and the direction of slashes do not matter.
    """

    def __init__(self, source: Path, content: bytes) -> None:
        """Look through `content`, that of the file `source`. Raises FileRefused if it is not a whole zip file."""
        self.source = source
        self._raw = content
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGE as error:
            raise FileRefused(
                f"文件“{source.name}”不完整或已损坏：请重新取得该文件，或在 Excel 或 WPS 中打开修复后另存。"
            ) from error
        # where a name stands twice the last one counts, as for other readers of zip files
        self._entries = {part_key(info.filename): info for info in self._zip.infolist()}
        self._content: dict[str, bytes] = {}
        self._proved: set[str] = set()
        self._written: dict[str, tuple[str, bytes]] = {}
        self._removed: set[str] = set()

    def holds(self, content: bytes) -> bool:
        """Whether this is the content that was read."""
        return content == self._raw

    @property
    def sha256(self) -> str:
        """Of the content that was read, in hex."""
        import hashlib

        return hashlib.sha256(self._raw).hexdigest()

    def infos(self) -> list[zipfile.ZipInfo]:
        """Every entry of the file as it was read."""
        return self._zip.infolist()

    def names(self) -> list[str]:
        """The parts there are now, in lower case."""
        kept = [key for key in self._entries if key not in self._removed]
        return [*kept, *(key for key in self._written if key not in self._entries or key in self._removed)]

    def has(self, part: str) -> bool:
        """Whether there is such a part now."""
        key = part_key(part)
        return key in self._written or (key in self._entries and key not in self._removed)

    def read(self, part: str) -> bytes:
        """The content of a part: XML as `proof` demands it. Raises FileRefused if it is not, is missing or damaged."""
        key = part_key(part)
        content = self.read_raw(part)
        if key not in self._written and key not in self._proved:
            wrong = fault(content)
            if wrong:
                raise self.refused(part, wrong)
            self._proved.add(key)
        return content

    def tree(self, part: str) -> ElementTree.Element:
        """The root element of a part that is read, not edited. Raises FileRefused as `read` does."""
        xml = self.read(part)
        if len(xml) > _MOST_IN_A_TREE:
            raise self.refused(part, "过大")
        try:
            return _small_tree(xml) if len(xml) <= _SMALL else ElementTree.fromstring(xml)
        except ElementTree.ParseError as error:  # a prefix that stands for nothing
            raise self.refused(part, "不是完整的 XML") from error

    def read_raw(self, part: str) -> bytes:
        """The content of a part that need not be XML, as VML drawings often are not. Raises FileRefused likewise."""
        key = part_key(part)
        if key in self._written:
            return self._written[key][1]
        if key not in self._entries or key in self._removed:
            raise FileRefused(f"文件“{self.source.name}”缺少部件 {part}：请在 Excel 或 WPS 中打开并另存后再试。")
        return self._original(key)

    def refused(self, part: str, wrong: str) -> FileRefused:
        """The error for a part of which `wrong` is true, such as "不是 UTF-8 编码"."""
        return FileRefused(f"“{self.source.name}”的部件 {part} {wrong}：请在 Excel 或 WPS 中打开并另存后再试。")

    def write(self, part: str, content: bytes) -> None:
        """Give a part new content, or add it behind all others."""
        key = part_key(part)
        if key in self._entries and key not in self._removed and self._original(key) == content:
            self._written.pop(key, None)
        else:
            self._written[key] = (part, content)

    def remove(self, part: str) -> None:
        """Take a part out; written again later, it is a new part."""
        key = part_key(part)
        self._written.pop(key, None)
        if key in self._entries:
            self._removed.add(key)

    def save(self, target: Path) -> None:
        """Replace `target` by the package as it is now. Raises FileRefused if it cannot be written."""
        if self.changes(target):
            save_file(target, self.content(), like=self.source)

    def content(self) -> bytes:
        """The file as it is now."""
        is_changed = self._written or self._removed
        return _archive(self._records(), self._zip.comment) if is_changed else self._raw

    def changes(self, target: Path) -> bool:
        """Whether saving would write to `target`: not if it is the file that was read and nothing is different."""
        is_other = not (target.exists() and target.samefile(self.source))
        return bool(self._written or self._removed) or is_other

    def _original(self, key: str) -> bytes:
        if key not in self._content:
            self._content[key] = self._unpacked(self._entries[key])
        return self._content[key]

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        """The content of an entry: never more of it than its size in the directory, on which the guard has looked."""
        if info.file_size > _MOST_IN_A_PART:
            raise FileRefused(
                f"“{self.source.name}”的部件 {info.filename} 过大：请清除数据区以外的内容和格式，另存后再试。"
            )
        data = self._compressed_bytes(info)
        if info.compress_type == zipfile.ZIP_DEFLATED:
            inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                data = inflate.decompress(data, info.file_size + 1)
            except zlib.error as error:
                raise self._damaged(info) from error
        elif info.compress_type != zipfile.ZIP_STORED:
            raise self.refused(info.filename, "用了不常见的压缩方法")
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise self._damaged(info)
        return data

    def _records(self) -> list[_Record]:
        """Every entry; a name that stands twice is written, or removed, as often (the guard has seen both the same)."""
        records, added = [], dict(self._written)
        for info in self._zip.infolist():
            key = part_key(info.filename)
            if key in self._removed:
                continue
            if key in self._written:
                records.append(_compressed(info, self._written[key][1]))
                added.pop(key, None)
            else:
                records.append(_Record(info, self._compressed_bytes(info)))
        return [*records, *(_compressed(_new_entry(name), content) for name, content in added.values())]

    def _compressed_bytes(self, info: zipfile.ZipInfo) -> bytes:
        header = self._raw[info.header_offset : info.header_offset + _LOCAL.size] if info.header_offset >= 0 else b""
        if len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
            raise self._damaged(info)
        *_, name_length, extra_length = _LOCAL.unpack(header)
        name_start = info.header_offset + _LOCAL.size
        start = name_start + name_length + extra_length
        if self._raw[name_start : name_start + name_length] != _name_in_file(info):
            raise self._damaged(info)
        data = self._raw[start : start + info.compress_size]
        if len(data) < info.compress_size:
            raise self._damaged(info)
        return data

    def _damaged(self, info: zipfile.ZipInfo) -> FileRefused:
        name = self.source.name
        return FileRefused(f"文件“{name}”的部件 {info.filename} 已损坏：请在 Excel 或 WPS 中打开修复后另存。")


@lru_cache(maxsize=16)  # workbooks of one origin have the same styles, and often the same list of sheets
def _small_tree(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)


def part_key(part: str) -> str:
    """A part's name as `Package` compares it."""
    return part.replace("\\", "/").lstrip("/").lower()


def _name_in_file(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_NAME else "cp437")


def _new_entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _NEW_ENTRY_DATE)
    info.create_system = 0
    info.flag_bits = 0 if name.isascii() else _UTF8_NAME
    return info


def _compressed(entry: zipfile.ZipInfo, content: bytes) -> _Record:
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(content) + deflate.flush()
    info = copy.copy(entry)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.CRC, info.file_size, info.compress_size = zlib.crc32(content), len(content), len(data)
    return _Record(info, data)


def _archive(records: list[_Record], comment: bytes) -> bytes:
    """A zip file of these entries. Sizes and offsets fit in 32 bits (the guard sees to it), so no entry needs zip64."""
    parts: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for info, data in records:
        name = _name_in_file(info)
        flags = info.flag_bits & ~_HAS_DESCRIPTOR  # sizes stand in the header, so no descriptor follows the data
        year, month, day, hour, minute, second = info.date_time
        date, time = (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2
        common = (flags, info.compress_type, time, date, info.CRC, info.compress_size, info.file_size, len(name))
        parts += [_LOCAL.pack(b"PK\3\4", info.extract_version, *common, 0), name, data]
        extra = _without_zip64(info.extra)
        made_by = info.create_system << 8 | info.create_version
        rest = (len(extra), len(info.comment), 0, info.internal_attr, info.external_attr, offset)
        directory += [
            _CENTRAL.pack(b"PK\1\2", made_by, info.extract_version, *common, *rest),
            name,
            extra,
            info.comment,
        ]
        offset += _LOCAL.size + len(name) + len(data)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, len(records), len(records), size, offset, len(comment))
    return b"".join([*parts, *directory, end, comment])


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64_EXTRA:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept
