"""What the generated workbook computes, judged by LibreOffice, and what it offers, read with openpyxl."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from made_up.figures import consistent, default_layout, disagreeing, filled, scattered
from tests import budgets
from tests.excel.libreoffice.edit import Editing, edit
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, assert_recalculates, read_values
from xltool.equations.filling import Filled, blank
from xltool.excel.write.checks.lines import FIRST_LINE
from xltool.excel.write.workbook import workbook_bytes, write
from xltool.layout.block import Place
from xltool.layout.outline import default_outline
from xltool.library import load_template
from xltool.model import FactKey, Verdict
from xltool.template.loader import template_names

TEMPLATES = template_names()
WITH_EQUATIONS = [template for template in TEMPLATES if template != "longgang-selfeval-2021"]
needs_libreoffice = pytest.mark.skipif(program is None, reason="LibreOffice is not installed")


def save(book: Filled, path: Path) -> Path:
    write(book.layout, book.values, book.live, path)
    return path


def place(book: Filled, table: str, row: str, column: str) -> Place:
    found = book.layout.place(FactKey(table, tuple(row.split("/")), tuple(column.split("/"))))
    assert found is not None
    return found


def lines(values: dict[str, dict[str, object]]) -> list[tuple[object, object]]:
    """Rule and result of each line of 校验."""
    sheet = values["校验"]
    rows = range(FIRST_LINE, FIRST_LINE + 400)
    return [(sheet[f"A{row}"], sheet.get(f"J{row}")) for row in rows if f"A{row}" in sheet]


def results(values: dict[str, dict[str, object]]) -> list[object]:
    return [result for _, result in lines(values)]


@needs_libreoffice
@pytest.mark.parametrize("template", WITH_EQUATIONS)
class TestLibreOffice:
    def test_a_consistent_workbook_recalculates_to_its_cached_values_and_passes_every_check(
        self, template: str, office: Office, tmp_path: Path
    ) -> None:
        computed = assert_recalculates(save(consistent(template), tmp_path / "预算.xlsx"), office)
        assert set(results(computed)) <= {"✓", None}
        assert results(computed).count("✓") > 40
        assert computed["目录"]["A3"] == "校验结果：全部相符"

    def test_a_workbook_with_random_figures_recalculates_to_its_cached_values(
        self, template: str, office: Office, tmp_path: Path
    ) -> None:
        """Among them the result of every line of 校验, which the cached values take from the check itself."""
        computed = assert_recalculates(save(disagreeing(template), tmp_path / "预算.xlsx"), office)
        assert {"✓", "尾差", "✗"} <= set(results(computed))

    def test_a_blank_workbook_recalculates_to_its_cached_values(
        self, template: str, office: Office, tmp_path: Path
    ) -> None:
        spec = load_template(template)
        computed = assert_recalculates(save(blank(spec, default_outline(spec)), tmp_path / "预算.xlsx"), office)
        assert set(results(computed)) == {None}
        assert computed["目录"]["A3"] == "校验结果：尚未填写"


@needs_libreoffice
class TestNoRuleIsAFormula:
    """The 自评表 has formulas of its own, but no rule that a formula could check."""

    def test_a_filled_workbook_recalculates_to_its_cached_values(self, office: Office, tmp_path: Path) -> None:
        assert_recalculates(save(scattered("longgang-selfeval-2021"), tmp_path / "自评.xlsx"), office)

    def test_it_has_no_checks_and_shows_no_result(self, tmp_path: Path) -> None:
        workbook = openpyxl.load_workbook(save(scattered("longgang-selfeval-2021"), tmp_path / "自评.xlsx"))
        assert "校验" not in workbook.sheetnames
        shown = [str(cell.value) for row in workbook["目录"] for cell in row if cell.value]
        assert not [text for text in shown if "校验" in text or "不符" in text]


@needs_libreoffice
class TestHalfFilled:
    """Lines of 校验 wait for tables that nobody has filled in, as xltool check does."""

    def test_published_tables_are_not_compared_with_those_that_were_not_published(
        self, office: Office, tmp_path: Path
    ) -> None:
        path = budgets.filled(budgets.LONGGANG, tmp_path)
        computed = assert_recalculates(path, office)
        undecided = xltool.check(xltool.read(path)).verdicts[Verdict.UNDECIDED]
        assert results(computed).count("待填") == undecided > 60
        # what xltool check tells, and (A10) what a shifted row leaves
        failed = [rule for rule, result in lines(computed) if result == "✗"]
        assert failed == ["X15.1", "X15.3", "W02.1", "A10", "A10"]
        assert computed["目录"]["A3"] == f"校验结果：有 5 处不符，12 处尾差，{undecided} 处待填"
        states = {
            sheet: computed["目录"][f"D{row}"] for row in range(7, 25) if (sheet := computed["目录"].get(f"C{row}"))
        }
        assert states["表1收支总表"] == "已填"
        assert states["表2收入总表"] == "未填"
        assert states["表10政府性基金预算支出表"] == "空表"

    def test_the_first_table_typed_in_fails_nothing(self, office: Office, tmp_path: Path) -> None:
        spec = load_template("qinglong-2024")
        path = save(blank(spec, default_outline(spec)), tmp_path / "预算.xlsx")
        workbook = openpyxl.load_workbook(path)
        workbook["支出总表"]["E9"] = 12
        workbook.save(path)
        computed = office.recalculate(path)
        assert "✗" not in results(computed)
        assert str(computed["目录"]["A3"]).startswith("校验结果：已填的全部相符，")


@needs_libreoffice
class TestTyping:
    def test_one_broken_figure_fails_its_checks_and_is_counted_in_the_contents(
        self, office: Office, tmp_path: Path
    ) -> None:
        path = save(consistent("qinglong-2024"), tmp_path / "预算.xlsx")
        book = consistent("qinglong-2024")
        cell = book.layout.cell(place(book, "支出总表", "2014003", "项目支出"))
        assert cell is not None
        workbook = openpyxl.load_workbook(path)
        before = workbook[cell.sheet][cell.a1].value
        workbook[cell.sheet][cell.a1] = before + 1
        workbook.save(path)
        computed = office.recalculate(path)
        failures = results(computed).count("✗")
        assert failures > 0
        assert computed["目录"]["A3"] == f"校验结果：有 {failures} 处不符"

    def test_a_code_typed_into_the_last_row_of_a_run_is_counted_up_to_the_total(
        self, office: Office, tmp_path: Path
    ) -> None:
        book = consistent("qinglong-2024")
        path = save(book, tmp_path / "预算.xlsx")
        before = read_values(path)["支出总表"]
        workbook = openpyxl.load_workbook(path)
        row = book.layout.tables["支出总表"].blocks[0].blank_rows[-1]
        workbook["支出总表"][f"B{row}"] = "2014099"
        workbook["支出总表"][f"F{row}"] = 7
        workbook.save(path)
        after = office.recalculate(path)["支出总表"]
        for code in ("合计", "201", "20140"):
            for column in ("项目支出", "合计"):
                cell = book.layout.cell(place(book, "支出总表", code, column))
                assert cell is not None
                assert after[cell.a1] == pytest.approx(float(str(before[cell.a1])) + 7)
        assert after[f"D{row}"] == 7

    def test_a_table_without_rows_adds_up_what_is_typed_and_drops_its_note(
        self, office: Office, tmp_path: Path
    ) -> None:
        spec = load_template("qinglong-2024")
        book = blank(spec, default_outline(spec))
        path = save(book, tmp_path / "预算.xlsx")
        table = book.layout.tables["政府性基金支出表"]
        note = f"A{table.last_row + 1}"
        assert str(read_values(path)["政府性基金支出表"][note]).startswith("注：")
        workbook = openpyxl.load_workbook(path)
        workbook["政府性基金支出表"][f"B{table.blocks[0].blank_rows[0]}"] = "212"
        workbook["政府性基金支出表"][f"E{table.blocks[0].blank_rows[0]}"] = 5
        workbook.save(path)
        after = office.recalculate(path)["政府性基金支出表"]
        total = book.layout.cell(place(book, "政府性基金支出表", "合计", "合计"))
        assert total is not None
        assert after[total.a1] == 5
        assert note not in after
        assert after[f"C{table.blocks[0].blank_rows[0]}"] == "城乡社区支出"

    def test_a_row_inserted_at_the_top_of_a_table_without_rows_is_counted(self, tmp_path: Path) -> None:
        spec = load_template("qinglong-2024")
        book = blank(spec, default_outline(spec))
        table = book.layout.tables["政府性基金支出表"]
        row = table.blocks[0].blank_rows[0]
        editing = Editing(save(book, tmp_path / "预算.xlsx"), tmp_path / "改过的.xlsx")
        editing.unprotect()
        editing.insert_row(table.sheet, row)
        editing.type(table.sheet, f"B{row}", "212")
        editing.type(table.sheet, f"E{row}", "5")
        edit([editing], tmp_path)
        total = book.layout.cell(place(book, "政府性基金支出表", "合计", "合计"))
        assert total is not None
        assert read_values(tmp_path / "改过的.xlsx")[table.sheet][total.a1] == 5

    def test_a_class_typed_into_one_table_reaches_the_tables_that_are_linked_to_it(
        self, office: Office, tmp_path: Path
    ) -> None:
        spec = load_template("qinglong-2024")
        book = blank(spec, default_outline(spec))
        path = save(book, tmp_path / "预算.xlsx")
        workbook = openpyxl.load_workbook(path)
        row = book.layout.tables["支出总表"].blocks[0].blank_rows[-1]
        workbook["支出总表"][f"B{row}"] = "202"
        workbook["支出总表"][f"E{row}"] = 4
        workbook.save(path)
        after = office.recalculate(path)
        linked = book.layout.cell(place(book, "收支总表", "202", "支出/预算数"))
        assert linked is not None
        assert after["收支总表"][linked.a1] == 4

    def test_a_name_is_filled_in_by_its_code(self, office: Office, tmp_path: Path) -> None:
        book = consistent("pingshan-2023")
        path = save(book, tmp_path / "预算.xlsx")
        block = book.layout.tables["基本支出总表"].blocks[0]
        row = block.blank_rows[-1]
        workbook = openpyxl.load_workbook(path)
        workbook["表4基本支出总表"].cell(row, block.helper_column).value = "30239"
        workbook.save(path)
        assert office.recalculate(path)["表4基本支出总表"][f"A{row}"] == "其他交通费用"


class TestFile:
    @pytest.mark.parametrize("template", TEMPLATES)
    def test_the_same_input_gives_the_same_bytes(self, template: str) -> None:
        first, second = scattered(template), scattered(template)
        assert workbook_bytes(first.layout, first.values, first.live) == workbook_bytes(
            second.layout, second.values, second.live
        )

    def test_it_replaces_an_existing_file(self, tmp_path: Path) -> None:
        path = tmp_path / "预算.xlsx"
        path.write_bytes(b"old")
        save(scattered("qinglong-2024"), path)
        assert [sheet.name for sheet in tmp_path.iterdir()] == ["预算.xlsx"]
        assert openpyxl.load_workbook(path).sheetnames[0] == "目录"

    def test_text_that_looks_like_a_formula_stays_text(self, tmp_path: Path) -> None:
        layout = default_layout("pingshan-2023")
        texts = ("=1+1", "+A1", "-A1", "@SUM(1)", "http://example.org", "{=1}")
        block = next(block for block in layout.blocks if any(c.kind == "text" for c in block.block.columns))
        column = block.find_column("text")
        assert column is not None
        places = [Place(block.index, row, column) for row in range(len(block.rows))]
        values = dict(zip(places, texts, strict=False))
        path = save(filled(layout, values), tmp_path / "预算.xlsx")
        workbook = openpyxl.load_workbook(path)
        for at, text in values.items():
            cell = layout.cell(at)
            assert cell is not None
            assert workbook[cell.sheet][cell.a1].value == text
            assert workbook[cell.sheet][cell.a1].data_type == "s"

    def test_amounts_longer_than_a_double_are_written_without_an_error(self, tmp_path: Path) -> None:
        book = scattered("qinglong-2024")
        at = place(book, "支出总表", "2014003", "项目支出")
        book.values[at] = Decimal("12345678901234567.89")
        path = save(book, tmp_path / "预算.xlsx")
        cell = book.layout.cell(at)
        assert cell is not None
        assert read_values(path)[cell.sheet][cell.a1] == pytest.approx(12345678901234567.89)


@pytest.fixture(scope="module")
def blank_workbook(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    spec = load_template("qinglong-2024")
    path = save(blank(spec, default_outline(spec)), tmp_path_factory.mktemp("blank") / "预算.xlsx")
    return openpyxl.load_workbook(path)


class TestWhatAnOfficerExpects:
    def test_the_sheets_stand_in_the_order_of_the_format(self, blank_workbook: openpyxl.Workbook) -> None:
        names = blank_workbook.sheetnames
        tables = [table.sheet for table in default_layout("qinglong-2024").tables.values()]
        assert names == ["目录", *tables, "科目", "校验"]
        assert blank_workbook["科目"].sheet_state == "hidden"

    def test_it_knows_its_template(self, blank_workbook: openpyxl.Workbook) -> None:
        properties = {item.name: item.value for item in blank_workbook.custom_doc_props.props}
        assert properties == {
            "xltool.template": "qinglong-2024",
            "xltool.year": "2024",
            "xltool.amount_unit": "万元",
            "xltool.department": "202青龙满族自治县信访局",
        }
        assert blank_workbook.defined_names["_xltool_T03"].attr_text == "'支出总表'!$A$1"
        assert blank_workbook.defined_names["_xltool_T03"].hidden

    def test_inputs_are_open_and_formulas_locked(self, blank_workbook: openpyxl.Workbook) -> None:
        sheet = blank_workbook["支出总表"]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert sheet.protection.insertRows is False  # False: not forbidden
        assert sheet.protection.formatCells is False
        for row in sheet.iter_rows(min_row=6, max_row=25):
            for cell in row:
                assert not (cell.data_type == "f" and not cell.protection.locked)
        assert not sheet["E10"].protection.locked

    def test_it_prints_as_published(self, blank_workbook: openpyxl.Workbook) -> None:
        sheet = blank_workbook["支出总表"]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)  # one page wide is the default
        assert sheet.print_title_rows == "$1:$5"
        assert sheet.print_area == "'支出总表'!$A$1:$I$25"
        assert sheet.freeze_panes == "D6"

    def test_codes_have_a_drop_down_and_amounts_take_numbers_only(self, blank_workbook: openpyxl.Workbook) -> None:
        rules = blank_workbook["支出总表"].data_validations.dataValidation
        kinds = {rule.type: rule for rule in rules}
        assert kinds["list"].formula1 == "function_codes"
        assert str(kinds["list"].sqref) == "B7:B25"
        assert kinds["decimal"].errorTitle == "请输入数字"

    def test_a_heading_with_a_term_has_a_note(self, blank_workbook: openpyxl.Workbook) -> None:
        assert "维持机构运转" in blank_workbook["支出总表"]["E3"].comment.text

    def test_failed_sums_and_checks_turn_red(self, blank_workbook: openpyxl.Workbook) -> None:
        formats = [
            rule.formula[0] for rules in blank_workbook["支出总表"].conditional_formatting for rule in rules.rules
        ]
        assert any("SUMIFS" in formula for formula in formats)
        assert any(formula.startswith("'校验'!$J$") for formula in formats)


def test_columns_in_yuan_are_wide_enough_for_their_amounts(tmp_path: Path) -> None:
    xltool.new("pingshan-2023", tmp_path / "元.xlsx", amount_unit="元")
    sheet = openpyxl.load_workbook(tmp_path / "元.xlsx")["表2收入总表"]
    widths = [columns.width for columns in sheet.column_dimensions.values() if columns.min > 1]
    assert min(widths) >= len("999,999,999.00")
