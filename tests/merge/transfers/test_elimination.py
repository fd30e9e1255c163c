"""内部往来: what agrees is taken out once from each side, what differs is named and stays in the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli

from tests import CASE_FILES
from tests.budgets import QINGLONG, template
from tests.merge.transfers import units
from xltool.diagnose.report import check
from xltool.errors import TransfersError
from xltool.layout.book import Book
from xltool.merge.adding.addition import Addition
from xltool.merge.adding.collect import collected
from xltool.merge.findings.of_transfers import transfer_findings
from xltool.merge.roster.roster import Roster, RosterUnit
from xltool.merge.transfers.adjustment import adjustment, cells_taken
from xltool.merge.transfers.eliminated import Eliminated
from xltool.merge.transfers.listed import read_transfers
from xltool.merge.transfers.pairs import eliminated_by_pairs
from xltool.merge.transfers.sums import eliminated_by_sums
from xltool.model import Severity
from xltool.report.text import WORDS

CASES: dict[str, Any] = tomli.loads((CASE_FILES / "units/transfers.toml").read_text(encoding="utf-8"))


def books(case: dict[str, Any]) -> dict[str, Book]:
    amount_units = case.get("amount_units", {})
    name = case.get("template", QINGLONG)
    return {
        unit: units.book(name, unit, facts, amount_units.get(unit, "万元")) for unit, facts in case["units"].items()
    }


def eliminated(case: dict[str, Any], sent: dict[str, Book], folder: Path) -> Eliminated:
    spec = template(case.get("template", QINGLONG))
    if "list" not in case:
        return eliminated_by_sums(units.said(sent), spec)
    path = folder / "往来.csv"
    path.write_text(case["list"], encoding="utf-8-sig")
    roster = Roster([RosterUnit("", unit) for unit in (*sent, "未报中心")])
    return eliminated_by_pairs(units.said(sent), read_transfers(path), spec, roster, sent.keys())


def merged(case: dict[str, Any], sent: dict[str, Book], out: Eliminated) -> Book:
    """The 汇总 of these workbooks with what is eliminated."""
    spec = template(case.get("template", QINGLONG))
    addition = Addition(spec, "某部门", spec.year, "万元")
    for i, (unit, book) in enumerate(sent.items()):
        addition.add(i, unit, i, collected(book))
    taken = adjustment(out.taken, spec, "某部门")
    if taken is not None:
        addition.add(len(sent), spec.merging.adjustment, len(sent), taken)
    filled = addition.result().filled
    return Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True)


@pytest.mark.parametrize("case", CASES["case"], ids=[case["name"] for case in CASES["case"]])
def test_elimination(case: dict[str, Any], tmp_path: Path) -> None:
    sent = books(case)
    out = eliminated(case, sent, tmp_path)
    spec = template(case.get("template", QINGLONG))
    name = spec.merging.adjustment
    taken = [
        " ".join([spot.table, "/".join(spot.row).replace("unit", name), spot.column[-1], f"{amount:.0f}"])
        for spot, amount in cells_taken(out.taken).items()
    ]
    assert taken == case["taken"]
    layout = merged(case, sent, out).layout
    told = [
        f"{WORDS[finding.severity]} {finding.rule} {finding.statement}" for finding in transfer_findings(out, layout)
    ]
    assert told == case["told"]


@pytest.mark.parametrize("case", CASES["case"], ids=[case["name"] for case in CASES["case"]])
def test_what_held_before_elimination_holds_after_it(case: dict[str, Any], tmp_path: Path) -> None:
    """Only where both units list the same transfer under different 科目 must the 汇总 differ by 科目 (X17)."""
    sent = books(case)
    out = eliminated(case, sent, tmp_path)
    before, after = (_wrong(merged(case, sent, one)) for one in (Eliminated((), ()), out))
    assert after - before <= {"X17"} if "不写科目" in case["name"] else after <= before


def _wrong(book: Book) -> set[str]:
    return {finding.rule for finding in check(book).findings if finding.severity is Severity.ERROR} - {"A15"}


@pytest.mark.parametrize("case", CASES["refused"], ids=[case["name"] for case in CASES["refused"]])
def test_a_list_that_cannot_be_used_is_refused_with_every_wrong_line(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "往来.csv"
    path.write_text(case["list"], encoding="gb18030")
    with pytest.raises(TransfersError) as refused:
        read_transfers(path)
    assert list(refused.value.problems) == case["problems"]
    assert "往来.csv" in str(refused.value)
