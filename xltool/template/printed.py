"""Texts that a template prints with placeholders in them, and what a workbook prints in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from xltool.template.names import PRINTED_UNIT, normal
from xltool.template.spec import Table

_YEARS = {"{year}": 0, "{last_year}": 1}
"""The placeholders of years, and how many years before that of the workbook they are."""


@lru_cache(maxsize=1024)
def pattern(text: str) -> re.Pattern[str]:
    """A printed text as a pattern over normal text: its placeholders match any year, unit or name."""
    return re.compile(_expression(text))


def year_in(printed_as: str, text: str) -> int | None:
    """The year of the workbook, as a text says it that the template prints with {year} or {last_year} in it."""
    placeholder = min((name for name in _YEARS if name in printed_as), key=printed_as.index, default="")
    found = _year_pattern(printed_as, placeholder).fullmatch(normal(text)) if placeholder else None
    return int(found["year"]) + _YEARS[placeholder] if found else None


def department_in(table: Table, texts: Iterable[str]) -> tuple[int, str] | None:
    """The name that the lines above a table have for {department}, and which of `texts` it is in; None if none has."""
    wanted = next((text for text in table.header if "{department}" in text), "")
    if not wanted:
        return None
    before = normal(wanted.partition("{department}")[0])
    others = [pattern(text) for text in table.header if text and text != wanted]
    for number, text in enumerate(texts):
        plain = normal(text)
        is_other = any(other.fullmatch(plain) for other in others) or PRINTED_UNIT.match(plain)
        if plain.startswith(before) and plain != before and not (is_other or _is_heading(table, plain)):
            return number, re.split("[:：]", text)[-1].strip()
    return None


def _is_heading(table: Table, plain: str) -> bool:
    """Whether a normal text is that of a heading: where nobody wrote a name, the headings follow the title."""
    names = {name for block in table.blocks for column in block.columns for name in column.path}
    return any(plain == normal(table.headings.get(name, name)) for name in names)


@lru_cache(maxsize=1024)
def _year_pattern(printed_as: str, placeholder: str) -> re.Pattern[str]:
    before, _, after = printed_as.partition(placeholder)
    return re.compile(rf"{_expression(before)}(?P<year>\d{{4}})(?:年度?)?{_expression(after)}")


def _expression(text: str) -> str:
    escaped = re.escape(normal(text))
    for name, expression in (
        ("year", r"\d{4}"),
        ("last_year", r"\d{4}"),
        ("amount_unit", "万?元"),
        ("department", ".*"),
        ("member", ".*"),
        ("n", r"(?P<n>[0-9]{1,9})"),
    ):
        escaped = escaped.replace(re.escape("{" + name + "}"), expression)
    return escaped


class AnyOf(NamedTuple):
    """Printed texts any of which will do: those without placeholders, and the patterns of the others."""

    texts: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    @property
    def is_blank(self) -> bool:
        """Whether it may be that nothing is printed."""
        return "" in self.texts

    def fits(self, text: str) -> bool:
        """Whether a normal text is one of them."""
        return text in self.texts or any(pattern.fullmatch(text) for pattern in self.patterns)


@lru_cache(maxsize=1024)
def any_of(texts: tuple[str, ...]) -> AnyOf:
    """Printed texts any of which will do, see `pattern`."""
    plain = frozenset([normal(text) for text in texts if "{" not in text])
    return AnyOf(plain, tuple([pattern(text) for text in texts if "{" in text]))
