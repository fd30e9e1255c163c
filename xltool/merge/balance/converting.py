"""The exact amounts of a workbook in another unit, in a new workbook with the same rows, texts and notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xltool.equations.filling import Filled, filled
from xltool.layout.book import NOTE, Book
from xltool.layout.layout import Layout
from xltool.layout.plan import plan
from xltool.merge.balance.figures import exponents
from xltool.model import FactKey, Path, Value


def converted(book: Book, amount_unit: str, decimals: int | None) -> Filled:
    """The workbook of a book in `amount_unit` ("元" or "万元"), amounts not rounded yet.

    They will be printed with `decimals`, or as the template says. A table whose unit the template fixes keeps it.
    Raises FactsError if something of the book has no place in a new workbook.
    """
    outline = book.outline._replace(amount_unit=amount_unit, decimals=decimals)
    layout = _with_counted(plan(book.template, outline), book.layout)
    notes = {key: [*at.notes.values()] for key, at in book.layout.tables.items() if at.notes and key in layout.tables}
    return filled(layout.with_notes(notes), dict(_facts(book, layout)))


def _facts(book: Book, layout: Layout) -> Iterator[tuple[FactKey, Value]]:
    before, after = exponents(book.layout), exponents(layout)
    for key, value, _, _ in book.facts.values():
        old, new = book.layout.place(key), layout.place(key)
        if key.column == NOTE:
            continue
        if old is not None and new is not None and not isinstance(value, str | None) and layout.kind(new) == "amount":
            yield key, value.scaleb(before[old.block] - after[new.block])
        else:
            yield key, value


def _with_counted(layout: Layout, read: Layout) -> Layout:
    """The layout with those rows counted in totals, though the template does not know them, that were so as read."""
    counted: dict[tuple[str, Path], tuple[Path, ...]] = {
        (block.table.id, row.path): row.counted_in for block in read.blocks for row in block.rows if row.counted_in
    }
    if not counted:
        return layout
    return layout.with_blocks(
        replace(
            block,
            rows=tuple(row._replace(counted_in=counted.get((block.table.id, row.path), ())) for row in block.rows),
        )
        for block in layout.blocks
    )
