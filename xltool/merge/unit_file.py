"""One file that was sent, as the process that read it hands it over."""

from __future__ import annotations

from typing import NamedTuple

from xltool.merge.consolidation import Sent
from xltool.merge.roster.identity import Identity
from xltool.merge.transfers.internal import InternalLine
from xltool.model import Acceptance


class UnitFile(NamedTuple):
    """What is to be known of a file before it is added up.

    `identity` is the unit that it says it is of. `trouble` is why it cannot be added up, in a sentence ("" if it can),
    `is_budget` False if it is no workbook of any of our formats. `problems` are the first of its errors; `corrects`
    says how many errors it has, and the first, if its amounts may be below zero (差额, 调整). `accepted` has the
    reasons of its warnings. `seen` is what was passed over, or was read although it is not shown, `internal` what it
    says of 内部往来. `figures` are the packed `UnitFigures`, taken apart when they are added.
    """

    sent: Sent
    identity: Identity = Identity("", "")
    template: str = ""
    version: int = 1
    year: int = 0
    amount_unit: str = ""
    department: str = ""
    is_budget: bool = True
    trouble: str = ""
    problems: tuple[str, ...] = ()
    corrects: tuple[int, tuple[str, ...]] = (0, ())
    accepted: tuple[Acceptance, ...] = ()
    seen: tuple[str, ...] = ()
    internal: tuple[InternalLine, ...] = ()
    figures: bytes = b""

    @property
    def as_correction(self) -> UnitFile:
        """The same, if it is of a unit whose amounts correct those of others."""
        errors, problems = self.corrects
        return self._replace(sent=self.sent._replace(errors=errors), problems=problems)
