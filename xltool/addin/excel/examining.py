"""Reads the open workbook from a copy that Excel writes: it finds what `xltool check` finds in the saved file."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xltool.addin.excel.com import ComError, each, is_gone, patiently, why
from xltool.addin.excel.finding import OpenBook, ensure_there
from xltool.addin.excel.quiet import quiet
from xltool.errors import ExcelRefused

if TYPE_CHECKING:
    from xltool.diagnose.report import Report
    from xltool.excel.file.package import Package
    from xltool.excel.mark.seen import Seen
    from xltool.model import Acceptance

_PREFIX = "xltool-excel-"
_LEFT_BEHIND = 3600
"""Seconds after which a copy belongs to no run any more."""

_SUFFIX = ".xlsx"
"""Of the copy of a workbook that was never saved: its name has none."""

_LONGEST_PATH = 218
"""Letters of a path that Excel takes."""


class Copied(NamedTuple):
    """A workbook as it was when Excel wrote its copy: the copy, what of ours is in it, how far each sheet reached, and
    whether the workbook carries a digital signature, which any change breaks."""

    package: Package
    seen: dict[str, Seen]
    reach: dict[str, str]
    is_signed: bool


def copied(book: OpenBook) -> Copied:
    """The workbook as it is in Excel now. Raises ExcelRefused if Excel writes no copy of it, and FileRefused if the
    copy cannot be read (a password, another format)."""
    from xltool.api.books import opened
    from xltool.excel.file.guard import is_signed
    from xltool.excel.mark.seen import seen

    with _private_folder() as folder:
        name = Path(book.name if patiently(lambda: book.book.api.Path) else book.name + _SUFFIX)
        copy = folder / f"{name.stem[: _LONGEST_PATH - len(f'{folder}{name.suffix}') - 1]}{name.suffix}"
        try:
            with quiet(book.app):
                patiently(lambda: book.book.api.SaveCopyAs(str(copy)))
        except ComError as error:
            if is_gone(error):
                raise
            raise ExcelRefused(
                f"Excel 没能写出“{book.name}”的副本（{why(error)}），没有检查：请保存后用“打开页面”检查保存的文件。"
            ) from error
        reach = patiently(lambda: _reach(book))
        package = opened(copy)
        has_signature = is_signed(package) or patiently(lambda: book.book.api.Signatures.Count) > 0
        return Copied(package, seen(package), reach, has_signature)


def examined(copy: Copied, accepted: Sequence[Acceptance] = ()) -> Report:
    """What is found in the copy; of warnings that are `accepted` the report says so. Raises what `checked` raises."""
    from xltool.api.undescribed import checked

    return checked(copy.package, None, None, accepted)


def sheet_with_reasons(copy: Copied) -> str:
    """The name of the sheet that keeps reasons (审核说明); "" if there is none."""
    from xltool.excel.read.sheets.source import open_workbook

    return open_workbook(copy.package).accepted.sheet


def ensure_may_change(book: OpenBook, copy: Copied) -> None:
    """Raise ExcelRefused if rows, columns or sheets came or went since the copy: the cells are no longer where they
    were; and SignedWorkbook."""
    from xltool.excel.mark.annotate import signed

    if copy.is_signed:
        raise signed(book.name)
    ensure_there(book)
    if patiently(lambda: _reach(book)) != copy.reach:
        raise ExcelRefused(f"检查期间“{book.name}”加减过行、栏或工作表：没有标注，请再点一次“检查”。")


def as_it_is_now(book: OpenBook, copy: Copied) -> Copied:
    """The same copy, after we have changed the workbook ourselves, behind all that is marked."""
    return copy._replace(reach=patiently(lambda: _reach(book)))


def _reach(book: OpenBook) -> dict[str, str]:
    return {sheet.Name: sheet.UsedRange.Address for sheet in each(book.book.api.Worksheets)}


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only this user may look into, gone afterwards; those that killed runs left behind go too."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another run was faster
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        yield Path(folder)
