"""Names many cells of a workbook in few words: by columns or rows, whichever are fewer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from xltool.layout.block import Place
from xltool.layout.layout import Layout
from xltool.model import format_path

_NAMED = 2
"""Of more names only the first is told, and how many there are."""


def by_table(places: Iterable[Place], layout: Layout) -> dict[str, list[Place]]:
    """The places by the table that they are in."""
    found: dict[str, list[Place]] = {}
    for place in sorted(places):
        found.setdefault(_table(place, layout), []).append(place)
    return found


def cells_in_words(places: Iterable[Place], layout: Layout) -> str:
    """Cells of one table: “上年”行 4 栏, or “小计”等 3 栏各 9 行."""
    rows: dict[tuple[int, int], list[Place]] = {}
    columns: dict[tuple[int, int], list[Place]] = {}
    for place in sorted(places):
        rows.setdefault((place.block, place.row), []).append(place)
        columns.setdefault((place.block, place.column), []).append(place)
    if len(rows) < len(columns):
        lines = _crossing_the_same(rows.values(), lambda place: place.column)
        texts = [
            f"{_names(_row(line[0], layout) for line in group)}行{_counted(group, '栏', _column, layout)}"
            for group in lines
        ]
    else:
        lines = _crossing_the_same(columns.values(), lambda place: place.row)
        texts = [
            f"{_names(_column(line[0], layout) for line in group)}栏{_counted(group, '行', _row, layout)}"
            for group in lines
        ]
    return "；".join(texts)


def alike_in_words(sets: Iterable[Collection[Place]], layout: Layout) -> list[tuple[str, str]]:
    """Sets of cells that no equation tells apart: the first table, and what is alike; sets of one shape in one text."""
    in_rows: dict[tuple[int, ...], list[list[Place]]] = {}
    in_columns: dict[tuple[int, int], list[list[Place]]] = {}
    others: dict[tuple[int, ...], list[list[Place]]] = {}
    for places in map(sorted, sets):
        blocks = tuple(dict.fromkeys(place.block for place in places))
        columns = tuple(dict.fromkeys(place.column for place in places))
        if len({(place.block, place.row) for place in places}) == 1:
            in_rows.setdefault((*blocks, *columns), []).append(places)
        elif len(blocks) == len(columns) == 1:
            in_columns.setdefault((blocks[0], columns[0]), []).append(places)
        else:
            others.setdefault((*blocks, -1, *(columns if len(blocks) == 1 else ())), []).append(places)
    told = [
        *((groups[0][0], _in_row(groups, layout)) for groups in in_rows.values()),
        *((alike[0][0][0], _in_columns(alike, layout)) for alike in _with_the_same_rows(in_columns.values())),
        *((groups[0][0], _anywhere(groups, layout)) for groups in others.values()),
    ]
    return [(_table(first, layout), text) for first, text in sorted(told)]


def _with_the_same_rows(columns: Iterable[list[list[Place]]]) -> Collection[list[list[list[Place]]]]:
    """The columns in groups, each of columns whose sets have the same rows."""
    found: dict[tuple[int, tuple[tuple[int, ...], ...]], list[list[list[Place]]]] = {}
    for groups in columns:
        rows = tuple(tuple(place.row for place in group) for group in groups)
        found.setdefault((groups[0][0].block, rows), []).append(groups)
    return found.values()


def _in_row(groups: Sequence[Sequence[Place]], layout: Layout) -> str:
    """Cells of the same row, in every row alike."""
    return f"同一行的{_names(_column(place, layout) for place in groups[0])}栏，共 {len(groups)} 行"


def _in_columns(columns: Sequence[Sequence[Sequence[Place]]], layout: Layout) -> str:
    """Cells of the same column, in every column alike."""
    names = _names(_column(groups[0][0], layout) for groups in columns)
    return f"{names}栏{'各' if len(columns) > 1 else '的'} {_size(columns[0], layout)}"


def _anywhere(groups: Sequence[Sequence[Place]], layout: Layout) -> str:
    tables = list(dict.fromkeys(_table(place, layout) for place in groups[0]))
    columns = dict.fromkeys(_column(place, layout) for place in groups[0])
    where = f"本表与 {'、'.join(tables[1:])} " if len(tables) > 1 else f"{_names(columns)}栏"
    return f"{where}的 {_size(groups, layout)}"


def _size(groups: Sequence[Sequence[Place]], layout: Layout) -> str:
    parts = f"，分 {len(groups)} 组" if len(groups) > 1 else ""
    return f"{sum(map(len, groups))} 格{parts}，如{_pair(groups[0], layout)}"


def _crossing_the_same(
    lines: Iterable[list[Place]], crossed: Callable[[Place], int]
) -> Collection[Sequence[list[Place]]]:
    """The lines in groups, each of lines with cells in the same places."""
    groups: dict[tuple[int, ...], list[list[Place]]] = {}
    for line in lines:
        groups.setdefault((line[0].block, *map(crossed, line)), []).append(line)
    return groups.values()


def _counted(group: Sequence[Sequence[Place]], unit: str, name: Callable[[Place, Layout], str], layout: Layout) -> str:
    """How far the lines of a group reach: what crosses them by name if that is short, else its number."""
    line = group[0]
    each = "各 " if len(group) > 1 else " "
    if len(line) > _NAMED:
        return f"{each}{len(line)} {unit}"
    return f"的{_names(name(place, layout) for place in line)}{unit}"


def _names(names: Iterable[str]) -> str:
    known = [f"“{name}”" for name in names]
    return "、".join(known) if len(known) <= _NAMED else f"{known[0]}等 {len(known)} "


def _table(place: Place, layout: Layout) -> str:
    return layout.blocks[place.block].table.id


def _row(place: Place, layout: Layout) -> str:
    return format_path(layout.blocks[place.block].rows[place.row].path)


def _column(place: Place, layout: Layout) -> str:
    return format_path(layout.blocks[place.block].columns[place.column].definition.path)


def _pair(places: Sequence[Place], layout: Layout) -> str:
    """The first two of these cells, by what tells them apart."""
    two = places[:2]
    tables, rows, columns = ([name(place, layout) for place in two] for name in (_table, _row, _column))
    if tables[0] == tables[1] and columns[0] == columns[1]:
        return f"“{rows[0]}”与“{rows[1]}”行"
    if tables[0] == tables[1] and rows[0] == rows[1]:
        return f"“{rows[0]}”行的“{columns[0]}”与“{columns[1]}”栏"
    return "与".join(cell_in_words(place, layout) for place in two)


def cell_in_words(place: Place, layout: Layout) -> str:
    """One cell with its table."""
    return f"{_table(place, layout)}“{_row(place, layout)}”行“{_column(place, layout)}”栏"
