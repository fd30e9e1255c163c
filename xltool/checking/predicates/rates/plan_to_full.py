"""A13: a plan of spending reaches the whole."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.printed_rates import as_shares
from xltool.checking.predicates.records import figure, finding_at, records
from xltool.checking.tell.words import Words
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import PERCENT, Asks, Wanted
from xltool.template.spec import Rule


@predicate(
    words="{table}的{all}逐期不减少，最后一期是 100%；没有填的期不看。各期写 25、50、100 的，当作 25%、50%、100%。",
    asks=Asks("must", (Wanted("各期累计的百分数", PERCENT),), many=True),
)
def plan_to_full(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A13: cumulative percentages do not fall, and the last one is 100 %."""
    for record in records(book, rule):
        filled = [place for place in record if figure(book, place) is not None]
        if not filled:
            continue
        faults = [
            f"{words.place(after, filled[0])} {words.value(after)} 小于前一期 {words.value(before)}"
            for before, after in zip(filled, filled[1:], strict=False)
            if (figure(book, after) or 0) < (figure(book, before) or 0)
        ]
        last = record[-1]
        if as_shares(book, record)[-1] != 1:
            faults.append(f"{words.place(last, filled[0])} {words.value(last)} 应为 100%")
        if faults:
            statement = Statement("{what}是到期末为止的累计百分数：{found}。", "支出计划", "；".join(faults))
            yield finding_at(book, rule, filled[0], statement, compared=record)
