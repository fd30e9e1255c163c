"""What the launcher does with names, carried out by LibreOffice, which runs VBA too."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin import build
from tests.excel.libreoffice import macro
from tests.excel.libreoffice.macro import text

pytestmark = pytest.mark.skipif(macro.program is None, reason="LibreOffice is not installed")

CALLS: list[tuple[str, list[str | int], str]] = [
    ("SettingsIn", [r"C:\Users\㐂\XLSTART"], r"C:\Users\㐂\XLSTART\xltool\xltool.ini"),
    ("IsProgram", [r"C:\预算 工具\xltool-addin.exe"], "True"),
    ("IsProgram", [r"d:\xltool-addin.exe"], "True"),
    ("IsProgram", [r"\\服务器\共享\xltool\xltool-addin.exe"], "True"),
    ("IsProgram", [""], "False"),
    ("IsProgram", ["xltool-addin.exe"], "False"),
    ("IsProgram", [r".\xltool-addin.exe"], "False"),
    ("IsProgram", [r"\xltool\xltool-addin.exe"], "False"),
    ("IsProgram", [r"C:xltool-addin.exe"], "False"),
    ("IsProgram", [r"C:\xltool\check.bat"], "False"),
    ("IsProgram", ["https://example.com/x.exe"], "False"),
    ("FolderOf", [r"C:\预算 工具\xltool-addin.exe"], "C:\\预算 工具\\"),
    ("ArgumentsOf", ["check", 123456], "check 123456"),
    ("ArgumentsOf", ["next", 2147483647], "next 2147483647"),
    ("ArgumentsOf", ["next", -1593501094], "next -1593501094"),
]

_MAIN = """
Dim document As Object

Function Called(name, given)
  Dim places() : Dim changed()
  address = "vnd.sun.star.script:Xltool.XltoolNames." & name & "?language=Basic&location=document"
  Called = CStr(document.getScriptProvider().getScript(address).invoke(given, places, changed))
End Function

Sub Main
  On Error Goto Failed
  Dim load(2) As New com.sun.star.beans.PropertyValue
  load(0).Name = "Hidden" : load(0).Value = True
  load(1).Name = "MacroExecutionMode" : load(1).Value = 4
  load(2).Name = "FilterName" : load(2).Value = "Calc MS Excel 2007 VBA XML"
  document = StarDesktop.loadComponentFromURL({add_in}, "_blank", 0, load())
{calls}
  document.close(True)
  Goto Tell
Failed:
  told = told & "line " & Erl & ": " & Error$
Tell:
  file = FreeFile
  Open {log} For Output As #file
  Print #file, told
  Close #file
  StarDesktop.terminate()
End Sub
"""


def test_names_as_the_launcher_makes_them(tmp_path: Path) -> None:
    build.write(tmp_path / "xltool.xlam")
    calls = [
        f"  told = told & Called({text(name)}, Array({', '.join(in_basic(value) for value in given)})) & Chr(10)"
        for name, given, _ in CALLS
    ]
    add_in, log = text((tmp_path / "xltool.xlam").as_uri()), tmp_path / "log.txt"
    basic = _MAIN.format(add_in=add_in, calls="\n".join(calls), log=text(str(log)))
    process = macro.start(basic, tmp_path / "profile")
    try:
        process.wait(macro.SECONDS)
    finally:
        process.kill()
    assert log.read_text(encoding="utf-8").splitlines()[: len(CALLS)] == [expected for *_, expected in CALLS]


def in_basic(value: str | int) -> str:
    return text(value) if isinstance(value, str) else str(value)
