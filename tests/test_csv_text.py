"""Text in a CSV file is never run as a formula by Excel, and is read back as it was."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xltool.catalogue.own_codes import COLUMNS, OwnCode, codes_csv, parse_codes
from xltool.csv_text import csv_rows, csv_text
from xltool.source.lists import text_lines

STARTS = "=+-@\t＝＋－＠"
FIELDS = st.builds(
    str.__add__,
    st.sampled_from(["", "'", "''", *STARTS, *(f"'{start}" for start in STARTS)]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(FIELDS, min_size=2, max_size=4), max_size=4))
def test_texts_are_read_back_and_none_begins_like_a_formula(lines: list[list[str]]) -> None:
    written = csv_text(lines)
    assert [fields for _, fields in csv_rows(written)] == lines
    stored = [field for line in csv.reader(io.StringIO(written, newline="")) for field in line]
    assert [field for field in stored if field.startswith(tuple(STARTS))] == []


@given(st.decimals(-(10**12), 10**12, places=2))
def test_numbers_stay_numbers(number: Decimal) -> None:
    assert csv_text([["a", number, 2024]]) == f"a,{number:f},2024\n"


@pytest.mark.parametrize("name", ["=1+1", "-其他", "@SUM(A1)", "'其他", "＝其他"])
def test_the_name_of_a_code_is_no_formula_in_the_users_own_list(name: str) -> None:
    codes = [OwnCode("2010199", 2024, name)]
    stored = codes_csv(codes)
    assert f"2010199,'{name},2024" in stored.decode("utf-8-sig")
    assert parse_codes(text_lines(stored, COLUMNS, "目录"), "目录") == codes


def test_a_line_is_counted_as_an_editor_counts() -> None:
    assert [number for number, _ in csv_rows('a,b\n"c\nd",e\nf,g\n')] == [1, 3, 4]


def test_a_line_of_endless_fields_is_none() -> None:
    with pytest.raises(csv.Error):
        list(csv_rows("a,b\n" + "," * (2 << 20)))
