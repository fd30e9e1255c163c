"""Recognises the rows that add up others, from formulas, from the numbers, or from their names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from xltool.drafting import words
from xltool.drafting.evidence import STRENGTH, Case, Cell, by_formulas, first_supported, without_circles
from xltool.drafting.seen.page import Page
from xltool.drafting.spec import DraftBlock, DraftRow, Evidence, Instance, Sum
from xltool.template.names import is_grand_total, normal
from xltool.template.spec import CODE_LEVELS, DIMENSIONS

Names = tuple[str, ...]

_MOST_TOTALS = 50
"""In a table with more totals none is tried for all rows above or below it: official ones have a handful."""


class _Family:
    """Rows beside each other: where each stands among them, and the sheet rows that their names stand for."""

    def __init__(self, rows: list[DraftRow]) -> None:
        self.rows = rows
        self.place = {id(row): i for i, row in enumerate(rows)}
        self.names = [row.name for row in rows]
        self.totals = [i for i, row in enumerate(rows) if words.TOTAL.search(normal(row.label))]
        self.runs = [row for row in rows if row.each]
        fixed = [row for row in rows if not row.each]
        self.named = {row.instances[0].line: row.name for row in fixed if row.instances}
        self._lines: dict[str, Mapping[int, list[int]]] = {}
        self._of_name: dict[str, list[DraftRow]] = {}
        for row in rows:
            self._of_name.setdefault(row.each or row.id, []).append(row)
        self._in_groups = {below.each: below for row in rows if row.group and row.each for below in row.rows}

    def lines(self, name: str) -> Mapping[int, list[int]]:
        """The sheet rows of a row or run of these, by the row that they stand below."""
        if name not in self._lines:
            inner = self._in_groups.get(name)
            beside = inner.instances if inner else _highest(self._of_name.get(name, []))
            self._lines[name] = _by_above(replace(at, above=0) if inner else at for at in beside)
        return self._lines[name]

    def is_within_grand_total(self, place: int) -> bool:
        """Whether a total stands above a 总计 and is none itself: it is part of that, and does not add it up."""
        labels = [normal(row.label) for row in self.rows[place:]]
        return not words.GRAND_TOTAL.search(labels[0]) and any(map(words.GRAND_TOTAL.search, labels[1:]))

    @property
    def dimensions(self) -> list[str]:
        """What a total may add up: the dimensions of its runs; of groups, which have no line, what is in them."""
        return [*self._in_groups] or [run.each for run in self.runs]


def _highest(rows: list[DraftRow]) -> Iterator[Instance]:
    """Where rows stand; of 科目 only those of the highest level."""
    for row in rows:
        yield from (at for at in row.instances if row.each not in CODE_LEVELS or len(at.member) == row.levels[0])


def _by_above(instances: Iterable[Instance]) -> Mapping[int, list[int]]:
    """The sheet rows of rows, by the row that they stand below."""
    found: dict[int, list[int]] = {}
    for at in instances:
        found.setdefault(at.above, []).append(at.line)
    return found


def set_row_sums(page: Page, block: DraftBlock, title: str, decimals: int) -> None:
    """Give the rows of a block their sums."""
    known = {(line, column.at) for line in block.lines for column in block.amounts}
    _set_sums(page, block, block.rows, known, title, decimals)


def _set_sums(page: Page, block: DraftBlock, rows: list[DraftRow], known: set[Cell], title: str, decimals: int) -> None:
    """The sums of rows beside each other, then of those below each of them."""
    family = _Family(rows)
    found: dict[str, tuple[Names, Evidence]] = {}
    for row in rows:
        if not row.group and row.each not in CODE_LEVELS and (row.rows or not row.each):
            recognised = _by_formulas(page, block, row, family, known) or _by_numbers(
                page, block, row, family, decimals
            )
            if recognised:
                found[row.name] = recognised
    parts = {name: [part.removeprefix("-") for part in names] for name, (names, _) in found.items()}
    kept = without_circles(parts, sorted(found, key=lambda name: STRENGTH.index(found[name][1])))
    for row in rows:
        if row.name in kept:
            names, evidence = found[row.name]
            row.sum = Sum(names, _rule(title, row, names), evidence)
        _set_sums(page, block, row.rows, known, title, decimals)


def _by_formulas(
    page: Page, block: DraftBlock, row: DraftRow, family: _Family, known: set[Cell]
) -> tuple[Names, Evidence] | None:
    if not any(page.has_formula(at.line, column.at) for at in row.instances for column in block.amounts):
        return None
    for names in [*_candidates(row, family), *_as_written(page, block, row, family)]:
        if by_formulas(page, _cases(page, block, row, family, names), known):
            return names, Evidence.FORMULA
    return None


def _by_numbers(
    page: Page, block: DraftBlock, row: DraftRow, family: _Family, decimals: int
) -> tuple[Names, Evidence] | None:
    candidates = list(_candidates(row, family))
    cases = [_cases(page, block, row, family, names) for names in candidates]
    has_name = bool(words.TOTAL.search(normal(row.label))) or bool(row.rows) or row.name == "部门" or _is_change(row)
    supported = first_supported(page, cases, decimals, has_name)
    if supported is not None:
        return candidates[supported[0]], supported[1]
    listed = family.dimensions
    is_all = len(listed) == len(family.totals) == 1 and listed[0] in CODE_LEVELS and is_grand_total(row.label)
    return ((listed[0],), Evidence.NAMES) if is_all else None  # the only 合计 of 科目 is meant to add them up


def _is_change(row: DraftRow) -> bool:
    return bool(words.CHANGE.search(row.label))


def _candidates(row: DraftRow, family: _Family) -> Iterator[Names]:
    """What a row may add up, the likeliest first."""
    for dimension in (below.each for below in row.rows if below.each):
        yield (dimension,)
    if row.rows and not row.rows[0].each and (len(row.rows) > 1 or not words.is_part(row.rows[0].label)):
        yield ("rows",)
    if row.each:
        return
    place = family.place[id(row)]
    if _is_change(row):
        yield from _changes(family.rows[:place])
        return
    if words.TOTAL.search(normal(row.label)):
        yield from _beside_total(place, family)
    elif row.name == "部门":
        yield from ((run.each,) for run in family.runs)


def _beside_total(place: int, family: _Family) -> Iterator[Names]:
    """What a total may add up of the rows beside it: those up to the next total, or, in a table with few, all."""
    names, totals, runs = family.names, family.totals, family.runs
    at = bisect_left(totals, place)
    last = totals[at - 1] if at else -1
    following = totals[at + 1] if at + 1 < len(totals) else len(names)
    yield from _whole(names[max(last, 0) : place], runs)
    yield from _whole(names[last + 1 : place], runs)
    yield from ((dimension,) for dimension in family.dimensions)
    yield from _whole(names[place + 1 : following], runs)
    if len(totals) <= _MOST_TOTALS:
        if not family.is_within_grand_total(place):
            yield from _whole(names[place + 1 :], runs)
        yield from _whole([name for i, name in enumerate(names[:place]) if i not in totals], runs)


def _whole(names: list[str], runs: list[DraftRow]) -> Iterator[Names]:
    """The names as one candidate; a dimension that several runs repeat over would count more than is meant."""
    if names and len(set(names)) == len(names):
        yield tuple(names)


def _changes(above: list[DraftRow]) -> Iterator[Names]:
    """This year less last year: the row above less the one above that."""
    if len(above) > 1:
        yield above[-1].name, f"-{above[-2].name}"


def _as_written(page: Page, block: DraftBlock, row: DraftRow, family: _Family) -> Iterator[Names]:
    """The rows beside it that the formulas of a row add up."""
    for column in block.amounts if not row.each else ():
        terms = page.terms(row.instances[0].line, column.at) or {}
        is_here = all(cell.sheet == page.sheet.name and cell.column == column.at for cell in terms)
        if terms and is_here and all(abs(terms[cell]) == 1 and cell.row in family.named for cell in terms):
            yield tuple(("-" if sign < 0 else "") + family.named[cell.row] for cell, sign in terms.items())


def _cases(page: Page, block: DraftBlock, row: DraftRow, family: _Family, names: Names) -> list[Case]:
    """One case for each of the row's lines and each amount column that does not add up across."""
    signed = [(-1 if name.startswith("-") else 1, *_parts(row, family, name.removeprefix("-"))) for name in names]
    cases = []
    for instance in row.instances:
        lines = [
            (sign, line)
            for sign, is_below, found in signed
            for line in found.get(instance.line if is_below else instance.above, ())
        ]
        for column in block.amounts:
            total = (instance.line, column.at)
            if not _adds_across(page, total):
                cases.append(Case(total, tuple((sign, (line, column.at)) for sign, line in lines)))
    return cases


def _adds_across(page: Page, cell: Cell) -> bool:
    terms = page.terms(*cell) if page.has_formula(*cell) else None
    return bool(terms) and all(term.row == cell[0] for term in terms or ())


def _parts(row: DraftRow, family: _Family, name: str) -> tuple[bool, Mapping[int, list[int]]]:
    """The sheet rows that one name of a sum stands for: whether they stand below the row or beside it, and which."""
    if name == "rows":
        return True, _by_above(at for other in row.rows for at in other.instances)
    nested = [other for other in row.rows if other.each == name] if name in DIMENSIONS else []
    return (True, _by_above(_highest(nested))) if nested else (False, family.lines(name))


def _rule(title: str, row: DraftRow, names: Names) -> str:
    """The shared rule that a sum is checked by; Y01 is this format's own."""
    if "三公" in title:
        return "Y01" if _is_change(row) else "A06"
    if "绩效" in title:
        return "A10"
    if "采购" in title and names in (("rows",), ("item",)):
        return "A11"
    if all(name in DIMENSIONS for name in names):
        return "A02"
    return "A04" if names == ("rows",) else "A05"
