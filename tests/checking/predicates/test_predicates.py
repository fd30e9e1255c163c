"""The rules that are no equations: what they say, of which cell, how often, and what they leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xltool
from tests import TEMPLATES
from tests.budgets import PINGSHAN, QINGLONG, key, published, template
from tests.checking.predicates.examples import example, facts, said, told, where, words
from xltool.model import Severity
from xltool.report.words.rules import explain
from xltool.template.word_lists import empty_notes, says_empty

# ── 科目 ─────────────────────────────────────────────────────────────────────


def test_projects_under_running_costs_are_told_row_by_row() -> None:
    budget = facts(
        ("支出总表", "甲局/2014001", "基本支出", "739.92"),
        ("支出总表", "甲局/2014001", "项目支出", "75.03"),
        ("支出总表", "甲局/2014002", "基本支出", "1"),
        ("支出总表", "甲局/2080501", "项目支出", "3"),
    )
    found = told(budget, "A16")
    assert said(found) == [
        "“2014001 行政运行”项目支出（F8） 75.03：行政运行一般只列基本支出。",
        "“2014002 一般行政管理事务”基本支出（E9） 1.00：一般行政管理事务一般只列项目支出。",
    ]
    assert {finding.severity for finding in found} == {Severity.WARNING}


def test_a_project_named_after_a_subject_that_has_no_projects_names_the_one_with_its_amount() -> None:
    """坪山 2023: 8 万元 under 行政运行, called after 2010399, which its tables do not have."""
    (finding,) = told(dict(published(PINGSHAN)), "X18", template(PINGSHAN))
    assert finding.key == key(
        "项目支出总表", "深圳市坪山区信访局/其他政府办公厅（室）及相关机构事务支出", "本年预算/总计"
    )
    assert finding.message.splitlines()[:2] == [
        "项目“其他政府办公厅（室）及相关机构事务支出”（B10） 8 与功能科目 2010399 同名，而这个科目没有项目支出。",
        "金额相同的是表3支出总表“2010301 行政运行”项目支出（F10） 8。",
    ]


def test_a_project_may_be_a_part_of_its_subject() -> None:
    budget = facts(
        ("项目支出表", "一般行政管理事务", "金额", "40"),
        ("项目支出表", "接访", "金额", "9"),
        ("支出总表", "甲局/2014002", "项目支出", "49"),
    )
    assert told(budget, "X18") == []


def test_projects_are_not_held_against_a_table_that_nobody_filled_in() -> None:
    assert told(facts(("项目支出表", "一般行政管理事务", "金额", "40")), "X18") == []


# ── units and names ───────────────────────────────────────────────────────────


def test_a_department_and_its_unit_of_one_name_are_told_once() -> None:
    (finding,) = told(dict(published(PINGSHAN)), "U04", template(PINGSHAN))
    assert where(finding) == "表2收入总表!A9"
    assert [related.cell.a1 for related in finding.places] == ["A8"]


def test_a_new_workbook_is_not_asked_about_names() -> None:
    spec = template(PINGSHAN)
    assert told({}, "U04", spec) == []


def test_a_unit_without_accounts_is_told_with_all_its_amounts() -> None:
    budget = facts(
        ("机构设置表", "来访接待中心", "核算形式", "事业单位，非独立核算"),
        ("支出总表", "来访接待中心/2014001", "基本支出", "5"),
        ("支出总表", "甲局/2014001", "基本支出", "7"),
    )
    (finding,) = told(budget, "U05")
    assert said([finding]) == [
        "“来访接待中心”是非独立核算单位（机构设置表!C3），不应有预算数：“2014001 行政运行”基本支出（E8） 5.00。"
    ]
    assert finding.severity is Severity.ERROR


def test_one_project_under_two_names_is_asked_about_once() -> None:
    """深圳 2020: 政府投资项目建设 in one table, 政府投资建设项目 in another; and a third table that agrees."""
    budget = facts(
        ("项目支出表", "政府投资项目建设", "金额", "18"),
        ("项目支出表", "大厅运行", "金额", "482"),
        ("绩效管理表", "政府投资建设项目", "预算金额", "18"),
        ("绩效管理表", "大厅运行", "预算金额", "482"),
        ("自评表", "政府投资建设项目", "预算金额/合计", "18"),
        ("自评表", "大厅运行", "预算金额/合计", "482"),
    )
    (finding,) = told(budget, "S04")
    assert said([finding]) == [
        "项目“政府投资建设项目”（B4）与“政府投资项目建设”（项目支出表!B5）金额都是 18，而名称不同，是不是同一个项目？"
    ]
    assert where(finding) == "绩效管理表!B4"


def test_projects_that_a_table_has_side_by_side_are_two() -> None:
    budget = facts(
        ("项目支出表", "大厅运行一期", "金额", "18"),
        ("绩效管理表", "大厅运行二期", "预算金额", "18"),
        ("自评表", "大厅运行一期", "预算金额/合计", "18"),
        ("自评表", "大厅运行二期", "预算金额/合计", "18"),
    )
    assert told(budget, "S04") == []


def test_of_several_names_that_differ_those_in_the_same_place_with_the_same_amount_may_be_one() -> None:
    """深圳 2020: 表15-7 has another name than 表5 for the last project, and the same amount."""
    names = [("接访", "5"), ("大厅运行", "18"), ("培训", "3"), ("宣传", "2"), ("购车", "7")]
    others = [("接访", "5"), ("日常管理", "18"), ("培训", "3"), ("会议", "4"), ("修缮", "9")]
    budget = facts(
        *[("项目支出表", name, "金额", amount) for name, amount in names],
        *[("绩效管理表", name, "预算金额", amount) for name, amount in others],
    )
    (finding,) = told(budget, "S04")
    assert said([finding]) == [
        "项目“日常管理”（B5）与“大厅运行”（项目支出表!B6）金额都是 18，而名称不同，是不是同一个项目？"
    ]
    twice = budget | facts(("项目支出表", "宣传", "金额", "18"))
    assert told(twice, "S04") == []


def test_the_name_on_a_form_is_compared_too() -> None:
    budget = facts(
        ("项目支出表", "接访劝返", "金额", "18"),
        ("项目绩效目标表", "劝返接访/预算数", "内容", "18"),
    )
    (finding,) = told(budget, "S04")
    assert where(finding).startswith("绩效1!")


def test_the_same_text_of_three_projects_is_one_finding() -> None:
    budget = facts(*[("自评表", name, "年初绩效目标", "做好信访维稳 ") for name in ("甲", "乙", "丙")])
    (finding,) = told(budget, "R06")
    assert said([finding]) == ["“甲”（E5）、“乙”（E6）、“丙”（E7）的“年初绩效目标”文字完全相同，是不是复制后没有改？"]


# ── tables ────────────────────────────────────────────────────────────────────


def test_a_total_row_that_was_deleted_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "预算.xlsx"
    name = str(TEMPLATES / "规则示例-2025")
    budget = facts(("项目支出表", "接访", "金额", "18"), ("项目支出表", "培训", "金额", "2"))
    xltool.fill(name, budget, path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["项目支出表"]
    (total,) = [cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == "合计"]
    sheet.delete_rows(total)
    workbook.save(path)
    findings = [f for f in xltool.check(xltool.read(path, name)).findings if f.rule == "S05.2"]
    assert said(findings) == ["“项目支出预算表”缺少“合计”行，下面各行的合计没有列出。"]


def test_one_row_needs_no_total() -> None:
    """坪山 2023 prints the only unit of 支出总表 without the row of the department above it."""
    assert told(facts(("绩效管理表", "甲", "预算金额", "5")), "S05") == []


def test_a_list_of_projects_without_a_total_is_told_by_its_length() -> None:
    budget = facts(*[("绩效管理表", name, "预算金额", "5") for name in ("甲", "乙", "丙")])
    assert said(told(budget, "S05")) == ["“绩效管理项目情况表”有 3 行金额，但没有合计行。"]


def test_no_assets_beside_running_costs_is_a_question() -> None:
    note = ("固定资产表", "注", "注", "注：无固定资产占用情况，空表列示。")
    (finding,) = told(facts(note, ("支出总表", "甲局/2014001", "基本支出", "27.11")), "W01")
    assert said([finding]) == [
        "“固定资产占用情况表”没有数，而支出总表“某市信访局”基本支出（E4）有 27.11，真的没有固定资产吗？"
    ]
    assert where(finding).startswith("固定资产表!")


@pytest.mark.parametrize("case", words("note-words.toml"), ids=lambda case: case["note"])
def test_a_note_says_that_its_table_is_empty(case: dict[str, Any]) -> None:
    assert any(pattern.search(case["note"]) for pattern in empty_notes()) is case["empty"]


@pytest.mark.parametrize("case", words("note-words.toml", "line"), ids=lambda case: case["text"])
def test_a_line_says_that_its_table_is_empty(case: dict[str, Any]) -> None:
    assert says_empty(case["text"]) is case["empty"]


def test_a_note_that_denies_the_figures_is_an_error() -> None:
    budget = facts(
        ("政府性基金支出表", "注", "注", "注：我局无政府性基金预算支出。"),
        ("政府性基金支出表", "2120801", "支出总计", "5"),
    )
    (finding,) = [finding for finding in told(budget, "A09") if finding.key and finding.key.table == "政府性基金支出表"]
    assert said([finding]) == ["“政府性基金预算支出表”的注说是空表，但表里有数 5.00（C4）。"]
    assert finding.severity is Severity.ERROR


def test_a_code_of_two_projects_is_told_at_the_second() -> None:
    forms = [("接访经费", "P01"), ("救助经费", "P02"), ("救助经费#2", "P 01")]
    budget = facts(*[("项目绩效目标表", f"{name}/项目编码", "内容", code) for name, code in forms])
    (finding,) = told(budget, "S10", template(QINGLONG))
    assert said([finding]) == [
        "“接访经费”（项目绩效目标表1!B3）、“救助经费”（B3）的编码都是 P 01，一个编码只能用于一个项目。"
    ]
    assert where(finding) == "项目绩效目标表3!B3"


def test_a_project_with_braces_in_its_name_is_told_by_its_name() -> None:
    given_facts = facts(("项目支出表", "{what}{0}", "金额", "-5"))
    assert said(told(given_facts, "A15")) == ["“{what}{0}”金额（B5）是负数 -5.00。"]


def test_every_predicate_is_explained_with_its_columns() -> None:
    spec = example()
    texts = {rule.id: explain(spec, rule) for rule in spec.rules.values() if rule.predicate}
    assert not [rule for rule, text in texts.items() if "{" in text]
    assert "自评表的“执行率”＝“实际支出/合计”÷“预算金额/合计”。" in texts["R01"]
    assert "89.94 ÷ 91.66 可以是 98.13%，不可以是 98.20%" in texts["R01"]
    assert "项目绩效目标表的“3月底”、“6月底”、“10月底”、“12月底”逐期不减少" in texts["A13"]
    assert "合计        （没有这一行）" in texts["S05.2"]
