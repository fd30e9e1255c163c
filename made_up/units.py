"""Makes the workbooks of the many units of a made-up 主管部门, all of one format, and the roster that lists them.

    python -m made_up.units FORMAT COUNT FOLDER [SEED]

Only a few workbooks are worked out and written as `xltool fill` would: the shapes (科目, projects, two sets of figures
that agree). A unit's workbook is one of them with its own name, code and figures in place of those written, the values
that its formulas had last included; those of 目录 and 校验, which Excel works out anew, are not. Sums of budgets of
one shape in which every rule holds are such budgets again. Every `WRONG_ONE_IN`th unit makes a mistake.
"""

from __future__ import annotations

import io
import random
import re
import sys
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

from made_up.figures import agreeing, typed_amounts
from made_up.many import drawn_codes
from xltool.equations.evaluate import compute
from xltool.equations.instances import formulas
from xltool.excel.write.workbook import workbook_bytes
from xltool.layout.block import Place
from xltool.layout.choice import for_unit
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.library import load_template
from xltool.merge.roster.identity import noted_identity
from xltool.merge.roster.roster import Nature, Roster, RosterUnit, UnitType
from xltool.merge.roster.write import save_roster
from xltool.model import Path as RowPath
from xltool.model import Value
from xltool.template.spec import CODE_LEVELS

WRONG_ONE_IN = 50
UNITS_A_DEPARTMENT = 20
TOP = "编造市主管部门"
ROSTER = "名册.csv"

_SHAPES = 24
_CODE, _NAME, _DEPARTMENT = "0〇0〇0", "样板单位〇〇〇", "样板部门〇〇〇"
"""Written into the workbook of a shape, and replaced by what is the unit's own."""

_SHEETS_BEFORE_TABLES = 1
"""目录."""

_NUMBER = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?>(<f>[^<]*</f>)?<v>[^<]*</v></c>')


class Shape(NamedTuple):
    """A workbook as written, and two sets of typed amounts that agree; `live` are its formulas."""

    parts: Mapping[str, bytes]
    layout: Layout
    live: Mapping[Place, Equation]
    first: Mapping[Place, Decimal]
    second: Mapping[Place, Decimal]


def main() -> None:
    """Write what the command line says."""
    template, count, folder, *seed = sys.argv[1:]
    make(template, int(count), Path(folder), int(seed[0]) if seed else 1)


