"""A finding is kept as its parts; what is told of it is made from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import BUDGETS, SAMPLES
from tests.edited_budgets import findings, ours, pasted
from xltool import check, read
from xltool.model import Finding, Role, Severity, Statement, Verdict
from xltool.report.json import document

TEXTS = st.text("甲5{}what0:!\\%“", max_size=12)
SAYS = "{what} {found} 应等于 {expected}。"
FAULT = Finding("X01", "一条规则", Verdict.FAIL, Severity.ERROR, Statement(SAYS, "甲", "5", "4"))


@settings(max_examples=40)
@given(TEXTS, TEXTS, TEXTS)
def test_whatever_stands_in_a_part_is_told_as_it_is(what: str, found: str, expected: str) -> None:
    assert str(Statement(SAYS, what, found, expected)) == f"{what} {found} 应等于 {expected}。"


def test_what_is_told_is_led_in_noted_and_ends_with_the_hint() -> None:
    told = FAULT._replace(lead="请先核对乙。", notes=("丙也不符。", "丁也不符。"), hint="看是否漏填。")
    assert told.message.splitlines() == [
        "请先核对乙。",
        "甲 5 应等于 4。",
        "丙也不符。",
        "丁也不符。",
        "提示：看是否漏填。",
    ]


@pytest.mark.parametrize(
    ("verdict", "line"),
    [(Verdict.UNDECIDED, "表二尚未填写，暂不判断。"), (Verdict.ROUNDING, "表二尚未填写。")],
    ids=["undecided", "rounding"],
)
def test_a_reason_says_whether_the_verdict_waits(verdict: Verdict, line: str) -> None:
    told = FAULT._replace(verdict=verdict, reason="表二尚未填写")
    assert told.message.splitlines()[-1] == line


@pytest.mark.parametrize("name", BUDGETS)
def test_the_parts_of_what_a_published_budget_is_told_need_no_workbook(name: str) -> None:
    """As JSON has them; the sentence itself holds nothing but words of ours."""
    report = check(read(SAMPLES / name / "预算.xlsx"))
    for finding, item in zip(report.findings, document(report)["findings"], strict=True):
        parts = [item[name] for name in ("what", "expected", "basis", "off", "lead", "reason", "hint")]
        parts += item["notes"]
        assert [part for part in parts if part and part not in finding.message] == []
        assert not any(letter in finding.statement.says for letter in "0123456789“”")


class TestPlaces:
    def test_cells_of_the_sentence_those_behind_it_and_those_that_follow(self, tmp_path: Path) -> None:
        workbook = ours(tmp_path)
        workbook["支出总表"]["E9"] = 99
        (finding,) = findings(workbook, tmp_path)
        roles = {(place.cell.sheet, place.cell.a1): place.role for place in finding.places}
        assert roles["支出总表", "D9"] is Role.COMPARED
        assert roles["收入总表", "G9"] is Role.SUSPECT
        assert Role.CONSEQUENCE in roles.values()

    def test_cells_with_the_same_fault(self, tmp_path: Path) -> None:
        workbook = pasted(tmp_path)
        workbook["支出总表"]["E7"] = workbook["支出总表"]["D7"] = None
        (finding,) = [one for one in findings(workbook, tmp_path) if one.rule == "A07"]
        assert [place.cell.a1 for place in finding.places if place.role is Role.ALIKE] == ["E7"]
