"""Writes the rows of one block: labels, codes, names, amounts, formulas, and the blank rows kept for more."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from xltool.catalogue.by_year import names
from xltool.equations.instances import is_code_row
from xltool.equations.sums import LineSum, column_sums, row_sums
from xltool.excel.write import styles
from xltool.excel.write.cells import Job, merge, put, put_formula, put_merged
from xltool.excel.write.formulas import add_up, in_cell, render, summed_across, summed_in_empty_run
from xltool.excel.write.styles import Look
from xltool.layout.block import BlockAt, Place, RowAt
from xltool.layout.geometry import Band, members_dimension, runs
from xltool.layout.outline import group_label
from xltool.model import column_letters
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, FIGURES

_NO_ZERO = "blank"
_INDENT = "\u3000\u3000"


def write_block(job: Job, sheet: Worksheet, block: BlockAt) -> None:
    """Every cell of a block's rows, its blank rows and its helper column."""
    waiting = {line.target: line for line in row_sums(block) if not line.parts}
    for r, row in enumerate(block.rows):
        for c in range(len(block.columns)):
            if block.columns[c].sheet_column:
                _write_cell(job, sheet, block, Place(block.index, r, c), waiting.get(r))
        if block.helper_column:
            code = row.code if is_code_row(block, r) else None
            put(sheet, row.sheet_row, block.helper_column, code, job.styles(styles.HELPER, styles.INPUT))
    for row_number in block.blank_rows:
        _write_blank_row(job, sheet, block, row_number)
    _merge_spans(job, sheet, block)
    _merge_fixed(job, sheet, block)
    _merge_paths(job, sheet, block)
    _merge_groups(job, sheet, block)


def write_serials(job: Job, sheet: Worksheet, band: Band) -> None:
    """序号: plain numbers, or, where rows can be added, one more than the largest number above."""
    block = band.blocks[0]
    column = block.find_column("serial")
    if column is None:
        return
    look = job.styles(styles.NUMBERING)
    at = block.columns[column].sheet_column
    blank = set(block.blank_rows)
    number = 0
    for row in range(band.first_row, band.last_row + 1):
        above = f"MAX({column_letters(at)}${band.heading_row}:{column_letters(at)}{row - 1})+1"
        if row in blank:
            key = block.code_column or at + 1
            put_formula(sheet, row, at, f'IF(${column_letters(key)}{row}="","",{above})', look, "")
            continue
        number += 1
        if blank:
            put_formula(sheet, row, at, above, look, Decimal(number))
        else:
            put(sheet, row, at, Decimal(number), look)


def name_formula(block: BlockAt, sheet_row: int) -> str:
    """Looks the name of the code in this row up in the catalogue."""
    dimension = members_dimension(block)
    code = f"${column_letters(block.code_column)}{sheet_row}"
    return f'IFERROR(INDEX({dimension}_names,MATCH({code},{dimension}_codes,0)),"")'


def figure_look(kind: str, decimals: int, zero: str) -> Look:
    """How figures of a kind are printed."""
    form = styles.percent_format if kind == "percent" else styles.amount_format
    return {**styles.AMOUNT, **form(decimals, zero)}


def _write_cell(job: Job, sheet: Worksheet, block: BlockAt, place: Place, waiting: LineSum | None) -> None:
    kind = block.block.columns[place.column].kind
    if kind in FIGURES:
        _write_figure(job, sheet, block, place, waiting)
    elif kind == "text":
        _write(job, sheet, block, place, job.values.get(place), {**styles.TEXT, **styles.INPUT})
    elif kind == "code":
        _write_code(job, sheet, block, place)
    elif kind == "name":
        _write_name(job, sheet, block, place)
    elif kind == "label":
        _write_label(job, sheet, block, place)
    elif kind == "path":
        _write(job, sheet, block, place, path_part(block, place), {**styles.LABEL, **styles.INPUT})


def _write(job: Job, sheet: Worksheet, block: BlockAt, place: Place, value: object, look: Look) -> None:
    row, column = _position(block, place)
    assert value is None or isinstance(value, str | Decimal)
    put(sheet, row, column, value, job.styles(look))


def _position(block: BlockAt, place: Place) -> tuple[int, int]:
    row = block.rows[place.row]
    return row.sheet_row, block.columns[place.column].sheet_column + row.shift


def _write_figure(job: Job, sheet: Worksheet, block: BlockAt, place: Place, waiting: LineSum | None) -> None:
    value = job.values.get(place)
    kind = job.layout.kind(place)
    look = figure_look(kind, job.layout.decimals(place), job.layout.template.zero)
    formula = live_formula(job, place) or job.sources.get(place, "")
    if not formula and waiting is not None and value is None and kind == "amount":
        summed = summed_in_empty_run(waiting, block, place.column)
        formula = "" if summed is None else add_up(in_cell(summed))
    if formula:
        row, column = _position(block, place)
        put_formula(sheet, row, column, formula, job.styles(look), value)
    else:
        _write(job, sheet, block, place, value, {**look, **styles.INPUT})


