"""The language of rules: `TABLE[ROW, COLUMN]` added up on both sides of one "=", "<=" or ">=".

    comparison := sum ("=" | "<=" | ">=") sum
    sum        := ["-"] addend (("+" | "-") addend)*
    addend     := NUMBER | [NUMBER "*"] (reference | "sum" "(" reference ")")
    reference  := NAME "[" path "," path "]"
    path       := NAME ("/" NAME)*         in "…" as a whole where it holds a blank or one of [ ] ( ) , + - * = < >

A dimension name (unit, function, ...) in a row path stands for each of its members; inside sum(...) they are added up.
A number by itself is in the template's amount unit where the rule is about amounts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol, get_args

from xltool.model import Path, format_path, parse_path

Relation = Literal["=", "<=", ">="]
RELATIONS: tuple[Relation, ...] = get_args(Relation)

_BARE = r'[^\[\],+\-*=<>()"\s]+'
_TOKEN = re.compile(r'\s*(?:"([^"]*)"|([<>]=|[\[\],+\-*=()])|([^\[\],+\-*=<>()"\s]+))')
_NUMBER = re.compile(r"\d+(\.\d+)?")

_IN_NAMES = ("(", ")", "+", "-", "*", "<", ">")
_QUOTING = '；名称里有空格或 ( ) [ ] , + - * = < > 的要加引号，如 三公经费表["因公出国(境)费", 预算数]'
_FULL_WIDTH = re.compile("[，【】［］＝]")
_ASCII = "；[ ] , = 要用英文的符号"


class ExpressionError(ValueError):
    """The text is no comparison; the message (in Chinese) says where."""


class Reference(NamedTuple):
    """The facts of one column of a table in the rows that match a path; a dimension name matches every member."""

    table: str
    row: Path
    column: Path
    summed: bool

    def __str__(self) -> str:
        text = f"{_quoted(self.table)}[{_quoted(format_path(self.row))}, {_quoted(format_path(self.column))}]"
        return f"sum({text})" if self.summed else text


class Weighted(Protocol):
    """A part of a side."""

    @property
    def coefficient(self) -> int | Decimal:
        """What it is multiplied by."""


class Addend(NamedTuple):
    """A reference with its coefficient."""

    coefficient: Decimal
    reference: Reference


class Comparison(NamedTuple):
    """Two sums that must be equal, or of which the left may not be more ("<=") or less (">=") than the right.

    `constants` are the plain numbers added to the left and to the right.
    """

    left: tuple[Addend, ...]
    right: tuple[Addend, ...]
    relation: Relation = "="
    constants: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))

    @property
    def addends(self) -> tuple[Addend, ...]:
        """Those of both sides."""
        return self.left + self.right

    @property
    def is_copy(self) -> bool:
        """Whether it says that the same figure is printed twice."""
        is_one = is_copy(self.left, self.right, self.relation, self.constants)
        return is_one and not any(addend.reference.summed for addend in self.addends)


def is_copy(
    left: Sequence[Weighted], right: Sequence[Weighted], relation: Relation, constants: tuple[Decimal, Decimal]
) -> bool:
    """Whether both sides are one figure as it stands: the same quantity, printed twice."""
    is_plain = relation == "=" and len(left) == len(right) == 1 and not any(constants)
    return is_plain and left[0].coefficient == right[0].coefficient == 1


def parse(text: str) -> Comparison:
    """The comparison written in `text`. Raises ExpressionError."""
    parser = _Parser(text)
    left, left_constant = parser.side()
    relation = parser.relation()
    right, right_constant = parser.side()
    parser.end()
    if not left and not right:
        raise ExpressionError(f"“{text}”：两边都没有引用表里的数")
    return Comparison(left, right, relation, (left_constant, right_constant))


def parse_reference(text: str) -> Reference:
    """The one reference written in `text`, without a coefficient. Raises ExpressionError."""
    parser = _Parser(text)
    reference = parser.reference(parser.name(), summed=False)
    parser.end()
    return reference


def _quoted(text: str) -> str:
    return text if re.fullmatch(_BARE, text) else f'"{text}"'


class _Parser:
    """Recursive descent over the tokens; a token is (its text, whether it is a name)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, bool]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ExpressionError(f"“{text}”从“{text[position:]}”起无法理解")
            quoted, symbol, name = match.groups()
            self.tokens.append((symbol, False) if symbol else (name if quoted is None else quoted, True))
            position = match.end()
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position][0] if self.position < len(self.tokens) else ""

    def take(self, symbol: str) -> bool:
        found = self.position < len(self.tokens) and self.tokens[self.position] == (symbol, False)
        self.position += found
        return found

    def expect(self, symbol: str) -> None:
        if not self.take(symbol):
            hint = _QUOTING if symbol in (",", "]") and self._goes_on() else ""
            raise self.unexpected(f"“{symbol}”{hint}")

    def unexpected(self, expected: str) -> ExpressionError:
        """That something else stands where one thing is expected."""
        hint = _ASCII if _FULL_WIDTH.search(self.text) else ""
        return ExpressionError(f"“{self.text}”：在“{self.peek() or '末尾'}”处应为{expected}{hint}")

    def _goes_on(self) -> bool:
        """Whether what comes next may belong to the name before: a sign in it, or what stands after a blank."""
        text, is_name = self.tokens[self.position] if self.position < len(self.tokens) else ("", False)
        return is_name or text in _IN_NAMES

    def end(self) -> None:
        if self.position < len(self.tokens):
            raise ExpressionError(f"“{self.text}”：“{self.peek()}”多余")

    def name(self) -> str:
        if self.position < len(self.tokens) and self.tokens[self.position][1]:
            self.position += 1
            return self.tokens[self.position - 1][0]
        raise self.unexpected("名称")

    def relation(self) -> Relation:
        for relation in RELATIONS:
            if self.take(relation):
                return relation
        raise self.unexpected("“=”、“<=”或“>=”")

    def side(self) -> tuple[tuple[Addend, ...], Decimal]:
        """The addends of one side, and its plain numbers added up."""
        addends: list[Addend] = []
        constant = Decimal(0)
        sign = -1 if self.take("-") else 1
        while sign:
            addend = self.addend(sign)
            if isinstance(addend, Decimal):
                constant += addend
            else:
                addends.append(addend)
            sign = 1 if self.take("+") else -1 if self.take("-") else 0
        return tuple(addends), constant

    def addend(self, sign: int) -> Addend | Decimal:
        name = self.name()
        coefficient = Decimal(sign)
        if self.take("*"):
            if not _NUMBER.fullmatch(name):
                raise ExpressionError(f"“{self.text}”：“*”前的“{name}”应为数字")
            coefficient *= Decimal(name)
            name = self.name()
        elif _NUMBER.fullmatch(name) and self.peek() != "[":
            return coefficient * Decimal(name)
        if name == "sum" and self.take("("):
            reference = self.reference(self.name(), summed=True)
            self.expect(")")
            return Addend(coefficient, reference)
        return Addend(coefficient, self.reference(name, summed=False))

    def reference(self, table: str, summed: bool) -> Reference:
        self.expect("[")
        row = self.name()
        self.expect(",")
        column = self.name()
        self.expect("]")
        return Reference(table, parse_path(row), parse_path(column), summed)
