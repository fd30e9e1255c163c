"""Keeps Excel still while it is worked on, says in the line below the sheet what is done, and gives it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from xltool.addin.excel.com import ComError, assign, give_back, patiently
from xltool.errors import ExcelRefused

if TYPE_CHECKING:
    import xlwings as xw

_STILL = ("screen_updating", "display_alerts", "enable_events")


@contextmanager
def quiet(app: xw.App) -> Iterator[None]:
    """Excel redraws nothing, asks nothing and starts no macro of the workbook's (before it is saved, when something
    changes); afterwards, also after an error, it does as before.

    How it calculates and what is selected nobody changes.
    """
    before = patiently(lambda: {name: getattr(app, name) for name in _STILL})
    try:
        for name in before:
            patiently(partial(assign, app, name, False))
        yield
    finally:
        for name, value in before.items():
            give_back(partial(assign, app, name, value))


@contextmanager
def saying(app: xw.App, text: str) -> Iterator[Callable[[str], None]]:
    """The line below the sheet says what is done, and something else when that is given; then it is Excel's own again.

    A busy Excel does not say it.
    """

    def say(now: str) -> None:
        with suppress(ExcelRefused, ComError):
            patiently(partial(assign, app, "status_bar", now), ())

    say(text)
    try:
        yield say
    finally:
        give_back(partial(assign, app, "status_bar", False))
