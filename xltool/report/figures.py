"""What a cell should be and what stands there (应为、现为), as short as a column of a list is wide."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from xltool.checking.tell.words import MUST, Words
from xltool.diagnose.accepting import without_addresses
from xltool.layout.book import Book
from xltool.model import Culprit, Finding, Value
from xltool.source.cells import shortened

_SHORT = 40

_NAMED = 4
"""So many cells are named in 应为 and 现为; a whole line that is wrong is told in 问题."""

_BOUNDS = {MUST["<="]: "≤ ", MUST[">="]: "≥ "}


def expected_and_found(finding: Finding, book: Book) -> tuple[str, str]:
    """应为 and 现为: of the cell that is wrong, or of the few that may be; else as the sentence has them, or ""."""
    parts, words = finding.statement, Words(book.layout, book.values)
    ways = [one.culprits for one in finding.explanations]
    wrong = [culprit for way in ways for culprit in way]
    if not 0 < len(wrong) <= _NAMED or any(one.cell is None or one.proposed is None for one in wrong):
        expected, found = (_short(part) for part in (parts.expected, parts.found))
        return _bound(parts.says) + expected if expected else "", found
    is_certain = len(ways) == len(ways[0]) == 1

    def each(value: Callable[[Culprit], Value]) -> str:
        told = ["、".join(f"{_address(one, finding)} {_told(one, value(one), words)}" for one in way) for way in ways]
        return _told(ways[0][0], value(ways[0][0]), words) if is_certain else " 或 ".join(told)

    return each(lambda culprit: culprit.proposed), each(lambda culprit: culprit.found)


def _short(part: str) -> str:
    """A part of the sentence without addresses; one so long that it is a sentence itself is read in 问题."""
    text = without_addresses(part)
    return text if len(text) <= _SHORT else ""


def _told(culprit: Culprit, value: Value, words: Words) -> str:
    place = words.layout.place_at(culprit.cell) if culprit.cell else None
    return words.amount(value, place) if isinstance(value, Decimal) else shortened(value) if value else "空白"


def _address(culprit: Culprit, finding: Finding) -> str:
    cell = culprit.cell
    if cell is None:
        return ""
    return cell.a1 if finding.cell and finding.cell.sheet == cell.sheet else cell.in_book


def _bound(says: str) -> str:
    """The sign of what must be no more, or no less."""
    return next((sign for must, sign in _BOUNDS.items() if must in says), "")
