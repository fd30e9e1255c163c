"""One sheet as the fast reader gives it, with merged cells, and what to look up in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from xltool.excel.cells import Raw, label, normal


@dataclass
class Sheet:
    """The cells of one sheet; rows and columns count from 1, a cell outside is blank ("")."""

    name: str
    cells: list[list[Raw]]
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _texts: dict[int, list[str]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """The number of the last row."""
        return len(self.cells)

    @property
    def width(self) -> int:
        """The number of the last column."""
        return len(self.cells[0]) if self.cells else 0

    def raw(self, row: int, column: int) -> Raw:
        """The cell's own value, without regard to merging."""
        if 0 < row <= len(self.cells) and 0 < column <= len(self.cells[row - 1]):
            return self.cells[row - 1][column - 1]
        return ""

    def whole(self, row: int, column: int) -> Raw:
        """The value shown in the cell: that of the merged range it belongs to."""
        return self.raw(*self.merged.get((row, column), (row, column)))

    def label(self, row: int, column: int) -> str:
        """The cell's text as typed, of its merged range if it has one; "" for column 0."""
        return label(self.whole(row, column)) if column else ""

    def normal(self, row: int, column: int) -> str:
        """The cell's text made comparable."""
        return normal(self.label(row, column))

    def texts(self, row: int) -> list[str]:
        """The normal texts of a row, from column 1 on; only a merged range's first cell has its text."""
        found = self._texts.get(row)
        if found is None:
            cells = self.cells[row - 1] if 0 < row <= len(self.cells) else []
            found = [normal(raw) if isinstance(raw, str) else "" for raw in cells]
            self._texts[row] = found
        return found

    def own(self, row: int, column: int) -> str:
        """The normal text of the cell itself, without regard to merging."""
        texts = self.texts(row)
        return texts[column - 1] if 0 < column <= len(texts) else ""

    def first_text(self, row: int) -> str:
        """The first normal text of a row, "" if it has none."""
        return next((text for text in self.texts(row) if text), "")

    def is_blank(self, row: int) -> bool:
        """Whether a row has nothing but blanks."""
        return all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in self.cells[row - 1])
