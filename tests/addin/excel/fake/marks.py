"""What marks a cell in the fake Excel: the box and the letters of a note, and the rules that colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet as StoredSheet

from tests.addin.excel.fake.com import Model, refusal

if TYPE_CHECKING:
    from tests.addin.excel.fake.model import Comment, Range, Sheet

EXPRESSION = 2
_WIDTH, _HEIGHT = 108.0, 59.25
"""Points of the box of a new note."""


class Shape(Model):
    """The box of a note."""

    def __init__(self, comment: Comment) -> None:
        self._comment = comment
        self.text_frame = self

    @property
    def width(self) -> float:
        return self._size[0]

    @width.setter
    def width(self, width: float) -> None:
        self._comment.sheet.sizes[self._comment.parent.address] = width, self.height

    @property
    def height(self) -> float:
        return self._size[1]

    @height.setter
    def height(self, height: float) -> None:
        self._comment.sheet.sizes[self._comment.parent.address] = self.width, height

    @property
    def _size(self) -> tuple[float, float]:
        return self._comment.sheet.sizes.get(self._comment.parent.address, (_WIDTH, _HEIGHT))

    def characters(self, start: int, length: int) -> Letters:
        return Letters(self._comment, start, length)


class Letters(Model):
    """Some letters of a note, counted from 1."""

    def __init__(self, comment: Comment, start: int, length: int) -> None:
        self._comment, self._span = comment, slice(2 * (start - 1), 2 * (start - 1 + length))

    def delete(self) -> None:
        if self._comment.sheet.deletes_no_letters:
            return
        units = bytearray(self._comment.whole.encode("utf-16-le"))
        del units[self._span]
        self._comment.whole = units.decode("utf-16-le")


class Conditions(Model):
    """The rules of cells, or of a whole sheet, in the order of their priorities."""

    def __init__(self, cells: Range) -> None:
        self._cells, self._sheet = cells, cells.worksheet

    @property
    def count(self) -> int:
        return len(self._rules)

    def item(self, number: int) -> Condition:
        return Condition(self._sheet, self._rules[number - 1])

    def add(self, type: int, formula1: str) -> Condition:
        if self._sheet.protect_contents and not self._sheet.protection.allow_formatting_cells:
            raise refusal("工作表受保护")
        assert type == EXPRESSION
        rule = Rule(type="expression", formula=[formula1.removeprefix("=")], stopIfTrue=True)
        self._sheet.stored.conditional_formatting.add(self._cells.address.replace(",", " "), rule)
        return Condition(self._sheet, rule)

    @property
    def _rules(self) -> list[Rule]:
        return rules_of(self._sheet.stored)


class Condition(Model):
    """A rule that colours cells."""

    def __init__(self, sheet: Sheet, rule: Rule) -> None:
        self._sheet, self._rule = sheet, rule
        self.interior = Interior(rule)

    @property
    def type(self) -> int:
        return EXPRESSION if self._rule.type == "expression" else 1

    @property
    def formula1(self) -> str:
        assert self.type == EXPRESSION, "a scale of colours has no formula"
        return f"={self._rule.formula[0]}"

    @property
    def stop_if_true(self) -> bool:
        return bool(self._rule.stopIfTrue)

    @stop_if_true.setter
    def stop_if_true(self, stops: bool) -> None:
        self._rule.stopIfTrue = stops or None

    def set_first_priority(self) -> None:
        for number, rule in enumerate(
            [self._rule, *(r for r in rules_of(self._sheet.stored) if r is not self._rule)], 1
        ):
            rule.priority = number

    def delete(self) -> None:
        kept = ConditionalFormattingList()
        for there in self._sheet.stored.conditional_formatting:
            for rule in there.rules:
                if rule is not self._rule:
                    kept.add(str(there.sqref), rule)
        self._sheet.stored.conditional_formatting = kept


class Interior(Model):
    """The colour that a rule gives, as Excel writes it: blue, green, red."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def _paint(self, colour: int) -> None:
        argb = f"FF{colour & 255:02X}{colour >> 8 & 255:02X}{colour >> 16:02X}"
        self._rule.dxf = DifferentialStyle(font=Font(), fill=PatternFill("solid", bgColor=argb, fgColor=argb))

    color = property(lambda interior: None, _paint)


def rules_of(sheet: StoredSheet) -> list[Rule]:
    """The rules of a sheet, the first that applies first."""
    return sorted((r for there in sheet.conditional_formatting for r in there.rules), key=lambda rule: rule.priority)
