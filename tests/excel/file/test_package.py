"""The zip package: whatever a writer put into it, untouched parts are copied as they are, and a crash loses nothing."""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.excel.kitchen_sink import compressed, handmade, parts, write_zip
from xltool.errors import FileRefused
from xltool.excel.file.package import Package
from xltool.excel.mark.annotate import annotate
from xltool.excel.mark.marks import Mark

MARK = Mark("收支总表", "B2", "error", "差 18.55")


def packed(path: Path, content: dict[str, str | bytes]) -> Package:
    """A package of these parts."""
    return Package(path, write_zip(path, content).read_bytes())


class _Unseekable(io.BytesIO):
    """A stream that cannot go back, so that zipfile writes data descriptors."""

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def _with_descriptors(path: Path) -> None:
    stream = _Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in handmade().items():
            archive.writestr(name, text)
    path.write_bytes(stream.getvalue())


def _with_zip64(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in handmade().items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(text.encode())


def _with_zip64_directory(path: Path) -> None:
    """Sizes and offsets stand in the zip64 field of the directory though they are small."""
    write_zip(path, handmade())
    raw = path.read_bytes()
    end = raw.rindex(b"PK\5\6")
    start = struct.unpack_from("<L", raw, end + 16)[0]
    directory, at = b"", start
    while raw[at : at + 4] == b"PK\1\2":
        fields = list(struct.unpack_from("<4s6H3L5H2L", raw, at))
        packed, size, offset = fields[8], fields[9], fields[15]
        fields[8], fields[9], fields[15], fields[11] = 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 28
        name = raw[at + 46 : at + 46 + fields[10]]
        extra = struct.pack("<2H3Q", 1, 24, size, packed, offset)
        directory += struct.pack("<4s6H3L5H2L", *fields) + name + extra
        at += 46 + fields[10]
    tail = raw[end : end + 12] + struct.pack("<2LH", len(directory), start, 0)
    path.write_bytes(raw[:start] + directory + tail)


def _with_chinese_names(path: Path) -> None:
    write_zip(path, {**handmade(), "docProps/说明.xml": "<说明/>"})


def _with_a_name_twice(path: Path) -> None:
    write_zip(path, handmade(sheet="<sheetData/>"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/styles.xml", handmade()["xl/styles.xml"])


def _stored_with_a_comment(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = "预算".encode()
        for name, text in handmade().items():
            archive.writestr(name, text)


@pytest.mark.parametrize(
    "build",
    [
        _with_descriptors,
        _with_zip64,
        _with_zip64_directory,
        _with_chinese_names,
        _with_a_name_twice,
        _stored_with_a_comment,
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_every_kind_of_zip_is_copied(build: Callable[[Path], None], tmp_path: Path) -> None:
    source, target = tmp_path / "预算.xlsx", tmp_path / "已标注.xlsx"
    build(source)
    annotate(source, [MARK], target)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target) as after:
        assert after.testzip() is None
        assert after.comment == before.comment
        names = before.namelist()
        assert after.namelist()[: len(names)] == names
    before_bytes, after_bytes = compressed(source), compressed(target)
    same = [name for name in before_bytes if after_bytes[name] == before_bytes[name]]
    assert {"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(same)


def test_part_names_match_in_any_case_and_with_any_slash(tmp_path: Path) -> None:
    package = packed(tmp_path / "预算.xlsx", {"XL\\Styles.xml": "<a/>"})
    assert package.read("/xl/styles.xml") == b"<a/>"
    package.write("xl/styles.xml", b"<b/>")
    package.save(tmp_path / "预算.xlsx")
    with zipfile.ZipFile(tmp_path / "预算.xlsx") as archive:
        assert [info.orig_filename for info in archive.infolist()] == ["XL\\Styles.xml"]


def test_a_part_written_as_it_was_is_no_change(tmp_path: Path) -> None:
    source = write_zip(tmp_path / "预算.xlsx", handmade())
    before = source.read_bytes()
    package = Package(source, source.read_bytes())
    package.write("xl/styles.xml", b"<other/>")
    package.write("xl/styles.xml", handmade()["xl/styles.xml"].encode())
    package.save(source)
    assert source.read_bytes() == before


def test_new_parts_come_last_and_removed_ones_are_gone(tmp_path: Path) -> None:
    package = packed(tmp_path / "a.xlsx", {"a": "1", "b": "2", "c": "3"})
    package.remove("b")
    package.write("d", b"4")
    package.write("b", b"5")
    assert package.names() == ["a", "c", "d", "b"]
    package.save(tmp_path / "b.xlsx")
    assert parts(tmp_path / "b.xlsx") == [("a", b"1"), ("c", b"3"), ("d", b"4"), ("b", b"5")]


def test_a_missing_part_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="缺少部件 xl/styles.xml：请在 Excel"):
        packed(tmp_path / "预算.xlsx", {"a": ""}).read("xl/styles.xml")


def test_a_part_that_lies_nowhere(tmp_path: Path) -> None:
    source = write_zip(tmp_path / "预算.xlsx", {"a": "1", "b": "2"})
    raw = bytearray(source.read_bytes())
    struct.pack_into("<L", raw, raw.rindex(b"PK\1\2") + 42, 1 << 24)
    source.write_bytes(raw)
    package = Package(source, source.read_bytes())
    package.write("a", b"3")
    with pytest.raises(FileRefused, match="部件 b 已损坏"):
        package.save(source)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has permission bits")
def test_permissions_are_those_of_the_source(tmp_path: Path) -> None:
    source, target = write_zip(tmp_path / "预算.xlsx", handmade()), tmp_path / "已标注.xlsx"
    source.chmod(0o640)
    annotate(source, [MARK], target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    source, link = write_zip(tmp_path / "预算.xlsx", handmade()), tmp_path / "链接.xlsx"
    link.symlink_to(source)
    annotate(link, [MARK], link)
    assert link.is_symlink()
    assert any("Xltool" in name for name, _ in parts(source))


def test_a_part_too_large_for_a_tree(tmp_path: Path) -> None:
    """Styles and other lists; sheets are no trees."""
    package = packed(tmp_path / "预算.xlsx", {"少": f"<a>{'<b/>' * 100}</a>", "多": f"<a>{'<b/>' * (4 << 20)}</a>"})
    assert len(package.tree("少")) == 100
    with pytest.raises(FileRefused, match="部件 多 过大：请在"):
        package.tree("多")
