"""Reads the lines of a form: labels with a cell for the answer to the right of each."""

from __future__ import annotations

from typing import NamedTuple

from xltool.drafting import words
from xltool.drafting.seen.page import Page, Rect
from xltool.template.names import normal

MEMBER_LABELS = ("项目名称", "子项目名称")
_ANSWER = "内容"


class FormField(NamedTuple):
    """A label ("" where the answer has a line of its own), and its answer: the cell, its width in columns, its kind."""

    label: str
    answer: Rect
    kind: str = "text"
    decimals: int | None = None
    choices: tuple[str, ...] = ()

    @property
    def span(self) -> int:
        """How many sheet columns the answer takes."""
        return self.answer.right - self.answer.left + 1


class FormLine(NamedTuple):
    """The fields of one line; `is_wide` if the last answer is one cell merged up to the table's right edge."""

    fields: tuple[FormField, ...]
    bottom: int
    is_wide: bool


def form_line(page: Page, row: int, left: int, right: int) -> FormLine | None:
    """The line of a form in `row`; None if the row is none: a label first, then answers and labels in turn."""
    cells = _cells(page, row, left, right)
    if len(cells) < 2 or len(cells) % 2 or any(cell.top < row for cell in cells):
        return None
    fields = []
    for label, answer in zip(cells[::2], cells[1::2], strict=True):
        text = page.text(row, label.left)
        is_label = text and not page.is_number(row, label.left) and label.right <= label.left + 1
        if not is_label or label.bottom > answer.bottom:
            return None
        fields.append(_field(page, text, answer))
    is_wide = cells[-1].right > cells[-1].left and not page.is_number(row, cells[-1].left)
    if not is_wide and len(cells) == 2:
        return None
    return FormLine(tuple(fields), max(cell.bottom for cell in cells), is_wide)


def side_form(page: Page, row: int, left: int, right: int, is_in_form: bool = False) -> list[FormLine] | None:
    """The lines right of a text that is merged down the left of a form; None if there are none in `row`.

    A cell over the whole width is an answer without a label. Below another form the text may have one line only.
    """
    side = page.rect(row, left)
    if side.top != row or side.right > left or not page.text(row, left) or (side.bottom == row and not is_in_form):
        return None
    lines: list[FormLine] = []
    line = row
    while line <= side.bottom:
        cells = _cells(page, line, left + 1, right)
        found = form_line(page, line, left + 1, right)
        if found is None and lines and len(cells) == 1:
            found = FormLine((_field(page, "", cells[0]),), cells[0].bottom, True)
        if found is None:
            return None
        lines.append(found)
        line = found.bottom + 1
    return lines


def _cells(page: Page, row: int, left: int, right: int) -> list[Rect]:
    cells: list[Rect] = []
    column = left
    while column <= right:
        cells.append(page.rect(row, column))
        column = cells[-1].right + 1
    return cells


def _field(page: Page, label: str, answer: Rect) -> FormField:
    cell = (answer.top, answer.left)
    if not _is_figure(page, cell, normal(label)):
        return FormField(label, answer, choices=page.choices(*cell))
    is_share = "%" in page.number_format(*cell)
    kind = "percent" if is_share else "number" if words.COUNT.search(normal(label)) else "amount"
    return FormField(label, answer, kind, page.decimals(*cell), page.choices(*cell))


def _is_figure(page: Page, cell: tuple[int, int], label: str) -> bool:
    """Whether an answer is a number, or, while it is blank, will be one by its format or its label."""
    if words.NO_FIGURE.search(label):
        return False
    if page.text(*cell) or page.is_number(*cell):
        return page.is_number(*cell)
    is_money = words.MONEY.search(label) and not words.TEXT.search(label) and page.number_format(*cell) != "@"
    return bool(is_money) or page.decimals(*cell) is not None


def field_ids(fields: list[FormField]) -> list[str]:
    """The id of each field: its label without decorations; of equal ones the second and later get a number."""
    seen: dict[str, int] = {}
    ids = []
    for field in fields:
        name = words.identifier(field.label) if field.label else _ANSWER
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}{seen[name]}")
    return ids
