"""LibreOffice as the user: opens workbooks, edits them as one does by hand, recalculates and saves them as .xlsx."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from tests.excel.libreoffice.recalculate import program

_SECONDS = 180
_MODULE = "Module1"
_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/{kind}.xlb/" xlink:type="simple"
  library:link="false"/>
</library:libraries>"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false">{element}</library:library>"""
_ELEMENT = f'<library:element library:name="{_MODULE}"/>'
_SOURCE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="{name}" script:language="StarBasic">{basic}
</script:module>"""
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

    def type(self, sheet: str, cell: str, text: str) -> None:
        """What is typed into a cell, and understood as if it was typed."""
        self.steps.append(f"{_sheet(sheet)}.getCellRangeByName({_text(cell)}).FormulaLocal = {_text(text)}")

    def number(self, sheet: str, cell: str, number: int) -> None:
        """A number, even where the cell is formatted as text (as a pasted one may be)."""
        self.steps.append(f"{_sheet(sheet)}.getCellRangeByName({_text(cell)}).Value = {number}")

    def copy_cell(self, sheet: str, source: str, target: str) -> None:
        """Copy and paste (formulas move along)."""
        at = _sheet(sheet)
        to = f"{at}.getCellRangeByName({_text(target)}).CellAddress"
        self.steps.append(f"{at}.copyRange({to}, {at}.getCellRangeByName({_text(source)}).RangeAddress)")

    def sort(self, sheet: str, area: str, column: int) -> None:
        """The rows of `area` by its n-th column (from 0), largest first."""
        self.steps += [
            "Dim fields(0) As New com.sun.star.table.TableSortField",
            f"fields(0).Field = {column} : fields(0).IsAscending = False",
            "Dim order(0) As New com.sun.star.beans.PropertyValue",
            'order(0).Name = "SortFields" : order(0).Value = fields()',
            f"{_sheet(sheet)}.getCellRangeByName({_text(area)}).sort(order())",
        ]

    def rename_sheet(self, sheet: str, name: str) -> None:
        """As a double click on its tab does."""
        self.steps.append(f"{_sheet(sheet)}.Name = {_text(name)}")

    def copy_sheet(self, sheet: str, name: str) -> None:
        """A copy beside it, as one keeps for safety."""
        self.steps.append(f"sheets.copyByName({_text(sheet)}, {_text(name)}, 1)")

    def delete_sheet(self, sheet: str) -> None:
        """The sheet and what refers to it."""
        self.steps.append(f"sheets.removeByName({_text(sheet)})")

    def move_sheet(self, sheet: str, position: int) -> None:
        """To be the n-th, from 0."""
        self.steps.append(f"sheets.moveByName({_text(sheet)}, {position})")


def edit(edits: Sequence[Editing], tmp: Path, kind: str = "Calc MS Excel 2007 XML") -> None:
    """Carry out all of `edits` in one run of the program, with a profile of its own in `tmp`."""
    assert program is not None
    log, profile = tmp / "log.txt", tmp / "profile"
    command = [program, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    if not profile.exists():  # its first start sets the profile up and would throw our macro away
        subprocess.run([*command, "--terminate_after_init"], check=True, capture_output=True, timeout=_SECONDS)
    _install(profile / "user" / "basic", _basic(edits, log, kind))
    log.unlink(missing_ok=True)
    command.append(f"macro:///Standard.{_MODULE}.Main")
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    message = log.read_text(encoding="utf-8").strip() if log.exists() else "the macro did not run"
    if message != "done":
        raise AssertionError(message)


def _basic(edits: Sequence[Editing], log: Path, kind: str) -> str:
    subs = [
        _SUB.format(
            number=number,
            source=_text(editing.source.as_uri()),
            target=_text(editing.target.as_uri()),
            filter=_text(kind),
            steps="\n".join(f"  {step}" for step in editing.steps),
        )
        for number, editing in enumerate(edits)
    ]
    calls = "\n".join(f"  Edit{number}" for number in range(len(edits)))
    return "".join(subs) + _MAIN.format(calls=calls, log=_text(str(log)))


def _install(folder: Path, basic: str) -> None:
    library = folder / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    for kind, element in (("script", _ELEMENT), ("dialog", "")):
        (folder / f"{kind}.xlc").write_text(_LIBRARIES.format(kind=kind), encoding="utf-8")
        (library / f"{kind}.xlb").write_text(_LIBRARY.format(element=element), encoding="utf-8")
    source = _SOURCE.format(name=_MODULE, basic=escape(basic))
    (library / f"{_MODULE}.xba").write_text(source, encoding="utf-8")


def _sheet(name: str) -> str:
    return f"sheets.getByName({_text(name)})"


def _text(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
