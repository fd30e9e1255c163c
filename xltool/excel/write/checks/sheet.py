"""Writes the 校验 sheet: every rule as a live comparison of two cells, with its result and a link to the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from xltool.equations.rounding.judging import SQUARED_SIGMAS
from xltool.excel.write import styles
from xltool.excel.write.cells import Job, put, put_formula, put_merged
from xltool.excel.write.checks.lines import FIRST_LINE, WORDS, CheckLine, has_many_units
from xltool.excel.write.checks.verdict_formulas import PRECISION
from xltool.excel.write.formulas import quoted
from xltool.model import Verdict
from xltool.source.our_sheets import CHECKS
from xltool.widths import lines_needed

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
    "结果": 9,
    "涉及的表": 26,
    "位置": 8,
}
_EXPLANATION = (
    "差额＝左边－右边，为 0 的是 ✓。四舍五入能说明的是“尾差”，不用改；理论上能、但大得少见的是“可疑尾差”；"
    "超过允许差的是 ✗。"
    "右边写有“≤”“≥”的，左边不超过或不少于右边就为 ✓。两边都没有数时结果空白；一边没有数，而它的表还没有填，为“待填”。"
)
_MOST_TABLES = 500
"""So many are named in one line: a cell holds 32,767 letters."""
_OF_MANY_UNITS = "一个单位自己各数之间相符的，汇总时已核对，这里不再逐个列出。"
_PRECISION_HEADINGS = {
    "left_count": "左边几个数",
    "right_count": "右边几个数",
    "left_units": "左边的精度",
    "right_units": "右边的精度",
    "squares": "精度平方和",
    "hidden_above": "印成 0 的能说明的（左边大）",
    "hidden_below": "印成 0 的能说明的（左边小）",
}
"""Of the hidden columns that results are drawn from, see `Known`."""

_RESULT = "J"
_TABLES = "K"
_COUNTED = {
    Verdict.FAIL: "处不符",
    Verdict.IMPLAUSIBLE: "处可疑尾差",
    Verdict.ROUNDING: "处尾差",
    Verdict.UNDECIDED: "处待填",
}
"""What the summary counts, in this order."""


def write_checks(job: Job, sheet: Worksheet, lines: Sequence[CheckLine], empty: Mapping[str, str]) -> None:
    """Fill the sheet, of one line at least, and make it ready to print.

    `empty` are the conditions under which the tables that have to be filled in are not, by table id.
    """
    look = job.styles
    last = FIRST_LINE + len(lines) - 1
    put_merged(sheet, 1, 1, 1, len(_HEADINGS), "审核校验", look(styles.TITLE))
    summary, cached = summary_formula(lines)
    put_formula(sheet, 2, 1, f'"校验结果："&{summary}', look(styles.PLAIN, styles.BOLD), f"校验结果：{cached}")
    explained = _EXPLANATION + _OF_MANY_UNITS * has_many_units(job.layout, job.sources.keys())
    put(sheet, 3, 1, explained, look(styles.PLAIN))
    for column, (heading, width) in enumerate(_HEADINGS.items(), 1):
        put(sheet, FIRST_LINE - 1, column, heading, look(styles.HEADING))
        sheet.set_column(column - 1, column - 1, width, look(styles.PLAIN))
    for line in lines:
        _write_line(job, sheet, line, empty)
    for column, heading in enumerate(_PRECISION_HEADINGS.values(), len(_HEADINGS) + 1):
        put(sheet, FIRST_LINE - 1, column, heading, look(styles.HEADING))
    sheet.set_column(len(_HEADINGS), len(_HEADINGS) + len(_PRECISION_HEADINGS) - 1, 12, None, {"hidden": True})
    sheet.print_area(0, 0, last - 1, len(_HEADINGS) - 1)
    sheet.set_row(0, 30)
    sheet.autofilter(FIRST_LINE - 2, 0, last - 1, len(_HEADINGS) - 1)
    sheet.freeze_panes(FIRST_LINE - 1, 2)
    sheet.repeat_rows(FIRST_LINE - 2)
    _colour_results(job, sheet, last)


def result_cell(line: CheckLine) -> str:
    """The absolute address of a line's result, as seen from any other sheet."""
    return f"{quoted(CHECKS)}!${_RESULT}${line.sheet_row}"


