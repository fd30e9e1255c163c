"""Finds a block's rows in a sheet: by code, by label under their parent, or by name in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from xltool.excel.read.headings import Headings, heading_spellings
from xltool.excel.read.rows.by_place import by_place
from xltool.excel.read.rows.codes import CodeRows, NamedCodeRows
from xltool.excel.read.rows.context import Context, Entry, Kind, Known
from xltool.excel.read.rows.fixed import FixedRows, NamelessRows
from xltool.excel.read.rows.members import ItemRows, ProjectRows, UnitRows
from xltool.excel.read.rows.moved_rows import ways_back
from xltool.excel.read.rows.spread import GroupedRows, IndicatorRows
from xltool.layout.block import BlockAt, ExtraRow, RowAt
from xltool.layout.outline import Outline
from xltool.source.cells import Raw, amount, is_blank
from xltool.source.sheet import Sheet
from xltool.template.names import is_foot, is_grand_total, is_note, is_of_ones_own, normal
from xltool.template.word_lists import says_empty

_LETTERED = ("甲", "乙", "丙", "丁")
"""What 栏次 rows have below the columns of labels."""

_FEWEST_NUMBERED = 3


class FoundRows(NamedTuple):
    """The rows of a block, and those that somebody added for himself."""

    rows: list[RowAt]
    extra: list[ExtraRow]


def find_rows(
    sheet: Sheet, at: BlockAt, headings: Headings, outline: Outline, known: Known, sheet_rows: range
) -> FoundRows:
    """The rows of a block among those of its sheet. Rows without a name or unknown to the template have no definition.

    `known` are the units and projects known from elsewhere in the workbook; it learns those found here.
    """
    return _Finder(Context(sheet, at, headings, outline, known), sheet_rows).read()


class UnknownRows:
    """A row that has amounts other than zero but that the template does not know; told as a finding later."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def row(self, entry: Entry) -> RowAt | None:
        """The row, by its code and its label."""
        context, sheet = self._context, self._context.sheet
        if not any(amount(sheet.raw(entry.sheet_row, column)).value for column in context.amounts):
            return None
        printed = (sheet.label(entry.sheet_row, context.column("code")), entry.text)
        text = " ".join(dict.fromkeys(filter(None, printed)))
        path = context.free((text,))
        return RowAt(path, None, path, entry.sheet_row, text)


class ExtraRows:
    """Rows that are none of the table, though they stand in it or below it: subtotals of one's own, and such."""

    def __init__(self, context: Context, codes: CodeRows, is_known: Callable[[str], bool]) -> None:
        self._context = context
        self._codes = codes
        self._is_known = is_known
        self.found: list[ExtraRow] = []

    def takes(self, entry: Entry) -> bool:
        """Whether a line is such a row; it is put down then."""
        sheet_row = entry.sheet_row
        text = entry.text or self._context.text_beside(sheet_row)
        is_extra = is_of_ones_own(text) and not self._codes.code(sheet_row) and not self._is_known(text)
        is_extra = is_extra and not self._is_unit(entry)
        if is_extra and text.strip().startswith("其中") and not self._context.found:
            return False  # it is a part of what stands above it
        if is_extra:
            self.found.append(ExtraRow(sheet_row, text))
        return is_extra

    def _is_unit(self, entry: Entry) -> bool:
        """Whether it is a unit that was called so: no other stands above it, and 科目 below."""
        context = self._context
        is_nested = context.has_code_column and "unit" in context.repeated
        is_first = is_nested and not context.code and is_grand_total(entry.text)
        return is_first and bool(self._codes.code(entry.sheet_row + 1) and context.same_unit(normal(entry.text)))


class LabelledRows:
    """A row by its label alone: a fixed one, or the first of the kinds that it may be.

    The label of a fixed one may stand in the column of the codes or numbers, as where cells are not merged any more.
    """

    def __init__(self, context: Context, codes: CodeRows, fixed: FixedRows, others: list[Kind]) -> None:
        self._context = context
        self._codes = codes
        self._fixed = fixed
        self._others = others

    def row(self, entry: Entry) -> RowAt | None:
        """The row; None for one without a name, and for one with a code, which is a 科目 or nothing."""
        name = normal(entry.text)
        if self._codes.code(entry.sheet_row):
            return None
        if not name:
            beside = self._context.text_beside(entry.sheet_row)
            return self._fixed.row(entry._replace(text=beside)) if beside else self._fixed.nameless_total(entry)
        fixed = self._fixed.row(entry)
        if fixed or name.endswith(":"):  # a line to sign on (填表人：) is no unit or project
            return fixed
        return _first(self._others, entry)


def _first(kinds: list[Kind], entry: Entry) -> RowAt | None:
    return next((row for kind in kinds if (row := kind.row(entry)) is not None), None)


