"""Reads the lines of a form: labels with a cell for the answer to the right of each."""

from __future__ import annotations

from typing import NamedTuple

from xltool.drafting.source import Page, Rect


class FormField(NamedTuple):
    """A label and how many sheet columns its answer takes."""

    label: str
    span: int


class FormLine(NamedTuple):
    """The fields of one line; `is_wide` if the last answer is one cell merged up to the table's right edge."""

    fields: tuple[FormField, ...]
    bottom: int
    is_wide: bool

    @property
    def fields_of_block(self) -> tuple[FormField, ...]:
        """The fields as a block has them: those that share their line get what room there is, whatever they took."""
        return self.fields if len(self.fields) == 1 else tuple(field._replace(span=1) for field in self.fields)


def form_line(page: Page, row: int, left: int, right: int) -> FormLine | None:
    """The line of a form in `row`; None if the row is none: a label first, then answers and labels in turn."""
    cells = _cells(page, row, left, right)
    if len(cells) < 2 or len(cells) % 2 or any(cell.top < row for cell in cells):
        return None
    fields = []
    for label, answer in zip(cells[::2], cells[1::2], strict=True):
        text = page.text(row, label.left)
        if not text or page.is_number(row, label.left) or label.right > label.left + 1:
            return None
        fields.append(FormField(text, answer.right - answer.left + 1))
    is_wide = cells[-1].right > cells[-1].left and not page.is_number(row, cells[-1].left)
    if not is_wide and len(cells) == 2:
        return None
    return FormLine(tuple(fields), max(cell.bottom for cell in cells), is_wide)


def _cells(page: Page, row: int, left: int, right: int) -> list[Rect]:
    cells: list[Rect] = []
    column = left
    while column <= right:
        cells.append(page.rect(row, column))
        column = cells[-1].right + 1
    return cells
