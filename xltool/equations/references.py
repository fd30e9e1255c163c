"""What a rule refers to outside its equation, in one workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.expression import Reference
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.model import Severity
from xltool.template.spec import Rule


def places_at(reference: Reference, layout: Layout) -> Iterator[Place]:
    """The places that a reference means; none if the workbook lacks its table."""
    for block in layout.blocks_of(reference.table, reference.column):
        column = block.column_index[reference.column]
        for r in block.rows_named(reference.row):
            yield block.places[r][column]


def rules_for(book: Book) -> Mapping[str, Rule]:
    """The template's rules by id, as they hold for this workbook: some are no more than warnings in it."""
    return {
        id: rule._replace(severity=Severity.WARNING) if _is_warning(rule, book) else rule
        for id, rule in book.template.rules.items()
    }


def _is_warning(rule: Rule, book: Book) -> bool:
    reference = rule.warning_if
    return reference is not None and any(book.values.get(place) for place in places_at(reference, book.layout))
