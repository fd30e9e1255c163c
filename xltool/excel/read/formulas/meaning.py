"""Works out what a formula gives: a number, a text, or, while the cells it refers to are left open, what it adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Protocol

from xltool.excel.read.formulas.algebra import (
    Adding,
    Condition,
    Counted,
    ErrorValue,
    Grid,
    Item,
    Meaning,
    Sum,
    bounded,
    compared_with_zero,
    divided,
    fewest,
    how_many,
    opposite,
    plain_number,
    times,
    vanishes,
)
from xltool.excel.read.formulas.syntax import (
    MAX_CELLS,
    Area,
    Call,
    Chain,
    Constant,
    Listed,
    Name,
    Node,
    NotUnderstood,
    Span,
    Union,
    within_limits,
)
from xltool.model import LAST_ROW, CellRef
from xltool.template.names import normal

_ONE, _MINUS = Decimal(1), Decimal(-1)
_MOST_NAMES, _MOST_NAMES_DEEP = 32, 3
"""So many names of the workbook a formula may have, those within names too; so many within each other."""

Names = Mapping[str, Meaning]
"""What LET gave names."""


class Cells(Protocol):
    """The cells that formulas refer to."""

    def texts(self, sheet: str, column: int) -> Sequence[str]:
        """The texts of a column as shown, made comparable, from row 1 on; none if the sheet is not known."""

    def content(self, cell: CellRef) -> Decimal | str | None:
        """What a cell holds ("" if it is blank); None leaves it open. Raises NotUnderstood if nobody can say."""

    def count(self, cells: int) -> None:
        """A formula has looked at so many."""

    def defined(self, name: Name) -> Node | None:
        """What the workbook gave a name; None if nothing, or if that is not understood."""

    def is_filled(self, cell: CellRef) -> bool | None:
        """Whether a cell that holds no figure, as one of a code, holds anything; None leaves it open."""

    def is_subtotal(self, cell: CellRef) -> bool:
        """Whether a cell has a SUBTOTAL, which others pass over."""

    def is_hidden(self, cell: CellRef) -> bool:
        """Whether the row of a cell is hidden."""


Function = Callable[["Reader", Sequence[Meaning]], Meaning]
"""What a function makes of its arguments."""


class Reader:
    """Reads the tree of one formula. What it spells out is bounded, however often a file names the same cells."""

    def __init__(self, cells: Cells, functions: Mapping[str, Function]) -> None:
        self.cells = cells
        self._functions = functions
        self._left = MAX_CELLS
        self._names_left = _MOST_NAMES
        self._names_deep = 0

    def count(self, cells: int) -> None:
        """Take so many cells for spelt out. Raises NotUnderstood if there are too many."""
        self._left -= cells
        self.cells.count(cells)
        if self._left < 0:
            raise NotUnderstood

    @property
    def has_looked(self) -> bool:
        """Whether the formula refers to anything."""
        return self._left < MAX_CELLS

    def result(self, node: Node) -> Item:
        """What a formula gives in its cell. Raises NotUnderstood, also where that is an array."""
        return self.item(self.read(node, {}))

    def read(self, node: Node | None, names: Names) -> Meaning:
        """What a part of a formula means; an argument that is left out is 0."""
        if node is None:
            return Sum()
        if isinstance(node, Constant):
            return Sum(constant=bounded(node.value)) if isinstance(node.value, Decimal) else node.value
        if isinstance(node, Area):
            return self._clipped(node)
        if isinstance(node, Span):
            return _spanned(self.area(self.read(node.first, names)), self.area(self.read(node.last, names)))
        if isinstance(node, Name):
            return names[node.name] if node.name in names else self._defined(node)
        if isinstance(node, Union):
            areas = [self.area(self.read(item, names)) for item in node.items]
            return [[cell for area in areas for cell in self.each(area)]]
        if isinstance(node, Listed):
            return [[self.item(self.read(item, names)) for item in node.items]]
        if isinstance(node, Chain):
            return self._chain([self.read(operand, names) for operand in node.operands], node.operators)
        return self._call(node, names)

    def _defined(self, name: Name) -> Meaning:
        """What a name of the workbook stands for; names may stand for others, but neither endlessly nor ever more."""
        found = self.cells.defined(name)
        self._names_left -= 1
        if found is None or self._names_left < 0 or self._names_deep == _MOST_NAMES_DEEP:
            raise NotUnderstood
        self._names_deep += 1
        try:
            return self.read(found, {})
        finally:
            self._names_deep -= 1

    # ── calls ──────────────────────────────────────────────────────────────────

    def _call(self, call: Call, names: Names) -> Meaning:
        arguments = call.arguments
        if call.function == "IF" and len(arguments) in (2, 3):
            return self._if(self.truth(self.read(arguments[0], names)), arguments, names)
        if call.function == "IFS" and len(arguments) > 1:
            others = Call("IFS", arguments[2:])
            return self._if(self.truth(self.read(arguments[0], names)), (arguments[0], arguments[1], others), names)
        if call.function in ("IFERROR", "IFNA") and len(arguments) == 2:
            try:
                return self.read(arguments[0], names)
            except ErrorValue:
                return self.read(arguments[1], names)
        if call.function in ("ISERROR", "ISERR", "ISNA") and len(arguments) == 1:
            try:
                self.read(arguments[0], names)
            except ErrorValue:
                return True
            return False
        if call.function == "LET" and len(arguments) % 2:
            known = dict(names)
            for name, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
                if not isinstance(name, Name):
                    raise NotUnderstood
                known[name.name] = self.read(value, known)
            return self.read(arguments[-1], known)
        if call.function not in self._functions:
            raise NotUnderstood
        return self._functions[call.function](self, [self.read(argument, names) for argument in arguments])

    def _if(self, condition: bool | Condition, arguments: Sequence[Node | None], names: Names) -> Meaning:
        """The branch that is taken; while that is open, the one that the other is equal to whenever it is taken."""
        yes, no = arguments[1], arguments[2] if len(arguments) == 3 else None
        if isinstance(condition, bool):
            return self.read(yes if condition else no, names)
        one, other = self.item(self.read(yes, names)), self.item(self.read(no, names))
        if _is_nothing(one) and vanishes(found := self.number(other), condition.if_true):
            return found
        if _is_nothing(other) and vanishes(found := self.number(one), condition.if_false):
            return found
        first, second = self.number(one), self.number(other)
        if first._replace(digits=None) != second._replace(digits=None):
            raise NotUnderstood
        return first._replace(digits=fewest(first.digits, second.digits))

    # ── references ─────────────────────────────────────────────────────────────

    def area(self, found: Meaning) -> Area:
        """What must be a reference."""
        if isinstance(found, CellRef):
            return Area(found.sheet, found.column, found.row, 1, 1)
        if not isinstance(found, Area):
            raise NotUnderstood
        return found

    def each(self, area: Area) -> Iterator[CellRef]:
        """The cells of an area, row by row."""
        self.count(area.width * area.height)
        for row in range(area.top, area.top + area.height):
            for column in range(area.left, area.left + area.width):
                yield CellRef(area.sheet, row, column)

    def grid(self, found: Meaning) -> Grid:
        """What stands in an area or an array."""
        if isinstance(found, Area):
            cells = list(self.each(found))
            return [list(cells[i : i + found.width]) for i in range(0, len(cells), found.width)]
        return found if isinstance(found, list) else [[found]]

    def item(self, found: Meaning) -> Item:
        """What must be one thing."""
        if not isinstance(found, Area | list):
            return found
        grid = self.grid(found)
        if len(grid) != 1 or len(grid[0]) != 1:
            raise NotUnderstood
        return grid[0][0]

    def _clipped(self, area: Area) -> Area:
        """Whole columns end where their sheet does."""
        if area.height < LAST_ROW:
            return area
        columns = range(area.left, area.left + area.width)
        self.count(area.width)
        return within_limits(area._replace(height=max(len(self.cells.texts(area.sheet, c)) for c in columns)))

    # ── what one thing is ──────────────────────────────────────────────────────

    def number(self, item: Item) -> Sum:
        """What arithmetic makes of one thing."""
        if isinstance(item, Sum):
            return item
        if isinstance(item, bool):
            return Sum(constant=Decimal(item))
        content = self.cells.content(item) if isinstance(item, CellRef) else item
        if content is None and isinstance(item, CellRef):
            return Sum({item: _ONE})
        if isinstance(content, str):
            content = Decimal(0) if not content and isinstance(item, CellRef) else plain_number(content)
            if content is None:
                raise ErrorValue
        if not isinstance(content, Decimal):
            raise NotUnderstood
        return Sum(constant=content)

    def summed(self, item: Item) -> Sum:
        """What one of the things in a range adds to its SUM: texts nothing."""
        if isinstance(item, CellRef):
            content = self.cells.content(item)
            return (
                Sum({item: _ONE}) if content is None else Sum() if isinstance(content, str) else Sum(constant=content)
            )
        if isinstance(item, Condition | Counted):
            raise NotUnderstood
        return item if isinstance(item, Sum) else Sum()

    def is_blank(self, cell: CellRef) -> bool | Condition:
        """Whether a cell that is left open holds nothing: a figure is taken for 0 then."""
        is_filled = self.cells.is_filled(cell)
        return compared_with_zero(Sum({cell: _ONE}), "=") if is_filled is None else not is_filled

    def text(self, item: Item) -> str:
        """What & makes of one thing."""
        if isinstance(item, CellRef):
            content = self.cells.content(item)
            if content is None:
                texts = self.cells.texts(item.sheet, item.column)
                return texts[item.row - 1] if item.row <= len(texts) else ""
            return content if isinstance(content, str) else f"{content:f}"
        if isinstance(item, bool):
            return str(item).upper()
        if isinstance(item, Sum) and not item.terms:
            return f"{item.constant:f}"
        if not isinstance(item, str):
            raise NotUnderstood
        return item

    def truth(self, found: Meaning) -> bool | Condition:
        """What a condition makes of one thing: a number is true unless it is 0."""
        item = self.item(found)
        if isinstance(item, bool | Condition):
            return item
        return (
            how_many(item, Decimal(0), "<>")
            if isinstance(item, Counted)
            else compared_with_zero(self.number(item), "<>")
        )

    # ── operators ──────────────────────────────────────────────────────────────

    def _chain(self, operands: Sequence[Meaning], operators: Sequence[str]) -> Meaning:
        if operators[0] in ("+", "-") and all(not isinstance(one, list) and _is_single(one) for one in operands):
            adding = Adding()
            for sign, operand in zip(("+", *operators), operands, strict=True):
                number = self.number(self.item(operand))
                self.count(len(number.terms))
                adding.add(number, _MINUS if sign == "-" else _ONE)
            return adding.done()
        found = operands[0]
        for operator, operand in zip(operators, operands[1:], strict=True):
            found = self.each_with(partial(self._joined, operator), found, operand)
        return found

    def each_with(self, join: Callable[[Item, Item], Item], one: Meaning, other: Meaning) -> Meaning:
        """Two things joined; of arrays, and of a line and a table, the things that stand at the same place."""
        if _is_single(one) and _is_single(other):
            return join(self.item(one), self.item(other))
        first, second = self.grid(one), self.grid(other)
        height, width = max(len(first), len(second)), max(len(first[0]), len(second[0]))
        self.count(height * width)
        for grid in (first, second):
            if len(grid) not in (1, height) or len(grid[0]) not in (1, width):
                raise NotUnderstood
        return [
            [join(_at(first, row, column), _at(second, row, column)) for column in range(width)]
            for row in range(height)
        ]

    def _joined(self, operator: str, one: Item, other: Item) -> Item:
        if operator == "&":
            text = self.text(one) + self.text(other)
            self.count(len(text))
            return text
        if operator in ("+", "-", "*", "/"):
            first, second = self.number(one), self.number(other)
            self.count(len(first.terms) + len(second.terms))
            if operator == "*":
                return times(first, second)
            return divided(first, second) if operator == "/" else _sum_of(first, second, operator)
        return self._compared(one, operator, other)

    def _compared(self, one: Item, operator: str, other: Item) -> bool | Condition:
        if isinstance(one, Counted) and isinstance(other, Sum) and not other.terms:
            return how_many(one, other.constant, operator)
        if isinstance(one, str) or isinstance(other, str):
            return self._compared_texts(one, operator, other)
        return compared_with_zero(_sum_of(self.number(one), self.number(other), "-"), operator)

    def _compared_texts(self, one: Item, operator: str, other: Item) -> bool | Condition:
        """A text and something else for equality; a cell that is open and should be blank holds nothing."""
        if operator not in ("=", "<>"):
            raise NotUnderstood
        cell, text = (other, one) if isinstance(one, str) else (one, other)
        if text == "" and isinstance(cell, CellRef) and self.cells.content(cell) is None:
            is_blank = self.is_blank(cell)
            return is_blank if operator == "=" else opposite(is_blank)
        is_same = isinstance(cell, CellRef | str) and normal(self.text(cell)).casefold() == normal(str(text)).casefold()
        return is_same == (operator == "=")


def _is_nothing(item: Item) -> bool:
    return item == "" or (isinstance(item, Sum) and not item.terms and not item.constant)


def _is_single(found: Meaning) -> bool:
    return found.width * found.height == 1 if isinstance(found, Area) else not isinstance(found, list)


def _at(grid: Grid, row: int, column: int) -> Item:
    line = grid[row if len(grid) > 1 else 0]
    return line[column if len(line) > 1 else 0]


def _sum_of(one: Sum, other: Sum, sign: str) -> Sum:
    adding = Adding()
    adding.add(one)
    adding.add(other, _MINUS if sign == "-" else _ONE)
    return adding.done()


def _spanned(one: Area, other: Area) -> Area:
    """The smallest area with both in it."""
    if one.sheet != other.sheet:
        raise NotUnderstood
    left, top = min(one.left, other.left), min(one.top, other.top)
    right = max(one.left + one.width, other.left + other.width)
    bottom = max(one.top + one.height, other.top + other.height)
    return within_limits(Area(one.sheet, left, top, right - left, bottom - top))
