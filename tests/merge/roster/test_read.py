"""Rosters in every form of file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.saved_lists import FORMS, save_list
from xltool.errors import RosterError, XltoolError
from xltool.merge.roster.parse import COLUMNS, roster_of
from xltool.merge.roster.read import read_roster
from xltool.merge.roster.roster import Nature, Roster, RosterUnit, UnitType
from xltool.source.lists import text_lines

ROWS = [
    ["单位编码", "单位名称", "上级", "性质", "独立核算", "类型", "顺序", "其他名称"],
    ["023", "区信访局", "", "", "", "", "", ""],
    ["023001", "区信访局本级", "023", "行政", "", "", "1", "区信访局；信访办"],
    ["023002", "接待中心", "023", "事业", "否", "", "2", ""],
]

UNITS = [
    RosterUnit("023", "区信访局", "", None, True, UnitType.SUMMARY, 1),
    RosterUnit("023001", "区信访局本级", "区信访局", Nature.ADMINISTRATIVE, order=2, spellings=("区信访局", "信访办")),
    RosterUnit("023002", "接待中心", "区信访局", Nature.INSTITUTION, False, order=3),
]

TOML = """
[[unit]]
code = "023"
name = "区信访局"

[[unit]]
code = "023001"
name = "区信访局本级"
parent = "023"
nature = "行政"
spellings = ["区信访局", "信访办"]

[[unit]]
"编码" = "023002"
"名称" = "接待中心"
parent = "区信访局"
nature = "事业"
keeps_accounts = false
"""


def without_zeros(roster: Roster) -> list[RosterUnit]:
    return [unit._replace(code=unit.code.lstrip("0")) for unit in roster.units]


@pytest.mark.parametrize("form", FORMS)
def test_a_roster_of_excel(form: str, tmp_path: Path) -> None:
    roster = read_roster(save_list(tmp_path, ROWS, form))
    if form == "工作簿里编码是数":
        assert without_zeros(roster) == without_zeros(Roster(UNITS))
    else:
        assert list(roster.units) == UNITS


def test_a_roster_of_toml(tmp_path: Path) -> None:
    path = tmp_path / "名册.toml"
    path.write_text(TOML, "utf-8")
    assert list(read_roster(path).units) == UNITS


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("名册.csv", "编码,单位全称\n1,甲\n", "“名册.csv”里没有找到表头：要有一行写着编码、名称、上级单位、性质"),
        ("名册.toml", "[[unit]]\nname = 甲\n", "“名册.toml”不能用：第 2 行第 8 个字起写法不对"),
        ("名册.toml", "unit = 5\n", "“名册.toml”里的单位应每个写成一节"),
        ("名册.toml", '[[unit]]\nname = "甲"\nkind = "乙"\n', "第 1 个单位：不认识的键“kind”"),
        ("名册.toml", '[[unit]]\ncode = "1"\n', "第 1 个单位：没有单位名称"),
        ("名册.toml", "", "“名册.toml”里没有单位"),
    ],
)
def test_a_file_that_is_no_roster(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(RosterError, match=message):
        read_roster(tmp_path / name)


@settings(max_examples=50, deadline=None)
@given(st.sets(st.from_regex("[0-9]{1,9}", fullmatch=True).filter(lambda code: code.strip("0")), min_size=1))
def test_codes_that_became_numbers_find_their_units(codes: set[str]) -> None:
    """Every code finds its unit; without its zeros too, unless another unit's code is the same number."""
    units = [RosterUnit(code, f"单位{code}") for code in codes]
    roster = Roster(units)
    for unit in units:
        assert roster.with_code(unit.code) == unit
        number = str(int(unit.code))
        alike = [one for one in units if one.code == number] or [one for one in units if int(one.code) == int(number)]
        assert roster.with_code(number) == (alike[0] if len(alike) == 1 else None)


LINE = st.text(st.sampled_from("01甲乙丙,,,\t\n\n；是否单户汇总（ ）'\"\0\u200b"), max_size=80)


@settings(max_examples=200, deadline=None)
@given(LINE, st.sampled_from(["编码,名称,上级", "名称,其他名称,上级单位", "名称\t类型\t独立核算", ""]))
def test_whatever_stands_in_a_file_is_a_roster_or_told(text: str, headings: str) -> None:
    """Every unit of it is found by its code and by its name."""
    try:
        lines = text_lines(f"{headings}\n{text}".encode(), COLUMNS, "名册")
        roster = roster_of(lines or (), "名册")
    except XltoolError:
        return
    for unit in roster.units:
        assert not unit.code or roster.with_code(unit.code) == unit
        assert roster.named(unit.name) == unit
        assert not unit.sends or roster.with_name(unit.name) == unit
        assert unit in roster.under(unit.name).units
