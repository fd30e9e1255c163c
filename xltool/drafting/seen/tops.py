"""Reads what stands above the headings of a table: its number, its title, and the line of department and unit."""

from __future__ import annotations

import re
from typing import NamedTuple

from xltool.drafting import words
from xltool.drafting.seen.page import Page
from xltool.template.names import PRINTED_UNIT, normal

TITLE_ROWS = 10
_HEADER_ROWS = 4
_MOST_TEXTS = 3
_LARGE = 14
"""Points of a font that titles are printed in; a text that reads like a title counts as if it were larger."""

_NAMED = 10


class Top(NamedTuple):
    """Title and number, the texts of the header line with their first and last columns, and the row that follows."""

    title: str
    number: str
    header: list[tuple[int, int, str]]
    first_row: int


def texts_of(page: Page, row: int) -> list[tuple[int, str]]:
    """The texts of a row with their columns, each merged range once."""
    return [
        (column, page.text(row, column))
        for column in range(1, page.last_column + 1)
        if page.rect(row, column)[:2] == (row, column) and page.text(row, column)
    ]


def is_printed_again(page: Page, row: int, first: int) -> bool:
    """Whether a row is one of those above row `first` again, as at the top of a page: title, unit or headings."""
    texts = texts_of(page, row)
    return bool(texts) and any(texts_of(page, above) == texts for above in range(1, first))


def top_of(page: Page) -> Top:
    """What stands above the headings."""
    title_row = _title_row(page)
    number, header = "", []
    row = 1
    for row in range(1, page.height + 1):
        texts = texts_of(page, row)
        if row == title_row or not texts:
            continue
        numbers = [text for _, text in texts if words.NUMBER.fullmatch(normal(text))]
        number = number or next(iter(numbers), "")
        rest = [(column, text) for column, text in texts if text not in numbers]
        if not rest or row < title_row:
            continue
        if row > title_row + _HEADER_ROWS or not _is_header([text for _, text in rest]):
            break
        header += [(column, page.rect(row, column).right, text) for column, text in rest]
    title = "" if not title_row else texts_of(page, title_row)[0][1]
    title, inside = _without_number(title)
    return Top(title, number or inside, header, row)


def _without_number(title: str) -> tuple[str, str]:
    """ "表1 收支总表" -> ("收支总表", "表1")."""
    found = re.match(
        r"\s*((?:公开|附)?表\s*(?:\d+(?:-\d+)?\s*[.、:：]?|[一二三四五六七八九十]+\s*[.、:：\s]))\s*(?=\S)", title
    )
    return (title[found.end() :], found[1].rstrip(" .、:：")) if found else (title, "")


def _title_row(page: Page) -> int:
    """The row of the title: of the texts alone on one of the first rows, the largest that reads like a title or is
    printed like one; 0 if there is none."""
    best, best_score = 0, 0.0
    for row in range(1, min(TITLE_ROWS, page.height) + 1):
        texts = texts_of(page, row)
        if len(texts) > 2:
            break
        text = normal(texts[0][1]) if len(texts) == 1 else ""
        if not text or words.NUMBER.fullmatch(text) or words.HEADER.fullmatch(text):
            continue
        size = page.font_size(row, texts[0][0])
        score = size + _NAMED * bool(words.TITLE.search(text))
        if score > best_score and score >= _LARGE:
            best, best_score = row, score
    return best


def _is_header(texts: list[str]) -> bool:
    """Whether a row between title and headings is the line of department, year and unit."""
    if len(texts) == 1 and words.NAME_LABEL.fullmatch(normal(texts[0])):
        return False
    if len(texts) == 1 or any(PRINTED_UNIT.fullmatch(normal(text)) for text in texts):
        return True
    if len(texts) > _MOST_TEXTS:
        return False
    sure = any(words.HEADER_SURE.fullmatch(normal(text)) for text in texts)
    return sure or all(words.HEADER.fullmatch(normal(text)) for text in texts)


def placed(texts: list[tuple[int, int, str]], left: int, right: int) -> tuple[str, str, str]:
    """The texts of the header line as left, centre and right."""
    found = {"left": "", "centre": "", "right": ""}
    for first, last, text in texts:
        if first <= left < right <= last:
            found["centre"] = found["centre"] or text
            continue
        is_right = PRINTED_UNIT.search(normal(text)) or last >= right > left + 1 and first > left
        where = (
            "left" if first <= left and not PRINTED_UNIT.fullmatch(normal(text)) else "right" if is_right else "centre"
        )
        found[where] = found[where] or text
    return found["left"], found["centre"], found["right"]
