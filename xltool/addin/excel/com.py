"""xlwings, its BSD part only, made ready; and what Excel answers when it cannot do what it is asked."""

from __future__ import annotations

import atexit
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, TypeVar, cast

from xltool.errors import ExcelRefused

Result = TypeVar("Result")

if sys.platform == "win32":
    import pywintypes

    ComError = pywintypes.com_error
else:

    class ComError(Exception):
        """An error of COM, as pywin32 raises it on Windows: its number, the system's text, what the program says of it
        (a code, its name, its text, a file and a number of help, its number), which argument is wrong."""


_NO_MODULE = cast(ModuleType, None)
"""In place of a module: Python then finds no such one."""

_FOR_VALUES = ("matplotlib", "numpy", "pandas", "PIL", "plotly", "polars")
"""Libraries that take longer to import than all the rest, and that xlwings does without where they are not installed:
the values of cells, which it has them for, we do not take from it."""

_WAITS = (0.2, 0.4, 0.8, 1.6)
_LONG_WAITS = (*_WAITS, *(2.0,) * 60)
"""Seconds between the attempts to reach an Excel that is busy; what we took from it, it must get back in the end."""

BUSY = "Excel 正忙：可能正在编辑单元格（请按回车或 Esc），或开着对话框（请关闭），然后再点一次。"


def xlwings() -> ModuleType:
    """The library xlwings, without the part that has another licence, whoever owns a key of it.

    Left alone it asks a busy Excel for ever, without a pause, and at the end of our process it ends every Excel that
    shows no workbook: of another program, or one that was just started. Neither may happen to a user.
    """
    sys.modules.setdefault("xlwings.pro", _NO_MODULE)
    with _unseen(_FOR_VALUES):
        import xlwings as library

    native = _native(library)
    if native is not None:
        native.N_COM_ATTEMPTS = 1
        atexit.unregister(native.cleanup)
    return library


@contextmanager
def _unseen(modules: Iterable[str]) -> Iterator[None]:
    """Let nobody import these meanwhile, as if they were not installed; who has them already keeps them."""
    hidden = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden, _NO_MODULE))
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def patiently(step: Callable[[], Result], waits: Sequence[float] = _WAITS) -> Result:
    """What `step` returns, which may begin anew several times while Excel is busy; raises ExcelRefused if it stays so.

    Other errors of Excel are raised as they are.
    """
    refusals, pauses = _refusals(), iter(waits)
    while True:
        try:
            return step()
        except refusals as error:
            if not _is_busy(error):
                raise
            pause = next(pauses, None)
            if pause is None:
                raise ExcelRefused(BUSY) from error
        time.sleep(pause)


def assign(thing: Any, name: str, value: object) -> None:
    """Set a property of something of Excel's; raises as `patiently` expects.

    It is read first: one that pywin32 has not met yet it takes, of an Excel that is busy or gone, for a property that
    cannot be set, and raises AttributeError.
    """
    getattr(thing, name)
    setattr(thing, name, value)


def each(collection: Any) -> Iterator[Any]:
    """What is in a collection of Excel's, by number: where Excel is busy, pywin32 finds nothing to iterate over."""
    return (collection.Item(number) for number in range(1, collection.Count + 1))


@contextmanager
def gone_means(sentence: str) -> Iterator[None]:
    """Raise ExcelRefused with this sentence where a workbook, or Excel itself, is no longer there."""
    try:
        yield
    except ComError as error:
        if not is_gone(error):
            raise
        raise ExcelRefused(sentence) from error


def give_back(step: Callable[[], object]) -> None:
    """Give Excel back what we took from it, however long it does not take it; one that has ended needs nothing."""
    refusals = _refusals()
    for wait in _LONG_WAITS:
        try:
            step()
            return
        except refusals as error:
            if is_gone(error):
                return
        time.sleep(wait)
    step()


def is_gone(error: BaseException) -> bool:
    """Whether the workbook, or Excel itself, is no longer there."""
    return bool(_numbers(error) & _GONE)


def is_refusal(error: ComError) -> bool:
    """Whether Excel could be asked, and does not take this one thing."""
    return not is_gone(error) and not _is_busy(error)


def why(error: ComError) -> str:
    """What Excel itself says of an error, or else the system, as part of a sentence."""
    _, system, details, _ = error.args
    told = (details[2] if details else "") or system or "没有说明原因"
    return str(told).strip().rstrip("。.")


def _signed(number: int) -> int:
    return number - (1 << 32)


_REJECTED = frozenset(map(_signed, (0x80010001, 0x8001010A, 0x800AC472)))
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE: a cell is edited, or a dialog is open."""

_DISCONNECTED = (0x80010007, 0x80010012, 0x80010108, 0x800706BA, 0x800706BE)
"""RPC_E_SERVER_DIED, RPC_E_SERVER_DIED_DNE, RPC_E_DISCONNECTED, RPC_S_SERVER_UNAVAILABLE, RPC_S_CALL_FAILED."""
_GONE = frozenset(map(_signed, (*_DISCONNECTED, 0x800401A8, 0x800401FD)))
"""And the object was deleted, or is not connected."""


def _native(library: ModuleType) -> Any:
    """The part of xlwings that drives Excel for Windows; None elsewhere."""
    return getattr(library, "_xlwindows", None)


def _refusals() -> tuple[type[Exception], ...]:
    native = _native(xlwings())
    return (ComError,) if native is None else (ComError, native.ExcelBusyError)


def _is_busy(error: Exception) -> bool:
    return not isinstance(error, ComError) or bool(_numbers(error) & _REJECTED)


def _numbers(error: BaseException) -> set[int]:
    return {one for one in _parts(error) if isinstance(one, int)}


def _parts(error: BaseException) -> list[object]:
    """The error's number and text, and those in what the program itself says of it."""
    return [one for part in error.args for one in (part if isinstance(part, tuple) else (part,))]
