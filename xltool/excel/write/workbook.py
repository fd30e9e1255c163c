"""Writes a workbook: 目录, one sheet a table, the hidden catalogue 科目, 校验 (if any rule is a formula), more."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.cells import Job
from xltool.excel.write.checks.lines import check_lines
from xltool.excel.write.checks.rule_sides import links
from xltool.excel.write.checks.sheet import write_checks
from xltool.excel.write.contents import empty_tables, write_contents
from xltool.excel.write.formulas import quoted
from xltool.excel.write.highlights import Compared, compared_cells, highlight_checks, highlight_sums
from xltool.excel.write.lists import validate_inputs, write_lists
from xltool.excel.write.styles import Styles
from xltool.excel.write.table.paper import ACROSS, UPRIGHT, Fit, Paper, fits
from xltool.excel.write.table.sheet import PROTECTION, set_up_print, write_table
from xltool.excel.write.thousands import LargeWorkbook, PackedSheet
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout, TableAt
from xltool.model import Value, format_path
from xltool.saving import save_file
from xltool.source.our_sheets import CHECKS, CONTENTS, SUBJECTS
from xltool.source.sheet import TITLE_NAME

TABLE_NAME = TITLE_NAME + "{number:02d}"
"""The hidden name of the title cell of the n-th sheet with a table: it follows the sheet when that is renamed."""

CREATED = datetime(2000, 1, 1)
"""The same input gives the same bytes, so the file does not say when it was made."""


def write(
    layout: Layout,
    values: Mapping[Place, Value],
    live: Mapping[Place, Equation],
    target: Path,
    added: Sequence[AddedSheet] = (),
    noted: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write the workbook of a planned layout to `target`, in one step.

    `values` holds every known fact, computed totals included; the cells of `live` get that equation as their formula,
    with the value as its cached result; every other cell gets its literal value or is an empty input. `noted` is what
    is noted in it besides what its template and outline say, see `Book.noted`. Raises FileRefused if the file cannot be
    written.
    """
    save_file(target, workbook_bytes(layout, values, live, added, noted))


def workbook_bytes(
    layout: Layout,
    values: Mapping[Place, Value],
    live: Mapping[Place, Equation],
    added: Sequence[AddedSheet] = (),
    noted: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The content of the .xlsx file; the same for the same input."""
    buffer = io.BytesIO()
    workbook = LargeWorkbook(
        buffer,
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": styles.FONT, "font_size": 10},
        },
    )
    sources = {place: formula for one in added for place, formula in one.sources.items()}
    job = Job(workbook, Styles(workbook), layout, values, live, links(layout), sources)
    _describe(job, noted)
    contents = workbook.new_sheet(CONTENTS)
    sheets = {name: workbook.new_sheet(table.sheet) for name, table in layout.tables.items()}
    lists = workbook.new_sheet(SUBJECTS)
    _fill_official(job, contents, sheets, lists, added)
    for one in added:
        sheet = workbook.new_sheet(one.name)
        _finish(sheet, ACROSS)
        one.write(job, sheet)
        sheet.keep_packed()
    _name_tables(job)
    contents.activate()
    workbook.close()
    return buffer.getvalue()


def _finish(sheet: Worksheet, paper: Paper) -> None:
    set_up_print(sheet, paper)
    sheet.protect("", PROTECTION)


def _fill_official(
    job: Job, contents: PackedSheet, sheets: Mapping[str, PackedSheet], lists: PackedSheet, added: Sequence[AddedSheet]
) -> None:
    """Everything up to 校验, the last sheet that `new` writes."""
    lines = check_lines(job.layout, job.values, job.live, job.sources.keys())
    write_contents(job, contents, lines, added)
    _finish(contents, UPRIGHT)
    contents.keep_packed()
    compared, fit = compared_cells(lines), fits(job)
    for name, sheet in sheets.items():
        table = job.layout.tables[name]
        _fill_table(job, sheet, table, compared.get(table.sheet, []), fit[table.sheet])
    write_lists(job, lists)
    lists.keep_packed()
    if lines:
        checks = job.workbook.new_sheet(CHECKS)
        write_checks(job, checks, lines, empty_tables(job))
        _finish(checks, ACROSS)
        checks.keep_packed()


def _fill_table(job: Job, sheet: PackedSheet, table: TableAt, compared: Sequence[Compared], fit: Fit) -> None:
    write_table(job, sheet, table, fit)
    validate_inputs(job, sheet, table)
    highlight_checks(job, sheet, compared)
    highlight_sums(job, sheet, table)
    sheet.keep_packed()


def _describe(job: Job, noted: Mapping[str, str]) -> None:
    """Document properties: what people see in the file's details, and what `xltool` needs to know it again."""
    template, outline = job.layout.template, job.layout.outline
    job.workbook.set_properties(
        {
            "title": f"{outline.year}年{outline.department}{template.title}",
            "subject": template.title,
            "company": outline.department,
            "created": CREATED,
        }
    )
    for name, value in (
        ("template", template.id),
        *([("version", str(template.version))] if template.version > 1 else []),
        ("year", str(outline.year)),
        ("amount_unit", outline.amount_unit),
        ("department", outline.department),
        *([("decimals", str(outline.decimals))] if outline.decimals is not None else []),
        *([("corrections", format_path((*sorted(outline.corrections),)))] if outline.corrections else []),
        *noted.items(),
    ):
        job.workbook.set_custom_property(f"xltool.{name}", value, "text")


def _name_tables(job: Job) -> None:
    names = job.workbook.defined_names
    for number, table in enumerate(job.layout.tables.values(), 1):
        job.workbook.define_name(TABLE_NAME.format(number=number), f"={quoted(table.sheet)}!$A${table.title_row}")
        name, index, formula, _ = names[-1]
        names[-1] = [name, index, formula, True]  # XlsxWriter hides its own names only
