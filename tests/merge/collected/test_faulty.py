"""Workbooks with errors: told, added up only if that is wanted, and never 0."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.budgets import QINGLONG
from tests.merge.collected.collected import BASIC, edit, merge, merged, usual
from tests.merge.unit_workbooks import unit_facts, write_unit


@pytest.mark.parametrize("typed", ["2000万", "待定", "#N/A", "约5"])
def test_text_in_an_amount_is_a_finding_and_no_zero(typed: str, folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["支出总表"].__setitem__(BASIC, typed))
    refused = merge(folder)
    assert refused.exit_code == 2
    assert "“甲中心”（甲中心.xlsx）有" in refused.stderr
    assert not (folder.parent / "汇总.xlsx").exists()
    allowed = merge(folder, "--allow-errors")
    assert allowed.exit_code == 1
    assert "甲中心" in allowed.stdout


def test_a_formula_that_nobody_has_calculated_is_a_finding_and_no_zero(folder: Path) -> None:
    """Of a figure that no rule compares, too."""
    edit(
        folder / "甲中心.xlsx",
        lambda workbook: workbook["部门固定资产占用情况表"].__setitem__("C4", "=VLOOKUP(1,A:B,2)"),
    )
    refused = merge(folder)
    assert refused.exit_code == 2
    assert "“甲中心”（甲中心.xlsx）有 1 处错误，如：公式“=VLOOKUP(1,A:B,2)”没有结果。" in refused.stderr
    assert merge(folder, "--allow-errors").exit_code == 1


def test_an_error_that_was_mended_is_merged_again(folder: Path) -> None:
    right = shutil.copy(folder / "甲中心.xlsx", folder.parent / "对的.xlsx")
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["支出总表"].__setitem__(BASIC, 1))
    assert merge(folder).exit_code == 2
    assert merge(folder, "--allow-errors").exit_code == 1
    shutil.copy(right, folder / "甲中心.xlsx")
    assert merged(folder) == usual()


def test_one_file_replaced_is_as_merged_anew(folder: Path) -> None:
    merged(folder)
    write_unit(folder, QINGLONG, "甲中心", unit_facts(QINGLONG, "甲中心", 9))
    again = merged(folder)
    (folder.parent / "汇总.xlsx").unlink()
    assert merged(folder) == again


def test_what_a_wrong_total_explains_is_not_put_down_to_elimination(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["收支总表"].__setitem__("C39", 1))
    edit(folder / "乙站.xlsx", lambda workbook: workbook["支出总表"].__setitem__(BASIC, 1))
    told = merge(folder, "--allow-errors").stdout
    assert "汇总的收入总计与支出总计不等" in told and "来自各单位不等于分项之和的合计（U01）" in told
    assert "来自抵销" not in told
