"""Makes one large workbook: 15 sheets x 200 rows x 15 columns, with 300 wrong totals."""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from pathlib import Path

from xltool.equations.evaluate import compute
from xltool.equations.instances import formulas
from xltool.excel.write.workbook import write
from xltool.layout.block import Place
from xltool.layout.layout import Layout
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.library import load_template

NAME = "made-up"
TABLES = 15
AMOUNTS = 12
ERRORS = 300
CODES = [
    code
    for major in range(201, 209)
    for code in (
        str(major),
        *(f"{major}{group:02}" for group in range(1, 5)),
        *(f"{major}{group:02}{item:02}" for group in range(1, 5) for item in range(1, 6)),
    )
]
"""8 类, 32 款 and 160 项: 200 rows."""

_TABLE = """\
id = "表{n}"
title = "第{n}张预算表"
header = ["{{department}}", "", "单位：{{amount_unit}}"]
[[block]]
columns = [
  {{ id = "科目编码", kind = "code" }},
  {{ id = "科目名称", kind = "name" }},
  {{ id = "合计", sum = [{ids}], rule = "A01" }},
{columns}
]
rows = [
  {{ id = "合计", sum = "function" }},
  {{ each = "function", levels = [3, 5, 7] }},
]
"""
_RULE = """
[[rule]]
id = "X{n}"
name = "表{n}与表{next}逐科目相等"
hint = "两张表的同一科目应相等。"
each = ["function"]
check = "表{n}[function, 合计] = 表{next}[function, 合计]"
"""


def write_template(folder: Path) -> None:
    """A folder of templates with the one the workbook follows."""
    home = folder / NAME
    home.mkdir(parents=True, exist_ok=True)
    ids = [f"第{i}栏" for i in range(1, AMOUNTS + 1)]
    for n in range(1, TABLES + 1):
        columns = "\n".join(f'  {{ id = "{name}" }},' for name in ids)
        text = _TABLE.format(n=n, ids=", ".join(f'"{name}"' for name in ids), columns=columns)
        (home / f"{n:02}.toml").write_text(text, encoding="utf-8")
    shared = "".join(
        f'[[rule]]\nid = "{name}"\nname = "合计"\nhint = "看是否漏加。"\n' for name in ("A01", "A02", "A03")
    )
    (folder / "shared-rules.toml").write_text(shared, encoding="utf-8")
    rules = "".join(_RULE.format(n=n, next=n + 1) for n in range(1, TABLES))
    (home / "rules.toml").write_text('use = ["A01", "A02", "A03"]\n' + rules, encoding="utf-8")
    files = ", ".join(f'"{n:02}"' for n in range(1, TABLES + 1))
    codes = ", ".join(f'"{code}"' for code in CODES)
    top = (
        f'title = "基准测试"\nyear = 2024\ntables = [{files}]\n[outline]\ndepartment = "某单位"\nfunction = [{codes}]\n'
    )
    (home / "template.toml").write_text(top, encoding="utf-8")


def main() -> None:
    """Write the template and the workbook into the folder named on the command line."""
    folder = Path(sys.argv[1])
    write_template(folder)
    write_workbook(folder, folder / "made-up.xlsx")


def write_workbook(folder: Path, target: Path) -> None:
    """The workbook: the same figures in every table, then 300 row totals typed over with a wrong number."""
    template = load_template(NAME, folder)
    layout = plan(template, default_outline(template))
    values = _figures(layout)
    live = compute(values, formulas(layout))
    for place in random.Random(300).sample(_row_totals(layout), ERRORS):
        del live[place]
        value = values[place]
        assert isinstance(value, Decimal)
        values[place] = value + 100
    live = compute(values, live)
    write(layout, values, live, target)


def _figures(layout: Layout) -> dict[Place, Decimal | str | None]:
    choose = random.Random(15)
    row_count, first = len(layout.blocks[0].rows), layout.blocks[0]
    figures = {
        (r, c): Decimal(choose.randrange(1, 10**6)) / 100
        for r in range(row_count)
        for c in range(3, len(first.columns))
        if len(first.rows[r].path[-1]) == 7
    }
    return {Place(block.index, r, c): value for block in layout.blocks for (r, c), value in figures.items()}


def _row_totals(layout: Layout) -> list[Place]:
    return [
        Place(block.index, r, 2)
        for block in layout.blocks
        for r, row in enumerate(block.rows)
        if len(row.path[-1]) == 7
    ]


if __name__ == "__main__":
    main()
