"""Finds what stands above all tables of a workbook: department, year and amount unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from xltool.drafting import words
from xltool.drafting.seen.tables import Found
from xltool.template.names import PRINTED_UNIT, normal, printed_years

_ABOUT_A_BUDGET = re.compile("预算|决算|自评")
_OF_YEAR = re.compile(r"(年度[:：]\s*)20\d\d(?=年?$)")
_LAST, _THIS = "{last_year}", "{year}"
_OF_LAST_YEAR = re.compile("决算|执行|完成|上年|结转")
"""What a table of last year is about; another one of last year among those of this one was left there."""


def find_heads(tables: list[Found], noted: Mapping[str, str], beside: Iterable[str] = ()) -> words.Heads:
    """As noted in a workbook of ours, else as most tables print it; the year else as texts `beside` them have it."""
    year = noted.get("year") or _year(tables) or next((year for text in beside for year in _budget_year(text)), "")
    return words.Heads(
        noted.get("department") or _most(_department(text) for table in tables for text in table.header[:2]),
        int(year) if year.isdecimal() else 0,
        noted.get("amount_unit")
        or _most(unit for table in tables for unit in units(table))
        or _most(unit for table in tables for unit in _units_inside(table)),
    )


def units(table: Found) -> list[str]:
    """The amount units that a table prints above its headings."""
    return [found for text in table.header for found in PRINTED_UNIT.findall(normal(text))]


def _units_inside(table: Found) -> list[str]:
    """The amount units that a table prints in its headings and labels."""
    texts = [text for grid in table.grids for leaf in grid.leaves for text in leaf.path]
    texts += [field.label for form in table.forms for field in form.fields]
    texts += [band.side for band in table.bands]
    return [found for text in texts for found in words.UNIT_INSIDE.findall(normal(text))]


def header_text(text: str, heads: words.Heads) -> str:
    """A text of the header line with its placeholders; a form without a name gets that of the department.

    So does one with another name or year than the other tables: that is to be told, not to be printed.
    """
    found = words.DEPARTMENT.fullmatch(text)
    if found and not PRINTED_UNIT.fullmatch(normal(text)):
        is_own = bool(found[2].strip()) and heads.department in found[2]
        return heads.template_text(text) if is_own else f"{found[1]}{{department}}"
    return heads.template_text(_OF_YEAR.sub(r"\1{year}", text) if heads.year else text)


def title_text(text: str, heads: words.Heads) -> str:
    """A title with its placeholders; it says this year, unless it is about what last year was."""
    title = heads.template_text(text)
    is_left = _LAST in title and _THIS not in title and not _OF_LAST_YEAR.search(title)
    return title.replace(_LAST, _THIS) if is_left else title


def _department(text: str) -> str:
    """The name that a header text gives: behind 部门名称： or such, or the text itself."""
    found = words.DEPARTMENT.fullmatch(text)
    if found and not PRINTED_UNIT.fullmatch(normal(text)):
        return found[2].strip()
    return "" if words.HEADER.fullmatch(normal(text)) else text.strip()


def _year(tables: list[Found]) -> str:
    """The year of titles and header lines, else the last one in a heading."""
    above = _most(year for table in tables for text in (table.title, *table.header) for year in _years(text))
    headings = [text for table in tables for grid in table.grids for leaf in grid.leaves for text in leaf.path]
    return above or max((year for text in headings for year in _years(text)), default="")


def _budget_year(text: str) -> list[str]:
    """The year of a budget as a cover or a file is called, not that of a date."""
    if not _ABOUT_A_BUDGET.search(text):
        return []
    return (printed_years(text) or re.findall(r"(?<!\d)20\d\d(?!\d)", normal(text)))[:1]


def _years(text: str) -> list[str]:
    return printed_years(text) or re.findall(r"^20\d\d$", normal(text))


def _most(texts: Iterable[str]) -> str:
    """The commonest text that is not blank, "" if there is none."""
    counted = Counter(text for text in texts if text)
    return counted.most_common(1)[0][0] if counted else ""
