"""What rows and columns are called beside the tables."""

from __future__ import annotations

import xltool
from tests.budgets import PINGSHAN, SAMPLES
from xltool.merge.sheets.row_words import column_words, row_words


def test_headings_name_the_year_that_they_print() -> None:
    layout = xltool.read(SAMPLES / PINGSHAN / "预算.xlsx").layout
    place = layout.blocks[0].places[0][1]
    assert (row_words(place, layout), column_words(place, layout)) == ("一、政府预算拨款", "收 入·2023年预算数")
