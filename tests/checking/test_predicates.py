"""The rules that are no equations: what they say, of which cell, how often, and what they leave alone."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

import xltool
from tests import CASE_FILES, TEMPLATES
from tests.budgets import PINGSHAN, QINGLONG, key, published, template
from xltool.checking.predicates.texts.indicator_direction import is_doubtful
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.equations.intervals import Interval, around, half_up, is_possible, quotient
from xltool.layout.book import Book
from xltool.library import load_template
from xltool.model import FactKey, Finding, Severity, Value, Verdict
from xltool.report.rule_words import explain
from xltool.template.loader import templates_folder
from xltool.template.spec import Template
from xltool.template.word_lists import empty_notes, is_vague, says_empty

FOLDER = TEMPLATES
INDICATORS = list(csv.DictReader((CASE_FILES / "indicators.csv").read_text(encoding="utf-8").splitlines()))
"""The indicators of seven projects as published, descriptions in short words of our own."""

CENT, BASIS_POINT = Decimal("0.01"), Decimal("0.0001")


@cache
def example() -> Template:
    return load_template("规则示例-2025", FOLDER)


def words(data: str, kind: str = "example") -> list[dict[str, Any]]:
    """The examples in a file of words."""
    examples: list[dict[str, Any]] = tomli.loads((templates_folder() / data).read_text(encoding="utf-8"))[kind]
    return examples


def facts(*cells: tuple[str, str, str, str]) -> dict[FactKey, Value]:
    """Table, row, column and value; what looks like a number is one."""
    return {key(table, row, column): _value(text) for table, row, column, text in cells}


def _value(text: str) -> Value:
    return Decimal(text) if text.replace(".", "", 1).removeprefix("-").isdecimal() else text


def told(given_facts: dict[FactKey, Value], rule: str, spec: Template | None = None) -> list[Finding]:
    """The findings of one rule in a workbook that holds these facts."""
    spec = spec or example()
    book = fill(spec, given_facts, spec.department, spec.year, spec.amount_unit)
    findings = check(Book(book.layout, dict(book.values), live=book.live, is_ours=True)).findings
    return [finding for finding in findings if finding.rule == rule]


def said(findings: list[Finding]) -> list[str]:
    return [finding.message.splitlines()[0] for finding in findings]


def where(finding: Finding) -> str:
    return f"{finding.cell.sheet}!{finding.cell.a1}" if finding.cell else ""


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
    name = str(FOLDER / "规则示例-2025")
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


# ── shares and rates ──────────────────────────────────────────────────────────


def rated(budget: str, spent: str, rate: str) -> list[Finding]:
    cells = {"预算金额/合计": budget, "实际支出/合计": spent, "执行率": rate}
    return told(facts(*[("自评表", "接访", column, value) for column, value in cells.items()]), "R01")


@pytest.mark.parametrize(
    ("budget", "spent", "rate"),
    [
        ("91.66", "89.94", "0.9813"),
        ("50.36", "49.86", "0.9901"),
        ("129.22", "125.64", "0.9723"),
        ("34.26", "32.51", "0.9488"),
        ("162.33", "159.19", "0.9806"),
        ("6.76", "6.01", "0.8891"),
    ],
)
def test_the_published_rates_of_longgang_are_possible(budget: str, spent: str, rate: str) -> None:
    """9488 and 9806 are no rounding of the printed quotient, but of one that prints the same amounts."""
    assert rated(budget, spent, rate) == []


def test_a_rate_that_no_rounding_explains_is_told_with_the_right_one() -> None:
    assert said(rated("91.66", "89.94", "0.982")) == [
        "“接访”执行率（D5） 98.20% 应为 98.12%：“接访”合计（C5） 89.94 ÷ “接访”合计（B5） 91.66（已考虑四舍五入）。"
    ]


def test_a_rate_without_a_budget_is_left_alone() -> None:
    assert rated("0", "5", "1") == []


def test_growth_over_nothing_is_a_dash() -> None:
    cells = {"本年数": "121.67", "上年数": "0", "增减率": "1"}
    (finding,) = told(facts(*[("增减表", "公务接待费", column, value) for column, value in cells.items()]), "Y02")
    assert said([finding]) == [
        "“公务接待费”增减率（D4） 100.0% 应填“—”：“公务接待费”上年数（C4） 是 0.00，没有增减率可算。"
    ]


def test_a_wrong_rate_of_growth_is_told_with_the_right_one() -> None:
    cells = {"预算数/本年": "9.5", "预算数/上年": "9", "增减幅度": "5.9%"}
    (finding,) = told(facts(*[("增减说明表", "公务接待费", column, value) for column, value in cells.items()]), "Y02.1")
    assert said([finding]) == [
        "“公务接待费”增减幅度（D5） “5.9%” 应为 5.6%："
        "（“公务接待费”本年（B5） 9.50 － “公务接待费”上年（C5） 9.00） ÷ 9.00。"
    ]


def test_percentages_with_more_decimals_than_printed_are_told_once_a_column() -> None:
    budget = facts(
        *[("自评表", name, "执行率", rate) for name, rate in (("甲", "0.98125"), ("乙", "0.9"), ("丙", "0.333333"))]
    )
    (finding,) = told(budget, "R02")
    assert said([finding]) == ["“甲”执行率（D5） 98.125%等 2 处的小数位数比本栏多，本栏印 2 位小数。"]
    assert [related.cell.a1 for related in finding.places] == ["D7"]


def test_a_share_out_of_range_is_told() -> None:
    (finding,) = told(facts(("自评表", "甲", "执行率", "98.13")), "R03")
    assert said([finding]) == ["“甲”执行率（D5） 9,813.00% 应在 0% 与 100% 之间。"]


def test_a_plan_that_falls_and_ends_early_is_one_finding() -> None:
    cells = {"3月底": "0.5", "6月底": "0.25", "12月底": "0.9"}
    (finding,) = told(
        facts(*[("项目绩效目标表", f"接访/{field}", "内容", value) for field, value in cells.items()]), "A13"
    )
    assert "小于前一期 50%；" in finding.message
    assert "90% 应为 100%。" in finding.message


@given(
    st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, 2 * whole), st.just(whole))),
    st.sampled_from([CENT, Decimal(1)]),
)
def test_an_honest_rate_of_hidden_amounts_is_always_possible(amounts: tuple[int, int], unit: Decimal) -> None:
    part, whole = (Fraction(amount, 10**4) for amount in amounts)
    printed_part, printed_whole = half_up(part, unit), half_up(whole, unit)
    hidden = quotient(around(printed_part, unit), around(printed_whole, unit))
    if hidden is not None:
        assert is_possible(half_up(part / whole, BASIS_POINT), BASIS_POINT, hidden)


def test_exact_amounts_have_one_rate() -> None:
    exactly = quotient(around(Decimal(1), Decimal(0)), around(Decimal(8), Decimal(0)))
    assert exactly == Interval(Fraction(1, 8), Fraction(1, 8))
    assert [n for n in range(10, 15) if is_possible(Decimal(n) / 100, CENT, exactly)] == [13]


@pytest.mark.parametrize(("value", "rounded"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.1249", "0.12"), ("7", "7")])
def test_halves_are_rounded_away_from_zero(value: str, rounded: str) -> None:
    assert half_up(Fraction(value), CENT) == Decimal(rounded)


# ── indicators ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("case", words("indicator-words.toml"), ids=lambda case: f"{case['name']}{case['target']}")
def test_an_example_of_the_word_list_is_judged_as_it_says(case: dict[str, Any]) -> None:
    assert is_doubtful(case["name"], case.get("text", ""), case["target"]) is case["doubtful"]


@pytest.mark.parametrize("case", INDICATORS, ids=lambda case: f"{case['form']} {case['name']}{case['target']}")
def test_only_published_indicators_that_contradict_themselves_are_doubted(case: dict[str, str]) -> None:
    assert is_doubtful(case["name"], case["text"], case["target"]) is bool(case["doubtful"])


def test_the_questions_about_seven_forms() -> None:
    """Each question once, with the number of its cells; what was asked about is not compared again."""
    budget: dict[FactKey, Value] = {}
    for line in INDICATORS:
        row = f"项目{line['form']}/产出指标/质量指标/{line['name']}"
        budget |= facts(
            ("项目绩效目标表", row, "指标值", line["target"]), ("项目绩效目标表", row, "指标描述", line["text"])
        )
    found = told(budget, "R04")
    assert {finding.verdict for finding in found} == {Verdict.FAIL}
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert [text.split("：")[0] for text in said(found)] == [
        "指标“提高息诉息访率”的目标值是“≤10%”（E13）",
        "指标“接待率”的目标值是“≤99%”（E14）",
        "指标“上访案件问题处理率”的目标值是“≤95%”（E9）等 2 处",
        "指标“信访事项按期结案率”的目标值是“≤90%”（E11）",
        "指标“维护社会和谐稳定”的目标值是“≤20%”（E15）等 2 处",
        "同一个指标“接访次数”有 4 个目标值",
        "同一个指标“租车费用”有 2 个目标值",
    ]
    assert "这个指标一般越高越好，是否应为“≥”？" in found[1].message
    assert said(found)[-1] == (
        "同一个指标“租车费用”有 2 个目标值：“项目4”写“400元”（E12），“项目6”写“≤4000元/次”（绩效6!E13），是否应一致？"
    )


def test_a_project_with_braces_in_its_name_is_told_by_its_name() -> None:
    given_facts = facts(("项目支出表", "{what}{0}", "金额", "-5"))
    assert said(told(given_facts, "A15")) == ["“{what}{0}”金额（B5）是负数 -5.00。"]


# ── words ─────────────────────────────────────────────────────────────────────


def test_every_predicate_is_explained_with_its_columns() -> None:
    spec = example()
    texts = {rule.id: explain(spec, rule) for rule in spec.rules.values() if rule.predicate}
    assert not [rule for rule, text in texts.items() if "{" in text]
    assert "自评表的“执行率”＝“实际支出/合计”÷“预算金额/合计”。" in texts["R01"]
    assert "89.94 ÷ 91.66 可以是 98.13%，不可以是 98.20%" in texts["R01"]
    assert "项目绩效目标表的“3月底”、“6月底”、“10月底”、“12月底”逐期不减少" in texts["A13"]
    assert "合计        （没有这一行）" in texts["S05.2"]


@pytest.mark.parametrize("case", words("indicator-words.toml", "target"), ids=lambda case: case["text"])
def test_a_target_can_be_measured(case: dict[str, Any]) -> None:
    assert is_vague(case["text"]) is not case["measurable"]


def test_targets_that_are_blank_or_vague_are_told_once_each() -> None:
    indicators = [("甲率", "≥9%"), ("乙率", "逐步提高"), ("丙率", "及时"), ("丁率", ""), ("戊率", "")]
    budget = facts(
        *[("项目绩效目标表", f"接访/产出/质量/{name}", "指标描述", "描述") for name, _ in indicators],
        *[("项目绩效目标表", f"接访/产出/质量/{name}", "指标值", text) for name, text in indicators if text],
        ("项目绩效目标表", "培训/产出/质量/己率", "指标描述", "还没有填的一张"),
    )
    assert said(told(budget, "R07")) == [
        "指标“丁率”（E10）等 2 个指标的目标值是空白的，应填可以衡量的数量、比例或等次。",
        "指标“乙率”（E8）等 2 个指标的目标值“逐步提高”、“及时”不能衡量，最好改成数量、比例或等次。",
    ]


def test_a_price_may_be_rounded_and_a_number_is_exact() -> None:
    """30 x 0.02 is anything from 0.45 to 0.75; 30 x 0.02 is not 0.76."""

    def bought(amount: str, price: str = "0.02") -> list[Finding]:
        row = "接访经费/复印纸"
        budget = facts(
            ("部门政府采购预算", row, "政府采购项目来源/预算资金", "9"),
            ("部门政府采购预算", row, "数量", "30"),
            ("部门政府采购预算", row, "单价", price),
            ("部门政府采购预算", row, "政府采购金额/一般公共预算拨款", amount),
        )
        return told(budget, "A18", template(QINGLONG))

    assert bought("0.45") == bought("0.6") == bought("0.75") == []
    (finding,) = bought("0.76")
    assert said([finding]) == [
        "“接访经费·复印纸”合计（H5） 0.76 应为 0.60："
        "“接访经费·复印纸”数量（F5） 30 × “接访经费·复印纸”单价（G5） 0.02（已考虑四舍五入）。"
    ]
    (finding,) = bought("0.6", price="200")
    assert finding.notes == ("“单价”像是按元填的。",)


def test_a_code_of_two_projects_is_told_at_the_second() -> None:
    forms = [("接访经费", "P01"), ("救助经费", "P02"), ("救助经费#2", "P 01")]
    budget = facts(*[("项目绩效目标表", f"{name}/项目编码", "内容", code) for name, code in forms])
    (finding,) = told(budget, "S10", template(QINGLONG))
    assert said([finding]) == [
        "“接访经费”（项目绩效目标表1!B3）、“救助经费”（B3）的编码都是 P 01，一个编码只能用于一个项目。"
    ]
    assert where(finding) == "项目绩效目标表3!B3"
