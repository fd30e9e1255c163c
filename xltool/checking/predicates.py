"""The rules that are no equations: one small test each, chosen by name in a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from xltool.checking.code_findings import codes_valid
from xltool.checking.remark import Remark
from xltool.checking.words import Words
from xltool.layout.book import NOTE, Book
from xltool.layout.layout import BlockAt, Place, TableAt
from xltool.model import CellRef, FactKey, Severity

MAX_DECIMALS = 6
"""More decimals than 万元 has 分: such an amount was calculated, not entered."""

_EMPTY_WORDS = ("空表", "无数据", "无预算", "没有数")


def not_negative(book: Book, words: Words) -> Iterator[Remark]:
    """A15: amounts below zero, except where rows, columns or their names allow them (结转, 调整, 增减)."""
    for block in book.layout.blocks:
        for place in block.figures():
            value = book.values.get(place)
            if not isinstance(value, Decimal) or value >= 0 or place in book.live or may_be_negative(block, place):
                continue
            text = f"{words.place(place, place)}是负数 {words.value(place)}。"
            yield Remark(text, book.layout.key(place), book.layout.cell(place), Severity.ERROR, value)


def may_be_negative(block: BlockAt, place: Place) -> bool:
    """Whether the template allows an amount below zero in a cell of `block`."""
    row = block.rows[place.row].definition
    return block.columns[place.column].definition.negative or (row is not None and row.negative)


def number_as_number(book: Book, words: Words) -> Iterator[Remark]:
    """A12: amounts stored as text, and amounts with more decimals than any amount of money has."""
    for place in book.as_text:
        text = f"{words.place(place, place)}的 {words.value(place)} 是文本，Excel 求和时不会计入。"
        yield Remark(text, book.layout.key(place), book.layout.cell(place), Severity.WARNING)
    for place, value in book.values.items():
        if isinstance(value, Decimal) and _decimals(value) > MAX_DECIMALS and place not in book.live:
            text = f"{words.place(place, place)}的小数位数过多（{value}），可能是计算得来的数。"
            yield Remark(text, book.layout.key(place), book.layout.cell(place), Severity.REMARK)


def empty_table_note(book: Book, _: Words) -> Iterator[Remark]:
    """A09: a table that the format prints with a note when it is empty must have it then, and only then."""
    for table in book.layout.tables.values():
        if not table.table.empty_note:
            continue
        notes = "".join(table.notes.values())
        key = FactKey(table.table.id, (*table.above, *NOTE), NOTE)
        cell = CellRef(table.sheet, max(table.title_row, 1), 1)
        filled = _first_amount(book, table)
        says_empty = any(word in notes for word in _EMPTY_WORDS) or _same_note(notes, table.table.empty_note)
        if filled is not None and says_empty:
            text = f"“{table.table.name}”的注说是空表，但表里有数 {filled}。"
            yield Remark(text, key, cell, Severity.ERROR)
        elif filled is None and not notes:
            text = f"“{table.table.name}”没有数，也没有注明“{table.table.empty_note}”。"
            yield Remark(text, key, cell, Severity.WARNING)


def _first_amount(book: Book, table: TableAt) -> Decimal | None:
    places = [place for block in table.blocks for place in block.figures()]
    values = (book.values.get(place) for place in places)
    return next((value for value in values if isinstance(value, Decimal) and value), None)


def _same_note(notes: str, empty_note: str) -> bool:
    return empty_note.removeprefix("注：").rstrip("。") in notes


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


PREDICATES: dict[str, Callable[[Book, Words], Iterator[Remark]]] = {
    "not_negative": not_negative,
    "number_as_number": number_as_number,
    "empty_table_note": empty_table_note,
    "codes_valid": codes_valid,
}
"""By the name that rules use; `blank_total` and `rounding_proved` are judged with the equations."""
