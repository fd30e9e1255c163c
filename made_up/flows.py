"""Sums of money, each with every cell that it stands in: any of them make a budget in which every figure agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache

from xltool.equations.filling import fill
from xltool.equations.rounding.intervals import half_up
from xltool.layout.outline import block_of, match_row
from xltool.library import load_template
from xltool.model import FactKey, Value, parse_path
from xltool.template.binding import is_code
from xltool.template.spec import CODE_LEVELS

_template = cache(load_template)

# The same money stands in several tables. A flow is one sum of money with every cell that it is part of: from where it
# comes, for which function it is spent, on what. Any sums of any flows make a budget that agrees with itself.

Flow = tuple[FactKey, ...]

BASIC = [
    ("2014001", "30101"),
    ("2014001", "30201"),
    ("2014001", "30302"),
    ("2014003", "30217"),
    ("2014003", "30231"),
    ("2014003", "30212"),
    ("2080505", "30108"),
    ("2080506", "30109"),
    ("2101101", "30110"),
    ("2101102", "30111"),
    ("2210201", "30113"),
]
"""Functions with the economic class that basic expenditure on them has."""

BEFORE_2024 = {"2014001": "2010301", "2014002": "2010302", "2014003": "2010301"}
"""20140 began in 2024: what a budget of 2023 has instead."""

COUNTY_COSTS = {
    "30212": "因公出国（境）费/其他因公出国（境）费",
    "30217": "公务接待费",
    "30231": "公务用车购置及运维费/公务用车运行维护费",
}
DISTRICT_COSTS = {
    "30212": "因公出国(境)费",
    "30217": "公务接待费",
    "30231": "公务用车购置及运行维护费/公务用车运行维护费",
}
"""The “三公” costs by economic class: rows in 青龙, columns in Shenzhen's districts, where last year's are as high."""


def flow(*cells: tuple[str, str, str]) -> Flow:
    return tuple(FactKey(table, parse_path(row), parse_path(column)) for table, row, column in cells)


def qinglong_flows() -> Iterable[Flow]:
    this_year = (
        ("收支总表", "一般公共预算拨款收入", "收入/预算数"),
        ("收入总表", "{f}", "本年收入/财政拨款收入"),
    )
    carried = (
        ("财政拨款收支总表", "年初财政拨款结转和结余/一般公共预算拨款", "收入/金额"),
        ("收入总表", "{f}", "上年结转"),
    )
    for source in (this_year, carried):
        for f, e in BASIC:
            kind = "人员经费" if e[:3] in ("301", "303") else "公用经费"
            cost = COUNTY_COSTS.get(e)
            yield flow(
                *((table, row.format(f=f), column) for table, row, column in source),
                ("支出总表", f, "基本支出"),
                ("一般公共预算支出表", f, "基本支出"),
                ("一般公共预算基本支出表", e, f"一般公共预算基本支出/{kind}"),
                *([("三公经费支出表", cost, "资金性质/一般公共预算财政拨款")] if cost else []),
            )
        yield flow(
            *((table, row.format(f="2014004"), column) for table, row, column in source),
            ("支出总表", "2014004", "项目支出"),
            ("一般公共预算支出表", "2014004", "项目支出"),
            ("项目绩效目标表", "接访/财政资金", "内容"),
        )
    yield flow(
        ("收支总表", "政府性基金预算拨款收入", "收入/预算数"),
        ("收入总表", "2120501", "本年收入/财政拨款收入"),
        ("支出总表", "2120501", "项目支出"),
        ("政府性基金支出表", "2120501", "项目支出"),
        ("项目绩效目标表", "征地/财政资金", "内容"),
    )
    yield flow(("收入总表", "2014001", "本年收入/事业收入"), ("支出总表", "2014001", "经营支出"))


def district_flows(instead: Mapping[str, str]) -> Iterable[Flow]:
    """What the formats of Shenzhen's districts have in common; some functions have another code `instead`."""
    spent = ("收支总表", "{f}", "支出/预算数"), ("支出总表", "{u}/{f}", "{kind}")
    granted = ("政府预算拨款收支总表", "{f}", "支出/预算数")
    general = (
        granted,
        ("一般公共预算支出表（功能）", "{u}/{f}", "{kind}"),
        ("一般公共预算支出表（经济）", "{u}/{e}", "{kind}"),
    )
    income, projects = "本年收入/政府预算拨款", "本年预算/政府预算拨款"

    def made(cells: Iterable[tuple[str, str, str]], **names: str) -> Flow:
        names["f"] = instead.get(names["f"], names["f"])
        return flow(*((table, row.format(**names), column.format(**names)) for table, row, column in cells))

    for u in ("甲局", "乙中心"):
        for f, e in BASIC:
            cost = DISTRICT_COSTS.get(e)
            cells = (
                *spent,
                *general,
                ("基本支出总表", "{u}/{e}", "政府预算拨款/一般公共预算拨款"),
                ("收入总表", "{u}", f"{income}/一般公共预算拨款/基本支出拨款"),
                ("整体支出绩效目标表", "基本支出", "预算金额/财政拨款"),
                *([("三公经费支出表", year, cost) for year in ("上年", "本年")] if cost else []),
            )
            yield made(cells, u=u, f=f, e=e, kind="基本支出")
        own_project = (
            *spent,
            *general,
            ("项目支出总表", "{u}/接访", f"{projects}/一般公共预算拨款/履职类项目拨款"),
            ("收入总表", "{u}", f"{income}/一般公共预算拨款/履职类项目拨款"),
            ("整体支出绩效目标表", "接访", "预算金额/财政拨款"),
        )
        yield made(own_project, u=u, f="2014002", e="30201", kind="项目支出")
        fund = (
            *spent,
            granted,
            ("政府性基金支出表", "{u}/{f}", "项目支出"),
            ("项目支出总表", "{u}/征地", f"{projects}/政府性基金预算拨款"),
            ("收入总表", "{u}", f"{income}/政府性基金预算拨款"),
            ("整体支出绩效目标表", "征地", "预算金额/财政拨款"),
        )
        yield made(fund, u=u, f="2120501", kind="项目支出")
        earned = (
            *spent,
            ("基本支出总表", "{u}/{e}", "单位资金/事业收入"),
            ("收入总表", "{u}", "本年收入/单位资金/事业收入"),
            ("整体支出绩效目标表", "基本支出", "预算金额/其他资金"),
        )
        yield made(earned, u=u, f="2014001", e="30101", kind="基本支出")


