"""Where the ribbon's files lie: in xltool itself, in Excel's start-up folder, and the program that it starts."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

from xltool.addin.install.registry import Registry, name_of_startup_folder, registry
from xltool.errors import AddInRefused
from xltool.template.user_folder import user_folder

FILE = "xltool.xlam"
SETTINGS = Path("xltool", "xltool.ini")
"""From the folder of xltool.xlam; in a folder below it, for Excel opens every file that lies beside it."""
PROGRAM = "xltool-addin.exe" if os.name == "nt" else "xltool-addin"

_BUILT = Path(__file__).parents[1] / FILE
_ONLY_EXCEL = (
    "选项卡只能装进 Windows 上的 Excel：这里请用页面（xltool serve）；要把文件放进某个文件夹，用 --to 文件夹 指明。"
)


def startup_folder() -> Path:
    """The folder whose add-ins Excel loads for this user. Raises AddInRefused where no Excel of ours can be."""
    if os.name != "nt":
        raise AddInRefused(_ONLY_EXCEL)
    return startup_folder_in(user_folder().parent, registry)


def startup_folder_in(settings_of_user: Path, look: Registry) -> Path:
    """The same, from %APPDATA% and the registry: found without starting Excel."""
    return settings_of_user / "Microsoft" / "Excel" / name_of_startup_folder(look)


def program_of_ours() -> Path:
    """What the ribbon starts: the program that was installed with this xltool. Raises AddInRefused."""
    folders = [
        Path(sysconfig.get_path("scripts")),  # where pip puts programs
        Path(sysconfig.get_path("scripts", f"{os.name}_user")),
        Path(sys.prefix).parent,  # the folder that runs without Python being installed has its own in a folder
    ]
    for program in (folder / PROGRAM for folder in folders):
        if program.is_file():
            return program.resolve()
    raise AddInRefused(f"找不到 {PROGRAM}：这份 xltool 不完整，请重新安装，或重新解压整个文件夹。")


def content_of_ours() -> bytes:
    """The xltool.xlam of this xltool. Raises AddInRefused."""
    try:
        return _BUILT.read_bytes()
    except FileNotFoundError as error:
        raise AddInRefused(f"这份 xltool 里没有 {FILE}：请重新安装（在源码里先运行 make addin）。") from error
