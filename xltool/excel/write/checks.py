"""Writes the 校验 sheet: every rule as a live comparison of two cells, with its result and a link to the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.cells import Job, put, put_formula, put_merged
from xltool.excel.write.check_lines import FAILED, FIRST_LINE, PASSED, SHEET, WAITING, CheckLine
from xltool.excel.write.formulas import quoted

_HEADINGS = {
    "规则编号": 9,
    "规则": 34,
    "对象": 26,
    "左边": 36,
    "左边的数": 13,
    "右边": 36,
    "右边的数": 13,
    "差额": 12,
    "允许差": 9,
    "结果": 7,
    "涉及的表": 26,
    "位置": 8,
}
_EXPLANATION = (
    "差额＝左边－右边；绝对值不超过允许差（四舍五入的尾差）为 ✓，两边都没有数时结果空白。"
    "右边写有“≤”“≥”的，左边不超过或不少于右边就为 ✓。一边没有数，而它的表还没有填，为“待填”。"
)
_RESULT = "J"
_TABLES = "K"
_PRECISION = 6
"""Decimals of the difference: enough for any amount, and free of binary noise."""


def write_checks(job: Job, sheet: Worksheet, lines: Sequence[CheckLine], empty: Mapping[str, str]) -> None:
    """Fill the sheet, of one line at least, and make it ready to print.

    `empty` are the conditions under which the tables that have to be filled in are not, by table id.
    """
    look = job.styles
    last = FIRST_LINE + len(lines) - 1
    put_merged(sheet, 1, 1, 1, len(_HEADINGS), "审核校验", look(styles.TITLE))
    summary, cached = summary_formula(lines)
    put_formula(sheet, 2, 1, f'"校验结果："&{summary}', look(styles.PLAIN, styles.BOLD), f"校验结果：{cached}")
    put(sheet, 3, 1, _EXPLANATION, look(styles.PLAIN))
    for column, (heading, width) in enumerate(_HEADINGS.items(), 1):
        put(sheet, FIRST_LINE - 1, column, heading, look(styles.HEADING))
        sheet.set_column(column - 1, column - 1, width, look(styles.PLAIN))
    for line in lines:
        _write_line(job, sheet, line, empty)
    sheet.set_row(0, 30)
    sheet.autofilter(FIRST_LINE - 2, 0, last - 1, len(_HEADINGS) - 1)
    sheet.freeze_panes(FIRST_LINE - 1, 2)
    sheet.repeat_rows(FIRST_LINE - 2)
    _colour_results(job, sheet, last)


def result_cell(line: CheckLine) -> str:
    """The absolute address of a line's result, as seen from any other sheet."""
    return f"{quoted(SHEET)}!${_RESULT}${line.sheet_row}"


def summary_formula(lines: Sequence[CheckLine]) -> tuple[str, str]:
    """The formula that says whether everything agrees, once any line has figures, and its result now."""
    passes, failures, waits = (f'COUNTIF({_column(_RESULT, lines)},"{result}")' for result in (PASSED, FAILED, WAITING))
    agrees = f'IF({passes}=0,"尚未填写","全部相符")'
    formula = (
        f'IF({failures}>0,"有 "&{failures}&" 处不符",IF({waits}=0,{agrees},"已填的全部相符"))'
        f'&IF({waits}=0,"","，"&{waits}&" 处待填")'
    )
    count = Counter(line.result for line in lines)
    waiting = f"，{count[WAITING]} 处待填" if count[WAITING] else ""
    if count[FAILED]:
        return formula, f"有 {count[FAILED]} 处不符{waiting}"
    if waiting:
        return formula, f"已填的全部相符{waiting}"
    return formula, "全部相符" if count[PASSED] else "尚未填写"


def failures_formula(table: str, lines: Sequence[CheckLine]) -> tuple[str, Decimal]:
    """The formula that counts the failed checks of one table, and its result now."""
    formula = f'COUNTIFS({_column(_TABLES, lines)},"*〔{table}〕*",{_column(_RESULT, lines)},"{FAILED}")'
    return formula, Decimal(sum(line.result == FAILED and table in line.tables for line in lines))


def _column(letter: str, lines: Sequence[CheckLine]) -> str:
    return f"{quoted(SHEET)}!${letter}${FIRST_LINE}:${letter}${FIRST_LINE + len(lines) - 1}"


def _write_line(job: Job, sheet: Worksheet, line: CheckLine, empty: Mapping[str, str]) -> None:
    row, look = line.sheet_row, job.styles
    text, number = look(styles.LABEL), look(styles.AMOUNT, {"num_format": "#,##0.00####"})
    for column, words in ((1, line.rule), (2, line.name), (3, line.subject), (4, line.words[0]), (6, line.words[1])):
        put(sheet, row, column, words, text)
    for column, formula, value in ((5, line.formulas[0], line.sides[0]), (7, line.formulas[1], line.sides[1])):
        put_formula(sheet, row, column, formula, number, value)
    left, right = (side if line.rounded is None else f"ROUND({side},{line.rounded})" for side in (f"E{row}", f"G{row}"))
    put_formula(sheet, row, 8, f"ROUND({left}-{right},{_PRECISION})", number, line.difference)
    small = look(styles.AMOUNT, {"num_format": "0.0##"})
    put_formula(sheet, row, 9, line.tolerance_formula, small, line.tolerance)
    nothing = f"E{row}={line.constants[0]:f}", f"G{row}={line.constants[1]:f}"
    excess = {"=": f"ABS(H{row})", "<=": f"H{row}", ">=": f"-H{row}"}[line.relation]
    differs = f'"{FAILED}"'
    for is_nothing, tables in zip(nothing, line.sources, strict=True):
        conditions = [empty[table] for table in sorted(tables & empty.keys())]
        if conditions:
            differs = f'IF(AND({is_nothing},OR({",".join(conditions)})),"{WAITING}",{differs})'
    result = f'IF(AND({",".join(nothing)}),"",IF({excess}<=I{row},"{PASSED}",{differs}))'
    put_formula(sheet, row, 10, result, look(styles.CENTRED), line.result)
    put(sheet, row, 11, "".join(f"〔{table}〕" for table in line.tables), text)
    if line.anchor is None:
        put(sheet, row, 12, None, text)
    else:
        place = f"internal:{quoted(line.anchor.sheet)}!{line.anchor.a1}"
        sheet.write_url(row - 1, 11, place, look(styles.BOXED_LINK), "查看", f"{line.anchor.sheet} {line.anchor.a1}")
    sheet.set_row(row - 1, styles.LINE_HEIGHT * _height(line))


def _height(line: CheckLine) -> int:
    widths = list(_HEADINGS.values())
    tables = "".join(f"〔{table}〕" for table in line.tables)
    texts = ((line.name, 1), (line.subject, 2), (line.words[0], 3), (line.words[1], 5), (tables, 10))
    return max(styles.lines_needed(text, widths[column]) for text, column in texts)


def _colour_results(job: Job, sheet: Worksheet, last: int) -> None:
    rows = (FIRST_LINE - 1, 0, last - 1, len(_HEADINGS) - 1)
    wrong = {"type": "formula", "criteria": f'=${_RESULT}{FIRST_LINE}="{FAILED}"', "format": job.styles(styles.WRONG)}
    right = {"type": "formula", "criteria": f'=${_RESULT}{FIRST_LINE}="{PASSED}"', "format": job.styles(styles.RIGHT)}
    sheet.conditional_format(*rows, wrong)
    sheet.conditional_format(FIRST_LINE - 1, 9, last - 1, 9, right)
