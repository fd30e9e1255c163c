"""Puts xltool.xlam together from the parts in `package` and the modules in `vba`: the same bytes every time."""

from __future__ import annotations

import io
import os
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from addin.vba_project import Module, vba_project

PACKAGE = Path(__file__).with_name("package")
"""The parts of the file, as they lie in it; xl/vbaProject.bin is made."""
RIBBON = "customUI/customUI14.xml"
"""The part that describes the ribbon."""
MODULES = Path(__file__).with_name("vba")
"""Sources of modules: .cls of the workbook and its sheet, .bas of the others."""
TARGET = Path(__file__).parents[1] / "xltool/addin/xltool.xlam"
"""Where xltool takes it from, and the wheel."""

_FAILURE = (
    "没有能启动 xltool：它的文件夹移动过、删掉了，或者系统不许它启动。"
    "请在 xltool 的文件夹里双击“安装到 Excel”（或运行 xltool addin install），再试一次。"
)
"""What the launcher says in place of {failure}, the tag of each button: a module of VBA cannot hold Chinese."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_COMPRESSED = ZIP_STORED
"""What zlib makes of the same content depends on its version."""


def add_in() -> bytes:
    """The content of xltool.xlam."""
    parts = {path.relative_to(PACKAGE).as_posix(): path.read_bytes() for path in PACKAGE.rglob("*") if path.is_file()}
    parts[RIBBON] = parts[RIBBON].replace(b"{failure}", _FAILURE.encode())
    parts["xl/vbaProject.bin"] = vba_project("Xltool", modules())
    written = io.BytesIO()
    with ZipFile(written, "w", _NOT_COMPRESSED) as package:
        for name in sorted(parts):  # [Content_Types].xml comes first
            package.writestr(ZipInfo(name, _EPOCH), parts[name])
    return written.getvalue()


def modules() -> dict[str, Module]:
    """The modules by name, those of the workbook first, with the ends of lines that VBA writes."""
    paths = sorted(MODULES.iterdir(), key=lambda path: (path.suffix != ".cls", path.stem != "ThisWorkbook", path.stem))
    return {path.stem: Module(_source(path), path.suffix == ".cls") for path in paths}


def _source(path: Path) -> str:
    return path.read_text(encoding="ascii").replace("\n", "\r\n")


def write(target: Path = TARGET) -> None:
    """Write xltool.xlam, in one step: another process may be reading it."""
    content = add_in()
    if target.exists() and target.read_bytes() == content:
        return
    target.parent.mkdir(exist_ok=True)
    beside = target.with_suffix(f".{os.getpid()}.tmp")
    beside.write_bytes(content)
    beside.replace(target)


if __name__ == "__main__":
    write()
