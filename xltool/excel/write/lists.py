"""Drop-downs and input rules: the hidden sheet 科目 with the catalogues, and what may be typed where."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xltool.catalogue.by_year import TITLES, catalogue
from xltool.equations.instances import is_code_row
from xltool.excel.write import styles
from xltool.excel.write.cells import Job, put
from xltool.excel.write.formulas import quoted
from xltool.excel.write.table.sheet import areas_of_amounts
from xltool.layout.block import BlockAt
from xltool.layout.geometry import members_dimension, runs
from xltool.layout.layout import TableAt
from xltool.model import column_letters
from xltool.source.our_sheets import SUBJECTS
from xltool.template.spec import CODE_LEVELS


def write_lists(job: Job, sheet: Worksheet) -> None:
    """The year's catalogues, and the names `function_codes`, `function_names`, ... by which formulas know them.

    A code of other years is listed only if a row of this workbook has it.
    """
    look = job.styles(styles.CODE)
    year = catalogue(job.layout.outline.year)
    used = {row.code for block in job.layout.blocks for r, row in enumerate(block.rows) if is_code_row(block, r)}
    for position, dimension in enumerate(CODE_LEVELS):
        column = 1 + 3 * position
        put(sheet, 1, column, f"{TITLES[dimension]}科目编码", job.styles(styles.HEADING))
        put(sheet, 1, column + 1, f"{TITLES[dimension]}科目名称", job.styles(styles.HEADING))
        listed = {
            code: name for code, name in year.names[dimension].items() if code in used or not year.ruled_out_by(code)
        }
        for row, (code, name) in enumerate(listed.items(), 2):
            put(sheet, row, column, code, look)
            put(sheet, row, column + 1, name, look)
        sheet.set_column(column - 1, column - 1, 14)
        sheet.set_column(column, column, 40)
        for offset, words in enumerate(("codes", "names")):
            letter = column_letters(column + offset)
            place = f"{quoted(SUBJECTS)}!${letter}$2:${letter}${len(listed) + 1}"
            job.workbook.define_name(f"{dimension}_{words}", f"={place}")
    sheet.ignore_errors({"number_stored_as_text": f"A1:H{len(year.codes) + 1}"})
    sheet.protect()
    sheet.hide()


def validate_inputs(job: Job, sheet: Worksheet, table: TableAt) -> None:
    """Drop-downs for codes, and numbers only for amounts."""
    for band in job.bands(table):
        for block in band.blocks:
            _validate_codes(sheet, block)
            for place in areas_of_amounts(block, band):
                sheet.data_validation(place, _number_only(f"单位：{job.layout.outline.amount_unit}"))
            for place in areas_of_amounts(block, band, ("number",)):
                sheet.data_validation(place, _number_only("数量"))
            for place in areas_of_amounts(block, band, ("percent",)):
                sheet.data_validation(place, _number_only("百分比，如 98.13%"))
            if band.is_form:
                _validate_fields(job, sheet, block)


def _validate_codes(sheet: Worksheet, block: BlockAt) -> None:
    """An unknown code is warned about but may be kept: the catalogue of a later year may have it."""
    dimension = members_dimension(block)
    if not dimension:
        return
    rows = [row.sheet_row for r, row in enumerate(block.rows) if is_code_row(block, r)]
    for first, last in runs([*rows, *block.blank_rows]):
        sheet.data_validation(
            first - 1,
            block.code_column - 1,
            last - 1,
            block.code_column - 1,
            {
                "validate": "list",
                "source": f"={dimension}_codes",
                "error_type": "warning",
                "error_title": "科目编码",
                "error_message": f"目录里没有这个{TITLES[dimension]}科目编码，请核对。确实要用它，请选“是”。",
            },
        )


def _validate_fields(job: Job, sheet: Worksheet, block: BlockAt) -> None:
    """What may be typed into the fields of a form: numbers only, or one of the choices."""
    kinds = {"amount": f"单位：{job.layout.outline.amount_unit}", "number": "数量", "percent": "百分比，如 98.13%"}
    for r, row in enumerate(block.rows):
        cell = block.cell(r, 1)
        if cell is None or row.definition is None:
            continue
        if row.definition.kind in kinds:
            sheet.data_validation(cell.a1, _number_only(kinds[row.definition.kind]))
        elif row.definition.choices:
            sheet.data_validation(cell.a1, {"validate": "list", "source": list(row.definition.choices)})


def _number_only(what: str) -> dict[str, object]:
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -1e15,
        "maximum": 1e15,
        "error_title": "请输入数字",
        "error_message": f"这里只能填数字（{what}），不要填文字、单位或空格。",
    }
