"""Codes of two years: which are compared with which, when some split, joined, ended or began."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltool.catalogue.by_year import Catalogue, built_in
from xltool.merge.compare.subjects import outermost, subjects

CODES = {
    "20101": "人大事务",
    "2010101": "行政运行",
    "20102": "政协事务",
    "20103": "政府事务",
    "20104": "发展事务",
    "20191": "人大会议",
    "20192": "人大代表",
    "2019201": "行政运行",
    "20193": "综合事务",
    "20195": "数据事务",
}
CHANGES = [
    ("20101", "20191"),
    ("20101", "20192"),  # one became two
    ("20102", "20193"),
    ("20103", "20193"),  # two became one
    ("20104", ""),
    ("", "20195"),
]


@pytest.fixture
def years(tmp_path: Path) -> tuple[Catalogue, Catalogue]:
    """A classification as of 2023 and as of 2024."""
    head = "code,name,level,parent,years,source,confidence\n"
    lines = [f"{code},{name},款,,2023,测试,attested\n" for code, name in CODES.items()]
    (tmp_path / "function.csv").write_text(head + "".join(lines), encoding="utf-8")
    for name in ("economic", "government"):
        (tmp_path / f"{name}.csv").write_text(head, encoding="utf-8")
    (tmp_path / "aliases.csv").write_text("code,alias,source\n", encoding="utf-8")
    changes = [
        f"{old},{CODES.get(old, '')},{2023 if old else ''},{new},{CODES.get(new, '')},{2024 if new else ''},测试\n"
        for old, new in CHANGES
    ]
    head = "code,name,until,becomes,becomes_name,from,source\n"
    (tmp_path / "changes.csv").write_text(head + "".join(changes), encoding="utf-8")
    return built_in(2023, tmp_path), built_in(2024, tmp_path)


def test_what_split_and_what_joined_are_compared_together(years: tuple[Catalogue, Catalogue]) -> None:
    before, after = years
    found = subjects(["20101", "20102", "20103"], before, ["20191", "20192", "20193"], after)
    assert {found.group(False, "20101")} == {found.group(True, "20191"), found.group(True, "20192")}
    assert {found.group(True, "20193")} == {found.group(False, "20102"), found.group(False, "20103")}
    assert found.group(True, "20191") != found.group(True, "20193")


def test_what_ended_and_what_began_has_nothing_beside_it(years: tuple[Catalogue, Catalogue]) -> None:
    before, after = years
    found = subjects(["20104", "20102"], before, ["20195", "20193"], after)
    others = {found.group(True, code) for code in ("20195", "20193")}
    assert found.group(False, "20104") not in others
    assert found.group(True, "20195") not in {found.group(False, code) for code in ("20104", "20102")}


def test_what_did_not_change_and_what_nobody_knows_is_itself(years: tuple[Catalogue, Catalogue]) -> None:
    before, after = years
    found = subjects(["201", "29999"], before, ["201", "29999"], after)
    assert found.groups == {}
    assert found.group(False, "29999") == found.group(True, "29999") == "29999"


def test_there_and_back_the_groups_are_the_same(years: tuple[Catalogue, Catalogue]) -> None:
    before, after = years
    old, new = ["20101", "2010101", "20103", "20104"], ["20191", "20192", "2019201", "20193", "20195"]
    there, back = subjects(old, before, new, after), subjects(new, after, old, before)
    assert {(not is_new, code): name for (is_new, code), name in back.groups.items()} == there.groups


def test_in_one_year_codes_are_codes(years: tuple[Catalogue, Catalogue]) -> None:
    before, _ = years
    assert subjects(["20101"], before, ["20191"], before).groups == {}


def test_of_a_group_only_the_outermost_codes_are_added_up() -> None:
    assert outermost(["20140", "2014001", "2014004", "2080501"]) == {"20140", "2080501"}
