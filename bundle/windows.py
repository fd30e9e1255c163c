"""The folder for Windows: the official embeddable Python, the packages for it, and launchers; made on Linux."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from bundle import archive, completeness, launchers, licences, packages
from bundle.refused import BundleRefused
from xltool import __version__

_HERE = Path(__file__).parent
_PYTHONS = tomllib.loads((_HERE / "pythons.toml").read_text(encoding="utf-8"))
PYTHON_ZIP = packages.ROOT / "build" / f"python-{_PYTHONS['use']}-embed-amd64.zip"
"""Where the official zip is looked for."""

NAME = f"xltool-{__version__}-windows-x64"

_PATHS = ["{zip}", ".", "..\\lib", "..\\lib\\win32", "..\\lib\\win32\\lib"]
"""All that Python looks into. It reads no .pth file, so what pywin32's would add is said here."""

_DEBIAN = Path("/usr/share/doc")
_COMPILED_IN = {
    "mingw-w64（启动程序里的运行库）": _DEBIAN / "mingw-w64-x86-64-dev" / "copyright",
    "GCC（启动程序里的运行库）": _DEBIAN / "gcc-mingw-w64-base" / "copyright",
}
"""What the compiler puts into a launcher."""


def make(python_zip: Path, sha256: str | None, folder: Path) -> Path:
    """Write the bundle as a zip into `folder`, and return it; raises BundleRefused."""
    built = folder / NAME
    assemble(python_zip, sha256, built)
    target = folder / f"{NAME}.zip"
    archive.pack_zip(built, target)
    return target


def assemble(python_zip: Path, sha256: str | None, built: Path) -> None:
    """Make the folder of the bundle anew; raises BundleRefused.

    `sha256` is the hash of the zip where it is not one of pythons.toml.
    """
    _verify(python_zip, sha256)
    if built.exists():
        shutil.rmtree(built)
    python, library = built / "program" / "python", built / "program" / "lib"
    version = _unpack(python_zip, python)
    target = packages.Target("x86_64-pc-windows-msvc", version)
    packages.install(target, library)
    completeness.verify(target, library)
    _tell_paths(python)
    _move_system_libraries(library / "pywin32_system32", python)
    shutil.copyfile(_HERE / "inside" / "xltool_bundle.py", library / "xltool_bundle.py")
    for launcher in launchers.LAUNCHERS:
        launchers.make(launcher, built)
    interpreter = {f"Python {version}": {"LICENSE.txt": python / "LICENSE.txt"}}
    compiled_in = {name: {"copyright": file} for name, file in _COMPILED_IN.items()}
    licences.gather(library, {**interpreter, **compiled_in}, built)
    text = (_HERE / "使用说明.txt").read_text(encoding="utf-8")
    (built / "使用说明.txt").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))  # as Notepad reads it
    archive.note_hashes(built)


def _verify(python_zip: Path, sha256: str | None) -> None:
    known = {sha256.lower()} if sha256 else {*_PYTHONS["sha256"].values()}
    if not python_zip.is_file():
        raise BundleRefused(
            f"没有官方的 Python：请从 python.org 下载 {PYTHON_ZIP.name}（Windows embeddable package，64 位），"
            f"放到 {python_zip}，见 docs/部署.md。"
        )
    if (found := archive.sha256(python_zip)) not in known:
        raise BundleRefused(
            f"{python_zip.name} 的 SHA-256 是 {found}，不是要的那个：请重新下载。"
            "是别的版本的，核对它的签名以后用 --sha256 写明这个值，见 docs/部署.md。"
        )


def _unpack(python_zip: Path, folder: Path) -> str:
    """Unpack Python into `folder`: which version it is, "3.13"."""
    try:
        with ZipFile(python_zip) as packed:
            names = packed.namelist()
            versions = [match for name in names if (match := re.fullmatch(r"python(3)(\d\d)\.dll", name))]
            if len(versions) != 1 or any("/" in name or "\\" in name for name in names):
                raise BundleRefused(f"{python_zip.name} 不是官方的 Windows embeddable package。")
            packed.extractall(folder)
    except BadZipFile:
        raise BundleRefused(f"{python_zip.name} 不是 zip 文件，或者不完整。") from None
    return ".".join(versions[0].groups())


def _tell_paths(python: Path) -> None:
    (settings,) = python.glob("python*._pth")
    lines = [line.format(zip=f"{settings.stem}.zip") for line in _PATHS]
    settings.write_text("\n".join([*lines, ""]), encoding="ascii", newline="\r\n")


def _move_system_libraries(folder: Path, python: Path) -> None:
    """Put the libraries that pywin32's modules load beside python.exe, where Windows looks for them first."""
    for library in folder.glob("*.dll"):
        library.rename(python / library.name)
    folder.rmdir()
