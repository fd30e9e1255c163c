"""A note's box is as large as its text and stands where it can be seen."""

import pytest

from tests.excel.kitchen_sink import EXCEL_VML
from xltool.excel.file.sheetxml import Sizes
from xltool.excel.mark.boxes import box, grow_boxes, shrink_boxes


def _sizes(head: str = "", rows: str = "") -> Sizes:
    return Sizes(f"<worksheet>{head}<sheetData>{rows}</sheetData></worksheet>".encode())


def _corners(row: int, column: int, text: str, sizes: Sizes) -> list[int]:
    return [int(number) for number in box(row, column, text, sizes).anchor.split(",")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [("差", 1), ("差\n差\n差", 3), ("支" * 19, 1), ("支" * 20, 2), ("1" * 38, 1), ("支出" * 1000, 30)],
)
def test_the_height_follows_the_lines(text: str, lines: int) -> None:
    assert box(1, 1, text, _sizes()).height == lines * 18 + 16


def test_right_of_the_cell_and_one_row_up() -> None:
    assert _corners(4, 1, "差 18.55", _sizes())[:4] == [2, 12, 3, 6]


def test_hidden_columns_are_stepped_over() -> None:
    columns = '<cols><col min="3" max="5" hidden="1" width="9"/></cols>'
    left, _, _, _, right, *_ = _corners(4, 1, "差 18.55", _sizes(columns))
    assert (left, right) == (5, 7)


def test_left_of_the_cell_where_all_to_the_right_is_hidden() -> None:
    left, _, _, _, right, *_ = _corners(4, 7, "差 18.55", _sizes('<cols><col min="9" max="16384" hidden="1"/></cols>'))
    assert 3 <= left < right <= 7


def test_left_of_the_last_column_and_above_the_last_row() -> None:
    left, _, top, _, right, _, bottom, _ = _corners(1048575, 16383, "差" * 200, _sizes())
    assert left < right <= 16383
    assert top < bottom <= 1048575


def test_hidden_rows_are_stepped_over() -> None:
    rows = "".join(f'<row r="{number}" hidden="1"/>' for number in range(2, 40))
    top, bottom = _corners(0, 0, "差" * 60, _sizes(rows=rows))[2::4]
    assert (top, bottom) == (0, 42)


def test_sizes_that_are_no_numbers_count_as_usual() -> None:
    sizes = _sizes(
        '<sheetFormatPr defaultRowHeight="?"/><cols><col min="a" max="b"/><col min="1" max="1" width=""/></cols>'
    )
    assert (sizes.width(0), sizes.height(0)) == (64, 20)


def test_a_users_box_grows_with_our_text_and_shrinks_again() -> None:
    drawing = EXCEL_VML.encode()
    grown = grow_boxes(drawing, {(1, 1): "已与银行对账\n\n" + "支出总计应等于收入总计。" * 20}, _sizes())
    assert b"<x:Anchor>2, 15, 0, 2, 6, 35, 14, 8</x:Anchor>" in grown
    assert shrink_boxes(grown) == drawing


def test_a_users_box_that_is_large_enough_stays() -> None:
    drawing = EXCEL_VML.encode()
    assert grow_boxes(drawing, {(1, 1): "已与银行对账"}, _sizes()) == drawing
