"""汇总 of real budgets, added up by hand: the same workbook of several units, one unit that sent nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import xltool
from tests import budgets
from xltool.layout.book import Book
from xltool.merge.adding.addition import Addition
from xltool.merge.adding.collect import collected
from xltool.merge.consolidation import Consolidation, Sent, ShareColumn, State, UnitLine
from xltool.merge.roster.roster import RosterUnit
from xltool.merge.sheets.write import consolidation_bytes
from xltool.saving import save_file

UNITS = ("局机关", "来访接待中心", "信访 服务#1中心")


def sent(name: str, folder: Path, units: Sequence[str] = UNITS) -> list[Path]:
    """The workbook of a budget, sent by each of these units, in a folder of its own."""
    content = budgets.filled(name, folder).read_bytes()
    files = [folder / "单位" / f"{unit}.xlsx" for unit in units]
    files[0].parent.mkdir(exist_ok=True)
    for file in files:
        file.write_bytes(content)
    return files


def consolidation(
    book: Book, files: Sequence[Path], columns: Sequence[ShareColumn] | None = None, amount_unit: str = "万元"
) -> Consolidation:
    """The 汇总 of units that all sent `book`, and of one that sent nothing."""
    units = [RosterUnit(f"20100{i}", file.stem, order=i) for i, file in enumerate(files, 1)]
    columns = columns or [ShareColumn(unit.name, (i,)) for i, unit in enumerate(units)]
    addition = Addition(book.template, book.outline.department, book.outline.year, amount_unit)
    for i, unit in enumerate(units):
        column = next(n for n, one in enumerate(columns) if i in one.units)
        addition.add(i, unit.name, column, collected(book))
    filled, shares, *_ = addition.result()
    lines = [
        UnitLine(unit, State.MERGED, _sent(file, 10000 + i))
        for i, (unit, file) in enumerate(zip(units, files, strict=True))
    ]
    lines.append(UnitLine(RosterUnit("201009", "后勤中心", order=len(lines) + 1), State.MISSING, note="请催报。"))
    return Consolidation(filled, tuple(lines), tuple(columns), shares, ())


def of_budget(name: str, folder: Path) -> Consolidation:
    """The 汇总 of three units that all sent the workbook of this budget."""
    files = sent(name, folder)
    return consolidation(xltool.read(files[0]), files)


def write_consolidation(merged: Consolidation, path: Path) -> None:
    """Write that 汇总 to `path`."""
    save_file(path, consolidation_bytes(merged, path))


def written(name: str, folder: Path) -> Path:
    """That 汇总 as a workbook, in the folder that has the units' in it."""
    path = folder / "汇总.xlsx"
    write_consolidation(of_budget(name, folder), path)
    return path


def _sent(file: Path, yuan: int) -> Sent:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return Sent(str(file), "2024-01-31T09:30:00+08:00", sha256, Decimal(yuan), Decimal(yuan), warnings=1)
