"""Formulas that are not as they should be: changed or typed over though the figures agree, or in another unit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from xltool.checking.problems import CHANGED, REPLACED, UNSCALED, problem
from xltool.checking.tell.lacking import lacking_parts
from xltool.checking.tell.related import related_cells
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Finding, Role, Statement

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
    if not book.is_ours:
        return
    replaced: dict[str, list[Place]] = {}
    for place, equation in definitions.items():
        cell = book.layout.cell(place)
        if place in book.live or place in disagreeing or cell is None or lacking_parts(book.layout, equation):
            continue
        if place in book.unclear:
            continue
        if place in book.formulas:
            yield _changed(book, place, equation, words)
        elif book.values.get(place) is not None:
            replaced.setdefault(cell.sheet, []).append(place)
    for places in replaced.values():
        yield _replaced(book, places, words)


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
