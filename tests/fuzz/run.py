"""Tries damaged inputs for some time and keeps the smallest that fails in each way.

    python -m tests.fuzz.run --seconds 60 --seed 7      as many cases of seed 7 as there is time for
    python -m tests.fuzz.run --seed 7 --case 123        one of them again

Each failure is kept in `.fuzz/`: the input, and what was wrong with what became of it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path
from random import SystemRandom
from threading import Timer

from tests import ROOT
from tests.fuzz.cases import Case

SECONDS_A_CASE = 120
"""By the clock, after which a case hangs."""

KEPT = ROOT / ".fuzz"


class Worker:
    """A process that tries cases, started again when it dies or does not answer."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def complaints(self, case: Case) -> list[str]:
        """What is wrong with what became of a case."""
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        timer = Timer(SECONDS_A_CASE, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps(astuple(case)) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            is_late = not timer.is_alive()
            timer.cancel()
        if answer:
            found: list[str] = json.loads(answer)
            return found
        code = process.wait()
        self._stop()
        return [f"hang: no answer in {SECONDS_A_CASE} seconds" if is_late else f"died: the process ended with {code}"]

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            quiet = {**os.environ, "RUST_BACKTRACE": "0"}
            command = [sys.executable, "-m", "tests.fuzz.worker"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT, env=quiet
            )
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def smallest(case: Case, kind: str, worker: Worker) -> Case:
    """The case without the changes that its failure does not need."""
    number = 0
    while number < len(case.steps) and len(case.steps) > 1:
        fewer = case.without(number)
        if any(kind_of(complaint) == kind for complaint in worker.complaints(fewer)):
            case = fewer
        else:
            number += 1
    return case


def kind_of(complaint: str) -> str:
    """The same fault, whatever numbers and names it was found with."""
    return re.sub(r"\d+|“[^”]*”|'[^']*'|\"[^\"]*\"", "…", complaint)[:160]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--case", type=int)
    parser.add_argument("--keep", type=Path, default=KEPT)
    asked = parser.parse_args(arguments)
    kinds: dict[str, int] = {}
    with Worker() as worker:
        for number in [asked.case] if asked.case is not None else _numbers(asked.seconds):
            case = Case.drawn(asked.seed, number)
            for complaint in worker.complaints(case):
                kind = kind_of(complaint)
                kinds[kind] = kinds.get(kind, 0) + 1
                if kinds[kind] == 1:
                    case = smallest(case, kind, worker)
                    print(
                        f"--seed {asked.seed} --case {number}: {complaint}\n  {keep(case, complaint, asked.keep)}",
                        flush=True,
                    )
    cases = "one case" if asked.case is not None else f"{number + 1} cases"
    print(f"{cases} of seed {asked.seed}; {sum(kinds.values())} failures of {len(kinds)} kinds")
    return 1 if kinds else 0


def _numbers(seconds: float) -> Iterator[int]:
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        yield number
        number += 1


def keep(case: Case, complaint: str, into: Path = KEPT) -> Path:
    """Where the input and what was wrong are kept."""
    folder = into / re.sub(r"\W+", "-", kind_of(complaint))[:80].strip("-")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"输入{'.txt' if case.is_text else '.xlsx'}").write_bytes(case.content)
    lines = [
        complaint,
        f"command: {case.command}",
        f"start: {case.start}",
        *(f"{kind} {seed}" for kind, seed in case.steps),
    ]
    (folder / "失败.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


if __name__ == "__main__":
    sys.exit(main())
