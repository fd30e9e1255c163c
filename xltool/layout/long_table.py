"""The long table of many workbooks: a line a fact, with its unit, its file, its cell, and its amount in 元."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.layout.book import Book
from xltool.model import CellRef, FactKey, Value, format_path
from xltool.template.spec import FIGURES, YUAN

_EXACT = Context(prec=100)
"""An amount has at most 15 digits before the point and 40 behind it."""


Field = Decimal | str | int | None
"""What stands in one column of a line."""


class Line(NamedTuple):
    """One fact.

    `unit` and `unit_code` say whose workbook it is from, `row` and `column` are paths joined by "/", `kind` is that of
    the cell (see `template.spec.Column`). A figure is the `value` as it stands in the cell, and `yuan` if it is an
    amount (in `amount_unit`); a text is `text`. Where a figure should stand and none can be read, `value` is None and
    `text` is what stands there.
    """

    unit: str
    unit_code: str
    file: str
    year: int
    template: str
    table: str
    row: str
    column: str
    kind: str
    value: Decimal | None
    amount_unit: str
    yuan: Decimal | None
    text: str
    sheet: str
    cell: str

    @property
    def is_unread(self) -> bool:
        """Whether a figure should stand in the cell, and none could be read."""
        return self.value is None and self.kind in FIGURES


def lines(book: Book, unit: str, unit_code: str, file: Path) -> Iterator[Line]:
    """The facts of the workbook of a unit that is not blank, then the cells whose figures could not be read."""
    layout = book.layout
    name = str(file).encode("utf-8", "backslashreplace").decode()  # a name on disk may be no text

    def line(key: FactKey, value: Value, cell: CellRef | None, text: str = "") -> Line:
        place = layout.place(key)
        kind = "text" if place is None else layout.kind(place)  # a footnote has no place
        amount_unit = layout.amount_unit(place.block) if place is not None and kind == "amount" else ""
        number = value if isinstance(value, Decimal) else None
        return Line(
            unit,
            unit_code,
            name,
            book.outline.year,
            book.template.id,
            key.table,
            format_path(key.row),
            format_path(key.column),
            kind,
            number,
            amount_unit,
            _EXACT.multiply(number, Decimal(YUAN[amount_unit])) if amount_unit and number is not None else None,
            value if isinstance(value, str) else text,
            cell.sheet if cell else "",
            cell.a1 if cell else "",
        )

    for key, value, cell, _ in book.facts.values():
        yield line(key, value, cell)
    for place, found in book.seen.unreadable.items():
        yield line(layout.key(place), None, layout.cell(place), found.text or found.why)
    for place in book.seen.without_result:
        yield line(layout.key(place), None, layout.cell(place), f"={book.formulas[place]}")
