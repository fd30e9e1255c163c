"""What the 汇总底稿 of a 汇总 says about the figures that its tables take from it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from xltool.equations.rounding.of_totals import rounding_of_totals
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.source.cells import from_float
from xltool.source.our_sheets import WORKING_PAPER, WORKING_PAPER_HEADINGS, WORKING_PAPER_ROUNDING
from xltool.source.sheet import Sheet

_LINK = re.compile(rf"'?{WORKING_PAPER}'?!\$?[A-Z]{{1,3}}\$?(\d{{1,7}})(?:/10000)?")


def note_rounding(book: Book, paper: Sheet) -> None:
    """Let the book's layout know how inexact the figures are that several units add up to."""
    row = WORKING_PAPER_HEADINGS
    at = next((c for c in range(1, paper.width + 1) if paper.label(row, c) == WORKING_PAPER_ROUNDING), 0)
    rounding = {
        place: found for place in book.formulas if at and (found := _rounding(book, place, paper, at)) is not None
    }
    if rounding:
        layout = replace(book.layout, rounding=rounding)
        rounding |= rounding_of_totals(layout, book.values, book.live)
        book.layout = layout


def _rounding(book: Book, place: Place, paper: Sheet, column: int) -> Decimal | None:
    """What the line says from which a cell takes its figure, in the cell's own unit; None if it says nothing."""
    link = _LINK.fullmatch(book.formulas[place])
    if link is None or int(link[1]) > paper.height:
        return None
    raw = paper.raw(int(link[1]), column)
    if not isinstance(raw, float) or not 0 <= raw < float("inf"):
        return None
    return from_float(raw) / book.layout.yuan_of(place)
