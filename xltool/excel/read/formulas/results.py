"""What formulas give whose result nobody has stored: in files of programs that write formulas and calculate nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from decimal import Context, Decimal
from types import MappingProxyType

from xltool.excel.read.formulas.algebra import ErrorValue, Sum
from xltool.excel.read.formulas.formula_terms import OpenCells
from xltool.excel.read.formulas.functions import FUNCTIONS
from xltool.excel.read.formulas.meaning import Reader
from xltool.excel.read.formulas.syntax import (
    Area,
    Call,
    Chain,
    Listed,
    Name,
    Node,
    NotUnderstood,
    Span,
    Union,
    parse,
    parse_definition,
)
from xltool.model import CellRef, column_number
from xltool.source.cells import from_float
from xltool.source.sheet import DefinedNames, Sheet

MOST_LOOKED_AT = 1_000_000
"""Cells that the formulas of a workbook refer to, one by one; those of a large department are a tenth of it."""

_FARTHEST = 100
"""Rows and columns beyond the stored values in which texts are looked for."""

_KEPT_DIGITS = Context(prec=15)
_MAY_GIVE_A_TEXT = re.compile(r"(?!SUM|ROUND)(?:.*[\"&]|.*(?:LOOKUP|INDEX)\(|[^+*/(),:]+$)", re.IGNORECASE | re.DOTALL)
_DIGITS = re.compile("[0-9]+")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetCells(OpenCells):
    """The cells of some sheets of a workbook, their figures left open, and what its names stand for."""

    def __init__(self, sheets: Mapping[str, Sheet], names: DefinedNames) -> None:
        super().__init__(lambda name, column: sheets[name].downward(column) if name in sheets else [])
        self._sheets = sheets
        self.names = names
        self.looked_at = 0
        self._defined: dict[Name, Node | None] = {}

    def defined(self, name: Name) -> Node | None:
        """What a name stands for, in the sheet where it is looked up or else in the workbook."""
        if name not in self._defined:
            text = self.names.get((name.sheet, name.name)) or self.names.get(("", name.name), "")
            try:
                self._defined[name] = parse_definition(text, name.sheet)
            except NotUnderstood:
                self._defined[name] = None
        return self._defined[name]

    def count(self, cells: int) -> None:
        """Note how many cells the formulas have looked at, for whoever has enough of it."""
        self.looked_at += cells

    def is_subtotal(self, cell: CellRef) -> bool:
        """Whether the formula of a cell has a SUBTOTAL or AGGREGATE in it."""
        sheet = self._sheets.get(cell.sheet)
        text = sheet.formulas.texts.get(cell.a1, "").upper() if sheet is not None else ""
        return "SUBTOTAL(" in text or "AGGREGATE(" in text

    def is_hidden(self, cell: CellRef) -> bool:
        """Whether the row of a cell is hidden."""
        sheet = self._sheets.get(cell.sheet)
        return sheet is not None and cell.row in sheet.hidden.rows


class Results(SheetCells):
    """The results of the formulas of one workbook that have none, each worked out when it is first asked for."""

    def __init__(self, sheets: Mapping[str, Sheet], names: DefinedNames = MappingProxyType({})) -> None:
        super().__init__(sheets, names)
        self._known: dict[CellRef, Decimal | str | None] = {}
        self._trees: dict[CellRef, Node | None] = {}
        self._waiting: dict[str, dict[int, list[int]]] = {}
        self._hopeless: set[str] = set()

    def of(self, cell: CellRef) -> Decimal | str | None:
        """What the formula in a cell gives; None if it is none that is understood, or depends on itself."""
        if cell not in self._known:
            self._work_out(cell)
        return self._known[cell]

    def fill_texts(self, sheet: Sheet) -> None:
        """Let a sheet show the texts that its formulas without a result give: titles, names, notes."""
        for address in sorted(sheet.formulas.without_value):
            at = _ADDRESS.fullmatch(address)
            if at is None or not _MAY_GIVE_A_TEXT.match(sheet.formulas.texts[address]):
                continue
            row, column = int(at[2]), column_number(at[1])
            found = self.of(CellRef(sheet.name, row, column))
            is_near = row <= sheet.height + _FARTHEST and column <= sheet.width + _FARTHEST
            if isinstance(found, str) and found and is_near:
                sheet.grow(row, column)
                sheet.put(row, {column: found})

    def _work_out(self, cell: CellRef) -> None:
        """One cell, after all that it depends on."""
        stack = [(cell, self._needed(cell))]
        self._known[cell] = None  # of one that depends on itself
        while stack:
            top, needed = stack[-1]
            following = next((one for one in needed if one not in self._known), None)
            if following is None:
                stack.pop()
                self._known[top] = self._result(top)
            else:
                self._known[following] = None
                stack.append((following, self._needed(following)))

    def _result(self, cell: CellRef) -> Decimal | str | None:
        tree = self._trees.pop(cell, None)
        if tree is None:
            return None
        reader = Reader(self, FUNCTIONS)
        try:
            item = reader.result(tree)
            found = self.content(item) if isinstance(item, CellRef) else item
            if isinstance(found, str):
                return found
            number = found if isinstance(found, Decimal) else reader.number(found or Sum()).constant
        except NotUnderstood:
            return None
        return Decimal(f"{_KEPT_DIGITS.plus(number).normalize():f}")

    def _needed(self, cell: CellRef) -> Iterator[CellRef]:
        """The cells without a result that a formula refers to."""
        tree = self._trees[cell] = self._tree(self._sheets[cell.sheet].formulas.texts[cell.a1], cell.sheet)
        areas = [node for node in self._parts(tree) if isinstance(node, Area)]
        return (found for area in areas for found in self._without_result(area))

    def _tree(self, text: str, sheet: str) -> Node | None:
        """A formula as a tree; None for one that is not understood, such as one with a name of the workbook."""
        shape = _DIGITS.sub("0", text)
        if shape in self._hopeless or self.looked_at > MOST_LOOKED_AT:
            return None
        try:
            tree = parse(text, sheet)
        except NotUnderstood:
            self._hopeless.add(shape)
            return None
        parts = list(self._parts(tree))
        is_unknown = any(isinstance(part, Name) and self.defined(part) is None for part in parts)
        if is_unknown and not any(isinstance(part, Call) and part.function == "LET" for part in parts):
            self._hopeless.add(shape)
            return None
        return tree

    def _parts(self, tree: Node | None) -> Iterator[Node]:
        """A formula and all that it is made of, what names stand for with it."""
        waiting: list[Node | None] = [tree]
        seen: set[Name] = set()
        while waiting:
            node = waiting.pop()
            if node is not None:
                yield node
            if isinstance(node, Span):
                waiting += [node.first, node.last]
            elif isinstance(node, Call):
                waiting += node.arguments
            elif isinstance(node, Chain):
                waiting += node.operands
            elif isinstance(node, Listed | Union):
                waiting += node.items
            elif isinstance(node, Name) and node not in seen:
                seen.add(node)
                waiting.append(self.defined(node))

    def _without_result(self, area: Area) -> Iterator[CellRef]:
        columns = self._columns(area.sheet)
        for column in range(area.left, area.left + area.width) if columns else ():
            rows = columns.get(column, [])
            first = bisect_left(rows, area.top)
            for row in rows[first : bisect_left(rows, area.top + area.height)]:
                self.looked_at += 1
                yield CellRef(area.sheet, row, column)

    def _columns(self, name: str) -> dict[int, list[int]]:
        """The rows in each column of a sheet whose formula has no result."""
        if name not in self._waiting:
            sheet, found = self._sheets.get(name), dict[int, list[int]]()
            for address in sheet.formulas.without_value if sheet is not None else ():
                at = _ADDRESS.fullmatch(address)
                if at is not None:
                    found.setdefault(column_number(at[1]), []).append(int(at[2]))
            self._waiting[name] = {column: sorted(rows) for column, rows in found.items()}
        return self._waiting[name]

    def content(self, cell: CellRef) -> Decimal | str | None:
        """A number or a text as stored, or the result of a formula."""
        sheet = self._sheets.get(cell.sheet)
        if sheet is None:
            raise NotUnderstood
        if cell.a1 in sheet.formulas.without_value:
            found = self._known.get(cell)
            if found is None:
                raise NotUnderstood
            return found
        if cell.a1 in sheet.formulas.errors:
            raise ErrorValue
        raw = sheet.raw(cell.row, cell.column)
        if isinstance(raw, str):
            return raw
        if not isinstance(raw, float):
            raise NotUnderstood
        return from_float(raw)
