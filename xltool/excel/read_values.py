"""Reads the values and formulas of the cells that a layout found, and tells which totals still have their formula."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.checking.equations import rule_equations, structural_equations
from xltool.checking.evaluate import compute
from xltool.checking.problems import UNREADABLE, problem
from xltool.excel.cells import amount, label
from xltool.excel.formula_terms import terms_of
from xltool.excel.package import Package
from xltool.excel.parts import Workbook
from xltool.excel.sheet import Sheet
from xltool.excel.sheet_formulas import SheetFormulas, scan
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.layout.layout import BlockAt, Place, RowAt
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
    _find_live(book, sheets)


def _read_amounts(book: Book, block: BlockAt, column: int, sheet: Sheet, found: SheetFormulas) -> None:
    for r, row in enumerate(block.rows):
        place = Place(block.index, r, column)
        at = block.columns[column].sheet_column + row.shift
        raw = sheet.raw(row.sheet_row, at)
        if found.texts or found.errors:
            cell = block.cell(r, column)
            address = cell.a1 if cell is not None else ""
            if address in found.texts:
                book.formulas[place] = found.texts[address]
            if address in found.errors:
                text = f"单元格是错误值 {found.errors[address]}。"
                book.remarks.append(problem(UNREADABLE, text, block.key(r, column), cell))
                continue
        if raw == "":
            continue
        read = amount(raw)
        if read.problem:
            book.remarks.append(
                problem(UNREADABLE, f"单元格{read.problem}。", block.key(r, column), block.cell(r, column))
            )
        elif read.value is not None:
            book.values[place] = read.value
            if read.is_text:
                book.as_text.append(place)


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


def _find_live(book: Book, sheets: Mapping[str, Sheet]) -> None:
    """Totals whose formula adds up what the template says: their values follow, whatever the file has stored."""
    expected: dict[Place, list[Equation]] = {}
    for equation in (*structural_equations(book.layout), *rule_equations(book.layout)):
        if equation.target is not None and equation.right:
            expected.setdefault(equation.target, []).append(equation)
    live: dict[Place, Equation] = {}

    def code_at(sheet: str, row: int, column: int) -> str:
        return sheets[sheet].label(row, column) if sheet in sheets else ""

    for place, text in book.formulas.items():
        cell = book.layout.cell(place)
        terms = None if cell is None else terms_of(text, cell.sheet, code_at)
        if terms is None:
            continue
        added = {
            at: coefficient for cell, coefficient in terms.items() if (at := book.layout.place_at(cell)) is not None
        }
        same = [equation for equation in expected.get(place, ()) if added == _parts(equation)]
        if same:
            live[place] = same[0]
        elif not added:
            book.values.pop(place, None)
    book.live = live
    compute(book.values, live)


def _parts(equation: Equation) -> dict[Place, Decimal]:
    parts: dict[Place, Decimal] = {}
    for coefficient, place in equation.right:
        parts[place] = parts.get(place, Decimal(0)) + coefficient
    return parts