PROCURED = ("小计", "面向中小企业政府采购项目", "面向小型、微型企业政府采购项目")


def longgang_flows() -> Iterable[Flow]:
    yield from district_flows({})
    for f, e in BASIC:
        yield flow(
            ("收支总表", f, "支出/预算数"),
            ("收支总表", "上年结余、结转/非财政拨款结余、结转", "收入/预算数"),
            ("收入总表", "甲局", "上年结余、结转"),
            ("支出总表", f"甲局/{f}", "基本支出"),
            ("基本支出总表", f"甲局/{e}", "上年结余、结转"),
            ("整体支出绩效目标表", "基本支出", "预算金额/其他资金"),
        )
    for item in ("货物类/一般设备", "服务类/物业管理", "服务类/其他服务"):
        yield flow(
            ("收支总表", "2014004", "支出/预算数"),
            ("收入总表", "甲局", "本年收入/财政专户管理资金"),
            ("支出总表", "甲局/2014004", "项目支出"),
            *(("支出总表", "甲局/2014004", f"政府采购项目/{column}") for column in PROCURED),
            ("项目支出总表", "甲局/大厅运行", "本年预算/财政专户管理资金"),
            ("政府采购项目支出表", f"甲局/{item}", "金额"),
            ("整体支出绩效目标表", "大厅运行", "预算金额/其他资金"),
        )


def shenzhen_flows() -> Iterable[Flow]:
    granted, managed = "财政预算拨款/一般公共预算拨款/一般性经费拨款", "财政预算拨款/政府性基金预算拨款"
    for u in ("甲局", "乙中心"):
        for code, e in BASIC:
            f = BEFORE_2024.get(code, code)
            cost = DISTRICT_COSTS.get(e)
            yield flow(
                ("收支预算总表", f, "支出/预算数"),
                ("财政拨款收支总体情况表", f, "支出/预算数"),
                ("一般公共预算支出情况表", f"{u}/{f}", "基本支出"),
                ("支出预算总表", u, "基本支出"),
                ("基本支出预算表", f"{u}/{e}", granted),
                ("收入预算总表", u, f"本年收入/{granted}"),
                ("整体支出绩效目标表", "基本支出事项", "预算金额/财政拨款"),
                *([("三公经费预算情况表", f"{u}/{year}", cost) for year in ("上年", "本年")] if cost else []),
            )
        for project, f, table, source, kind in (
            ("接访", "2010302", "一般公共预算支出情况表", granted, "一般公共预算拨款"),
            ("征地", "2120501", "政府性基金预算支出情况表", managed, "其他资金"),
        ):
            yield flow(
                ("收支预算总表", f, "支出/预算数"),
                ("财政拨款收支总体情况表", f, "支出/预算数"),
                (table, f"{u}/{f}", "项目支出"),
                ("支出预算总表", u, "项目支出"),
                ("项目支出预算表", f"{u}/{project}/日常", source),
                ("收入预算总表", u, f"本年收入/{source}"),
                ("整体支出绩效目标表", project, "预算金额/财政拨款"),
                ("绩效管理项目情况表", f"{u}/{project}", f"预算金额/{kind}"),
                *[("项目支出绩效目标表", f"{project}/{field}", "内容") for field in PROJECT_FIELDS],
            )
        yield flow(
            ("收支预算总表", "2010301", "支出/预算数"),
            ("支出预算总表", u, "基本支出"),
            ("基本支出预算表", f"{u}/30101", "事业收入"),
            ("收入预算总表", u, "本年收入/事业收入"),
            ("整体支出绩效目标表", "基本支出事项", "预算金额/其他资金"),
        )


