"""Runs programs of the folder for Windows under Wine, with what Debian's Wine 8 lacks added to a copy of the folder.

That is the C library's arithmetic of complex numbers, which numpy wants: mingw has it, in a library that numpy's own
are made to load. And the question which machine this is, which Python asks Windows' management: it does without.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from bundle import launchers
from bundle.packages import ROOT

WINE = Path("/usr/lib/wine/wine64")
_SERVER = WINE.with_name("wineserver64")
_HERE = Path(__file__).parent
_PREFIX = ROOT / "build" / "wine"
"""Wine's idea of a Windows, kept for the next time: it takes as long to make as all the rest."""

_C_LIBRARY, _OURS = b"api-ms-win-crt-math-l1-1-0.dll", b"c-library-for-tests-only-1.dll"
_COMPLEX = [*("cabs", "carg", "cimag", "conj", "creal"), *("cexp", "clog", "cpow", "csqrt"), *("ccos", "csin", "ctan")]
_COMPLEX += ["ccosh", "csinh", "ctanh"]
_MINGW = Path("/usr/x86_64-w64-mingw32/lib")

ECHO = launchers.Launcher("回声.exe", "echoed")
"""A launcher like the others, which notes what Python was given."""

_PATIENCE = 200
"""Seconds that nothing under Wine needs, on however busy a machine."""

Told = dict[str, Any]
"""What inside_wine.py saw, by what it did."""


def run(bundle: Path, folder: Path) -> None:
    """Run inside_wine.py in a copy of the bundle, in `folder`: what it saw is written down there."""
    copied = folder / "一个 文件夹"
    shutil.copytree(bundle, copied)
    _add_what_wine_lacks(copied / "program")
    launchers.make(ECHO, copied)
    shutil.copyfile(_HERE / "echoed.py", copied / "program" / "lib" / "echoed.py")
    shutil.copyfile(ROOT / "samples" / "pingshan-2023" / "预算.xlsx", folder / "预算.xlsx")
    if not (ready := _PREFIX / "ready").is_file():
        shutil.rmtree(_PREFIX, ignore_errors=True)
        _PREFIX.mkdir(parents=True)
        _wine("wineboot", "--init")
        _wine("reg", "add", r"HKCU\Software\Wine\Drivers", "/v", "Graphics", "/d", "null", "/f")
        _wine("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
        ready.touch()
    _wine(str(copied / "program" / "python" / "python.exe"), "-I", str(_HERE / "inside_wine.py"), cwd=folder)
    shutil.rmtree(copied)


def told(folder: Path) -> Told:
    """What inside_wine.py saw."""
    told: Told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return told


def _wine(*command: str, cwd: Path | None = None) -> None:
    """Run one program; then all that it started are ended. Python for Windows cannot write to a file of Linux."""
    with subprocess.Popen(
        [WINE, *command],
        cwd=cwd,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as running:
        try:
            code = running.wait(_PATIENCE)
        finally:
            running.kill()
            subprocess.run([_SERVER, "--kill"], env=_environment(), check=False)
        assert running.stdout is not None
        assert code == 0, running.stdout.read().decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    ours = {"PATH": os.defpath, "HOME": str(_PREFIX), "WINEPREFIX": str(_PREFIX), "LC_ALL": "C.UTF-8"}
    return {**ours, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree=d;mshtml=d"}


def _add_what_wine_lacks(program: Path) -> None:
    (program / "python" / "_wmi.pyd").unlink(missing_ok=True)
    for library in program.rglob("*.pyd"):
        content = library.read_bytes()
        if _C_LIBRARY in content:
            library.write_bytes(content.replace(_C_LIBRARY, _OURS))
    _compile_c_library(program / "python")


def _compile_c_library(folder: Path) -> None:
    """A library with mingw's functions of complex numbers; for all others it sends to Wine's."""
    nm = ["x86_64-w64-mingw32-nm", "--defined-only", "--extern-only"]
    archives = [str(_MINGW / name) for name in ("libucrtbase.a", "libmingwex.a", "libmsvcrt.a")]
    symbols = subprocess.run([*nm, *archives], check=False, capture_output=True, encoding="utf-8").stdout
    lines = (line.split() for line in symbols.splitlines())
    names = {words[2] for words in lines if len(words) == 3 and words[1] == "T" and words[2].isidentifier()}
    ours = {name + kind for name in _COMPLEX for kind in ("", "f", "l")}
    sent_on = [f"{name} = ucrtbase.{name}" for name in sorted(names - ours) if not name.startswith("_")]
    own = [line for name in _COMPLEX for line in (name, f"{name}f", f"{name}l = {name}")]
    kept = ", ".join(f"(void *){name}, (void *){name}f" for name in _COMPLEX)
    source, exports = folder / "c.c", folder / "c.def"
    source.write_text(f"#include <complex.h>\nvoid *const kept[] = {{{kept}}};\n")
    exports.write_text("\n".join(["EXPORTS", *sent_on, *own, ""]))
    compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-static", "-s", "-fno-builtin", str(source), str(exports)]
    subprocess.run([*compiler, "-o", str(folder / _OURS.decode())], check=True)
