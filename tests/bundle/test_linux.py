"""The folder for Linux: in an empty home, without a network and without a Python, its programs run on their own."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bundle import linux
from bundle.archive import HASHES
from tests import ROOT
from tests.bundle import making
from tests.bundle.wine import Told

_PROGRAM = Path(__file__).with_name("in_a_bare_system.py")


@pytest.fixture(scope="session")
def in_a_bare_system(linux_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What the programs did."""

    def run(folder: Path) -> None:
        command = [sys.executable, "-I", str(_PROGRAM), str(linux_folder), str(folder)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)
        assert done.returncode == 0, done.stderr

    told: Told = json.loads((making.once(tmp_path_factory, "bare", run) / "told.json").read_text(encoding="utf-8"))
    return told


def test_what_a_user_sees_are_two_programs_and_how_to_use_them(linux_folder: Path) -> None:
    assert {one.name for one in linux_folder.iterdir()} == {
        *("xltool", "打开页面", "使用说明.txt", "许可证", HASHES, "program"),
    }


def test_there_was_no_network(in_a_bare_system: Told) -> None:
    if not in_a_bare_system["without a network"]:
        pytest.skip("this system lets nobody leave the network (unshare): the programs ran with it")


def test_the_command_line_works(in_a_bare_system: Told) -> None:
    assert in_a_bare_system["help"]["code"] == 0
    assert "检查工作簿，在有问题的单元格上标注" in in_a_bare_system["help"]["said"]
    assert in_a_bare_system["new"] == {"code": 0, "said": "已生成空白工作簿：空白 预算.xlsx\n"}
    assert in_a_bare_system["check"]["code"] == 0


def test_the_page_opens(in_a_bare_system: Told) -> None:
    assert "<html" in in_a_bare_system["page"]["text"]


def test_only_what_every_desktop_has_is_the_systems(in_a_bare_system: Told, linux_folder: Path) -> None:
    loaded = in_a_bare_system["libraries"].splitlines()
    foreign = {Path(name).name.partition(".so")[0] for name in loaded if not Path(name).is_relative_to(linux_folder)}
    glibc = {"ld-linux-x86-64", "libc", "libm", "libdl", "libpthread", "librt", "libutil", "libresolv"}
    assert foreign <= {*glibc, "libgcc_s", "libstdc++", "libz"}
    assert any("highspy" in name for name in loaded)


def test_the_glibc_that_is_named_is_the_newest_that_is_asked_for(linux_folder: Path) -> None:
    named = linux.glibc(linux_folder)
    assert re.fullmatch(r"2\.\d+", named)
    told = subprocess.run(["ldd", "--version"], capture_output=True, encoding="utf-8", check=True).stdout
    (here,) = re.findall(r"\b2\.(\d+)$", told.splitlines()[0])
    assert int(named.partition(".")[2]) <= int(here)


def test_on_a_system_that_cannot_run_it_the_program_says_what_it_needs(linux_folder: Path, tmp_path: Path) -> None:
    script, python = tmp_path / "xltool", tmp_path / "program" / "bin" / "python3"
    shutil.copy(linux_folder / "xltool", script)
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 'version GLIBC_2.34 not found' >&2\nexit 1\n")
    python.chmod(0o755)
    done = subprocess.run([script], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"xltool 在这个系统上打不开：要 {platform.machine()} 处理器")
    assert f"glibc {linux.glibc(linux_folder)} 或更新" in done.stderr


def test_nothing_tells_of_the_machine_that_built_it(linux_folder: Path) -> None:
    places = [place.encode() for place in (*linux.places_of_builder(), str(ROOT), str(linux_folder.parent))]
    told = [
        file.name
        for file in linux_folder.rglob("*")
        if file.is_file() and file.suffix != ".pyc" and any(place in file.read_bytes() for place in places)
    ]
    assert told == []


def test_every_library_has_its_licence_there(linux_folder: Path) -> None:
    listed = (linux_folder / "许可证" / "清单.txt").read_text(encoding="utf-8-sig")
    for library in ("libssl", "libffi", "libsqlite3", "Python 3"):
        assert library in listed
    for library in ("readline", "gdbm", "xlwings"):
        assert library not in listed
