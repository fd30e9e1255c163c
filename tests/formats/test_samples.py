"""The published budgets: exactly the findings that were reviewed by hand, and workbooks that never change."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from pathlib import Path

import pytest

import xltool
from tests import ROOT
from xltool.excel.read.facts import read_facts
from xltool.model import Severity, Verdict
from xltool.template.loader import template_names

SAMPLES = ROOT / "samples"
NAMES = template_names()


@pytest.fixture(params=NAMES)
def sample(request: pytest.FixtureRequest) -> Path:
    """The folder of one published budget."""
    return SAMPLES / str(request.param)


def reviewed(sample: Path) -> list[dict[str, str]]:
    with (sample / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(path: Path) -> Counter[tuple[str, str, str, str]]:
    """How often each rule is told in each cell; remarks by rule alone."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for finding in xltool.check(xltool.read(path)).findings:
        is_remark = finding.severity is Severity.REMARK
        cell = None if is_remark else finding.cell
        counts[finding.rule, cell.sheet if cell else "", cell.a1 if cell else "", finding.severity.value] += 1
    return counts


def test_findings_are_those_that_were_reviewed(sample: Path) -> None:
    expected = {
        (line["rule"], line["sheet"], line["cell"], line["severity"]): int(line["count"]) for line in reviewed(sample)
    }
    assert dict(found(sample / "预算.xlsx")) == expected


def test_every_finding_has_a_reason(sample: Path) -> None:
    assert all(line["reason"].endswith("。") for line in reviewed(sample))


def test_remarks_are_rounding_or_wait_for_a_table_that_was_not_published(sample: Path) -> None:
    book = xltool.read(sample / "预算.xlsx")
    remarks = [f for f in xltool.check(book).findings if f.severity is Severity.REMARK]
    waiting = [f for f in remarks if f.verdict is Verdict.UNDECIDED]
    assert {f.verdict for f in remarks if f not in waiting} <= {Verdict.ROUNDING}
    published = {key.table for key in read_facts(sample / "facts.csv", book.template)}
    reasons = {f"{table}尚未填写，暂不判断。" for table in book.template.tables.keys() - published}
    assert {f.message.splitlines()[-1] for f in waiting} <= reasons


def parts(workbook: Path) -> dict[str, bytes]:
    """Every part of the package, unpacked: how it is compressed depends on the machine."""
    with zipfile.ZipFile(workbook) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_filling_gives_the_committed_workbook_and_twice_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    for workbook in (first, second):
        xltool.fill(sample.name, sample / "facts.csv", workbook)
    assert parts(first) == parts(sample / "预算.xlsx"), "after a change of how workbooks are written: make samples"
    assert first.read_bytes() == second.read_bytes()


def test_filling_what_was_read_gives_the_same_facts(sample: Path, tmp_path: Path) -> None:
    book = xltool.read(sample / "预算.xlsx")
    facts = tmp_path / "数.csv"
    xltool.save_facts(book, facts)
    again = tmp_path / "再填.xlsx"
    outline = book.outline
    xltool.fill(sample.name, facts, again, unit=outline.department, year=outline.year)
    reread = xltool.facts(xltool.read(again))
    assert [(fact.key, fact.value, fact.cell) for fact in reread] == [
        (fact.key, fact.value, fact.cell) for fact in xltool.facts(book)
    ]
