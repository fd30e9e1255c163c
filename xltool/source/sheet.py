"""A source and its sheets: the cells of each as they were read, merged ranges, formulas, and what to look up in one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import NamedTuple

from xltool.model import Acceptance, CellRef, column_letters
from xltool.source.acceptances import kept_acceptances, may_keep
from xltool.source.cells import Raw, is_blank, label
from xltool.source.looks import Looks
from xltool.source.number_format import CellFormats
from xltool.source.our_sheets import OUR_SHEETS
from xltool.template.names import normal

TITLE_NAME = "_xltool_T"
"""What the hidden names of the title cells begin with that `xltool new` gives."""


DefinedNames = Mapping[tuple[str, str], str]
"""By sheet ("" for the whole workbook) and name in small letters: the text of what a name stands for."""


class SheetFormulas(NamedTuple):
    """By cell address: the formulas without "=", the cells whose formula has no stored value, the error values."""

    texts: dict[str, str]
    without_value: set[str]
    errors: dict[str, str]


class Hidden(NamedTuple):
    """The rows of a sheet that are not shown, and the columns from one to another."""

    rows: frozenset[int] = frozenset()
    columns: tuple[tuple[int, int], ...] = ()

    def has(self, row: int, column: int) -> bool:
        """Whether a cell is not shown."""
        return row in self.rows or any(first <= column <= last for first, last in self.columns)


class Sheet:
    """The cells of one sheet; rows and columns count from 1, a cell outside is blank ("").

    `merged` leads from each cell of a merged range to its first one; `stray` are cells with a value so far from all
    others that they are left out of `cells`; `hidden` which rows and columns are not shown; `styles` the numbers of the
    styles that its cells have.
    """

    def __init__(
        self,
        name: str,
        cells: list[list[Raw]],
        merged: Mapping[tuple[int, int], tuple[int, int]] = MappingProxyType({}),
        formulas: SheetFormulas | None = None,
        stray: tuple[CellRef, ...] = (),
        hidden: Hidden | None = None,
        styles: Collection[str] = (),
    ) -> None:
        self.name = name
        self.cells = cells
        self.merged = merged
        self.formulas = formulas or SheetFormulas({}, set(), {})
        self.stray = stray
        self.hidden = hidden or Hidden()
        self.styles = styles
        self._texts: dict[int, list[str]] = {}
        self._downward: dict[int, list[str]] = {}

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
        if 0 < row <= len(self.cells):
            cells = self.cells[row - 1]
            if 0 < column <= len(cells):
                return cells[column - 1]
        return ""

    def whole(self, row: int, column: int) -> Raw:
        """The value shown in the cell: that of the merged range it belongs to."""
        at = row, column
        return self.raw(*self.merged.get(at, at))

    def label(self, row: int, column: int) -> str:
        """The cell's text as typed, of its merged range if it has one; "" for column 0."""
        if not column:
            return ""
        raw = self.whole(row, column) if self.merged else self.raw(row, column)
        return label(raw) if raw != "" else ""

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

    def downward(self, column: int) -> list[str]:
        """The normal texts of a column, from row 1 on, as shown."""
        if column not in self._downward:
            self._downward[column] = [self.normal(row, column) for row in range(1, self.height + 1)]
        return self._downward[column]

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
        self._downward.clear()
        return before

    def grow(self, row: int, column: int) -> None:
        """Take a cell in, however far it lies below or to the right of all others."""
        width = max(self.width, column)
        for cells in self.cells:
            cells.extend([""] * (width - len(cells)))
        self.cells.extend([""] * width for _ in range(self.height, row))
        self._downward.clear()

    def forget_formulas(self, row: int, columns: Iterable[int]) -> None:
        """Take what stands in some columns of a row for values."""
        for column in columns:
            self.formulas.texts.pop(f"{column_letters(column)}{row}", None)

    def is_blank(self, row: int) -> bool:
        """Whether a row has nothing but blanks."""
        return all(map(is_blank, self.cells[row - 1]))


class Accepted(NamedTuple):
    """The sheet of ours with the reasons of warnings, "" if there is none, and these."""

    sheet: str
    reasons: tuple[Acceptance, ...]


class Source(NamedTuple):
    """What can be read: a workbook (later a document) as sheets.

    `sheets` and their `looks` are by name and in their order, each read when it is first asked for; `hidden` are the
    names of those that are not shown; `noted` is what `xltool new` noted in the workbook (template, year, amount_unit,
    department; empty for other sources); `originals` the sheets to which it gave hidden names that follow them, not
    their copies. `very_hidden` are the hidden sheets that no menu shows again; `formats` the number formats of the
    cells of each sheet; `is_manual` says that nothing is calculated before it is asked for;
    `other_workbooks` are the names of those that formulas call [1], [2], …; `names` what formulas may call by a name.
    """

    path: FilePath
    sheets: Mapping[str, Sheet]
    looks: Mapping[str, Looks] = MappingProxyType({})
    hidden: frozenset[str] = frozenset()
    noted: Mapping[str, str] = MappingProxyType({})
    originals: frozenset[str] = frozenset()
    very_hidden: frozenset[str] = frozenset()
    formats: Mapping[str, CellFormats] = MappingProxyType({})
    is_manual: bool = False
    other_workbooks: tuple[str, ...] = ()
    names: DefinedNames = MappingProxyType({})

    @property
    def is_ours(self) -> bool:
        """Whether `xltool` made it; programs that drop what is noted keep the names."""
        return bool(self.noted or self.originals)

    @property
    def with_tables(self) -> list[str]:
        """The names of the sheets that may have tables: all but those beside the tables of ours."""
        ours = {self.accepted.sheet, *(OUR_SHEETS if self.is_ours else ())}
        return [name for name in self.sheets if name not in ours]

    @property
    def accepted(self) -> Accepted:
        """The reasons that are kept in the workbook, in a sheet of ours."""
        for name in filter(may_keep, self.sheets):
            found = kept_acceptances(name, self.sheets[name].cells)
            if found is not None:
                return Accepted(name, found)
        return Accepted("", ())
