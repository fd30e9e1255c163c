"""Reads the values and formulas of the cells that a layout found, and tells which totals still have their formula."""

from __future__ import annotations

from collections.abc import Mapping

from xltool.checking.problems import UNREADABLE, problem
from xltool.excel.cells import Raw, amount, from_float, label
from xltool.excel.live import find_live
from xltool.excel.package import Package
from xltool.excel.parts import Workbook
from xltool.excel.sheet import Sheet
from xltool.excel.sheet_formulas import SheetFormulas, scan
from xltool.layout.book import Book
from xltool.layout.layout import BlockAt, Place, RowAt
from xltool.model import column_letters
from xltool.template import catalogue
from xltool.template.spec import CODE_LEVELS


def read_values(book: Book, sheets: Mapping[str, Sheet], package: Package, workbook: Workbook) -> None:
    """Fill in the book's values, formulas and live cells from its sheets; what cannot be read becomes a remark."""
    scanned = {name: scan(package.read(workbook.sheets[name])) for name in sheets if name in workbook.sheets}
    nothing = SheetFormulas({}, set(), {})
    for block in book.layout.blocks:
        sheet, found = sheets[block.sheet], scanned.get(block.sheet, nothing)
        for c, column in enumerate(block.columns):
            if not column.sheet_column:
                continue
            if column.definition.kind == "amount":
                _read_amounts(book, block, c, sheet, found)
            elif column.definition.kind == "text" or column.definition.kind == "name":
                _read_texts(book, block, c, sheet)
    find_live(book, sheets)


def _read_amounts(book: Book, block: BlockAt, column: int, sheet: Sheet, found: SheetFormulas) -> None:
    letters = column_letters(block.columns[column].sheet_column)
    for row, line in zip(block.rows, block.places, strict=True):
        place = line[column]
        address = f"{letters}{row.sheet_row}"
        formula = found.texts.get(address)
        if formula is not None:
            book.formulas[place] = formula
        raw = sheet.raw(row.sheet_row, block.columns[column].sheet_column)
        if type(raw) is float:
            book.values[place] = from_float(raw)
        elif address in found.errors:
            _unreadable(book, place, f"单元格是错误值 {found.errors[address]}")
        elif raw != "":
            _read_typed(book, place, raw)


def _read_typed(book: Book, place: Place, raw: Raw) -> None:
    """An amount that is not simply a number in its cell."""
    read = amount(raw)
    if read.problem:
        _unreadable(book, place, f"单元格{read.problem}")
    elif read.value is not None:
        book.values[place] = read.value
        if read.is_text:
            book.as_text.append(place)


def _unreadable(book: Book, place: Place, reason: str) -> None:
    book.remarks.append(problem(UNREADABLE, f"{reason}。", book.layout.key(place), book.layout.cell(place)))


def _read_texts(book: Book, block: BlockAt, column: int, sheet: Sheet) -> None:
    """Free text; a 科目名称 only where it is not the one that the catalogue has for the code."""
    is_name = block.columns[column].definition.kind == "name"
    for r, row in enumerate(block.rows):
        text = label(sheet.whole(row.sheet_row, block.columns[column].sheet_column + row.shift))
        if text and not (is_name and _is_from_catalogue(row, text)):
            book.values[Place(block.index, r, column)] = text


def _is_from_catalogue(row: RowAt, text: str) -> bool:
    if row.definition is None or row.definition.each not in CODE_LEVELS:
        return True
    return "".join(text.split()) == catalogue.names(row.definition.each).get(row.code, "")
