"""What of ours is in a workbook, sheet by sheet, without changing anything."""

from __future__ import annotations

from typing import NamedTuple

from xltool.excel.file.package import Package
from xltool.excel.file.parts import find_workbook
from xltool.excel.mark import colours, notes
from xltool.excel.mark.comments import cell_of


class Seen(NamedTuple):
    """The cells of a sheet with text of ours in their notes, those with a colour of ours (of neighbours that became one
    range, the first), and those with a threaded comment."""

    noted: frozenset[str] = frozenset()
    coloured: frozenset[str] = frozenset()
    threaded: frozenset[str] = frozenset()


def seen(package: Package) -> dict[str, Seen]:
    """By the names of the sheets. Raises FileRefused if one cannot be understood."""
    return {name: _seen(package, part) for name, part in find_workbook(package).sheets.items()}


def _seen(package: Package, part: str) -> Seen:
    _, ranges = colours.remove_rules(package.read(part)) if colours.is_marked(package.read_raw(part)) else ((), [])
    if not notes.has_notes(package, part):
        return Seen(coloured=first_cells(ranges))
    noted, threaded = notes.our_cells(package, part), notes.threaded_cells(package, part)
    return Seen(frozenset(noted), first_cells(ranges), frozenset(threaded))


def first_cells(ranges: list[str]) -> frozenset[str]:
    """The cells of ranges; another program may have merged neighbours into one: their notes still count each."""
    return frozenset(cell_of(cells.partition(":")[0]) for cells in ranges)