PROJECT_FIELDS = ("项目总金额", "本年度项目金额", "财政拨款资金")


def selfeval_flows() -> Iterable[Flow]:
    for project in ("接访", "培训"):
        for source in ("财政拨款/一般公共预算", "财政拨款/政府性基金", "非财政资金"):
            for side in ("项目年度预算金额", "实际支出金额"):
                yield flow(("项目绩效自评表", f"甲局/{project}", f"{side}/{source}"))


FLOWS = {
    "qinglong-2024": list(qinglong_flows()),
    "pingshan-2023": list(district_flows(BEFORE_2024)),
    "longgang-2024": list(longgang_flows()),
    "shenzhen-2020": list(shenzhen_flows()),
    "longgang-selfeval-2021": list(selfeval_flows()),
}
DECIMALS = {"qinglong-2024": 2, "pingshan-2023": 0, "longgang-2024": 2, "shenzhen-2020": 0, "longgang-selfeval-2021": 2}
"""Pingshan and Shenzhen print whole numbers: only whole sums of money can agree exactly."""


def facts_of(name: str, sums: Iterable[tuple[int, int]]) -> dict[FactKey, Value]:
    """The facts of a budget of (number of a flow, sum of money in its last printed digit)."""
    return _completed(name, {key: n.scaleb(-DECIMALS[name]) for key, n in amounts_of(name, sums).items()})


def rounded_facts(name: str, sums: Iterable[tuple[int, int]]) -> dict[FactKey, Value]:
    """The facts of a budget of (number of a flow, 元), each rounded by itself to what its table prints, totals too."""
    exact = fill(_template(name), amounts_of(name, sums), "某部门", 2024, "万元")
    rounded = {
        exact.layout.key(place): half_up(Fraction(value) / 10**4, Decimal(1).scaleb(-exact.layout.decimals(place)))
        for place, value in exact.values.items()
        if isinstance(value, Decimal) and value
    }
    return _completed(name, rounded)


def _completed(name: str, amounts: Mapping[FactKey, Decimal]) -> dict[FactKey, Value]:
    """The amounts, with what a budget of them has besides: the notes of its empty tables."""
    facts: dict[FactKey, Value] = dict(amounts)
    if name == "qinglong-2024":  # who has running costs has something to run
        facts[FactKey("部门固定资产占用情况表", ("办公设备",), ("价值",))] = Decimal(1)
    filled = {key.table for key, value in facts.items() if value}
    for table in _template(name).tables.values():
        if table.empty_note and table.id not in filled:
            facts[FactKey(table.id, ("注",), ("注",))] = table.empty_note
    return facts


def amounts_of(name: str, sums: Iterable[tuple[int, int]]) -> dict[FactKey, Decimal]:
    """Every figure that sums of flows make, with the rows of the 类 and 款; not the other totals."""
    amounts: Counter[FactKey] = Counter()
    for number, amount in sums:
        for cell in FLOWS[name][number]:
            for row in (*parents(cell, name), cell.row):
                amounts[cell._replace(row=row)] += amount
    return {key: Decimal(n) for key, n in amounts.items()}


def parents(cell: FactKey, name: str) -> list[tuple[str, ...]]:
    """The rows of the 类 and 款 above a 科目, as far as its table has them."""
    *above, code = cell.row
    index = block_of(_template(name).tables[cell.table], cell.column, cell.row)
    if index is None or not any(is_code(dimension, code) for dimension in CODE_LEVELS):
        return []
    levels = match_row(_template(name).tables[cell.table].blocks[index].rows, cell.row)[-1].levels
    return [(*above, code[:level]) for level in levels if level < len(code)]
