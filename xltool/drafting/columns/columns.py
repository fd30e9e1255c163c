"""Makes the columns of blocks from the headings of a grid: where one block ends, each column's id and width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count

from xltool.drafting import words
from xltool.drafting.columns.kinds import is_figure, set_kinds
from xltool.drafting.seen.heading_tree import Leaf
from xltool.drafting.seen.page import Page
from xltool.drafting.seen.tables import Grid
from xltool.drafting.spec import DraftColumn
from xltool.excel.read.headings import SPLIT_CODE
from xltool.model import Path
from xltool.template.names import normal, printed_years


@dataclass
class Names:
    """The paths of a table's columns so far, and what is printed for each id."""

    paths: set[Path] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)


def blocks_of_columns(page: Page, grid: Grid, heads: words.Heads, names: Names) -> list[list[DraftColumn]]:
    """The columns of each block of a grid, from left to right, with names that the table does not have yet."""
    columns = _with_split_codes([_column(page, grid, leaf) for leaf in grid.leaves])
    blocks = _split(page, grid, columns)
    for block in blocks:
        set_kinds(page, grid, block, heads)
        _set_ids(block, heads, names)
    return blocks


def _column(page: Page, grid: Grid, leaf: Leaf) -> DraftColumn:
    span = leaf.right - leaf.left + 1
    widths = [page.width(at) for at in range(leaf.left, leaf.right + 1)]
    width = sum(filter(None, widths)) if all(widths) else None
    note = page.note(page.rect(leaf.bottom, leaf.left).top, leaf.left)
    column = DraftColumn(leaf.path, leaf.path, leaf.left, span, note=note, width=width)
    below = tuple(normal(page.text(grid.first - 1, at)) for at in range(leaf.left, leaf.right + 1))
    if grid.is_numbered and below == SPLIT_CODE[: len(below)]:  # 类, 款 and 项 on the line of 栏次
        column.parts, column.at_code, column.span = below, tuple(range(leaf.left, leaf.right + 1)), 1
    return column


def _with_split_codes(columns: list[DraftColumn]) -> list[DraftColumn]:
    """类, 款 and 项 below one heading become one code column."""
    joined: list[DraftColumn] = []
    for column in columns:
        above, name = column.path[:-1], normal(column.path[-1])
        if name not in SPLIT_CODE:
            joined.append(column)
        elif joined and joined[-1].headings[: len(above)] == above and _goes_on(joined[-1], name):
            joined[-1].at_code += (column.at,)
            joined[-1].parts += (name,)
            joined[-1].width = _added(joined[-1].width, column.width)
        else:
            is_own_heading = bool(above) and bool(words.CODE.search(normal(above[-1])))
            path = above if is_own_heading else (*above, "科目编码")
            split = DraftColumn(path, path, column.at, width=column.width, at_code=(column.at,))
            split.parts = (name,)
            joined.append(split)
    return joined


def _goes_on(column: DraftColumn, name: str) -> bool:
    """Whether 款 follows 类, or 项 follows 款."""
    return bool(column.parts) and SPLIT_CODE[: len(column.parts) + 1] == (*column.parts, name)


def _added(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(one + other, 1)


def _split(page: Page, grid: Grid, columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Blocks side by side: a new one begins with a column of labels right of amounts that has amounts right of it."""
    blocks: list[list[DraftColumn]] = [[]]
    for i, column in enumerate(columns):
        here = blocks[-1]
        has_amounts = any(is_figure(page, grid, before) for before in here)
        follow = any(is_figure(page, grid, after) for after in columns[i + 1 :])
        if has_amounts and follow and _begins_block(page, grid, column, blocks[0]):
            blocks.append([])
        blocks[-1].append(column)
    return blocks


def _begins_block(page: Page, grid: Grid, column: DraftColumn, first: list[DraftColumn]) -> bool:
    if is_figure(page, grid, column):
        return False
    name = normal(column.headings[-1])
    is_repeated = any(normal(other.headings[-1]) == name for other in first)
    return is_repeated or bool(words.SIDE.search(name)) or _top(column) in words.SIDES


def _top(column: DraftColumn) -> str:
    return normal(column.headings[0]) if len(column.headings) > 1 else ""


def _set_ids(block: list[DraftColumn], heads: words.Heads, names: Names) -> None:
    """Ids without decorations.

    Where two columns would get the same path, one would be a heading above the other, or an id would stand for two
    different texts, the second one keeps its whole text, or gets a number.
    """
    plain = {column: tuple(words.dated_identifier(text, heads) for text in column.headings) for column in block}
    above = {path[:depth] for path in plain.values() for depth in range(1, len(path))}
    for column in block:
        printed = tuple(normal(text) for text in column.headings)
        groups = tuple(
            next(one for one in _possible(name, text) if names.texts.setdefault(one, shown) == shown)
            for name, text, shown in zip(plain[column][:-1], column.headings, printed, strict=False)
        )
        column.path = next(
            (*groups, one)
            for one in _possible(plain[column][-1], column.headings[-1])
            if (*groups, one) not in names.paths | above and names.texts.setdefault(one, printed[-1]) == printed[-1]
        )
        names.paths.add(column.path)
        column.headings = tuple(heads.template_text("".join(text.strip().splitlines())) for text in column.headings)


def _possible(name: str, text: str) -> Iterator[str]:
    """An id, the whole text (if it stays the same next year), and the id with a number."""
    whole = () if printed_years(text) else (words.unquoted(text),)
    return chain((name, *whole), (f"{name}{number}" for number in count(2)))


def heading_texts(blocks: Iterable[list[DraftColumn]]) -> dict[str, str]:
    """The texts printed for headings whose id differs, by id."""
    texts: dict[str, str] = {}
    for column in (column for block in blocks for column in block):
        for name, text in zip(column.path, column.headings, strict=True):
            if text != name:
                texts.setdefault(name, text)
    return texts
