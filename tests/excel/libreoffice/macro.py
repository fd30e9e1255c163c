"""Programs in LibreOffice's own Basic, run in a process with a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

SECONDS = 180
"""More than anything that is asked of the program takes."""

program = shutil.which("soffice") or shutil.which("libreoffice")

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


def start(basic: str, profile: Path) -> subprocess.Popen[bytes]:
    """Run the sub Main of a program; the process ends with it, and can be ended as the leader of its session."""
    quiet = subprocess.DEVNULL
    command = [*prepared(basic, profile), "--headless"]
    return subprocess.Popen(command, start_new_session=True, stdout=quiet, stderr=quiet)


def prepared(basic: str, profile: Path) -> list[str]:
    """The command that runs the sub Main of a program, on a screen if there is one."""
    assert program is not None
    command = [program, "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    if not profile.exists():  # its first start sets the profile up and would throw our macro away
        setting_up = [*command, "--headless", "--terminate_after_init"]
        subprocess.run(setting_up, check=True, capture_output=True, timeout=SECONDS)
    _install(profile / "user" / "basic", basic)
    return [*command, f"macro:///Standard.{_MODULE}.Main"]


def _install(folder: Path, basic: str) -> None:
    library = folder / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    for kind, element in (("script", _ELEMENT), ("dialog", "")):
        (folder / f"{kind}.xlc").write_text(_LIBRARIES.format(kind=kind), encoding="utf-8")
        (library / f"{kind}.xlb").write_text(_LIBRARY.format(element=element), encoding="utf-8")
    source = _SOURCE.format(name=_MODULE, basic=escape(basic))
    (library / f"{_MODULE}.xba").write_text(source, encoding="utf-8")


def text(text: str) -> str:
    """A text as it is written in Basic."""
    return '"' + text.replace('"', '""') + '"'
