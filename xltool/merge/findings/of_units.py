"""U03, U04, U05: the units of a 汇总: all there, each with a name of its own, none with amounts that it cannot have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xltool.checking.problems import problem
from xltool.merge.adding.figures import UnitFigures
from xltool.merge.consolidation import State, UnitLine
from xltool.merge.findings import kinds
from xltool.merge.roster.roster import RosterUnit, name_key
from xltool.model import CellRef, Finding, Path, Statement
from xltool.template.spec import Template

_SHOWN = 10
"""So many units are named in one sentence."""

LACKING = (State.MISSING, State.UNREADABLE, State.EXCLUDED)
"""What became of the units that U03 speaks of."""


def unit_findings(lines: Sequence[UnitLine], department: str) -> Iterator[Finding]:
    """U03 once for all units that are not in the 汇总, U04 for each name that more than one has."""
    lacking = [line for line in lines if line.state in LACKING]
    if lacking:
        units = "、".join(f"{line.unit.name or _file(line)}（{line.state.value}）" for line in lacking[:_SHOWN])
        more = f" 等 {len(lacking)} 个" if len(lacking) > _SHOWN else ""
        yield problem(kinds.UNITS_LACKING, Statement("汇总数里没有 {what}。", units + more))
    names: dict[str, list[str]] = {name_key(department): [department]}
    for line in lines:
        if line.state is State.MERGED:
            names.setdefault(name_key(line.unit.name), []).append(line.unit.name)
    for same in names.values():
        if len(same) > 1:
            who = "部门和所属单位" if same[0] == department else f"{len(same)} 个单位"
            yield problem(kinds.SAME_NAME, Statement("{what}都叫“{found}”。", who, same[0]))


def _file(line: UnitLine) -> str:
    return line.sent.name if line.sent is not None else ""


def dependent_finding(unit: RosterUnit, figures: UnitFigures, template: Template) -> Finding | None:
    """U05 for a unit that the roster says keeps no accounts of its own, if its workbook has amounts."""
    if unit.keeps_accounts:
        return None
    cells = list(_amounts(figures, template))
    if not cells:
        return None
    places = f"{cells[0].in_book} 等 {len(cells)} 格" if len(cells) > 1 else cells[0].in_book
    statement = Statement("{what}在名册里是非独立核算单位，工作簿里却有金额（{basis}）。", unit.name, basis=places)
    return problem(kinds.NO_ACCOUNTS, statement)


def _amounts(figures: UnitFigures, template: Template) -> Iterator[CellRef]:
    """The cells with amounts other than 0."""
    known: Mapping[tuple[str, int], frozenset[Path]] = {
        (table.id, number): frozenset(column.path for column in block.columns if column.kind == "amount")
        for table in template.tables.values()
        for number, block in enumerate(table.blocks)
    }
    for row in figures.rows:
        for figure in row.cells:
            if figure.value and figure.column in known[row.table, row.block]:
                yield row.cell(figure)
