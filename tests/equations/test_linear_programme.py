"""Linear programmes: the solver prints past Python, where `capsys` sees nothing; none of it reaches our output."""

from __future__ import annotations

import subprocess
import sys

PROGRAMME = """
from xltool.equations.linear_programme import Constraint, minimum
solve = lambda: minimum([1.0], [(0.0, 5.0)], [Constraint({0: 1.0}, (2.0, 3.0))])
print("before")
assert solve().values == [2.0]
print("after", flush=True)
assert solve().values == [2.0]
"""

CLOSED = """
import os, sys
os.close(1)
from xltool.equations.linear_programme import Constraint, minimum
assert minimum([1.0], [(0.0, 5.0)], [Constraint({0: 1.0}, (2.0, 3.0))]).values == [2.0]
try:
    os.fstat(1)
except OSError:
    sys.stderr.write("still closed")
"""

IN_THREADS = """
from concurrent.futures import ThreadPoolExecutor
from xltool.equations.linear_programme import Constraint, minimum
solve = lambda _: minimum([1.0], [(0.0, 5.0)], [Constraint({0: 1.0}, (2.0, 3.0))]).values[0]
with ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(solve, range(40))))
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)


def test_only_what_we_print_goes_into_a_pipe() -> None:
    assert run(PROGRAMME).stdout == "before\nafter\n"


def test_a_closed_standard_output_stays_closed() -> None:
    assert run(CLOSED).stderr == "still closed"


def test_threads_get_standard_output_back() -> None:
    assert run(IN_THREADS).stdout == "80.0\n"
