"""The sheet 增减表: every figure that changed, with live formulas for 增减额 and 增减率, and room for the reasons."""

from __future__ import annotations

from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from xltool.equations.growth import NO_RATE
from xltool.excel.write import styles
from xltool.excel.write.cells import put, put_formula, put_merged
from xltool.excel.write.styles import Styles
from xltool.excel.write.table.rows import figure_look
from xltool.merge.compare.comparison import Comparison, Difference, Heading
from xltool.model import Value
from xltool.template.spec import YUAN

HEADING_ROW = 6
_LIMITS_ROW = 4
_WIDTHS = {
    "表": 26,
    "行": 40,
    "栏": 20,
    "旧": 16,
    "新": 16,
    "增减额": 16,
    "增减率": 12,
    "要写原因": 9,
    "原因": 30,
    "说明": 36,
}
_AT = {heading: column for column, heading in enumerate(_WIDTHS, 1)}
_LETTER = {heading: chr(64 + column) for heading, column in _AT.items()}
_ASKED = "要"
_MOST_DECIMALS = 8
"""Of 增减额: floats are not exact, and no amount is printed finer."""


def write_changes(comparison: Comparison, title: str, look: Styles, sheet: Worksheet) -> dict[Difference, int]:
    """Fill the sheet; returns the sheet row of every difference."""
    rows = {one: row for row, one in enumerate(comparison.figures, HEADING_ROW + 1)}
    last = max([HEADING_ROW, *rows.values()])
    _write_top(comparison, title, look, sheet, last)
    for one, row in rows.items():
        _write_line(comparison, one, row, look, sheet)
    for heading, width in _WIDTHS.items():
        sheet.set_column(_AT[heading] - 1, _AT[heading] - 1, width)
    sheet.freeze_panes(HEADING_ROW, _AT["栏"])
    sheet.repeat_rows(HEADING_ROW - 1)
    sheet.print_area(0, 0, last - 1, len(_WIDTHS) - 1)
    if rows:
        sheet.autofilter(HEADING_ROW - 1, 0, last - 1, len(_WIDTHS) - 1)
        first = HEADING_ROW + 1
        asked = f'AND(${_LETTER["要写原因"]}{first}="{_ASKED}",${_LETTER["原因"]}{first}="")'
        tint = {"type": "formula", "criteria": f"={asked}", "format": look(styles.DOUBTFUL)}
        sheet.conditional_format(first - 1, _AT["要写原因"] - 1, last - 1, _AT["原因"] - 1, tint)
    return rows


def _write_top(comparison: Comparison, title: str, look: Styles, sheet: Worksheet, last: int) -> None:
    old, new, end = comparison.old, comparison.new, len(_WIDTHS)
    put_merged(sheet, 1, 1, 1, end, title, look(styles.TITLE))
    sheet.set_row(0, 32)
    unit = new.unit if old.unit == new.unit else f"{new.unit}（旧：{old.unit}）"
    put_merged(sheet, 2, 1, 2, 5, f"单位名称：{unit}", look(styles.HEADER_LEFT))
    put_merged(sheet, 2, 6, 2, end, f"金额单位：{new.amount_unit}", look(styles.HEADER_RIGHT))
    put_merged(sheet, 3, 1, 3, end, _sources(comparison), look(styles.NOTE))
    words = "下面增减额或增减率超过右边两个数的，要写原因（这两个数可以改）："
    put_merged(sheet, _LIMITS_ROW, 1, _LIMITS_ROW, 5, words, look(styles.HEADER_RIGHT))
    limits = comparison.limits
    amount = look(styles.AMOUNT, {"num_format": '"增减额 "#,##0.00'}, styles.INPUT)
    rate = look(styles.AMOUNT, {"num_format": '"增减率 "0%'}, styles.INPUT)
    put(sheet, _LIMITS_ROW, 6, limits.amount / YUAN[new.amount_unit], amount)
    put(sheet, _LIMITS_ROW, 7, limits.rate, rate)
    asked, filled = (
        f"{_LETTER[name]}{HEADING_ROW + 1}:{_LETTER[name]}{max(last, HEADING_ROW + 1)}" for name in ("要写原因", "原因")
    )
    left = sum(one.is_over(limits) for one in comparison.figures)
    formula = f'"还有 "&COUNTIFS({asked},"{_ASKED}",{filled},"")&" 处要写原因"'
    put_formula(sheet, _LIMITS_ROW, _AT["原因"], formula, look(styles.PLAIN, styles.BOLD), f"还有 {left} 处要写原因")
    names = {"旧": _told(old, new, "旧"), "新": _told(new, old, "新")}
    for heading, column in _AT.items():
        put(sheet, HEADING_ROW, column, names.get(heading, heading), look(styles.HEADING))
    sheet.set_row(HEADING_ROW - 1, 2 * styles.LINE_HEIGHT)


