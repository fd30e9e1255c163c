"""Puts given facts into a planned workbook: which cells get a number, and which keep their live formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xltool.equations.evaluate import Values, compute
from xltool.equations.instances import formulas
from xltool.errors import FactsError
from xltool.layout.block import Place
from xltool.layout.book import NOTE, Book
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout, sheet_key
from xltool.layout.outline import Outline, outline_of
from xltool.layout.plan import plan
from xltool.model import FactKey, Value, format_path
from xltool.template.spec import Template


class Filled(NamedTuple):
    """A workbook ready to be written: every value, and the equations of the cells that carry a live formula."""

    layout: Layout
    values: Values
    live: dict[Place, Equation]

    @property
    def book(self) -> Book:
        """It as it will be read."""
        return Book(self.layout, self.values, live=self.live, is_ours=True)


def blank(template: Template, outline: Outline) -> Filled:
    """A workbook without figures: every total is a live formula."""
    layout = plan(template, outline)
    return Filled(layout, {}, dict(formulas(layout)))


def fill(template: Template, facts: Mapping[FactKey, Value], department: str, year: int, amount_unit: str) -> Filled:
    """A workbook with `facts`, rows included that the template does not know.

    A total gets its live formula unless a different figure (or, with None, a blank) is given for it: what was
    published is kept, right or wrong. Raises FactsError listing every fact whose table, column or field of a form
    the template does not have.
    """
    keys = [key for key in facts if key.column != NOTE]
    return filled(plan(template, outline_of(template, keys, department, year, amount_unit)), facts)


def filled(layout: Layout, facts: Mapping[FactKey, Value]) -> Filled:
    """A planned workbook with `facts`, see `fill`."""
    keys = [key for key in facts if key.column != NOTE]
    misplaced = [key for key in facts if not (_has_table(layout, key) if key.column == NOTE else layout.place(key))]
    if misplaced:
        raise FactsError(
            f"有 {len(misplaced)} 个数不能填入模板“{layout.template.title}”，模板里没有这些表、行或栏：",
            [f"{key.table} {format_path(key.row)} {format_path(key.column)}" for key in misplaced],
        )
    notes = {_sheet_of(key): str(value or "").split("\n") for key, value in facts.items() if key.column == NOTE}
    layout = layout.with_notes(notes)
    values: Values = {}
    given: dict[Place, Value] = {}
    expected = formulas(layout)
    for key in keys:
        value = facts[key]
        place = layout.place(key)
        assert place is not None
        if place in expected:
            given[place] = value
        elif value is not None:
            values[place] = value
    live = compute(values, expected, given)
    return Filled(layout, {place: value for place, value in values.items() if value is not None}, live)


def _has_table(layout: Layout, key: FactKey) -> bool:
    return _sheet_of(key) in layout.tables


def _sheet_of(key: FactKey) -> str:
    """The key of the sheet below which a footnote stands."""
    return sheet_key(key.table, key.row[:-1])
