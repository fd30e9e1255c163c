"""Puts what stands in one workbook beside what stands in the other, line by line, and says what has nothing there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.layout.block import Place
from xltool.layout.outline import match_row
from xltool.merge.compare.comparison import Incomparable, RowChange
from xltool.merge.compare.sides import Cell, ComparedSide, Member, RowKey, added
from xltool.merge.sheets.row_words import row_words
from xltool.model import Path
from xltool.template.same_as import LinePattern, Partners
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, FORM_COLUMN, Template

_DEPARTMENT = "{department}"
_NOTHING_THERE = Cell(None, ())
_NO_LINE = "“{format}”里没有口径相同的行或栏"
_NO_TABLE = "“{format}”里没有对应的表"
_NO_LEVEL = "“{format}”的这张表不列到这一级科目"
_UNKNOWN = "格式里没有的行，“{format}”里找不到对应的"
_OTHER_KIND = "“{format}”里对应的是另一种数（金额、百分比、个数、文字不同）"
_INNER = "另一年度没有分到这一项，已并在上级科目里比较"


class LineKey(NamedTuple):
    """A line of a workbook."""

    row: RowKey
    column: Path


class LinePair(NamedTuple):
    """The cells that stand beside each other; `kind` is that of the figures, or "text"."""

    old: Cell
    new: Cell
    kind: str


@dataclass
class Pairing:
    """The lines of both workbooks: beside each other, the rows that only one has, what is incomparable."""

    pairs: dict[LineKey, LinePair] = field(default_factory=dict)
    rows: dict[RowChange, None] = field(default_factory=dict)
    apart: Counter[Incomparable] = field(default_factory=Counter)

    def incomparable(self) -> tuple[Incomparable, ...]:
        """A line a row, or a table that has no partner, with how many figures or texts it is about."""
        columns: dict[Incomparable, dict[str, None]] = {}
        counts: Counter[Incomparable] = Counter()
        for one, count in self.apart.items():
            line = one._replace(column="")
            columns.setdefault(line, {})[one.column] = None
            counts[line] += count
        return tuple([one._replace(column="、".join(names), figures=counts[one]) for one, names in columns.items()])


def pairing(old: ComparedSide, new: ComparedSide, partners: Partners) -> Pairing:
    """Every filled cell of both workbooks.

    The newer format leads, whichever workbook has it: its lines say which of the other they go on from.
    """
    sides = (new, old) if partners.newer.id == new.book.template.id else (old, new)
    return _Pairing(*sides, partners).all()


class _Pairing:
    """A pairing while it is being made."""

    def __init__(self, leader: ComparedSide, other: ComparedSide, partners: Partners) -> None:
        self._leader, self._other, self._partners = leader, other, partners
        self._back = partners.back()
        self._made = Pairing()
        self._used: set[LineKey] = set()

    def all(self) -> Pairing:
        """The lines of the leading workbook, then what only the other has."""
        for key in self._leader.rows:
            for column, kind in self._leader.columns(key):
                self._lead(key, column, kind)
        for key in self._other.rows:
            for column, kind in self._other.columns(key):
                if LineKey(key, column) not in self._used:
                    self._leave(key, column, kind)
        for side in (self._leader, self._other):
            for cell in side.inner_cells():
                self._set_apart(side, cell, _INNER)
        return self._made

    def _lead(self, key: RowKey, column: Path, kind: str) -> None:
        """A line of the leading workbook beside those that it goes on from."""
        cell = self._leader.cell(key, column) or _NOTHING_THERE
        wanted = self._wanted(key, column)
        if not wanted:
            has_table = self._partners.table(key.table) is not None
            self._set_apart(self._leader, cell, (_NO_LINE if key.is_known else _UNKNOWN) if has_table else _NO_TABLE)
            return
        self._used.update(wanted)
        found = [there for one in wanted if (there := self._other.cell(*one)) is not None]
        if any(self._other.kind(place) != kind for one in found for place in one.places):
            self._set_apart(self._leader, cell, _OTHER_KIND)
            for one in found:
                self._set_apart(self._other, one, _OTHER_KIND)
        elif found:
            there = Cell(added([one.value for one in found]), tuple([place for one in found for place in one.places]))
            self._keep(LineKey(key, column), self._leader, cell, there, kind)
        elif self._lists(self._other.book.template, wanted[0], self._leader, cell.places):
            self._only_in(self._leader, LineKey(key, column), cell, kind)
        else:
            self._set_apart(self._leader, cell, _NO_LEVEL)

    def _wanted(self, key: RowKey, column: Path) -> list[LineKey]:
        """The lines of the other workbook that a line goes on from; none if it has no partner."""
        table = self._partners.table(key.table)
        found = []
        for line in self._partners.lines(key.table, LinePattern(key.pattern, column)):
            members = _members_along(line.row, key) if key.is_known else key.members
            if table is None or members is None:
                return []
            found.append(LineKey(RowKey(table.id, line.row, members), line.column))
        return found

    def _leave(self, key: RowKey, column: Path, kind: str) -> None:
        """A line of the other workbook that nothing goes on from."""
        cell = self._other.cell(key, column) or _NOTHING_THERE
        line = LinePattern(key.pattern, column)
        table, newer = self._back.get((key.table, line), ("", line))
        if not table and not self._partners.is_one:
            self._set_apart(self._other, cell, _NO_LINE if key.is_known else _UNKNOWN)
        elif table and not self._lists(
            self._leader.book.template,
            LineKey(RowKey(table, newer.row, ()), newer.column),
            self._other,
            cell.places,
        ):
            self._set_apart(self._other, cell, _NO_LEVEL)
        else:
            self._only_in(self._other, LineKey(key, column), cell, kind)

    def _lists(self, template: Template, line: LineKey, side: ComparedSide, places: tuple[Place, ...]) -> bool:
        """Whether a format lists 科目 of the level that the row at `places` is of; true of all other rows."""
        if not set(line.row.pattern) & set(CODE_LEVELS) or not places:
            return True
        row = side.row_at(places[0])
        codes = {kind: name for name, kind in zip(row.path, row.pattern, strict=True) if kind in CODE_LEVELS}
        path = tuple([codes.get(name, name) for name in line.row.pattern])
        blocks = template.tables[line.row.table].blocks
        return any(
            match_row(block.rows, path)
            for block in blocks
            if any(column.path == line.column for column in block.columns)
        )

    def _only_in(self, side: ComparedSide, line: LineKey, cell: Cell, kind: str) -> None:
        """A line in a row that the other workbook does not have."""
        if cell.value is not None:
            table, row, _ = words(side, cell)
            self._made.rows.setdefault(RowChange(table, row, side.is_new))
        self._keep(line, side, cell, _NOTHING_THERE, kind)

    def _keep(self, line: LineKey, side: ComparedSide, cell: Cell, there: Cell, kind: str) -> None:
        self._made.pairs[line] = LinePair(there, cell, kind) if side.is_new else LinePair(cell, there, kind)

    def _set_apart(self, side: ComparedSide, cell: Cell, why: str) -> None:
        """Note figures and texts that cannot be compared; blank ones and zeros are no loss."""
        if cell.value:
            other = self._other if side is self._leader else self._leader
            reason = why.format(format=other.book.template.title)
            table, row, column = words(side, cell)
            where = (table, "", "") if why == _NO_TABLE else (table, row, column)
            self._made.apart[Incomparable(side.is_new, *where, 0, reason)] += 1


def has_text(pair: LinePair) -> bool:
    """Whether it is no pair of figures."""
    return pair.kind == "text" or isinstance(pair.old.value, str) or isinstance(pair.new.value, str)


def words(side: ComparedSide, cell: Cell) -> tuple[str, str, str]:
    """The table, row and column of cells as the user reads them; the column without what its heading says of years."""
    layout = side.book.layout
    rows = "＋".join(dict.fromkeys(_row_words(side, place) for place in cell.places))
    columns = "＋".join(dict.fromkeys(_column_words(side, place) for place in cell.places))
    return layout.blocks[cell.places[0].block].table.name, rows, columns


def _row_words(side: ComparedSide, place: Place) -> str:
    """The row; that of the department with its id, because a unit may have the same name."""
    text, definition = row_words(place, side.book.layout), side.row_at(place).definition
    is_department = definition is not None and _DEPARTMENT in definition.label
    return f"{text}（{definition.id}）" if definition and is_department else text


def _column_words(side: ComparedSide, place: Place) -> str:
    path = side.book.layout.blocks[place.block].columns[place.column].definition.path
    return "" if path == FORM_COLUMN else "·".join(path)


def _members_along(pattern: Path, key: RowKey) -> tuple[Member, ...] | None:
    """The members of a row in the order of another pattern; None if that has others, or not all of them."""
    by_dimension = {member.dimension: member for member in key.members}
    wanted = [name for name in pattern if name in DIMENSIONS]
    if sorted(wanted) != sorted(by_dimension):
        return None
    return tuple([by_dimension[name] for name in wanted])
