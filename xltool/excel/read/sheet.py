"""The sheets of a workbook as the fast reader gives them, with merged cells, and what to look up in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from xltool.errors import FileRefused
from xltool.excel.read.cells import Raw, is_blank, label
from xltool.excel.read.sheet_formulas import SheetFormulas
from xltool.model import column_letters
from xltool.template.names import normal


@dataclass
class Sheet:
    """The cells of one sheet; rows and columns count from 1, a cell outside is blank ("").

    The fast reader gives no formulas: `formulas` has them once the sheet's own part was scanned.
    """

    name: str
    cells: list[list[Raw]]
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    formulas: SheetFormulas = field(default_factory=lambda: SheetFormulas({}, set(), {}))
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

    def put(self, row: int, cells: Mapping[int, Raw]) -> dict[int, Raw]:
        """Read other values in some columns of a row from now on; what stood there."""
        before = {column: self.raw(row, column) for column in cells}
        for column, raw in cells.items():
            self.cells[row - 1][column - 1] = raw
        self._texts.pop(row, None)
        return before

    def forget_formulas(self, row: int, columns: Iterable[int]) -> None:
        """Take what stands in some columns of a row for values."""
        for column in columns:
            self.formulas.texts.pop(f"{column_letters(column)}{row}", None)

    def is_blank(self, row: int) -> bool:
        """Whether a row has nothing but blanks."""
        return all(map(is_blank, self.cells[row - 1]))


def read_sheets(path: Path, without: tuple[str, ...] = ()) -> list[Sheet]:
    """Every sheet of a workbook but those named. Raises FileRefused if it cannot be read."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = []
        for name in [name for name in workbook.sheet_names if name not in without]:
            grid = workbook.get_sheet_by_name(name)
            merged = {
                (row + 1, column + 1): (top + 1, left + 1)
                for (top, left), (bottom, right) in grid.merged_cell_ranges or ()
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            }
            sheets.append(Sheet(name, grid.to_python(skip_empty_area=False), merged))
    except (CalamineError, PasswordError, XmlError, ZipError) as error:
        raise FileRefused(f"文件“{path.name}”无法读取：请在 Excel 或 WPS 中打开它，另存为 .xlsx 后再试。") from error
    return sheets
