"""Rows that the template does not have (S03), and what does not hold only because nothing counts their amounts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Set
from decimal import Decimal
from typing import NamedTuple

from xltool.catalogue.by_year import TITLES
from xltool.checking.problems import UNKNOWN_ROW, problem
from xltool.checking.tell.words import Words, quoted
from xltool.equations.evaluate import sides
from xltool.equations.instances import factor_of
from xltool.equations.verdicts import evaluate
from xltool.layout.block import BlockAt, Place, RowAt
from xltool.layout.book import Book
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.model import Culprit, Explanation, Finding, Statement, Value, Verdict, member_name
from xltool.template.binding import FIRST_DIGIT, is_code, row_patterns
from xltool.template.spec import CODE_LEVELS, Rule

_ColumnAt = tuple[int, int]
"""The index of a block, and of a column in it."""


def unknown_row_findings(book: Book, words: Words) -> Iterator[Finding]:
    """Rows that the template does not have, told at their first amount."""
    for block in book.layout.blocks:
        for r, row in enumerate(block.rows):
            amounts = [c for c in block.block.amounts if block.columns[c].sheet_column]
            if row.definition is not None or not amounts:
                continue
            if (first := _first_copy(book, block, r)) is not None:
                yield _twice(book, block, r, first)
                continue
            c = next((c for c in amounts if book.values.get(block.places[r][c])), amounts[0])
            statement = Statement(
                "{what}{basis}；它的金额是 {found}。",
                f"表{quoted(block.table.name)}第 {row.sheet_row} 行",
                words.value(block.places[r][c]),
                basis=f"{_why_unknown(block, row.label)}，{_where_counted(block, row)}",
            )
            yield problem(UNKNOWN_ROW, statement, block.key(r, c), block.cell(r, c))


def _first_copy(book: Book, block: BlockAt, r: int) -> int | None:
    """The row of the same name and with the same figures above or below a row; None if there is none."""
    path = block.rows[r].path
    first = block.row_index.get((*path[:-1], member_name(path[-1])), r)
    figures, own = ([book.values.get(block.places[at][c]) for c in block.block.amounts] for at in (first, r))
    return first if first != r and any(own) and figures == own else None


def _twice(book: Book, block: BlockAt, r: int, first: int) -> Finding:
    """A row that stands there a second time, with the cells that have to be emptied."""
    row, cells = block.rows[r], [p for c in block.block.amounts if book.values.get(p := block.places[r][c])]
    statement = Statement(
        "{what}{found}，金额也完全相同，像是多出来的一份，{basis}：请删去一份。",
        f"表{quoted(block.table.name)}第 {row.sheet_row} 行{quoted(member_name(row.label.strip()))}",
        f"与第 {block.rows[first].sheet_row} 行重复",
        basis=_where_counted(block, row),
    )
    culprits = tuple(Culprit(book.layout.cell(p), book.layout.key(p), book.values.get(p), None) for p in cells)
    told = problem(UNKNOWN_ROW, statement, block.key(r, cells[0].column), book.layout.cell(cells[0]))
    return told._replace(explanations=(Explanation(culprits, "row_doubled"),))


def _where_counted(block: BlockAt, row: RowAt) -> str:
    """Which totals the row is in: those whose formulas count it."""
    if not row.counted_in:
        return "在检查合计时没有算在内"
    totals = [block.rows[block.row_index[path]] for path in row.counted_in]
    named = "、".join(f"第 {total.sheet_row} 行{quoted(total.label.strip())}" for total in totals)
    return f"由公式计入了{named}"


def _why_unknown(block: BlockAt, label: str) -> str:
    """Why the template has no row of this label."""
    if not label.strip():
        return "没有名称"
    code = label.split()[0]
    dimension = next((path[-1] for path in row_patterns(block.block.rows) if path[-1] in CODE_LEVELS), "")
    if block.code_column and dimension and code.isdecimal() and not is_code(dimension, code):
        lengths = "、".join(map(str, CODE_LEVELS[dimension]))
        return f"{quoted(label)}的编码不对（{TITLES[dimension]}科目 {lengths} 位，以 {FIRST_DIGIT[dimension]} 开头）"
    return f"{quoted(label)}不在模板里，或重复出现"


class _Addend(NamedTuple):
    """A column of a block, and with which coefficient a side of an equation counts its amounts."""

    at: _ColumnAt
    coefficient: Coefficient
    is_left: bool


class _Amounts(NamedTuple):
    """Amounts of one column, the least first, where each stands, and their sum."""

    amounts: list[Decimal]
    places: list[Place]
    total: Decimal

    @classmethod
    def of(cls, figures: Iterable[tuple[Decimal, Place]]) -> _Amounts:
        """These amounts, in their order."""
        order = sorted(figures)
        amounts = [amount for amount, _ in order]
        return cls(amounts, [place for _, place in order], sum(amounts, Decimal(0)))

    def without(self, counted: Set[Place]) -> _Amounts:
        """Those that do not stand in some places."""
        if not counted:
            return self
        return self.of((a, place) for a, place in zip(self.amounts, self.places, strict=True) if place not in counted)


class UnknownRows:
    """The amounts of a book in rows that its template does not have.

    `live` are the cells whose values follow from others.
    """

    def __init__(
        self, book: Book, values: Mapping[Place, Value], live: Mapping[Place, Equation], rules: Mapping[str, Rule]
    ) -> None:
        self._layout = book.layout
        self._live = live
        self._rules = rules
        self._values = values
        found: dict[_ColumnAt, list[tuple[Decimal, Place]]] = {}
        for block in book.layout.blocks:
            for places, row in zip(block.places, block.rows, strict=True):
                for c in block.block.amounts if row.definition is None else ():
                    value = values.get(places[c])
                    if isinstance(value, Decimal) and value:
                        found.setdefault((block.index, c), []).append((value, places[c]))
        self._amounts = {at: _Amounts.of(figures) for at, figures in found.items()}
        self._places = {place for amounts in self._amounts.values() for place in amounts.places}

    def behind(self, equation: Equation) -> str:
        """The row because of which alone an equation does not hold: it does once the row's amount counts.

        "" if there is none. Where several rows are unknown it may be all of them: then the uppermost is named.
        """
        place = self._place_behind(equation) if self._amounts else None
        if place is None:
            return ""
        block = self._layout.blocks[place.block]
        return f"{block.table.id}第 {block.rows[place.row].sheet_row} 行"

    def _place_behind(self, equation: Equation) -> Place | None:
        if equation.is_inequality:  # beside a whole that is there any great amount would do
            return next((p for addend in self._absent(equation) if (p := self._enough(equation, addend))), None)
        addends, counted = self._counted(equation)
        found = (self._exact(equation, one, self._amounts[one.at].without(counted)) for one in addends)
        return next(filter(None, found), None)

    def _enough(self, equation: Equation, addend: _Addend) -> Place | None:
        """The greatest amount of a column, if an inequality that lacks its row holds with it."""
        place = self._amounts[addend.at].places[-1]
        return place if self._holds(equation, addend, [place]) else None

    def _exact(self, equation: Equation, addend: _Addend, left_out: _Amounts) -> Place | None:
        """The amount that an equality lacks, or the uppermost one if it lacks all together."""
        amounts, places, total = left_out
        if not amounts:
            return None
        left, right = sides(equation, self._values)
        wanted = (right - left if addend.is_left else left - right) / Decimal(addend.coefficient)
        after = bisect_left(amounts, wanted)
        side = equation.left if addend.is_left else equation.right
        beside = {self._values.get(place) for _, place in side}  # a row that shows one of them is that row again
        near = [[p] for p in places[max(0, after - 1) : after + 1] if self._values.get(p) not in beside]
        most = len(places) + len(equation.terms)  # no figure is rounded to more than 1
        if len(places) > 1 and abs(total - wanted) <= most:
            near.append(places)
        return next((min(chosen) for chosen in near if self._holds(equation, addend, chosen)), None)

    def _holds(self, equation: Equation, addend: _Addend, places: list[Place]) -> bool:
        """Whether an equation holds, within rounding, that counts some more amounts."""
        more = tuple([Term(addend.coefficient, place) for place in places])
        left, right = (
            (equation.left + more, equation.right) if addend.is_left else (equation.left, equation.right + more)
        )
        outcome = evaluate(equation._replace(left=left, right=right), self._layout, self._values, self._live)
        return outcome is None or outcome.verdict is not Verdict.FAIL

    def _counted(self, equation: Equation) -> tuple[list[_Addend], set[Place]]:
        """The columns with such amounts that an equation speaks of, in its totals too; and which of them it counts."""
        found, counted = dict.fromkeys(self._absent(equation)), set[Place]()
        for is_left, terms in ((True, equation.left), (False, equation.right)):
            waiting, known = [*terms], set[Term]()
            while waiting:
                term = waiting.pop()
                if term not in known:
                    known.add(term)
                    factor, place = term
                    if factor and place[::2] in self._amounts:
                        found[_Addend(place[::2], factor, is_left)] = None
                    if place in self._live:
                        waiting += [Term(factor * one, part) for one, part in self._live[place].right]
            counted |= self._places & {term.place for term in known}
        return list(found), counted

    def _absent(self, equation: Equation) -> Iterator[_Addend]:
        """Those of the tables that a rule speaks of and that have no row for an equation."""
        comparison = self._rules[equation.rule].comparison
        named = {place[::2] for place in equation.places}
        for is_left, side in ((True, comparison.left), (False, comparison.right)) if comparison is not None else ():
            for coefficient, reference in side:
                column = reference.column
                blocks = self._layout.blocks_of(reference.table, column)
                columns = {(block.index, block.column_index[column]): block for block in blocks}
                for at, block in columns.items() if named.isdisjoint(columns) else ():
                    if at in self._amounts:
                        yield _Addend(at, factor_of(coefficient, block, column, self._layout), is_left)
