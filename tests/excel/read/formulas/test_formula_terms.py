"""A formula is known by the cells it adds up, however it is written."""

from __future__ import annotations

import csv
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import CASE_FILES
from tests.budgets import BUDGETS, WHOLE, published, template
from xltool.equations.filling import blank, fill
from xltool.excel.read.formulas.formula_terms import CodesOf, Terms, terms_of
from xltool.excel.write.formulas import render
from xltool.layout.block import Place
from xltool.layout.layout import Layout
from xltool.layout.outline import default_outline
from xltool.model import CellRef, column_number
from xltool.template.spec import CODE_LEVELS

SHEET = "本表"
CODES = {7: "201", 8: "20140", 9: "2014001", 10: "208"}
"""The codes in column B of the sheet that the cases speak of."""


def cases() -> list[dict[str, str]]:
    with (CASE_FILES / "formulas.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes_of(sheet: str, column: int) -> list[str]:
    if sheet != SHEET:
        return []
    return [CODES.get(row, "") if column == 2 else "" for row in range(1, max(CODES) + 1)]


def term(text: str) -> tuple[CellRef, Decimal]:
    """ "-2*表3!D7" as cell and coefficient."""
    match = re.fullmatch(r"(-?)(?:([\d.]+)\*)?(?:(.+)!)?([A-Z]+)(\d+)", text)
    assert match is not None, text
    cell = CellRef(match[3] or SHEET, int(match[5]), column_number(match[4]))
    return cell, Decimal(match[1] + (match[2] or "1"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"={case['formula']} {case['why']}")
def test_a_formula_adds_up_these_cells(case: dict[str, str]) -> None:
    found = terms_of(case["formula"], SHEET, codes_of)
    if case["cells"] == "?":
        assert found is None
    else:
        assert found == dict(map(term, case["cells"].split()))


def nested(depth: int) -> str:
    return "(" * depth + "D7" + ")" * depth


ENDLESS = {
    "thousands of percentages": "D7" + "%" * 8000,
    "thousands of colons": "D7" + ":D8" * 2000,
    "texts that double": "_xlfn.LET(a,D7&D7," + ",".join(["a,a&a"] * 40) + ",a)",
    "sums that double": "_xlfn.LET(a,SUM(A1:J5000)," + ",".join(["a,a+a"] * 40) + ",a)",
    "conditions in conditions": "IF(1=1&1+1*" * 65 + "D7" + ",1,1)" * 65,
    "arrays of arrays": "SUMPRODUCT((LEN(A1:J5000)=3)*(LEN(A1:J5000)=4))",
    "a thousand brackets": nested(1000),
    "a thousand sums": "SUM(" * 1000 + "D7" + ")" * 1000,
    "a thousand factors": "1*" * 1000 + "(" * 65 + "D7" + ")" * 65,
    "a thousand lookups": "INDEX(" * 1000 + "D7:D9" + ",1)" * 1000,
    "200,000 addends": "D7+" * 200_000 + "D8",
    "the same large range many times": "SUM(" + ",".join(["A1:J5000"] * 3) + ")",
    "codes of many rows many times": "+".join(['SUMIFS(D1:D60000,B1:B60000,"201")'] * 2),
}


@pytest.mark.parametrize("formula", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_formula_without_end_is_not_understood(formula: str) -> None:
    assert terms_of(formula, SHEET, codes_of) is None


def test_a_formula_as_deep_and_as_long_as_excel_allows_is_understood() -> None:
    assert terms_of(nested(64), SHEET, codes_of) == {CellRef(SHEET, 7, 4): Decimal(1)}
    long = "D7+" * 2730 + "D8"
    assert len(long) == 8192
    assert terms_of(long, SHEET, codes_of) == {CellRef(SHEET, 7, 4): Decimal(2730), CellRef(SHEET, 8, 4): Decimal(1)}


@given(st.text("SUMIFS()+-*,:$D7\"?&!'表 1.E", max_size=25))
def test_no_text_stops_the_reader(formula: str) -> None:
    terms_of(formula, SHEET, codes_of)


@pytest.mark.parametrize("name", BUDGETS)
@pytest.mark.parametrize("kind", ["filled", "blank"])
def test_every_formula_that_we_write_is_read_back(name: str, kind: str) -> None:
    spec = template(name)
    filled = (
        fill(spec, published(name), spec.department, spec.year, spec.amount_unit)
        if kind == "filled"
        else blank(spec, default_outline(spec))
    )
    layout = filled.layout
    wrong = []
    for place, equation in filled.live.items():
        cell = layout.cell(place)
        assert cell is not None
        found = terms_of(render(equation, layout), cell.sheet, code_reader(layout))
        if found is None or parts_at(layout, found) != {part.place: part.coefficient for part in equation.right}:
            wrong.append((cell, render(equation, layout)))
    assert wrong == []
    assert len(filled.live) > (200 if name in WHOLE else 10)


def parts_at(layout: Layout, found: Terms) -> dict[Place, Decimal]:
    """The facts among the cells; the blank rows that a sum also counts are none."""
    return {place: coefficient for cell, coefficient in found.items() if (place := layout.place_at(cell)) is not None}


def code_reader(layout: Layout) -> CodesOf:
    """The texts of the code columns of a planned workbook."""
    codes: dict[tuple[str, int], list[str]] = {}
    for block in layout.blocks:
        column = codes.setdefault((block.sheet, block.code_column), [""] * 300)
        for row in block.rows:
            if row.definition is not None and row.definition.each in CODE_LEVELS:
                column[row.sheet_row - 1] = row.code
    return lambda sheet, column: codes.get((sheet, column), [])
