"""The roster: which lines make one, what is said of wrong ones, and which unit a code or a name means."""

from __future__ import annotations

from typing import Any

import pytest
import tomli

from tests import CASE_FILES
from xltool.errors import RosterError
from xltool.merge.roster.parse import COLUMNS, roster_of
from xltool.merge.roster.roster import Nature, Roster
from xltool.source.lists import text_lines

ROSTERS = tomli.loads((CASE_FILES / "units/rosters.toml").read_text("utf-8"))


def roster(text: str) -> Roster:
    lines = text_lines(text.encode(), COLUMNS, "“名册.csv”")
    assert lines is not None
    return roster_of(lines, "“名册.csv”")


@pytest.mark.parametrize("case", ROSTERS["faulty"], ids=lambda case: case["name"])
def test_every_wrong_line_is_told(case: dict[str, Any]) -> None:
    with pytest.raises(RosterError) as error:
        roster(case["list"])
    assert list(error.value.problems) == case["said"]


@pytest.mark.parametrize("case", ROSTERS["good"], ids=lambda case: case["name"])
def test_a_roster_is_read_in_its_order(case: dict[str, Any]) -> None:
    units = roster(case["list"]).units
    assert [[unit.name, unit.parent, unit.type.value] for unit in units] == case["units"]
    natures = case.get("natures", [])
    assert [unit.nature.value if unit.nature else "" for unit in units][: len(natures)] == natures
    assert [unit.order for unit in units] == [*range(1, len(units) + 1)]


NESTED = roster(ROSTERS["good"][0]["list"])


@pytest.mark.parametrize(
    ("code", "name", "unit"),
    [
        ("023002001", "", "接待中心"),
        ("23002001", "", "接待中心"),
        ("０２３００２００１", "", "接待中心"),
        ("", "接待 中心", "接待中心"),
        ("", "（接待）中心", "接待中心"),
        ("", "023002001接待中心", "接待中心"),
        ("999", "接待中心", "接待中心"),
        ("", "市信访局", "市信访局本级"),
        ("023", "市信访局", "市信访局"),
        ("", "区信访局", "区信访局"),
        ("", "招待中心", ""),
        ("", "", ""),
        ("0", "", ""),
    ],
)
def test_a_unit_is_found_by_code_or_else_by_name(code: str, name: str, unit: str) -> None:
    found = NESTED.find(code, name)
    assert (found.name if found else "") == unit


def test_parts_of_a_roster() -> None:
    assert NESTED.department == "市信访局"
    part = NESTED.under("区信访局")
    assert part.department == "区信访局"
    assert [unit.name for unit in part.sending] == ["区信访局本级", "接待中心"]
    assert [unit.name for unit in NESTED.of_nature(Nature.INSTITUTION).units] == ["市信访局", "区信访局", "接待中心"]
    assert [unit.name for unit in NESTED.above(NESTED.units[4])] == ["区信访局", "市信访局"]
    with pytest.raises(RosterError, match="名册里没有“卫健局”这个单位：请写名册里的名称或编码。"):
        NESTED.under("卫健局")


def test_an_empty_roster_is_refused() -> None:
    with pytest.raises(RosterError, match="“名册.csv”里没有单位：表头下面一行写一个单位。"):
        roster("编码,名称\n,\n")


def test_units_that_stand_one_above_the_other_without_end_are_refused() -> None:
    chain = "".join(f"单位{n},{f'单位{n - 1}' if n else ''}\n" for n in range(30_000))
    with pytest.raises(RosterError) as error:
        roster(f"名称,上级单位\n{chain}")
    assert error.value.problems == ("第 22 行：“单位20”上面有 20 层单位，套得太深",)
