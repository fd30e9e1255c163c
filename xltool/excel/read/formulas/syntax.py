"""The grammar of Excel formulas: the text of one becomes a tree, as far as budgets need it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeVar

from xltool.model import LAST_COLUMN, LAST_ROW, column_number

MAX_CELLS = 100_000
"""Ranges with more cells in all than any budget table are not spelled out."""

_LONGEST, _DEEPEST = 8192, 64  # Excel's own limits
_SHORT = 500

_SHEET = r"(?:'(?:[^']|'')+'!|[^\s'!+\-*/^(),:;&=<>\"{}%]+!)?"
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")'
    r"|(?P<number>(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:E[+-]?[0-9]{1,2})?)(?![\w$!:.])"
    rf"|(?P<range>{_SHEET}\$?[A-Z]{{1,3}}\$?[0-9]+(?::\$?[A-Z]{{1,3}}\$?[0-9]+)?)(?![\w(!.$])"
    rf"|(?P<columns>{_SHEET}\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}})(?![\w(!.$])"
    r"|(?P<call>[A-Z_][A-Z0-9_.]*\()"
    rf"|(?P<name>{_SHEET}[^\W0-9][\w.]*)(?![\w(!.$\[])"
    r"|(?P<symbol><>|<=|>=|[+\-*/^&=<>(),:;%{}]))",
    re.IGNORECASE,
)
_ROW = "([1-9][0-9]{0,6})"
_RANGE = re.compile(rf"(?:(.*)!)?\$?([A-Z]{{1,3}})\$?{_ROW}(?::\$?([A-Z]{{1,3}})\$?{_ROW})?", re.IGNORECASE | re.DOTALL)
_COLUMNS = re.compile(r"(?:(.*)!)?\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.IGNORECASE | re.DOTALL)
_RELATIVE = re.compile(r"(?:^|[!:])(?!\$[A-Z]+(?:\$[0-9]+)?(?:$|:))[^!]*$", re.IGNORECASE)
_LATER = re.compile(r"^(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.)+", re.IGNORECASE)
"""What files put before the names of functions younger than Excel 2007, and before the names in LET."""

_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"))
"""Operators from the loosest to the tightest."""


class NotUnderstood(Exception):
    """The formula does something else than adding up cells, or what nobody needs."""


class Constant(NamedTuple):
    """A number, a text or TRUE or FALSE as written."""

    value: Decimal | str | bool


class Area(NamedTuple):
    """A reference; that to whole columns has the height of a sheet."""

    sheet: str
    left: int
    top: int
    width: int
    height: int


class Span(NamedTuple):
    """What lies between two references of which one is looked up: INDEX(D6:D9,2):D9."""

    first: Node
    last: Node


class Call(NamedTuple):
    """A function, in capitals, with its arguments; one that is left out is None."""

    function: str
    arguments: tuple[Node | None, ...]


class Name(NamedTuple):
    """A name in small letters: what LET or the workbook gave it. `sheet` is where it is looked up first."""

    name: str
    sheet: str


class Chain(NamedTuple):
    """Operands with operators of one level between them, read from the left."""

    operands: tuple[Node, ...]
    operators: tuple[str, ...]


class Listed(NamedTuple):
    """An array constant in one line: {"201","208"}."""

    items: tuple[Node, ...]


class Union(NamedTuple):
    """Several references taken together: (D7:D9,D12)."""

    items: tuple[Node, ...]


Node = Constant | Area | Span | Call | Name | Chain | Listed | Union
_Parsed = TypeVar("_Parsed")


def parse(formula: str, sheet: str) -> Node:
    """The tree of a formula (without "=") that stands in `sheet`. Raises NotUnderstood."""
    return _kept(formula, sheet) if len(formula) <= _SHORT else _Parser(formula, sheet).whole()


def parse_definition(text: str, sheet: str) -> Node:
    """The tree of what a name of a workbook stands for. Raises NotUnderstood, also if that depends on where it is used,
    as references without $ do."""
    parser = _Parser(f"({text.removeprefix('=')})", sheet)
    if any(_RELATIVE.search(token) for kind, token in parser.tokens if kind in ("range", "columns")):
        raise NotUnderstood
    return parser.whole()


@lru_cache(maxsize=1024)  # workbooks of one format have the same formulas
def _kept(formula: str, sheet: str) -> Node:
    return _Parser(formula, sheet).whole()


class _Parser:
    def __init__(self, formula: str, sheet: str) -> None:
        self.sheet = sheet
        self.depth = 0
        if len(formula) > _LONGEST:
            raise NotUnderstood
        self.tokens: list[tuple[str, str]] = []
        position, end = 0, len(formula.rstrip())
        while position < end:
            match = _TOKEN.match(formula, position)
            if match is None or match.lastgroup is None:
                raise NotUnderstood
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self.position = 0

    def peek(self) -> str:
        """The next symbol, "" if something else follows."""
        kind, text = self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")
        return text if kind == "symbol" else ""

    def take(self) -> tuple[str, str]:
        token = self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")
        self.position += 1
        return token

    def expect(self, symbol: str) -> None:
        if self.take() != ("symbol", symbol):
            raise NotUnderstood

    def whole(self) -> Node:
        node = self.chain()
        if self.position < len(self.tokens):
            raise NotUnderstood
        return node

    def chain(self, loosest: int = 0) -> Node:
        """An operand, and what operators of a level from `loosest` on join to it; the tightest bind first."""
        node = self.signed()
        for level in range(len(_LEVELS) - 1, loosest - 1, -1):
            if self.peek() in _LEVELS[level]:
                operands, operators = [node], list[str]()
                while self.peek() in _LEVELS[level]:
                    operators.append(self.take()[1])
                    operands.append(self.chain(level + 1))
                node = Chain(tuple(operands), tuple(operators))
        return node

    def signed(self) -> Node:
        signs = ""
        while self.peek() in ("+", "-"):
            signs += self.take()[1]
        node = self.operand()
        while self.peek() == ":":
            self.take()
            self.go_deeper()
            node = Span(node, self.operand())
        while self.peek() == "%":
            self.take()
            self.go_deeper()
            node = Chain((node, Constant(Decimal(100))), ("/",))
        minuses = signs.count("-")  # two of them make a number of TRUE
        return Chain((node, Constant(Decimal((-1) ** minuses))), ("*",)) if minuses else node

    def operand(self) -> Node:
        kind, text = self.take()
        if kind == "number":
            return Constant(Decimal(text))
        if kind == "text":
            return Constant(text[1:-1].replace('""', '"'))
        if kind == "range":
            return _area(text, self.sheet)
        if kind == "columns":
            return _columns(text, self.sheet)
        if kind == "name":
            sheet, _, written = text.rpartition("!")
            name = _LATER.sub("", written).lower()
            is_truth = name in ("true", "false") and not sheet
            return Constant(name == "true") if is_truth else Name(name, _sheet(sheet, self.sheet))
        if kind == "call":
            return self.inside(lambda: self.called(_LATER.sub("", text[:-1]).upper()))
        if text == "(":
            return self.inside(self.united)
        if text == "{":
            return self.listed()
        raise NotUnderstood

    def called(self, function: str) -> Call:
        arguments = self.arguments()
        for _ in arguments[2::2] if function == "IFS" else ():  # each pair is an IF within the one before
            self.go_deeper()
        return Call(function, arguments)

    def united(self) -> Node:
        """What stands in parentheses: one thing, or references with commas between them."""
        items = [self.chain()]
        while self.peek() == ",":
            self.take()
            items.append(self.chain())
        self.expect(")")
        return items[0] if len(items) == 1 else Union(tuple(items))

    def inside(self, parse: Callable[[], _Parsed]) -> _Parsed:
        """What stands in parentheses, which do not nest endlessly."""
        self.go_deeper()
        parsed = parse()
        self.depth -= 1
        return parsed

    def go_deeper(self) -> None:
        """The tree grows by a level; what does so without parentheses counts to the end."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotUnderstood

    def arguments(self) -> tuple[Node | None, ...]:
        if self.peek() == ")":
            self.take()
            return ()
        found: list[Node | None] = []
        while True:
            found.append(None if self.peek() in (",", ")") else self.chain())
            symbol = self.take()
            if symbol == ("symbol", ")"):
                return tuple(found)
            if symbol != ("symbol", ","):
                raise NotUnderstood

    def listed(self) -> Listed:
        items = [self.operand()]
        while self.peek() in (",", ";"):
            self.take()
            items.append(self.operand())
        self.expect("}")
        return Listed(tuple(items))


