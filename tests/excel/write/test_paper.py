"""How the generated workbook prints, and what its 目录 says about filling it in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from made_up.figures import default_layout
from tests.budgets import SAMPLES
from xltool.equations.filling import blank
from xltool.excel.write.workbook import write
from xltool.layout.outline import default_outline
from xltool.library import load_template
from xltool.template.loader import template_names


def blank_workbook(template: str, folder: Path) -> Workbook:
    spec = load_template(template)
    book = blank(spec, default_outline(spec))
    write(book.layout, book.values, book.live, folder / "预算.xlsx")
    return openpyxl.load_workbook(folder / "预算.xlsx")


def instructions(workbook: Workbook) -> str:
    return "".join(str(row[0].value) for row in workbook["目录"].iter_rows(min_row=4, max_row=7) if row[0].value)


class TestPaper:
    @pytest.mark.parametrize(
        ("template", "sheet", "orientation", "size"),
        [
            pytest.param("qinglong-2024", "收支总表", "portrait", "9", id="34 lines are too long across"),
            pytest.param("qinglong-2024", "支出总表", "landscape", "9", id="a table that fits across lies across"),
            pytest.param("pingshan-2023", "表2收入总表", "landscape", "9", id="a wide table lies across"),
            pytest.param(
                "pingshan-2023", "表12整体支出绩效目标表", "portrait", "9", id="a form of many lines is upright"
            ),
            pytest.param("longgang-selfeval-2021", "项目绩效自评表", "landscape", "8", id="thirty columns need A3"),
        ],
    )
    def test_a_table_is_upright_where_it_is_too_long_across_and_on_a3_where_it_would_be_too_small(
        self, template: str, sheet: str, orientation: str, size: str, tmp_path: Path
    ) -> None:
        setup = blank_workbook(template, tmp_path)[sheet].page_setup
        assert (setup.orientation, str(setup.paperSize)) == (orientation, size)

    def test_the_sheets_of_a_repeated_form_lie_alike(self) -> None:
        sample = openpyxl.load_workbook(SAMPLES / "shenzhen-2020/预算.xlsx")
        assert {sample[f"表15-{n}"].page_setup.orientation for n in range(1, 8)} == {"portrait"}

    @pytest.mark.parametrize("template", template_names())
    def test_every_sheet_is_one_page_wide_and_repeats_its_title_and_headings(
        self, template: str, tmp_path: Path
    ) -> None:
        workbook = blank_workbook(template, tmp_path)
        for table in default_layout(template).tables.values():
            sheet = workbook[table.sheet]
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.print_title_rows.startswith("$1:$")


class TestInstructions:
    def test_a_workbook_without_codes_says_nothing_of_codes(self, tmp_path: Path) -> None:
        text = instructions(blank_workbook("longgang-selfeval-2021", tmp_path))
        assert "浅黄色" in text
        assert "备用行" in text
        assert "（序号、合计等）" in text
        assert "科目" not in text
        assert "名称" not in text
        assert "上级合计" not in text

    def test_a_workbook_with_codes_says_where_they_are_chosen(self, tmp_path: Path) -> None:
        in_table = instructions(blank_workbook("qinglong-2024", tmp_path))
        beside = instructions(blank_workbook("pingshan-2023", tmp_path))
        assert "科目编码从下拉列表选" in in_table
        assert "科目编码从下拉列表选" in beside
        assert "在表右边" not in in_table
        assert "在表右边不打印的“科目编码”栏里选" in beside

    def test_only_a_workbook_with_forms_says_how_to_add_one(self, tmp_path: Path) -> None:
        assert "复制“表15-1”这样的工作表" in instructions(blank_workbook("shenzhen-2020", tmp_path))
        assert "这样的工作表" not in instructions(blank_workbook("pingshan-2023", tmp_path))
