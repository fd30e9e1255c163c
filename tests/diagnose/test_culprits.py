"""Mistakes in published budgets: one finding, at the cell to correct, with the value it should have."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests import budgets
from tests.budgets import LONGGANG, PINGSHAN, QINGLONG, SHENZHEN
from xltool.model import Finding, Severity

Typed = dict[str, float | None]
"""What is typed into cells of one sheet."""

FUNCTIONS = "表7一般公共预算支出表（功能）"


def caused(name: str, sheet: str, typed: Typed, folder: Path, is_pasted: bool = True) -> list[Finding]:
    """The errors and warnings of an edited budget that the published one has not."""
    path = budgets.filled(name, folder)
    workbook = budgets.pasted(path) if is_pasted else budgets.opened(path)
    before = {(finding.rule, finding.cell) for finding in xltool.check(budgets.reread(workbook, folder)).findings}
    for address, value in typed.items():
        workbook[sheet][address] = value
    found = xltool.check(budgets.reread(workbook, folder)).findings
    return [f for f in found if f.severity is not Severity.REMARK and (f.rule, f.cell) not in before]


def certain(finding: Finding) -> dict[str, Decimal | str | None]:
    """The cells that are certainly wrong, with the values they should have."""
    (explanation,) = finding.explanations
    return {culprit.cell.a1: culprit.proposed for culprit in explanation.culprits if culprit.cell is not None}


@pytest.mark.parametrize("is_pasted", [True, False], ids=["pasted", "live"])
@pytest.mark.parametrize(
    ("name", "sheet", "typed", "right", "told"),
    [
        (PINGSHAN, FUNCTIONS, {"D21": 5.9}, {"D21": "59"}, "D21 应为 59，现为 5.9：像是小数点错位。"),
        (QINGLONG, "收入总表", {"F20": None}, {"F20": "7.17"}, "F20 应为 7.17，现为空白：像是漏填了。"),
        (
            QINGLONG,
            "一般公共预算支出表",
            {"E9": -143.57},
            {"E9": "143.57"},
            "E9 应为 143.57，现为 -143.57：像是正负号填反了。",
        ),
        (
            QINGLONG,
            "收入总表",
            {"F10": 106, "F11": 8},
            {"F10": "8", "F11": "106"},
            "F10 与 F11 的数像是填反了：F10 应为 8.00，F11 应为 106.00。",
        ),
    ],
    ids=["decimal point", "blank", "sign", "swapped"],
)
def test_a_mistake_is_one_finding_at_its_cell(
    name: str, sheet: str, typed: Typed, right: dict[str, str], told: str, is_pasted: bool, tmp_path: Path
) -> None:
    (finding,) = caused(name, sheet, typed, tmp_path, is_pasted)
    assert finding.cell is not None and finding.cell.a1 == next(iter(typed))
    assert certain(finding) == {address: Decimal(value) for address, value in right.items()}
    assert finding.message.startswith(told)


def test_one_failing_equation_is_enough_where_a_cell_looks_like_a_slip(tmp_path: Path) -> None:
    (finding,) = caused(QINGLONG, "项目绩效目标表6", {"E4": 20.30}, tmp_path)
    assert certain(finding) == {"E4": Decimal("20.03")}


def test_a_cell_that_others_speak_for_is_not_accused(tmp_path: Path) -> None:
    """H9 of the same column is in two equations that hold."""
    (finding,) = caused(SHENZHEN, "表2收入预算总表", {"H8": 18}, tmp_path)
    assert "H9" not in certain(finding)


def test_what_was_wrong_before_does_not_hide_another_mistake(tmp_path: Path) -> None:
    """The published 绩效目标表 of 龙岗 disagrees with the others by 18.55."""
    (finding,) = caused(LONGGANG, FUNCTIONS, {"F6": 1370}, tmp_path)
    assert certain(finding) == {"F6": Decimal(1310)}


def test_each_of_two_mistakes_is_told_though_the_same_sums_show_both(tmp_path: Path) -> None:
    """The total of a column and one of its parts."""
    typed: Typed = {"F5": 112.9, "F28": 2280}
    found = caused(PINGSHAN, "表8一般公共预算支出表（经济）", typed, tmp_path, is_pasted=False)
    assert {} | certain(found[0]) | certain(found[1]) == {"F5": Decimal(1129), "F28": Decimal(228)}
    assert any("和别处的错" in note for finding in found for note in finding.notes)


def test_a_mistake_is_told_beside_tables_that_differ_for_no_known_reason(tmp_path: Path) -> None:
    """The 18.55 by which the published 绩效目标表 of 龙岗 differs is hidden in no other figure."""
    typed: Typed = {"E8": 6039.3}
    found = caused(LONGGANG, "表14整体支出绩效目标表", typed, tmp_path, is_pasted=False)
    assert [certain(finding) for finding in found if finding.explanations] == [{"E8": Decimal("603.93")}]


def test_a_total_that_is_a_sum_only_by_mistake_is_not_called_one(tmp_path: Path) -> None:
    """F19 of 青龙 was rounded by itself; with F20 a last digit off it is the sum of its parts."""
    found = caused(QINGLONG, "收入总表", {"F20": 7.16}, tmp_path, is_pasted=False)
    assert [certain(finding) for finding in found] == [{"F20": Decimal("7.17")}]


def test_a_blank_total_is_told_with_the_sum_of_its_parts_as_they_should_be(tmp_path: Path) -> None:
    typed: Typed = {"E13": None, "E15": 177600}
    found = caused(QINGLONG, "支出总表", typed, tmp_path, is_pasted=False)
    assert {"E13": Decimal("22.00")} in [certain(finding) for finding in found if finding.rule == "A07"]


def test_both_cells_that_were_swapped_are_marked(tmp_path: Path) -> None:
    workbook = budgets.pasted(budgets.filled(QINGLONG, tmp_path))
    workbook["收入总表"]["F10"], workbook["收入总表"]["F11"] = 106, 8
    workbook.save(tmp_path / "改过.xlsx")
    found = xltool.check(xltool.read(tmp_path / "改过.xlsx")).findings
    swapped = [finding for finding in found if finding.cell is not None and finding.cell.sheet == "收入总表"]
    assert xltool.annotate(tmp_path / "改过.xlsx", swapped, tmp_path / "标注.xlsx").cells == 2


def test_a_blank_total_is_told_with_the_figure_that_other_tables_print(tmp_path: Path) -> None:
    """Its parts add up to 185.82; rounding explains the 185.81 that stands elsewhere."""
    (finding,) = caused(QINGLONG, "一般公共预算基本支出表", {"D6": None}, tmp_path)
    assert (finding.rule, certain(finding)) == ("A07", {"D6": Decimal("185.81")})


def test_what_was_copied_from_the_year_before_is_told_so(tmp_path: Path) -> None:
    (finding,) = caused(PINGSHAN, "表9三公经费支出表", {"C7": 4.6}, tmp_path)
    assert finding.message.startswith("C7 应在 6.09 至 6.11 之间，现为 4.60：像是填成了上年的数。")


def test_where_several_cells_may_be_wrong_each_is_named_once(tmp_path: Path) -> None:
    """D9 is 0: 9 would do, and 8 within rounding; or the 387 of B9 was typed with its digits turned round."""
    (finding,) = caused(SHENZHEN, "表15-2", {"B9": 378}, tmp_path, is_pasted=False)
    cells = [culprit.cell for explanation in finding.explanations for culprit in explanation.culprits]
    assert len(cells) > 1 and len(cells) == len(set(cells))


def test_an_amount_in_a_row_without_a_name_is_not_put_into_another_row(tmp_path: Path) -> None:
    """The 143.57 of row 9 count nowhere; E10, which is rightly blank, would mend the sum as well."""
    found = caused(QINGLONG, "一般公共预算支出表", {"A9": None, "B9": None, "C9": None}, tmp_path, is_pasted=False)
    assert found[0].rule == "S03" and not any(finding.explanations for finding in found)


def test_a_project_that_may_have_another_name_elsewhere_is_not_told_as_a_stray_figure(tmp_path: Path) -> None:
    """深圳 2020: 表13 has 政府投资建设项目, 表5 政府投资项目建设, both 18."""
    found = xltool.check(xltool.read(budgets.filled(SHENZHEN, tmp_path))).findings
    (finding,) = [one for one in found if one.rule == "X14.2" and one.key and one.key.table == "绩效管理项目情况表"]
    assert finding.lead == "可能是 两张表写的项目名称不同，或 另一张表缺少这一行。"
    assert not any(explanation.culprits for explanation in finding.explanations)
