"""Pairs between formats: which lines of an older format the lines of a newer one go on from (`same_as`).

The newer template's files say it: `same_as = { "older-template" = "line" }` in a table, and in a column or row that is
called otherwise there, or is the sum of several (`["line", "line"]`), or has no partner (`[]`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from xltool.model import Path, parse_path
from xltool.template.binding import matching_paths, row_patterns
from xltool.template.parts.section import Section
from xltool.template.spec import Block, Row, SameAs, Table, Template


class LinePattern(NamedTuple):
    """What a row's pattern and a column name together in a table."""

    row: Path
    column: Path


def read_same_as(item: Section) -> tuple[SameAs, ...]:
    """The key `same_as` of a table, column, row or field."""
    data = item.section("same_as")
    return tuple([SameAs(older, data.texts(older)) for older in data.names()])


def columns_named(text: str, older: Table) -> list[Path]:
    """The columns of a table that a text (a path or the end of one) can mean."""
    return matching_paths(parse_path(text), list(dict.fromkeys(c.path for b in older.blocks for c in b.columns)))


def rows_named(text: str, block: Block) -> list[Path]:
    """The patterns of a block's rows that a text (a path or the end of one) can mean."""
    return matching_paths(parse_path(text), list(row_patterns(block.rows)))


class Partners:
    """For every line of a newer format, the lines of an older one whose sum it goes on from; of one format, itself."""

    def __init__(self, newer: Template, older: Template, load: Callable[[str], Template]) -> None:
        """`load` gives the templates in between by their names: it goes from 2024 to 2023, and from there to 2020."""
        self.newer, self.older = newer, older
        self.is_one = newer.id == older.id
        self._steps = {table.id: _steps(table, older, load, (newer.id,)) for table in newer.tables.values()}
        self._known: dict[tuple[str, LinePattern], tuple[LinePattern, ...]] = {}

    @property
    def is_related(self) -> bool:
        """Whether any table goes on from one of the older format."""
        return self.is_one or any(self._steps.values())

    def table(self, table: str) -> Table | None:
        """The older table that a table goes on from, None if there is none."""
        steps = self._steps[table]
        if self.is_one:
            return self.older.tables[table]
        return steps[-1].older if steps else None

    def back(self) -> dict[tuple[str, LinePattern], tuple[str, LinePattern]]:
        """(table, line) of the older format -> a table and line of the newer one that goes on from it."""
        found: dict[tuple[str, LinePattern], tuple[str, LinePattern]] = {}
        for table in self.newer.tables.values():
            older = self.table(table.id)
            if older is None:
                continue
            for block in table.blocks:
                for line in (
                    LinePattern(row, column.path) for row in row_patterns(block.rows) for column in block.columns
                ):
                    for one in self.lines(table.id, line):
                        found.setdefault((older.id, one), (table.id, line))
        return found

    def lines(self, table: str, line: LinePattern) -> tuple[LinePattern, ...]:
        """The older lines that a line goes on from, to be added up; () if it has no partner."""
        if self.is_one:
            return (line,)
        known = self._known.get((table, line))
        if known is None:
            known = (line,) if self._steps[table] else ()
            for step in self._steps[table]:
                found = [step.lines(one) for one in known]
                known = tuple(one for each in found for one in each) if all(found) else ()
            self._known[table, line] = known
        return known


class _Step(NamedTuple):
    """One table as two formats have it, the newer naming the lines of the older."""

    newer: Table
    older: Table
    template: str

    def lines(self, line: LinePattern) -> tuple[LinePattern, ...]:
        """The older lines of one line; () if any of them is not there, because a part of a sum would mislead."""
        found: list[LinePattern] = []
        columns = self._columns(line.column)
        for column in columns:
            rows = next((rows for block in self.older.blocks if (rows := self._rows(line, column, block))), ())
            if not rows:
                return ()
            found += [LinePattern(row, column) for row in rows]
        return tuple(found)

    def _columns(self, path: Path) -> list[Path]:
        own = next(column for block in self.newer.blocks for column in block.columns if column.path == path)
        said = _said(own.same_as, self.template)
        if said is None:
            return [path] if any(c.path == path for block in self.older.blocks for c in block.columns) else []
        found = [columns_named(text, self.older) for text in said]
        return [paths[0] for paths in found] if all(len(paths) == 1 for paths in found) else []

    def _rows(self, line: LinePattern, column: Path, block: Block) -> tuple[Path, ...]:
        """The rows of one older block that has the column."""
        if all(one.path != column for one in block.columns):
            return ()
        chain = next(
            (
                chain
                for own in self.newer.blocks
                if any(one.path == line.column for one in own.columns) and (chain := _chain(own.rows, line.row))
            ),
            (),
        )
        rows: tuple[Path, ...] = ((),) if chain else ()
        for row in chain:
            said = _said(row.same_as, self.template)
            if said is None:
                rows = tuple((*above, row.each or row.id) for above in rows)
                continue
            found = [rows_named(text, block) for text in said]
            rows = tuple(paths[0] for paths in found) if all(len(paths) == 1 for paths in found) else ()
        patterns = set(row_patterns(block.rows))
        return rows if all(row in patterns for row in rows) else ()


def _chain(rows: tuple[Row, ...], pattern: Path) -> tuple[Row, ...]:
    """The definitions along a pattern, outermost first; () if there is none."""
    for row in rows:
        if pattern and (row.each or row.id) == pattern[0]:
            if len(pattern) == 1:
                return (row,)
            below = _chain(row.rows, pattern[1:])
            if below:
                return (row, *below)
    return ()


def _said(same_as: tuple[SameAs, ...], template: str) -> tuple[str, ...] | None:
    return next((one.lines for one in same_as if one.template == template), None)


def _steps(table: Table, older: Template, load: Callable[[str], Template], seen: tuple[str, ...]) -> tuple[_Step, ...]:
    """The tables from the newer to the older format; () if they lead nowhere. What is said directly comes first."""
    for direct, lines in sorted(table.same_as, key=lambda one: one.template != older.id):
        if direct in seen or len(lines) != 1:
            continue
        between = older if direct == older.id else load(direct)
        partner = between.tables.get(lines[0])
        if partner is None:
            continue
        step = _Step(table, partner, direct)
        if direct == older.id:
            return (step,)
        further = _steps(partner, older, load, (*seen, direct))
        if further:
            return (step, *further)
    return ()


def of_rows(rows: tuple[Row, ...], above: Path = ()) -> Iterator[tuple[Path, SameAs]]:
    """Every `same_as` of rows, with the pattern of the row."""
    for row in rows:
        here = (*above, row.each or row.id)
        yield from ((here, said) for said in row.same_as)
        yield from of_rows(row.rows, here)
