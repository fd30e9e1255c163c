"""LibreOffice as the user: opens workbooks, edits them as one does by hand, recalculates and saves them as .xlsx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.excel.libreoffice import macro
from tests.excel.libreoffice.macro import text

_SUB = """
Sub Edit{number}
  Dim load(0) As New com.sun.star.beans.PropertyValue
  load(0).Name = "Hidden" : load(0).Value = True
  document = StarDesktop.loadComponentFromURL({source}, "_blank", 0, load())
  sheets = document.Sheets
{steps}
  document.calculateAll()
  Dim save(0) As New com.sun.star.beans.PropertyValue
  save(0).Name = "FilterName" : save(0).Value = {filter}
  document.storeToURL({target}, save())
  document.close(True)
End Sub
"""
_MAIN = """
Sub Main
  On Error Goto Failed
{calls}
  message = "done"
  Goto Tell
Failed:
  message = "line " & Erl & ": " & Error$
Tell:
  file = FreeFile
  Open {log} For Output As #file
  Print #file, message
  Close #file
End Sub
"""


@dataclass
class Editing:
    """The edits of one workbook, in order; sheets by name, rows and columns counted from 1."""

    source: Path
    target: Path
    steps: list[str] = field(default_factory=list)

    def unprotect(self) -> None:
        """Every sheet, as 撤销工作表保护 does."""
        self.steps.append('For Each sheet In sheets : sheet.unprotect("") : Next')

    def insert_row(self, sheet: str, row: int) -> None:
        """A row above `row`, formatted like the one above it."""
        self.steps.append(f"{_sheet(sheet)}.Rows.insertByIndex({row - 1}, 1)")

    def delete_row(self, sheet: str, row: int) -> None:
        """The row, and what is below it moves up."""
        self.steps.append(f"{_sheet(sheet)}.Rows.removeByIndex({row - 1}, 1)")

    def hide_row(self, sheet: str, row: int) -> None:
        """The row stays where it is, out of sight."""
        self.steps.append(f"{_sheet(sheet)}.Rows.getByIndex({row - 1}).IsVisible = False")

    def type(self, sheet: str, cell: str, typed: str) -> None:
        """What is typed into a cell, and understood as if it was typed."""
        self.steps.append(f"{_sheet(sheet)}.getCellRangeByName({text(cell)}).FormulaLocal = {text(typed)}")

    def number(self, sheet: str, cell: str, number: int) -> None:
        """A number, even where the cell is formatted as text (as a pasted one may be)."""
        self.steps.append(f"{_sheet(sheet)}.getCellRangeByName({text(cell)}).Value = {number}")

    def copy_cell(self, sheet: str, source: str, target: str) -> None:
        """Copy and paste (formulas move along)."""
        at = _sheet(sheet)
        to = f"{at}.getCellRangeByName({text(target)}).CellAddress"
        self.steps.append(f"{at}.copyRange({to}, {at}.getCellRangeByName({text(source)}).RangeAddress)")

    def sort(self, sheet: str, area: str, column: int) -> None:
        """The rows of `area` by its n-th column (from 0), largest first."""
        self.steps += [
            "Dim fields(0) As New com.sun.star.table.TableSortField",
            f"fields(0).Field = {column} : fields(0).IsAscending = False",
            "Dim order(0) As New com.sun.star.beans.PropertyValue",
            'order(0).Name = "SortFields" : order(0).Value = fields()',
            f"{_sheet(sheet)}.getCellRangeByName({text(area)}).sort(order())",
        ]

    def rename_sheet(self, sheet: str, name: str) -> None:
        """As a double click on its tab does."""
        self.steps.append(f"{_sheet(sheet)}.Name = {text(name)}")

    def copy_sheet(self, sheet: str, name: str) -> None:
        """A copy beside it, as one keeps for safety."""
        self.steps.append(f"sheets.copyByName({text(sheet)}, {text(name)}, 1)")

    def delete_sheet(self, sheet: str) -> None:
        """The sheet and what refers to it."""
        self.steps.append(f"sheets.removeByName({text(sheet)})")

    def move_sheet(self, sheet: str, position: int) -> None:
        """To be the n-th, from 0."""
        self.steps.append(f"sheets.moveByName({text(sheet)}, {position})")


def edit(edits: Sequence[Editing], tmp: Path, kind: str = "Calc MS Excel 2007 XML") -> None:
    """Carry out all of `edits` in one run of the program, with a profile of its own in `tmp`."""
    log = tmp / "log.txt"
    log.unlink(missing_ok=True)
    macro.start(_basic(edits, log, kind), tmp / "profile").wait(macro.SECONDS)
    message = log.read_text(encoding="utf-8").strip() if log.exists() else "the macro did not run"
    if message != "done":
        raise AssertionError(message)


def _basic(edits: Sequence[Editing], log: Path, kind: str) -> str:
    subs = [
        _SUB.format(
            number=number,
            source=text(editing.source.as_uri()),
            target=text(editing.target.as_uri()),
            filter=text(kind),
            steps="\n".join(f"  {step}" for step in editing.steps),
        )
        for number, editing in enumerate(edits)
    ]
    calls = "\n".join(f"  Edit{number}" for number in range(len(edits)))
    return "".join(subs) + _MAIN.format(calls=calls, log=text(str(log)))


def _sheet(name: str) -> str:
    return f"sheets.getByName({text(name)})"
