"""The equations of a rule are found without looking through a whole table for each member."""

from __future__ import annotations

import cProfile

from tests.budgets import SHENZHEN, template
from xltool.equations.filling import blank
from xltool.equations.instances import all_equations
from xltool.layout.outline import default_outline


def work(projects: int) -> tuple[int, int]:
    """How many equations a workbook with so many projects has, and how many functions are called to make it."""
    outline = default_outline(template(SHENZHEN))
    members = {**outline.members, "project": tuple(f"项目{n}" for n in range(projects))}
    profile = cProfile.Profile()
    filled = profile.runcall(blank, template(SHENZHEN), outline._replace(members=members, by_table={}))
    return len(all_equations(filled.layout)), sum(entry.callcount for entry in profile.getstats())


def test_twice_the_projects_take_twice_the_work() -> None:
    (few, small), (many, large) = work(80), work(160)
    assert many > 1.5 * few
    assert large < 2.2 * small
