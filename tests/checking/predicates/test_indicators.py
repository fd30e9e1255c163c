"""Indicators of performance: which contradict themselves, which differ, and whose targets cannot be measured."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from tests import CASE_FILES
from tests.checking.predicates.examples import facts, said, told, words
from xltool.checking.predicates.texts.indicator_direction import is_doubtful
from xltool.model import FactKey, Severity, Value, Verdict
from xltool.template.word_lists import is_vague

INDICATORS = list(csv.DictReader((CASE_FILES / "indicators.csv").read_text(encoding="utf-8").splitlines()))
"""The indicators of seven projects as published, descriptions in short words of our own."""


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
