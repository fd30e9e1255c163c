"""The catalogues: what the data files say, what holds in which year, and the user's own list on top."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from tests import CASE_FILES
from tests.budgets import BUDGETS, published, template
from xltool.catalogue import by_year as module
from xltool.catalogue.by_year import DIMENSIONS, NEWEST, Confidence, built_in, catalogue, find, parent
from xltool.catalogue.own_codes import (
    COLUMNS,
    OwnCode,
    codes_csv,
    dimension_of,
    in_force,
    own_codes_file,
    parse_codes,
)
from xltool.errors import CodesError
from xltool.layout.outline import default_outline
from xltool.source.lists import text_lines
from xltool.template.binding import is_code
from xltool.template.loader import templates_folder
from xltool.template.names import bare
from xltool.template.spec import CODE_LEVELS
from xltool.template.user_folder import user_folder

FOLDER = templates_folder() / "catalogues"


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CODES = [pytest.param(name, line, id=line["code"]) for name in DIMENSIONS for line in lines(FOLDER / f"{name}.csv")]


# ── the data files ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("dimension", "line"), CODES)
def test_a_line_of_the_data_agrees_with_itself(dimension: str, line: dict[str, str]) -> None:
    code = line["code"]
    known = built_in(NEWEST).codes
    assert dimension_of(code) == dimension
    assert known[code].level == line["level"]
    assert parent(code, known) == line["parent"] == code[: len(code) - 2 if len(code) > 3 else 0]
    assert line["name"] == "".join(line["name"].split()) != ""
    assert re.fullmatch(r"20\d\d(/20\d\d)*|20\d\d\+", line["years"])
    assert line["source"]
    assert Confidence(line["confidence"]) is not Confidence.OWN


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_code_is_listed_once_in_order(dimension: str) -> None:
    codes = [line["code"] for line in lines(FOLDER / f"{dimension}.csv")]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("line", lines(FOLDER / "changes.csv"), ids=lambda line: line["code"] or line["becomes"])
def test_a_change_is_between_codes_that_are_sure(line: dict[str, str]) -> None:
    """It accuses people of using the wrong code, so both its ends must be verified, and its source told."""
    known = built_in(NEWEST).codes
    for code, name in ((line["code"], line["name"]), (line["becomes"], line["becomes_name"])):
        if code:
            assert known[code].confidence is Confidence.ATTESTED
            assert known[code].name == name or line["code"] == line["becomes"]
    if line["code"] and line["becomes"]:
        assert int(line["until"]) + 1 == int(line["from"])
    assert line["source"]


@pytest.mark.parametrize("line", lines(FOLDER / "aliases.csv"), ids=lambda line: line["alias"])
def test_an_alias_is_the_name_of_no_other_code_beside_it(line: dict[str, str]) -> None:
    known = built_in(NEWEST)
    beside = [code for code in known.codes.values() if code.code[:-2] == line["code"][:-2]]
    assert bare(line["alias"]) not in {bare(code.name) for code in beside}
    assert known.is_named(line["code"], line["alias"]) and line["source"]


@pytest.mark.parametrize("name", BUDGETS)
def test_every_code_of_a_template_and_of_its_sample_is_in_the_catalogue_of_its_year(name: str) -> None:
    spec = template(name)
    year = built_in(spec.year)
    used = {code for dimension in CODE_LEVELS for code in default_outline(spec).members[dimension]}
    used |= {part for key in published(name) for part in key.row if any(is_code(one, part) for one in CODE_LEVELS)}
    assert [code for code in sorted(used) if code not in year.codes or year.ruled_out_by(code)] == []


DOCUMENTS = {
    "qinglong-2024": "青龙满族自治县信访局2024",
    "pingshan-2023": "深圳市坪山区信访局2023",
    "longgang-2024": "深圳市龙岗区信访局2024",
    "shenzhen-2020": "深圳市信访局2020",
}
"""The published budget of each sample, as the catalogue names it."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_catalogue_says_of_every_code_of_a_sample_that_its_budget_printed_it(name: str) -> None:
    """With the year; or, where it printed another name, the alias says so."""
    found = [*lines(FOLDER / "function.csv"), *lines(FOLDER / "economic.csv")]
    of_year = [line for line in found if str(template(name).year) in line["years"].split("/")]
    attested = {
        line["code"] for line in (*of_year, *lines(FOLDER / "aliases.csv")) if DOCUMENTS[name] in line["source"]
    }
    used = {part for key in published(name) for part in key.row if any(is_code(one, part) for one in CODE_LEVELS)}
    assert used - attested == set()


