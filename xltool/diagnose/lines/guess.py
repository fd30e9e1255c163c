"""What may have happened to a whole line: which cells then hold what, and which of them nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from xltool.layout.block import Place
from xltool.model import Value


class Cause(Enum):
    """How a line comes to be wrong; the value is the id by which an explanation names it."""

    OTHER_UNIT = "other_unit"
    COLUMNS_SWAPPED = "columns_swapped"
    ROWS_SHIFTED = "rows_shifted"
    ROWS_OUT_OF_ORDER = "rows_out_of_order"
    ROW_LOST = "row_lost"
    ROW_DOUBLED = "row_doubled"
    UNIT_LEFT_OUT = "unit_left_out"
    OTHER_FIGURES = "other_figures"


class Guess(NamedTuple):
    """One thing that may have happened in a block, to some of its rows or columns (all of the table where both are ()).

    `changes` are the typed cells that it would have put wrong, with what they should hold; `unknown` those of which
    only the equations can tell. `factor` is what the amounts were multiplied by.
    """

    cause: Cause
    block: int
    changes: Mapping[Place, Value]
    unknown: frozenset[Place] = frozenset()
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    factor: Decimal = Decimal(1)
