"""What makes a predicate: the rule that is no equation, with what it must be told, its words and its function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from xltool.checking.tell.words import Words
from xltool.layout.book import Book
from xltool.model import Finding
from xltool.template.predicates import Asks
from xltool.template.spec import Rule

Find = Callable[[Book, Words, Rule], Iterator[Finding]]
"""A test of a whole workbook; the rule says where to look and how loudly to speak."""


_NO_TOLERANCE = "不涉及尾差。"
_NOTHING = Asks()


class Predicate(NamedTuple):
    """One rule that is no equation; its file has its name, by which rules choose it.

    `words` say what does not comply, with {table}, {0} and so on for the columns, {all} for all of them, {against};
    `tolerance` which difference is allowed. `find` is None for the two that are judged with the equations.
    """

    words: str
    tolerance: str = _NO_TOLERANCE
    asks: Asks = _NOTHING
    find: Find | None = None


def predicate(*, words: str, tolerance: str = _NO_TOLERANCE, asks: Asks = _NOTHING) -> Callable[[Find], Predicate]:
    """Make the function below a predicate."""
    return lambda find: Predicate(words, tolerance, asks, find)
