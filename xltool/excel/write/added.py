"""A sheet beside the official ones, written by whoever made the figures: how they were rounded, who sent them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xltool.excel.write.cells import Job
from xltool.layout.block import Place


class AddedSheet(NamedTuple):
    """Its name, which `source.our_sheets.OUR_SHEETS` has too, and what fills it in; it comes after the official sheets.

    `about` says in 目录 what it shows; a sheet that can be taken out again has no line there. `sources` are the places
    of tables that take their figure from it, each with the formula (without "=") that does. It is printed across on A4,
    one page wide, unless `write` sets it up otherwise.
    """

    name: str
    about: str | None
    write: Callable[[Job, Worksheet], None]
    sources: Mapping[Place, str] = MappingProxyType({})
