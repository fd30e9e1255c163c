"""Which tables nobody has filled in so far: a difference from them says nothing yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from xltool.layout.block import Place
from xltool.layout.layout import Layout
from xltool.model import Value


def unfinished_tables(layout: Layout, values: Mapping[Place, Value], live: Collection[Place]) -> set[str]:
    """The ids of the tables in which no figure but 0 is typed in; one with a note for "empty" is empty on purpose."""
    filled = {
        layout.blocks[place.block].table.id
        for place, value in values.items()
        if isinstance(value, Decimal) and value and place not in live
    }
    return {at.table.id for at in layout.tables.values() if not at.table.empty_note} - filled