def summary_formula(lines: Sequence[CheckLine]) -> tuple[str, str]:
    """The formula that says whether everything agrees, once any line has figures, and its result now.

    "有 2 处不符，1 处可疑尾差，3 处待填", "已填的全部相符，3 处待填", "全部相符，4 处尾差" or "尚未填写".
    """
    count = {verdict: f'COUNTIF({_column(_RESULT, lines)},"{word}")' for verdict, word in WORDS.items()}
    parts = [f'IF({count[verdict]}=0,"","，"&{count[verdict]}&" {words}")' for verdict, words in _COUNTED.items()]
    wrong, small = (
        f"{count[Verdict.FAIL]}+{count[Verdict.IMPLAUSIBLE]}",
        f"{count[Verdict.PASS]}+{count[Verdict.ROUNDING]}",
    )
    agrees = f'IF({count[Verdict.UNDECIDED]}>0,"已填的全部相符",IF({small}=0,"尚未填写","全部相符"))'
    formula = f'IF({wrong}>0,"有 "&MID({"&".join(parts)},2,99),{agrees}&{"&".join(parts[2:])})'
    now = Counter(line.verdict for line in lines)
    counted = {verdict: f"{now[verdict]} {words}" for verdict, words in _COUNTED.items() if now[verdict]}
    if now[Verdict.FAIL] or now[Verdict.IMPLAUSIBLE]:
        return formula, "有 " + "，".join(counted.values())
    filled = "全部相符" if now[Verdict.PASS] or now[Verdict.ROUNDING] else "尚未填写"
    return formula, "，".join(["已填的全部相符" if now[Verdict.UNDECIDED] else filled, *counted.values()])


def failures_formula(table: str, lines: Sequence[CheckLine]) -> str:
    """The formula that counts the failed checks of one table."""
    failed = WORDS[Verdict.FAIL]
    return f'COUNTIFS({_column(_TABLES, lines)},"*〔{table}〕*",{_column(_RESULT, lines)},"{failed}")'


def failures(lines: Sequence[CheckLine]) -> Counter[str]:
    """How many checks of each table fail now."""
    return Counter(table for line in lines if line.verdict is Verdict.FAIL for table in line.tables)


def _column(letter: str, lines: Sequence[CheckLine]) -> str:
    return f"{quoted(CHECKS)}!${letter}${FIRST_LINE}:${letter}${FIRST_LINE + len(lines) - 1}"


def _write_line(job: Job, sheet: Worksheet, line: CheckLine, empty: Mapping[str, str]) -> None:
    row, look = line.sheet_row, job.styles
    text, number = look(styles.LABEL), look(styles.AMOUNT, {"num_format": "#,##0.00####"})
    for column, words in ((1, line.rule), (2, line.name), (3, line.subject), (4, line.words[0]), (6, line.words[1])):
        put(sheet, row, column, words, text)
    for column, formula, value in ((5, line.formulas[0], line.sides[0]), (7, line.formulas[1], line.sides[1])):
        put_formula(sheet, row, column, formula, number, value)
    put_formula(sheet, row, 8, f"ROUND(E{row}-G{row},{PRECISION})", number, line.difference)
    small = look(styles.AMOUNT, {"num_format": "0.0##"})
    put_formula(sheet, row, 9, _tolerance(line), small, line.tolerance)
    put_formula(sheet, row, 10, _result(line, empty), look(styles.CENTRED), line.result)
    for column, quantity in enumerate(line.known or (), len(_HEADINGS) + 1):
        if not quantity.is_constant:
            put_formula(sheet, row, column, quantity.formula, number, quantity.now)
    put(sheet, row, 11, _tables_named(line), text)
    if line.anchor is None:
        put(sheet, row, 12, None, text)
    else:
        place = f"internal:{quoted(line.anchor.sheet)}!{line.anchor.a1}"
        sheet.write_url(row - 1, 11, place, look(styles.BOXED_LINK), "查看", f"{line.anchor.sheet} {line.anchor.a1}")
    sheet.set_row(row - 1, styles.LINE_HEIGHT * _height(line))


def _tables_named(line: CheckLine) -> str:
    """The tables of a line, as `failures_formula` looks for them."""
    more = f"等 {len(line.tables)} 张表" if len(line.tables) > _MOST_TABLES else ""
    return "".join(f"〔{table}〕" for table in line.tables[:_MOST_TABLES]) + more


def _tolerance(line: CheckLine) -> str:
    """What rounding can explain: of one figure on each side nothing, unless one is printed finer."""
    if line.known is None:
        return "0"
    row, hidden = line.sheet_row, _hidden(line)
    conditions = [*_pair(line), f"O{row}=P{row}", *([f"{hidden}=0"] if hidden else [])]
    text = f"(O{row}+P{row})/2"
    if line.may_be_pair:
        text = f"IF(AND({','.join(conditions)}),0,{text})"
    return text + (f"+{hidden}" if hidden else "")


def _pair(line: CheckLine) -> list[str]:
    """The conditions under which each side is one figure; none if they always are."""
    assert line.known is not None
    counts = {f"M{line.sheet_row}": line.known.left_count, f"N{line.sheet_row}": line.known.right_count}
    return [f"{cell}=1" for cell, count in counts.items() if not count.is_constant]


