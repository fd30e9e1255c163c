"""科目 follow the catalogue of the year: in new workbooks of any year, and in those made like last year's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import xltool
from tests.budgets import PINGSHAN, SHENZHEN
from xltool.catalogue import by_year
from xltool.catalogue.by_year import Catalogue, built_in
from xltool.cli import main
from xltool.diagnose.report import check
from xltool.equations.filling import blank
from xltool.layout.book import Book
from xltool.layout.moved_codes import in_its_year
from xltool.layout.outline import Outline, default_outline
from xltool.library import load_template
from xltool.model import Path as Names
from xltool.template.loader import template_names

CHANGED = "2010308 自 2024 年起改为 20140 信访事务"
CHILDREN = ["2014001", "2014002", "2014003", "2014004", "2014099"]


@pytest.mark.parametrize("year", [2020, 2027])
@pytest.mark.parametrize("name", template_names())
def test_a_blank_workbook_of_any_year_has_no_finding(name: str, year: int, tmp_path: Path) -> None:
    xltool.new(name, tmp_path / "预算.xlsx", year=year)
    assert xltool.check(xltool.read(tmp_path / "预算.xlsx")).findings == ()


@pytest.mark.parametrize("name", template_names())
def test_the_plan_of_a_blank_workbook_has_no_finding_in_all_years(name: str) -> None:
    """As above, faster: but for the notes on empty tables (A09), which are formulas that only a written sheet has."""
    spec = load_template(name)
    for year in range(2020, 2028):
        planned = blank(spec, in_its_year(default_outline(spec)._replace(year=year))[0])
        findings = check(Book(planned.layout, {}, live=planned.live)).findings
        assert {finding.rule for finding in findings} <= {"A09"}, year


def test_subjects_that_the_user_names_are_left_as_they_are(tmp_path: Path) -> None:
    assert xltool.new(SHENZHEN, tmp_path / "预算.xlsx", year=2025, subjects=["2010308"]) == []
    codes = {row.code for block in xltool.read(tmp_path / "预算.xlsx").layout.blocks for row in block.rows}
    assert "2010308" in codes
    (moved,) = xltool.new(SHENZHEN, tmp_path / "预算.xlsx", year=2025, subjects=["30101"])
    assert moved.codes == ("2010308",)


def test_a_subject_that_became_another_is_replaced_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "预算.xlsx"
    assert main(["new", SHENZHEN, "-o", str(target), "--year", "2025"]) == 0
    told = f"{CHANGED}：2010308 换成了 20140、{'、'.join(CHILDREN)}。"
    assert capsys.readouterr().out.splitlines() == [f"已生成空白工作簿：{target}", told]
    codes = {row.code for block in xltool.read(target).layout.blocks for row in block.rows}
    assert {"20140", *CHILDREN} <= codes
    assert not {"2010308", "20103"} & codes, "政府办公厅 only added up what moved"


def test_next_years_workbook_like_this_years_says_what_was_moved(tmp_path: Path) -> None:
    xltool.new(PINGSHAN, tmp_path / "2023.xlsx", year=2023)
    (moved,) = xltool.new(PINGSHAN, tmp_path / "2024.xlsx", like=tmp_path / "2023.xlsx")
    assert str(moved) == f"{CHANGED}：2010308 换成了 20140、{'、'.join(CHILDREN)}。"
    rows = [row.code for row in xltool.read(tmp_path / "2024.xlsx").layout.tables["支出总表"].blocks[0].rows]
    assert rows.index("20140") < rows.index("2014001")
    assert {"20103", "2010301"} <= {*rows}, "its other subjects stay"
    assert xltool.new(PINGSHAN, tmp_path / "2025.xlsx", like=tmp_path / "2024.xlsx") == []


def test_a_workbook_of_an_earlier_year_gets_the_codes_of_then(tmp_path: Path) -> None:
    moved = xltool.new("qinglong-2024", tmp_path / "预算.xlsx", year=2022)
    assert [str(one) for one in moved] == [f"{CHANGED}：20140、2014001、2014003、2014004 换成了 2010308。"]


def outline(year: int, *codes: str, rows: dict[tuple[str, Names, str], tuple[Names, ...]] | None = None) -> Outline:
    return Outline("某局", year, "万元", {"function": codes}, rows or {})


CHANGES = """code,name,until,becomes,becomes_name,from,source
2080501,离退休,2020,2080601,离休,2021,
2080501,离退休,2020,2080602,退休,2021,
21401,公路,2021,21402,运输,2022,
21403,水路,2021,21402,运输,2022,
21406,车辆购置税支出,2021,,,,
"""
CODES = """code,name,level,parent,years,source,confidence
208,社会保障,类,,2018+,,attested
20805,养老,款,208,2018+,,attested
2080501,离退休,项,20805,2018+,,attested
20806,退休,款,208,2018+,,attested
2080601,离休,项,20806,2018+,,attested
2080602,退休,项,20806,2018+,,attested
214,交通,类,,2018+,,attested
21401,公路,款,214,2018+,,attested
2140101,行政运行,项,21401,2018+,,attested
2140102,公路养护,项,21401,2018+,,attested
21402,运输,款,214,2018+,,attested
2140201,行政运行,项,21402,2018+,,attested
21403,水路,款,214,2018+,,attested
21406,车辆购置税支出,款,214,2018+,,attested
2140601,车辆购置税用于公路,项,21406,2018+,,attested
"""


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue with a split, a merger and a 款 that was cancelled."""
    for name, text in (
        ("changes", CHANGES),
        ("function", CODES),
        ("economic", ""),
        ("government", ""),
        ("aliases", ""),
    ):
        (tmp_path / f"{name}.csv").write_text(text or "code\n", encoding="utf-8")

    def catalogue(year: int) -> Catalogue:
        return built_in(year, tmp_path)

    monkeypatch.setattr("xltool.layout.moved_codes.catalogue", catalogue)
    yield
    by_year.forget()


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize(
    ("year", "codes", "now", "told"),
    [
        (2020, ["208", "20805", "2080501"], ["208", "20805", "2080501"], []),
        (
            2021,
            ["208", "20805", "2080501"],
            ["208", "20806", "2080601", "2080602"],
            [
                "2080501 自 2021 年起改为 2080601 离休；2080501 自 2021 年起改为 2080602 退休："
                "2080501 换成了 2080601、2080602。"
            ],
        ),
        (
            2022,
            ["214", "21401", "2140101", "2140102", "21403"],
            ["214", "21402", "2140201"],
            [
                "21401 自 2022 年起改为 21402 运输：21401、2140101、2140102 换成了 21402、2140201。",
                "21403 自 2022 年起改为 21402 运输：21403 换成了 21402。",
            ],
        ),
        (
            2022,
            ["214", "21402", "21406", "2140601"],
            ["214", "21402"],
            ["21406 车辆购置税支出自 2022 年起不再使用：没有列出 21406、2140601。"],
        ),
    ],
    ids=["nothing changed yet", "split", "merger, its 项 by their names", "cancelled"],
)
def test_codes_of_a_year(year: int, codes: list[str], now: list[str], told: list[str]) -> None:
    moved_to, moved = in_its_year(outline(year, *codes))
    assert [*moved_to.members["function"]] == now
    assert [str(one) for one in moved] == told


@pytest.mark.usefixtures("made_up")
def test_rows_below_a_subject_move_with_it() -> None:
    rows: dict[tuple[str, Names, str], tuple[Names, ...]] = {
        ("支出表", (), "function"): (("214",), ("21401",)),
        ("支出表", ("21401",), "project"): (("修路",),),
    }
    moved, _ = in_its_year(outline(2022, rows=rows))
    assert moved.by_table == {
        ("支出表", (), "function"): (("214",), ("21402",)),
        ("支出表", ("21402",), "project"): (("修路",),),
    }
