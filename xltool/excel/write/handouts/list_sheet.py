"""A list for people to go on with, as one sheet in which every cell is text: codes keep their leading zeros."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from xlsxwriter.workbook import Workbook

_LAST_CHOICE = 10_000
"""So far down can the words of a column be chosen."""


def list_bytes(
    name: str, rows: Sequence[Sequence[str]], widths: Sequence[float], choices: Mapping[int, Sequence[str]]
) -> bytes:
    """A workbook with one sheet called `name`; the first row has the headings. No text is taken for a formula.

    `choices` are the words that can be chosen in a column, counted from 0.
    """
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet(name)
    text, heading = workbook.add_format({"num_format": "@"}), workbook.add_format({"bold": True, "num_format": "@"})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, text)
    for column, words in choices.items():
        sheet.data_validation(1, column, _LAST_CHOICE, column, {"validate": "list", "source": [*words]})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell, text if number else heading)
    sheet.autofilter(0, 0, max(len(rows) - 1, 0), len(widths) - 1)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return buffer.getvalue()