def _hidden(line: CheckLine) -> str:
    """What printed zeros can explain; "" if nothing."""
    assert line.known is not None
    above, below = line.known.hidden_above, line.known.hidden_below
    if above.is_constant and below.is_constant:
        return ""
    return f"IF(H{line.sheet_row}>0,R{line.sheet_row},S{line.sheet_row})"


def _result(line: CheckLine, empty: Mapping[str, str]) -> str:
    """The verdict, as `rounding.judge`, `judge_copy` and `judge_order` come to it."""
    row, words = line.sheet_row, {verdict: f'"{word}"' for verdict, word in WORDS.items()}
    nothing = f"E{row}={line.constants[0]:f}", f"G{row}={line.constants[1]:f}"
    result = words[Verdict.FAIL]
    for is_nothing, tables in zip(nothing, line.sources, strict=True):
        conditions = [empty[table] for table in sorted(tables & empty.keys())]
        if conditions:
            result = f"IF(AND({is_nothing},OR({','.join(conditions)})),{words[Verdict.UNDECIDED]},{result})"
    if line.relation == "=":
        result = _equality(line, words, result)
        passes = f"H{row}=0"
    else:
        excess = f"H{row}" if line.relation == "<=" else f"-H{row}"
        if line.known is not None:
            result = _inequality(line, excess, words, result)
        passes = f"{excess}<=0"
    blank = ",".join(nothing if line.filled is None else (f"NOT({filled})" for filled in line.filled))
    return f'IF(AND({blank}),"",IF({passes},{words[Verdict.PASS]},{result}))'


def _inequality(line: CheckLine, excess: str, words: Mapping[Verdict, str], fails: str) -> str:
    """What is said of a smaller side that is greater."""
    hidden = _hidden(line)
    likely = f"I{line.sheet_row}-{hidden}" if hidden else f"I{line.sheet_row}"
    if hidden:
        fails = f"IF(ROUND({excess}-I{line.sheet_row},9)<=0,{words[Verdict.IMPLAUSIBLE]},{fails})"
    return f"IF(ROUND({excess}-({likely}),9)<=0,{words[Verdict.ROUNDING]},{fails})"


def _equality(line: CheckLine, words: Mapping[Verdict, str], fails: str) -> str:
    """What is said of sides that are not the same."""
    if line.known is None:
        return fails
    row, hidden = line.sheet_row, _hidden(line)
    beyond = f"ROUND(ABS(H{row})-(O{row}+P{row})/2,9)"
    half_up = f"AND({beyond}=0,O{row}*P{row}=0,(O{row}>P{row})=(ABS(E{row})>ABS(G{row})))"
    pair = _pair(line)
    copies = f"AND({','.join([*pair, f'O{row}<>P{row}', f'OR({beyond}<0,{half_up})'])})"
    possible = f"ROUND(ABS(H{row})-I{row},9)<=0"
    if line.may_be_pair and not pair:
        return f"IF({copies},{words[Verdict.PASS]},{fails})"
    believable = f"ROUND({SQUARED_SIGMAS.denominator}*H{row}^2-{SQUARED_SIGMAS.numerator}*Q{row},12)<=0"
    likely = [f"{beyond}<=0", believable]
    doubtful = [possible]
    if line.may_be_pair:
        likely.insert(0, f"NOT(AND({','.join(pair)}))")
        doubtful.insert(0, f"NOT(AND({','.join([*pair, *([f'{hidden}=0'] if hidden else [])])}))")
    text = f"IF(AND({','.join(doubtful)}),{words[Verdict.IMPLAUSIBLE]},{fails})"
    text = f"IF(AND({','.join(likely)}),{words[Verdict.ROUNDING]},{text})"
    return f"IF({copies},{words[Verdict.PASS]},{text})" if line.may_be_pair else text


def _height(line: CheckLine) -> int:
    widths = list(_HEADINGS.values())
    tables = "".join(f"〔{table}〕" for table in line.tables)
    texts = ((line.name, 1), (line.subject, 2), (line.words[0], 3), (line.words[1], 5), (tables, 10))
    return max(lines_needed(text, widths[column]) for text, column in texts)


def _colour_results(job: Job, sheet: Worksheet, last: int) -> None:
    rows = (FIRST_LINE - 1, 0, last - 1, len(_HEADINGS) - 1)
    for verdict, tint in ((Verdict.FAIL, styles.WRONG), (Verdict.IMPLAUSIBLE, styles.DOUBTFUL)):
        criteria = f'=${_RESULT}{FIRST_LINE}="{WORDS[verdict]}"'
        sheet.conditional_format(*rows, {"type": "formula", "criteria": criteria, "format": job.styles(tint)})
    right = f'=${_RESULT}{FIRST_LINE}="{WORDS[Verdict.PASS]}"'
    options = {"type": "formula", "criteria": right, "format": job.styles(styles.RIGHT)}
    sheet.conditional_format(FIRST_LINE - 1, 9, last - 1, 9, options)
