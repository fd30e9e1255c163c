"""Rectangles of a planned table that the layout leaves implicit: bands of blocks side by side, and headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from xltool.layout.block import BlockAt
from xltool.layout.layout import TableAt
from xltool.layout.plan import heading_depth
from xltool.model import Path, column_letters, format_path
from xltool.template.spec import CODE_LEVELS, Column, Row, Table

_DEFAULT_WIDTHS = {"serial": 6.0, "code": 11.0, "name": 32.0, "label": 26.0, "text": 30.0, "path": 16.0, "fixed": 22.0}
_YUAN_WIDTH = 16
"""Fits 999,999,999.00 in the tables' font."""

_AMOUNT_WIDTH = 13.0
_SIDE_WIDTH = 11.0
_HELPER_WIDTH = 11.0


class Band(NamedTuple):
    """Blocks that share their lines; sheet rows and columns of the rectangle with borders, all inclusive."""

    blocks: tuple[BlockAt, ...]
    heading_row: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    depth: int

    @property
    def is_form(self) -> bool:
        """Whether the band is a form: labelled cells instead of headings and rows."""
        return self.blocks[0].block.is_form

    @property
    def side(self) -> str:
        """The heading merged down the left of the band, "" if it has none."""
        return next((block.block.side for block in self.blocks if block.block.side), "")


class Heading(NamedTuple):
    """One heading cell, as a rectangle, and the leaf column if it is a leaf."""

    text: str
    top: int
    left: int
    bottom: int
    right: int
    column: Column | None


def bands(table: TableAt) -> list[Band]:
    """The bands of a table, top to bottom."""
    groups: list[list[BlockAt]] = []
    for block in table.blocks:
        if block.block.place == "right" and groups:
            groups[-1].append(block)
        else:
            groups.append([block])
    return [_band(tuple(group), table) for group in groups]


def _band(blocks: tuple[BlockAt, ...], table: TableAt) -> Band:
    rows = [row.sheet_row for block in blocks for row in block.rows]
    rows += [row for block in blocks for row in block.blank_rows]
    depth = max(heading_depth(block.block) for block in blocks)
    is_form = blocks[0].block.is_form
    heading = min(rows) if is_form else blocks[0].heading_row
    first = heading if is_form else heading + depth + table.table.numbered_columns
    return Band(blocks, heading, first, max([*rows, first]), 1, max(table.last_column, right_edge(blocks[-1])), depth)


def right_edge(block: BlockAt) -> int:
    """The last sheet column of a block."""
    return max(at.sheet_column + at.definition.span - 1 for at in block.columns)


def headings(block: BlockAt, depth: int) -> Iterator[Heading]:
    """The heading cells of a block whose band has `depth` heading rows."""
    yield from _headings_below(block, range(len(block.columns)), 0, depth)


def _headings_below(block: BlockAt, columns: range, level: int, depth: int) -> Iterator[Heading]:
    def prefix(index: int) -> Path:
        return block.columns[index].definition.path[: level + 1]

    for path, group in groupby(columns, key=prefix):
        members = list(group)
        first, last = block.columns[members[0]], block.columns[members[-1]]
        top = block.heading_row + level
        is_leaf = len(members) == 1 and len(first.definition.path) == level + 1
        parts = first.definition.parts if is_leaf else ()
        bottom = block.heading_row + depth - 1 - bool(parts) if is_leaf else top
        right = last.sheet_column + last.definition.span - 1
        text = heading_text(block.table, path)
        yield Heading(text, top, first.sheet_column, bottom, right, first.definition if is_leaf else None)
        for column, part in enumerate(parts, first.sheet_column):
            yield Heading(part, bottom + 1, column, bottom + 1, column, None)
        if not is_leaf:
            yield from _headings_below(block, range(members[0], members[-1] + 1), level + 1, depth)


def heading_text(table: Table, path: Path) -> str:
    """The text printed for a heading: given by full path or by id, else the id."""
    return table.headings.get(format_path(path), table.headings.get(path[-1], path[-1]))


def column_widths(table: TableAt, bands: Iterable[Band], amount_unit: str) -> dict[int, float]:
    """Sheet column -> width, from the widest wish of the blocks that use it, and for columns beside the table.

    Amounts in 元 are longer than those that the template's widths are meant for.
    """
    widths: dict[int, float] = {}
    for band in bands:
        if band.side:
            widths[1] = max(widths.get(1, 0), _SIDE_WIDTH)
        for block in band.blocks:
            for at in [] if band.is_form else block.columns:
                wish = at.definition.width or _DEFAULT_WIDTHS.get(at.definition.kind, _AMOUNT_WIDTH)
                if at.definition.kind == "amount" and amount_unit == "元":
                    wish = max(wish, _YUAN_WIDTH)
                for i in range(at.definition.span):
                    column = at.sheet_column + i
                    given = at.definition.width is not None or column not in widths
                    widths[column] = max(widths.get(column, 0), wish / at.definition.span if given else 0)
            if block.helper_column:
                widths[block.helper_column] = _HELPER_WIDTH
    for column in range(1, table.last_column + 1):
        widths.setdefault(column, _AMOUNT_WIDTH)
    return widths


def members_dimension(block: BlockAt) -> str:
    """The classified dimension whose codes the block's rows carry, "" if none."""

    def found(rows: tuple[Row, ...]) -> str:
        for row in rows:
            below = row.each if row.each in CODE_LEVELS else found(row.rows)
            if below:
                return below
        return ""

    return found(block.block.rows)


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as (first, last): [1, 2, 5] -> [(1, 2), (5, 5)]."""
    result: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if result and number == result[-1][1] + 1:
            result[-1] = (result[-1][0], number)
        else:
            result.append((number, number))
    return result


def area(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """The address of a rectangle, such as "B4:D9"."""
    return f"{column_letters(first_column)}{first_row}:{column_letters(last_column)}{last_row}"
