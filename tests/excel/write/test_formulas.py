"""The formulas of totals, as a new workbook has them."""

from __future__ import annotations

import openpyxl
import pytest

import xltool
from made_up.figures import default_layout
from xltool.equations.instances import formulas
from xltool.excel.write.formulas import render
from xltool.model import FactKey


@pytest.fixture(scope="module")
def new_shenzhen(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("新") / "新.xlsx"
    xltool.new("shenzhen-2020", path)
    return openpyxl.load_workbook(path)


class TestFormulas:
    @pytest.mark.parametrize(
        ("table", "row", "column", "formula"),
        [
            ("支出总表", "2014001", "合计", "SUM(E9:I9)"),
            ("一般公共预算支出表", "2014001", "合计", "E9+F9"),
            (
                "一般公共预算支出表",
                "20140",
                "基本支出",
                'SUMIFS(INDEX(E8:E$25,2):E$25,INDEX($B8:$B$25,2):$B$25,$B8&"??")',
            ),
            ("一般公共预算支出表", "合计", "基本支出", 'SUMIFS(INDEX(E6:E$25,2):E$25,INDEX($B6:$B$25,2):$B$25,"???")'),
            ("收支总表", "201", "支出/预算数", "'支出总表'!D7"),
            ("收支总表", "单位资金", "收入/预算数", "SUM('收入总表'!H6:L6)"),
        ],
    )
    def test_formulas_of_qinglong(self, table: str, row: str, column: str, formula: str) -> None:
        layout = default_layout("qinglong-2024")
        at = layout.place(FactKey(table, tuple(row.split("/")), tuple(column.split("/"))))
        assert at is not None
        assert render(formulas(layout)[at], layout) == formula

    @pytest.mark.parametrize(
        ("table", "row", "column", "formula"),
        [
            # 科目 of the finest level only: the total counts those of seven digits, in an empty table too
            (
                "一般公共预算支出情况表",
                "市信访局本级",
                "基本支出",
                '=SUMIFS(INDEX(E6:E$15,2):E$15,INDEX($B6:$B$15,2):$B$15,"???????")',
            ),
            (
                "政府性基金预算支出情况表",
                "市信访局本级",
                "基本支出",
                '=SUMIFS(INDEX(E6:E$10,2):E$10,INDEX($B6:$B$10,2):$B$10,"???????")',
            ),
            # projects with 子项目 below them: the project counts its spare rows, the unit its projects
            ("项目支出预算表", "市信访局本级/信访专项", "上年结余、结转", "=SUM(INDEX(Q14:Q18,2):Q18)"),
            ("项目支出预算表", "市信访局本级", "上年结余、结转", "=Q9+Q14+Q19+Q24+Q29+Q34+Q39"),
            # what can be bought is counted by class, the classes by unit
            ("政府采购项目支出预算表", "市信访局本级/B", "金额", "=SUM(INDEX(D12:D16,2):D16)"),
            ("政府采购项目支出预算表", "市信访局本级", "金额", "=D7+D12+D17"),
            # years in groups
            ("三公经费预算情况表", "部门/本年", "公务接待费", "=E9"),
        ],
    )
    def test_formulas_of_a_new_workbook_of_shenzhen(
        self, table: str, row: str, column: str, formula: str, new_shenzhen: openpyxl.Workbook
    ) -> None:
        layout = default_layout("shenzhen-2020")
        at = layout.place(FactKey(table, tuple(row.split("/")), tuple(column.split("/"))))
        assert at is not None
        cell = layout.cell(at)
        assert cell is not None
        assert new_shenzhen[cell.sheet][cell.a1].value == formula
