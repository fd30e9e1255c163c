"""`make bench`: xltool beside a plain openpyxl script and beside a bare Python, in turn, as whole processes.

    python -m benchmarks.run [NUMBER...]        all, or those of these numbers

Every figure is a median over the rounds; every ratio is the median of the ratios of each round, in which both ran one
after the other, so that a machine that is slower now and then does not count. Of several rounds the first one is not
counted.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).parent
PYTHON = [sys.executable, "-X", "utf8"]
XLTOOL = [*PYTHON, "-m", "xltool"]
ALONE = """\
import sys
from xltool.cli import main
workbooks = [one for one in sys.argv[1:] if one.endswith(".xlsx")]
options = [one for one in sys.argv[1:] if one not in workbooks]
sys.exit(max([main([*options, workbook]) for workbook in workbooks]))
"""
"""xltool in one process, one workbook after the other: what its other processes use would not be counted."""

Command = list[str]


class Run(NamedTuple):
    """One process: seconds by the clock, seconds of processor time, largest memory in MB."""

    wall: float
    cpu: float
    memory: float


Pair = tuple[Run, Run]
"""Ours and the other."""


def run(command: Command) -> Run:
    """Run a command to its end; it may report findings (exit 1) but must not fail."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command[:8]} ended with {process.returncode}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Run(wall, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def compare(title: str, ours: Callable[[], Command], other: Callable[[], Command], rounds: int) -> list[Pair]:
    """Run both in turn and print medians, and how many times as much the one took as the other."""
    pairs = [(run(ours()), run(other())) for _ in range(rounds)]
    pairs = pairs[1:] or pairs
    print(f"\n{title}")
    for name, index in (("wall s", 0), ("cpu s", 1), ("memory MB", 2)):
        left, right = (median(pair[side][index] for pair in pairs) for side in (0, 1))
        ratio = median(pair[1][index] / pair[0][index] for pair in pairs)
        ratios = f"other / xltool {ratio:5.2f}   xltool / other {1 / ratio:5.2f}"
        print(f"  {name:<10} xltool {left:8.3f}   other {right:8.3f}   {ratios}", flush=True)
    return pairs


def fresh(workbooks: list[Path]) -> list[str]:
    """Copies that may be marked: marking an already marked workbook is another job."""
    copies = workbooks[0].parent / "copies"
    copies.mkdir(exist_ok=True)
    return [str(shutil.copy(workbook, copies)) for workbook in workbooks]


def check_against_script(title: str, workbooks: list[Path], template: str, rounds: int) -> list[Pair]:
    """`xltool check` in place, in one process, against the plain script on the same workbooks."""
    names = [str(workbook) for workbook in workbooks]
    subprocess.run([*PYTHON, "-m", "benchmarks.sums", template, *names], check=True)
    script = [*PYTHON, str(HERE / "openpyxl_script.py"), str(workbooks[0].parent / "script-out.xlsx"), *names]
    check = [*PYTHON, "-c", ALONE, "check", *(["--template", template] if template else [])]
    return compare(title, lambda: [*check, *fresh(workbooks)], lambda: script, rounds)


def pingshan(folder: Path) -> None:
    workbook = folder / "pingshan.xlsx"
    facts = HERE.parent / "samples" / "pingshan-2023" / "facts.csv"
    subprocess.run([*XLTOOL, "fill", "pingshan-2023", str(facts), "-o", str(workbook)], check=True)
    title = "(1) check the 坪山 2023 sample, beside the openpyxl script: aim other / xltool 5"
    check_against_script(title, [workbook], "pingshan-2023", 8)


def large(folder: Path) -> None:
    # in a process of its own: a process that this one starts counts this one's memory as its own
    subprocess.run([*PYTHON, "-m", "made_up.large", str(folder)], check=True)
    title = "(2) 15 sheets x 200 rows x 15 columns, 300 wrong totals: aim other / xltool 10, memory 2"
    check_against_script(title, [folder / "made-up.xlsx"], str(folder / "made-up"), 4)


def help_text(folder: Path) -> None:
    click = [*PYTHON, "-c", "import click"]
    title = "(3) xltool -h, beside python -c 'import click': aim xltool / other at most 1.3"
    compare(title, lambda: [*XLTOOL, "-h"], lambda: click, 16)


def importing(folder: Path) -> None:
    bare, ours = [*PYTHON, "-c", "pass"], [*PYTHON, "-c", "import xltool"]
    compare("(4) import xltool, beside python -c pass", lambda: ours, lambda: bare, 16)


def batch(folder: Path) -> None:
    title = "(5) 200 different workbooks in one check, beside the script looping in one process: aim other / xltool 16"
    workbooks = many(folder)
    [(_, script)] = check_against_script(title, workbooks, "", 1)
    wall = run([*XLTOOL, "check", *fresh(workbooks)]).wall
    print(f"  on all processors: wall s xltool {wall:.3f}, other / xltool {script.wall / wall:.2f}")


def reading(folder: Path) -> None:
    workbooks = many(folder)
    bare = [*PYTHON, str(HERE / "bare_reading.py"), *map(str, workbooks)]
    title = "(6) the same 200 workbooks, beside bare reading of them: aim cpu xltool / other at most 8"
    pairs = compare(title, lambda: [*PYTHON, "-c", ALONE, "check", *fresh(workbooks)], lambda: bare, 4)
    guarding = [*PYTHON, "-m", "benchmarks.guarding", *map(str, workbooks)]
    guard = min(float(subprocess.run(guarding, check=True, capture_output=True, text=True).stdout) for _ in range(3))
    cpu = median(ours.cpu for ours, _ in pairs)
    each = cpu / len(workbooks) * 1000
    print(f"  a workbook takes {each:.1f} ms of cpu, proving and reading its parts {guard / cpu:.0%} of it")


def many(folder: Path) -> list[Path]:
    """The 200 workbooks; written once."""
    target = folder / "many"
    if not target.exists():
        subprocess.run([*PYTHON, "-m", "made_up.many", str(target)], check=True)
    return sorted(target.glob("*.xlsx"))


BENCHMARKS = {"1": pingshan, "2": large, "3": help_text, "4": importing, "5": batch, "6": reading}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    compileall.compile_dir(HERE.parent / "xltool", quiet=1)  # as pip does when it installs
    with tempfile.TemporaryDirectory() as name:
        for number in chosen:
            BENCHMARKS[number](Path(name))


if __name__ == "__main__":
    main()
