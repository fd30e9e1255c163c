"""A formula reads in each cell of its group as Excel, and openpyxl, would write it there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from xltool.excel.read.sheets.shared_formula import SharedFormula


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("A5+$A5+A$5+$A$5", "C8+$A8+C$5+$A$5"),
        ("SUM(A5:B9)", "SUM(C8:D12)"),
        ("sum(a5:b9)", "sum(C8:D12)"),
        ("SUM(A:B,$A:$B,5:6,$5:6)", "SUM(C:D,$A:$B,8:9,$5:9)"),
        ("支出总表!A5+'A1 表'!A5", "支出总表!C8+'A1 表'!C8"),
        ("'it''s A1'!A5", "'it''s A1'!C8"),
        ('IF(A5="A5""B5",1E5,2)', 'IF(C8="A5""B5",1E5,2)'),
        ("LOG10(A5)+XYZ2024+税率A5+A5.B+_A5", "LOG10(C8)+XYZ2024+税率A5+A5.B+_A5"),
        ("[1]上年!A5+收入表[[#This Row],[A5]]", "[1]上年!C8+收入表[[#This Row],[A5]]"),
        ("#REF!+A5%^2", "#REF!+C8%^2"),
        ("AAAA5+A0+A1048577+A12345678", "AAAA5+A0+A1048577+A12345678"),
        ("A5'", "C8'"),
    ],
)
def test_a_formula_moves_with_its_cell(text: str, moved: str) -> None:
    assert SharedFormula(text, "F5").at("H8") == moved


@pytest.mark.parametrize(("text", "cell"), [("A5", "A1"), ("E1", "A5"), ("A:B", "A5"), ("1048576:1048576", "F6")])
def test_a_reference_off_the_sheet_makes_no_formula(text: str, cell: str) -> None:
    assert SharedFormula(text, "F5").at(cell) == ""


DOLLAR = st.sampled_from(["", "$"])
CELL = st.builds("{}{}{}{}".format, DOLLAR, st.sampled_from("DEZ"), DOLLAR, st.integers(4, 99))
PIECE = st.one_of(CELL, st.builds("{}:{}".format, CELL, CELL), st.sampled_from(['"A5"', "5", "表!D7", "'A 1'!D9"]))
TERM = st.builds("{}{}".format, st.sampled_from(["", "SUM(", "-", "ABS("]), PIECE)


@settings(max_examples=25, deadline=None)
@given(st.lists(TERM, min_size=1, max_size=6), st.integers(2, 60), st.sampled_from("ABCDE"))
def test_it_moves_as_openpyxl_moves_it(terms: list[str], row: int, letter: str) -> None:
    text, cell = "+".join(terms), f"{letter}{row}"
    assert SharedFormula(text, "B3").at(cell) == Translator(f"={text}", "B3").translate_formula(cell).removeprefix("=")
