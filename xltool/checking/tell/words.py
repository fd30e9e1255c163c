"""Says in Chinese what stands where, what was expected and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.catalogue import by_year
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Equation, Term
from xltool.layout.layout import Layout
from xltool.layout.outline import group_label
from xltool.model import Path, Statement, Value, member_name
from xltool.template.spec import CODE_LEVELS

MUST = {"=": "应等于", "<=": "不应大于", ">=": "不应小于"}

_ZERO = Decimal(0)

MAX_PARTS = 6
"""A sum of more parts is told by its first ones and their number."""


class Words:
    """Names places and amounts of one workbook the way its reader sees them."""

    def __init__(self, layout: Layout, values: Mapping[Place, Value]) -> None:
        self.layout = layout
        self.values = values

    def amount(self, number: Decimal, place: Place | None = None) -> str:
        """A number with thousands separators and the decimals of its table, more if it has more; a share in percent."""
        decimals = self.layout.decimals(place) if place is not None else 0
        is_share = place is not None and self.layout.kind(place) == "percent"
        number = number.scaleb(2) if is_share else number
        return grouped(number, decimals) + ("%" if is_share else "")

    def value(self, place: Place) -> str:
        """The value in a cell, "空白" for a blank one."""
        value = self.values.get(place)
        return self.amount(value, place) if isinstance(value, Decimal) else quoted(value) if value else "空白"

    def line(self, place: Place) -> str:
        """The row and column of a fact, such as 2014001 行政运行·合计 in quotes."""
        return f"{quoted(self.row(place) or '无名称的行')}{self.column(place)}"

    def row(self, place: Place) -> str:
        """The row of a fact: its code, and its name after those of the groups that it is in; "" if it has none."""
        block = self.layout.blocks[place.block]
        row = block.rows[place.row]
        dimension = row.pattern[-1] if row.pattern else ""
        code = row.code if dimension in CODE_LEVELS else ""
        known = by_year.names(dimension, self.layout.outline.year) if code else {}
        name = row.label.strip() or (known.get(code, "") if code else row.path[-1])
        name = "·".join([*self._groups(block, row.path), name + _which(row.path[-1])])
        return " ".join(filter(None, (code, name)))

    def column(self, place: Place) -> str:
        """The heading of a fact's column; where headings are many, with the one above it; "" in a form."""
        heading = self.layout.blocks[place.block].columns[place.column].definition
        if heading.kind == "field":
            return ""
        return heading.id if len(heading.path) < 3 else "·".join(heading.path[-2:])

    def heading(self, place: Place) -> str:
        """The column of a fact with its address, such as “主要内容”（C9）."""
        cell = self.layout.cell(place)
        return quoted(self.column(place)) + (f"（{cell.a1}）" if cell is not None else "")

    def _groups(self, block: BlockAt, path: Path) -> list[str]:
        """The labels of the groups that a row is in: a unit where the row has a year only, a project for a field."""
        above = [path[:end] for end in range(1, len(path))]
        labels = [(group_label(block.block.rows, group, self.layout.outline), _which(group[-1])) for group in above]
        return [label + which for label, which in labels if label]

    def address(self, place: Place, seen_from: Place) -> str:
        """A cell's address, with its sheet if that is another one."""
        cell = self.layout.cell(place)
        if cell is None:
            return ""
        return cell.a1 if self.layout.blocks[seen_from.block].sheet == cell.sheet else cell.in_book

    def place(self, place: Place, seen_from: Place) -> str:
        """A fact as named from another: with its sheet if that differs, and its address."""
        cell = self.layout.cell(place)
        address = f"（{cell.a1}）" if cell is not None else ""
        sheet = cell.sheet if cell is not None and self.layout.blocks[seen_from.block].sheet != cell.sheet else ""
        return f"{sheet}{self.line(place)}{address}"

    def side(self, terms: tuple[Term, ...], seen_from: Place, constant: Decimal = _ZERO) -> str:
        """One side of an equation, part by part with values; blank parts are passed over unless all are."""
        filled = [term for term in terms if self.values.get(term.place) is not None]
        if not filled and terms and not constant:
            return f"{self.place(terms[0].place, seen_from)}{f'等 {len(terms)} 格' if len(terms) > 1 else ' '}空白"
        texts = []
        for i, (coefficient, place) in enumerate(filled[:MAX_PARTS]):
            sign = "－" if coefficient < 0 else "＋" if i else ""
            factor = "" if abs(coefficient) == 1 else f"{abs(coefficient)}×"
            texts.append(f"{sign}{factor}{self.place(place, seen_from)} {self.value(place)}")
        if constant:
            sign = "－" if constant < 0 else "＋" if texts else ""
            texts.append(f"{sign}{self.amount(abs(constant), seen_from)}")
        more = f" 等 {len(filled)} 项" if len(filled) > MAX_PARTS else ""
        return " ".join(texts) + more

    def agreement(self, equation: Equation, seen_from: Place) -> str:
        """ "X 5.00 等于 Y 3.00 ＋Z 2.00。"; cells of the sheet of `seen_from` are named without their sheet."""
        before, after = equation.constants
        return f"{self.side(equation.left, seen_from, before)} 等于 {self.side(equation.right, seen_from, after)}。"

    def disagreement(
        self, equation: Equation, left: Decimal, right: Decimal, absent: str, seen_from: Place | None = None
    ) -> Statement:
        """ "X 5.00 应等于 Y 4.00，多 1.00", of an inequality "… 不应大于 …"; sums also with their parts.

        `absent` says which tables have no row for a side. Cells of the sheet of `seen_from` (that of X if it is not
        given) are named without their sheet.
        """
        first = (equation.left or equation.right)[0].place
        here = seen_from or first
        first_right = equation.right[0].place if equation.right else first
        difference = left - right
        off = f"{'多' if difference > 0 else '少'} {self.amount(abs(difference), first)}"
        if absent or (equation.structural and not equation.right):
            what = self.side(equation.left or equation.right, here)
            return Statement("{what}，但{basis}，{off}。", what, basis=absent or "没有对应的行", off=off)
        before, after = equation.constants
        if _is_one(equation.left) and not before:
            head, what, found = "{what} {found}", self.place(first, here), self.value(first)
        else:
            head = "{what} 共 {found}" if left and equation.left else "{what}"
            what, found = self.side(equation.left, here, before), self.amount(left, first)
        head = f"{head} {MUST[equation.relation]} "
        if _is_one(equation.right) and not after:
            sign = "－" if equation.right[0].coefficient < 0 else ""
            basis, expected = sign + self.place(first_right, here), self.value(first_right)
            return Statement(head + "{basis} {expected}，{off}。", what, found, expected, basis, off)
        expected = self.amount(right, first_right)
        if not equation.right:
            return Statement(head + "{expected}，{off}。", what, found, expected, off=off)
        basis = self.side(equation.right, here, after)
        return Statement(head + "{expected}，{off}。\n{expected} ＝ {basis}", what, found, expected, basis, off)


def _which(name: str) -> str:
    """Which of several of the same name a name in a path is: "信访专项#2" is the second."""
    text = member_name(name)
    return "" if text == name else f"（第{name.removeprefix(text + '#')}个）"


def _is_one(terms: tuple[Term, ...]) -> bool:
    """Whether a side is a figure as it stands."""
    return len(terms) == 1 and abs(terms[0].coefficient) == 1


def grouped(number: Decimal, decimals: int) -> str:
    """A number with thousands separators and at least so many decimals: all that it has."""
    exponent = number.as_tuple().exponent
    return f"{number:,.{max(decimals, -exponent if isinstance(exponent, int) else 0)}f}"


def quoted(name: str) -> str:
    """A name in Chinese quotes; its own quotes become the inner ones."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"
