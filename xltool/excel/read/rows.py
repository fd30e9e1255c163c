"""Finds a block's rows in a sheet: by code, by label under their parent, or by name in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.catalogue import by_year
from xltool.excel.read.headings import Headings, heading_patterns
from xltool.excel.read.moved_rows import ways_back
from xltool.excel.read.subprojects import subprojects
from xltool.layout.layout import BlockAt, RowAt
from xltool.layout.outline import INDICATOR_DEPTH, has_code
from xltool.layout.plan import rows_in
from xltool.model import Path
from xltool.source.cells import Raw, amount, is_blank, join_code
from xltool.source.sheet import Sheet
from xltool.template.binding import is_code
from xltool.template.names import bare, is_note, normal
from xltool.template.spec import CODE_LEVELS, Row


class Repeated(NamedTuple):
    """A row definition that repeats over a dimension, with the path of the definition above it."""

    row: Row
    pattern: Path


@dataclass
class RowFinder:
    """Reads the rows of one block from top to bottom; what is above a row decides what it can be.

    `units` and `projects` are the normal names of those known from elsewhere in the workbook, with the names as
    printed: typed with other blanks they are the same. `level` is
    the label column that the row's name stands in, `shown` the names that a group of rows has in those before it,
    `below_projects` the sheet rows of 子项目 among `sheet_rows`.
    """

    sheet: Sheet
    at: BlockAt
    headings: Headings
    department: str
    year: int
    units: dict[str, str]
    projects: dict[str, str]
    unit: str = ""
    code: str = ""
    last_fixed: int = -1
    found: dict[Path, RowAt] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    level: int = 0
    below_projects: set[int] = field(default_factory=set)
    sheet_rows: range = range(0)

    def __post_init__(self) -> None:
        block = self.at.block
        self.rows = rows_in(block, self.at.table)
        self.fixed = list(_fixed_rows(self.rows))
        self.repeated = {item.row.each: item for item in _repeated_rows(self.rows)}
        self.has_groups = any(row.group for row in self.rows)
        self.labels = [self.at.columns[c].sheet_column for c in self.at.label_columns()]
        self.items = [item for item in _repeated_rows(self.rows) if item.row.each == "item"]
        self.is_nameless = not any(column.kind in ("label", "code", "path") for column in block.columns)
        self.code_dimension = next((d for d in self.repeated if d in CODE_LEVELS), "")
        self.label_column = self._column("label") or self._column("name")
        self.has_code_column = bool(self._column("code"))
        self.columns = [at.sheet_column for at in self.at.columns if at.sheet_column]
        if self.at.helper_column:
            self.columns.append(self.at.helper_column)
        self.amounts = [self.at.columns[c].sheet_column for c in block.amounts if self.at.columns[c].sheet_column]

    def _column(self, kind: str) -> int:
        index = self.at.find_column(kind)
        return 0 if index is None else self.at.columns[index].sheet_column

    def read(self, start: int, stop: int) -> list[RowAt]:
        """The rows between two sheet rows. Rows without a name or unknown to the template have no definition."""
        self.sheet_rows = range(start, stop + 1)
        self._find_subprojects()
        for sheet_row in self.sheet_rows:
            if (self._is_blank(sheet_row) and not self.is_nameless) or self._is_repeated_heading(sheet_row):
                continue
            text = self.sheet.label(sheet_row, self.label_column)
            if is_note(text) or is_note(self.sheet.first_text(sheet_row)):
                continue
            row = self._recognise(sheet_row, text)
            if row is not None and (row.definition is None or self._has_code_only(sheet_row)):
                row = self._moved_back(sheet_row) or row
            if row is not None:
                self.found[row.path] = row
        return list(self.found.values())

    def _is_blank(self, sheet_row: int) -> bool:
        return all(is_blank(self.sheet.raw(sheet_row, column)) for column in self.columns)

    def _is_repeated_heading(self, sheet_row: int) -> bool:
        """A 栏次 row, or the headings printed again at the top of a page."""
        if self.sheet.first_text(sheet_row) == "栏次":
            return True
        if any(type(self.sheet.raw(sheet_row, column)) is float for column in self.amounts):
            return False
        leaves = [
            heading_patterns(self.at.table, column.definition)[-1].fullmatch(text)
            for column in self.at.columns
            if column.sheet_column and (text := self.sheet.normal(sheet_row, column.sheet_column))
        ]
        return bool(leaves) and all(leaves)

    def _recognise(self, sheet_row: int, text: str) -> RowAt | None:
        if "indicator" in self.repeated:
            return self._indicator(sheet_row)
        if self.has_groups:
            return self._grouped(sheet_row) or self._unknown(sheet_row, text)
        if self.is_nameless:
            return self._nameless(sheet_row)
        for level, column in enumerate(self.labels):
            if self.sheet.label(sheet_row, column):
                self.level, text = level, self.sheet.label(sheet_row, column)
        code = self._code(sheet_row)
        if code:
            own = self.sheet.raw(sheet_row, self._column("label")) if self._column("label") else ""
            if self.has_code_column and own and normal(str(own)) in self.units:
                self.unit = self.units[normal(str(own))]
            return self._coded(sheet_row, code, text) or self._unknown(sheet_row, text)
        return self._labelled(sheet_row, text) or self._unknown(sheet_row, text)

    def _has_code_only(self, sheet_row: int) -> bool:
        """Whether a row is known by the code beside the table, and its name is not where it should be."""
        return self.at.helper_column > 0 and not any(self.sheet.label(sheet_row, column) for column in self.labels)

    def _moved_back(self, sheet_row: int) -> RowAt | None:
        """The row that one is when its cells are moved under their headings, read so from now on."""
        for astray, cells in ways_back(self.sheet, self.at, sheet_row, self.code_dimension):
            before = self._put(sheet_row, cells)
            row = self._recognise(sheet_row, self.sheet.label(sheet_row, self.label_column))
            if row is not None and row.definition is not None:
                self.sheet.forget_formulas(sheet_row, cells)
                row.astray = astray
                return row
            self._put(sheet_row, before)
        return None

    def _put(self, sheet_row: int, cells: Mapping[int, Raw]) -> Mapping[int, Raw]:
        before = self.sheet.put(sheet_row, cells)
        self._find_subprojects()
        return before

    def _code(self, sheet_row: int) -> str:
        if not self.code_dimension:
            return ""
        if self.headings.code_columns and not self.at.helper_column:
            text = join_code([self.sheet.label(sheet_row, c) for c in self.headings.code_columns], self.code)
        else:
            text = normal(self.sheet.label(sheet_row, self.at.code_column))
        return text if is_code(self.code_dimension, text) else ""

    def _coded(self, sheet_row: int, code: str, text: str) -> RowAt | None:
        """A 科目, within the unit whose section it stands in; None if the table does not print codes of its level."""
        definition, pattern = self.repeated[self.code_dimension]
        if not has_code(definition, code):
            return None
        if "unit" in pattern:
            self._ensure_unit()
        above = tuple(self.unit if name == "unit" else name for name in pattern[:-1])
        self.code = code
        return self._row((*above, code), definition, pattern, sheet_row, self._name_of(sheet_row, code, text))

    def _name_of(self, sheet_row: int, code: str, text: str) -> str:
        """The printed name of a 科目, or, where the row was added without one, the catalogue's."""
        if self._column("name"):
            text = self.sheet.label(sheet_row, self._column("name"))
        return text or by_year.names(self.code_dimension, self.year).get(code, "")

    def _ensure_unit(self) -> None:
        """A 科目 below no unit belongs to the only row above it: one unit whose 部门 row was left out."""
        if self.unit:
            return
        self.unit = self.department
        heads = [row for row in self.found.values() if row.definition is not None and not row.definition.each]
        if len(self.found) == 1 and heads:
            head = self.found.pop(heads[0].path)
            self.unit = head.label
            self.found[(head.label,)] = self._row(
                (head.label,), self.repeated["unit"].row, ("unit",), head.sheet_row, head.label
            )

    def _labelled(self, sheet_row: int, text: str) -> RowAt | None:
        name = normal(text)
        if not name:
            return None
        fixed = self._fixed(sheet_row, text)
        if fixed or name.endswith(":"):  # a line to sign on (填表人：) is no unit or project
            return fixed
        return (
            self._named_code(sheet_row, text)
            or self._unit(sheet_row, text)
            or self._item(sheet_row, text)
            or self._project(sheet_row, text)
        )

    def _fixed(self, sheet_row: int, text: str) -> RowAt | None:
        fitting = [i for i, (row, _) in enumerate(self.fixed) if self._label_fits(row, text)]
        after = [i for i in fitting if i > self.last_fixed] or [i for i in fitting if self._path(i) not in self.found]
        if not after:
            return None
        self.last_fixed = after[0]
        return self._row(self._path(after[0]), self.fixed[after[0]][0], self.fixed[after[0]][1], sheet_row, text)

    def _path(self, fixed: int) -> Path:
        return tuple(self.unit if name == "unit" else name for name in self.fixed[fixed][1])

    def _label_fits(self, row: Row, text: str) -> bool:
        if "{department}" in row.label:
            return not self.department or normal(self.department) in normal(text) or normal(text) in self.units
        if "{" in row.label:
            return bool(_year_label(row.label) == _without_year(text))
        return normal(row.label) == normal(text) or bare(row.label) == bare(text) or normal(row.id) == bare(text)

    def _named_code(self, sheet_row: int, text: str) -> RowAt | None:
        """A 科目 by its name alone: the nearest one that the catalogue has below the 科目 above."""
        if not self.code_dimension or self.has_code_column or normal(text) in self.units:
            return None
        known = by_year.codes_by_name(self.code_dimension, self.year)
        above = [self.code[:length] for length in range(len(self.code), 0, -1)]
        for parent in (*above, ""):
            code = known.get((parent, bare(text)))
            if code:
                return self._coded(sheet_row, code, text)
        return None

    def _unit(self, sheet_row: int, text: str) -> RowAt | None:
        if "unit" not in self.repeated or (self.has_code_column and is_code(self.code_dimension, normal(text))):
            return None
        if len(self.labels) > 1 and self.level:
            return None
        nested = [item for item in self.repeated.values() if len(item.pattern) > 1]
        separate = not nested or self.has_code_column or len(self.labels) > 1
        if not separate and normal(text) not in self.units and self.unit:
            return None
        self.unit, self.code = self.units.setdefault(normal(text), text), ""
        return self._row((self.unit,), self.repeated["unit"].row, ("unit",), sheet_row, text)

    def _item(self, sheet_row: int, text: str) -> RowAt | None:
        """A row in the one above it."""
        start = len(self.at.above)
        last = next((row for row in reversed(self.found.values()) if row.definition is not None), None)
        for definition, pattern in self.items:
            depth = len(pattern) - 1
            if depth and (last is None or last.pattern[start : start + depth] != pattern[:-1]):
                continue
            if depth and pattern[-2] == "project" and sheet_row not in self.below_projects:
                continue
            above = last.path[start : start + depth] if last is not None else ()
            return self._row((*above, text), definition, pattern, sheet_row, text)
        return None

    def _find_subprojects(self) -> None:
        if all(item.pattern[-2:] != ("project", "item") for item in self.items):
            return
        column = self.labels[-1]
        lines = [line for line in self.sheet_rows if self.sheet.label(line, column)]
        heads = [line for line in lines if self._is_head(self.sheet.label(line, column))]
        self.below_projects = subprojects(self.sheet, column, self.amounts, lines, heads)

    def _is_head(self, text: str) -> bool:
        """Whether a label is that of a unit or of a fixed row (部门), below which the projects follow."""
        return normal(text) in self.units or any(self._label_fits(row, text) for row, _ in self.fixed)

    def _project(self, sheet_row: int, text: str) -> RowAt | None:
        if "project" not in self.repeated:
            return None
        definition, pattern = self.repeated["project"]
        above = tuple(self.unit if name == "unit" else name for name in pattern[:-1])
        name = self.projects.setdefault(normal(text), text)
        path, number = (*above, name), 1
        while path in self.found:
            number += 1
            path = (*above, f"{name}#{number}")
        return self._row(path, definition, pattern, sheet_row, text)

    def _indicator(self, sheet_row: int) -> RowAt | None:
        definition, _ = self.repeated["indicator"]
        columns = [at.sheet_column for at in self.at.columns if at.definition.kind == "path" and at.sheet_column]
        if len(columns) != INDICATOR_DEPTH or not self.sheet.label(sheet_row, columns[-1]):
            return None
        before = list(self.found)[-1][len(self.at.above) :] if self.found else ("",) * INDICATOR_DEPTH
        names = tuple(
            self.sheet.label(sheet_row, column) or above for column, above in zip(columns, before, strict=True)
        )
        return self._row(names, definition, ("indicator",) * INDICATOR_DEPTH, sheet_row, names[-1])

    def _grouped(self, sheet_row: int) -> RowAt | None:
        """A row whose path is spread over the label columns; what is left blank is as in the row above."""
        names = [self.sheet.label(sheet_row, column) for column in self.labels]
        *outer, own = names
        if names[0] and not any(names[1:]) and (total := self._fixed(sheet_row, names[0])):
            return total
        if not own:
            return None
        before = list(self.found.values())[-1] if self.found else None
        shown = [name or (self.shown[i] if before else "") for i, name in enumerate(outer)]
        self.shown = shown
        found = next(iter(self._nested(self.rows, [*shown, own], (), ())), None)
        if found is None:
            return None
        path, pattern, definition = found
        return self._row(path, definition, pattern, sheet_row, own)

    def _nested(
        self, rows: tuple[Row, ...], names: list[str], path: Path, pattern: Path
    ) -> Iterator[tuple[Path, Path, Row]]:
        """The rows that names, from the outermost on, can stand for; those not met before come first."""
        candidates: list[tuple[Path, Path, Row]] = []
        for row in rows:
            if not names or not (row.each or self._label_fits(row, names[0])):
                continue
            met = {"unit": self.units, "project": self.projects}.get(row.each)
            name = names[0] if met is None else met.setdefault(normal(names[0]), names[0])
            here = (*path, name if row.each else row.id)
            kinds = (*pattern, row.each or row.id)
            if row.group:
                candidates += self._nested(row.rows, names[1:], here, kinds)
            elif len(names) == 1:
                candidates.append((here, kinds, row))
        return iter(sorted(candidates, key=lambda item: (*self.at.above, *item[0]) in self.found))

    def _nameless(self, sheet_row: int) -> RowAt | None:
        """The next fixed row of a block whose rows have no labels."""
        following = self.last_fixed + 1
        if following >= len(self.fixed):
            return None
        self.last_fixed = following
        row, pattern = self.fixed[following]
        return self._row(pattern, row, pattern, sheet_row, "")

    def _unknown(self, sheet_row: int, text: str) -> RowAt | None:
        """A row that has amounts other than zero but that the template does not know; told as a finding later."""
        if not any(amount(self.sheet.raw(sheet_row, column)).value for column in self.amounts):
            return None
        printed = (self.sheet.label(sheet_row, self._column("code")), text)
        text = " ".join(dict.fromkeys(filter(None, printed)))
        path: Path = (text,)
        number = 1
        while path in self.found:
            number += 1
            path = (f"{text}#{number}",)
        return RowAt(path, None, path, sheet_row, text)

    def _row(self, path: Path, definition: Row, pattern: Path, sheet_row: int, text: str) -> RowAt:
        if self.at.above:
            path, pattern = (*self.at.above, *path), (self.at.table.each, *pattern)
        if path in self.found:
            number = 2
            while (*path[:-1], f"{path[-1]}#{number}") in self.found:
                number += 1
            path = (*path[:-1], f"{path[-1]}#{number}")
            return RowAt(path, None, path, sheet_row, text)
        return RowAt(path, definition, pattern, sheet_row, text)


def _fixed_rows(rows: tuple[Row, ...], above: Path = ()) -> Iterator[tuple[Row, Path]]:
    for row in rows:
        here = (*above, row.each or row.id)
        if not row.each:
            yield row, here
        yield from _fixed_rows(row.rows, here)


def _repeated_rows(rows: tuple[Row, ...], above: Path = ()) -> Iterator[Repeated]:
    for row in rows:
        here = (*above, row.each or row.id)
        if row.each:
            yield Repeated(row, here)
        yield from _repeated_rows(row.rows, here)


def _year_label(label: str) -> str:
    return normal(label.replace("{last_year}", "").replace("{year}", ""))


def _without_year(text: str) -> str:
    return normal(text)[4:] if normal(text)[:4].isdecimal() else normal(text)
