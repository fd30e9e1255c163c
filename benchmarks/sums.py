"""Writes the sums that `xltool check` evaluates in a workbook, as cells, for the plain script to compare.

python -m benchmarks.sums WORKBOOK SUMS.json TEMPLATE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from xltool.equations.instances import all_equations
from xltool.excel.read.workbook import read
from xltool.layout.equation import Term
from xltool.layout.layout import Layout

Side = list[tuple[float, str, str]]


def main() -> None:
    workbook, target, template = sys.argv[1:]
    layout = read(Path(workbook), template).layout
    sums = [[_side(layout, equation.left), _side(layout, equation.right)] for equation in all_equations(layout)]
    Path(target).write_text(json.dumps(sums), encoding="utf-8")


def _side(layout: Layout, terms: tuple[Term, ...]) -> Side:
    cells = [(coefficient, layout.cell(place)) for coefficient, place in terms]
    return [(float(coefficient), cell.sheet, cell.a1) for coefficient, cell in cells if cell is not None]


if __name__ == "__main__":
    main()
