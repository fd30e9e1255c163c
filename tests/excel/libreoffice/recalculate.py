"""LibreOffice as the judge of formulas: recalculates a workbook whose cached values were thrown away."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl

Values = dict[str, dict[str, object]]

_CACHED = re.compile(rb"(</f>|<f[^>]*/>)<v>[^<]*</v>")
_SECONDS = 180

program = shutil.which("soffice") or shutil.which("libreoffice")


def recalculate(path: Path, tmp: Path) -> Values:
    """Sheet -> cell -> value, as LibreOffice computes them from the formulas alone; blank cells are left out."""
    stripped, result = tmp / "stripped.xlsx", tmp / "recalculated"
    _strip(path, stripped)
    assert program is not None
    command = [program, "--headless", f"-env:UserInstallation={(tmp / 'profile').as_uri()}", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(result), str(stripped)], check=True, capture_output=True, timeout=_SECONDS
    )
    return read_values(result / "stripped.xlsx")


def read_values(path: Path) -> Values:
    """Sheet -> cell -> value, formulas by their cached results; blank cells are left out."""
    workbook = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")
        }
        for sheet in workbook.worksheets
    }


def formula_cells(path: Path) -> list[tuple[str, str]]:
    """(sheet, cell) of every formula."""
    workbook = openpyxl.load_workbook(path)
    return [
        (sheet.title, cell.coordinate)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def _strip(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, _CACHED.sub(rb"\1", content) if name.startswith("xl/worksheets/") else content)