def live_formula(job: Job, place: Place) -> str:
    """The formula of a total or a link; a link also waits for a 科目 that its table has no row for yet."""
    equation = job.live.get(place)
    if equation is not None:
        return job.links[place] if not equation.structural and place in job.links else render(equation, job.layout)
    return job.links.get(place, "") if job.values.get(place) is None else ""


def _write_code(job: Job, sheet: Worksheet, block: BlockAt, place: Place) -> None:
    if block.columns[place.column].definition.parts:
        code = block.rows[place.row].code if is_code_row(block, place.row) else ""
        _write_code_parts(job, sheet, block, block.rows[place.row].sheet_row, place.column, code)
    elif is_code_row(block, place.row):
        _write(job, sheet, block, place, block.rows[place.row].code, {**styles.CODE, **styles.INPUT})
    else:
        _write(job, sheet, block, place, None, styles.CODE)


def _write_code_parts(job: Job, sheet: Worksheet, block: BlockAt, row: int, column: int, code: str) -> None:
    """A code in a column for each level (类, 款, 项), taken from the code beside the table."""
    levels = CODE_LEVELS[members_dimension(block)]
    chosen = f"${column_letters(block.code_column)}{row}"
    for i, (start, end) in enumerate(zip((0, *levels), levels, strict=False)):
        if i < len(block.columns[column].definition.parts):
            formula = f"MID({chosen},{start + 1},{end - start})"
            at = block.columns[column].sheet_column + i
            put_formula(sheet, row, at, formula, job.styles(styles.CODE), code[start:end])


def _write_name(job: Job, sheet: Worksheet, block: BlockAt, place: Place) -> None:
    row = block.rows[place.row]
    if is_code_row(block, place.row):
        _write_code_name(job, sheet, block, place)
    else:
        label = row.label if block.find_column("label") is None else None
        _write(job, sheet, block, place, label, {**styles.LABEL, **_emphasis(block, place.row)})


def _write_label(job: Job, sheet: Worksheet, block: BlockAt, place: Place) -> None:
    row = block.rows[place.row]
    level = block.label_columns.index(place.column)
    if level != label_level(block, place.row):
        path = row.path[: len(block.above) + level + 1]
        group = group_label(block.block.rows, path, job.layout.outline) if level < block.depth(place.row) else ""
        _write(job, sheet, block, place, group or None, {**styles.LABEL, **styles.INPUT})
        return
    if is_code_row(block, place.row):
        if block.find_column("code") is None:
            _write_code_name(job, sheet, block, place)
        else:
            _write(job, sheet, block, place, None, styles.LABEL)
        return
    look = {**styles.LABEL, **_emphasis(block, place.row)}
    if row.definition is None or row.definition.each in DIMENSIONS:
        look |= {"locked": False} if row.definition is not None and row.definition.sum else styles.INPUT
    _write(job, sheet, block, place, printed_label(row), look)


def _write_code_name(job: Job, sheet: Worksheet, block: BlockAt, place: Place) -> None:
    """The name of a 科目: looked up, or as given if the catalogue has another or the format numbers it (一、)."""
    row = block.rows[place.row]
    assert row.definition is not None
    known = names(row.definition.each, job.layout.outline.year).get(row.code, "")
    given = job.values.get(place)
    text = given if isinstance(given, str) and given else row.label
    look = {**styles.LABEL, "align": "left", "indent": _code_indent(row)}
    if text == known != "":
        put_formula(sheet, *_position(block, place), name_formula(block, row.sheet_row), job.styles(look), known)
    else:
        _write(job, sheet, block, place, text or None, {**look, "locked": False})


def printed_label(row: RowAt) -> str:
    """A row's label; a 子项目 is moved in by blanks, which tell it from a project also when the file is read."""
    return f"{_INDENT}{row.label}" if row.pattern[-2:] == ("project", "item") else row.label


def label_level(block: BlockAt, row: int) -> int:
    """Which of the label columns has the row's own label."""
    return min(block.depth(row), len(block.label_columns) - 1)


def _code_indent(row: RowAt) -> int:
    assert row.definition is not None
    levels = row.definition.levels
    return levels.index(len(row.code)) if len(row.code) in levels else 0


def _emphasis(block: BlockAt, r: int) -> Look:
    """Totals at the foot are centred, lines such as 其中 are moved in."""
    definition = block.rows[r].definition
    if definition is None:
        return {}
    if definition.footer and len(block.rows[r].path) == 1 and definition.sum and not definition.rows:
        return {"align": "center"}
    return styles.indented(definition.indent)


def path_part(block: BlockAt, place: Place) -> str:
    """What a column of a row's path (一级指标, 二级指标, 三级指标) shows."""
    columns = [c for c, column in enumerate(block.block.columns) if column.kind == "path"]
    parts = block.rows[place.row].path[-len(columns) :]
    at = columns.index(place.column)
    return parts[at] if at < len(parts) else ""


