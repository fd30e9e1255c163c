"""The programs of the Windows bundle that a user starts, each made from the one C source in launcher/."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bundle.refused import BundleRefused
from xltool import __version__

_SOURCES = Path(__file__).parent / "launcher"
_COMPILER = "x86_64-w64-mingw32-gcc"
_RESOURCES = "x86_64-w64-mingw32-windres"


class Launcher(NamedTuple):
    """One program: where it lies in the bundle, and what it has Python run."""

    path: str
    runs: str
    console: bool = False

    @property
    def title(self) -> str:
        """What its dialogs are called: as the program is, if everyone sees that."""
        return "xltool" if self.path.startswith("program/") else self.path.removesuffix(".exe")

    @property
    def python(self) -> str:
        """The interpreter, from the folder of the launcher; pythonw opens no black window."""
        name = "python.exe" if self.console else "pythonw.exe"
        return f"python\\{name}" if self.path.startswith("program/") else f"program\\python\\{name}"


LAUNCHERS = (
    Launcher("检查.exe", "xltool_bundle check"),
    Launcher("清除标注.exe", "xltool_bundle clear"),
    Launcher("打开页面.exe", "xltool_bundle page"),
    Launcher("安装到 Excel.exe", "xltool_bundle install"),
    Launcher("从 Excel 卸载.exe", "xltool_bundle uninstall"),
    Launcher("program/xltool-addin.exe", "xltool_bundle addin"),
    Launcher("program/xltool.exe", "xltool", console=True),
)
"""Those of the first folder are for everyone; the ribbon starts xltool-addin, xltool is the command line."""


def make(launcher: Launcher, folder: Path) -> Path:
    """Compile one of them into the bundle in `folder`; the same sources give the same bytes. Raises BundleRefused."""
    program = folder / launcher.path
    program.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work:
        header, resources = Path(work, "given.h"), Path(work, "resources.o")
        header.write_text(_given(launcher), encoding="utf-8")
        _run([_RESOURCES, "--include-dir", work, "launcher.rc", str(resources)])
        _run(
            [_COMPILER, "-municode", "-mconsole" if launcher.console else "-mwindows", "-Os", "-s", "-Wall", "-Wextra"]
            + ["-Werror", "-Wl,--no-insert-timestamp", f"-I{work}", "launcher.c", str(resources)]
            + ["-o", str(program.resolve())]
        )
    return program


def _given(launcher: Launcher) -> str:
    """What distinguishes this program from the others, as definitions for the C source and the resources."""
    texts = {
        "TITLE": launcher.title,
        "PYTHON": launcher.python,
        "ENTRY": f"-I -m {launcher.runs}",
        "VERSION": __version__,
    }
    lines = [f'#define {name} "{text}"'.replace("\\", "\\\\") for name, text in texts.items()]
    return "\n".join([*lines, f"#define NUMBERS {','.join(__version__.split('.'))},0", ""])


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, cwd=_SOURCES, check=True, capture_output=True, encoding="utf-8")
    except FileNotFoundError:
        raise BundleRefused(f"没有 {command[0]}：请先安装 gcc-mingw-w64-x86-64-win32。") from None
    except subprocess.CalledProcessError as error:
        raise BundleRefused(f"启动程序没有编译成功：{error.stderr}") from error
