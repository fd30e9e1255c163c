"""xltool.xlam as it is built: the sources in it, what its ribbon names, and what its launcher may not do."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import olefile
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oletools.olevba import VBA_Parser, decompress_stream

from addin import build
from addin.compound_file import Storage, compound_file
from addin.compression import compress
from tests import ROOT
from xltool.addin.running import ACTIONS

CUSTOM_UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
CALLBACK = re.compile(
    r"^Public Sub (\w+)\(control As IRibbonControl\)\r\n    Start \"([a-z]+)\", control\.Tag\r\nEnd Sub\r$",
    re.MULTILINE,
)
ATTRIBUTES = {
    "customUI": set(),
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "label"},
    "group": {"id", "label"},
    "button": {"id", "label", "size", "imageMso", "supertip", "onAction", "tag"},
}
"""What stands in our ribbon, of what its schema ([MS-CUSTOMUI2] 2.2) allows; each element only in the one before."""
LONGEST = 1024
"""Letters of a label, a supertip or a tag in the schema."""


def add_in() -> ZipFile:
    return ZipFile(io.BytesIO(build.add_in()))


def ribbon() -> ElementTree.Element:
    with add_in() as package:
        return ElementTree.fromstring(package.read(build.RIBBON))


def buttons() -> list[ElementTree.Element]:
    return [*ribbon().iter(f"{CUSTOM_UI}button")]


def sources_read_back() -> dict[str, str]:
    """The modules in the built file, as another program reads them."""
    parser = VBA_Parser("xltool.xlam", data=build.add_in())
    return {name.rpartition(".")[0]: source for _, _, name, source in parser.extract_macros()}


def code() -> str:
    """What VBA carries out: the sources without comments and texts."""
    lines = "\n".join(sources_read_back().values()).splitlines()
    kept = (line for line in lines if not line.startswith(("'", "Attribute ")))
    return re.sub(r'"[^"]*"', '""', "\n".join(kept))


def test_every_module_is_read_back_as_it_is_written() -> None:
    assert sources_read_back() == {name: module.source for name, module in build.modules().items()}


def test_every_button_has_a_callback_of_its_own_an_icon_and_a_supertip() -> None:
    callbacks = re.findall(CALLBACK, sources_read_back()["XltoolRibbon"])
    named = [button.get("onAction") for button in buttons()]
    assert sorted(map(str, named)) == sorted(f"XltoolRibbon.{name}" for name, _ in callbacks)
    assert len(set(named)) == len(named)
    assert all(button.get("imageMso") and button.get("supertip", "").endswith("。") for button in buttons())


def test_every_action_has_its_button() -> None:
    """Each callback starts what its button is called, and Python knows it by the same name."""
    actions = dict(re.findall(CALLBACK, sources_read_back()["XltoolRibbon"]))
    labels = {actions[button.get("onAction", "").rpartition(".")[2]]: button.get("label") for button in buttons()}
    assert labels == {name: action.label for name, action in ACTIONS.items()}


def test_ribbon_is_what_its_schema_allows() -> None:
    names = [*ATTRIBUTES]
    root = ribbon()
    assert root.tag == f"{CUSTOM_UI}customUI"
    for parent in root.iter():
        name = parent.tag.removeprefix(CUSTOM_UI)
        assert set(parent.attrib) == ATTRIBUTES[name]
        assert (
            {child.tag for child in parent} <= {f"{CUSTOM_UI}{names[names.index(name) + 1]}"} if len(parent) else True
        )
        assert all(0 < len(value) <= LONGEST for value in parent.attrib.values())
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z]\w*", str(name)) for name in ids)
    assert {button.get("size") for button in buttons()} == {"large", "normal"}


def test_a_button_brings_the_sentence_that_vba_cannot_hold() -> None:
    (tag,) = {button.get("tag", "") for button in buttons()}
    assert tag.startswith("没有能启动 xltool：")
    assert "安装到 Excel" in tag


def test_launcher_asks_no_workbook_for_anything() -> None:
    """A sheet `xltool.conf`, a .conf or a .py beside the user's workbook: nothing in it could look at one."""
    members = set(re.findall(r"(\w+)\.\w+", code())), set(re.findall(r"\w+\.(\w+)", code()))
    assert members == ({"Application", "ThisWorkbook", "control"}, {"Hwnd", "Path", "Tag"})


def test_launcher_searches_no_folder_and_changes_none() -> None:
    words = set(re.findall(r"\w+", code()))
    workbooks = {"ActiveWorkbook", "Workbooks", "Sheets", "Worksheets", "ActiveSheet", "Range", "Cells", "Names"}
    others = {"Shell", "Open", "Dir", "ChDir", "ChDrive", "CurDir", "Environ", "CreateObject", "GetObject", "Evaluate"}
    assert (
        words & (workbooks | others | {"Run", "ExecuteExcel4Macro", "Selection", "ActiveCell", "ActiveWindow"}) == set()
    )
    declared = re.findall(r"Declare PtrSafe Function (\w+) ", code())
    assert declared == ["GetPrivateProfileStringW", "GetFileAttributesW", "ShellExecuteW", "MessageBoxW"]


def test_sources_are_ascii_and_short() -> None:
    texts = {path.name: path.read_bytes() for path in build.MODULES.iterdir()}
    assert all(text.isascii() for text in texts.values())
    assert texts["XltoolLauncher.bas"].count(b"\n") < 50


def test_built_twice_it_is_the_same(tmp_path: Path) -> None:
    """In another process too, with another seed of hashes."""
    program = f"from pathlib import Path; from addin.build import write; write(Path({str(tmp_path / 'x.xlam')!r}))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={"PYTHONHASHSEED": "7"}, check=True)
    assert (tmp_path / "x.xlam").read_bytes() == build.add_in() == build.add_in()


def test_openpyxl_opens_it(tmp_path: Path) -> None:
    """openpyxl knows workbooks and templates; an add-in is a workbook of another content type."""
    as_workbook = tmp_path / "workbook.xlsm"
    with add_in() as package, ZipFile(as_workbook, "w") as written:
        for name in package.namelist():
            written.writestr(name, package.read(name).replace(b"excel.addin.macro", b"excel.sheet.macro"))
    assert openpyxl.load_workbook(as_workbook).sheetnames == ["Sheet1"]


@given(st.text(alphabet=st.sampled_from("abcdeSub \r\n"), max_size=9000) | st.text(st.characters(max_codepoint=127)))
def test_what_is_compressed_is_read_back(text: str) -> None:
    data = text.encode("ascii")
    assert decompress_stream(bytearray(compress(data))) == data


@pytest.mark.parametrize("length", [0, 1, 4095, 4096, 4097, 40_000])
def test_chunks_that_cannot_be_compressed_are_read_back(length: int) -> None:
    data = random.Random(length).randbytes(length)
    assert decompress_stream(bytearray(compress(data)))[:length] == data


@pytest.mark.parametrize("length", [0, 1, 63, 64, 4095, 4096, 70_000, 800_000])
def test_streams_of_a_compound_file_are_read_back(length: int) -> None:
    streams: Storage = {f"{'s' * number}{number}": bytes([number]) * (length // number) for number in range(1, 12)}
    with olefile.OleFileIO(
        compound_file({**streams, "inside": streams}), raise_defects=olefile.DEFECT_INCORRECT
    ) as file:
        for name, content in streams.items():
            assert file.openstream(name).read() == content
            assert file.openstream(["inside", name]).read() == content


def test_a_compound_file_of_no_size_is_refused() -> None:
    with pytest.raises(ValueError, match="DIFAT"):
        compound_file({"large": bytes(8_000_000)})