def _write_blank_row(job: Job, sheet: Worksheet, block: BlockAt, row: int) -> None:
    """A spare row: inputs, drop-downs and formulas as in its neighbours, with nothing in it."""
    is_sentinel = row in {last for _, last in runs(block.blank_rows)}
    tint: Look = {"locked": False} if is_sentinel else styles.INPUT
    sums = {line.target: line for line in column_sums(block)}
    looks: Mapping[str, Look] = {"code": styles.CODE, "text": styles.TEXT}
    named = block.find_column("name")
    for c, at in enumerate(block.columns):
        kind, column = at.definition.kind, at.sheet_column
        number = figure_look(kind, job.layout.column_decimals(block.index, c), _NO_ZERO) if kind in FIGURES else {}
        if c in sums and kind == "amount":
            across = summed_across(block, sums[c], row)
            put_formula(sheet, row, column, add_up(in_cell(across)), job.styles(number), None)
        elif kind in FIGURES:
            put_merged(sheet, row, column, row, column + at.definition.span - 1, None, job.styles(number, tint))
        elif block.code_column and (c == named or (named is None and kind == "label")):
            put_formula(sheet, row, column, name_formula(block, row), job.styles(styles.LABEL), "")
        elif kind == "label" and block.code_column:
            put(sheet, row, column, None, job.styles(styles.LABEL))
        elif at.definition.parts:
            _write_code_parts(job, sheet, block, row, c, "")
        elif kind not in ("serial", "fixed"):
            look = job.styles(looks.get(kind, styles.LABEL), tint)
            put_merged(sheet, row, column, row, column + at.definition.span - 1, None, look)
    if block.helper_column:
        put(sheet, row, block.helper_column, None, job.styles(styles.HELPER, tint))


def _merge_spans(job: Job, sheet: Worksheet, block: BlockAt) -> None:
    """Columns that take several sheet columns: every row's cell is merged across."""
    for c, at in enumerate(block.columns):
        if at.definition.span == 1 or at.definition.parts:
            continue
        for r, row in enumerate(block.rows):
            if at.definition.kind != "path" or not _same_above(block, r, c):
                look = job.styles(styles.LABEL, styles.INPUT)
                right = at.sheet_column + at.definition.span - 1
                merge(sheet, row.sheet_row, at.sheet_column, row.sheet_row, right, look)
                _write_cell(job, sheet, block, Place(block.index, r, c), None)


def _same_above(block: BlockAt, r: int, c: int) -> bool:
    """Whether the row's path is the same as the one above, up to and including column `c`."""
    columns = [i for i, column in enumerate(block.block.columns) if column.kind == "path"]
    depth = len(columns) - columns.index(c) - 1
    return r > 0 and depth > 0 and block.rows[r].path[:-depth] == block.rows[r - 1].path[:-depth]


def _merge_fixed(job: Job, sheet: Worksheet, block: BlockAt) -> None:
    for at in block.columns:
        if at.definition.kind == "fixed" and block.rows:
            first, last = block.rows[0].sheet_row, block.rows[-1].sheet_row
            look = job.styles(styles.CENTRED)
            merge(sheet, first, at.sheet_column, last, at.sheet_column, look)
            put(sheet, first, at.sheet_column, job.text(at.definition.text), look)


def _merge_paths(job: Job, sheet: Worksheet, block: BlockAt) -> None:
    """Equal neighbours in the outer levels of an indicator's path become one cell."""
    columns = [c for c, column in enumerate(block.block.columns) if column.kind == "path"]
    for depth, c in enumerate(columns[:-1], 1):
        length = len(block.above) + depth
        for _, group in groupby(range(len(block.rows)), key=lambda r: block.rows[r].path[:length]):  # noqa: B023
            members = list(group)
            first, last = block.rows[members[0]].sheet_row, block.rows[members[-1]].sheet_row
            at = block.columns[c]
            look = job.styles(styles.CENTRED, styles.INPUT)
            merge(sheet, first, at.sheet_column, last, at.sheet_column + at.definition.span - 1, look)
            put(sheet, first, at.sheet_column, path_part(block, Place(block.index, members[0], c)), look)


def _merge_groups(job: Job, sheet: Worksheet, block: BlockAt) -> None:
    """The label of a group of fixed rows becomes one cell beside them; where rows can be added, each has its own."""
    columns = block.label_columns
    for level, c in enumerate(columns[:-1]):
        length = len(block.above) + level + 1
        for path, group in groupby(range(len(block.rows)), key=lambda r: block.rows[r].path[:length]):  # noqa: B023
            members = list(group)
            text = group_label(block.block.rows, path, job.layout.outline)
            if text and all(block.rows[r].definition is not None and not _is_added(block.rows[r]) for r in members):
                first, last = block.rows[members[0]].sheet_row, block.rows[members[-1]].sheet_row
                at, look = block.columns[c].sheet_column, job.styles(styles.CENTRED, styles.INPUT)
                merge(sheet, first, at, last, at, look)
                put(sheet, first, at, text, look)


def _is_added(row: RowAt) -> bool:
    return row.definition is not None and bool(row.definition.each)
