"""Names of files to write, looked at before any work is done for them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xltool.api.batches import refuse_existing
from xltool.api.paths import is_same
from xltool.cli import output
from xltool.errors import FileRefused
from xltool.saving import refuse_unwritable, save_file

_SCREEN = "-"
_NOT_JSON = (".xlsx", ".xlsm", ".xls", ".et", ".csv")


def ensure_workbook(target: Path, force: bool) -> None:
    """Raise FileRefused for a workbook that Excel would not open under that name, or that is there already."""
    if target.suffix.lower() != ".xlsx":
        raise FileRefused(f"“{target.name}”应以 .xlsx 结尾：请把 -o 后面的文件名写成“{target.stem}.xlsx”。")
    refuse_existing(target, force)


def ensure_another(target: Path, source: Path) -> None:
    """Raise FileRefused for a target that is the file it is made from, even if that may be overwritten."""
    if is_same(target, source):
        raise FileRefused(f"“{target.name}”就是要读的文件，写在上面会丢失原来的内容：-o 后面请写另一个文件名。")


def is_screen(json: Path | None) -> bool:
    """Whether JSON is all that is to be on the screen."""
    return str(json) == _SCREEN


def ensure_json(target: Path | None, force: bool) -> None:
    """Raise FileRefused for a JSON file named like a workbook, or that is there already."""
    if target is None or is_screen(target):
        return
    if target.suffix.lower() in _NOT_JSON:
        raise FileRefused(f"“{target}”不是 JSON 文件名：--json 后面请写以 .json 结尾的文件名，或写“-”。")
    refuse_existing(target, force)


def ensure_list(target: Path | None, others: Iterable[Path | None], force: bool) -> None:
    """Raise FileRefused for a 问题清单 that cannot be written, that is there already, or is one of the other files."""
    if target is not None:
        from xltool.excel.write.handouts.finding_list import refuse_other_endings

        refuse_other_endings(target)
        _ensure_apart("--list", target, others, force)


def ensure_page(target: Path | None, others: Iterable[Path | None], force: bool) -> None:
    """Raise FileRefused for a page that cannot be written, that is there already, or is one of the other files."""
    if target is not None:
        if target.suffix.lower() not in (".html", ".htm"):
            raise FileRefused(f"“{target.name}”不是网页的文件名：--html 后面请写以 .html 结尾的文件名。")
        _ensure_apart("--html", target, others, force)


def _ensure_apart(option: str, target: Path, others: Iterable[Path | None], force: bool) -> None:
    for one in others:
        if one is not None and (is_same(target, one) or target.absolute() == one.absolute()):
            raise FileRefused(f"“{target.name}”是要读或要写的另一个文件：{option} 后面请写别的文件名。")
    refuse_existing(target, force)
    refuse_unwritable(target, f"或在 {option} 后面写另一个位置")


def put_json(target: Path, document: str) -> None:
    """Show a document on the screen, or save it to its file."""
    if is_screen(target):
        output.say_json(document)
    else:
        save_file(target, document.encode())
