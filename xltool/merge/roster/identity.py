"""Which unit a workbook says it is of."""

from __future__ import annotations

from typing import NamedTuple

from xltool.layout.book import Book
from xltool.layout.choice import has_units
from xltool.merge.roster.roster import RosterUnit, code_before, name_key

_UNIT, _CODE, MERGED = "unit", "unit_code", "merged"
"""As what they are noted, see `Book.noted`."""


class Identity(NamedTuple):
    """The code ("" if it says none) and name of the unit, as noted in the workbook, else as printed.

    `printed` is the name on its tables where that is not the one noted, else ""; `is_merged` says that the workbook is
    a 汇总 of ours.
    """

    code: str
    name: str
    printed: str = ""
    is_merged: bool = False


def noted_identity(unit: RosterUnit) -> dict[str, str]:
    """What is noted in the workbook written for a unit."""
    return {_UNIT: unit.name, **({_CODE: unit.code} if unit.code else {})}


def identity(book: Book) -> Identity:
    """Which unit a workbook is of: what is noted in it; else its one row of a unit; else the name above its tables.

    A code may stand before a printed name (“202青龙满族自治县信访局”).
    """
    printed, is_merged = _printed_name(book), MERGED in book.noted
    noted = book.noted.get(_UNIT, "")
    if not noted:
        return Identity(code_before(printed) or _code_above(book, printed), printed, is_merged=is_merged)
    differs = bool(printed) and name_key(printed) != name_key(noted)
    return Identity(book.noted.get(_CODE, ""), noted, printed if differs else "", is_merged)


def _printed_name(book: Book) -> str:
    units = book.outline.members.get("unit", ()) if has_units(book.template) else ()
    return units[0] if len(units) == 1 else _department(book)


def _code_above(book: Book, name: str) -> str:
    """The code before the name above the tables, if that is the same name."""
    department = _department(book)
    code = code_before(department)
    return code if code and name_key(department[len(code) :]) == name_key(name) else ""


def _department(book: Book) -> str:
    """The name above the tables; what was noted, if nothing is printed there."""
    return book.seen.department or book.outline.department
