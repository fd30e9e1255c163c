"""Takes out of one book what is to be added up."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xltool.catalogue import by_year
from xltool.equations.instances import formulas, is_code_row
from xltool.layout.book import Book
from xltool.layout.layout import BlockAt, Place
from xltool.merge.adding.figures import CellFigure, RowFigures, UnitFigures
from xltool.template.spec import FIGURES


def collected(book: Book) -> UnitFigures:
    """Every row of a book with what stands in it, as printed; rows that nobody filled in keep their places.

    Labels, codes and 序号 follow from the rows and are left out, and so are the names of 科目 that the catalogue has.
    """
    totals = formulas(book.layout).keys()
    rows = tuple(row for block in book.layout.blocks for row in _rows(book, block, totals))
    notes = {(at.table.id, at.above): tuple(at.notes.values()) for at in book.layout.tables.values() if at.notes}
    return UnitFigures(book.outline.members.get("unit", ()), book.outline.department, rows, notes)


def _rows(book: Book, block: BlockAt, totals: Collection[Place]) -> Iterator[RowFigures]:
    index = next(i for i, other in enumerate(block.table.blocks) if other is block.block)
    unit = book.layout.amount_unit(block.index)
    for r, row in enumerate(block.rows):
        cells = tuple(_cells(book, block, r, totals))
        yield RowFigures(
            *(block.table.id, index, row.path, row.pattern, unit, block.sheet, row.sheet_row),
            *(row.definition is not None, row.counted_in, cells),
        )


def _cells(book: Book, block: BlockAt, r: int, totals: Collection[Place]) -> Iterator[CellFigure]:
    for c, column in enumerate(block.columns):
        place = block.places[r][c]
        value = book.values.get(place)
        cell = block.cell(r, c)
        if value is not None and cell is not None and _is_carried(book, block, place):
            yield CellFigure(column.definition.path, value, cell.column, place in totals)


def _is_carried(book: Book, block: BlockAt, place: Place) -> bool:
    kind = block.kind(place.row, place.column)
    if kind in FIGURES or kind == "text":
        return True
    if kind not in ("name", "label") or not is_code_row(block, place.row):
        return False
    row = block.rows[place.row]
    assert row.definition is not None
    return row.code not in by_year.names(row.definition.each, book.outline.year)
