"""X18: projects that are named after 科目 are spent under them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xltool.catalogue import by_year
from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at, records, subject_name
from xltool.checking.tell.words import Words, quoted
from xltool.equations.references import places_at
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Path, Statement, member_name
from xltool.template.binding import is_code
from xltool.template.names import normal
from xltool.template.predicates import AMOUNT, Asks, Wanted
from xltool.template.spec import Rule

_GROUP_DIGITS, _ITEM_DIGITS = 5, 7
"""Lengths of the codes of a 款 and a 项."""

_NAMED_AT_MOST = 3


class _Subject(NamedTuple):
    """A 科目 with its 项目支出."""

    place: Place
    code: str
    name: str
    amount: Decimal


@predicate(
    words="{table}里的项目名称与某个功能科目的名称相同时，这个科目在{against}应有数，而且不小于这个项目的“{0}”。",
    tolerance="项目与科目小数位数相同时不允许差。",
    asks=Asks("must", (Wanted("项目金额", AMOUNT),), against="各功能科目的项目支出"),
)
def names_subjects(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """X18: a project named after a 科目 is spent under it: the 科目 carries 项目支出, and no less than the project."""
    subjects = list(_subjects(book, rule))
    if not any(one.amount for one in subjects):
        return  # nobody has filled in their table
    codes = _codes_by_name(subjects, book.outline.year)
    by_unit = _by_unit(book, subjects)
    for (place,) in records(book, rule):
        row = book.layout.blocks[place.block].rows[place.row]
        name = normal(member_name(row.path[-1]))
        amount = figure(book, place)
        if row.pattern[-1] != "project" or name not in codes or not amount:
            continue
        of_unit = by_unit.get(row.path[:-1], subjects)
        same = [one for one in of_unit if one.name == name and one.amount]
        what, found = f"项目{quoted(member_name(row.path[-1]))}（{words.address(place, place)}）", words.value(place)
        if not same:
            says, basis = "{what} {found} 与{basis} 同名，而这个科目没有项目支出。", f"功能科目 {_told(codes[name])}"
            alike = [one for one in of_unit if one.amount == amount and len(one.code) == _ITEM_DIGITS][:_NAMED_AT_MOST]
            notes = (f"金额相同的是{_named(words, alike, place)}。",) if alike else ()
            statement, compared = Statement(says, what, found, basis=basis), alike
        elif amount > sum((one.amount for one in same), _slack(book, place, same)):
            says, basis = "{what} {found} 大于同名科目的项目支出：{basis}。", _named(words, same, place)
            statement, compared, notes = Statement(says, what, found, basis=basis), same, ()
        else:
            continue
        yield finding_at(book, rule, place, statement, compared=[one.place for one in compared], notes=notes)


def _subjects(book: Book, rule: Rule) -> Iterator[_Subject]:
    """The 科目 that the rule's other figures are about."""
    assert rule.against is not None
    for place in places_at(rule.against, book.layout):
        row = book.layout.blocks[place.block].rows[place.row]
        if is_code("function", row.code):
            yield _Subject(place, row.code, normal(subject_name(book, row)), figure(book, place) or Decimal(0))


def _codes_by_name(subjects: list[_Subject], year: int) -> dict[str, list[str]]:
    """The codes that a name can mean: those of the workbook first, then those of the catalogue.

    The last 项 of every 款, …99, is called 其他…支出 after it, also where the catalogue does not list it.
    """
    known = [*((one.code, one.name) for one in subjects), *_catalogue_names(year)]
    groups = {one.code[:_GROUP_DIGITS] for one in subjects}
    found: dict[str, list[str]] = {}
    for code, name in sorted(known, key=lambda item: item[0][:_GROUP_DIGITS] not in groups):
        codes = found.setdefault(name, [])
        if code not in codes:
            codes.append(code)
    return found


@lru_cache(maxsize=16)
def _catalogue_names(year: int) -> tuple[tuple[str, str], ...]:
    """Codes and the names that they have, or should have, in the catalogue of a year."""
    known: list[tuple[str, str]] = []
    for code, name in by_year.names("function", year).items():
        known.append((code, normal(name)))
        if len(code) == _GROUP_DIGITS:
            known.append((f"{code}99", normal(f"其他{name.removesuffix('支出')}支出")))
    return tuple(known)


def _told(codes: list[str]) -> str:
    more = "等" if len(codes) > _NAMED_AT_MOST else ""
    return "、".join(codes[:_NAMED_AT_MOST]) + more


def _by_unit(book: Book, subjects: list[_Subject]) -> dict[Path, list[_Subject]]:
    found: dict[Path, list[_Subject]] = {}
    for one in subjects:
        found.setdefault(book.layout.key(one.place).row[:-1], []).append(one)
    return found


def _slack(book: Book, place: Place, same: list[_Subject]) -> Decimal:
    """By how much rounding alone can make a project greater than its 科目; two figures rounded alike stay in order."""
    units = [book.layout.unit(place), *(book.layout.unit(one.place) for one in same)]
    return Decimal(0) if len(units) == 2 and units[0] == units[1] else sum(units, Decimal(0)) / 2


def _named(words: Words, subjects: list[_Subject], seen_from: Place) -> str:
    return "、".join(f"{words.place(one.place, seen_from)} {words.value(one.place)}" for one in subjects)
