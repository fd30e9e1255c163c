"""The functions that formulas of budgets call: sums of every kind, roundings, look-ups, and pieces of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from xltool.excel.read.formulas.algebra import (
    Adding,
    Condition,
    Counted,
    ErrorValue,
    Grid,
    Item,
    Meaning,
    Sum,
    fewest,
    opposite,
    times,
)
from xltool.excel.read.formulas.criteria import Criterion, criterion
from xltool.excel.read.formulas.meaning import Function, Reader
from xltool.excel.read.formulas.syntax import Area, NotUnderstood, within_limits
from xltool.model import CellRef
from xltool.template.names import normal

_ONE = Decimal(1)
_MOST_DECIMALS = 15

_ALL_BUT_NOTHING = ("<>0", "<>")
"""Criteria of amounts that leave out only what adds nothing."""

_IGNORES_NO_SUBTOTALS, _IGNORES_HIDDEN = (4, 5, 6, 7), (1, 3, 5, 7)
"""The options of AGGREGATE."""


# ── sums ───────────────────────────────────────────────────────────────────────


def _sum(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
    return _added(reader, (item for argument in arguments for item in _addends(reader, argument)))


def _addends(reader: Reader, argument: Meaning) -> Iterator[Sum]:
    if isinstance(argument, Area | list | CellRef):
        for line in reader.grid(argument):
            yield from map(reader.summed, line)
    else:
        yield reader.number(argument)


def _added(reader: Reader, addends: Iterable[Sum]) -> Sum:
    adding = Adding()
    for addend in addends:
        reader.count(max(len(addend.terms) - 1, 0))
        adding.add(addend)
    return adding.done()


def _sumproduct(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
    found: Meaning = [[_as_sum(reader.summed(item)) for item in line] for line in reader.grid(arguments[0])]
    for argument in arguments[1:]:
        if [len(line) for line in reader.grid(argument)] != [len(line) for line in reader.grid(found)]:
            raise NotUnderstood
        found = reader.each_with(lambda one, other: times(reader.number(one), reader.summed(other)), found, argument)
    return _sum(reader, [found])


def _as_sum(found: Sum) -> Item:
    return found


def _subtotal(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
    number = _whole(reader, arguments[0])
    if number not in (9, 109):
        raise NotUnderstood
    return _partly(reader, arguments[1:], passes_subtotals=True, passes_hidden=number == 109)


def _aggregate(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
    number, option = _whole(reader, arguments[0]), _whole(reader, arguments[1])
    if number != 9 or not 0 <= option <= 7:
        raise NotUnderstood
    passes_subtotals = option not in _IGNORES_NO_SUBTOTALS
    return _partly(reader, arguments[2:], passes_subtotals=passes_subtotals, passes_hidden=option in _IGNORES_HIDDEN)


def _partly(reader: Reader, areas: Sequence[Meaning], *, passes_subtotals: bool, passes_hidden: bool) -> Sum:
    cells = (cell for area in areas for cell in reader.each(reader.area(area)))
    counted = (
        cell
        for cell in cells
        if not (passes_subtotals and reader.cells.is_subtotal(cell))
        and not (passes_hidden and reader.cells.is_hidden(cell))
    )
    return _added(reader, map(reader.summed, counted))


def _sumif(reader: Reader, arguments: Sequence[Meaning]) -> Meaning:
    if len(arguments) == 2 and reader.text(reader.item(arguments[1])).replace(" ", "") in _ALL_BUT_NOTHING:
        return _sum(reader, arguments[:1])
    if len(arguments) != 3:
        raise NotUnderstood
    asked, amounts = reader.area(arguments[0]), reader.area(arguments[2])
    amounts = amounts._replace(width=asked.width, height=asked.height)  # only where it begins counts
    return _sumifs(reader, [amounts, asked, arguments[1]])


def _sumifs(reader: Reader, arguments: Sequence[Meaning]) -> Meaning:
    """The sum, or, of an array of criteria, an array of sums."""
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        raise NotUnderstood
    amounts = reader.area(arguments[0])
    asked = [reader.area(area) for area in arguments[1::2]]
    if any((area.width, area.height) != (amounts.width, amounts.height) for area in asked):
        raise NotUnderstood
    grids = [reader.grid(wanted) for wanted in arguments[2::2]]
    several = [grid for grid in grids if grid != [grid[0][:1]]]
    if len(several) > 1 or any(len(grid) > 1 for grid in several):
        raise NotUnderstood
    found = []
    for i in range(max(len(grid[0]) for grid in grids)):
        wanted = [criterion(reader.text(grid[0][i if grid in several else 0])) for grid in grids]
        found.append(_added(reader, map(reader.summed, _meeting(reader, amounts, asked, wanted))))
    return [list(found)] if several else found[0]


def _meeting(reader: Reader, amounts: Area, asked: Sequence[Area], wanted: Sequence[Criterion]) -> Iterator[CellRef]:
    """The cells beside which all that is asked stands."""
    for cell in reader.each(amounts):
        row, column = cell.row - amounts.top, cell.column - amounts.left
        if all(meets(_shown(reader, area, row, column)) for meets, area in zip(wanted, asked, strict=True)):
            yield cell


def _shown(reader: Reader, area: Area, row: int, column: int) -> str:
    texts = reader.cells.texts(area.sheet, area.left + column)
    at = area.top + row - 1
    return texts[at] if at < len(texts) else ""


# ── numbers ────────────────────────────────────────────────────────────────────


def _rounding(how: str) -> Function:
    def rounded(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
        found = reader.number(reader.item(arguments[0]))
        digits = _whole(reader, arguments[1]) if len(arguments) > 1 else 0
        if not -_MOST_DECIMALS <= digits <= _MOST_DECIMALS:
            raise NotUnderstood
        if found.terms:
            return found._replace(digits=fewest(found.digits, digits))
        return Sum(constant=found.constant.quantize(_ONE.scaleb(-digits), how) + 0)

    return rounded


def _of_numbers(choose: Callable[[Iterable[Decimal]], Decimal]) -> Function:
    def chosen(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
        addends = [addend for argument in arguments for addend in _addends(reader, argument)]
        if not addends or any(addend.terms for addend in addends):
            raise NotUnderstood
        return Sum(constant=choose([addend.constant for addend in addends]))

    return chosen


def _number(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
    return reader.number(reader.item(arguments[0]))


def _whole(reader: Reader, argument: Meaning) -> int:
    number = reader.number(reader.item(argument))
    if number.terms or number.constant != int(number.constant):
        raise NotUnderstood
    return int(number.constant)


# ── conditions ─────────────────────────────────────────────────────────────────


def _count(reader: Reader, arguments: Sequence[Meaning]) -> Item:
    cells = [cell for argument in arguments for cell in reader.each(reader.area(argument))]
    contents = [reader.cells.content(cell) for cell in cells]
    if None in contents:
        return Counted(tuple(cells))
    return Sum(constant=Decimal(sum(isinstance(content, Decimal) for content in contents)))


def _is_blank(reader: Reader, arguments: Sequence[Meaning]) -> bool | Condition:
    cell = reader.item(arguments[0])
    content = reader.cells.content(cell) if isinstance(cell, CellRef) else cell
    return reader.is_blank(cell) if content is None and isinstance(cell, CellRef) else content == ""


def _not(reader: Reader, arguments: Sequence[Meaning]) -> bool | Condition:
    return opposite(reader.truth(arguments[0]))


def _and(reader: Reader, arguments: Sequence[Meaning]) -> bool | Condition:
    found = [reader.truth(argument) for argument in arguments]
    still_open = [condition for condition in found if isinstance(condition, Condition)]
    if not still_open or not all(found):
        return all(found)
    if_false = still_open[0].if_false if len(still_open) == 1 else ()
    return Condition(tuple(zero for condition in still_open for zero in condition.if_true), if_false)


def _or(reader: Reader, arguments: Sequence[Meaning]) -> bool | Condition:
    found = [_not(reader, [condition]) for condition in (reader.truth(argument) for argument in arguments)]
    return _not(reader, [_and(reader, found)])


# ── look-ups ───────────────────────────────────────────────────────────────────


def _index(reader: Reader, arguments: Sequence[Meaning]) -> Area:
    area, numbers = reader.area(arguments[0]), [_whole(reader, argument) for argument in arguments[1:]]
    if len(numbers) == 1 and area.height == 1 and area.width > 1:
        numbers = [1, *numbers]
    row, column = (*numbers, 1)[:2]
    if not 0 < row <= area.height or not 0 < column <= area.width or (len(numbers) < 2 and area.width > 1):
        raise NotUnderstood
    return Area(area.sheet, area.left + column - 1, area.top + row - 1, 1, 1)


def _offset(reader: Reader, arguments: Sequence[Meaning]) -> Area:
    if len(arguments) not in (3, 4, 5):
        raise NotUnderstood
    area = reader.area(arguments[0])
    down, right, *size = (_whole(reader, argument) for argument in arguments[1:])
    height, width = (*size, *(area.height, area.width)[len(size) :])
    moved = Area(area.sheet, area.left + right, area.top + down, width, height)
    if min(moved[1:]) < 1:
        raise NotUnderstood
    return within_limits(moved)


def _choose(reader: Reader, arguments: Sequence[Meaning]) -> Meaning:
    number = _whole(reader, arguments[0])
    if not 0 < number < len(arguments):
        raise ErrorValue
    return arguments[number]


def _match(reader: Reader, arguments: Sequence[Meaning]) -> Sum:
    if len(arguments) != 3 or _whole(reader, arguments[2]) != 0:
        raise NotUnderstood
    return Sum(constant=Decimal(_position(reader, arguments[0], reader.area(arguments[1])) + 1))


def _vlookup(reader: Reader, arguments: Sequence[Meaning]) -> Area:
    if len(arguments) != 4 or _whole(reader, arguments[3]) != 0:
        raise NotUnderstood
    area, column = reader.area(arguments[1]), _whole(reader, arguments[2])
    if not 0 < column <= area.width:
        raise ErrorValue
    row = area.top + _position(reader, arguments[0], area._replace(width=1))
    return Area(area.sheet, area.left + column - 1, row, 1, 1)


def _xlookup(reader: Reader, arguments: Sequence[Meaning]) -> Meaning:
    if len(arguments) not in (3, 4):
        raise NotUnderstood
    asked, given = reader.area(arguments[1]), reader.area(arguments[2])
    if (asked.width, asked.height) != (given.width, given.height):
        raise NotUnderstood
    try:
        at = _position(reader, arguments[0], asked)
    except ErrorValue:
        if len(arguments) == 4:
            return arguments[3]
        raise
    return Area(given.sheet, given.left + at % given.width, given.top + at // given.width, 1, 1)


def _position(reader: Reader, wanted: Meaning, area: Area) -> int:
    """Where a text stands first in a line, from 0 on."""
    if area.width > 1 and area.height > 1:
        raise NotUnderstood
    text = normal(reader.text(reader.item(wanted)))
    for i, cell in enumerate(reader.each(area)):
        if text and _shown(reader, area, cell.row - area.top, cell.column - area.left) == text:
            return i
    raise ErrorValue


# ── texts ──────────────────────────────────────────────────────────────────────


def _of_texts(make: Callable[[str, list[int]], str | int]) -> Function:
    """A function of a text and some numbers, that of an array for each of its texts."""

    def made(reader: Reader, arguments: Sequence[Meaning]) -> Meaning:
        numbers = [_whole(reader, argument) for argument in arguments[1:]]
        if any(not 0 <= number <= 255 for number in numbers):
            raise NotUnderstood

        def of(item: Item) -> Item:
            found = make(reader.text(item), numbers)
            return found if isinstance(found, str) else Sum(constant=Decimal(found))

        grid: Grid = [[of(item) for item in line] for line in reader.grid(arguments[0])]
        return grid if len(grid) > 1 or len(grid[0]) > 1 else grid[0][0]

    return made


def _joined(reader: Reader, arguments: Sequence[Meaning]) -> str:
    text = "".join(reader.text(item) for argument in arguments for line in reader.grid(argument) for item in line)
    reader.count(len(text))
    return text


FUNCTIONS: Mapping[str, Function] = {
    "SUM": _sum,
    "SUMPRODUCT": _sumproduct,
    "SUBTOTAL": _subtotal,
    "AGGREGATE": _aggregate,
    "SUMIF": _sumif,
    "SUMIFS": _sumifs,
    "ROUND": _rounding(ROUND_HALF_UP),
    "ROUNDUP": _rounding(ROUND_UP),
    "ROUNDDOWN": _rounding(ROUND_DOWN),
    "TRUNC": _rounding(ROUND_DOWN),
    "MAX": _of_numbers(max),
    "MIN": _of_numbers(min),
    "ABS": _of_numbers(lambda numbers: abs(next(iter(numbers)))),
    "N": _number,
    "VALUE": _number,
    "SINGLE": lambda _, arguments: arguments[0],
    "COUNT": _count,
    "COUNTA": _count,
    "ISBLANK": _is_blank,
    "NOT": _not,
    "AND": _and,
    "OR": _or,
    "INDEX": _index,
    "MATCH": _match,
    "OFFSET": _offset,
    "CHOOSE": _choose,
    "VLOOKUP": _vlookup,
    "XLOOKUP": _xlookup,
    "LEN": _of_texts(lambda text, _: len(text)),
    "LEFT": _of_texts(lambda text, numbers: text[: (numbers or [1])[0]]),
    "RIGHT": _of_texts(lambda text, numbers: text[len(text) - min((numbers or [1])[0], len(text)) :]),
    "TRIM": _of_texts(lambda text, _: " ".join(text.split())),
    "CONCATENATE": _joined,
    "CONCAT": _joined,
}
