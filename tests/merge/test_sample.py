"""The made-up departments of samples/merge are merged to what was reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest

import xltool
from made_up.merge_sample import FACTS, FORMATS, RESULT, SAMPLE, TOLD, UNITS, merged, write_units
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, assert_recalculates
from xltool.model import Severity


@pytest.mark.parametrize("name", FORMATS)
def test_the_sample_is_merged_as_reviewed(name: str, tmp_path: Path) -> None:
    write_units(name, tmp_path)
    told, facts = merged(name, tmp_path, tmp_path.parent / f"{name}-{RESULT}")
    assert told == (SAMPLE / name / TOLD).read_text(encoding="utf-8"), "look at what is new, then: make samples"
    assert facts.decode() == (SAMPLE / name / FACTS).read_bytes().decode()


@pytest.mark.parametrize("name", FORMATS)
def test_its_workbooks_hold_the_facts_beside_them(name: str, tmp_path: Path) -> None:
    write_units(name, tmp_path)
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == sorted(file.name for file in (SAMPLE / name / UNITS).glob("*.xlsx"))
    for file in files:
        books = [xltool.read(folder / file) for folder in (SAMPLE / name / UNITS, tmp_path)]
        assert [*books[0].facts.values()] == [*books[1].facts.values()], "make samples"


@pytest.mark.parametrize(
    ("name", "errors"), [("qinglong-2024", {("X10.1", "F16")}), ("longgang-2024", {("X09.3", "F37")})]
)
def test_what_is_wrong_with_the_result_is_what_is_wrong_with_one_unit(
    name: str, errors: set[tuple[str, str]], tmp_path: Path
) -> None:
    """Neither the amounts below zero of the 差额表 nor what differs between units is."""
    merged(name, SAMPLE / name / UNITS, tmp_path / RESULT)
    found = xltool.check(xltool.read(tmp_path / RESULT)).findings
    loud = [one for one in found if one.severity is not Severity.REMARK]
    assert {(one.rule, one.cell.a1 if one.cell else "") for one in loud} == errors


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", FORMATS)
def test_another_program_computes_every_formula_of_the_result_as_we_do(
    name: str, tmp_path: Path, office: Office
) -> None:
    merged(name, SAMPLE / name / UNITS, tmp_path / RESULT)
    assert_recalculates(tmp_path / RESULT, office)
