"""Reads the values and formulas of the cells that a layout found, and tells which totals still have their formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xltool.catalogue import by_year
from xltool.equations.evaluate import compute
from xltool.equations.instances import is_code_row
from xltool.equations.nets import Nets
from xltool.excel.read.formulas.displaced import displaced
from xltool.excel.read.formulas.formula_match import Formulas
from xltool.excel.read.formulas.results import Results
from xltool.layout.block import BlockAt, ExtraRow, Place, RowAt
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.layout.seen import Extra, Unreadable
from xltool.model import CellRef, column_letters
from xltool.source.cells import Amount, Raw, amount, from_float, is_amount, label
from xltool.source.sheet import Sheet
from xltool.template.names import bare, normal
from xltool.template.spec import CODE_LEVELS, FIGURES

_LOST = "#REF!"
"""What stands in a formula, and what it gives, where a row or a sheet that it refers to was deleted."""


def read_values(book: Book, sheets: Mapping[str, Sheet], results: Results) -> None:
    """Fill in the book's values, formulas and live cells from its sheets; what cannot be read is noted in `seen`.

    The stored result of a live total is not looked at: its value follows from the cells it adds up. One that rounds
    away what they have is not live: its value is its own. Nor is one believed that leaves an amount out because it is
    stored as text: its value is what the workbook shows.
    """
    for block in book.layout.blocks:
        for c, column in enumerate(block.columns):
            if not column.sheet_column:
                continue
            if column.definition.kind in (*FIGURES, "field"):
                _read_figures(book, block, c, sheets[block.sheet])
            if column.definition.kind in ("text", "name", "field"):
                _read_texts(book, block, c, sheets[block.sheet])
            if column.definition.kind == "label" and block.find_column("name") is None:
                _read_names(book, block, c, sheets[block.sheet])
    book.layout = Formulas(book.layout, sheets, results).with_counted(book.formulas)
    formulas = Formulas(book.layout, sheets, results)
    live = formulas.live(book.formulas)
    unscaled = formulas.unscaled({place: text for place, text in book.formulas.items() if place not in live})
    book.seen.unscaled = frozenset(unscaled)
    live |= unscaled
    if book.is_ours:
        others = {place: text for place, text in book.formulas.items() if place not in live}
        moved = displaced(book.layout, others, formulas.parts)
        book.seen.displaced = frozenset(moved)
        live |= moved
    others = {place: text for place, text in book.formulas.items() if place not in live}
    book.unclear = formulas.unclear(others)
    for place in others:
        _read_result(book, place, formulas, results, sheets)
    book.live = compute(book.values, live)
    rounded = formulas.rounded(book.formulas, book.live)
    inexact = {place for place, digits in rounded.items() if _loses(book, live[place], digits)}
    if inexact:
        for place in inexact:
            _read_result(book, place, formulas, results, sheets)
        book.live = compute(book.values, {place: sums for place, sums in live.items() if place not in inexact})
        book.unclear |= inexact
    _leave_out_texts(book, results, sheets)
    for block in book.layout.blocks:
        for row in block.extra:
            values = dict(_extra_figures(block, row, sheets[block.sheet], results))
            if values:
                book.seen.extra.append(
                    Extra(block.index, row, values, (block.sheet, row.sheet_row) in formulas.counted)
                )


def _extra_figures(block: BlockAt, row: ExtraRow, sheet: Sheet, results: Results) -> Iterator[tuple[int, Decimal]]:
    """The amounts in a row that is none of the table, by columns, zeros aside."""
    for c in block.block.amounts:
        cell = CellRef(block.sheet, row.sheet_row, block.columns[c].sheet_column)
        has_result = cell.a1 not in sheet.formulas.without_value
        value = amount(sheet.raw(cell.row, cell.column)).value if has_result else results.of(cell)
        if cell.column and isinstance(value, Decimal) and value:
            yield c, value


def _leave_out_texts(book: Book, results: Results, sheets: Mapping[str, Sheet]) -> None:
    """Let the totals of amounts stored as text be what the workbook shows: Excel's sums leave these out."""
    texts = set(book.as_text)
    nets = Nets(book.live)
    for place in [place for place in book.live if texts and not texts.isdisjoint(nets.at(place))]:
        cell = book.layout.cell(place)
        assert cell is not None
        raw = sheets[cell.sheet].raw(cell.row, cell.column)
        if cell.a1 in sheets[cell.sheet].formulas.without_value:
            shown = results.of(cell)
        else:
            shown = from_float(raw) if isinstance(raw, float) else None
        if isinstance(shown, Decimal):
            book.values[place] = shown