def _told(one: Heading, other: Heading, word: str) -> str:
    return f"{one.year}年\n预算数" if one.year != other.year else f"{word}\n预算数"


def _sources(comparison: Comparison) -> str:
    files = [f"{word}：{one.file.name}" for word, one in (("旧", comparison.old), ("新", comparison.new)) if one.file]
    return "；".join([*files, f"{len(comparison.figures)} 个数不同，{comparison.same} 个相同（未列）"]) + "。"


def _write_line(comparison: Comparison, one: Difference, row: int, look: Styles, sheet: Worksheet) -> None:
    factor = YUAN[comparison.new.amount_unit] if one.kind == "amount" else 1
    old, new = (_shown(value, factor) for value in (one.old, one.new))
    texts = {"表": one.table, "行": one.row, "栏": one.column, "说明": one.note}
    for heading, text in texts.items():
        put(sheet, row, _AT[heading], text, look(styles.LABEL))
    number = look(figure_look(one.kind, _decimals(one, factor), "zero"))
    put(sheet, row, _AT["旧"], old, number)
    put(sheet, row, _AT["新"], new, number)
    was, now = f"{_LETTER['旧']}{row}", f"{_LETTER['新']}{row}"
    put_formula(sheet, row, _AT["增减额"], f"ROUND({now}-{was},{_MOST_DECIMALS})", number, one.amount / factor)
    share = look(styles.AMOUNT, styles.percent_format(2, "zero"))
    put_formula(sheet, row, _AT["增减率"], _rate(one, was, now), share, NO_RATE if one.rate is None else one.rate)
    asked = _ASKED if one.is_over(comparison.limits) else ""
    put_formula(sheet, row, _AT["要写原因"], _is_asked(one, row), look(styles.CENTRED), asked)
    put(sheet, row, _AT["原因"], None, look(styles.TEXT, {"locked": False}))
    sheet.set_row(row - 1, styles.row_height([(text, _WIDTHS[heading]) for heading, text in texts.items()]))


def _shown(value: Value, factor: int) -> Decimal | None:
    return value / factor if isinstance(value, Decimal) else None


def _decimals(one: Difference, factor: int) -> int:
    """As printed; where both would print alike, as many as show what differs."""
    if not one.prints_same:
        return one.decimals
    exponent = (one.amount / factor).normalize().as_tuple().exponent
    return min(_MOST_DECIMALS, max(one.decimals, -exponent if isinstance(exponent, int) else 0))


def _rate(one: Difference, was: str, now: str) -> str:
    """增减率 as `growth` has it; of a share there is none."""
    return f'"{NO_RATE}"' if one.kind == "percent" else f'IF({was}=0,"{NO_RATE}",ROUND(({now}-{was})/{was},4))'


def _is_asked(one: Difference, row: int) -> str:
    """As `Difference.is_over` decides, with the limits that stand above."""
    amount, rate = f"{_LETTER['增减额']}{row}", f"{_LETTER['增减率']}{row}"
    conditions = [f"IF(ISNUMBER({rate}),ABS({rate})>$G${_LIMITS_ROW},FALSE)"]
    if one.kind == "amount":
        conditions.insert(0, f"ABS({amount})>$F${_LIMITS_ROW}")
    return f'IF(OR({",".join(conditions)}),"{_ASKED}","")'
