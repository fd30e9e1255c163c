"""A formula that a group of cells shares, as it reads in each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from xltool.model import LAST_COLUMN, LAST_ROW, column_letters, column_number

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
# what has no references in it is passed over: texts, quoted names of sheets, and brackets (other workbooks, columns of
# tables); a name or a function may look like a reference at its beginning or its end
_PIECE = re.compile(
    r"""(?:"[^"]*"|'[^']*'|\[(?:[^\[\]]|\[[^\[\]]*\])*\])"""
    r"""|(?<![\w.$\\?])(?:(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![\w.(!\\?])"""
    r"""|(\$?)([A-Z]{1,3}):(\$?)([A-Z]{1,3})(?![\w.(!$\\?])|(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})(?![\w.(!$\\?]))""",
    re.IGNORECASE,
)


class _Relative(NamedTuple):
    """A column or a row of a reference, as far from that of the cell with the formula."""

    distance: int
    is_column: bool

    def at(self, row: int, column: int) -> str:
        """As it reads in a cell; "" if it lies off the sheet there."""
        if self.is_column:
            number = self.distance + column
            return _letters(number) if 0 < number <= LAST_COLUMN else ""
        return str(self.distance + row) if 0 < self.distance + row <= LAST_ROW else ""


_Piece = str | _Relative


class SharedFormula:
    """The formula `text` (without "=") of the cell `origin`, for the cells that share it."""

    def __init__(self, text: str, origin: str) -> None:
        self._row, self._column = _position(origin)
        self._pieces: list[_Piece] = []
        end = 0
        for found in _PIECE.finditer(text):
            reference = self._reference(found.groups())
            if reference:
                self._pieces += [text[end : found.start()], *reference]
                end = found.end()
        self._pieces.append(text[end:])

    def at(self, cell: str) -> str:
        """The formula as it reads in another cell; "" where a reference would lie off the sheet."""
        row, column = _position(cell)
        written = []
        for piece in self._pieces:
            text = piece if isinstance(piece, str) else piece.at(row, column)
            if not text and not isinstance(piece, str):
                return ""
            written.append(text)
        return "".join(written)

    def _reference(self, groups: Sequence[str | None]) -> list[_Piece]:
        """The parts of a reference; none if it is something else, such as a name beyond the last column (XYZ2024)."""
        for at, between in ((0, ""), (4, ":"), (8, ":")):
            if groups[at + 1]:
                one, other = self._coordinate(*groups[at : at + 2]), self._coordinate(*groups[at + 2 : at + 4])
                return [] if one is None or other is None else [one, between, other]
        return []

    def _coordinate(self, fixed: str | None, text: str | None) -> _Piece | None:
        assert text is not None
        is_column = text.isalpha()
        number = column_number(text.upper()) if is_column else int(text)
        if not 0 < number <= (LAST_COLUMN if is_column else LAST_ROW):
            return None
        return (
            f"${text.upper()}" if fixed else _Relative(number - (self._column if is_column else self._row), is_column)
        )


@lru_cache(maxsize=256)
def _letters(column: int) -> str:
    return column_letters(column)


def _position(cell: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(cell)
    assert found is not None
    return int(found[2]), column_number(found[1])
