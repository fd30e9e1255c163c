"""A sheet beside the official ones, written by whoever made the figures: how they were rounded, who sent them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xltool.excel.write.cells import Job


class AddedSheet(NamedTuple):
    """Its name, which `source.sheet.OUR_SHEETS` has too, and what fills it in; it comes after the official sheets."""

    name: str
    write: Callable[[Job, Worksheet], None]
