"""The second file of a 汇总 of many units: a line for each figure of each unit, where 汇总底稿 has only their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.collecting.target import form_of
from xltool.errors import FileRefused
from xltool.excel.read.sheets.source import open_workbook
from xltool.excel.write.handouts.links import seen_from
from xltool.layout.long_table import Line
from xltool.merge.adding.figures import UnitFigures
from xltool.merge.adding.members import merged_path
from xltool.merge.consolidation import Consolidation
from xltool.model import FactKey, column_letters, format_path
from xltool.template.spec import YUAN

UNIT_TABLE = "unit_table"
"""As what the name of the file is noted in the 汇总."""

MOST_LINES = 1_000_000
"""Of a sheet; what is longer is written as .csv."""


class UnitPart(NamedTuple):
    """The lines of one unit: its name, its code, its file as seen from the 汇总, what its members are called there."""

    name: str
    code: str
    file: str
    names: Mapping[tuple[str, str], str]


class UnitTable(NamedTuple):
    """The file, small enough to be sent to another process: of which figures it has a line, and of which units."""

    place: FilePath
    year: int
    template: str
    kinds: Mapping[FactKey, str]
    parts: tuple[UnitPart, ...]


def unit_table(
    consolidation: Consolidation, names: Mapping[int, Mapping[tuple[str, str], str]], target: FilePath
) -> UnitTable | None:
    """The file beside a 汇总 that is written to `target`, None where each unit has a column there.

    `names` are what the members of each unit that was added up are called in the 汇总, by the index of its line. Raises
    FileRefused if another file stands in its place.
    """
    columns = consolidation.columns
    if all(len(column.units) <= 1 for column in columns):
        return None
    layout = consolidation.filled.layout
    of_units = [share for shares in consolidation.shares.values() for share in shares if columns[share.column].units]
    fits = sum(share.figures for share in of_units) <= MOST_LINES
    place = target.with_name(f"{target.stem}-各单位{'.xlsx' if fits else '.csv'}")
    _refuse_another(place, target)
    kinds = {layout.key(place): layout.kind(place) for place in consolidation.shares}
    lines = ((consolidation.lines[unit], own) for unit, own in names.items())
    parts = [
        UnitPart(unit.name, unit.code, seen_from(target, sent.path) if sent is not None else "", own)
        for (unit, _, sent, _), own in lines
    ]
    return UnitTable(place, layout.outline.year, layout.template.id, kinds, tuple(parts))


def write_unit_table(table: UnitTable, each_unit: Iterable[UnitFigures], target: FilePath) -> None:
    """Write the lines to `target`, in the form that its place asks for; the units come in the order of the parts."""
    with form_of(table.place).opened(target) as write:
        for part, figures in zip(table.parts, each_unit, strict=True):
            write([*_lines(table, part, figures)])


def _refuse_another(place: FilePath, target: FilePath) -> None:
    """Raise FileRefused if a file is there that the 汇总 which is to be replaced does not name as its own."""
    if not place.exists():
        return
    try:
        noted = open_workbook(target).noted if target.is_file() else {}
    except FileRefused:
        noted = {}
    if noted.get(UNIT_TABLE) != place.name:
        raise FileRefused(f"“{place}”已经存在，而各单位的数要写在这里：请先把它改名或移走，或用 -o 另取汇总的名称。")


def _lines(table: UnitTable, part: UnitPart, figures: UnitFigures) -> Iterator[Line]:
    """The figures of one unit that the 底稿 adds up."""
    of_unit = part.name, part.code, part.file, table.year, table.template
    for row in figures.rows:
        path = merged_path(row, part.names)
        told = format_path(path)
        for figure in row.cells:
            kind = table.kinds.get(FactKey(row.table, path, figure.column))
            if kind is None or not isinstance(figure.value, Decimal):
                continue
            amount_unit = row.amount_unit if kind == "amount" else ""
            yuan = figure.value * YUAN[amount_unit] if amount_unit else None
            column = format_path(figure.column)
            yield Line(
                *(*of_unit, row.table, told, column, kind, figure.value, amount_unit, yuan, ""),
                *(row.sheet, f"{column_letters(figure.sheet_column)}{row.sheet_row}"),
            )
