"""The parts of drafting: names made of what is printed, ordinals, and what numbers say of sums."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests import CASE_FILES
from xltool import api
from xltool.drafting import words
from xltool.drafting.evidence import Weight, judged, without_circles
from xltool.drafting.spec import DraftBlock, DraftRow, DraftTable, Evidence

IDENTIFIERS = CASE_FILES / "identifiers.csv"
HEADS = words.Heads("某市信访局", 2025, "万元")

with IDENTIFIERS.open(encoding="utf-8", newline="") as file:
    CASES = [tuple(line.values()) for line in csv.DictReader(file)]


@pytest.mark.parametrize(("text", "name", "why"), CASES)
def test_ids_are_what_is_printed_without_decorations(text: str, name: str, why: str) -> None:
    assert words.dated_identifier(text, HEADS) == name, why


@pytest.mark.parametrize(
    ("text", "level", "number"),
    [
        ("一、收入", 1, 1),
        ("十、收入", 1, 10),
        ("二十一、粮油", 1, 21),
        ("三十、其他", 1, 30),
        ("（二）款", 2, 2),
        ("3.其他", 3, 3),
        ("(4)其他", 4, 4),
        ("1.5万元", 0, 0),
        ("本年收入合计", 0, 0),
    ],
)
def test_ordinals_have_a_level_and_a_number(text: str, level: int, number: int) -> None:
    assert words.ordinal(text) == (level, number)


@pytest.mark.parametrize(
    ("text", "drafted"),
    [
        ("2025年预算数", "{year}年预算数"),
        ("2024年", "{last_year}年"),
        ("预算年度：2025", "预算年度：{year}"),
        ("单位：万元", "单位：{amount_unit}"),
        ("预算金额（万元）", "预算金额（{amount_unit}）"),
        ("单位：元", "单位：元"),
        ("部门名称：某市信访局", "部门名称：{department}"),
        ("2023年以前的结转", "2023年以前的结转"),
    ],
)
def test_what_changes_every_year_becomes_a_placeholder(text: str, drafted: str) -> None:
    assert HEADS.template_text(text) == drafted


@pytest.mark.parametrize(
    ("fitting", "failing", "telling", "named", "evidence"),
    [
        (3, 0, 3, True, Evidence.NUMBERS),
        (1, 0, 0, True, Evidence.NUMBERS),
        (8, 1, 8, True, Evidence.NUMBERS_WITH_EXCEPTIONS),
        (1, 1, 1, True, Evidence.NUMBERS_WITH_EXCEPTIONS),
        (1, 2, 1, True, None),
        (0, 1, 0, True, None),
        (3, 0, 3, False, Evidence.NUMBERS),
        (5, 0, 1, False, None),
        (8, 1, 8, False, None),
    ],
    ids=[
        "all agree",
        "one agrees",
        "one mistake in nine",
        "as many mistakes as sums",
        "more mistakes than sums",
        "none agrees",
        "no total by name, but several sums of several numbers",
        "no total by name, equal to one number only",
        "no total by name, and a mistake",
    ],
)
def test_numbers_are_believed_as_far_as_the_name_supports_them(
    fitting: int, failing: int, telling: int, named: bool, evidence: Evidence | None
) -> None:
    assert judged(Weight(fitting, failing, telling), named) is evidence


def test_of_totals_that_add_up_each_other_the_stronger_one_stays() -> None:
    sums = {"合计": ["甲", "小计"], "小计": ["合计"], "甲": ["乙"]}
    assert without_circles(sums, ["合计", "小计", "甲"]) == {"合计", "甲"}
    assert without_circles(sums, ["小计", "合计", "甲"]) == {"小计", "甲"}


def drafted_rows(
    rows: Sequence[tuple[object, ...]], folder: Path, headings: tuple[str, ...] = ("项目", "金额")
) -> dict[str, DraftRow]:
    """The rows drafted from a table of labels and amounts (formulas begin with "=")."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for line in [("收支表", None), headings, *rows]:
        sheet.append(line)
    workbook.save(folder / "表.xlsx")
    (table,) = api.draft(folder / "表.xlsx", folder / "模板").tables
    return {row.id: row for row, _ in _block(table).all_rows()}


