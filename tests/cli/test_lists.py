"""Lists made by hand are read the same in every form in which Excel saves them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests.budgets import SAMPLES
from tests.cli.commands import run
from tests.saved_lists import FORMS, save_list
from xltool.model import FactKey

CODES = [["科目名称", "序号", "科目编码"], ["　人大事务 ", "1", "20101"], ["", "", ""], ["代表工作", "2", "2010108"]]

FACTS = [
    ["序号", "table", "row", "column", "value"],
    ["1", "支出总表", "2014001", "基本支出", "5"],
    ["2", "支出总表", "2014001", "项目支出", "1234567.89"],
]


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_codes(form: str, own_data: Path, tmp_path: Path) -> None:
    done = run(["codes", "import", str(save_list(tmp_path, CODES, form))])
    assert done.exit_code == 0
    kept = (own_data / "codes.csv").read_text(encoding="utf-8-sig").splitlines()
    assert kept == ["编码,名称,年度", "20101,人大事务,", "2010108,代表工作,"]


@pytest.mark.parametrize("form", FORMS)
def test_a_table_of_facts(form: str, tmp_path: Path) -> None:
    target = tmp_path / "预算.xlsx"
    done = run(["fill", "qinglong-2024", str(save_list(tmp_path, FACTS, form)), "-o", str(target)])
    assert done.exit_code == 0
    facts = xltool.read(target).facts
    row = ("2014001",)
    assert facts[FactKey("支出总表", row, ("基本支出",))].value == Decimal(5)
    assert facts[FactKey("支出总表", row, ("项目支出",))].value == Decimal("1234567.89")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_read_writes_is_filled_in_again(ending: str, tmp_path: Path) -> None:
    first, again, table = SAMPLES / "pingshan-2023" / "预算.xlsx", tmp_path / "乙.xlsx", tmp_path / f"数{ending}"
    assert run(["read", str(first), "-o", str(table)]).exit_code == 0
    assert run(["fill", "pingshan-2023", str(table), "-o", str(again)]).exit_code == 0
    before, after = (xltool.read(path).facts for path in (first, again))
    assert {key: fact.value for key, fact in after.items()} == {key: fact.value for key, fact in before.items()}


def test_a_wrong_line_of_a_workbook_is_told_with_its_sheet(tmp_path: Path) -> None:
    rows = [FACTS[0], ["1", "没有的表", "201", "合计", "5"]]
    done = run(["fill", "qinglong-2024", str(save_list(tmp_path, rows, "工作簿")), "-o", str(tmp_path / "甲.xlsx")])
    assert done.exit_code == 2
    assert "“Sheet”表第 3 行（没有的表 201 合计）：模板里没有表“没有的表”" in done.stderr
