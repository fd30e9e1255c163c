"""S04: one name for one project in every table."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, combinations

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at, subject
from xltool.checking.tell.words import Words, quoted
from xltool.equations.rounding.judging import judge_copy
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement, Verdict, member_name
from xltool.template.spec import Rule

_ALIKE = 0.7
"""Names with so many letters in common (by difflib's ratio) may be one name written in two ways."""

Projects = dict[str, list[Place]]
"""The projects of one table: by name, the cells with their amounts."""


@predicate(
    words="列出项目的各张表里，一个名称只在一张表、另一个名称只在另一张表，金额相同，"
    "而且名称相近，或两边都只剩这一个对不上，或两张表里排在同样的两个项目之间、这个金额别的项目没有，就请核对是不是同一个项目。"
)
def one_name(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S04: two names for one amount, each in other tables: alike, the only ones left over, or in the same place."""
    tables = list(_projects(book).values())
    asked: set[frozenset[str]] = set()
    for here, there in combinations(tables, 2):
        for first, second in _unmatched(book, here, there):
            names = frozenset((first, second))
            if names in asked or any(names <= table.keys() for table in tables):
                continue
            places = _same_amount(book, here[first], there[second])
            if places is not None:
                asked.add(names)
                yield _two_names(book, words, rule, *places)


def _unmatched(book: Book, here: Projects, there: Projects) -> Iterator[tuple[str, str]]:
    """Names that only one of two tables has, as pairs that may be one project: they have about the same amount."""
    only_here = {name: here[name] for name in here if name not in there}
    only_there = {name: there[name] for name in there if name not in here}
    alone = len(only_here) == len(only_there) == 1
    places, counterparts = _positions(here, there), _positions(there, here)
    users_here, users_there = _users(book, here), _users(book, there)
    amounts = sorted((amount, name) for name in only_there for amount in _amounts(book, only_there[name]))
    slack = max((book.layout.unit(at) for at in chain(*only_here.values(), *only_there.values())), default=Decimal(0))
    for one in only_here:
        own = _amounts(book, here[one])
        near = dict.fromkeys(name for amount in own for name in _near(amounts, amount, slack))
        for other in near:
            in_same_place = places[one] == counterparts[other] and any(places[one][:2])
            is_only_one = all(users_here[amount] == 1 for amount in own) and all(
                users_there[amount] == 1 for amount in _amounts(book, there[other])
            )
            if alone or _are_alike(one, other) or (in_same_place and is_only_one):
                yield one, other


def _near(amounts: list[tuple[Decimal, str]], amount: Decimal, slack: Decimal) -> Iterator[str]:
    """The names in a sorted list with an amount that may be this one, rounded."""
    first, after = (bisect_left(amounts, (end, "")) for end in (amount - slack, (amount + slack).next_plus()))
    for _, name in amounts[first:after]:
        yield name


def _amounts(book: Book, places: list[Place]) -> list[Decimal]:
    """What stands at some places and is not 0."""
    return [amount for place in places if (amount := figure(book, place))]


def _users(book: Book, projects: Projects) -> Counter[Decimal]:
    """How many projects of a table have each amount."""
    return Counter(amount for places in projects.values() for amount in {*_amounts(book, places)})


def _positions(here: Projects, there: Projects) -> dict[str, tuple[str, str, int]]:
    """Where each project of a table stands that another table lacks: between which two that both have ("" for none),
    and which of those in between it is, counted from the first of the two."""
    found: dict[str, tuple[str, str, int]] = {}
    before, between = "", list[str]()
    for name in (*here, ""):
        if name and name not in there:
            between.append(name)
        else:
            found |= {one: (before, name, number) for number, one in enumerate(between)}
            before, between = name, []
    return found


def _two_names(book: Book, words: Words, rule: Rule, before: Place, here: Place) -> Finding:
    one, other = (f"{quoted(subject(book, place))}（{words.address(place, here)}）" for place in (here, before))
    statement = Statement(
        "{what}金额都是 {found}，而名称不同，是不是同一个项目？", f"项目{one}与{other}", words.value(here)
    )
    return finding_at(book, rule, here, statement, compared=[before])


def _projects(book: Book) -> dict[str, Projects]:
    """The projects of every table that lists any."""
    tables: dict[str, Projects] = {}
    for block in book.layout.blocks:
        for name, place in _listed(block):
            tables.setdefault(block.table.id, {}).setdefault(name, []).append(place)
    return tables


def _listed(block: BlockAt) -> Iterator[tuple[str, Place]]:
    """Each project of a block with its first amount; of a form, the first of its fields."""
    if block.above:
        if block.block.is_form:
            yield from ((member_name(block.above[-1]), place) for place in list(block.figures(("amount",)))[:1])
        return
    first = block.find_column("amount")
    if first is not None:
        for r, row in enumerate(block.rows):
            if row.pattern[-1:] == ("project",):
                yield member_name(row.path[-1]), block.places[r][first]


def _are_alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return sorted(one) == sorted(other) or SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _same_amount(book: Book, places: list[Place], others: list[Place]) -> tuple[Place, Place] | None:
    """A place of each list, with the same amount, or one of them rounded."""
    for one in places:
        for other in others:
            left, right = figure(book, one), figure(book, other)
            if left and right:
                verdict, _ = judge_copy(left, book.layout.unit(one), right, book.layout.unit(other))
                if verdict is Verdict.PASS:
                    return one, other
    return None