def _area(text: str, sheet: str) -> Area:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise NotUnderstood
    first, top = column_number(match[2].upper()), int(match[3])
    last, bottom = (column_number(match[4].upper()), int(match[5])) if match[4] else (first, top)
    (left, right), (top, bottom) = sorted((first, last)), sorted((top, bottom))
    return within_limits(Area(_sheet(match[1], sheet), left, top, right - left + 1, bottom - top + 1))


def _columns(text: str, sheet: str) -> Area:
    match = _COLUMNS.fullmatch(text)
    if match is None:
        raise NotUnderstood
    left, right = sorted((column_number(match[2].upper()), column_number(match[3].upper())))
    if right > LAST_COLUMN:
        raise NotUnderstood
    return Area(_sheet(match[1], sheet), left, 1, right - left + 1, LAST_ROW)


def _sheet(written: str | None, own: str) -> str:
    name = written.strip("'").replace("''", "'") if written else own
    if "[" in name:  # another workbook
        raise NotUnderstood
    return name


def within_limits(area: Area) -> Area:
    """An area that lies on a sheet and is no larger than any table. Raises NotUnderstood."""
    if area.left + area.width - 1 > LAST_COLUMN or area.top + area.height - 1 > LAST_ROW:
        raise NotUnderstood
    if area.width * area.height > MAX_CELLS:
        raise NotUnderstood
    return area
