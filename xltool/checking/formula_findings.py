"""Formulas that are not as they should be: changed or typed over though the figures agree, or in another unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from xltool.checking.problems import CALCULATION, CHANGED, LINKED, REPLACED, SORTED, UNSCALED, problem
from xltool.checking.tell.lacking import lacking_parts
from xltool.checking.tell.related import related_cells
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Finding, Role, Statement
from xltool.source.cells import shortened

_QUOTED = re.compile(r'"[^"]*"')
_LINK = re.compile(r"\[([^\[\]]+)\][^\[\]!]*!")
"""[1]支出总表!D7, '[预算.xlsx]支出总表'!D7, [1]!合计"""

_CALCULATION = re.compile(r"(?=.*[-+*/^(])(?:ROUND|SUM|[-+*/^(),.%0-9\s])+", re.IGNORECASE)

MAX_CELLS = 8
"""Of longer formulas only so many cells are listed."""


def formula_findings(
    book: Book, definitions: Mapping[Place, Equation], disagreeing: Collection[Place | None], words: Words
) -> Iterator[Finding]:
    """What is wrong with the formulas of `book`: one finding a changed formula, one a sheet for those typed over.

    Cells in `disagreeing` have been told with their equation; sums that lack a column cannot be as in the template.
    Only our own workbooks must have the template's formulas.
    """
    yield from _unscaled(book, words)
    yield from _sorted(book, words)
    yield from _linked(book, words)
    yield from _calculations(book, definitions, words)
    if not book.is_ours:
        return
    replaced: dict[str, list[Place]] = {}
    uncalculated = set(book.seen.without_result)
    for place, equation in definitions.items():
        if place in book.live or place in disagreeing or place in book.unclear or place in uncalculated:
            continue
        cell = book.layout.cell(place)
        if cell is None or lacking_parts(book.layout, equation) or is_linked(book.formulas.get(place, "")):
            continue
        if place in book.formulas:
            yield _changed(book, place, equation, words)
        elif book.values.get(place) is not None:
            replaced.setdefault(cell.sheet, []).append(place)
    for places in replaced.values():
        yield _replaced(book, places, words)


def is_linked(formula: str) -> bool:
    """Whether a formula refers to another workbook."""
    return "[" in formula and _LINK.search(_QUOTED.sub("", formula)) is not None


def _sorted(book: Book, words: Words) -> Iterator[Finding]:
    """Formulas that take other rows since a table was sorted: one finding for each such table."""
    tables: dict[int, list[Place]] = {}
    for place in sorted(book.seen.displaced):
        equation = book.live.get(place)
        if equation is not None:
            tables.setdefault(place.block if equation.structural else equation.right[0].place.block, []).append(place)
    for index, places in tables.items():
        first, *others = places
        statement = Statement(
            "{what}的行换过次序，像是排过序：{found}的公式取的不是原来的行，应取 {expected}。",
            f"表{quoted(book.layout.blocks[index].table.name)}",
            words.place(first, first) + (f"等 {len(places)} 格" if others else ""),
            "、".join(words.address(part, first) for _, part in book.live[first].right[:MAX_CELLS]),
        )
        alike = related_cells(book, dict.fromkeys(others, Role.ALIKE))
        yield problem(SORTED, statement, book.layout.key(first), book.layout.cell(first), alike)


def _linked(book: Book, words: Words) -> Iterator[Finding]:
    """Figures that are taken from other workbooks, one finding a sheet."""
    for places in _by_sheet(book, (place for place, text in book.formulas.items() if is_linked(text))):
        first, *others = places
        link = _LINK.search(book.formulas[first])
        number = int(link[1]) if link and link[1].isdecimal() and len(link[1]) < 5 else 0
        names = book.seen.other_workbooks
        name = names[number - 1] if 0 < number <= len(names) else ""
        statement = Statement(
            "{what}的公式{found}取自别的工作簿{basis}。",
            words.place(first, first) + (f"等 {len(places)} 格" if others else ""),
            f"“={shortened(book.formulas[first])}”",
            basis=quoted(name) if name else "",
        )
        alike = related_cells(book, dict.fromkeys(others, Role.ALIKE))
        yield problem(LINKED, statement, book.layout.key(first), book.layout.cell(first), alike)


def _calculations(book: Book, definitions: Mapping[Place, Equation], words: Words) -> Iterator[Finding]:
    """Inputs that are typed as calculations of plain numbers, one finding a sheet."""
    typed = (p for p, text in book.formulas.items() if p not in definitions and _CALCULATION.fullmatch(text))
    for places in _by_sheet(book, typed):
        first, *others = places
        statement = Statement(
            "{what}是算式{found}，得 {expected}。",
            words.place(first, first) + (f"等 {len(places)} 格" if others else ""),
            f"“={shortened(book.formulas[first])}”",
            words.value(first),
        )
        alike = related_cells(book, dict.fromkeys(others, Role.ALIKE))
        yield problem(CALCULATION, statement, book.layout.key(first), book.layout.cell(first), alike)


def _by_sheet(book: Book, places: Iterable[Place]) -> Iterable[list[Place]]:
    found: dict[int, list[Place]] = {}
    for place in sorted(places):
        found.setdefault(place.block, []).append(place)
    return found.values()


def _changed(book: Book, place: Place, equation: Equation, words: Words) -> Finding:
    parts = [f"{'－' if sign < 0 else ''}{words.address(part, place)}" for sign, part in equation.right]
    more = f" 等 {len(parts)} 格" if len(parts) > MAX_CELLS else ""
    statement = Statement(
        "{what}的公式{found}与模板不同，应是 {expected}；目前结果一致。",
        words.place(place, place),
        f"“={book.formulas[place]}”",
        f"{'、'.join(parts[:MAX_CELLS])}{more}{'之和' if len(parts) > 1 else ''}",
    )
    return problem(CHANGED, statement, book.layout.key(place), book.layout.cell(place))


def _replaced(book: Book, places: list[Place], words: Words) -> Finding:
    first, *others = places
    more = f"等 {len(places)} 个合计单元格" if others else ""
    statement = Statement("{what}应是公式，现在是直接填的数，目前数值一致。", words.place(first, first) + more)
    alike = related_cells(book, dict.fromkeys(others, Role.ALIKE))
    return problem(REPLACED, statement, book.layout.key(first), book.layout.cell(first), alike)


def _unscaled(book: Book, words: Words) -> Iterator[Finding]:
    """Links to a table in another unit that do not convert: one finding for each pair of tables."""
    alike: dict[tuple[str, str], list[Place]] = {}
    for place in sorted(book.seen.unscaled):
        own, other = (book.layout.blocks[at.block].sheet for at in (place, book.live[place].right[0].place))
        alike.setdefault((own, other), []).append(place)
    for (_, other), places in alike.items():
        first, *others = places
        source = book.live[first].right[0].place
        more = f"等 {len(places)} 格" if others else ""
        units = [book.layout.amount_unit(at.block) for at in (source, first)]
        way = "/10000" if book.layout.yuan_of(source) < book.layout.yuan_of(first) else "*10000"
        statement = Statement(
            "{what}的公式{found}没有折算：{basis}，应是 {expected}。",
            words.place(first, first) + more,
            f"“={book.formulas[first]}”",
            f"“={_as_factor(book.formulas[first])}{way}”",
            f"{quoted(other)}的单位是{units[0]}，本表是{units[1]}",
        )
        related = related_cells(book, dict.fromkeys(others, Role.ALIKE))
        yield problem(UNSCALED, statement, book.layout.key(first), book.layout.cell(first), related)


def _as_factor(formula: str) -> str:
    return f"({formula})" if "+" in formula or "-" in formula else formula