# ── years ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("case", lines(CASE_FILES / "codes/by_year.csv"), ids=lambda case: case["why"])
def test_a_code_in_a_year(case: dict[str, str]) -> None:
    year = built_in(int(case["year"]), CASE_FILES / "catalogue")
    assert year.codes[case["code"]].name == year.names["function"][case["code"]] == case["name"]
    assert "；".join(map(str, year.ruled_out_by(case["code"]))) == case["told"]


def test_letters_and_visits_became_a_class_of_its_own_in_2024() -> None:
    before, after = built_in(2023), built_in(2024)
    (change,) = after.ruled_out_by("2010308")
    assert str(change) == "2010308 自 2024 年起改为 20140 信访事务"
    assert before.ruled_out_by("2014004") == before.ruled_out_by("20140") == (change,)
    assert before.ruled_out_by("2010308") == after.ruled_out_by("2014004") == ()


def test_a_name_alone_means_the_code_that_the_year_has() -> None:
    """Where a table prints names only, 信访事务 is a 项 of 20103 until 2023 and a 款 of 201 after."""
    before, after = (built_in(year).codes_by_name["function"] for year in (2023, 2024))
    assert before["20103", "信访事务"] == "2010308"
    assert ("201", "信访事务") not in before
    assert after["201", "信访事务"] == "20140"
    assert ("20103", "信访事务") not in after


def test_a_name_that_the_year_does_not_have_is_still_known() -> None:
    """So that a row in the wrong year can be told as that, and not as a row nobody knows."""
    assert built_in(2023).codes_by_name["function"]["20140", "信访业务"] == "2014004"


@pytest.mark.parametrize("case", lines(CASE_FILES / "codes/printed_names.csv"), ids=lambda case: case["why"])
def test_a_printed_name(case: dict[str, str]) -> None:
    assert built_in(2024).is_named(case["code"], case["printed"]) == (case["is_name"] == "yes")


def test_names_that_recur_are_told_apart_by_their_parents() -> None:
    known = built_in(2024).codes_by_name["function"]
    assert (known["20103", "行政运行"], known["20140", "行政运行"]) == ("2010301", "2014001")


def test_codes_below_are_those_of_the_year() -> None:
    assert [code.code for code in built_in(2024).below("20103")] == ["2010301", "2010302"]
    assert [code.code for code in built_in(2023).below("20103")] == ["2010301", "2010302", "2010308"]


# ── searching ──────────────────────────────────────────────────────────────────


def test_digits_are_searched_as_the_beginning_of_a_code() -> None:
    assert [code.code for code in find("20805", 2024).codes][:2] == ["20805", "2080501"]


def test_words_are_searched_in_names_and_in_their_other_forms() -> None:
    assert [code.code for code in find("社会保险缴费", 2024).codes] == ["30112"]
    assert [code.code for code in find("维修（护）", 2024).codes] == [code.code for code in find("维修(护", 2024).codes]


def test_with_a_year_only_its_codes_are_found_and_the_change_is_told() -> None:
    assert [code.code for code in find("信访事务", 2023).codes] == ["2010308"]
    assert [code.code for code in find("信访事务", 2024).codes] == ["20140", "2014099"]
    for year in (2023, 2024, None):
        assert [str(change) for change in find("信访事务", year).changes] == ["2010308 自 2024 年起改为 20140 信访事务"]


# ── the user's own list ────────────────────────────────────────────────────────


def with_own(*own: OwnCode) -> None:
    path = own_codes_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(codes_csv(own))
    module.forget()


def test_without_a_list_of_ones_own_nothing_changes(own_data: Path) -> None:
    assert not own_data.exists()
    for year in (2020, 2023, 2024, NEWEST):
        assert catalogue(year).codes == built_in(year).codes


