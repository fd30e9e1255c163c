"""Keeps Excel still while it is worked on, and gives it back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xltool.addin.excel.com import give_back, patiently

if TYPE_CHECKING:
    import xlwings as xw


@contextmanager
def quiet(app: xw.App) -> Iterator[None]:
    """Excel redraws nothing and asks nothing; afterwards, also after an error, it does as before.

    The line below the sheet is Excel's own again. How it calculates and what is selected nobody changes.
    """
    screen, alerts = patiently(lambda: (app.screen_updating, app.display_alerts))

    def restore() -> None:
        app.screen_updating, app.display_alerts = screen, alerts
        app.status_bar = False

    try:
        patiently(lambda: _silence(app))
        yield
    finally:
        give_back(restore)


def _silence(app: xw.App) -> None:
    app.screen_updating = app.display_alerts = False
