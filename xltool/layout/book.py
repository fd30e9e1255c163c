"""One workbook as read (or as filled): its layout and the value of every fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.layout.outline import Outline
from xltool.layout.seen import Seen
from xltool.model import Acceptance, Fact, FactKey, Value, format_path
from xltool.template.spec import Template

if TYPE_CHECKING:
    import pandas

MERGED = "merged"
"""As what a workbook that is a 汇总 is noted."""

NOTE = ("注",)
"""Row and column of the facts that hold a table's footnotes."""


@dataclass(repr=False)
class Book:
    """One workbook's facts.

    `values` has every cell of the tables that is not blank, computed totals included; `formulas` the text (without
    "=") of the cells of amount columns that have one; `live` the cells whose formula adds up what the template says,
    so that their value follows from others; `unclear` other cells whose formula nobody can call changed: it refers to
    rows that the template does not know, or rounds something away; `as_text` the amounts that are stored as text;
    `seen` what reading noticed besides; `source` the file, None for a book that was not read from one; `noted` what was
    noted in it when it was made: of which unit it is (unit, unit_code), that it is a 汇总 (merged), and what the
    outline has; `accepted` the reasons of warnings that are kept in it.
    """

    layout: Layout
    values: dict[Place, Value]
    formulas: dict[Place, str] = field(default_factory=dict)
    live: Mapping[Place, Equation] = field(default_factory=dict)
    as_text: list[Place] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    source: FilePath | None = None
    is_ours: bool = False
    unclear: frozenset[Place] = frozenset()
    noted: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    accepted: tuple[Acceptance, ...] = ()

    def __repr__(self) -> str:
        source = self.source.name if self.source is not None else "not read from a file"
        return f"<Book {source}: {self.template.id} {self.outline.year}, {len(self.values)} values>"

    @property
    def template(self) -> Template:
        """The template that the workbook was read with."""
        return self.layout.template

    @property
    def version(self) -> int:
        """The version of the template that the workbook was made with; one made elsewhere has none but today's."""
        return int(self.noted.get("version", 1)) if "template" in self.noted else self.template.version

    @property
    def is_merged(self) -> bool:
        """Whether the workbook is noted to be a 汇总 of others."""
        return MERGED in self.noted

    @property
    def outline(self) -> Outline:
        """The workbook's units, 科目 and projects."""
        return self.layout.outline

    @property
    def facts(self) -> Mapping[FactKey, Fact]:
        """Every fact that is not blank, by key, in the order of tables, rows and columns; footnotes last in a table."""
        return {fact.key: fact for fact in self._facts()}

    def _facts(self) -> Iterator[Fact]:
        for table in self.layout.tables.values():
            for block in table.blocks:
                for r in range(len(block.rows)):
                    for c in range(len(block.columns)):
                        place = Place(block.index, r, c)
                        value = self.values.get(place)
                        if value is not None:
                            yield Fact(block.key(r, c), value, block.cell(r, c), self.formulas.get(place))
            if table.notes:
                text = "\n".join(table.notes.values())
                yield Fact(FactKey(table.table.id, (*table.above, *NOTE), NOTE), text)

    def to_frame(self) -> pandas.DataFrame:
        """The facts as a pandas DataFrame: table, row, column, value (Decimal or str), sheet, cell, formula."""
        import pandas

        lines = [
            (
                *(fact.key.table, format_path(fact.key.row), format_path(fact.key.column), fact.value),
                *((fact.cell.sheet, fact.cell.a1) if fact.cell else ("", "")),
                fact.formula,
            )
            for fact in self._facts()
        ]
        return pandas.DataFrame(lines, columns=["table", "row", "column", "value", "sheet", "cell", "formula"])
