"""LibreOffice as the judge of formulas: one process that stays open, so that no workbook waits for its start."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import openpyxl

from tests.excel.libreoffice import macro

Values = dict[str, dict[str, object]]

_CACHED = re.compile(rb"(</f>|<f[^>]*/>)<v>[^<]*</v>")
# ends by itself after ten minutes without anything to do, for tests may be killed
_SERVE = """
Sub Main
  Dim load(0) As New com.sun.star.beans.PropertyValue
  load(0).Name = "Hidden" : load(0).Value = True
  Dim save(0) As New com.sun.star.beans.PropertyValue
  save(0).Name = "FilterName" : save(0).Value = "Calc MS Excel 2007 XML"
  On Error Goto Failed
  Do
    If FileExists({asked}) Then
      document = StarDesktop.loadComponentFromURL({source}, "_blank", 0, load())
      document.storeToURL({saved}, save())
      document.close(True)
      Name {asked} As {done}
      idle = 0
    End If
    Wait 20
    idle = idle + 1
  Loop While idle < 30000
Failed:
  StarDesktop.terminate()
End Sub
"""


class Office:
    """The program with a profile of its own in an empty `folder`, started when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def recalculate(self, path: Path) -> Values:
        """Sheet -> cell -> value, as computed from the formulas alone; blank cells are left out."""
        stripped = self._folder / "stripped.xlsx"
        _without_cached_values(path, stripped)
        return read_values(self.saved(stripped))

    def saved(self, path: Path) -> Path:
        """The workbook opened and saved as .xlsx; it stays until the next one is."""
        saved, done = self._folder / "saved.xlsx", self._folder / "done"
        shutil.copyfile(path, self._folder / "source.xlsx")
        done.unlink(missing_ok=True)
        (self._folder / "asked").touch()
        self._start()
        end = time.monotonic() + macro.SECONDS
        while not done.exists():
            assert self._process is not None and self._process.poll() is None, "LibreOffice has ended"
            assert time.monotonic() < end, "LibreOffice does not answer"
            time.sleep(0.02)
        return saved

    def quit(self) -> None:
        """End the process."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(macro.SECONDS)

    def _start(self) -> None:
        if self._process is not None:
            return
        names = {"asked": "asked", "done": "done", "source": "source.xlsx", "saved": "saved.xlsx"}
        urls = {name: macro.text((self._folder / file).as_uri()) for name, file in names.items()}
        self._process = macro.start(_SERVE.format(**urls), self._folder / "profile")


def read_values(path: Path) -> Values:
    """Sheet -> cell -> value, formulas by their cached results; blank cells are left out."""
    workbook = openpyxl.load_workbook(path, data_only=True, read_only=True)
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")
        }
        for sheet in workbook.worksheets
    }


def formula_cells(path: Path) -> list[tuple[str, str]]:
    """(sheet, cell) of every formula."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    return [
        (sheet.title, cell.coordinate)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def same(cached: object, computed: object) -> bool:
    """Equal, but for what a binary sum of decimals is off in its 16th digit."""
    if isinstance(cached, int | float) and isinstance(computed, int | float):
        return abs(cached - computed) <= 1e-12 * max(1, abs(cached))
    return cached == computed


def assert_recalculates(path: Path, office: Office) -> Values:
    """That every formula comes to its cached value; what they come to."""
    cached, computed = read_values(path), office.recalculate(path)
    cells = formula_cells(path)
    assert cells
    wrong = {
        (sheet, cell): (cached[sheet].get(cell), computed[sheet].get(cell))
        for sheet, cell in cells
        if not same(cached[sheet].get(cell), computed[sheet].get(cell))
    }
    assert not wrong
    return computed


def _without_cached_values(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, _CACHED.sub(rb"\1", content) if name.startswith("xl/worksheets/") else content)
