"""Finds out which fixed lines belong below which: by formulas, ordinals, "其中" and how far they are moved in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.drafting import words
from xltool.drafting.rows.lines import LabelledLine, is_total
from xltool.drafting.seen.page import Page
from xltool.drafting.spec import DraftBlock

_WIDTH_OF_PART = 3
"""其中： takes as much room as three characters; the lines that go on with it are moved in by so many more."""


@dataclass
class Node:
    """A line and those below it."""

    line: LabelledLine
    rows: list[Node] = field(default_factory=list)


class _Rank(NamedTuple):
    ordinal: int
    number: int
    indent: int
    is_total: bool


def nested(page: Page, block: DraftBlock, lines: list[LabelledLine]) -> list[Node]:
    """The lines as a tree."""
    label = block.column("label", "name")
    ranks = {line.row: _rank(page, line, label.at if label else 1) for line in lines}
    forced = _summed_below(page, block, lines, ranks)
    top: list[Node] = []
    open_nodes: list[Node] = []
    for i, line in enumerate(lines):
        restart = _restarts(lines, ranks, i)
        while open_nodes and not _belongs(open_nodes[-1], line, ranks, forced, restart):
            open_nodes.pop()
        node = Node(line)
        (open_nodes[-1].rows if open_nodes else top).append(node)
        open_nodes.append(node)
    return top


def _rank(page: Page, line: LabelledLine, column: int) -> _Rank:
    level, number = words.ordinal(line.text)
    extra = _WIDTH_OF_PART if words.is_part(line.text) else 0
    return _Rank(level, number, page.indent(line.row, column) + extra, is_total(line))


def _belongs(
    node: Node, line: LabelledLine, ranks: Mapping[int, _Rank], forced: Mapping[int, int], restart: int | None
) -> bool:
    """Whether `line` stands below the line of `node` in the tree."""
    above = node.line
    if line.row in forced:
        return forced[line.row] == above.row
    if restart is not None and restart == above.row:
        return True
    upper, lower = ranks[above.row], ranks[line.row]
    if upper.is_total or lower.is_total:
        return False
    if upper.ordinal and lower.ordinal and upper.ordinal != lower.ordinal:
        return upper.ordinal < lower.ordinal
    has_part = bool(node.rows) and words.is_part(node.rows[0].line.text)
    goes_on = has_part and upper.ordinal > 0 and not lower.ordinal  # after 其中：… come more such lines, but no totals
    is_other = line.row in forced.values() or bool(words.CARRIED.search(line.text))
    return upper.indent < lower.indent or (goes_on and not is_other)


def _restarts(lines: list[LabelledLine], ranks: Mapping[int, _Rank], i: int) -> int | None:
    """The row of the line without ordinal below which the ordinals begin again: 一、 where 一、 was before."""
    start = i
    while start > 0 and ranks[lines[start].row].ordinal == ranks[lines[i].row].ordinal != 0:
        if ranks[lines[start].row].number == 1:
            break
        start -= 1
    rank = ranks[lines[start].row]
    if not rank.ordinal or rank.number != 1 or start == 0:
        return None
    above = ranks[lines[start - 1].row]
    is_again = any(ranks[line.row].ordinal == rank.ordinal and ranks[line.row].number == 1 for line in lines[:start])
    return lines[start - 1].row if is_again and not above.ordinal and not above.is_total else None


def _summed_below(
    page: Page, block: DraftBlock, lines: list[LabelledLine], ranks: Mapping[int, _Rank]
) -> dict[int, int]:
    """Row -> the row above it that adds up exactly the lines right below itself."""
    forced: dict[int, int] = {}
    rows = [line.row for line in lines]
    for i, line in enumerate(lines):
        if ranks[line.row].is_total:
            continue
        for column in block.amounts:
            terms = page.terms(line.row, column.at)
            added = sorted(
                cell.row for cell in terms or () if cell.column == column.at and cell.sheet == page.sheet.name
            )
            if added and added == rows[i + 1 : i + 1 + len(added)] and len(added) > 1:
                forced |= dict.fromkeys(added, line.row)
    return forced
