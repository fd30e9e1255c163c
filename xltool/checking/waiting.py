"""Why an equation that does not hold says nothing yet: what it lacks has been told, or nobody has filled it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from functools import cached_property

from xltool.checking.predicates.amounts.not_negative import below_zero
from xltool.checking.predicates.subjects.codes_valid import replacements
from xltool.checking.predicates.tables.one_year import turned_rows
from xltool.checking.predicates.tables.required_total import lacking_totals
from xltool.checking.shift.shifted import RowIndex
from xltool.checking.tell.lacking import absent_tables, lacking_parts
from xltool.checking.tell.words import Words, quoted
from xltool.checking.unknown_rows import UnknownRows
from xltool.equations.evaluate import Values
from xltool.equations.nets import Nets
from xltool.equations.unfinished import unfinished_tables, zeroed_tables
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import format_path
from xltool.template.spec import Rule


class Waiting:
    """What has been told of a book, or is still to come, that keeps equations from saying anything.

    `zeroed` are the tables in which only 0 is typed, with the first place; `for_zeroed` how many equations wait for
    each. `replacements` are the codes of other years, with those that they should be. `nameless` are the rows whose
    own name stands under another heading.
    """

    def __init__(
        self, book: Book, values: Values, nets: Nets, rules: Mapping[str, Rule], nameless: Set[RowIndex]
    ) -> None:
        self._book = book
        self._layout = book.layout
        self._values = values
        self._nets = nets
        self._rules = rules
        self._nameless = nameless
        self._words = Words(book.layout, values)
        self._unfinished = unfinished_tables(book.layout, book.values, book.live)
        self._turned = turned_rows(book)
        self._lacking_totals = lacking_totals(book)
        self._unknown = UnknownRows(book, values, nets.live, rules)
        self.zeroed = zeroed_tables(book.values, book.live, book.layout, self._unfinished)
        self.for_zeroed: Counter[str] = Counter()
        self.replacements = replacements(book)

    @cached_property
    def _negative(self) -> Set[Place]:
        """The amounts below zero that are told."""
        return below_zero(self._book).keys() if self._book.template.uses("not_negative") else set()

    def reason(self, outcome: Outcome) -> str:
        """Why an equation that does not hold says nothing yet; "" if it does say something."""
        equation, seen = outcome.equation, self._book.seen
        unread = {*seen.unreadable, *seen.without_result}
        if unread and (cells := unread & self._nets.typed_cells(equation.terms)):
            at = self._words.address(min(cells), (equation.left or equation.right)[0].place)
            return f"{at} 的公式没有结果" if min(cells) in seen.without_result else f"{at} 的金额无法读取"
        if row := self._unknown.behind(equation):
            return f"{row}无法识别，要先改正"
        if equation.structural:
            lacking = lacking_parts(self._layout, equation)
            return f"工作簿缺少{lacking}" if lacking else ""
        if total := self._lacking_total(equation):
            return total
        typed = self._nets.typed_cells(equation.terms)
        named = {self._layout.blocks[cell.block].table.id for cell in typed}
        if zeroed := sorted(named & self.zeroed.keys()):
            self.for_zeroed.update(zeroed)
            return f"{'、'.join(zeroed)}填的全是 0"
        if not self._book.is_ours and (blank := sorted(named & self._unfinished)):  # in ours 校验 says the same as this
            return f"{'、'.join(blank)}尚未填写"
        for side in (equation.left, equation.right):
            typed = self._nets.typed_cells(side)
            tables = [self._layout.blocks[cell.block].table.id for cell in sorted(typed)]
            unfinished = [
                table
                for table in tables or absent_tables(self._rules[equation.rule], equation)
                if table in self._unfinished
            ]
            if unfinished and not any(self._values.get(cell) for cell in typed):
                return f"{'、'.join(dict.fromkeys(unfinished))}尚未填写"
        if self._turned and any(place[:2] in self._turned for place in equation.places):
            return "行的年度写反了，要先改正"
        if told := self._told_code(equation):
            return f"编码 {told} 不是本年度的，要先改正"
        if negative := self._below_zero(outcome):
            return f"{negative} 是负数，要先改正"
        return "有一行错位，名称不明" if equation.member and self._is_nameless(equation) else ""

    def _below_zero(self, outcome: Outcome) -> str:
        """The amount below zero, told by itself, because of which the whole of an inequality is less than nothing."""
        equation = outcome.equation
        is_at_most = equation.relation == "<="
        whole, terms = (outcome.right, equation.right) if is_at_most else (outcome.left, equation.left)
        if not equation.is_inequality or whole >= 0:
            return ""
        told = self._negative & self._nets.typed_cells(terms)
        cell = self._layout.cell(min(told)) if told else None
        return cell.in_book if cell is not None else ""

    def _lacking_total(self, equation: Equation) -> str:
        """The row of a total, told by itself, that a rule names and the workbook lacks."""
        comparison = self._rules[equation.rule].comparison if self._lacking_totals else None
        sides = (*comparison.left, *comparison.right) if comparison is not None else ()
        rows = ((addend.reference.table, addend.reference.row) for addend in sides)
        table, row = next((one for one in rows if one in self._lacking_totals), ("", ()))
        return f"{table}缺少{quoted(format_path(row))}行" if table else ""

    def _told_code(self, equation: Equation) -> str:
        """The code of another year because of which a table lacks the row of an equation's 科目; "" if it is none."""
        if not absent_tables(self._rules[equation.rule], equation):
            return ""
        told = (code for code, now in self.replacements.items() if {code, *now}.intersection(equation.member))
        return next(told, "")

    def _is_nameless(self, equation: Equation) -> bool:
        """Whether what a rule says of one member may be about a row whose name is under another heading."""
        absent = absent_tables(self._rules[equation.rule], equation)
        rows = {place[:2] for place in equation.places}
        return bool(rows & self._nameless) or any(
            self._layout.blocks[block].table.id in absent for block, _ in self._nameless
        )
