"""Finds a block's columns in a sheet by their heading paths, wherever they were moved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from xltool.source.cells import Raw, amount, is_blank
from xltool.source.sheet import Sheet
from xltool.template.names import bare
from xltool.template.printed import AnyOf, any_of
from xltool.template.spec import FIGURES, Block, Column, Table
from xltool.template.spellings import spellings

SPLIT_CODE = ("类", "款", "项")

Wanted = tuple[AnyOf, ...]
"""The headings of a column, from the top one down to the leaf."""

_FEWEST = 3
"""In a block of more columns than this, one may be known by its place between the others."""

_LOOKED_AT = 50
"""Rows below a heading that tell whether figures stand there."""

_BEHIND = re.compile(r"[(](?:单位:)?(?:万?元|%)[)]$|[*※#]{1,3}$|[(]?注?\d[)]?$|[(]注[)]$")


class Headings(NamedTuple):
    """Where a block's headings are: their first and last row, the sheet column of each leaf column (0 if it is not
    there), and the sheet columns of a code that is split over 类, 款 and 项 (else empty). `guessed` is the heading that
    was printed where a column was known by its place alone, by the index of the column."""

    first_row: int
    last_row: int
    columns: tuple[int, ...]
    code_columns: tuple[int, ...]
    guessed: Mapping[int, str] = MappingProxyType({})

    @property
    def found(self) -> int:
        """How many columns were found."""
        return sum(column > 0 for column in self.columns)


def _headings(table: Table, column: Column) -> Wanted:
    """The headings of a column as the template prints them."""
    return tuple([any_of((table.headings.get(name, name),)) for name in column.path])


def heading_spellings(table: Table, column: Column) -> Wanted:
    """The headings of a column in any spelling: those of the template and those known everywhere."""
    texts = [table.headings.get(name, name) for name in column.path]
    also = [table.headings_also.get(name, ()) for name in column.path]
    also[-1] += column.also
    return tuple([any_of((text, *spellings(text, others))) for text, others in zip(texts, also, strict=True)])


def last_headings(table: Table, block: Block) -> list[AnyOf]:
    """The last heading of every column that has one, in any spelling: all are there where all columns are found."""
    found = [heading_spellings(table, column)[-1] for column in block.columns]
    return [heading for heading in found if not heading.is_blank]


def last_row_of_headings(block: Block, first: int) -> int:
    """The last row that the headings of a block may have if they begin in the row `first`."""
    return first + 2 * _depth(block)


def find_headings(
    sheet: Sheet, table: Table, block: Block, start: int, stop: int, taken: Collection[int] = ()
) -> Headings | None:
    """The headings of `block` between the rows `start` and `stop`: the place where most columns are found.

    The sheet columns `taken` are those of the blocks beside it, which may have the same headings. None if fewer than
    half of the columns that have amounts or labels are there.
    """
    known = _known.setdefault((id(table), id(block), start, tuple(taken)), [])
    for one in known:
        if one.headings.first_row <= stop and one.fits(sheet, start):
            return one.headings
    found = _found(sheet, table, block, start, stop, taken)
    if found is not None and found.found == len(block.columns) and not found.guessed:
        one = _Known(table, block, _tops(table, block), _area(sheet, found.first_row, found.last_row), found)
        if one.can_be_kept and one.is_first(sheet, start):
            known[:] = [one, *known[: _MOST_AREAS - 1]]
    while len(_known) > _MOST_KNOWN:
        del _known[next(iter(_known))]
    return found


class _Area(NamedTuple):
    """Rows of a sheet: the cells and their types (True is not 1), and what is merged."""

    cells: list[list[Raw]]
    types: list[list[type]]
    merged: dict[tuple[int, int], tuple[int, int]]
    has_merged: bool


def _area(sheet: Sheet, first: int, last: int) -> _Area:
    cells = [[*row] for row in sheet.cells[first - 1 : last]]  # in the sheet, cells can be put elsewhere later
    merged = {cell: start for cell, start in sheet.merged.items() if first <= cell[0] <= last}
    return _Area(cells, [[*map(type, row)] for row in cells], merged, bool(sheet.merged))


class _Known(NamedTuple):
    """Headings that were found, all of them, and their rows: workbooks of one format have the same.

    The table and the block are kept so that their ids stay theirs; `tops` are the headings that the rows begin with.
    """

    table: Table
    block: Block
    tops: Collection[AnyOf]
    area: _Area
    headings: Headings

    def fits(self, sheet: Sheet, start: int) -> bool:
        """Whether another sheet has them in the same place: their rows are the same, the first of their kind, and no
        row that splits the code follows."""
        first, last = self.headings.first_row, self.headings.last_row
        if not self.is_first(sheet, start) or self.area != _area(sheet, first, last):
            return False
        return self._is_split or not _is_split(sheet, range(last + 1, last_row_of_headings(self.block, first) + 1))

    def is_first(self, sheet: Sheet, start: int) -> bool:
        """Whether no row above them could be one of headings."""
        return not any(_begins(sheet, row, self.tops) for row in range(start, self.headings.first_row))

    @property
    def can_be_kept(self) -> bool:
        """Whether they follow from their own rows alone, and these are of a size to be kept."""
        letters = sum(len(raw) if isinstance(raw, str) else 1 for row in self.area.cells for raw in row)
        is_whole = all(row >= self.headings.first_row for row, _ in self.area.merged.values())
        return is_whole and letters <= _MOST_LETTERS and self._filled >= _depth(self.block)

    @property
    def _is_split(self) -> bool:
        return self._filled > _depth(self.block)

    @property
    def _filled(self) -> int:
        """How many of the rows of the headings are not blank."""
        return sum(not all(map(is_blank, row)) for row in self.area.cells)


_MOST_KNOWN, _MOST_AREAS, _MOST_LETTERS = 512, 4, 20_000
_known: dict[tuple[int, int, int, tuple[int, ...]], list[_Known]] = {}


def _depth(block: Block) -> int:
    return max(len(column.path) for column in block.columns)


def _is_split(sheet: Sheet, rows: Iterable[int]) -> bool:
    """Whether the first of the rows that is not blank splits the code; “项” alone is a unit of measure."""
    first = next((row for row in rows if row <= sheet.height and not sheet.is_blank(row)), 0)
    return {*SPLIT_CODE[:2]} <= {*sheet.texts(first)}


def _tops(table: Table, block: Block) -> Collection[AnyOf]:
    """The uppermost headings, however they are spelt."""
    return {heading_spellings(table, column)[0] for column in block.columns}


def _begins(sheet: Sheet, row: int, tops: Collection[AnyOf]) -> bool:
    """Whether a row has an uppermost heading."""
    texts = [text for text in sheet.texts(row) if text]
    return any(top.fits(text) for text in texts for top in tops)


def _found(sheet: Sheet, table: Table, block: Block, start: int, stop: int, taken: Collection[int]) -> Headings | None:
    wanted = [_headings(table, column) for column in block.columns]
    others = [heading_spellings(table, column) for column in block.columns]
    tops = _tops(table, block)
    depth = _depth(block)
    best: Headings | None = None
    for row in range(start, min(stop, sheet.height) + 1):
        if not _begins(sheet, row, tops):
            continue
        found = _match(sheet, row, depth, block, wanted, others, taken)
        if best is None or found.found > best.found:
            best = found
        if best.found == len(block.columns):
            break
    needed = [i for i, column in enumerate(block.columns) if column.kind not in ("serial", "fixed")]
    if best is None or 2 * sum(best.columns[i] > 0 for i in needed) < len(needed):
        return None
    return best


def _match(
    sheet: Sheet,
    row: int,
    depth: int,
    block: Block,
    wanted: list[Wanted],
    others: list[Wanted],
    taken: Collection[int],
) -> Headings:
    rows = [r for r in range(row, min(last_row_of_headings(block, row), sheet.height) + 1) if not sheet.is_blank(r)]
    split = _is_split(sheet, rows[depth:])
    rows = rows[: depth + split]
    found = _paths(sheet, rows, split)
    paths = {column: path for column, path in found.items() if column not in taken}
    columns: list[int] = []
    code_columns: tuple[int, ...] = ()
    for column, headings in zip(block.columns, wanted, strict=True):
        if column.kind == "code":
            code_columns = tuple(
                c for c, path in paths.items() if path and path[-1] in SPLIT_CODE and _fits(path[:-1], headings)
            )
        columns.append(next((c for c, path in paths.items() if c not in columns and _fits(path, headings)), 0))
        if column.kind == "code" and code_columns:
            columns[-1] = code_columns[0]
    columns = _with_loose(columns, paths, wanted)
    for i, headings in enumerate(others):
        if not columns[i]:
            columns[i] = next((c for c, path in paths.items() if c not in columns and _fits(path, headings)), 0)
    plain = {column: tuple(map(_plain, path)) for column, path in paths.items()} if 0 in columns else {}
    for i, headings in enumerate(others):
        if not columns[i] and not headings[-1].is_blank:
            columns[i] = next((c for c, path in plain.items() if c not in columns and _fits(path, headings)), 0)
    placed = _with_blank(sheet, row, _with_loose(columns, paths, others), wanted)
    guessed = _by_place(sheet, rows[-1], block, placed, paths, others)
    columns = [placed[i] or guessed.get(i, 0) for i in range(len(placed))]
    printed = {i: paths[c][-1] for i, c in guessed.items()}
    return Headings(row, rows[-1], tuple(columns), code_columns, printed)


def _plain(text: str) -> str:
    """A heading without an ordinal or 其中 before it, and without the unit or the mark of a footnote behind it."""
    return _BEHIND.sub("", bare(text)) or text


def _by_place(
    sheet: Sheet,
    last_row: int,
    block: Block,
    columns: list[int],
    paths: dict[int, tuple[str, ...]],
    others: list[Wanted],
) -> dict[int, int]:
    """The one column of a block whose heading is not there, if one other heading stands between those beside it."""
    missing = [i for i, column in enumerate(columns) if not column]
    if len(missing) != 1 or len(columns) <= _FEWEST:
        return {}
    (i,) = missing
    before, after = max(columns[:i], default=0), min(columns[i + 1 :], default=sheet.width + 1)
    above = others[i][:-1]
    free = [c for c, path in paths.items() if before < c < after and len(path) == len(others[i]) and c not in columns]
    found = [c for c in free if _fits(paths[c][:-1], above) and _may_hold(sheet, c, last_row, block.columns[i])]
    return {i: found[0]} if len(found) == 1 else {}


def _may_hold(sheet: Sheet, at: int, last_row: int, column: Column) -> bool:
    """Whether what stands below a heading can be figures, where the column should have some."""
    rows = range(last_row + 1, min(last_row + _LOOKED_AT, sheet.height) + 1)
    return column.kind not in FIGURES or not any(amount(sheet.raw(row, at)).problem for row in rows)


def _with_loose(columns: list[int], paths: dict[int, tuple[str, ...]], wanted: list[Wanted]) -> list[int]:
    """Columns not found by their whole path, by their last heading alone where that is unambiguous."""
    for i, headings in enumerate(wanted):
        if columns[i]:
            continue
        same = [other for other in wanted if other[-1] == headings[-1]]
        free = [c for c, path in paths.items() if c not in columns and path and headings[-1].fits(path[-1])]
        if len(same) == 1 and len(free) == 1:
            columns[i] = free[0]
    return columns


def _with_blank(sheet: Sheet, row: int, columns: list[int], wanted: list[Wanted]) -> list[int]:
    """A column without a printed heading is the one left of the next column."""
    found = list(columns)
    for i, headings in enumerate(wanted[:-1]):
        if headings[-1].is_blank and found[i + 1] > 1:
            left = found[i + 1] - 1
            found[i] = sheet.merged.get((row, left), (row, left))[1]
    return found


def _fits(path: tuple[str, ...], wanted: Wanted) -> bool:
    return len(path) == len(wanted) and all(want.fits(text) for want, text in zip(wanted, path, strict=True))


def _paths(sheet: Sheet, rows: list[int], split: bool) -> dict[int, tuple[str, ...]]:
    """The texts above each column from the top down, each merged cell once; "" is passed over.

    With `split`, the last row is that of 类, 款 and 项: what else stands in it, such as 栏次, is no heading.

    Where the sheet has no merged cells, a heading also stands for the blank cells to its right that have one below.
    """
    paths: dict[int, list[str]] = {}
    for i, row in enumerate(rows):
        before = ""
        for column in range(1, sheet.width + 1):
            text = sheet.normal(row, column)
            if not sheet.merged and not text and any(sheet.normal(below, column) for below in rows[i + 1 :]):
                text = before
            before = text or before
            path = paths.setdefault(column, [])
            is_same_cell = row > rows[0] and sheet.merged.get((row, column), (row, 0))[0] < row
            is_heading = not split or row < rows[-1] or text in SPLIT_CODE
            if text and is_heading and not is_same_cell:
                path.append(text)
    return {column: tuple(path) for column, path in paths.items()}
