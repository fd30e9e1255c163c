"""A19: what stands below a total as part of it (其中) is no more than the total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at
from xltool.checking.tell.words import Words
from xltool.equations.rounding.judging import judge_order
from xltool.layout.block import BlockAt
from xltool.layout.book import Book
from xltool.model import Finding, Statement, Verdict
from xltool.template.names import normal
from xltool.template.spec import Row, Rule

_PART = "其中"
_NOTHING = Decimal(0)


@predicate(
    words="写在一行下面、不由它相加的“其中”行，不应大于它上面的总数。",
    tolerance="小数位数相同时不允许差；位数不同的，差在四舍五入的尾差以内不算。",
)
def within_whole(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A19: rows that begin with 其中, and those beside them below a row that does not add them up."""
    for block in book.layout.blocks:
        for part, whole in _pairs(block):
            for c in block.block.amounts:
                here, above = block.places[part][c], block.places[whole][c]
                small, great = figure(book, here), figure(book, above)
                if not small or great is None or book.layout.may_be_negative(above):
                    continue
                units = {book.layout.unit_of(place, value) for place, value in ((here, small), (above, great))}
                tolerance = sum(units, _NOTHING) / 2 if len(units) > 1 else _NOTHING
                if judge_order(small - great, tolerance) is Verdict.FAIL:
                    statement = Statement(
                        "{what} {found} 是其中数，不应大于 {basis} {expected}，{off}。",
                        words.place(here, here),
                        words.value(here),
                        words.value(above),
                        words.place(above, here),
                        f"多 {words.amount(small - great, here)}",
                    )
                    found = finding_at(book, rule, here, statement, compared=[above])
                    yield found._replace(left=small, right=great, difference=small - great, tolerance=tolerance)


def _pairs(block: BlockAt) -> Iterator[tuple[int, int]]:
    """The rows of the template that are part of others and are not added up by them, each with its whole.

    Those nested in one row are all part of it if one of them says so; beside others, a row that says so is part of the
    last one above it that does not.
    """
    says = [normal(row.label).startswith(_PART) for row in block.rows]
    wholes = {row.path[:-1] for row, is_part in zip(block.rows, says, strict=True) if is_part}
    above: int | None = None
    for r, row in enumerate(block.rows):
        nested_in = block.row_index.get(row.path[:-1]) if row.path[:-1] in wholes else None
        whole = above if nested_in is None and says[r] else nested_in
        if whole is not None and row.definition is not None and _is_whole(block.rows[whole].definition):
            yield r, whole
        if not says[r]:
            above = r


def _is_whole(row: Row | None) -> bool:
    """Whether a row has an amount of its own: it is no sum, and no heading of others."""
    return row is not None and not row.sum and not row.group
