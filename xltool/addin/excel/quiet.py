"""Keeps Excel still while it is worked on, says in the line below the sheet what is done, and gives it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from xltool.addin.excel.com import ComError, give_back, patiently
from xltool.errors import ExcelRefused

if TYPE_CHECKING:
    import xlwings as xw


@contextmanager
def quiet(app: xw.App) -> Iterator[None]:
    """Excel redraws nothing and asks nothing; afterwards, also after an error, it does as before.

    How it calculates and what is selected nobody changes.
    """
    before = patiently(lambda: {name: getattr(app, name) for name in ("screen_updating", "display_alerts")})
    try:
        for name in before:
            patiently(partial(setattr, app, name, False))
        yield
    finally:
        for name, value in before.items():
            give_back(partial(setattr, app, name, value))


@contextmanager
def saying(app: xw.App, text: str) -> Iterator[Callable[[str], None]]:
    """The line below the sheet says what is done, and something else when that is given; then it is Excel's own again.

    A busy Excel does not say it.
    """

    def say(now: str) -> None:
        with suppress(ExcelRefused, ComError):
            patiently(partial(setattr, app, "status_bar", now), ())

    say(text)
    try:
        yield say
    finally:
        give_back(partial(setattr, app, "status_bar", False))
