"""Notes what a workbook does not show: hidden cells, results that are old, digits that a format leaves away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.seen import Aside
from xltool.model import CellRef
from xltool.source.cells import from_float
from xltool.source.number_format import CellFormats, shown
from xltool.source.sheet import Sheet, Source

_NOISE = Decimal("1e-6")
"""What floats may be off by."""

_USUAL = CellFormats((), dict)


def note_concealed(book: Book, sheets: Mapping[str, Sheet], source: Source) -> None:
    """Put down in `book.seen` what its tables (`sheets`) and the sheets beside them do not show."""
    seen = book.seen
    seen.hidden += _hidden_figures(book, sheets, source)
    seen.hidden_sheets = source.hidden & sheets.keys()
    seen.very_hidden = source.very_hidden
    seen.aside += _hidden_asides(book, source)
    seen.is_manual = source.is_manual
    seen.outdated |= dict(sorted(_outdated(book, sheets)))
    seen.other_workbooks = source.other_workbooks
    seen.shortened |= dict(_shortened(book, sheets, source))


def _hidden_figures(book: Book, sheets: Mapping[str, Sheet], source: Source) -> Iterator[CellRef]:
    """The figures that are not shown, zeros aside: those of a hidden sheet, row or column."""
    for block in book.layout.blocks:
        sheet = sheets[block.sheet]
        if block.sheet not in source.hidden and not any(sheet.hidden):
            continue
        for place in block.figures():
            cell = block.cell(place.row, place.column)
            is_hidden = cell is not None and (cell.sheet in source.hidden or sheet.hidden.has(cell.row, cell.column))
            if cell is not None and is_hidden and book.values.get(place):
                yield cell


def _hidden_asides(book: Book, source: Source) -> Iterator[Aside]:
    """Hidden sheets with numbers that are no tables, and which figures come from them."""
    known = {table.sheet for table in book.layout.tables.values()} | {copy.title.sheet for copy in book.seen.left_out}
    for name in source.with_tables:
        if name not in source.hidden or name in known:
            continue
        sheet = source.sheets[name]
        numbers = [
            CellRef(name, row, column)
            for row, cells in enumerate(sheet.cells, 1)
            for column, raw in enumerate(cells, 1)
            if isinstance(raw, float) and raw
        ]
        if numbers:
            named = re.compile(rf"(?<![\w']){re.escape(name)}!|'{re.escape(name.replace(chr(39), chr(39) * 2))}'!")
            users = [place for place, text in book.formulas.items() if named.search(text)]
            yield Aside(numbers[0], len(numbers), tuple(users))


def _outdated(book: Book, sheets: Mapping[str, Sheet]) -> Iterator[tuple[Place, Decimal]]:
    """The totals of which the workbook shows another result than they have now, with that result.

    A stored 0 says nothing: some programs store it for whatever they have not calculated.
    """
    for place in book.live:
        cell, value = book.layout.cell(place), book.values.get(place)
        raw = "" if cell is None else sheets[cell.sheet].raw(cell.row, cell.column)
        if cell is None or place in book.seen.displaced or not raw or not isinstance(raw, float):
            continue
        stored, now = from_float(raw), value if isinstance(value, Decimal) else Decimal(0)
        if stored == now or cell.a1 in sheets[cell.sheet].formulas.without_value:
            continue
        if abs(stored - now) > _NOISE * (abs(now) + 1):
            yield place, stored


def _shortened(book: Book, sheets: Mapping[str, Sheet], source: Source) -> Iterator[tuple[Place, str]]:
    """The amounts of which a format shows less than the table prints, or 0 for something, with what it shows.

    In a 汇总, whose sums are exact, the table itself prints 0 for what is too small, as for a few 元 in 万元.
    """
    for block in book.layout.blocks:
        found = ((place, book.values.get(place)) for place in block.figures(("amount",)))
        amounts = [(place, value) for place, value in found if isinstance(value, Decimal) and value]
        formats = source.formats.get(block.sheet, _USUAL) if amounts else _USUAL
        least = formats.least(sheets[block.sheet].styles)
        for place, value in amounts:
            if least is None or least.shows_all_of(value):  # most
                continue
            cell = block.cell(place.row, place.column)
            how = None if cell is None else shown(formats.at(cell.a1), -1 if value < 0 else 1)
            if how is None or how.shows_all_of(value):
                continue
            left = how.of(value)
            decimals = book.layout.decimals(place)
            is_gone = left == 0 and not book.is_merged
            if is_gone or abs(left - value) > abs(round(value, decimals) - value) or how.power:
                yield place, how.text(value)
