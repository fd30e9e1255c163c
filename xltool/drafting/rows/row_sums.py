"""Recognises the rows that add up others, from formulas, from the numbers, or from their names."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.drafting import words
from xltool.drafting.evidence import STRENGTH, Case, Cell, by_formulas, first_supported, without_circles
from xltool.drafting.seen.page import Page
from xltool.drafting.spec import DraftBlock, DraftRow, Evidence, Instance, Sum
from xltool.model import CellRef
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, DIMENSIONS

Names = tuple[str, ...]


def set_row_sums(page: Page, block: DraftBlock, title: str, decimals: int) -> None:
    """Give the rows of a block their sums."""
    known = {(line, column.at) for line in block.lines for column in block.amounts}
    _set_sums(page, block, block.rows, known, title, decimals)


def _set_sums(
    page: Page, block: DraftBlock, beside: list[DraftRow], known: set[Cell], title: str, decimals: int
) -> None:
    """The sums of rows beside each other, then of those below each of them."""
    found: dict[str, tuple[Names, Evidence]] = {}
    for row in beside:
        if not row.group and row.each not in CODE_LEVELS and (row.rows or not row.each):
            recognised = _by_formulas(page, block, row, beside, known) or _by_numbers(
                page, block, row, beside, decimals
            )
            if recognised:
                found[row.name] = recognised
    parts = {name: [part.removeprefix("-") for part in names] for name, (names, _) in found.items()}
    kept = without_circles(parts, sorted(found, key=lambda name: STRENGTH.index(found[name][1])))
    for row in beside:
        if row.name in kept:
            names, evidence = found[row.name]
            row.sum = Sum(names, _rule(title, row, names), evidence)
        _set_sums(page, block, row.rows, known, title, decimals)


def _by_formulas(
    page: Page, block: DraftBlock, row: DraftRow, beside: list[DraftRow], known: set[Cell]
) -> tuple[Names, Evidence] | None:
    written = list(_as_written(page, block, row, beside))
    for names in [*_candidates(row, beside), *written]:
        if by_formulas(page, _cases(page, block, row, beside, names), known):
            return names, Evidence.FORMULA
    return None


def _by_numbers(
    page: Page, block: DraftBlock, row: DraftRow, beside: list[DraftRow], decimals: int
) -> tuple[Names, Evidence] | None:
    candidates = list(_candidates(row, beside))
    cases = [_cases(page, block, row, beside, names) for names in candidates]
    has_name = bool(words.TOTAL.search(normal(row.label))) or bool(row.rows) or row.name == "部门" or _is_change(row)
    supported = first_supported(page, cases, decimals, has_name)
    return None if supported is None else (candidates[supported[0]], supported[1])


def _is_change(row: DraftRow) -> bool:
    return bool(words.CHANGE.search(row.label))


def _candidates(row: DraftRow, beside: list[DraftRow]) -> Iterator[Names]:
    """What a row may add up, the likeliest first."""
    for dimension in (below.each for below in row.rows if below.each):
        yield (dimension,)
    if row.rows and not row.rows[0].each and (len(row.rows) > 1 or not words.is_part(row.rows[0].label)):
        yield ("rows",)
    if row.each:
        return
    place = next(i for i, other in enumerate(beside) if other is row)
    if _is_change(row):
        yield from _changes(beside[:place])
        return
    runs = [other for other in beside if other.each]
    if not words.TOTAL.search(normal(row.label)):
        yield from ((run.each,) for run in runs if row.name == "部门")
        return
    above, below = beside[:place], beside[place + 1 :]
    last_total = max((i for i, other in enumerate(above) if words.TOTAL.search(normal(other.label))), default=-1)
    yield from _whole([other.name for other in above[max(last_total, 0) :]], runs)
    yield from _whole([other.name for other in above[last_total + 1 :]], runs)
    yield from ((run.each,) for run in runs)
    next_total = next((i for i, other in enumerate(below) if words.TOTAL.search(normal(other.label))), len(below))
    yield from _whole([other.name for other in below[:next_total]], runs)
    yield from _whole([other.name for other in below], runs)
    yield from _whole([other.name for other in above if not words.TOTAL.search(normal(other.label))], runs)


def _whole(names: list[str], runs: list[DraftRow]) -> Iterator[Names]:
    """The names as one candidate; a dimension that several runs repeat over would count more than is meant."""
    if names and len(set(names)) == len(names):
        yield tuple(names)


def _changes(above: list[DraftRow]) -> Iterator[Names]:
    """This year less last year: the row above less the one above that."""
    if len(above) > 1:
        yield above[-1].name, f"-{above[-2].name}"


def _as_written(page: Page, block: DraftBlock, row: DraftRow, beside: list[DraftRow]) -> Iterator[Names]:
    """The rows beside it that the formulas of a row add up."""
    if row.each:
        return
    names = {other.instances[0].line: other.name for other in beside if not other.each and other.instances}
    for column in block.amounts:
        terms = page.terms(row.instances[0].line, column.at) or {}
        at = {CellRef(page.sheet.name, line, column.at): name for line, name in names.items()}
        if terms and terms.keys() <= at.keys() and all(abs(sign) == 1 for sign in terms.values()):
            yield tuple(("-" if sign < 0 else "") + at[cell] for cell, sign in terms.items())


def _cases(page: Page, block: DraftBlock, row: DraftRow, beside: list[DraftRow], names: Names) -> list[Case]:
    """One case for each of the row's lines and each amount column that does not add up across."""
    cases = []
    signed = [(-1 if name.startswith("-") else 1, name.removeprefix("-")) for name in names]
    for instance in row.instances:
        lines = [(sign, line) for sign, name in signed for line in _lines(row, beside, instance, name)]
        for column in block.amounts:
            cases.append(Case((instance.line, column.at), tuple((sign, (line, column.at)) for sign, line in lines)))
    return [case for case in cases if not _adds_across(page, case.total)]


def _adds_across(page: Page, cell: Cell) -> bool:
    terms = page.terms(*cell)
    return bool(terms) and all(term.row == cell[0] for term in terms or ())


def _lines(row: DraftRow, beside: list[DraftRow], instance: Instance, name: str) -> list[int]:
    """The sheet rows that one name of a sum stands for, for one line of the row."""
    if name == "rows":
        return [below.line for other in row.rows for below in other.instances if below.above == instance.line]
    if name not in DIMENSIONS:
        return [at.line for other in beside if other.id == name for at in other.instances if at.above == instance.above]
    nested = [other for other in row.rows if other.each == name]
    above = instance.line if nested else instance.above
    return [
        at.line
        for other in nested or [other for other in beside if other.each == name]
        for at in other.instances
        if at.above == above and (name not in CODE_LEVELS or len(at.member) == other.levels[0])
    ]


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
