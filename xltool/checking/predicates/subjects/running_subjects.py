"""A16: 行政运行 is for running a unit, 一般行政管理事务 for its projects."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at, records, subject_name
from xltool.checking.tell.words import Words
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.binding import is_code
from xltool.template.predicates import AMOUNT, Asks, Wanted
from xltool.template.spec import Rule

_ITEM_DIGITS = 7
_RUNNING = ("01", "行政运行")
_GENERAL = ("02", "一般行政管理事务")


@predicate(
    words="{table}里，行政运行（编码以 01 结尾的项）的“{1}”应没有数，"
    "一般行政管理事务（以 02 结尾的项）的“{0}”应没有数。",
    asks=Asks("must", (Wanted("基本支出", AMOUNT), Wanted("项目支出", AMOUNT))),
)
def running_subjects(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A16: 行政运行 (…01) carries no 项目支出, 一般行政管理事务 (…02) no 基本支出."""
    for basic, projects in records(book, rule):
        row = book.layout.blocks[basic.block].rows[basic.row]
        if not is_code("function", row.code) or len(row.code) != _ITEM_DIGITS:
            continue
        for (ending, name), place, only in ((_RUNNING, projects, "基本支出"), (_GENERAL, basic, "项目支出")):
            if row.code.endswith(ending) and subject_name(book, row) == name and figure(book, place):
                what, found = words.place(place, place), words.value(place)
                statement = Statement("{what} {found}：{expected}。", what, found, f"{name}一般只列{only}")
                yield finding_at(book, rule, place, statement)
