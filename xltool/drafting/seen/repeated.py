"""Finds forms that are repeated: one sheet a project, all with the same labels and headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xltool.drafting.seen.forms import MEMBER_LABELS
from xltool.drafting.seen.tables import Band, Form, Found
from xltool.template.names import normal

_LONGEST = 20
_OF_PROJECT = re.compile(r"项目.*(?:绩效|目标|申报)")


def joined(tables: list[Found]) -> list[Found]:
    """The tables, those that are the same form about several projects as one, at the place of the first."""
    groups: dict[object, list[Found]] = {}
    for number, table in enumerate(tables):
        shape = tuple(_shape(band) for band in table.bands)
        groups.setdefault(shape if _members(table) is not None else number, []).append(table)
    names = [table.page.sheet.name for table in tables]
    return [_one(group, names) if _is_repeated(group) else group[0] for group in groups.values()]


def _shape(band: Band) -> object:
    if isinstance(band, Form):
        return tuple(normal(field.label) for field in band.fields)
    return tuple(leaf.path for leaf in band.leaves)


def _members(table: Found) -> list[str] | None:
    """The project that a form is about (none if the cell is blank); None if it has no cell for it."""
    for field in (field for form in table.forms for field in form.fields):
        if normal(field.label) in MEMBER_LABELS:
            text = table.page.text(field.answer.top, field.answer.left)
            return [text] if text else []
    return None


def _is_repeated(group: list[Found]) -> bool:
    return len(group) > 1 or (_members(group[0]) is not None and bool(_OF_PROJECT.search(normal(group[0].title))))


def _one(group: list[Found], all_names: list[str]) -> Found:
    first = group[0]
    members = [_members(table) or [] for table in group]
    names = [own[0] if own else "" for own in members]
    own_names = [table.page.sheet.name for table in group]
    sheet = _pattern(own_names, names)
    others = [name for name in all_names if name not in own_names]
    if not sheet or any(_could_be(sheet, name) for name in others):
        sheet = f"{first.page.sheet.name[:_LONGEST]}-{{n}}"
    return replace(
        first,
        title=_pattern([table.title for table in group], names) or first.title,
        number=_pattern([table.number for table in group], names) or first.number,
        sheet=sheet,
        each="project",
        members=[name for own in members for name in own],
    )


def _could_be(pattern: str, name: str) -> bool:
    """Whether a sheet of a repeated form could be named so."""
    return bool(re.fullmatch(re.escape(pattern).replace(re.escape("{n}"), r"\d+"), name))


def _pattern(texts: Sequence[str], names: Sequence[str]) -> str:
    """The text that the sheets share, with {n} for their number and {member} for the project; "" if they do not."""
    named = texts[0].replace(names[0], "{member}") if names[0] else texts[0]
    for pattern in (_numbered(texts[0]), named, _numbered(named)):
        expected = (
            pattern.replace("{n}", str(number)).replace("{member}", name) for number, name in enumerate(names, 1)
        )
        if pattern != texts[0] and list(expected) == list(texts):
            return pattern
    return ""


def _numbered(text: str) -> str:
    """The text with {n} for its 1: the last one, or, in front of a name, the first."""
    leading = re.sub(r"^1(?=\D)", "{n}", text)
    return leading if leading != text else re.sub(r"(?<!\d)1(?!\d)(?=\D*$)", "{n}", text)
