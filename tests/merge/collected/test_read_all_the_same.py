"""Workbooks as people change, copy and convert them: added up all the same."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from tests.budgets import QINGLONG, key
from tests.excel.read.test_read_variations import CHANGES, hide_rows_columns_and_a_sheet, no_merged_cells
from tests.merge.collected.collected import BASIC, edit, merge, merged, states, usual
from tests.merge.unit_workbooks import amounts, in_fen, unit_facts, write_unit


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_workbook_changed_as_people_change_them_is_added_up_all_the_same(
    change: Callable[[Workbook], None], folder: Path
) -> None:
    edit(folder / "甲中心.xlsx", change, as_values=True)
    assert merged(folder) == usual()


def test_columns_in_another_order(folder: Path) -> None:
    def swap(workbook: Workbook) -> None:
        for row in workbook["支出总表"].iter_rows(min_row=3):
            left, right = row[4], row[5]
            if isinstance(left, Cell) and isinstance(right, Cell):
                left.value, right.value = right.value, left.value

    edit(folder / "甲中心.xlsx", swap, as_values=True)
    assert merged(folder) == usual()


def test_headings_merged_otherwise(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", no_merged_cells, as_values=True)
    assert merged(folder) == usual()


def test_a_stray_far_cell(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["支出总表"].cell(900_000, 300, "x"))
    assert merged(folder) == usual()


def test_formulas_without_values_are_computed(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda _: None)  # openpyxl keeps the formulas and drops what they came to
    assert openpyxl.load_workbook(folder / "甲中心.xlsx", data_only=True)["支出总表"]["D6"].value is None
    assert merged(folder) == usual()


def test_hidden_rows_and_sheets_are_read_and_said(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", hide_rows_columns_and_a_sheet)
    assert merged(folder) == usual()
    assert "已隐藏，里面的数" in states(folder)["甲中心"][1]


def test_external_links_are_read_and_none_comes_into_the_result(folder: Path) -> None:

    link_to_last_year(folder / "甲中心.xlsx")
    assert merged(folder) == usual()
    with zipfile.ZipFile(folder.parent / "汇总.xlsx") as package:
        assert not [name for name in package.namelist() if "externalLink" in name]
        assert b"[1]" not in b"".join(package.read(name) for name in package.namelist() if "worksheets/" in name)


def link_to_last_year(file: Path) -> None:
    """Make a typed amount of 支出总表 a formula that takes it from another workbook, with the result it had."""
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    part = f"xl/worksheets/sheet{openpyxl.load_workbook(file).sheetnames.index('支出总表') + 1}.xml"
    linked = re.compile(rf'(<c r="{BASIC}"[^>]*>)(?=<v>)')
    xml, count = linked.subn(r"\1<f>'[1]支出总表'!E9</f>", parts[part].decode())
    assert count == 1
    parts[part] = xml.encode()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_a_workbook_and_a_table_in_yuan_among_others(folder: Path) -> None:
    facts = unit_facts(QINGLONG, "甲中心", 2)
    in_yuan = {one: value * 10_000 if isinstance(value, Decimal) else value for one, value in facts.items()}
    write_unit(folder, QINGLONG, "甲中心", in_yuan, "元")
    assert merged(folder) == usual()

    write_unit(folder, QINGLONG, "甲中心", facts)

    def one_table(workbook: Workbook) -> None:
        for row in workbook["支出总表"].iter_rows(min_row=1):
            for cell in row:
                if isinstance(cell.value, float):
                    cell.value *= 10_000
                elif isinstance(cell.value, str) and "万元" in cell.value:
                    cell.value = cell.value.replace("万元", "元")

    edit(folder / "甲中心.xlsx", one_table, as_values=True)
    assert merge(folder, "--allow-errors").exit_code in (0, 1)
    assert amounts(folder.parent / "汇总.xlsx") == usual()


def test_yuan_with_fen_is_added_exactly(folder: Path) -> None:
    facts = in_fen(unit_facts(QINGLONG, "甲中心", 2))
    place = key("支出总表", "2014001", "基本支出")
    others = [unit_facts(QINGLONG, unit, step)[place] for unit, step in (("青山局本级", 1), ("乙站", 3))]
    write_unit(folder, QINGLONG, "甲中心", facts, "元")
    value = facts[place]
    assert isinstance(value, Decimal)
    assert merged(folder)[place] == sum((one for one in others if isinstance(one, Decimal)), value / 10_000)