def _read_figures(book: Book, block: BlockAt, column: int, sheet: Sheet) -> None:
    """The figures that were typed in; formulas are kept for later."""
    found = sheet.formulas
    first = block.columns[column].sheet_column
    letters = column_letters(first)
    for r, (row, line) in enumerate(zip(block.rows, block.places, strict=True)):
        if block.block.is_form and block.kind(r, column) not in FIGURES:
            continue
        at = first + row.shift
        address = f"{column_letters(at) if row.shift else letters}{row.sheet_row}"
        formula = found.texts.get(address)
        if formula is not None:
            book.formulas[line[column]] = formula
            continue
        raw = sheet.raw(row.sheet_row, at)
        if type(raw) is float and is_amount(raw):
            book.values[line[column]] = from_float(raw)
        elif raw != "" or (found.errors and address in found.errors):
            _read_typed(book, line[column], raw, found.errors.get(address, ""))


def _loses(book: Book, equation: Equation, digits: int) -> bool:
    """Whether a sum that is rounded to so many decimals may be another than that of its parts."""
    values = ((coefficient, book.values.get(part)) for coefficient, part in equation.right)
    return any(
        isinstance(v, Decimal) and round(coefficient * v, digits) != coefficient * v for coefficient, v in values
    )


def _read_result(book: Book, place: Place, formulas: Formulas, results: Results, sheets: Mapping[str, Sheet]) -> None:
    """The result of a formula that is not the template's: as stored, else worked out."""
    cell = book.layout.cell(place)
    assert cell is not None
    sheet = sheets[cell.sheet]
    found = sheet.formulas
    if formulas.parts(book.formulas[place], cell.sheet) == {}:
        return
    if cell.a1 not in found.without_value:
        _read_typed(book, place, sheet.raw(cell.row, cell.column), found.errors.get(cell.a1, ""))
        return
    result = results.of(cell)
    if result is None and _LOST in book.formulas[place]:
        _read_typed(book, place, "", _LOST)
    elif result is None:
        book.seen.without_result.append(place)
    elif isinstance(result, str):
        _read_typed(book, place, result, "")
    else:
        book.values[place] = result


def _read_typed(book: Book, place: Place, raw: Raw, error: str) -> None:
    """An amount in any form; what is none is noted."""
    read = Amount(None, problem=f"是错误值 {error}") if error else figure(book.layout.kind(place), raw)
    if read.problem:
        text = label(raw) if isinstance(raw, str) and not error else ""
        book.seen.unreadable[place] = Unreadable(text, read.problem)
    elif read.value is not None:
        book.values[place] = read.value
        if read.is_text:
            book.as_text.append(place)


def figure(kind: str, raw: Raw) -> Amount:
    """A figure as typed; a share typed as the text "98.13%" is 0.9813."""
    is_share = kind == "percent" and isinstance(raw, str) and label(raw).endswith(("%", "％"))
    read = amount(label(raw)[:-1] if is_share else raw)
    return read._replace(value=read.value.scaleb(-2)) if is_share and read.value is not None else read


def _read_texts(book: Book, block: BlockAt, column: int, sheet: Sheet) -> None:
    """Free text; a 科目名称 only where it is not the one that the catalogue has for the code."""
    is_name = block.columns[column].definition.kind == "name"
    for r, row in enumerate(block.rows):
        if block.kind(r, column) not in ("text", "name"):
            continue
        text = label(sheet.whole(row.sheet_row, block.columns[column].sheet_column + row.shift))
        if text and not (is_name and _is_from_catalogue(row, text, book.outline.year)):
            book.values[Place(block.index, r, column)] = text


def _read_names(book: Book, block: BlockAt, column: int, sheet: Sheet) -> None:
    """科目 printed by name alone: the name as printed, where it is not the one that the catalogue has for the code."""
    for r, row in enumerate(block.rows):
        text = label(sheet.whole(row.sheet_row, block.columns[column].sheet_column))
        known = by_year.names(row.pattern[-1], book.outline.year) if is_code_row(block, r) else {}
        if known and text and bare(text) != normal(known.get(row.code, "")):
            book.values[Place(block.index, r, column)] = text


def _is_from_catalogue(row: RowAt, text: str, year: int) -> bool:
    if row.definition is None or row.definition.each not in CODE_LEVELS:
        return True
    return "".join(text.split()) == by_year.names(row.definition.each, year).get(row.code, "")
