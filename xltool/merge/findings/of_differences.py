"""U01.1, U01.2: what should be the same in all units (years, units of measure) and is not; texts left blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xltool.checking.problems import problem
from xltool.checking.tell.words import Words
from xltool.equations.filling import Filled
from xltool.layout.block import Place
from xltool.merge.adding.merged_rows import Differing
from xltool.merge.consolidation import UnitLine
from xltool.merge.findings import kinds
from xltool.model import Finding, Statement


def difference_findings(
    filled: Filled, differing: Mapping[Place, Differing], lines: Sequence[UnitLine]
) -> Iterator[Finding]:
    """One for each figure or text of the 汇总, with what two of the units have there."""
    words = Words(filled.layout, filled.values)
    for place, (units, values, cells) in sorted(differing.items()):
        first, other = (
            f"{lines[unit].unit.name}（{_file(lines[unit])}{cell.in_book}）“{value}”"
            for unit, value, cell in zip(units, values, cells, strict=True)
        )
        statement = Statement(
            "{what}各单位应相同，而 {expected}，{found}；汇总写的是前一个。", words.place(place, place), other, first
        )
        yield problem(kinds.NOT_THE_SAME, statement, filled.layout.key(place), filled.layout.cell(place))


def text_findings(filled: Filled, unsaid: Iterable[Place]) -> Iterator[Finding]:
    """One for each cell that is blank because too many units say something else there."""
    words = Words(filled.layout, filled.values)
    for place in unsaid:
        statement = Statement("{what}各单位写的不同，单位太多，没有合写在一格里。", words.place(place, place))
        yield problem(kinds.TEXT_LEFT_OUT, statement, filled.layout.key(place), filled.layout.cell(place))


def _file(line: UnitLine) -> str:
    return f"{line.sent.name} " if line.sent is not None else ""
