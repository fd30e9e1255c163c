"""S07: every table has the name of the same unit above it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding
from xltool.checking.tell.related import MAX_RELATED
from xltool.checking.tell.words import Words, quoted
from xltool.layout.book import Book
from xltool.layout.seen import HeadLine
from xltool.model import FactKey, Finding, Related, Role, Statement
from xltool.template.names import normal
from xltool.template.printed import department_in
from xltool.template.spec import Rule

_CODE = re.compile(r"^[\[(【]?[\dA-Za-z]+[\])】]?[-—]?")
"""The code that some formats print before the name."""

_MOST_LINES = 3
"""The name stands in one of the lines right under the title."""


@predicate(
    words="各表标题下面写的单位名称应是同一个单位：与多数表不同，也不是本工作簿里的单位，就不符合；简称、全称算同一个。"
)
def one_department(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S07: a name that neither is that of most tables, in full or in short, nor one of the workbook's units."""
    printed = list(_printed(book))
    usual = _usual([name for _, name in printed])
    units = [normal(unit) for unit in book.outline.members.get("unit", ())]
    other: dict[str, list[HeadLine]] = {}
    for line, name in printed:
        if not any(_is_same(name, one) for one in (usual, *units)):
            other.setdefault(name, []).append(line)
    for name, (first, *others) in other.items():
        more = f"（还有 {len(others)} 处，如 {others[0].cell.in_book}）" if others else ""
        most = next(line for line, one in printed if one == usual)
        statement = Statement(
            "单位名称写的是{found}{what}，{basis}写的是{expected}，请核对是不是别的单位的表。",
            more,
            quoted(name),
            quoted(usual),
            f"多数表（如 {most.cell.in_book}）",
        )
        at = book.layout.tables[first.table]
        alike = tuple(Related(line.cell, line.text, Role.ALIKE) for line in others[:MAX_RELATED])
        yield finding(rule, statement, FactKey(at.table.id, at.above, ()), first.cell, alike)


def _printed(book: Book) -> Iterator[tuple[HeadLine, str]]:
    """The name under the title of each table that has one, without its code, and the line that it stands in."""
    for key, lines in groupby(book.seen.heads, key=lambda line: line.table):
        at = book.layout.tables[key]
        under = [line for line in lines if at.title_row < line.cell.row <= at.title_row + _MOST_LINES]
        found = department_in(at.table, [line.text for line in under]) if at.title_row else None
        name = _CODE.sub("", normal(found[1])) if found is not None else ""
        if found is not None and name:
            yield under[found[0]], name


def _usual(names: list[str]) -> str:
    """The name of which most tables have one that is the same, as most of them have it; "" if there are none."""
    counts = Counter(names)

    def shared(name: str) -> tuple[int, int]:
        return sum(n for other, n in counts.items() if _is_same(name, other)), counts[name]

    return max(counts, key=shared, default="")


def _is_same(name: str, other: str) -> bool:
    """Whether two names are one in full and in short: 深圳市信访局 and 市信访局."""
    return name in other or other in name