def make(template: str, count: int, folder: Path, seed: int = 1) -> list[Path]:
    """Write the workbooks of so many units into `folder`, 名册.csv beside them; the files of the units.

    A unit's workbook does not depend on how many there are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = roster(count)
    save_roster(listed, folder / ROSTER)
    sending = listed.sending
    by_shape = sorted(range(count), key=lambda number: number % _SHAPES)
    jobs = [(folder / f"{sending[n].code}{sending[n].name}.xlsx", n + 1, sending[n]) for n in by_shape]
    with Pool() as pool:
        files = pool.starmap(partial(_write, template, seed), jobs, chunksize=1 + count // _SHAPES)
    return sorted(files)


def roster(count: int) -> Roster:
    """So many units in departments below one 主管部门: of each first 机关, then the others."""
    lines = [RosterUnit("000", TOP, type=UnitType.SUMMARY)]
    for number in range(count):
        group, place = divmod(number, UNITS_A_DEPARTMENT)
        department, code = f"编造市第{group + 1}局", f"{group + 1:03}"
        if not place:
            lines.append(RosterUnit(code, department, TOP, type=UnitType.SUMMARY))
        name = f"{department}第{place}中心" if place else f"{department}机关"
        nature = Nature.INSTITUTION if place else Nature.ADMINISTRATIVE
        lines.append(RosterUnit(f"{code}{place + 1:03}", name, department, nature))
    return Roster(unit._replace(order=order) for order, unit in enumerate(lines, 1))


def _write(template: str, seed: int, target: Path, number: int, unit: RosterUnit) -> Path:
    chance = random.Random(f"{seed} {number}")
    shape = _shape(template, seed * _SHAPES + number % _SHAPES)
    weights = chance.randint(1, 9), chance.randint(1, 9)
    values: dict[Place, Value] = {
        place: weights[0] * shape.first.get(place, Decimal()) + weights[1] * shape.second.get(place, Decimal())
        for place in {*shape.first, *shape.second}
    }
    compute(values, shape.live)
    live = shape.live
    if number % WRONG_ONE_IN == 0:
        live = _make_a_mistake(shape, values, chance)
    target.write_bytes(_with_own(shape, values, live, unit))
    return target


def _make_a_mistake(shape: Shape, values: dict[Place, Value], chance: random.Random) -> Mapping[Place, Equation]:
    """A wrong total, an amount written as text, or a figure that one of its copies lacks; what is still a formula."""
    mistake = chance.choice(("total", "text", "blank"))
    places = shape.live if mistake == "total" else {**shape.first, **shape.second}
    place = chance.choice([place for place in sorted(places) if values.get(place)])
    value = values[place]
    assert isinstance(value, Decimal)
    wrong: dict[str, Value] = {"total": value + 100, "text": f"{value}万", "blank": None}
    values[place] = wrong[mistake]
    live = {at: equation for at, equation in shape.live.items() if at != place}
    compute(values, live)
    return live


def _with_own(shape: Shape, values: Mapping[Place, Value], live: Mapping[Place, Equation], unit: RosterUnit) -> bytes:
    """The workbook of the shape with the figures and the name of a unit."""
    by_part: dict[str, dict[str, tuple[Value, bool]]] = {}
    sheets = {table.sheet: number for number, table in enumerate(shape.layout.tables.values(), 1)}
    for place, value in values.items():
        cell = shape.layout.cell(place)
        if cell is not None:
            part = f"xl/worksheets/sheet{sheets[cell.sheet] + _SHEETS_BEFORE_TABLES}.xml"
            by_part.setdefault(part, {})[cell.a1] = value, place in live
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, written in shape.parts.items():
            text = written.decode()
            for sample, its in ((_NAME, unit.name), (_DEPARTMENT, unit.parent), (_CODE, unit.code)):
                text = text.replace(sample, its)
            own = by_part.get(name)
            if own:
                text = _NUMBER.sub(partial(_cell, own), text)
            package.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _cell(own: Mapping[str, tuple[Value, bool]], cell: re.Match[str]) -> str:
    """A cell with the unit's own value, and its formula if it is live."""
    address, style = cell[1], cell[2] or ""
    if address not in own:
        return cell[0]
    value, is_live = own[address]
    if value is None:
        return f'<c r="{address}"{style}/>'
    if isinstance(value, str):
        return f'<c r="{address}"{style} t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{address}"{style}>{cell[3] if is_live else ""}<v>{value:f}</v></c>'


@cache
def _shape(template: str, seed: int) -> Shape:
    chance, spec = random.Random(seed), load_template(template)
    members = {
        **spec.members,
        **{dimension: drawn_codes(dimension, spec.year, chance) for dimension in CODE_LEVELS},
        "project": tuple(f"{chance.choice('甲乙丙丁')}类项目{n}" for n in range(1, chance.randint(3, 6))),
    }
    assets: dict[tuple[str, RowPath, str], tuple[RowPath, ...]] = {
        (table.id, (), row.each): (("一、房屋",), ("二、设备",))
        for table in spec.tables.values()
        for block in table.blocks
        for row in block.rows
        if row.optional and row.each == "item"
    }
    outline = default_outline(spec)._replace(members=members, by_table=assets)
    layout = plan(spec, for_unit(outline, spec, _DEPARTMENT, _NAME))
    live = formulas(layout)
    first, second = (_typed(layout, live, 2 * seed + part) for part in range(2))
    values: dict[Place, Value] = {place: Decimal(1) for place in {*first, *second}}
    content = workbook_bytes(layout, values, compute(values, live), noted=noted_identity(RosterUnit(_CODE, _NAME)))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return Shape(parts, layout, live, first, second)


def _typed(layout: Layout, live: Mapping[Place, Equation], seed: int) -> dict[Place, Decimal]:
    """Amounts that agree, and a few of whatever is counted."""
    values, chance = agreeing(layout, seed).values, random.Random(seed)
    amounts = {p: value for p in typed_amounts(layout, live) if isinstance(value := values.get(p), Decimal)}
    counted = [place for block in layout.blocks for place in block.figures(("count",)) if place not in live]
    return amounts | {place: Decimal(chance.randint(1, 9)) for place in counted}


if __name__ == "__main__":
    main()
