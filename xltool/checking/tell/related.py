"""The other cells that a finding speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Related, Role

MAX_RELATED = 12


def related_cells(book: Book, roles: Mapping[Place, Role]) -> tuple[Related, ...]:
    """The cells that a finding speaks of, in this order, with what stands in them; as many as anyone would look at."""
    cells = ((book.layout.cell(place), place, role) for place, role in roles.items())
    found = (Related(cell, book.values.get(place), role) for cell, place, role in cells if cell is not None)
    return tuple(islice(found, MAX_RELATED))
