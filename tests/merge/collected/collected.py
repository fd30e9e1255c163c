"""What lies in the folders that departments collect: three units' workbooks, merged, and changed as people do."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import Result
from openpyxl.workbook import Workbook

from tests.budgets import QINGLONG, opened, pasted
from tests.cli.commands import run
from tests.merge.unit_workbooks import DEPARTMENT, amounts, unit_facts, write_unit
from xltool.model import FactKey

UNITS = ("青山局本级", "甲中心", "乙站")
BASIC = "E9"
"""The cell of 支出总表 with 基本支出 for 2014001."""


def send(folder: Path) -> None:
    """Put the workbooks of the three units into a folder."""
    for step, unit in enumerate(UNITS, 1):
        write_unit(folder, QINGLONG, unit, unit_facts(QINGLONG, unit, step))


@cache
def usual() -> dict[FactKey, Decimal]:
    """The figures of the 汇总 of the three units."""
    with TemporaryDirectory() as place:
        (path := Path(place) / "单位").mkdir()
        send(path)
        return merged(path)


def merge(folder: Path, *more: str, to: str = "汇总.xlsx") -> Result:
    target = folder.parent / to
    return run(["merge", str(folder), "-o", str(target), "--name", DEPARTMENT, "--force", *more])


def merged(folder: Path) -> dict[FactKey, Decimal]:
    """The figures of a 汇总 that was made without a fault."""
    done = merge(folder)
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    return amounts(folder.parent / "汇总.xlsx")


def states(folder: Path, *more: str) -> dict[str, tuple[str, str]]:
    """What became of each unit or file, and what is said about it."""
    done = merge(folder, "--json", "-", *more)
    assert done.stderr == ""
    return {
        one["name"] or Path(one["file"]).name: (one["state"], one["note"]) for one in json.loads(done.stdout)["units"]
    }


def edit(file: Path, change: Callable[[Workbook], object], as_values: bool = False) -> None:
    """Change a workbook as somebody does in Excel; `as_values` after pasting it into a workbook of their own."""
    workbook = pasted(file) if as_values else opened(file)
    change(workbook)
    workbook.save(file)
