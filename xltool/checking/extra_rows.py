"""Tells of rows that somebody added for himself to a table: subtotals, 其中, differences."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checking.problems import EXTRA_ROW, problem
from xltool.checking.tell.words import Words, quoted
from xltool.equations.sums import column_sums, row_sums
from xltool.layout.block import BlockAt
from xltool.layout.book import Book
from xltool.layout.seen import Extra
from xltool.model import CellRef, FactKey, Finding, Severity, Statement
from xltool.template.names import is_plain_total, normal


def extra_row_findings(book: Book, words: Words) -> Iterator[Finding]:
    """One a row: an error where a total counts it twice, a warning where it does not add up what stands above it."""
    for extra in book.seen.extra:
        block = book.layout.blocks[extra.block]
        first = min(extra.values)
        cell = CellRef(block.sheet, extra.row.sheet_row, block.columns[first].sheet_column)
        what = f"第 {extra.row.sheet_row} 行{quoted(extra.row.label.strip())}"
        severity, statement = _judged(book, block, extra, what, words)
        found = problem(EXTRA_ROW, statement, FactKey(block.table.id, (), ()), cell)
        yield found._replace(severity=severity, verdict=severity.verdict)


def _judged(book: Book, block: BlockAt, extra: Extra, what: str, words: Words) -> tuple[Severity, Statement]:
    if extra.is_counted:
        return Severity.ERROR, Statement("{what}不是表里的行，合计的公式却把它也加进去了，重复计算。", what)
    across = {line.target for line in column_sums(block)}  # what they add up is told by itself
    for c, value in extra.values.items():
        place = block.places[0][c] if block.rows else None
        if place is None or c in across:
            continue
        found = f"{words.amount(value, place)}（{words.column(place)}）"
        sums = _sums_above(book, block, extra, c) if is_plain_total(extra.row.label) else []
        if sums and all(abs(value - total) > book.layout.unit(place) * (count + 1) / 2 for total, count in sums):
            says = "{what}是自己加的，{found}不是上面各行之和 {expected}。"
            return Severity.WARNING, Statement(says, what, found, words.amount(sums[0][0], place))
        whole = _row_above(book, block, extra, c) if normal(extra.row.label).startswith("其中") else None
        if whole is not None and value > whole:
            says = "{what}是自己加的，{found}比它上面一行的 {expected} 大。"
            return Severity.WARNING, Statement(says, what, found, words.amount(whole, place))
    return Severity.REMARK, Statement("{what}是自己加的，没有算作表里的行。", what)


def _sums_above(book: Book, block: BlockAt, extra: Extra, column: int) -> list[tuple[Decimal, int]]:
    """What a subtotal may amount to, with the number of rows: those since the one before it, all, or a total's own."""
    totals = {line.target for line in row_sums(block)}
    before = max((one.row.sheet_row for one in book.seen.extra if _is_before(one, extra)), default=0)
    above = [
        (row.sheet_row, value, r in totals)
        for r, row in enumerate(block.rows)
        if row.sheet_row < extra.row.sheet_row
        and isinstance(value := book.values.get(block.places[r][column]), Decimal)
    ]
    lowest = [(line, value) for line, value, is_sum in above if not is_sum]
    since = [value for line, value in lowest if line > before]
    every = [value for _, value in lowest]
    sums = [(sum(values, Decimal(0)), len(values)) for values in (since, every) if values]
    return sums + [(value, 1) for _, value, is_sum in above if is_sum]


def _row_above(book: Book, block: BlockAt, extra: Extra, column: int) -> Decimal | None:
    """The amount in the row of the table right above."""
    above = [r for r, row in enumerate(block.rows) if row.sheet_row < extra.row.sheet_row]
    value = book.values.get(block.places[above[-1]][column]) if above else None
    return value if isinstance(value, Decimal) else None


def _is_before(one: Extra, extra: Extra) -> bool:
    is_same = normal(one.row.label) == normal(extra.row.label)
    return one.block == extra.block and is_same and one.row.sheet_row < extra.row.sheet_row
