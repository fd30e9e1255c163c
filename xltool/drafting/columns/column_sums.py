"""Recognises the columns that add up others, from formulas, from the numbers, or from their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.drafting import words
from xltool.drafting.evidence import STRENGTH, Case, first_supported, without_circles
from xltool.drafting.seen.page import Page
from xltool.drafting.spec import DraftBlock, DraftColumn, Evidence, Sum
from xltool.model import Path, format_path
from xltool.template.binding import matching_paths
from xltool.template.names import normal

Signed = tuple[tuple[int, DraftColumn], ...]

_COMPARED = 2
"""The columns that one of changes compares: last year and this year."""


def set_column_sums(page: Page, block: DraftBlock, title: str, decimals: int) -> None:
    """Give the amount columns of a block their sums."""
    lines = block.lines
    found: dict[DraftColumn, tuple[Signed, Evidence]] = {}
    for column in sorted(block.amounts, key=lambda column: -len(column.path)):  # a blank 小计 is what it adds up
        cases = _Cases(page, lines, {total: [part for _, part in signed] for total, (signed, _) in found.items()})
        recognised = _by_formulas(page, block, column, lines) or _by_numbers(block, column, cases, decimals)
        if recognised:
            found[column] = recognised
    parts = {column: [part for _, part in signed] for column, (signed, _) in found.items()}
    for column in without_circles(parts, sorted(found, key=lambda column: STRENGTH.index(found[column][1]))):
        signed, evidence = found[column]
        names = tuple(_written(part, sign, column, block) for sign, part in signed)
        column.sum = Sum(names, _rule(title, column, signed), evidence)


def _by_formulas(
    page: Page, block: DraftBlock, column: DraftColumn, lines: Sequence[int]
) -> tuple[Signed, Evidence] | None:
    """What most formulas of the column add up across their own row."""
    at = {other.at: other for other in block.amounts}
    found: Counter[Signed] = Counter()
    for row in lines:
        terms = page.terms(row, column.at)
        if terms and all(cell.sheet == page.sheet.name and cell.row == row and cell.column in at for cell in terms):
            signed = tuple((int(sign), cell.column) for cell, sign in sorted(terms.items(), key=lambda item: item[0]))
            if all(abs(sign) == 1 for sign, _ in signed):
                found[tuple((sign, at[place]) for sign, place in signed)] += 1
    return (found.most_common(1)[0][0], Evidence.FORMULA) if found else None


class _Cases(NamedTuple):
    """What makes the cases of column sums: the sheet rows of a block, and the sums that are known so far."""

    page: Page
    lines: Sequence[int]
    known: Mapping[DraftColumn, Sequence[DraftColumn]]

    def of(self, total: DraftColumn, signed: Signed) -> list[Case]:
        """One case for each row."""
        return [
            Case((row, total.at), tuple((sign, (row, part.at)) for sign, part in self._filled(row, signed)))
            for row in self.lines
        ]

    def _filled(self, row: int, signed: Signed) -> Iterator[tuple[int, DraftColumn]]:
        """The parts, those that are blank in a row as what they add up themselves."""
        for sign, part in signed:
            if part in self.known and self.page.number(row, part.at) is None:
                yield from ((sign, inner) for inner in self.known[part])
            else:
                yield sign, part


def _by_numbers(block: DraftBlock, column: DraftColumn, cases: _Cases, decimals: int) -> tuple[Signed, Evidence] | None:
    """The columns that the name and place of a column suggest, if the numbers agree."""
    is_change = bool(words.CHANGE.search(normal(column.path[-1])))
    candidates: list[Signed] = [*_changes(block.amounts, column)] if is_change else []
    candidates += [tuple((1, part) for part in parts) for parts in _candidates(block.amounts, column)]
    page, lines = cases.page, cases.lines
    is_named = is_change or _is_total(column)
    supported = first_supported(page, [cases.of(column, signed) for signed in candidates], decimals, is_named)
    if supported is None:
        return None
    chosen, evidence = supported
    if evidence is Evidence.NAMES and not _may_be_guessed(page, column, candidates[chosen], lines):
        return None
    return candidates[chosen], evidence


def _changes(columns: list[DraftColumn], change: DraftColumn) -> Iterator[Signed]:
    """This year less last year: of the two columns before the change the one that is not 上年 less the other."""
    before = columns[: columns.index(change)][-_COMPARED:]
    if len(before) == _COMPARED:
        last, this = sorted(before, key=lambda column: "上年" not in column.path[-1])
        yield (1, this), (-1, last)


def _may_be_guessed(page: Page, column: DraftColumn, signed: Signed, lines: Sequence[int]) -> bool:
    """Whether a total without numbers may be taken to add up `parts`: no 其中, and no formulas that say otherwise."""
    has_formulas = any(page.has_formula(row, column.at) for row in lines)
    return not has_formulas and not any(_is_subset(part, column) for _, part in signed)


def _is_subset(part: DraftColumn, total: DraftColumn) -> bool:
    """Whether a column only tells how much of the others is for something: 其中, 面向中小企业, 政府采购."""
    own = part.headings[len(total.headings) - 1 :]
    return any(words.SUBSET.search(normal(text)) for text in own)


def _is_total(column: DraftColumn) -> bool:
    return bool(words.TOTAL.search(normal(column.path[-1])))


def _candidates(columns: list[DraftColumn], total: DraftColumn) -> Iterator[list[DraftColumn]]:
    """Columns that `total` may add up: those beside it under the same heading, then fewer of those right of it, from
    the right; then those left of it. A group of columns counts by its own total if it has one."""
    beside = _reduced(columns, total.path[:-1], total)
    place = columns.index(total)
    right = [column for column in beside if columns.index(column) > place]
    left = [column for column in beside if columns.index(column) < place]
    if not _is_total(total):
        if len(right) > 1:
            yield right
        return
    plain = [column for column in right if not _is_subset(column, total)]
    if right and left:
        yield beside
    if plain:
        yield plain
    for length in range(len(right), 0, -1):
        if length > 1 or len(right) == 1:
            yield right[:length]
    if left:
        yield left


def _reduced(columns: list[DraftColumn], above: Path, without: DraftColumn) -> list[DraftColumn]:
    """The columns below the heading `above`, those of a group with a total of its own only by that total."""
    depth = len(above)
    inside = [column for column in columns if column.path[:depth] == above and column is not without]
    reduced: list[DraftColumn] = []
    seen: set[Path] = set()
    for column in inside:
        group = column.path[: depth + 1]
        if len(column.path) == depth + 1:
            reduced.append(column)
        elif group not in seen:
            seen.add(group)
            members = _reduced(columns, group, without)
            own = [member for member in members if len(member.path) == depth + 2 and _is_total(member)]
            reduced += own[:1] or members
    return reduced


def _written(part: DraftColumn, sign: int, owner: DraftColumn, block: DraftBlock) -> str:
    """How a part is named in the sum of `owner`: as shortly as the loader understands it, but a 小计 with its group."""
    paths = [column.path for column in block.columns]
    is_beside = part.path[:-1] == owner.path[:-1]
    for length in range(1 if is_beside or not _is_total(part) else 2, len(part.path) + 1):
        tail = part.path[-length:]
        sibling = (*owner.path[:-1], *tail)
        meant = [sibling] if sibling in paths else matching_paths(tail, paths)
        if meant == [part.path]:
            return ("-" if sign < 0 else "") + format_path(tail)
    return ("-" if sign < 0 else "") + format_path(part.path)


def _rule(title: str, column: DraftColumn, parts: Signed) -> str:
    """The shared rule that a sum is checked by."""
    names = {part.path[-1] for _, part in parts}
    if any(sign < 0 for sign, _ in parts) and words.CHANGE.search(normal(column.path[-1])):
        return "Y01"
    if "三公" in title and any(words.PUBLIC_EXPENSE.search(name) for name in names):
        return "A06"
    if "绩效" in title:
        return "A10"
    if any("基本支出" in name for name in names) and any("项目支出" in name for name in names):
        return "A01"
    is_whole = len(column.path) == 1 or bool(words.GRAND_TOTAL.search(column.path[-1]))
    return "A05" if is_whole and words.TOTAL.search(normal(column.path[-1])) else "A04"
