"""U04: a department and its unit need different names."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import BlockAt
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.spec import Rule


@predicate(words="部门的汇总行与所属单位的行不应写同一个名称；整个工作簿只说一次。")
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


def _adds_up_units(block: BlockAt, row: int) -> bool:
    definition = block.rows[row].definition
    return definition is not None and any(part.path == ("unit",) for part in definition.sum)


def _has_figures(book: Book, block: BlockAt, row: int) -> bool:
    return any(figure(book, block.places[row][c]) for c in block.block.amounts)
