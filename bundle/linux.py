"""The folder for Linux: the interpreter that builds it, its standard library, the libraries they load, the packages."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from bundle import archive, completeness, licences, packages
from bundle.refused import BundleRefused
from xltool import __version__

_HERE = Path(__file__).parent

_SYSTEM = re.compile(r"linux-vdso\.so|ld-linux[-\w]*\.so|lib(c|m|dl|pthread|rt|util|resolv|gcc_s|z|stdc\+\+)\.so")
"""What every desktop has: glibc, as old as the name of the bundle says or newer, zlib, and the library of C++.

Packages on PyPI rely on no others; what else Python and its modules load is in the bundle.
"""

_SCRIPT = """\
#!/bin/sh
# {title}
python="$(dirname "$(readlink -f "$0")")/program/bin/python3"
if ! "$python" -I -c "" 2>/dev/null; then
    echo "{needs}" >&2
    exit 2
fi
exec "$python" -I -m xltool {command}"$@"
"""
_NEEDS = (
    "xltool 在这个系统上打不开：要 {machine} 处理器（用 uname -m 看）、glibc {glibc} 或更新（用 ldd --version 看），"
    "文件夹要解压完整。"
)
_SCRIPTS = {
    "xltool": ("命令行：./xltool -h 看全部命令", ""),
    "打开页面": ("在浏览器里检查、汇总、比较、生成", "serve "),
}

_PATHS = """\
\"\"\"The packages of the bundle lie beside Python's own library.\"\"\"

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / "packages"))
"""


def make(folder: Path) -> Path:
    """Write the bundle as a tar.gz, which names the glibc that it needs, into `folder`: it. Raises BundleRefused."""
    draft = folder / f"xltool-{__version__}-linux"
    assemble(draft)
    built = folder / f"{draft.name}-{platform.machine()}-glibc{glibc(draft)}"
    if built.exists():
        shutil.rmtree(built)
    draft.rename(built)
    target = folder / f"{built.name}.tar.gz"
    archive.pack_tar(built, target)
    return target


def assemble(built: Path) -> None:
    """Make the folder of the bundle anew; raises BundleRefused."""
    if built.exists():
        shutil.rmtree(built)
    program, version = built / "program", sysconfig.get_python_version()
    library = program / "lib" / f"python{version}"
    python = program / "bin" / "python3"
    python.parent.mkdir(parents=True)
    shutil.copy2(os.path.realpath(sys.executable), python)
    large = shutil.ignore_patterns(
        "__pycache__", "site-packages", "dist-packages", "test"
    )  # left out below: not copied
    shutil.copytree(sysconfig.get_path("stdlib"), library, symlinks=False, ignore=large)
    packages.leave_out("interpreter", library)
    (library / "sitecustomize.py").write_text(_PATHS, encoding="utf-8")
    target = packages.Target("", version)
    packages.install(target, program / "packages")
    completeness.verify(target, program / "packages")
    taken = _take_libraries(python, library / "lib-dynload", program / "lib")
    _forget_places(program)
    licences.gather(program / "packages", {**_licences(taken), **_licence_of_python(library, version)}, built)
    needs = _NEEDS.format(machine=platform.machine(), glibc=glibc(built))
    for name, (title, command) in _SCRIPTS.items():
        script = built / name
        script.write_text(_SCRIPT.format(title=title, command=command, needs=needs), encoding="utf-8")
        script.chmod(0o755)
    shutil.copyfile(_HERE / "使用说明-linux.txt", built / "使用说明.txt")
    archive.note_hashes(built)


def glibc(built: Path) -> str:
    """The oldest version of glibc that has all that the programs and libraries in `built` ask it for: "2.35"."""
    asked = {int(found) for file in _binaries(built) for found in re.findall(rb"\0GLIBC_2\.(\d+)", file.read_bytes())}
    return f"2.{max(asked)}"


def _binaries(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as content:
                if content.read(4) == b"\x7fELF":
                    yield file


def _take_libraries(python: Path, modules: Path, folder: Path) -> list[Path]:
    """Copy the libraries that Python and its modules load into `folder`, and make them look there; which they were."""
    found: dict[str, Path] = {}
    for binary in [python, *_binaries(modules)]:
        for line in _output("ldd", str(binary)).splitlines():
            name, arrow, told = line.strip().partition(" => ")
            if arrow and not _SYSTEM.match(name):
                found[name] = Path(told.rpartition(" (")[0])
    for name, place in found.items():
        shutil.copy2(place, folder / name)
    looks = {python: "$ORIGIN/../lib", **dict.fromkeys(_binaries(modules), "$ORIGIN/../..")}
    looks |= dict.fromkeys((folder / name for name in found), "$ORIGIN")
    for binary, where in looks.items():
        _output("patchelf", "--set-rpath", where, str(binary))
    return [*found.values()]


def places_of_builder() -> set[str]:
    """Where the interpreter lay and was compiled, on the machine that builds: it remembers that in its own files."""
    known = {sys.base_prefix, *map(sysconfig.get_config_var, ("abs_builddir", "abs_srcdir"))}
    return {place for place in known if place and not place.startswith("/usr")}


def _forget_places(folder: Path) -> None:
    """Write a folder of the same length, which means nothing, over those: programs must stay as long as they are.

    The last name stays: the linker may have put another text of the program there that ends alike.
    """
    whole = [place.encode() for place in places_of_builder()]
    instead = {place: b"/".ljust(place.rindex(b"/"), b"_") + place[place.rindex(b"/") :] for place in whole}
    for file in folder.rglob("*"):
        content = told = file.read_bytes() if file.is_file() else b""
        for place, nothing in instead.items():
            content = content.replace(place, nothing)
        if content != told:
            file.write_bytes(content)


def _licences(libraries: list[Path]) -> dict[str, licences.Files]:
    """The licences of the libraries that belong to packages of the system, by the package."""
    owners = {_owner(library) for library in libraries if not library.is_relative_to(sys.base_prefix)}
    return {owner: {"copyright": Path("/usr/share/doc") / owner / "copyright"} for owner in sorted(owners)}


def _owner(library: Path) -> str:
    """The package of Debian that a library belongs to; older ones note it without /usr."""
    for path in (library.resolve(), library, Path("/", *library.resolve().parts[2:])):
        done = subprocess.run(["dpkg", "--search", str(path)], capture_output=True, encoding="utf-8", check=False)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    raise BundleRefused(f"不知道 {library} 属于哪个软件包，没有它的许可证。")


def _licence_of_python(library: Path, version: str) -> dict[str, licences.Files]:
    places = (library / "LICENSE.txt", Path(f"/usr/share/doc/python{version}-minimal/copyright"))
    return {f"Python {version}": {place.name: place for place in places if place.is_file()}}


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    except FileNotFoundError:
        raise BundleRefused(f"没有 {command[0]}：请先安装。") from None
    except subprocess.CalledProcessError as error:
        raise BundleRefused(f"{' '.join(command)}：{error.stderr}") from error
