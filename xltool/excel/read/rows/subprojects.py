"""Tells the 子项目 from the 项目 above them, which some formats print in one column, one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xltool.excel.read.formulas.formula_terms import terms_of
from xltool.model import column_letters
from xltool.source.cells import amount
from xltool.source.sheet import Sheet
from xltool.template.names import visible

_MOST_SUBPROJECTS = 200
"""Of one project, where only the amounts tell them."""


def subprojects(
    sheet: Sheet, label_column: int, amounts: Sequence[int], lines: Sequence[int], heads: Sequence[int]
) -> set[int]:
    """Which of the sheet rows `lines` are 子项目 of the nearest row above that is none.

    `heads` are those of `lines` that hold units, whose projects follow. A 子项目 is moved in by blanks, or counted by a
    formula of its project. Where neither is there (values typed without blanks), the amounts must tell: each project is
    followed by what it adds up to, and the projects make up their unit. The column that tells most is believed; where
    none does, every row is a project.
    """
    found = set(_counted(sheet, amounts, lines, heads))
    found |= {line for line in lines if line not in heads and _is_indented(sheet.whole(line, label_column))}
    if found:
        return found
    for head, following in zip(heads, [*heads, sheet.height + 1][1:], strict=True):
        rows = [line for line in lines if head < line < following]
        found |= max((_told_by(sheet, column, head, rows) for column in amounts), key=len, default=set())
    return found


def _counted(sheet: Sheet, amounts: Sequence[int], lines: Sequence[int], heads: Sequence[int]) -> Iterator[int]:
    """The rows that a formula of the nearest row above adds up; a row that adds up others itself is a project."""
    last = 0
    for line in lines:
        own = 0 if line in heads else _last_counted(sheet, amounts, line)
        if line in heads or own:
            last = own
        elif line <= last:
            yield line


def _last_counted(sheet: Sheet, amounts: Sequence[int], line: int) -> int:
    """The last row below `line` that a formula in it adds up in its own column; 0 if there is none."""
    for column in amounts:
        text = sheet.formulas.texts.get(f"{column_letters(column)}{line}", "")
        terms = terms_of(text, sheet.name, lambda *_: ()) if text else None
        below = [cell.row for cell in terms or () if cell.column == column and cell.row > line]
        if below:
            return max(below)
    return 0


def _is_indented(raw: object) -> bool:
    return isinstance(raw, str) and visible(raw)[:1].isspace()


def _told_by(sheet: Sheet, column: int, head: int, rows: Sequence[int]) -> set[int]:
    whole, *values = (amount(sheet.raw(line, column)).value or Decimal(0) for line in (head, *rows))
    return _followers(rows, values, whole)


def _followers(rows: Sequence[int], values: Sequence[Decimal], whole: Decimal) -> set[int]:
    """The rows below each project that add up to it, if the projects then add up to `whole`; else none."""
    found: set[int] = set()
    projects: list[Decimal] = []
    i = 0
    while i < len(rows):
        size = _addends(values[i : i + 1 + _MOST_SUBPROJECTS])
        found.update(rows[i + 1 : i + 1 + size])
        projects.append(values[i])
        i += 1 + size
    return found if found and adds_up(projects, whole) else set()


def _addends(values: Sequence[Decimal]) -> int:
    """How many of the figures after the first add up to it, exactly or else but for rounding; 0 if none do."""
    first, *others = values
    grows = min(values) >= 0
    rounded, off, exponent = 0, -first, 0
    for count, value in enumerate(others if first else (), 1):
        off, exponent = off + value, min(exponent, _exponent(value))
        if not off:
            return count
        if not rounded and _is_rounding(off, exponent, count):
            rounded = count
        if grows and 2 * off > len(values):  # more than all the others could be rounded by
            break
    return rounded


def adds_up(parts: Sequence[Decimal], whole: Decimal) -> bool:
    """Whether parts make up a whole, each rounded to the last digit that any of them shows."""
    off = sum(parts, -whole)
    return not off or _is_rounding(off, min([0, *map(_exponent, parts)]), len(parts))


def _is_rounding(off: Decimal, exponent: int, count: int) -> bool:
    """Whether so many figures, each rounded to a unit of 10**exponent, may miss their sum by so much."""
    return count > 0 and 2 * abs(off) <= Decimal(1).scaleb(exponent) * (count + 1)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