class _Finder:
    """Reads the rows of one block from top to bottom; what is above a row decides what it can be."""

    def __init__(self, context: Context, sheet_rows: range) -> None:
        self._context = context
        self._sheet = context.sheet
        self._at = context.at
        self._sheet_rows = sheet_rows
        self._is_nameless = not any(c.kind in ("label", "code", "path") for c in context.at.block.columns)
        there = [column for column in context.at.columns if column.sheet_column]
        self._columns = [column.sheet_column for column in there]
        self._leaves = [(c.sheet_column, heading_spellings(context.at.table, c.definition)[-1]) for c in there]
        if context.at.helper_column:
            self._columns.append(context.at.helper_column)
        fixed, codes = FixedRows(context), CodeRows(context)
        self._items = ItemRows(context, lambda label: normal(label) in context.units or fixed.fits(label))
        self._kinds: list[Kind]
        self._extra: ExtraRows | None = None
        if "indicator" in context.repeated:
            self._kinds = [IndicatorRows(context)]
        elif any(row.group for row in context.rows):
            self._kinds = [GroupedRows(context, fixed), UnknownRows(context)]
            self._extra = ExtraRows(context, codes, fixed.fits)
        elif self._is_nameless:
            self._kinds = [NamelessRows(context)]
        else:
            others: list[Kind] = [NamedCodeRows(context, codes), UnitRows(context), self._items, ProjectRows(context)]
            self._kinds = [codes, LabelledRows(context, codes, fixed, others), UnknownRows(context)]
            self._extra = ExtraRows(context, codes, fixed.knows)

    def read(self) -> FoundRows:
        self._items.look_at(self._sheet_rows)
        for sheet_row in self._sheet_rows:
            if self._is_passed_over(sheet_row):
                continue
            entry = self._context.entry(sheet_row)
            if self._extra is not None and self._extra.takes(entry):
                continue
            row = _first(self._kinds, entry)
            if row is not None and (row.definition is None or self._has_code_only(sheet_row)):
                row = self._moved_back(sheet_row) or row
            if row is not None:
                self._context.add(row)
        rows = list(self._context.found.values())
        if any(row.definition is None for row in rows):
            rows = by_place(rows, self._context)
        return FoundRows(rows, self._extra.found if self._extra is not None else [])

    def _is_passed_over(self, sheet_row: int) -> bool:
        """Whether a line is blank, a heading, or a note."""
        sheet = self._sheet
        if not self._is_nameless and all(is_blank(sheet.raw(sheet_row, column)) for column in self._columns):
            return True
        label = sheet.label(sheet_row, self._context.label_column)
        first = sheet.first_text(sheet_row)
        if self._is_repeated_heading(sheet_row) or any(is_note(text) or is_foot(text) for text in (label, first)):
            return True
        says_so = not self._is_nameless and (says_empty(label) or says_empty(first))
        return says_so and not any(amount(sheet.raw(sheet_row, column)).value for column in self._context.amounts)

    def _is_repeated_heading(self, sheet_row: int) -> bool:
        """A 栏次 row, or the headings printed again at the top of a page."""
        sheet = self._sheet
        if sheet.first_text(sheet_row) == "栏次" or self._is_numbering(sheet_row):
            return True
        if any(type(sheet.raw(sheet_row, column)) is float for column in self._context.amounts):
            return False
        is_heading = False
        for column, leaf in self._leaves:
            text = sheet.normal(sheet_row, column)
            if text and not leaf.fits(text):
                return False
            is_heading = is_heading or bool(text)
        return is_heading

    def _is_numbering(self, sheet_row: int) -> bool:
        """A 栏次 row that does not say so: the columns are numbered right below the headings."""
        if sheet_row != self._context.headings.last_row + 1:
            return False
        texts = [text for column in sorted(self._columns) if (text := self._sheet.normal(sheet_row, column))]
        numbers = [text for text in texts if text not in _LETTERED]
        return len(numbers) >= _FEWEST_NUMBERED and numbers == [str(n) for n in range(1, len(numbers) + 1)]

    def _has_code_only(self, sheet_row: int) -> bool:
        """Whether a row is known by the code beside the table, and its name is not where it should be."""
        labels = self._context.labels
        return self._at.helper_column > 0 and not any(self._sheet.label(sheet_row, column) for column in labels)

    def _moved_back(self, sheet_row: int) -> RowAt | None:
        """The row that one is when its cells are moved under their headings, read so from now on."""
        for astray, cells in ways_back(self._sheet, self._at, sheet_row, self._context.code_dimension):
            before = self._put(sheet_row, cells)
            row = _first(self._kinds, self._context.entry(sheet_row))
            if row is not None and row.definition is not None:
                self._sheet.forget_formulas(sheet_row, cells)
                return row._replace(astray=astray)
            self._put(sheet_row, before)
        return None

    def _put(self, sheet_row: int, cells: Mapping[int, Raw]) -> Mapping[int, Raw]:
        before = self._sheet.put(sheet_row, cells)
        self._items.look_at(self._sheet_rows)
        return before
