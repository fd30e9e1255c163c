"""False errors: what the check says of made-up budgets in which every figure was honestly rounded."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import xltool
from benchmarks.judge.budgets import Kind, budget
from xltool.model import Severity


class Honest(NamedTuple):
    """A budget of a kind, and how many errors and warnings of each rule are found in it."""

    kind: Kind
    seed: str
    errors: Counter[str]
    warnings: Counter[str]


def honest(kind: Kind, seed: str) -> Honest:
    """Check one budget in which nothing is wrong."""
    findings = xltool.check(budget(kind, seed)).findings
    errors = Counter(f.rule for f in findings if f.severity is Severity.ERROR)
    return Honest(kind, seed, errors, Counter(f.rule for f in findings if f.severity is Severity.WARNING))
