"""Commands that are killed at any moment, and many that change one file at once: the old file or the new one."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import openpyxl
import pytest

import xltool
from tests import TEMPLATES
from tests.excel.kitchen_sink import parts
from xltool.cli import main

FORMAT = TEMPLATES / "某省某市-2025"
KILLED = 8
TOGETHER = 20

if sys.platform == "win32":
    processes = multiprocessing.get_context("spawn")
else:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["xltool.cli", "xltool.api", "tests.cli.test_interrupted"])

Command = tuple[list[str], Path]
"""What is run, and the file that it writes."""


def run_quietly(arguments: list[str], data: str) -> None:
    """The command line in a process of its own, which shows nothing and ends with its exit code."""
    os.environ["XDG_DATA_HOME"] = os.environ["APPDATA"] = data
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    sys.exit(main(arguments))


def started(arguments: list[str], folder: Path) -> BaseProcess:
    process = processes.Process(target=run_quietly, args=(arguments, str(folder)))
    process.start()
    return process


def workbook(folder: Path) -> Path:
    """A small budget with wrong figures."""
    path = folder / "预算.xlsx"
    xltool.fill(str(FORMAT), FORMAT / "facts.csv", path)
    book = openpyxl.load_workbook(path)
    book["三公经费表"]["H9"] = 4
    book.save(path)
    return path


def check_in_place(folder: Path) -> Command:
    path = workbook(folder)
    return ["check", str(path), "--templates", str(FORMAT.parent)], path


def check_into_another(folder: Path) -> Command:
    return [*check_in_place(folder)[0], "-o", str(folder / "标注.xlsx"), "--force"], folder / "标注.xlsx"


def fill(folder: Path) -> Command:
    target = folder / "预算.xlsx"
    return ["fill", str(FORMAT), str(FORMAT / "facts.csv"), "-o", str(target), "--force"], target


def read_into(name: str) -> Callable[[Path], Command]:
    def read(folder: Path) -> Command:
        path = workbook(folder)
        return [
            "read",
            str(path),
            "-o",
            str(folder / name),
            "--force",
            "--templates",
            str(FORMAT.parent),
        ], folder / name

    return read


def import_codes(folder: Path) -> Command:
    path = folder / "科目.csv"
    path.write_text(
        "编码,名称\n" + "".join(f"2{number:04d},某科目{number}\n" for number in range(3000)), encoding="utf-8"
    )
    (folder / "xltool").mkdir()
    return ["codes", "import", str(path)], folder / "xltool" / "codes.csv"


COMMANDS = {
    "check in place": check_in_place,
    "check into another file": check_into_another,
    "fill": fill,
    "read into CSV": read_into("数.csv"),
    "read into JSON": read_into("数.json"),
    "read into SQLite": read_into("数.sqlite"),
    "codes import": import_codes,
}


@pytest.mark.parametrize("prepare", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_killed_command_leaves_the_old_file_or_the_new_one(
    prepare: Callable[[Path], Command], tmp_path: Path
) -> None:
    arguments, target = prepare(tmp_path)
    old = target.read_bytes() if target.exists() else None
    began = time.monotonic()
    process = started(arguments, tmp_path)
    process.join()
    length = time.monotonic() - began
    assert process.exitcode in (0, 1)
    new, there = target.read_bytes(), set(tmp_path.rglob("*"))
    assert new != old
    chance = Random(2024)
    for _ in range(KILLED):
        target.unlink(missing_ok=True)
        if old is not None:
            target.write_bytes(old)
        process = started(arguments, tmp_path)
        time.sleep(chance.uniform(0, length))
        process.kill()
        process.join()
        assert (target.read_bytes() if target.exists() else None) in (old, new)
    process = started(arguments, tmp_path)
    process.join()
    assert target.read_bytes() == new
    assert set(tmp_path.rglob("*")) == there


def test_many_checks_of_one_file_at_once_mark_it_as_one_does(tmp_path: Path) -> None:
    arguments, path = check_in_place(tmp_path)
    unmarked = parts(path)
    main(arguments)
    marked = path.read_bytes()
    xltool.clear(path)
    running = [started(arguments, tmp_path) for _ in range(TOGETHER)]
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [1] * TOGETHER
    assert path.read_bytes() == marked
    assert list(tmp_path.iterdir()) == [path]
    xltool.clear(path)
    assert parts(path) == unmarked
