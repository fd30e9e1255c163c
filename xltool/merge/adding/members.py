"""What a unit's rows are called in the 汇总: the unit as in the roster, projects of the same name told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xltool.layout.choice import has_units
from xltool.merge.adding.figures import RowFigures, UnitFigures
from xltool.model import Path, member_name
from xltool.template.spec import Template

PROJECT = "project"


class Members:
    """The names used so far. Projects stay a unit each, so that one whose name is taken gets another."""

    def __init__(self, template: Template) -> None:
        self._has_unit_rows = has_units(template)
        self._known = frozenset(_names_in_rules(template))
        self._owner: dict[str, int | None] = {}

    def renamed(self, figures: UnitFigures, unit: int | None, name: str) -> dict[tuple[str, str], str]:
        """(dimension, name in the workbook) -> name in the 汇总, for one unit's workbook; others keep their names.

        A workbook with several units is a 汇总 itself: its units keep their names. Where units have rows of their own,
        a project whose name is taken is printed with its unit's (信访事务（甲中心）), because rules compare tables by
        the project's name; elsewhere it is the second one of that name ("#2"). One that a rule names keeps its name.
        """
        is_single = len(figures.units) == 1
        names = {("unit", figures.units[0]): name} if is_single else {}
        stands_under = projects(figures.rows)
        free = [project for project in stands_under if project not in self._known]
        taken = [project for project in free if self._owner.setdefault(project, unit) != unit]
        for project in taken:
            names[PROJECT, project] = self._another(project, unit, name if is_single else stands_under[project] or name)
        return names

    def _another(self, project: str, unit: int | None, name: str) -> str:
        if self._has_unit_rows:
            told = f"{project}（{name}）"
            self._owner.setdefault(told, unit)
            return told
        base, number = member_name(project), 2
        while f"{base}#{number}" in self._owner:
            number += 1
        self._owner[f"{base}#{number}"] = unit
        return f"{base}#{number}"


def _names_in_rules(template: Template) -> Iterator[str]:
    """The rows that rules name, such as a project that every unit has."""
    for rule in template.rules.values():
        references = [addend.reference for addend in rule.comparison.addends] if rule.comparison else []
        for reference in (*references, *filter(None, (rule.against, rule.warning_if))):
            yield from reference.row


def projects(rows: Iterable[RowFigures]) -> dict[str, str]:
    """The projects of a workbook, in the order of its rows, each with the unit that it stands under ("" if none)."""
    found: dict[str, str] = {}
    for row in rows:
        if PROJECT in row.pattern:
            project = row.path[row.pattern.index(PROJECT)]
            unit = row.path[row.pattern.index("unit")] if "unit" in row.pattern else ""
            found[project] = found.get(project) or unit
    return found


def merged_path(row: RowFigures, names: Mapping[tuple[str, str], str]) -> Path:
    """The path of a unit's row in the 汇总."""
    if not names:
        return row.path
    return tuple(
        [names.get((dimension, member), member) for member, dimension in zip(row.path, row.pattern, strict=True)]
    )
