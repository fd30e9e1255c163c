"""The second file of a 汇总 of many units: a line for each figure of each unit, where 汇总底稿 has only their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path as FilePath

from xltool.collecting.target import long_table
from xltool.errors import FileRefused
from xltool.excel.read.sheets.source import open_workbook
from xltool.excel.write.handouts.links import seen_from
from xltool.layout.long_table import Line
from xltool.merge.adding.figures import RowFigures
from xltool.merge.consolidation import Consolidation
from xltool.model import FactKey, Path, column_letters, format_path
from xltool.template.spec import YUAN

UNIT_TABLE = "unit_table"
"""As what the name of the file is noted in the 汇总."""

MOST_LINES = 1_000_000
"""Of a sheet; what is longer is written as .csv."""

Rows = Iterable[tuple[Path, RowFigures]]
"""The rows of a unit's workbook, each with its path in the 汇总."""


def with_unit_table(
    consolidation: Consolidation, each_unit: Callable[[], Iterator[tuple[int, Rows]]], target: FilePath
) -> Consolidation:
    """The 汇总 that will be written to `target`, with the file beside it written where one is needed.

    `each_unit` gives the units one by one, by their index in `consolidation.lines`. Raises FileRefused if the file
    cannot be written, or another stands in its place.
    """
    columns = consolidation.columns
    if all(len(column.units) <= 1 for column in columns):
        return consolidation
    layout = consolidation.filled.layout
    kinds = {layout.key(place): layout.kind(place) for place in consolidation.shares}

    of_units = [share for shares in consolidation.shares.values() for share in shares if columns[share.column].units]
    fits = sum(share.figures for share in of_units) <= MOST_LINES
    place = target.with_name(f"{target.stem}-各单位{'.xlsx' if fits else '.csv'}")
    _refuse_another(place, target)
    with long_table(place) as write:
        for unit, rows in each_unit():
            write([*_lines(consolidation, unit, rows, kinds, target)])
    return replace(consolidation, unit_table=place)


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


def _lines(
    consolidation: Consolidation, unit: int, rows: Rows, kinds: Mapping[FactKey, str], target: FilePath
) -> Iterator[Line]:
    """The figures of one unit that the 底稿 adds up."""
    (about, _, sent, _), layout = consolidation.lines[unit], consolidation.filled.layout
    file = seen_from(target, sent.path) if sent is not None else ""
    of_unit = about.name, about.code, file, layout.outline.year, layout.template.id
    for path, row in rows:
        told = format_path(path)
        for figure in row.cells:
            kind = kinds.get(FactKey(row.table, path, figure.column))
            if kind is None or not isinstance(figure.value, Decimal):
                continue
            amount_unit = row.amount_unit if kind == "amount" else ""
            yuan = figure.value * YUAN[amount_unit] if amount_unit else None
            column = format_path(figure.column)
            yield Line(
                *(*of_unit, row.table, told, column, kind, figure.value, amount_unit, yuan, ""),
                *(row.sheet, f"{column_letters(figure.sheet_column)}{row.sheet_row}"),
            )
