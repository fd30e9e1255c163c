"""`make bench`: xltool beside a plain openpyxl script and beside a bare Python, in turn, as whole processes.

Every figure is a median over the rounds; every ratio is the median of the ratios of each round, in which both ran one
after the other, so that a machine that is slower now and then does not count. The first round is not counted.
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
ROUNDS = 7
PYTHON = [sys.executable, "-X", "utf8"]
XLTOOL = [*PYTHON, "-m", "xltool"]


class Run(NamedTuple):
    """One process: seconds by the clock, seconds of processor time, largest memory in MB."""

    wall: float
    cpu: float
    memory: float


def run(command: list[str]) -> Run:
    """Run a command to its end; it may report findings (exit 1) but must not fail."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Run(wall, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def compare(title: str, ours: Callable[[], list[str]], other: Callable[[], list[str]], rounds: int = ROUNDS) -> None:
    """Run both in turn and print medians, and how many times as much the one took as the other, both ways."""
    pairs = [(run(ours()), run(other())) for _ in range(rounds + 1)][1:]
    print(f"\n{title}")
    for name, index in (("wall s", 0), ("cpu s", 1), ("memory MB", 2)):
        left, right = (median(pair[side][index] for pair in pairs) for side in (0, 1))
        ratio = median(pair[1][index] / pair[0][index] for pair in pairs)
        ratios = f"other / xltool {ratio:5.2f}   xltool / other {1 / ratio:5.2f}"
        print(f"  {name:<10} xltool {left:8.3f}   other {right:8.3f}   {ratios}")


def fresh(workbook: Path) -> Path:
    """A copy that may be marked: marking an already marked workbook is another job."""
    return Path(shutil.copy(workbook, workbook.with_name(f"copy-{workbook.name}")))


def check_against_script(title: str, workbook: Path, template: str) -> None:
    """`xltool check` in place against the plain script on the same workbook."""
    sums, target = workbook.with_suffix(".json"), workbook.with_name("script-out.xlsx")
    subprocess.run([*PYTHON, "-m", "benchmarks.sums", str(workbook), str(sums), template], check=True)
    script = [*PYTHON, str(HERE / "openpyxl_script.py"), str(workbook), str(sums), str(target)]
    compare(title, lambda: [*XLTOOL, "check", "--template", template, str(fresh(workbook))], lambda: script)


def main() -> None:
    compileall.compile_dir(HERE.parent / "xltool", quiet=1)  # as pip does when it installs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pingshan, large = folder / "pingshan.xlsx", folder / "made-up.xlsx"
        facts = HERE.parent / "samples" / "pingshan-2023" / "facts.csv"
        subprocess.run([*XLTOOL, "fill", "pingshan-2023", str(facts), "-o", str(pingshan)], check=True)
        check_against_script(
            "(1) check the 坪山 2023 sample, beside the openpyxl script: aim other / xltool 3",
            pingshan,
            "pingshan-2023",
        )
        # in processes of their own: a process that this one starts counts this one's memory as its own
        subprocess.run([*PYTHON, "-m", "benchmarks.made_up", str(folder)], check=True)
        title = "(2) 15 sheets x 200 rows x 15 columns, 300 wrong totals: aim other / xltool 8, memory 2"
        check_against_script(title, large, str(folder / "made-up"))
    bare = [*PYTHON, "-c", "pass"]
    compare("(3) xltool -h, beside python -c pass: aim xltool / other 3", lambda: [*XLTOOL, "-h"], lambda: bare, 15)
    compare("(4) import xltool, beside python -c pass", lambda: [*PYTHON, "-c", "import xltool"], lambda: bare, 15)


if __name__ == "__main__":
    main()
