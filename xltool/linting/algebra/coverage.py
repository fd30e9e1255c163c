"""Which wrong figures no equation can notice: in cells that none speaks of, and between cells that all treat alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xltool.layout.block import Place
from xltool.linting.algebra.vectors import Vector, Weight


def uncovered(typed: Iterable[Place], rows: Iterable[Vector]) -> list[Place]:
    """The typed cells that are in no row."""
    covered = {cell for row in rows for cell in row}
    return [place for place in typed if place not in covered]


def alike(typed: Iterable[Place], rows: Sequence[Vector]) -> list[tuple[Place, ...]]:
    """Sets of typed cells that have the same coefficient in every row: two of them swapped, or an amount moved from
    one to the other, change no equation."""
    columns: dict[Place, list[tuple[int, Weight]]] = {place: [] for place in typed}
    for number, row in enumerate(rows):
        for cell in row.keys() & columns.keys():
            columns[cell].append((number, row[cell]))
    groups: dict[tuple[tuple[int, Weight], ...], list[Place]] = {}
    for place, column in columns.items():
        if column:
            groups.setdefault(tuple(column), []).append(place)
    return [tuple(places) for places in groups.values() if len(places) > 1]
