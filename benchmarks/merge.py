"""`make bench-merge`: `xltool merge` beside a plain script on the made-up workbooks of many units, as whole processes.

    python -m benchmarks.merge [FORMAT] [COUNT...]

The script runs once, on the most units; `xltool merge` on each number of them, which shows how it grows; bare reading
of the same files in as many processes shows what is left to win. Seconds are those of the clock; memory is the most
that all processes of a run held together at one time (pages that they share counted in each).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from math import log
from pathlib import Path
from statistics import linear_regression
from typing import NamedTuple

from benchmarks.run import HERE, PYTHON, XLTOOL, Command
from made_up import units
from xltool.api.batches import Job
from xltool.api.processes.pool import crew_size
from xltool.api.units.unit_files import unit_file
from xltool.merge.roster.write import save_roster

FORMAT = "qinglong-2024"
COUNTS = [100, 300, 1000]
SEED = 1

_SOURCES = ("made_up", "workbook_templates", "xltool/excel/write", "xltool/layout", "xltool/template")
"""What the made-up workbooks depend on: they are kept for the next run until any of it changes."""

_LOOK = 0.05
"""After so many seconds the memory of the processes is looked at again."""

_SOME, _FIRST = 50, 5
"""Files for what one takes, and those of them that come before the clock runs."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Run(NamedTuple):
    """One command with all its processes: seconds by the clock, the largest memory in MB."""

    wall: float
    memory: float


def main() -> None:
    words = sys.argv[1:]
    counts = sorted(int(word) for word in words if word.isdigit()) or COUNTS
    template = next((word for word in words if not word.isdigit()), FORMAT)
    folder = workbooks(template, counts[-1])
    files = sorted(folder.glob("*.xlsx"))
    processes = crew_size(counts[-1])
    print(f"{template}, {counts[-1]} units, {processes} processes")
    with tempfile.TemporaryDirectory() as name:
        ours = [merged(files[:count], Path(name)) for count in counts]
        for count, one in zip(counts, ours, strict=True):
            print(f"  xltool merge {count:5} units  {one.wall:8.2f} s  {one.memory:6.0f} MB")
        if len(counts) > 1:
            slope, _ = linear_regression([log(count) for count in counts], [log(one.wall) for one in ours])
            print(f"  growth: seconds as units to the power of {slope:.2f}: aim at most 1.05")
        target = str(Path(name) / "script.xlsx")
        script = run([*PYTHON, str(HERE / "openpyxl_merge.py"), target, str(folder), str(counts[-1])])
        print(f"  script       {counts[-1]:5} units  {script.wall:8.2f} s  {script.memory:6.0f} MB")
        print(f"  script / xltool {script.wall / ours[-1].wall:.1f}: aim 20; memory of xltool: aim below 500 MB")
        print(f"  one file: {per_file(files[:_SOME]) * 1000:.1f} ms of cpu to read, check and take out its figures")
        bare = read_bare(files, processes)
        print(f"  bare reading {counts[-1]:5} units  {bare:8.2f} s   xltool / bare {ours[-1].wall / bare:.1f}")


def merged(files: list[Path], folder: Path) -> Run:
    """`xltool merge` of these workbooks, whose faulty ones are added up too."""
    roster = folder / f"{len(files)}.csv"
    save_roster(units.roster(len(files)), roster)
    target = folder / f"{len(files)}.xlsx"
    command = [*XLTOOL, "merge", *map(str, files), "--roster", str(roster), "--allow-errors", "-o", str(target)]
    return run(command)


def per_file(files: list[Path]) -> float:
    """Seconds of processor time that a process of `xltool merge` takes for a file, after its first ones."""
    for file in files[:_FIRST]:
        unit_file(Job(file, None, file.name), None, None)
    start = time.process_time()
    for file in files[_FIRST:]:
        unit_file(Job(file, None, file.name), None, None)
    return (time.process_time() - start) / len(files[_FIRST:])


def read_bare(files: list[Path], processes: int) -> float:
    """Seconds that so many processes take to read the workbooks and do nothing with them."""
    start = time.perf_counter()
    script = str(HERE / "bare_reading.py")
    crew = [subprocess.Popen([*PYTHON, script, *map(str, files[n::processes])]) for n in range(processes)]
    codes = [process.wait() for process in crew]
    if any(codes):
        raise SystemExit("bare reading failed")
    return time.perf_counter() - start


def run(command: Command) -> Run:
    """Run a command to its end; it may report findings (exit 1) but must not fail."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    memory = 0
    while True:
        memory = max(memory, _resident(process.pid))
        try:
            code = process.wait(_LOOK)
            break
        except subprocess.TimeoutExpired:
            continue
    wall = time.perf_counter() - start
    if code not in (0, 1):
        raise SystemExit(f"{command[:8]} ended with {code}")
    return Run(wall, memory / (1 << 20))


def _resident(pid: int) -> int:
    """The bytes of memory that a process and all below it hold; 0 of one that has just ended."""
    home = Path("/proc") / str(pid)
    try:
        pages = int((home / "statm").read_text("ascii").split()[1])
        below = [int(child) for task in (home / "task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return 0
    return pages * _PAGE + sum(map(_resident, below))


def workbooks(template: str, count: int) -> Path:
    """The folder with the workbooks of so many units, made if it is not there."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        for file in sorted((HERE.parent / source).rglob("*.*")):
            if file.suffix in (".py", ".toml", ".csv"):
                digest.update(file.read_bytes())
    folder = Path(tempfile.gettempdir()) / "xltool-made-up" / f"{template}-{count}-{SEED}-{digest.hexdigest()[:12]}"
    if not folder.exists():
        unfinished = folder.with_suffix(".new")
        units.make(template, count, unfinished, SEED)
        unfinished.rename(folder)
    return folder


if __name__ == "__main__":
    main()
