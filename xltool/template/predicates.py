"""The predicates that rules can name, and what each must be told: a table, columns of it, other figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Wanted(NamedTuple):
    """One of the columns (or fields of a form) that a predicate needs: what it is for, and its possible kinds."""

    name: str
    kinds: tuple[str, ...]


class Parameters(NamedTuple):
    """What a rule tells a predicate.

    `table` is "no", "may" or "must". `columns` are wanted in this order; the last `optional` of them can be left out,
    and of a predicate with `many` the last can be given any number of times. `against` says what the reference to
    other figures is for; "" if there is none.
    """

    table: str = "no"
    columns: tuple[Wanted, ...] = ()
    optional: int = 0
    many: bool = False
    against: str = ""


_AMOUNT, _PERCENT, _TEXT = ("amount",), ("percent",), ("text",)

PREDICATES: Mapping[str, Parameters] = {
    "blank_total": Parameters(),
    "codes_valid": Parameters(),
    "empty_table_note": Parameters(),
    "number_as_number": Parameters(),
    "not_negative": Parameters(),
    "running_subjects": Parameters("must", (Wanted("基本支出", _AMOUNT), Wanted("项目支出", _AMOUNT))),
    "names_subjects": Parameters("must", (Wanted("项目金额", _AMOUNT),), against="各功能科目的项目支出"),
    "distinct_units": Parameters(),
    "dependent_units": Parameters("must", (Wanted("核算形式", _TEXT),)),
    "one_name": Parameters(),
    "required_total": Parameters("may"),
    "growth_rate": Parameters(
        "must",
        (Wanted("本年数", _AMOUNT), Wanted("上年数", _AMOUNT), Wanted("增减率", ("percent", "text"))),
    ),
    "ratio": Parameters("must", (Wanted("比率", _PERCENT), Wanted("部分", _AMOUNT), Wanted("整体", _AMOUNT))),
    "percent_as_number": Parameters(),
    "percent_range": Parameters("must", (Wanted("百分数", _PERCENT),), many=True),
    "plan_to_full": Parameters("must", (Wanted("各期累计的百分数", _PERCENT),), many=True),
    "indicator_direction": Parameters(
        "must",
        (Wanted("指标名称", ("path", "text")), Wanted("目标值", _TEXT), Wanted("指标描述", _TEXT)),
        optional=1,
    ),
    "same_text": Parameters("must", (Wanted("文字", _TEXT),)),
    "rounding_proved": Parameters(),
    "empty_assets": Parameters("must", against="要用到资产的经费"),
}
"""By the name that rules use."""
