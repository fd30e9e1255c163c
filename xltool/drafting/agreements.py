"""Finds the columns of different tables that print the same amounts, from the figures of a workbook: 科目 by
科目, project by project or unit by unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from xltool.drafting.equalities import BUDGETS, funds
from xltool.drafting.spec import Agreement
from xltool.equations.rounding.judging import judge, judge_copy
from xltool.expression import Reference
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.model import Path, Verdict
from xltool.template.binding import is_code, row_patterns
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, YUAN

ENOUGH, NEARLY_ALL = 3, 5
"""A relation is sure if so many of its kind agree, and so many times as many as disagree."""

_WHOLE = re.compile(r"(?:支出|收入|预算|本年|资金来源|项目资金|金额)*(?:合计|总计|小计|总额|预算数)?")
"""Headings that mean all of it: 合计 of one table is the 支出总计 of another."""

_OF_A_FUND = re.compile(rf"(?:{'|'.join(BUDGETS)})(?:预算)?(?:财政)?(?:拨款)?(?:资金)?(?:收入|支出)?")
"""Headings that mean all that is paid for by one kind of money."""

_LISTED = (*CODE_LEVELS, "project", "unit")
"""What tables list once each, so that they can be compared."""

_ALL = "合计"
_EACH_ONCE = 2
"""The units of two columns that print an amount once each."""

_NOTHING = Decimal(0)


class _Column(NamedTuple):
    """An amount column of a table whose rows repeat over 科目, projects or units: in 元, as exactly as printed;
    those of several units are added up. `funds` are what its table or its heading is about, `own` its table alone."""

    reference: Reference
    heading: str
    funds: frozenset[str]
    own: frozenset[str]
    is_spent: bool
    amounts: Mapping[str, Decimal]
    units: Mapping[str, tuple[Decimal, ...]]

    @property
    def levels(self) -> set[int]:
        """The lengths of its codes; 0 for names."""
        return {_level(member) for member in self.amounts}

    def of_levels(self, levels: Set[int]) -> _Column:
        """The same column without the codes of other lengths."""
        return self._replace(amounts={code: value for code, value in self.amounts.items() if _level(code) in levels})


def _level(member: str) -> int:
    return len(member) if member.isdecimal() else 0


def is_sure(agreeing: int, disagreeing: int) -> bool:
    """Whether what was inferred has enough to rest on, and nearly nothing against it."""
    return agreeing >= max(ENOUGH, NEARLY_ALL * disagreeing)


def agreements(book: Book) -> list[Agreement]:
    """The pairs of columns that agree, those of one heading; of many that all agree, as few as say so. Columns about
    the same money come first. Then those of several kinds of money that add up to the whole."""
    found: list[Agreement] = []
    for dimension in _LISTED:
        columns = [column for block in book.layout.blocks for column in _columns(book, block, dimension)]
        leader = list(range(len(columns)))
        pairs = sorted(combinations(range(len(columns)), 2), key=lambda at: _likeness(columns[at[0]], columns[at[1]]))
        for i, j in pairs:
            one, other = columns[i], columns[j]
            if leader[i] == leader[j] or one.heading != other.heading or one.reference.table == other.reference.table:
                continue
            agreement = _agreement(dimension, one, (other,), _compared)
            if agreement is not None:
                found.append(agreement)
                leader = [leader[i] if known == leader[j] else known for known in leader]
        whole = [i for i, column in enumerate(columns) if column.is_spent and not column.funds]
        finest = {leader[i]: i for i in sorted(whole, key=lambda i: len(columns[i].levels))}
        sums = [(columns[i], _parts(columns[i], columns)) for i in sorted(finest.values())]
        added = [_agreement(dimension, one, parts, _added_up) for one, parts in sums if len(parts) > 1]
        found += _narrowest([agreement for agreement in added if agreement is not None])
    return found


def _narrowest(sums: list[Agreement]) -> Iterator[Agreement]:
    """Where 基本支出 and 项目支出 add up, 合计 may hold more (经营支出), which no kind of money pays for."""
    narrow = {agreement.left.table for agreement in sums if agreement.heading != _ALL}
    return (agreement for agreement in sums if agreement.heading != _ALL or agreement.left.table not in narrow)


def _likeness(one: _Column, other: _Column) -> tuple[bool, bool, int]:
    """What is about the same money comes first, what is of one side (收入, 支出), and what has the same levels."""
    return _is_other(one, other), one.is_spent != other.is_spent, -len(one.levels & other.levels)


def _is_other(one: _Column, other: _Column) -> bool:
    return one.funds != other.funds


def _parts(one: _Column, columns: Sequence[_Column]) -> tuple[_Column, ...]:
    """The columns of the same heading in tables about one kind of money each, of a table about all expenditure."""
    if one.funds or not one.is_spent:
        return ()
    parts: dict[frozenset[str], _Column] = {}
    for other in columns:
        if other.heading == one.heading and other.is_spent and len(other.own & set(BUDGETS)) == 1:
            parts.setdefault(other.own & set(BUDGETS), other)
    return tuple(parts.values())


def _agreement(
    dimension: str, one: _Column, others: tuple[_Column, ...], compared: Callable[..., tuple[int, int]]
) -> Agreement | None:
    """The agreement of a column with others, if the figures are enough to believe it."""
    levels = one.levels.intersection(*(other.levels or one.levels for other in others))
    agreeing, disagreeing = compared(one.of_levels(levels), *(other.of_levels(levels) for other in others))
    if not is_sure(agreeing, disagreeing):
        return None
    is_partial = any(column.levels - levels for column in (one, *others))
    is_of_one_side = one.is_spent == others[0].is_spent or not one.funds
    is_lasting = len(others) > 1 or (is_of_one_side and not _is_other(one, others[0]))
    right = tuple(other.reference for other in others)
    told = (agreeing, disagreeing, tuple(sorted(levels)), is_partial, is_lasting)
    return Agreement(dimension, one.heading, one.reference, right, *told)


def _added_up(one: _Column, *parts: _Column) -> tuple[int, int]:
    """For how many 科目 several columns make up one, and for how many they do not."""
    agreeing = disagreeing = 0
    for code in set(one.amounts).union(*(part.amounts for part in parts)):
        left, right = (
            one.amounts.get(code, _NOTHING),
            sum((part.amounts.get(code, _NOTHING) for part in parts), _NOTHING),
        )
        if left or right:
            units = [unit for column in (one, *parts) for unit in column.units.get(code, ())]
            fits = code in one.amounts and judge(left - right, units)[0] in (Verdict.PASS, Verdict.ROUNDING)
            agreeing, disagreeing = agreeing + fits, disagreeing + (not fits)
    return (0, 0) if disagreeing and _is_of_one_level(one) else (agreeing, disagreeing)


def _is_of_one_level(column: _Column) -> bool:
    """Whether nothing tells a mistake in a column from what differs: that differs in a 项 and its 款 and 类."""
    return len(column.levels) == 1


def _columns(book: Book, block: BlockAt, dimension: str) -> Iterator[_Column]:
    """Only of a table that prints each 科目, project or unit once, or once for each unit."""
    listed = _listed(block, dimension)
    if len(listed) != 1 or block.table.each:
        return
    ((pattern, numbers),) = listed.items()
    rows: dict[str, list[int]] = {}
    for r in numbers:
        rows.setdefault(block.rows[r].path[-1], []).append(r)
    if len(rows) != len(numbers) and pattern != ("unit", dimension):
        return
    own = funds(block.table.title)
    scale = Decimal(YUAN[book.layout.amount_unit(block.index)])
    for c in block.block.amounts:
        places = {code: [block.places[r][c] for r in own_rows] for code, own_rows in rows.items()}
        amounts = {code: sum((_amount(book, at) for at in cells), _NOTHING) * scale for code, cells in places.items()}
        units = {code: tuple(book.layout.unit(at) * scale for at in cells) for code, cells in places.items()}
        path = block.columns[c].definition.path
        is_open = any(name in DIMENSIONS and name != dimension for name in pattern)
        reference = Reference(block.table.id, pattern, path, is_open)
        about = own | frozenset(fund for name in path for fund in funds(normal(name)))
        about = about & frozenset(BUDGETS) or about
        is_spent = "支出" in block.table.title or "支出" in normal(path[0])
        yield _Column(reference, _heading(path), about, own, is_spent, amounts, units)


def _listed(block: BlockAt, dimension: str) -> Mapping[Path, list[int]]:
    """The rows of each run of a dimension by its pattern; 类 that are fixed rows are a run too."""
    patterns = [*row_patterns(block.block.rows)]
    runs = {pattern: [*block.rows_of_pattern.get(pattern, [])] for pattern in patterns if pattern[-1] == dimension}
    for pattern in patterns:
        if dimension in CODE_LEVELS and is_code(dimension, pattern[-1]):
            runs.setdefault((*pattern[:-1], dimension), []).extend(block.rows_of_pattern.get(pattern, []))
    return runs


def _amount(book: Book, place: Place) -> Decimal:
    value = book.values.get(place)
    return value if isinstance(value, Decimal) else Decimal(0)


def _heading(path: Path) -> str:
    """What a column is of its table: the innermost heading that says more than 合计 or 小计."""
    names = [name for name in map(normal, path) if not _WHOLE.fullmatch(name) and not _OF_A_FUND.fullmatch(name)]
    return names[-1] if names else _ALL


def _compared(one: _Column, other: _Column) -> tuple[int, int]:
    """For how many 科目 two columns may print the same amount, and for how many they do not; 0 in both says nothing.

    Tables about different money agree as long as all of it is of one kind. Where it is not, they have other 科目, or a
    项 differs together with its 款 and 类; a single one that differs is a mistake. What several units have rounded is
    no evidence of that.
    """
    agreeing = disagreeing = 0
    may_differ = one.funds != other.funds
    for code in one.amounts.keys() | other.amounts.keys():
        left, right = one.amounts.get(code, Decimal(0)), other.amounts.get(code, Decimal(0))
        if not left and not right:
            continue
        in_both = code in one.amounts and code in other.amounts
        if may_differ and (not in_both or len(one.units[code]) + len(other.units[code]) > _EACH_ONCE):
            return 0, 0
        fits = in_both and _is_same(left, right, one.units[code], other.units[code])
        agreeing, disagreeing = agreeing + fits, disagreeing + (not fits)
    allowed = 0 if _is_of_one_level(one) or _is_of_one_level(other) else 1
    return (0, 0) if may_differ and disagreeing > allowed else (agreeing, disagreeing)


def _is_same(left: Decimal, right: Decimal, units: tuple[Decimal, ...], others: tuple[Decimal, ...]) -> bool:
    """Whether two columns may print the same amount; one of them may be the sum of several units' amounts."""
    if len(units) == len(others) == 1:
        return judge_copy(left, units[0], right, others[0])[0] is Verdict.PASS
    return judge(left - right, [*units, *others])[0] in (Verdict.PASS, Verdict.ROUNDING)
