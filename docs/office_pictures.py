"""Pictures of workbooks in LibreOffice, on a screen that nobody sees."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.excel.libreoffice import macro

_NO_TIPS = (
    '<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse">'
    "<value>false</value></prop></item>"
)
_SHOW = """
Sub Main
  Dim load()
  document = StarDesktop.loadComponentFromURL({workbook}, "_blank", 0, load())
  view = document.CurrentController
  view.Frame.LayoutManager.setVisible(False)
  view.Frame.ContainerWindow.setPosSize(0, 0, {width}, {height}, 15)
  view.Sidebar.setVisible(False)
  sheet = document.Sheets.getByName({sheet})
  view.setActiveSheet(sheet)
  view.ZoomType = 3
  view.ZoomValue = {zoom}
  view.select(sheet.getCellByPosition(0, sheet.Rows.Count - 1))  ' out of sight
  first = sheet.getCellRangeByName({first}).CellAddress
  view.FirstVisibleColumn = first.Column
  view.FirstVisibleRow = first.Row
  If {note} <> "" Then sheet.getCellRangeByName({note}).Annotation.setIsVisible(True)
  Wait 2000
  ready = FreeFile
  Open {ready} For Output As #ready
  Close #ready
  Do While FileExists({ready})
    Wait 50
  Loop
  document.close(True)
  StarDesktop.terminate()
End Sub
"""


class View(NamedTuple):
    """What a picture shows: a sheet of a workbook from its first cell on, and the note of a cell, if one is named."""

    name: str
    workbook: Path
    sheet: str
    first: str
    note: str = ""
    zoom: int = 90
    width: int = 1400
    height: int = 620


def photographed(view: View, folder: Path, profile: Path) -> Path:
    """Take the picture, with a profile of LibreOffice that may be used again."""
    ready, target = folder / "ready", folder / f"{view.name}.png"
    basic = _SHOW.format(
        workbook=macro.text(view.workbook.as_uri()),
        sheet=macro.text(view.sheet),
        first=macro.text(view.first),
        note=macro.text(view.note),
        ready=macro.text(ready.as_uri()),
        zoom=view.zoom,
        width=view.width,
        height=view.height,
    )
    with _screen(f"{view.width}x{view.height}x24") as display:
        environment = {**os.environ, "DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"}  # the look that is always there
        command = macro.prepared(basic, profile)
        _give_no_tips(profile)
        office = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
        try:
            end = time.monotonic() + macro.SECONDS
            while not ready.exists():
                if office.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"LibreOffice did not show {view.workbook.name}")
                time.sleep(0.2)
            subprocess.run(["import", "-window", "root", str(target)], env=environment, check=True)
            ready.unlink()
            office.wait(macro.SECONDS)
        finally:
            if office.poll() is None:
                os.killpg(office.pid, signal.SIGKILL)
    return target


def _give_no_tips(profile: Path) -> None:
    """LibreOffice would greet its user with one."""
    settings = profile / "user" / "registrymodifications.xcu"
    text = settings.read_text(encoding="utf-8")
    if _NO_TIPS not in text:
        settings.write_text(text.replace("</oor:items>", f"{_NO_TIPS}</oor:items>"), encoding="utf-8")


@contextmanager
def _screen(size: str) -> Iterator[str]:
    """A screen of this size: its name."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
