"""The plain script that xltool is measured against: openpyxl loads a workbook twice, compares sums, comments, saves.

    python openpyxl_script.py TARGET WORKBOOK...

Beside each workbook a file with the ending .json lists the same sums that `xltool check` evaluates: [[left cells],
[right cells]], a cell as [factor, sheet, address]. Each result is saved as TARGET.
"""

import json
import sys
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill


def main() -> None:
    target, *workbooks = map(Path, sys.argv[1:])
    for workbook in workbooks:
        check(workbook, target)


def check(source: Path, target: Path) -> None:
    formulas = openpyxl.load_workbook(source)
    values = openpyxl.load_workbook(source, data_only=True)
    red = PatternFill("solid", fgColor="FFC7CE")
    equations = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
    for left, right in equations:
        found, expected = (
            sum(factor * number(values[sheet][cell].value) for factor, sheet, cell in side) for side in (left, right)
        )
        if abs(found - expected) > 0.005:
            _, sheet, address = (left or right)[0]
            cell = formulas[sheet][address]
            cell.comment = Comment(f"{found:,.2f} != {expected:,.2f} ({cell.value})", "script")
            cell.fill = red
    formulas.save(target)


def number(value: object) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


if __name__ == "__main__":
    main()
