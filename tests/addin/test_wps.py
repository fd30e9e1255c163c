"""The shell for WPS, run in Chromium with a WPS that only notes what it is asked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests import ROOT
from xltool.page.keys import OPEN, Keys
from xltool.page.running import Running, note

SHELL = ROOT / "docs/wps/xltool_1.0.0"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CALLBACKS = ("onLoad", "onAction", "getImage")
ADDRESS = "http://127.0.0.1:49152"

_PAGE = """<!DOCTYPE html><meta charset="utf-8"><script src="{main}"></script><script>
const notes = {notes}, asked = [], panes = [];
globalThis.alert = (sentence) => asked.push(sentence);
globalThis.wps = {{
  Env: {{ GetAppDataPath: () => {roaming} }},
  FileSystem: {{ Exists: (path) => path in notes, ReadFile: (path) => notes[path] }},
  CreateTaskPane: (url) => {{
    asked.push(url);
    panes.push({{ ID: panes.length, Visible: false }});
    return panes.at(-1);
  }},
  GetTaskPane: (id) => {{ asked.push(`pane ${{id}}`); return panes[id]; }},
}};
{steps}.then(() => {{ document.title = JSON.stringify(asked); }});
</script>"""


def asked_of_wps(folder: Path, notes: dict[str, str], roaming: str, steps: str) -> list[str]:
    """What the shell shows and says, in order."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    page = folder / "page.html"
    main = (SHELL / "main.js").as_uri()
    text = _PAGE.format(main=main, notes=json.dumps(notes), roaming=json.dumps(roaming), steps=steps)
    page.write_text(text, encoding="utf-8")
    command = [CHROMIUM, "--headless", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    command += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    done = subprocess.run([*command, page.as_uri()], capture_output=True, encoding="utf-8", timeout=60, check=True)
    title = re.search("<title>(.*)</title>", done.stdout)
    assert title, done.stdout
    told: list[str] = json.loads(title[1])
    return told


def test_its_button_opens_the_page_that_is_running(tmp_path: Path) -> None:
    """The first press makes a pane with a key that opens the page, the second shows it, and a new page gets its own."""
    token = "a token"
    note(tmp_path, Running(ADDRESS, token))
    path = "C:/Users/x/AppData/Local/xltool/page/page.json"
    notes = {path: (tmp_path / "page.json").read_text(encoding="ascii")}
    again = json.dumps(json.dumps(Running("http://127.0.0.1:50000", "another")._asdict()))
    steps = f'OnOpenPage().then(OnOpenPage).then(() => {{ notes["{path}"] = {again}; }}).then(OnOpenPage)'
    first, second, third = asked_of_wps(tmp_path, notes, "C:/Users/x/AppData/Roaming", steps)
    address, _, key = first.partition(f"{OPEN}?key=")
    assert address == ADDRESS
    assert Keys(token).opens(key)
    assert second == "pane 0"
    assert third.startswith(f"http://127.0.0.1:50000{OPEN}?key=")


def test_without_a_page_it_says_what_to_do(tmp_path: Path) -> None:
    elsewhere = {"/run/user/1000/xltool/page.json": json.dumps({"address": "http://example.com:80", "token": "t"})}
    steps = "OnOpenPage().then(() => { delete notes['/run/user/1000/xltool/page.json']; }).then(OnOpenPage)"
    told = asked_of_wps(tmp_path, elsewhere, "", steps)
    assert [sentence.partition("：")[0] for sentence in told] == ["xltool 的页面还没有打开"] * 2


def test_what_its_ribbon_names_is_there() -> None:
    ribbon = (SHELL / "ribbon.xml").read_text(encoding="utf-8")
    assert ribbon.startswith("<customUI")  # WPS takes nothing before it
    main = (SHELL / "main.js").read_text(encoding="utf-8")
    functions = re.findall(r"^(?:async )?function (\w+)", main, re.MULTILINE)
    named = [element.get(key) for element in ElementTree.fromstring(ribbon).iter() for key in CALLBACKS]
    assert {name for name in named if name} <= {*functions}
    assert (SHELL / "icon.svg").is_file()


@pytest.mark.parametrize("name", ["publish.xml", "jsplugins.xml"])
def test_lists_for_administrators_name_the_folder(name: str) -> None:
    (plugin,) = ElementTree.parse(SHELL.parent / name).getroot()
    assert SHELL.name in str(plugin.get("url"))
    assert SHELL.name == f"{plugin.get('name')}_{plugin.get('version')}"
