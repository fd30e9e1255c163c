"""Total cells of our own workbooks whose formula was changed or typed over though the figures agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from xltool.checking.problems import CHANGED, REPLACED, problem
from xltool.checking.tell.telling import MAX_RELATED, lacking_parts
from xltool.checking.tell.words import Words
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.layout.layout import Place
from xltool.model import Finding, Related

MAX_CELLS = 8
"""Of longer formulas only so many cells are listed."""


def formula_findings(
    book: Book, definitions: Mapping[Place, Equation], disagreeing: Collection[Place | None], words: Words
) -> Iterator[Finding]:
    """What is wrong with the formulas of `book`: one finding a changed formula, one a sheet for those typed over.

    Cells in `disagreeing` have been told with their equation; sums that lack a column cannot be as in the template.
    """
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
    text = f"{words.place(place, place)}的公式“={book.formulas[place]}”与模板不同，"
    text += f"应是 {'、'.join(parts[:MAX_CELLS])}{more}{'之和' if len(parts) > 1 else ''}；目前结果一致。"
    return problem(CHANGED, text, book.layout.key(place), book.layout.cell(place))


def _replaced(book: Book, places: list[Place], words: Words) -> Finding:
    first = places[0]
    more = f"等 {len(places)} 个合计单元格" if len(places) > 1 else ""
    text = f"{words.place(first, first)}{more}应是公式，现在是直接填的数，目前数值一致。"
    cells = [(book.layout.cell(place), place) for place in places[1:]]
    related = [Related(cell, book.values.get(place)) for cell, place in cells if cell is not None]
    return problem(REPLACED, text, book.layout.key(first), book.layout.cell(first), related[:MAX_RELATED])
