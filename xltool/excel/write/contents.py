"""Writes the 目录 sheet: what the workbook holds, how to fill it, and whether everything agrees now."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from xltool.equations.sums import column_sums, row_sums
from xltool.excel.write import styles
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.cells import Job, put, put_formula, put_merged
from xltool.excel.write.checks.lines import CheckLine, told_name
from xltool.excel.write.checks.sheet import failures, failures_formula, summary_formula
from xltool.excel.write.filling_state import EMPTY, state, state_formula
from xltool.excel.write.formulas import quoted
from xltool.layout.block import BlockAt
from xltool.layout.layout import Layout
from xltool.model import CellRef, column_letters, member_name
from xltool.source.our_sheets import CHECKS, CONTENTS
from xltool.widths import lines_needed

_WIDTHS = {"序号": 8, "表名": 56, "工作表": 34, "填写": 8, "不符处数": 12}
_STATE, _FAILURES = 4, 5
_ADDED = "附"
_FILL = "填写：浅黄色的格子要填，白色的格子由公式得出"
_CHOOSE_CODES = "；科目编码从下拉列表选，名称自动带出"
_CODES_BESIDE = "（表里不印编码的，在表右边不打印的“科目编码”栏里选）"
_UNIT = "。金额单位：{amount_unit}。"
_ADD_ROWS = "增加行：每段末尾有一条很矮的备用行，把行高拉大即可填写，公式已在其中"
_PARENTS_FIRST = "；新科目的上级科目须已在表中"
_INSERT_ROWS = "备用行不够时，在它上方、同一段之内插入整行"
_TOTALS_FOLLOW = "，有公式的上级合计会包括新行"
_COPY_FORMULAS = "新行里锁定的格（{locked}等）还没有公式：先撤销工作表保护（没有密码），再从同级的行把公式复制过来。"
_HOW_TO_ADD_FORMS = (
    "增加项目：复制“{sheet}”这样的工作表，改掉项目名称，并在各表加上它的行；减少项目，则删去行和工作表。"
)


def write_contents(job: Job, sheet: Worksheet, lines: Sequence[CheckLine], added: Sequence[AddedSheet]) -> None:
    """Fill the sheet with the tables and the added sheets; a workbook without a line of 校验 has no result to show."""
    look = job.styles
    widths = _WIDTHS if lines else {heading: _WIDTHS[heading] for heading in list(_WIDTHS)[:-1]}
    last = len(widths)
    outline = job.layout.outline
    title = f"{outline.year}年{job.layout.template.title}"
    put_merged(sheet, 1, 1, 1, last, title, look(styles.TITLE))
    sheet.set_row(0, 36)
    put_merged(sheet, 2, 1, 2, 2, f"部门：{outline.department}", look(styles.HEADER_LEFT))
    year_and_unit = f"预算年度：{outline.year}　单位：{outline.amount_unit}"
    put_merged(sheet, 2, 3, 2, last, year_and_unit, look(styles.HEADER_RIGHT))
    if lines:
        _write_result(job, sheet, lines)
    how_to_fill = _how_to_fill(job.layout)
    first = _first_row(job.layout)
    for row, text in enumerate(how_to_fill, 4):
        put_merged(sheet, row, 1, row, last, job.text(text), look(styles.WRAPPED))
        sheet.set_row(row - 1, styles.LINE_HEIGHT * lines_needed(job.text(text), sum(widths.values())) + 4)
    for column, (heading, width) in enumerate(widths.items(), 1):
        put(sheet, first - 1, column, heading, look(styles.HEADING))
        sheet.set_column(column - 1, column - 1, width, look(styles.PLAIN))
    _write_list(job, sheet, lines, first)
    listed = [one for one in added if one.about is not None]
    for row, one in enumerate(listed, first + len(job.layout.tables)):
        put(sheet, row, 1, _ADDED, look(styles.NUMBERING))
        put(sheet, row, 2, one.about, look(styles.LABEL))
        for column in range(_STATE, last + 1):
            put(sheet, row, column, None, look(styles.NUMBERING))
        sheet.write_url(row - 1, 2, f"internal:{quoted(one.name)}!A1", look(styles.BOXED_LINK), one.name)
    if lines:
        _colour(job, sheet, first)


def _write_result(job: Job, sheet: Worksheet, lines: Sequence[CheckLine]) -> None:
    look = job.styles
    formula, cached = summary_formula(lines)
    put_merged(sheet, 3, 1, 3, 2, None, look(styles.PLAIN, styles.BOLD))
    put_formula(sheet, 3, 1, f'"校验结果："&{formula}', look(styles.PLAIN, styles.BOLD), f"校验结果：{cached}")
    sheet.write_url(2, 2, f"internal:{quoted(CHECKS)}!A1", look(styles.LINK), "查看校验表")


def empty_tables(job: Job) -> dict[str, str]:
    """The conditions under which tables that have to be filled in are not, by table id, as seen from other sheets.

    A form repeated for each project is not while none of its sheets is.
    """
    rows: dict[str, list[int]] = {}
    for row, table in enumerate(job.layout.tables.values(), _first_row(job.layout)):
        if not table.table.empty_note:
            rows.setdefault(table.table.id, []).append(row)
    state = f"${column_letters(_STATE)}$"
    return {
        table: f'{CONTENTS}!{state}{first}="{EMPTY}"'
        if first == last
        else f'COUNTIF({CONTENTS}!{state}{first}:{state}{last},"{EMPTY}")={last - first + 1}'
        for table, first, last in ((table, own[0], own[-1]) for table, own in rows.items())
    }


def _first_row(layout: Layout) -> int:
    """The row of the first table in the list."""
    return 6 + len(_how_to_fill(layout))


def _how_to_fill(layout: Layout) -> list[str]:
    """What is true of this workbook: its tables may have codes or not, rows that can be added or not."""
    blocks = layout.blocks
    has_codes = any(block.code_column for block in blocks)
    beside = any(block.helper_column for block in blocks)
    lines = [_FILL + _CHOOSE_CODES * has_codes + _CODES_BESIDE * beside + _UNIT]
    growing = [block for block in blocks if block.blank_rows]
    if growing:
        totals = any(row_sums(block) for block in growing)
        locked = _locked(growing)
        lines.append(_ADD_ROWS + _PARENTS_FIRST * has_codes + "。")
        lines.append(
            _INSERT_ROWS + _TOTALS_FOLLOW * totals + "。" + _COPY_FORMULAS.format(locked=locked) * bool(locked)
        )
    forms = [table.sheet for table in layout.tables.values() if table.above]
    return lines + [_HOW_TO_ADD_FORMS.replace("{sheet}", sheet) for sheet in forms[:1]]


def _locked(blocks: Sequence[BlockAt]) -> str:
    """The cells of a new row that a formula fills."""
    words = {
        "序号": any(block.find_column("serial") is not None for block in blocks),
        "名称": any(block.code_column for block in blocks),
        "合计": any(column_sums(block) for block in blocks),
    }
    return "、".join(word for word, is_there in words.items() if is_there)


def _write_list(job: Job, sheet: Worksheet, lines: Sequence[CheckLine], first: int) -> None:
    look, failed = job.styles, failures(lines)
    for number, table in enumerate(job.layout.tables.values(), 1):
        row = first + number - 1
        put(sheet, row, 1, str(number), look(styles.NUMBERING))
        title = table.text(f"{table.table.number}　{table.table.title}".strip())
        if table.above and "{member}" not in table.table.title:
            title += f"：{member_name(table.above[-1])}"
        put(sheet, row, 2, job.text(title), look(styles.LABEL))
        link = f"internal:{quoted(table.sheet)}!A1"
        sheet.write_url(row - 1, 2, link, look(styles.BOXED_LINK), table.sheet)
        if lines:
            name = told_name(table)
            formula, result = failures_formula(name, lines), Decimal(failed[name])
            put_formula(sheet, row, _FAILURES, formula, look(styles.NUMBERING), result)
        formula = state_formula(job, table)
        if formula:
            put_formula(sheet, row, _STATE, formula, look(styles.NUMBERING), state(job, table))
        else:
            put(sheet, row, _STATE, None, look(styles.NUMBERING))


def _colour(job: Job, sheet: Worksheet, first: int) -> None:
    last = first + len(job.layout.tables) - 1
    wrong, right = job.styles(styles.WRONG), job.styles(styles.RIGHT)
    counts = CellRef(CONTENTS, first, len(_WIDTHS)).a1
    some_fail = {"type": "formula", "criteria": f"=${counts}>0", "format": wrong}
    sheet.conditional_format(first - 1, len(_WIDTHS) - 1, last - 1, len(_WIDTHS) - 1, some_fail)
    for text, form in (("全部相符", right), ("不符", wrong), ("可疑", job.styles(styles.DOUBTFUL))):
        sheet.conditional_format(2, 0, 2, 1, {"type": "text", "criteria": "containing", "value": text, "format": form})
