"""Lists that people make by hand (名册, 往来, 科目, 数据表): rows of texts, and the columns under their headings."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.csv_text import csv_rows
from xltool.errors import FileRefused
from xltool.source.cells import Raw, from_float, is_amount, label
from xltool.template.names import normal

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What files begin with that Excel saves as “Unicode 文本”."""

_SAVE_ANEW = "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”或 .xlsx。"


class ListRow(NamedTuple):
    """One row as it was read: where it stands ("第 3 行") and the texts of its cells, as typed."""

    place: str
    cells: Sequence[str]


class ListLine(NamedTuple):
    """One line below the headings that is not blank: where it stands, and the text of each column that is there."""

    place: str
    texts: Mapping[str, str]


class Columns(NamedTuple):
    """How the columns of a list may be called, and which it cannot do without.

    `words` leads from the name of a column to its headings in a normal text of small letters; the first of them is
    the one that we write.
    """

    words: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]

    @property
    def headings(self) -> list[str]:
        """The headings that we write."""
        return [words[0] for words in self.words.values()]


def decoded(content: bytes) -> str:
    """A text file's text: UTF-8, UTF-16 with its mark, or GB18030, which Chinese Windows programs save by default.

    Raises UnicodeDecodeError if it is none of them.
    """
    if content.startswith(_UTF_16):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def text_lines(content: bytes, columns: Columns, subject: str) -> Iterator[ListLine] | None:
    """The lines of a CSV file with commas or tabs, see `decoded`, read one by one; None without headings.

    Raises FileRefused, also while lines are read, if it is no such file; it begins with `subject` (“名册.csv”).
    """
    try:
        text = decoded(content)
    except UnicodeDecodeError as error:
        raise FileRefused(f"{subject}不是 CSV 文件：{_SAVE_ANEW}") from error

    def rows(delimiter: str) -> Iterator[ListRow]:
        try:
            for number, cells in csv_rows(text, delimiter):
                yield ListRow(f"第 {number} 行", cells)
        except csv.Error as error:
            raise FileRefused(f"{subject}里有一行过长，或引号不成对：{_SAVE_ANEW}") from error

    return next(filter(None, (lines_below(rows(delimiter), columns) for delimiter in ",\t")), None)


def sheet_rows(name: str, rows: Iterable[Sequence[Raw]]) -> Iterator[ListRow]:
    """The rows of a worksheet, their cells as a CSV file would have them."""
    for number, cells in enumerate(rows, 1):
        yield ListRow(f"“{name}”表第 {number} 行", [_typed(raw) for raw in cells])


def lines_below(rows: Iterable[ListRow], columns: Columns) -> Iterator[ListLine] | None:
    """The lines below the headings of a list, or of one sheet; what stands above is passed over. None without any."""
    rest = iter(rows)
    places = next(filter(None, (_places(row.cells, columns) for row in rest)), None)
    return None if places is None else _filled(rest, places)


def _filled(rows: Iterable[ListRow], places: Mapping[str, int]) -> Iterator[ListLine]:
    width = max(places.values()) + 1
    for place, cells in rows:
        whole = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
        texts = {name: whole[at] for name, at in places.items()}
        if any(map(str.strip, texts.values())):
            yield ListLine(place, texts)


def _places(cells: Sequence[str], columns: Columns) -> dict[str, int]:
    """Where the columns are, if these are the headings; else {}."""
    at: dict[str, int] = {}
    for place, cell in enumerate(cells):
        at.setdefault(normal(cell).lower(), place)
    found = {
        name: at[next(word for word in words if word in at)]
        for name, words in columns.words.items()
        if not at.keys().isdisjoint(words)
    }
    return found if columns.needed <= found.keys() else {}


def _typed(raw: Raw) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, float | int) and not isinstance(raw, bool) and is_amount(raw):
        return f"{from_float(raw):f}"
    return label(raw)
