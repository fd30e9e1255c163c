"""In which unit the amounts of each table are: as the lines above the tables say it, and as the figures bear it out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.instances import all_equations
from xltool.equations.nets import Net, Nets
from xltool.excel.read.recognise import Found
from xltool.layout.book import Book
from xltool.layout.layout import TableAt
from xltool.layout.outline import Outline
from xltool.model import CellRef
from xltool.source.sheet import Sheet
from xltool.template.names import PRINTED_UNIT
from xltool.template.spec import YUAN

_NEAR = 100
"""Two readings of a table lie 10,000 apart: the two sides of an equation are nearer than this in the right one."""

_ALONE = re.compile(r"[(]?(?:人民币)?(万?元)[)]?")
_ODD = re.compile(r"单位:(?:人民币)?([十百千亿]万?元)")
"""Units of other sizes than tables have."""


class Printed(NamedTuple):
    """A unit that is printed, "" if none is, and where."""

    cell: CellRef
    text: str


def printed_unit(sheet: Sheet, title_row: int, first_row: int = 0) -> Printed:
    """The unit in the lines above the headings, and its cell.

    Above the headings, if `first_row` says where they begin, it may stand alone (（万元）), or be one that tables never
    have (千元).
    """
    for row in range(1, title_row + 6):
        for column, text in enumerate(sheet.texts(row), 1):
            unit = PRINTED_UNIT.search(text) or (row < first_row and (_ALONE.fullmatch(text) or _ODD.search(text)))
            if unit:
                return Printed(CellRef(sheet.name, row, column), unit[1])
    return Printed(CellRef(sheet.name, max(title_row, 1), 1), "")


def usual_unit(found: Iterable[Found]) -> str:
    """The unit that most tables print, of several the first; "" if none does. Tables with a unit of their own say
    nothing of the others; the sheets of a form say it once."""
    first = {item.table.id: item for item in reversed([*found]) if not item.table.amount_unit}
    texts = Counter(printed_unit(item.sheet, item.title_row).text for item in reversed(first.values()))
    del texts[""]
    return max(texts, key=lambda text: texts[text], default="")


def own_unit(table: TableAt, outline: Outline) -> str:
    """The unit that the amounts of a table should have."""
    return table.table.amount_unit or outline.amount_unit


def in_unit(table: TableAt, unit: str) -> TableAt:
    """A table with the unit of its amounts; "" for the workbook's."""
    if all(block.amount_unit == unit for block in table.blocks):
        return table
    return table._replace(blocks=tuple(replace(block, amount_unit=unit) for block in table.blocks))


def other_units(book: Book, printed: Mapping[str, str]) -> dict[str, str]:
    """The tables whose figures are in another unit than `book` was read with, and that unit.

    `printed` has the tables whose unit line says another unit than they should have. Such a table may be in either; it
    is in the other one if more equations with other tables say so than say the contrary. What says it is the size of
    the two sides: other mistakes in them do not matter.
    """
    layout = book.layout
    tables = {block.index: key for key in printed for block in layout.tables[key].blocks}
    votes = Counter[str]()
    nets = Nets(book.live)
    for equation in all_equations(layout) if tables else ():
        if equation.is_inequality or any(equation.constants):
            continue
        for key, here, elsewhere in _parted(nets.of(equation), book, tables):
            own, other = (YUAN[unit] for unit in _readings(book, key, printed[key]))
            as_read, converted = _are_near(here, elsewhere), _are_near(here * other / own, elsewhere)
            votes[key] += converted - as_read
    return {key: _readings(book, key, printed[key])[1] for key, count in votes.items() if count > 0}


def _readings(book: Book, key: str, printed: str) -> tuple[str, str]:
    """The unit that a table was read in, and the other one that it may be in."""
    own = own_unit(book.layout.tables[key], book.outline)
    read = next((block.amount_unit or own for block in book.layout.tables[key].blocks), own)
    return read, own if read == printed else printed


def _parted(net: Net, book: Book, tables: Mapping[int, str]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """What the cells of each of `tables` add to an equation, and what all other cells do; neither is 0."""
    sums: dict[str, Decimal] = {}
    for place, coefficient in net.items():
        value = book.values.get(place)
        if isinstance(value, Decimal):
            key = tables.get(place.block, "")
            sums[key] = sums.get(key, Decimal(0)) + coefficient * value
    whole = sum(sums.values(), Decimal(0))
    for key, here in sums.items():
        if key and here and whole != here:
            yield key, here, whole - here


def _are_near(one: Decimal, other: Decimal) -> bool:
    return abs(one) < _NEAR * abs(other) and abs(other) < _NEAR * abs(one)