def test_ones_own_codes_are_added_and_come_before_ours(own_data: Path) -> None:
    with_own(OwnCode("2130101", 0, "行政运行"), OwnCode("30302", 0, "离退休费"))
    known = catalogue(2024)
    assert (known.names["function"]["2130101"], known.names["economic"]["30302"]) == ("行政运行", "离退休费")
    assert known.codes["30302"].confidence is Confidence.OWN
    assert len(known.codes) == len(built_in(2024).codes) + 1
    assert list(known.codes) == sorted(known.codes)


@pytest.mark.parametrize(
    ("year", "name"),
    [
        pytest.param(2023, "信访事务", id="before its first year ours holds"),
        pytest.param(2025, "信访工作", id="from its year on"),
        pytest.param(2026, "信访工作", id="until the next"),
        pytest.param(2027, "信访和投诉", id="the next"),
    ],
)
def test_a_line_holds_from_its_year_to_the_next(year: int, name: str, own_data: Path) -> None:
    with_own(OwnCode("20140", 2025, "信访工作"), OwnCode("20140", 2027, "信访和投诉"))
    assert catalogue(year).codes["20140"].name == name


def test_a_code_that_only_the_user_has_is_known_in_earlier_years_too(own_data: Path) -> None:
    """As with our own codes: that it was first seen later is no reason to call it unknown."""
    with_own(OwnCode("2130101", 2026, "行政运行"))
    assert catalogue(2024).codes["2130101"].name == "行政运行"


def test_ones_own_list_overrides_a_change(own_data: Path) -> None:
    with_own(OwnCode("2010308", 2025, "信访事务"))
    assert catalogue(2024).ruled_out_by("2010308") != ()
    assert catalogue(2025).ruled_out_by("2010308") == ()
    assert find("2010308", 2025).changes == []


def test_in_force_is_the_newest_line_that_is_not_later() -> None:
    undated, early, late = OwnCode("201", 0, "甲"), OwnCode("201", 2023, "乙"), OwnCode("201", 2025, "丙")
    assert [in_force([undated, early, late], year) for year in (2022, 2023, 2024, 2025)] == [
        undated,
        early,
        early,
        late,
    ]
    assert in_force([early, late], 2022) is None


def test_a_list_that_was_damaged_by_hand_is_told_with_its_place(own_data: Path) -> None:
    with_own()
    own_codes_file().write_text("编码,名称\n20140011,信访\n", encoding="utf-8")
    with pytest.raises(CodesError, match="可以改正，也可以删去后重新导入") as error:
        catalogue(2024)
    assert str(own_codes_file()) in str(error.value)
    assert error.value.problems == ("第 2 行：“20140011”不是科目编码",)


def test_what_is_written_is_read_again() -> None:
    own = [OwnCode("20101", 0, "人大事务"), OwnCode("20101", 2025, '人大，"事务"')]
    assert parse_codes(text_lines(codes_csv(own), COLUMNS, "目录"), "目录") == own


# ── where a user's data are kept ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("posix linux", {"XDG_DATA_HOME": "/数据"}, "/数据/xltool"),
        ("posix linux", {"XDG_DATA_HOME": "相对"}, "/家/.local/share/xltool"),
        ("posix linux", {"XDG_DATA_HOME": ""}, "/家/.local/share/xltool"),
        ("posix linux", {}, "/家/.local/share/xltool"),
        ("posix darwin", {}, "/家/Library/Application Support/xltool"),
        ("nt win32", {"APPDATA": "/漫游", "XDG_DATA_HOME": "/数据"}, "/漫游/xltool"),
        ("nt win32", {}, "/家/AppData/Roaming/xltool"),
    ],
)
def test_the_folder_of_a_users_data(
    system: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, platform = system.split()
    for variable in ("XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(Path, "home", lambda: Path("/家"))
    with monkeypatch.context() as patch:
        patch.setattr("xltool.template.user_folder.os", SystemNamed(name))
        patch.setattr("sys.platform", platform)
        assert user_folder() == Path(expected)


class SystemNamed:
    """What `os` is on another system."""

    def __init__(self, name: str) -> None:
        self.name, self.environ = name, os.environ
