"""What stands above and below the tables: years, names of units, placeholders, notes; as officers leave them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

import xltool
from tests import budgets
from tests.budgets import PINGSHAN, QINGLONG, SHENZHEN
from tests.checking.predicates.examples import words
from xltool.model import Finding, Role
from xltool.template.names import normal
from xltool.template.printed import year_in
from xltool.template.word_lists import placeholders

Make = Callable[[str, Path], Workbook]


def _ours(name: str, folder: Path) -> Workbook:
    return budgets.opened(budgets.filled(name, folder))


@pytest.fixture(params=[_ours, budgets.foreign], ids=["ours", "pasted"])
def make(request: pytest.FixtureRequest) -> Make:
    """A published budget as a workbook of ours, or pasted into one of another program."""
    made: Make = request.param
    return made


def told(workbook: Workbook, folder: Path, *rules: str) -> list[Finding]:
    """What the rules say of an edited workbook."""
    return [finding for finding in xltool.check(budgets.reread(workbook, folder)).findings if finding.rule in rules]


def put(workbook: Workbook, before: str, after: str, *sheets: str) -> list[str]:
    """Write another text wherever one stands above the rows of some sheets, or of all; where that was."""
    found = []
    for sheet in [workbook[name] for name in sheets] or workbook.worksheets:
        for cell in (cell for row in sheet.iter_rows(max_row=12) for cell in row):
            if cell.value == before:
                cell.value = after
                found.append(f"{sheet.title}!{cell.coordinate}")
    assert found, before
    return found


@pytest.mark.parametrize("name", [QINGLONG, PINGSHAN, SHENZHEN])
def test_nothing_is_said_of_the_heads_of_published_budgets(name: str, make: Make, tmp_path: Path) -> None:
    assert told(make(name, tmp_path), tmp_path, "S06", "S07", "S08", "S09") == []


def test_the_year_of_the_first_table_alone_is_not_that_of_the_workbook(make: Make, tmp_path: Path) -> None:
    workbook = make(QINGLONG, tmp_path)
    (at,) = put(workbook, "预算年度：2024", "预算年度：2023", "收支总表")
    (finding,) = told(workbook, tmp_path, "S06")
    assert finding.cell is not None and finding.cell.in_book == at
    assert str(finding.statement) == "“预算年度：2023”（C2）写的年度与本工作簿 2024 年不符，请核对。"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("预算年度：2024", "2023年"),
        ("预算年度：2024", "（２０２３年度）"),
        ("预算年度：2024", "预算年度：二〇二三年"),
        ("部门预算支出总表", "某部门2023年部门预算支出总表"),
        ("部门预算支出总表", "二○二三年部门预算支出总表（公开）"),
    ],
)
def test_another_year_is_told_however_it_is_written(before: str, after: str, make: Make, tmp_path: Path) -> None:
    workbook = make(QINGLONG, tmp_path)
    (at,) = put(workbook, before, after, "支出总表")
    (finding,) = told(workbook, tmp_path, "S06")
    assert finding.cell is not None and finding.cell.in_book == at
    assert f"“{after}”（{finding.cell.a1}）写的年度与本工作簿 2024 年不符，请核对" in finding.message


def test_a_heading_is_no_name_where_nobody_wrote_that_of_the_unit(make: Make, tmp_path: Path) -> None:
    workbook = make(QINGLONG, tmp_path)
    for name in ("收支总表", "支出总表"):
        workbook[name]["A2"] = None
    assert told(workbook, tmp_path, "S07") == []


def test_a_workbook_of_last_year_with_another_year_typed_everywhere_is_told_once(tmp_path: Path) -> None:
    workbook = _ours(QINGLONG, tmp_path)
    places = put(workbook, "预算年度：2024", "预算年度：2025")
    (finding,) = told(workbook, tmp_path, "S06")
    assert [place.cell.in_book for place in finding.places if place.role is Role.ALIKE] == places[1:]


def test_a_heading_of_last_year_is_told_at_its_cell(make: Make, tmp_path: Path) -> None:
    workbook = make(PINGSHAN, tmp_path)
    put(workbook, "2023年预算数", "2022年预算数", "表1收支总表")
    (finding,) = told(workbook, tmp_path, "S06")
    assert "2022年预算数" in finding.message and "2023 年" in finding.message


def test_years_of_rows_that_were_swapped_are_told_as_that_and_nothing_is_made_of_them(
    make: Make, tmp_path: Path
) -> None:
    workbook = make(PINGSHAN, tmp_path)
    sheet = workbook["表9三公经费支出表"]
    sheet["B6"], sheet["B7"] = "2023年", "2022年"
    swapped, *undecided = told(workbook, tmp_path, "S06", "Y05")
    assert str(swapped.statement) == (
        "“2023年”（B6）排在“2022年”（B7）前面，应先列上年、后列本年：请看是年度写反了，还是两行的数填反了。"
    )
    assert [finding.reason for finding in undecided] == ["行的年度写反了，要先改正"]


def test_the_name_of_another_unit_is_told_and_a_short_name_is_not(make: Make, tmp_path: Path) -> None:
    workbook = make(SHENZHEN, tmp_path)
    workbook["表2收入预算总表"]["A3"] = "单位名称：市信访局"
    assert told(workbook, tmp_path, "S07") == []
    workbook["表3支出预算总表"]["A3"] = "单位名称：深圳市档案局"
    (finding,) = told(workbook, tmp_path, "S07")
    assert "“深圳市档案局”" in finding.message and "“深圳市信访局”" in finding.message
    assert finding.cell is not None and finding.cell.a1 == "A3"


def test_a_placeholder_in_several_tables_is_told_once(make: Make, tmp_path: Path) -> None:
    workbook = make(QINGLONG, tmp_path)
    workbook["收入总表"]["A2"] = "XX县信访局"
    workbook["支出总表"]["A2"] = "XX县信访局"
    (finding,) = told(workbook, tmp_path, "S08")
    assert "“XX县信访局”（A2）（还有 1 处，如 支出总表!A2）里的“XX”" in finding.message


def test_the_note_of_another_table_is_told(make: Make, tmp_path: Path) -> None:
    workbook = make(QINGLONG, tmp_path)
    sheet = workbook["国有资本经营支出表"]
    notes = [cell for row in sheet.iter_rows() for cell in row if "空表列示" in str(cell.value)]
    assert len(notes) == 1
    notes[0].value = "注：本单位无政府性基金预算拨款，空表列示。"
    (finding,) = told(workbook, tmp_path, "S09")
    assert "应说明“国有资本经营”" in finding.message


@pytest.mark.parametrize(
    ("note", "is_told"),
    [
        ("注：本部门没有政府性基金预算支出。", False),
        ("注：本表空格表示零。", False),
        ("注：本表为空表。", True),
        ("注：此表为空。", True),
        ("注：本表本年无数据", True),
    ],
)
def test_no_table_with_figures_is_said_to_be_empty(note: str, is_told: bool, tmp_path: Path) -> None:
    """A table that is never empty may have a note about others that are."""
    workbook = _ours(QINGLONG, tmp_path)
    sheet = workbook["支出总表"]
    sheet.cell(sheet.max_row + 1, 1).value = note
    assert ["但表里有数" in finding.message for finding in told(workbook, tmp_path, "A09")] == [True] * is_told


@pytest.mark.parametrize("case", words("placeholder-words.toml"), ids=lambda case: case["text"])
def test_a_text_was_left_to_be_filled_in(case: dict[str, str | bool]) -> None:
    assert bool(placeholders().search(normal(str(case["text"])))) is case["left"]


@pytest.mark.parametrize(
    ("printed_as", "text", "year"),
    [
        ("预算年度：{year}", "预算年度： 2023", 2023),
        ("预算年度：{year}", "预算年度：2023年度", 2023),
        ("{last_year}年", "２０２２年", 2023),
        ("截止时间：{last_year}-12-31", "截止时间：2023-12-31", 2024),
        ("{year}年（上年 {last_year} 年）", "2023年（上年2021年）", 2023),
        ("预算年度：{year}", "预算年度：", None),
        ("部门名称", "2023", None),
    ],
)
def test_a_text_says_the_year_of_the_workbook(printed_as: str, text: str, year: int | None) -> None:
    assert year_in(printed_as, text) == year
