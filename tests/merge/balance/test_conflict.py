"""Amounts that cannot be rounded so that all equations hold: which equations, and what to do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.commands import run
from tests.merge.balance.small_formats import written
from xltool.equations.filling import Filled, fill
from xltool.equations.linear_programme import Whole, whole_minimum
from xltool.errors import BalanceError
from xltool.excel.write.workbook import write
from xltool.library import load_template
from xltool.merge.balance import programme
from xltool.merge.balance.balance import balanced
from xltool.merge.balance.summary import summary
from xltool.model import FactKey

_TABLE = """
id = "计划表"
title = "用款计划表"
[[block]]
columns = [ { id = "项目", kind = "label" }, { id = "金额" } ]
rows = [
  { id = "合计", sum = ["甲", "乙"], rule = "A02" }, { id = "甲" }, { id = "乙" },
  { id = "每季" }, { id = "全年" }, { id = "每期" }, { id = "九期" },
]
"""
_RULES = """
[[rule]]
id = "A02"
name = "合计等于各项之和"
hint = "看是否漏加。"
[[rule]]
id = "X90"
name = "全年是每季的四倍"
hint = "每季的用款相同。"
check = "计划表[全年, 金额] = 4 * 计划表[每季, 金额]"
[[rule]]
id = "X92"
name = "九期是每期的九倍"
hint = "看是否乘错。"
check = "计划表[九期, 金额] = 9 * 计划表[每期, 金额]"
[[rule]]
id = "X91"
name = "合计不大于全年"
hint = "看是否超支。"
check = "计划表[合计, 金额] <= 计划表[全年, 金额]"
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A folder with a format whose 全年 must be four times 每季."""
    return written(tmp_path, "用款-2024", "用款计划", "计划表", _TABLE, _RULES)


def filled(plan: Path, **amounts: str) -> Filled:
    facts = {FactKey("计划表", (row,), ("金额",)): Decimal(amount) for row, amount in amounts.items()}
    return fill(load_template("用款-2024", plan), facts, "某单位", 2024, "万元")


def printed(result: Filled) -> dict[str, object]:
    return {result.layout.key(place).row[0]: value for place, value in result.values.items()}


def test_what_cannot_be_met_within_a_unit_is_named_and_two_units_are_offered(plan: Path) -> None:
    exact = filled(plan, 甲="1.4", 乙="0.3", 每季="0.5", 全年="2")
    with pytest.raises(BalanceError) as refused:
        balanced(exact)
    assert "下面 1 个等式（2 格）不能同时成立" in str(refused.value)
    assert "--within 2" in str(refused.value)
    assert refused.value.problems == ("计划表　X90　“全年”金额（B7） 2 应等于 4×“每季”金额（B6） 0.5",)
    result = balanced(exact, within=2)
    assert printed(result.filled) == {"合计": 2, "甲": 2, "乙": 0, "每季": 1, "全年": 4}
    assert [sentence for sentence in summary(result) if "有 1 个与准确数相差超过一个末位单位" in sentence]


def test_the_command_offers_two_units_and_then_writes(plan: Path) -> None:
    source, target = plan / "准确.xlsx", plan / "舍位.xlsx"
    write(*filled(plan, 每季="0.5", 全年="2"), source)
    asked = ["round", str(source), "-o", str(target), "--templates", str(plan)]
    refused = run(asked)
    assert refused.exit_code == 2 and "--within 2" in refused.stderr and not target.exists()
    assert run([*asked, "--within", "2"]).exit_code == 0
    assert target.exists()


def test_a_whole_figure_moves_a_unit_only_where_nothing_else_helps(plan: Path) -> None:
    assert printed(balanced(filled(plan, 甲="1", 乙="0.4")).filled) == {"合计": 1, "甲": 1, "乙": 0}
    assert printed(balanced(filled(plan, 每季="0.25", 全年="1")).filled) == {"每季": 0, "全年": 0}


def test_an_inequality_that_held_still_holds(plan: Path) -> None:
    result = balanced(filled(plan, 甲="1.4", 乙="3.2", 每季="1.15", 全年="4.6")).filled
    assert printed(result) == {"合计": 4, "甲": 1, "乙": 3, "每季": 1, "全年": 4}


def test_beyond_two_units_more_decimals_are_offered(plan: Path) -> None:
    with pytest.raises(BalanceError) as refused:
        balanced(filled(plan, 每期="0.5", 九期="4.5"), within=2)
    assert "--within" not in str(refused.value)
    assert "--decimals" in str(refused.value)


def test_without_time_nothing_is_said_to_be_impossible(plan: Path) -> None:
    with pytest.raises(BalanceError, match="规定的时间内没有找到"):
        balanced(filled(plan, 甲="1.4", 乙="1.4"), seconds=0)


def test_the_best_that_was_found_in_time_is_said_to_be_unproved(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme, "whole_minimum", lambda *asked: Whole(whole_minimum(*asked).values, False))
    result = balanced(filled(plan, 甲="1.4", 乙="1.4"))
    assert printed(result.filled)["合计"] == 3
    assert not result.is_proved
    assert "没有证明" in "".join(summary(result))


def test_what_a_solver_says_is_not_believed(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme, "whole_minimum", lambda costs, *_: Whole([0] * len(costs), True))
    with pytest.raises(BalanceError):
        balanced(filled(plan, 甲="1.4", 乙="1.4"))