def test_numbers_typed_as_texts_are_amounts_unless_the_heading_says_text(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    lines = [("支出表",), ("支出项目", "基本支出", "项目支出", "批准文件编号"), ("甲", "1,234.50", "-", "2024.1")]
    for line in (*lines, ("乙", "无", "1,000.00", "2024.2"), ("丙", "3.00", "2.00", "见附件")):
        sheet.append(line)
    workbook.save(tmp_path / "表.xlsx")
    (table,) = api.draft(tmp_path / "表.xlsx", tmp_path / "模板").tables
    assert [column.kind for column in _block(table).columns] == ["label", "amount", "amount", "text"]


def test_shares_of_change_may_be_negative(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for line in [("支出表",), ("支出项目", "预算数", "增减比例", "完成比例"), ("甲", 9, -0.05, 0.5), ("乙", 8, 0.1, 1)]:
        sheet.append(line)
    for row in sheet.iter_rows(min_row=3, min_col=3):
        for cell in row:
            cell.number_format = "0%"
    workbook.save(tmp_path / "表.xlsx")
    (table,) = api.draft(tmp_path / "表.xlsx", tmp_path / "模板").tables
    told = [(column.kind, column.negative) for column in _block(table).columns[1:]]
    assert told == [("amount", False), ("percent", True), ("percent", False)]


@pytest.mark.parametrize(
    ("heading", "numbers", "kind"),
    [
        ("比上年增减（%）", (0.05, -0.02), "percent"),
        ("比上年增减（%）", (5.2, -2), "number"),
        ("比上年增减（%）", (None, None), "number"),
        ("执行率", (0.98, 1), "percent"),
        ("执行率", (98, 100), "number"),
        ("执行率", (None, None), "percent"),
        ("人均公用经费", (1.5, 2), "amount"),
    ],
)
def test_shares_without_their_format_are_known_by_their_numbers(
    heading: str, numbers: tuple[float | None, ...], kind: str, tmp_path: Path
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for line in [("支出表",), ("支出项目", "预算数", heading), ("甲", 9, numbers[0]), ("乙", 8, numbers[1])]:
        sheet.append(line)
    workbook.save(tmp_path / "表.xlsx")
    (table,) = api.draft(tmp_path / "表.xlsx", tmp_path / "模板").tables
    assert _block(table).columns[-1].kind == kind


def _block(table: DraftTable) -> DraftBlock:
    (block,) = table.blocks
    return block


def sum_of(row: DraftRow) -> tuple[tuple[str, ...], Evidence] | None:
    return None if row.sum is None else (row.sum.parts, row.sum.evidence)


def test_rows_that_the_draft_cannot_tell_apart_are_told(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(("项目绩效目标表",))
    sheet.append(("项目名称", "一级指标", "二级指标", "三级指标", "指标值"))
    for project in ("接访", "培训", "宣传"):
        sheet.append((project, "产出指标", "数量指标", f"{project}次数", "12次"))
        sheet.append((project, "效益指标", "社会效益", "群众满意度", "≥95%"))
    workbook.save(tmp_path / "表.xlsx")
    told = [doubt for doubt in api.draft(tmp_path / "表.xlsx", tmp_path / "模板").doubts if "读不出来" in doubt]
    assert [doubt.partition("照")[0] for doubt in told] == ["项目绩效目标表：第 6、8 行"]


def test_formulas_say_what_a_total_adds_up(tmp_path: Path) -> None:
    rows = drafted_rows([("甲", 1), ("乙", 2), ("丙", 3), ("合计", "=B3+B5")], tmp_path)
    assert sum_of(rows["合计"]) == (("甲", "丙"), Evidence.FORMULA)


def test_formula_that_subtracts(tmp_path: Path) -> None:
    rows = drafted_rows([("收入", 9), ("支出", 2), ("结余", "=B3-B4")], tmp_path)
    assert sum_of(rows["结余"]) == (("收入", "-支出"), Evidence.FORMULA)


def test_numbers_choose_between_the_rows_above_and_those_below(tmp_path: Path) -> None:
    above = drafted_rows([("甲", 1), ("乙", 2), ("合计", 3), ("其他", 7)], tmp_path)
    assert sum_of(above["合计"]) == (("甲", "乙"), Evidence.NUMBERS)
    (tmp_path / "下").mkdir()
    below = drafted_rows([("合计", 3), ("甲", 1), ("乙", 2)], tmp_path / "下")
    assert sum_of(below["合计"]) == (("甲", "乙"), Evidence.NUMBERS)


def test_a_total_that_no_sum_explains_is_left_to_the_author(tmp_path: Path) -> None:
    rows = drafted_rows([("甲", 1), ("乙", 2), ("合计", 8)], tmp_path)
    assert sum_of(rows["合计"]) is None


@pytest.mark.parametrize("total", [43.26, 34.62, 342.6, -34.26, 34.26])
def test_a_total_that_only_a_slip_keeps_from_adding_up_is_the_sum(total: float, tmp_path: Path) -> None:
    rows = drafted_rows([("一、甲", 21.05), ("二、乙", 13.21), ("合计", total)], tmp_path)
    evidence = Evidence.NUMBERS if total == 34.26 else Evidence.NUMBERS_BUT_FOR_A_SLIP
    assert sum_of(rows["合计"]) == (("甲", "乙"), evidence)


def test_the_only_total_of_subjects_is_meant_to_add_them_up(tmp_path: Path) -> None:
    lines = [("201", "一般公共服务支出", 5), ("20103", "政府办公厅", 5), ("208", "社会保障和就业支出", 2)]
    rows = drafted_rows([*lines, (None, "合计", 8)], tmp_path, ("科目编码", "科目名称", "金额"))
    assert sum_of(rows["合计"]) == (("function",), Evidence.NAMES)


def test_rows_that_happen_to_add_up_are_no_total(tmp_path: Path) -> None:
    rows = drafted_rows([("甲", 1), ("乙", 2), ("丙", 3)], tmp_path)
    assert [row.sum for row in rows.values()] == [None, None, None]


def test_totals_above_and_below_the_lines_keep_apart(tmp_path: Path) -> None:
    lines = [("201", "一般公共服务支出", 5), ("20103", "政府办公厅", 5), ("2010301", "行政运行", 5)]
    rows = drafted_rows([(None, "合计", 5), *lines, (None, "合计", 5)], tmp_path, ("科目编码", "科目名称", "金额"))
    assert [(name, row.label) for name, row in rows.items() if not row.each] == [("合计", "合计"), ("合计2", "合计")]


def test_lines_set_off_or_summed_stand_below_the_line_above(tmp_path: Path) -> None:
    rows = drafted_rows(
        [
            *(("一、拨款", 3), ("　　一般", 1), ("　　基金", 2)),
            *(("二、事业", 4), ("其中：经营", 1), ("其他", 3)),
            *(("结转", "=SUM(B10:B11)"), ("一般结转", 5), ("其他结转", 6)),
        ],
        tmp_path,
    )
    assert {name: [below.id for below in row.rows] for name, row in rows.items() if row.rows} == {
        "拨款": ["一般", "基金"],
        "事业": ["经营", "其他"],
        "结转": ["一般结转", "其他结转"],
    }
