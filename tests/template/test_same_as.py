"""Which lines of an older format a line goes on from: itself, another, several to be added up, none."""

from __future__ import annotations

import pytest

from tests.budgets import LONGGANG, PINGSHAN, QINGLONG, SHENZHEN
from xltool.library import load_template
from xltool.model import parse_path
from xltool.template.same_as import LinePattern, Partners


def partners(newer: str, older: str) -> Partners:
    return Partners(load_template(newer), load_template(older), load_template)


def line(row: str, column: str) -> LinePattern:
    return LinePattern(parse_path(row), parse_path(column))


@pytest.mark.parametrize(
    ("newer", "table", "own", "older"),
    [
        (PINGSHAN, "收支总表", line("收入总计", "收入/预算数"), [line("收入总计", "收入/预算数")]),
        (
            PINGSHAN,
            "收入总表",
            line("unit", "本年收入/财政专户管理资金"),
            [line("unit", "本年收入/财政预算拨款/财政专户拨款")],
        ),
        (
            PINGSHAN,
            "收支总表",
            line("本年支出合计", "支出/预算数"),
            [line(row, "支出/预算数") for row in ("本年支出合计", "对附属单位补助支出", "上缴上级支出")],
        ),
        (PINGSHAN, "三公经费支出表", line("上年", "公务接待费"), [line("部门/上年", "公务接待费")]),
        (PINGSHAN, "支出总表", line("unit/function", "项目支出"), []),
        (PINGSHAN, "收入总表", line("部门", "本年收入/政府预算拨款/一般公共预算拨款/履职类项目拨款"), []),
        (PINGSHAN, "政府预算拨款收支总表", line("收入总计", "收入/预算数"), []),
        (PINGSHAN, "一般公共预算支出表（经济）", line("部门", "基本支出"), []),
        (  # through 2023
            LONGGANG,
            "政府预算拨款收支总表",
            line("政府预算资金/一般公共预算资金/一般公共预算资金", "收入/预算数"),
            [line("一般公共预算拨款", "收入/预算数")],
        ),
        (LONGGANG, "整体支出绩效目标表", line("indicator", "指标值"), [line("indicator", "指标值")]),
        (LONGGANG, "政府采购项目支出表", line("unit/工程类/item", "金额"), [line("unit/B/item", "金额")]),
    ],
)
def test_what_a_line_of_a_newer_format_was_in_2020(
    newer: str, table: str, own: LinePattern, older: list[LinePattern]
) -> None:
    assert list(partners(newer, SHENZHEN).lines(table, own)) == older


def test_a_sum_of_which_a_part_is_not_there_has_no_partner() -> None:
    direct = partners(LONGGANG, PINGSHAN)
    assert direct.lines("收支总表", line("上年结余、结转", "收入/预算数"))
    assert not direct.lines("收支总表", line("上年结余、结转/财政拨款结余、结转", "收入/预算数"))


def test_formats_are_related_from_the_newer_to_the_older_only() -> None:
    assert partners(LONGGANG, SHENZHEN).is_related
    assert not partners(SHENZHEN, LONGGANG).is_related
    assert not partners(QINGLONG, SHENZHEN).is_related
