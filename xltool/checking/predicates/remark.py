"""What a predicate (a rule that is no equation) has to say."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.model import CellRef, FactKey, Related, Severity


class Remark(NamedTuple):
    """What a predicate has to say of one cell (or of a table, with no place), and the other cells it is true of."""

    message: str
    key: FactKey
    cell: CellRef | None
    severity: Severity
    left: Decimal | None = None
    related: Sequence[Related] = ()
