"""Reads the headings of a table: the tree that merged cells make of them, down to the leaf columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xltool.drafting import words
from xltool.drafting.seen.page import Page, Rect
from xltool.template.names import normal


class Leaf(NamedTuple):
    """One leaf column: the texts printed above it from the top down, its sheet columns, and its heading's last row."""

    path: tuple[str, ...]
    left: int
    right: int
    bottom: int


def leaves_at(page: Page, row: int, left: int, right: int) -> list[Leaf] | None:
    """The leaf columns of headings that begin in `row`; None if no headings can begin there.

    Headings have a text above every column and no number. Where cells are not merged, a text also stands for the
    blank cells to its right that have a text below.
    """
    leaves = _below(page, row, left, right, ())
    if leaves is None or len(leaves) < 2:
        return None
    return leaves


def leaves_beside(page: Page, row: int, left: int, right: int) -> list[Leaf] | None:
    """The leaf columns right of a text merged down the left, which may stand for the heading of the first one."""
    first = page.rect(row, left)
    leaves = leaves_at(page, row, first.right + 1, right) if _has_no_heading(page, first) else None
    if leaves is None:
        return leaves_at(page, row, left, right)
    return [Leaf(("",), left, first.right, first.bottom), *leaves]


def _has_no_heading(page: Page, cell: Rect) -> bool:
    """Whether a blank cell has a label right below it."""
    return not page.text(cell.top, cell.left) and _is_heading_text(page, cell.bottom + 1, cell.left)


def _below(page: Page, row: int, left: int, right: int, above: tuple[str, ...]) -> list[Leaf] | None:
    cells = list(_cells(page, row, left, right))
    parents = {cell for cell in cells if _is_parent(page, cell)}
    if parents:
        parents |= {cell for cell in cells if _has_one_child(page, cell)}
    if parents and not all(cell in parents or _ends_alone(page, cell) for cell in cells):
        parents = set()
    leaves: list[Leaf] = []
    for cell in cells:
        text = page.text(cell.top, cell.left)
        if cell in parents:
            below = _below(page, cell.bottom + 1, cell.left, cell.right, (*above, text))
            if below is None:
                return None
            leaves += below
            continue
        bottom = cell.bottom
        if not text and parents:
            text, bottom = page.text(cell.bottom + 1, cell.left), cell.bottom + 1
        if not text or page.is_number(bottom, cell.left) or words.NO_HEADING.fullmatch(normal(text)):
            return None
        leaves.append(Leaf((*above, text), cell.left, cell.right, bottom))
    return leaves


def _cells(page: Page, row: int, left: int, right: int) -> Iterator[Rect]:
    """The cells of a row between two columns; a text that is not merged takes in the blanks it stands for."""
    column = left
    while column <= right:
        rect = page.rect(row, column)
        last = min(rect.right, right)
        if not page.is_merged(row) and not page.is_merged(row + 1) and page.text(row, column):
            last = _last_covered(page, row, column, right)
        yield Rect(row, column, max(rect.bottom, row), last)
        column = last + 1


def _last_covered(page: Page, row: int, column: int, right: int) -> int:
    """The last column that a text of one cell stands for: itself, and blanks to its right with a text below."""
    if not page.text(row + 1, column):
        return column
    last = column
    while last < right and not page.text(row, last + 1) and _is_heading_text(page, row + 1, last + 1):
        last += 1
    return last


def _is_heading_text(page: Page, row: int, column: int) -> bool:
    return bool(page.text(row, column)) and not page.is_number(row, column)


def _is_parent(page: Page, cell: Rect) -> bool:
    """Whether a wide cell has several texts right below it."""
    if cell.left == cell.right or not page.text(cell.top, cell.left):
        return False
    below = {page.rect(cell.bottom + 1, column) for column in range(cell.left, cell.right + 1)}
    texts = [rect for rect in below if page.text(rect.top, rect.left) and rect.top == cell.bottom + 1]
    return len(texts) > 1 and not any(page.is_number(rect.top, rect.left) for rect in texts)


def _has_one_child(page: Page, cell: Rect) -> bool:
    """Whether a wide cell has one text as wide as itself right below it."""
    below = page.rect(cell.bottom + 1, cell.left)
    is_as_wide = (below.top, below.left, below.right) == (cell.bottom + 1, cell.left, cell.right)
    return cell.left < cell.right and is_as_wide and bool(page.text(below.top, below.left))


def _ends_alone(page: Page, cell: Rect) -> bool:
    """Whether a cell beside a parent is a leaf: nothing else stands right below it, or only it does."""
    below = page.text(cell.bottom + 1, cell.left)
    is_merged = cell.bottom > cell.top
    return is_merged or not below or not page.text(cell.top, cell.left)
