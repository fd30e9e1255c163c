"""Which unit a workbook says it is of."""

from __future__ import annotations

from typing import NamedTuple

from xltool.layout.book import MERGED, Book
from xltool.layout.choice import has_units
from xltool.merge.roster.roster import RosterUnit, code_before, name_key

_UNIT, _CODE = "unit", "unit_code"
"""As what they are noted, see `Book.noted`."""


class Identity(NamedTuple):
    """The code ("" if it says none) and name of the unit, as noted in the workbook, else as printed.

    `department` is the name above its tables where the format prints that besides the unit's, else ""; `printed` the
    unit's name on the tables where it is not the one noted, else "". `is_merged` says that the workbook is a 汇总 of
    ours, `units` how many units have rows in it.
    """

    code: str
    name: str
    department: str = ""
    printed: str = ""
    is_merged: bool = False
    units: int = 0

    @property
    def is_summary(self) -> bool:
        """Whether the workbook is a 汇总, of ours or made by hand."""
        return self.is_merged or self.units > 1


def noted_identity(unit: RosterUnit) -> dict[str, str]:
    """What is noted in the workbook written for a unit."""
    return {_UNIT: unit.name, **({_CODE: unit.code} if unit.code else {})}


def noted_again(book: Book) -> dict[str, str]:
    """What a workbook made from another notes of it: of which unit it is, and that it is a 汇总."""
    return {name: book.noted[name] for name in (_UNIT, _CODE, MERGED) if name in book.noted}


def identity(book: Book) -> Identity:
    """Which unit a workbook is of: what is noted in it; else its one row of a unit; else the name above its tables.

    A code may stand before a printed name (“202青龙满族自治县信访局”).
    """
    above = book.seen.department or book.outline.department
    units = book.outline.members.get("unit", ()) if has_units(book.template) else ()
    printed = units[0] if len(units) == 1 else above
    department = above if units else ""
    noted = book.noted.get(_UNIT, "")
    if noted and not book.is_merged:
        differs = bool(printed) and name_key(printed) != name_key(noted)
        return Identity(book.noted.get(_CODE, ""), noted, department, printed if differs else "", units=1)
    code = code_before(printed) or _code_above(above, printed)
    return Identity(code, printed, department, is_merged=book.is_merged, units=len(units))


def _code_above(above: str, name: str) -> str:
    """The code before the name above the tables, if that is the same name."""
    code = code_before(above)
    return code if code and name_key(above[len(code) :]) == name_key(name) else ""
