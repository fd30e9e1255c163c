"""Reads a list of transfers (往来清单): who paid whom how much, made by hand in CSV or Excel."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.errors import TransfersError
from xltool.excel.read.lists import list_lines
from xltool.source.cells import amount, shortened
from xltool.source.lists import Columns, ListLine
from xltool.template.names import normal, visible
from xltool.template.spec import YUAN

_AMOUNTS = {"amount": "", "yuan": "元", "wan": "万元"}
"""The columns that an amount may stand in, and the unit that their headings say."""

COLUMNS = Columns(
    {
        "payer": ("付款单位", "付款方", "付出单位", "拨款单位", "payer"),
        "receiver": ("收款单位", "收款方", "收到单位", "receiver"),
        "subject": ("科目", "科目编码", "往来科目", "subject"),
        "amount": ("金额", "amount"),
        "unit": ("金额单位", "单位", "amount_unit"),
        "yuan": ("金额(元)", "金额元"),
        "wan": ("金额(万元)", "金额万元"),
    },
    frozenset({"payer", "receiver"}),
)

_WANTED = "付款单位、收款单位、科目、金额（科目可以不写；金额是元，是万元的另写一列“金额单位”或写成“金额（万元）”）"


class Transfer(NamedTuple):
    """One line of the list: where it stands, who pays whom, the 科目 or kind that it names ("" if none), and 元."""

    place: str
    payer: str
    receiver: str
    subject: str
    amount: Decimal


def read_transfers(path: Path) -> tuple[Transfer, ...]:
    """The transfers in the file at `path`; a list with nothing but its headings has none.

    Raises FileRefused, and TransfersError listing every line that is wrong.
    """
    lines = list_lines(path, COLUMNS)
    if lines is None:
        raise TransfersError(f"“{path.name}”里没有找到表头：要有一行写着{_WANTED}，下面一行一笔往来。", [])
    return transfers_of(lines, f"“{path.name}”")


def transfers_of(lines: Iterable[ListLine], subject: str) -> tuple[Transfer, ...]:
    """The transfers of the lines of a list. Raises TransfersError, which begins with `subject`, as above."""
    problems: list[str] = []
    transfers = tuple(_transfer(line, problems) for line in lines)
    if problems:
        raise TransfersError(f"{subject}有 {len(problems)} 处不能用，请改正：", problems)
    return transfers


def _transfer(line: ListLine, problems: list[str]) -> Transfer:
    texts = {column: " ".join(visible(text).split()) for column, text in line.texts.items()}
    for column in ("payer", "receiver"):
        if not texts[column]:
            problems.append(f"{line.place}：没有{COLUMNS.words[column][0]}")
    money = _amount(texts)
    if isinstance(money, str):
        problems.append(f"{line.place}：{money}")
        money = Decimal(0)
    return Transfer(line.place, texts["payer"], texts["receiver"], texts.get("subject", ""), money)


def _amount(texts: dict[str, str]) -> Decimal | str:
    """The amount of a line in 元, or what is wrong with it."""
    given = [column for column in _AMOUNTS if texts.get(column)]
    if len(given) != 1:
        return "金额写了两次" if given else "没有金额"
    text = texts[given[0]]
    unit = _AMOUNTS[given[0]] or normal(texts.get("unit", "")) or "元"
    if unit not in YUAN:
        return f"金额单位“{shortened(unit)}”只能是：{'、'.join(YUAN)}"
    read = amount(text)
    if read.value is None:
        return f"金额{read.problem}" if read.problem else "没有金额"
    return read.value * YUAN[unit] if read.value > 0 else f"金额 {shortened(text)} 应大于 0"
