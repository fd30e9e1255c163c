"""Puts the ribbon into Excel's start-up folder, takes it out again, and says how it stands there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from xltool.addin.install.places import FILE, SETTINGS, content_of_ours
from xltool.addin.install.registry import Registry, registry, what_blocks
from xltool.addin.install.settings import program_in, settings_for
from xltool.errors import AddInRefused
from xltool.input_file import content_of
from xltool.saving import make_folder, save_file

Version = Literal["absent", "other", "ours"]

_IN_USE = "Excel 正开着，在用“{}”，不能替换，也不能删除：请先保存工作簿，关闭全部 Excel 窗口，再做一次。"

_MARK_OF_THE_WEB = ":Zone.Identifier"
"""The stream beside a file in which Windows notes where it came from."""
_FROM_ELSEWHERE = {"ZoneId=3", "ZoneId=4"}
"""From the internet, or from a site that is not trusted."""
_LONGEST_MARK = 10_000
_ADD_IN_MARKED = "“{}”带有“来自网络”的标记，Excel 会拦住它：请再安装一次。"
_PROGRAM_MARKED = "“{}”带有“来自网络”的标记，Windows 可能不让它启动：请右键点它，选“属性”，勾上“解除锁定”。"


class Status(NamedTuple):
    """How the ribbon stands in a folder.

    `program` is what it starts, None if that is written down nowhere; `blocked` are sentences about what may keep
    Excel from loading it, or the program from starting.
    """

    add_in: Path
    version: Version
    program: Path | None
    blocked: tuple[str, ...]

    @property
    def starts(self) -> bool:
        """Whether there is a program to start."""
        return self.program is not None and self.program.is_file()

    @property
    def works(self) -> bool:
        """Whether all that can be seen from outside Excel is well."""
        return self.version == "ours" and self.starts and not self.blocked


def install(folder: Path, program: Path) -> Path:
    """Put the xltool.xlam of this xltool into `folder`, and which `program` it starts: the file that is there now.

    What is there already is replaced, both or neither; an add-in that is ours stays as it is, so that an open Excel can
    be told of a new place of the program. Raises AddInRefused while Excel has another one open, FileRefused if the
    folder lets us write nothing.
    """
    add_in, settings = folder / FILE, folder / SETTINGS
    if folder.exists() and not folder.is_dir():
        raise AddInRefused(f"“{folder}”是一个文件：--to 后面请写文件夹。")
    stays = _version(add_in) == "ours" and not _is_marked(add_in)
    if not stays:
        _refuse_in_use(add_in)
    make_folder(settings.parent)
    before = content_of(settings) if settings.exists() else None
    save_file(settings, settings_for(program))
    if stays:
        return add_in
    try:
        save_file(add_in, content_of_ours())
    except BaseException:
        if before is None:
            _remove(settings)
        else:
            save_file(settings, before)
        raise
    return add_in


def uninstall(folder: Path) -> bool:
    """Remove what `install` has put into `folder`, and nothing else: whether it was there. Raises AddInRefused."""
    add_in, settings = folder / FILE, folder / SETTINGS
    was_there = add_in.exists() or settings.exists()
    _refuse_in_use(add_in)
    add_in.unlink(missing_ok=True)
    _remove(settings)
    return was_there


def status(folder: Path, look: Registry = registry) -> Status:
    """How the ribbon stands in `folder`. Raises AddInRefused if this xltool has none to compare it with."""
    add_in, program = folder / FILE, program_in(folder / SETTINGS)
    marked = [_ADD_IN_MARKED.format(FILE)] if _is_marked(add_in) else []
    if program is not None and _is_marked(program):
        marked.append(_PROGRAM_MARKED.format(program))
    return Status(add_in, _version(add_in), program, (*marked, *what_blocks(look, FILE)))


def _version(add_in: Path) -> Version:
    ours = content_of_ours()
    if not add_in.exists():
        return "absent"
    return "ours" if content_of(add_in) == ours else "other"


def _refuse_in_use(add_in: Path) -> None:
    """Excel keeps the add-ins that it has loaded open, and lets nobody write to them."""
    try:
        with suppress(FileNotFoundError), add_in.open("r+b"):
            pass
    except PermissionError as error:
        raise AddInRefused(_IN_USE.format(add_in)) from error


def _remove(settings: Path) -> None:
    settings.unlink(missing_ok=True)
    with suppress(OSError):  # it was not there, or others have put something into it
        settings.parent.rmdir()


def _is_marked(path: Path) -> bool:
    """Whether Windows takes a file for one that came from elsewhere."""
    try:
        with Path(f"{path}{_MARK_OF_THE_WEB}").open(encoding="ascii", errors="replace") as stream:
            lines = stream.read(_LONGEST_MARK).splitlines()
    except (OSError, ValueError):  # no such stream, a disk that has none, or no name of a file
        return False
    return not _FROM_ELSEWHERE.isdisjoint(lines)
