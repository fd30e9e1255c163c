"""Formulas and errors are read from a sheet in each of the ways that programs write them."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests.budgets import QINGLONG, amounts, filled
from xltool.excel.read.sheet_formulas import scan

SHEET = "<worksheet><sheetData><row>{}</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("cells", "formulas"),
    [
        ('<c r="D7" s="3"><f>E7+F7</f><v>2</v></c>', {"D7": "E7+F7"}),
        ('<c r="D7"><f>A1&amp;"x"</f><v/></c>', {"D7": 'A1&"x"'}),
        (
            '<c r="D7"><f t="shared" ref="D7:D8" si="0">E7+$F$1</f><v>2</v></c>'
            '<c r="D8"><f t="shared" si="0"/><v>3</v></c>',
            {"D7": "E7+$F$1", "D8": "E8+$F$1"},
        ),
        ('<c r="D7"><v>2</v></c>', {}),
    ],
    ids=["plain", "with entities", "shared over cells", "no formula"],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_formulas_are_read(cells: str, formulas: dict[str, str], prefix: str) -> None:
    xml = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", SHEET.format(cells))
    assert scan(xml.encode()).texts == formulas


def test_an_error_value_and_a_missing_result_are_noted() -> None:
    found = scan(SHEET.format('<c r="D7" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D8"><f>E8</f></c>').encode())
    assert found.errors == {"D7": "#DIV/0!"}
    assert found.without_value == {"D8"}


def test_totals_that_excel_stored_as_shared_formulas_are_live(tmp_path: Path) -> None:
    """As Excel saves a column of totals after it was filled down."""
    path = filled(QINGLONG, tmp_path)
    before = xltool.read(path)
    shared = tmp_path / "填充柄.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(shared, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/worksheets/sheet3.xml":
                content, count = re.subn(
                    rb'(<c r="E(?:9|1\d)"[^>]*>)<f>[^<]*</f>', rb'\1<f t="shared" si="9"/>', content
                )
                assert count > 3
                start = rb'\1<f t="shared" ref="E8:E19" si="9">SUM(F8:L8)</f>'
                content = re.sub(rb'(<c r="E8"[^>]*>)<f>SUM\(F8:L8\)</f>', start, content)
                assert b"ref=" in content
            target.writestr(part, content)
    after = xltool.read(shared)
    assert amounts(after) == amounts(before)
    assert {after.layout.key(place) for place in after.live} == {before.layout.key(place) for place in before.live}
    assert after.facts[next(iter(after.facts))].value == Decimal("299.17")
