"""Lets XlsxWriter write thousands of sheets, and a million cells, in the time and memory that they need."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO, StringIO

from xlsxwriter.exceptions import DuplicateWorksheetName
from xlsxwriter.packager import Packager
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet


def keep_small(workbook: Workbook) -> None:
    """Have a workbook look names up among those of its sheets, and keep the parts of its file as bytes."""
    _look_names_up(workbook)
    packager: Callable[[], Packager] = workbook._get_packager
    workbook._get_packager = lambda: _keeping_bytes(packager())


def new_sheet(workbook: Workbook, name: str) -> Worksheet:
    """A sheet whose formulas are written as they are.

    XlsxWriter looks through each for the functions that Excel stores under other names (_xlfn…), for longer than it
    takes to write all the rest. None of our formulas has one.
    """
    sheet = workbook.add_worksheet(name)
    sheet._prepare_formula = _as_it_is
    return sheet


def _as_it_is(formula: str, _: bool = False) -> str:
    return formula.removeprefix("=")


def keep_as_text(sheet: Worksheet) -> None:
    """Keep the cells and links of a sheet that is filled as what they will be in the file: objects take far more.

    The sheets of a workbook have to be filled one after the other: their order is that of the numbers of the formats.
    """
    sheet._write_cols = _kept(sheet, sheet._write_cols)
    sheet._write_sheet_data = _kept(sheet, sheet._write_sheet_data)
    sheet._write_hyperlinks = _kept(sheet, sheet._write_hyperlinks)
    sheet.hyperlinks.clear()
    if not sheet.charts:  # these will look their figures up
        sheet.table.clear()


def _kept(sheet: Worksheet, write: Callable[[], None]) -> Callable[[], None]:
    """Writes what `write` would, once."""
    sheet.fh = StringIO()
    write()
    text = [sheet.fh.getvalue()]
    return lambda: sheet.fh.write(text.pop())


def _look_names_up(workbook: Workbook) -> None:
    """XlsxWriter compares the name of a new sheet with each of the others."""
    check, all_sheets, taken = workbook._check_sheetname, workbook.worksheets, set[str]()

    def checked(name: str, is_chart: bool = False) -> str:
        if name.lower() in taken:
            raise DuplicateWorksheetName(name)
        taken.add(name.lower())
        workbook.worksheets = list  # none to compare with
        try:
            return str(check(name, is_chart))
        finally:
            workbook.worksheets = all_sheets

    workbook._check_sheetname = checked


def _keeping_bytes(packager: Packager) -> Packager:
    """A packager whose parts are bytes as soon as the next one begins: a StringIO takes four for each letter."""
    begin: Callable[[str], StringIO] = packager._filename
    parts: list[tuple[StringIO | BytesIO, str, bool]] = packager.filenames

    def next_part(name: str) -> StringIO:
        text, before, _ = parts[-1] if parts else (None, "", False)
        if isinstance(text, StringIO):
            parts[-1] = BytesIO(text.getvalue().encode()), before, True
        return begin(name)

    packager._filename = next_part
    return packager
