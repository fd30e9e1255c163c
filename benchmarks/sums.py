"""Writes the sums that `xltool check` evaluates in workbooks, as cells, beside each of them, for the plain script.

python -m benchmarks.sums TEMPLATE WORKBOOK...        with "" for the template that each workbook says
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from xltool.equations.instances import all_equations
from xltool.excel.read.sheets.source import open_workbook
from xltool.excel.read.workbook import read
from xltool.layout.equation import Term
from xltool.layout.layout import Layout
from xltool.library import library

Side = list[tuple[float, str, str]]


def main() -> None:
    template, *workbooks = sys.argv[1:]
    for workbook in map(Path, workbooks):
        layout = read(open_workbook(workbook), template or None, library()).layout
        sums = [[_side(layout, equation.left), _side(layout, equation.right)] for equation in all_equations(layout)]
        workbook.with_suffix(".json").write_text(json.dumps(sums), encoding="utf-8")


def _side(layout: Layout, terms: tuple[Term, ...]) -> Side:
    cells = [(coefficient, layout.cell(place)) for coefficient, place in terms]
    return [(float(coefficient), cell.sheet, cell.a1) for coefficient, cell in cells if cell is not None]


if __name__ == "__main__":
    main()
