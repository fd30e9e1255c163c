"""Keeps Excel still while it is worked on, and gives it back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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

    before = {"screen_updating": screen, "display_alerts": alerts, "status_bar": False}
    try:
        for name in ("screen_updating", "display_alerts"):
            patiently(partial(setattr, app, name, False))
        yield
    finally:
        for name, value in before.items():
            give_back(partial(setattr, app, name, value))
