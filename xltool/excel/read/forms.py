"""Reads forms: labelled cells wherever they stand, and which project a repeated form is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xltool.layout.block import BlockAt, ColumnAt, RowAt
from xltool.layout.plan import rows_in
from xltool.model import Path
from xltool.source.sheet import Sheet
from xltool.template.names import normal
from xltool.template.printed import any_of
from xltool.template.spec import Row, Table
from xltool.template.spellings import spellings

Cell = tuple[int, int]
"""A sheet row and a sheet column."""


def printed_member(sheet: Sheet, table: Table) -> str:
    """Which project a sheet of a repeated form is about: what stands in its field of kind "member", else its name."""
    fields = (row for block in table.blocks if block.is_form for row in rows_in(block, table))
    field = next(row for row in fields if row.kind == "member")
    cell = _find_label(sheet, field, 1)
    return (cell and sheet.label(*_right_of(sheet, cell))) or sheet.name


def member_of(sheet: Sheet, table: Table, taken: Sequence[Path], projects: dict[str, str]) -> Path:
    """The path that a sheet's rows begin with: the project of a repeated form, () for any other table.

    The project is called as in `projects`; a second sheet of the same project is told apart by "#2".
    """
    if not table.each:
        return ()
    printed = printed_member(sheet, table)
    name = projects.setdefault(normal(printed), printed)
    path, number = (name,), 1
    while path in taken:
        number += 1
        path = (f"{name}#{number}",)
    return path


def read_form(at: BlockAt, sheet: Sheet, title_row: int) -> BlockAt:
    """The form with its fields: a label, and the first cell right of it; one without a label is below the last."""
    columns, rows = list(at.columns), list[RowAt]()
    before: Cell | None = None
    kinds = (at.table.each,) if at.above else ()
    for row in rows_in(at.block, at.table):
        label = _find_label(sheet, row, title_row + 1) if row.label else _below(columns[0], before)
        if label is None:
            continue
        value = _right_of(sheet, label) if row.label else label
        for i, position in enumerate((label[1], value[1])):
            columns[i] = columns[i]._replace(sheet_column=columns[i].sheet_column or position)
        shift = value[1] - columns[-1].sheet_column
        rows.append(RowAt((*at.above, row.id), row, (*kinds, row.id), label[0], row.label, shift))
        before = label
    return replace(at, columns=tuple(columns), rows=tuple(rows))


def _find_label(sheet: Sheet, row: Row, start: int) -> Cell | None:
    printed, spelt = any_of((row.label,)), any_of((row.label, *spellings(row.label, row.also)))
    for wanted in dict.fromkeys((printed, spelt)):
        cells = ((r, c) for r in range(start, sheet.height + 1) for c in range(1, sheet.width + 1))
        found = next((cell for cell in cells if sheet.own(*cell) and wanted.fits(sheet.own(*cell))), None)
        if found is not None:
            return found
    return None


def _below(at: ColumnAt, cell: Cell | None) -> Cell | None:
    """The first cell of the line below that of the field before."""
    return None if cell is None else (cell[0] + 1, at.sheet_column)


def _right_of(sheet: Sheet, cell: Cell) -> Cell:
    """The first cell right of a label that is not part of the label's own merged range."""
    row, column = cell[0], cell[1] + 1
    while column < sheet.width and sheet.merged.get((row, column)) == cell:
        column += 1
    return row, column
