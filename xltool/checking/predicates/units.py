"""Units: a department and its unit need different names, and what keeps no accounts of its own has no budget."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.records import figure, finding_at, records, subject, text
from xltool.checking.tell.words import Words, quoted
from xltool.layout.book import Book
from xltool.layout.layout import BlockAt, Place
from xltool.model import Finding, Statement
from xltool.template.spec import Rule

_DEPENDENT = "非独立核算"


def distinct_units(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """U04: the row of the department and that of a unit do not have the same name; said once, of the first table."""
    for block in book.layout.blocks:
        label = block.find_column("label", "name")
        total = next((r for r, row in enumerate(block.rows) if _adds_up_units(block, r) and row.label.strip()), None)
        if label is None or total is None or not _has_figures(book, block, total):
            continue
        name = block.rows[total].label.strip()
        for r, row in enumerate(block.rows):
            if row.pattern[-1:] == ("unit",) and row.label.strip() == name and _has_figures(book, block, r):
                place, above = block.places[r][label], block.places[total][label]
                what = f"部门（{words.address(above, place)}）与所属单位（{words.address(place, place)}）"
                statement = Statement("{what}同名，都是{found}，分不清哪一行是汇总数。", what, quoted(name))
                yield finding_at(book, rule, place, statement, compared=[above])
                return


def dependent_units(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """U05: a unit without accounts of its own (非独立核算) has no amounts; its money is in its superior's rows."""
    for (place,) in records(book, rule):
        if _DEPENDENT not in text(book, place):
            continue
        name = subject(book, place)
        filled = [at for block in book.layout.blocks for at in _amounts_of(book, block, name)]
        if filled:
            first = filled[0]
            more = f"等 {len(filled)} 处" if len(filled) > 1 else ""
            statement = Statement(
                "{what}是{basis}，不应有预算数：{found}。",
                quoted(name),
                f"{words.place(first, first)} {words.value(first)}{more}",
                basis=f"非独立核算单位（{words.address(place, first)}）",
            )
            yield finding_at(book, rule, first, statement, compared=[place], alike=filled[1:])


def _adds_up_units(block: BlockAt, row: int) -> bool:
    definition = block.rows[row].definition
    return definition is not None and any(part.path == ("unit",) for part in definition.sum)


def _has_figures(book: Book, block: BlockAt, row: int) -> bool:
    return any(figure(book, block.places[row][c]) for c in block.block.amounts)


def _amounts_of(book: Book, block: BlockAt, unit: str) -> list[Place]:
    """The amounts typed into the rows of a unit."""
    own = {
        r
        for r, row in enumerate(block.rows)
        if any(kind == "unit" and name.strip() == unit for name, kind in zip(row.path, row.pattern, strict=True))
    }
    typed = [place for place in block.figures(("amount",)) if place.row in own and place not in book.live]
    return sorted(place for place in typed if figure(book, place))
