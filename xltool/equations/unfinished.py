"""Which tables nobody has filled in so far: a difference from them says nothing yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from xltool.layout.block import Place
from xltool.layout.layout import Layout
from xltool.model import Value

_SEVERAL = 2


def unfinished_tables(layout: Layout, values: Mapping[Place, Value], live: Collection[Place]) -> set[str]:
    """The ids of the tables in which no figure but 0 is typed in; one with a note for "empty" is empty on purpose."""
    typed = {
        place.block for place, value in values.items() if value and isinstance(value, Decimal) and place not in live
    }
    filled = {layout.blocks[block].table.id for block in typed}
    return {at.table.id for at in layout.tables.values() if not at.table.empty_note} - filled


def zeroed_tables(
    values: Mapping[Place, Value], live: Collection[Place], layout: Layout, unfinished: Collection[str]
) -> dict[str, Place]:
    """Those of the `unfinished` tables in which somebody has typed 0 several times, each with the first place."""
    zeros: dict[str, list[Place]] = {}
    for place, value in values.items() if unfinished else ():
        table = layout.blocks[place.block].table.id
        if table in unfinished and isinstance(value, Decimal) and not value and place not in live:
            zeros.setdefault(table, []).append(place)
    return {table: min(places) for table, places in zeros.items() if len(places) >= _SEVERAL}
