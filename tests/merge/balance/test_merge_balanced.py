"""`xltool merge --balanced`: a 汇总 of exact amounts whose printed figures add up, each still a formula on the 底稿."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from made_up.flows import DECIMALS
from tests.budgets import PINGSHAN, QINGLONG, WHOLE, key
from tests.cli.commands import run
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, assert_recalculates
from tests.merge.balance.exact_budgets import about_amounts
from tests.merge.unit_workbooks import DEPARTMENT, unit_facts, write_unit
from xltool.merge.balance.rounded_formula import exact_formula, rounded_formula
from xltool.model import FactKey, Value


def in_yuan(template: str, name: str, step: int) -> dict[FactKey, Value]:
    """The budget of a unit, down to the 分."""
    factor = Decimal("98765.43") if DECIMALS[template] == 0 else 98765
    facts = unit_facts(template, name, step)
    return {key: value * factor if isinstance(value, Decimal) else value for key, value in facts.items()}


def merged(folder: Path, template: str, *options: str) -> Path:
    """The 汇总 of two units in 元."""
    files = [
        write_unit(folder, template, name, in_yuan(template, name, step), "元")
        for step, name in ((137, "甲中心"), (274, "乙站"))
    ]
    target = folder / "汇总.xlsx"
    done = run(["merge", *map(str, files), "-o", str(target), "--name", DEPARTMENT, "--amount-unit", "万元", *options])
    assert done.exit_code == 0, done.output + done.stderr
    assert ("另作调整" in done.output) == bool(options)
    return target


@pytest.mark.parametrize("template", WHOLE)
def test_no_figure_has_a_tail_and_all_add_up(template: str, tmp_path: Path) -> None:
    book = xltool.read(merged(tmp_path, template, "--balanced"))
    assert about_amounts(xltool.check(book).findings) == []
    assert all(_has_no_tail(book.layout.decimals(place), value) for place, value in book.values.items())


def _has_no_tail(decimals: int, value: object) -> bool:
    return not isinstance(value, Decimal) or value == round(value, decimals)


def test_without_it_the_exact_amounts_stay(tmp_path: Path) -> None:
    book = xltool.read(merged(tmp_path, QINGLONG))
    assert not all(_has_no_tail(book.layout.decimals(place), value) for place, value in book.values.items())


def test_what_was_adjusted_is_listed_and_still_follows_from_the_units(tmp_path: Path) -> None:
    target = merged(tmp_path, QINGLONG, "--balanced")
    opened = openpyxl.load_workbook(target)
    listed = [row for row in opened["舍位说明"].iter_rows(values_only=True) if str(row[0]).isdecimal()]
    assert listed
    formulas = [str(opened[str(row[1])][str(row[2])].value) for row in listed]
    typed = [formula for formula in formulas if "汇总底稿" in formula]
    assert typed
    assert all(formula.startswith("=ROUND(ROUND(") for formula in typed)
    assert {formula.partition("/10000,2)")[2] for formula in typed} <= {"+0.01,2)", "-0.01,2)"}


def test_a_rounded_figure_is_followed_to_the_units(tmp_path: Path) -> None:
    target = merged(tmp_path, QINGLONG, "--balanced")
    listed = openpyxl.load_workbook(target)["舍位说明"].iter_rows(values_only=True)
    cells = [f"{row[1]}!{row[2]}" for row in listed if str(row[0]).isdecimal()]
    told = [run(["trace", str(target), cell]).output for cell in ["收支总表!C6", cells[0], cells[-1]]]
    assert "甲中心" in told[0]
    assert not [text for text in told if "不取自汇总底稿" in text]


@pytest.mark.parametrize("exact", ["汇总底稿!H12/10000", "'汇总底稿'!H12", "SUM(A1:A3)-2"])
@pytest.mark.parametrize("decimals", [-2, 0, 2])
@pytest.mark.parametrize("step", [None, Decimal("0.01"), Decimal("-0.02"), Decimal(-100)])
def test_the_exact_formula_is_found_in_the_rounded_one(exact: str, decimals: int, step: Decimal | None) -> None:
    assert exact_formula(rounded_formula(exact, decimals, step)) == exact
    assert exact_formula(exact) == exact


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
def test_another_program_computes_the_same_figures(tmp_path: Path, office: Office) -> None:
    assert_recalculates(merged(tmp_path, PINGSHAN, "--balanced"), office)


def test_units_that_do_not_add_up_are_not_rounded(tmp_path: Path) -> None:
    facts = in_yuan(QINGLONG, "甲中心", 137)
    spent = key("支出总表", "2014004", "项目支出")
    facts |= {spent: Decimal(1)}
    facts = {
        key: value for key, value in facts.items() if key.table != "支出总表" or key.row[-1] not in ("201", "20140")
    }
    file = write_unit(tmp_path, QINGLONG, "甲中心", facts, "元")
    options = ["--name", DEPARTMENT, "--allow-errors", "--balanced"]
    refused = run(["merge", str(file), "-o", str(tmp_path / "汇总.xlsx"), *options])
    assert refused.exit_code == 2
    assert "汇总不能舍位：有的数不相符" in refused.stderr
    assert not (tmp_path / "汇总.xlsx").exists()
