"""Zip files that say something else than they are: each is refused with one sentence before anything is made of it."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.excel.kitchen_sink import handmade
from xltool.errors import FileRefused
from xltool.excel.read.sheets.source import open_workbook

STYLES = b"xl/styles.xml"
HEADER, DIRECTORY = 30, 46
"""How far before a part's name its own header begins, and its entry in the directory."""


def zipped(more: Mapping[str, str] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    """A workbook with more parts, its styles packed by `method`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**handmade(), **(more or {})}.items():
            archive.writestr(name, text, method if name == STYLES.decode() else None)
    return bytearray(stream.getvalue())


def larger_than_it_says() -> bytes:
    raw = zipped()
    for size in (raw.index(STYLES) - HEADER + 22, raw.rindex(STYLES) - DIRECTORY + 24):
        struct.pack_into("<L", raw, size, 100)
    return bytes(raw)


def far_larger_than_it_says() -> bytes:
    raw = zipped()
    for size in (raw.index(STYLES) - HEADER + 22, raw.rindex(STYLES) - DIRECTORY + 24):
        struct.pack_into("<L", raw, size, (1 << 32) - 2)
    return bytes(raw)


def too_large_for_a_sheet() -> bytes:
    raw = zipped()
    struct.pack_into("<2L", raw, raw.rindex(STYLES) - DIRECTORY + 20, 1 << 20, (128 << 20) + 1)
    return bytes(raw)


def of_another_name() -> bytes:
    raw = zipped()
    at = raw.index(STYLES)
    raw[at : at + len(STYLES)] = b"xl/stylez.xml"
    return bytes(raw)


def sharing_its_bytes() -> bytes:
    raw = zipped()
    inside = raw.index(b"xl/workbook.xml") - HEADER + 10
    struct.pack_into("<L", raw, raw.rindex(STYLES) - DIRECTORY + 42, inside)
    return bytes(raw)


def beyond_the_end() -> bytes:
    raw = zipped()
    struct.pack_into("<L", raw, raw.rindex(STYLES) - DIRECTORY + 42, 1 << 24)
    return bytes(raw)


def with_a_name_that_is_no_text() -> bytes:
    return bytes(zipped({"xl/预.xml": ""})).replace("预".encode(), b"\xff\xfe\xfd")


def with_wrong_checksum() -> bytes:
    raw = zipped(method=zipfile.ZIP_STORED)
    raw[raw.index(b"<styleSheet") + 1] ^= 1
    return bytes(raw)


LIES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a part larger than it says": (larger_than_it_says, "xl/styles.xml 已损坏"),
    "a part far larger than a file": (far_larger_than_it_says, "解压后过大"),
    "a part larger than any sheet": (too_large_for_a_sheet, "xl/styles.xml 过大：请清除"),
    "a part of another name": (of_another_name, "xl/styles.xml 已损坏"),
    "a part inside another": (sharing_its_bytes, "压缩比异常"),
    "a part beyond the end": (beyond_the_end, "xl/styles.xml 已损坏"),
    "a part with another checksum": (with_wrong_checksum, "xl/styles.xml 已损坏"),
    "a part twice, with other content": (lambda: bytes(zipped({"XL\\Styles.xml": "<a/>"})), "有内容不同的两份"),
    "bzip2": (lambda: bytes(zipped(method=zipfile.ZIP_BZIP2)), "xl/styles.xml 用了不常见的压缩方法"),
    "lzma": (lambda: bytes(zipped(method=zipfile.ZIP_LZMA)), "xl/styles.xml 用了不常见的压缩方法"),
    "a name that is no text": (with_a_name_that_is_no_text, "不完整或已损坏"),
}


@pytest.mark.parametrize(("build", "sentence"), LIES.values(), ids=LIES.keys())
def test_a_lie_is_refused(build: Callable[[], bytes], sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "预算.xlsx"
    path.write_bytes(build())
    with pytest.raises(FileRefused) as refusal:
        open_workbook(path).sheets["收支总表"]
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith("。") and str(refusal.value).count("。") == 1
