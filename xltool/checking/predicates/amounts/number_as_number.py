"""A12: amounts that are texts, and amounts that were calculated and never rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding_at
from xltool.checking.tell.words import Words
from xltool.equations import evaluate
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Severity, Statement
from xltool.template.spec import Rule

_FEW = 5
"""Of so many in a sheet each is told by itself: they are corrected one by one."""

_AT_ONCE = (
    "一次改正：一栏一栏选中，在“数据”选项卡里点“分列”，直接点“完成”；或点单元格左上角的绿色三角，选“转换为数字”。"
)

MAX_DECIMALS = 6
"""More decimals than 万元 has 分: such an amount was calculated, not entered."""


@predicate(words="金额单元格里是文本（如“1,224.07”），就不符合（“0.00”只是警告）；小数超过 6 位的另作说明。")
def number_as_number(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A12: amounts stored as text (of many in a sheet the first, and how many), and such as have too many decimals.

    Shares stored as text are left to the rule for shares, if the template has it.
    """
    has_rule_for_shares = book.template.uses("percent_as_number")
    texts = [p for p in book.as_text if not (has_rule_for_shares and book.layout.kind(p) == "percent")]
    lacking = _lacking(book)
    for _, group in groupby(sorted(texts), key=lambda place: book.layout.blocks[place.block].sheet):
        places = [*group]
        if len(places) > _FEW:
            yield _all_texts(book, words, rule, places, lacking)
            continue
        for place in places:
            what, found, basis = words.place(place, place), words.value(place), _basis(book, words, place, lacking)
            statement = Statement("{what}的 {found} 是文本，Excel {basis}。", what, found, basis=basis)
            yield finding_at(book, rule, place, statement, severity=_severity(book, rule, [place]))
    for place, value in book.values.items():
        if place not in book.live and isinstance(value, Decimal) and _decimals(value) > MAX_DECIMALS:
            what, found = words.place(place, place), f"{value:f}"
            statement = Statement("{what}的小数位数过多（{found}），可能是计算得来的数。", what, found)
            yield finding_at(book, rule, place, statement, severity=Severity.REMARK)


def _all_texts(book: Book, words: Words, rule: Rule, places: list[Place], lacking: Mapping[Place, Place]) -> Finding:
    """A table whose amounts are texts, as those of other systems and of documents are: one mistake."""
    first = next((place for place in places if place in lacking), places[0])
    statement = Statement(
        "{what}等 {found}的数是文本，Excel {basis}。",
        words.place(first, first),
        f"{len(places)} 格",
        basis=_basis(book, words, first, lacking),
    )
    severity = _severity(book, rule, places)
    return finding_at(book, rule, first, statement, alike=places, severity=severity, notes=(_AT_ONCE,))


def _severity(book: Book, rule: Rule, places: list[Place]) -> Severity:
    """Zeros that are texts change no sum."""
    return rule.severity if any(book.values.get(place) for place in places) else Severity.WARNING


def _basis(book: Book, words: Words, place: Place, lacking: Mapping[Place, Place]) -> str:
    if place not in lacking:
        return "求和时不会计入"
    total = lacking[place]
    return f"求和时没有计入：{words.address(total, place)} 因此显示 {_shown(book, words, total)}"


def _lacking(book: Book) -> dict[Place, Place]:
    """Of the amounts stored as text, a live total each that does not count it."""
    texts = set(book.as_text)
    found: dict[Place, Place] = {}
    for total, equation in book.live.items() if texts else ():
        parts = [part for _, part in equation.right if part in texts]
        if parts and book.values.get(total) != evaluate.total(equation.right, book.values):
            for part in parts:
                found.setdefault(part, total)
    return found


def _shown(book: Book, words: Words, place: Place) -> str:
    value = book.values.get(place)
    return words.amount(value if isinstance(value, Decimal) else Decimal(0), place)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
