"""Workbooks that an independent program edits: rows in and out, sheets renamed, sorted, marked, and read again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.excel.libreoffice.edits import (
    BASIC_OF_GENERAL,
    UNIT,
    Change,
    Changed,
    Hand,
    add_a_number_beside_the_table,
    add_projects,
    assert_totals_agree,
    copy_a_sheet,
    copy_a_sheet_with_another_title,
    delete_a_linked_class,
    delete_a_row,
    fill_an_economic_spare_row,
    fill_the_spare_row,
    fill_the_spare_row_with_a_new_class,
    fill_the_spare_row_with_a_unit,
    fix_the_column_of_a_total,
    hide_rename_and_move,
    insert_a_class_below_the_headings,
    insert_an_economic_row,
    insert_below_its_class,
    insert_below_its_group,
    insert_below_the_total,
    insert_beside_another_block,
    insert_in_the_middle,
    insert_projects_below_their_unit,
    insert_two_at_the_end,
    insert_units_first_and_last,
    insert_with_totals,
    live_cells,
    number,
    number_as_code,
    rename_and_delete_helper_sheets,
    sort_by_amount,
)
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office
from xltool.layout.book import Book
from xltool.model import FactKey, parse_path

pytestmark = pytest.mark.skipif(program is None, reason="LibreOffice is not installed")


def keys(table: str, rows: str, *columns: str) -> set[FactKey]:
    return {FactKey(table, parse_path(row), parse_path(column)) for row in rows.split() for column in columns}


def plus(amount: int, *groups: set[FactKey]) -> dict[FactKey, Decimal]:
    return {key: Decimal(amount) for group in groups for key in group}


def assert_linked_income(change: Change, amount: int, tolerance: float) -> None:
    """What a new unit earns reaches 收支总表 in the program's own figures, and 校验 says so."""
    earned = FactKey("收支总表", ("单位资金", "事业收入"), ("收入", "预算数"))
    income = {earned, *keys("收支总表", "单位资金 本年收入合计 收入总计", "收入/预算数")}
    assert {key: value for key, value in change.amounts.items() if key in income} == plus(amount, income)
    (line,) = [line for line in change.shown["校验"] if line[0] == "X03.5"]
    both = float(number(change.after.facts[earned].value))
    assert (line[4], line[6], line[8], line[9]) == (both, both, tolerance, "✓")
    assert_totals_agree(change)


def reds(path: Path, tmp: Path, office: Office) -> set[tuple[str, str]]:
    """The first cells of the conditional formats for sums that are red, as the program computes their formulas."""
    workbook = openpyxl.load_workbook(path)
    asked: dict[tuple[str, str], tuple[str, str]] = {}
    for sheet in workbook.worksheets:
        formulas = [
            (str(area.sqref).split()[0].partition(":")[0], rule.formula[0])
            for area in sheet.conditional_formatting
            for rule in area.rules
            if rule.formula and rule.formula[0].startswith("ABS(")
        ]
        for row, (cell, formula) in enumerate(formulas, 1):
            sheet[f"ZZ{row}"] = f"={formula}"
            asked[sheet.title, f"ZZ{row}"] = sheet.title, cell
    assert len(asked) > 50
    workbook.save(tmp / "asked.xlsx")
    answers = office.recalculate(tmp / "asked.xlsx")
    assert {type(answers[title][cell]) for title, cell in asked} == {bool}
    return {told for (title, cell), told in asked.items() if answers[title][cell]}


ADDED_INCOME = {("X03.1", "收入总表", ("2014002",)), ("X01", "收支总表", ("收入总计",))}
"""What is told of income in an inserted row: 收支总表, typed there, has none of it, and all of the expenditure."""

LINKED = keys("收支总表", "201 本年支出合计 支出总计", "支出/预算数")


class TestInsertedRows:
    def test_a_row_in_the_middle_is_counted_up_to_the_total_and_in_the_linked_table(self, changed: Changed) -> None:
        change = changed(insert_in_the_middle)
        above = "合计 201 20140"
        assert change.amounts == plus(
            7,
            keys("收入总表", above, "合计", "本年收入/小计", "本年收入/财政拨款收入"),
            keys("收入总表", "2014002", "本年收入/财政拨款收入"),
            keys("支出总表", above, "合计", "基本支出"),
            keys("支出总表", "2014002", "基本支出"),
            LINKED,
        )
        assert live_cells(change.after) == live_cells(change.before)
        assert_totals_agree(change)

    def test_its_blank_total_is_told_and_that_other_tables_know_nothing_of_it(self, changed: Changed) -> None:
        change = changed(insert_in_the_middle)
        blank = {("A07", table, ("2014002",)) for table in ("收入总表", "支出总表")}
        assert blank <= change.findings
        assert change.findings - blank - BASIC_OF_GENERAL == ADDED_INCOME
        texts = [finding.message for finding in xltool.check(change.after).findings if finding.rule == "A07"]
        assert all("2014002 一般行政管理事务" in text for text in texts)

    def test_a_row_with_its_totals_copied_agrees_and_only_other_tables_differ(self, changed: Changed) -> None:
        change = changed(insert_with_totals)
        assert live_cells(change.after) - live_cells(change.before) == keys(
            "收入总表", "2014002", "合计", "本年收入/小计"
        ) | keys("支出总表", "2014002", "合计")
        assert change.findings - BASIC_OF_GENERAL == ADDED_INCOME | {("X14", "支出总表", ("2014002",))}
        told = [f for f in xltool.check(change.after).findings if f.rule in ("X03.1", "X14")]
        assert [(c.key, c.proposed) for f in told for way in f.explanations for c in way.culprits] == [
            (FactKey("收入总表", ("2014002",), ("本年收入", "财政拨款收入")), Decimal(0)),
            (FactKey("支出总表", ("2014002",), ("项目支出",)), Decimal(0)),
        ]
        assert_totals_agree(change)

    def test_two_rows_above_the_thin_last_row_are_counted(self, changed: Changed) -> None:
        change = changed(insert_two_at_the_end)
        above = "合计 221 22102"
        assert {key: value for key, value in change.amounts.items() if key.table == "支出总表"} == {
            **plus(7, keys("支出总表", above, "合计")),
            **plus(3, keys("支出总表", f"{above} 2210202", "基本支出")),
            **plus(4, keys("支出总表", f"{above} 2210203", "项目支出")),
        }
        assert live_cells(change.after) == live_cells(change.before)
        assert_totals_agree(change)

    def test_an_item_right_below_its_group_is_counted_up_to_the_total(self, changed: Changed) -> None:
        change = changed(insert_below_its_group)
        assert change.amounts == plus(7, keys("支出总表", "合计 201 20140 2014002", "合计", "基本支出"), LINKED)
        assert live_cells(change.after) - live_cells(change.before) == keys("支出总表", "2014002", "合计")
        assert live_cells(change.before) <= live_cells(change.after)
        assert_totals_agree(change)

    def test_a_group_right_below_its_class_is_counted_up_to_the_total(self, changed: Changed) -> None:
        change = changed(insert_below_its_class)
        assert change.amounts == plus(
            7, keys("支出总表", "合计 201", "合计", "基本支出"), keys("支出总表", "20103", "基本支出"), LINKED
        )
        assert live_cells(change.after) == live_cells(change.before)
        assert_totals_agree(change)

    def test_a_class_right_below_the_total_is_counted(self, changed: Changed) -> None:
        change = changed(insert_below_the_total)
        assert change.amounts == plus(
            7, keys("支出总表", "合计", "合计", "基本支出"), keys("支出总表", "213", "基本支出")
        )
        assert live_cells(change.after) >= live_cells(change.before)
        assert_totals_agree(change)

    @pytest.mark.parametrize(
        ("done", "sheet"), [(insert_below_its_group, "支出总表"), (insert_projects_below_their_unit, "表5项目支出总表")]
    )
    def test_no_total_above_it_turns_red(
        self, done: Callable[[Hand], None], sheet: str, edited_folder: Path, office: Office, tmp_path: Path
    ) -> None:
        assert sheet not in {title for title, _ in reds(edited_folder / f"{done.__name__}.xlsx", tmp_path, office)}

    def test_a_total_that_leaves_a_row_out_turns_red(self, edited_folder: Path, office: Office, tmp_path: Path) -> None:
        workbook = openpyxl.load_workbook(edited_folder / f"{insert_projects_below_their_unit.__name__}.xlsx")
        sheet = workbook["表5项目支出总表"]
        sheet["D9"] = sheet["D9"].value.replace(",2)", ",3)")
        workbook.save(tmp_path / "wrong.xlsx")
        assert ("表5项目支出总表", "B9") in reds(tmp_path / "wrong.xlsx", tmp_path, office)

    def test_a_code_that_is_a_number_is_told(self, changed: Changed) -> None:
        change = changed(number_as_code)
        assert ("A08.1", "支出总表", ("2014002",)) in change.findings
        (finding,) = [f for f in xltool.check(change.after).findings if f.rule == "A08.1"]
        assert finding.cell is not None
        assert finding.cell.a1 == "B10"
        assert "编码 2014002 是数字而不是文本" in finding.message


class TestSpareRow:
    def test_what_is_typed_into_it_is_counted(self, changed: Changed) -> None:
        change = changed(fill_the_spare_row)
        rows = "合计 221 22102 2210203"
        assert change.amounts == plus(
            7,
            keys("支出总表", rows, "合计", "基本支出"),
            keys("收支总表", "221 本年支出合计 支出总计", "支出/预算数"),
        )
        assert live_cells(change.after) - live_cells(change.before) == keys("支出总表", "2210203", "合计")
        assert change.shown["支出总表"][24][:3] == [20, "2210203", "购房补贴"]
        assert_totals_agree(change)

    def test_the_other_table_lacks_its_code(self, changed: Changed) -> None:
        assert changed(fill_the_spare_row).findings == {("X17", "支出总表", ("2210203",))}

    def test_a_new_class_reaches_the_row_that_is_linked_to_it(self, changed: Changed) -> None:
        change = changed(fill_the_spare_row_with_a_new_class)
        assert change.amounts == plus(
            7,
            keys("支出总表", "合计 213", "合计", "基本支出"),
            keys("收支总表", "213 本年支出合计 支出总计", "支出/预算数"),
        )
        assert live_cells(change.after) >= keys("收支总表", "213", "支出/预算数")
        assert_totals_agree(change)


class TestDeletedRows:
    def test_its_amounts_are_gone_from_every_total(self, changed: Changed) -> None:
        change = changed(delete_a_row)
        gone = {key: fact.value for key, fact in change.before.facts.items() if key.row == ("2014003",)}
        assert {key: value for key, value in change.amounts.items() if key in gone and key.row == ("2014003",)} == {
            key: -number(value) for key, value in gone.items() if key.table in ("收入总表", "支出总表")
        }
        for column in ("合计", "项目支出"):
            lost = change.amounts[FactKey("支出总表", ("2014003",), (column,))]
            assert {change.amounts[key] for key in keys("支出总表", "合计 201 20140", column)} == {lost}
        assert live_cells(change.before) - live_cells(change.after) == {
            key for key in live_cells(change.before) if key in gone and key.table in ("收入总表", "支出总表")
        }
        assert_totals_agree(change)

    def test_a_class_that_another_table_is_linked_to_leaves_one_error_there(self, changed: Changed) -> None:
        change = changed(delete_a_linked_class)
        told = [f for f in xltool.check(change.after).findings if f.rule == "A12"]
        assert [f.key for f in told] == [FactKey("收支总表", ("221",), ("支出", "预算数"))]
        assert "#REF!" in told[0].message
        assert all(key.row not in (("221",), ("22102",), ("2210201",)) for key in _facts_of(change.after, "支出总表"))


class TestRearranged:
    def test_hidden_rows_and_renamed_and_moved_sheets_change_nothing(self, changed: Changed) -> None:
        change = changed(hide_rename_and_move)
        assert list(change.shown)[0] == "Sheet1"
        assert "O'Brien 支出 (2)" in change.shown
        assert change.amounts == {}
        assert live_cells(change.after) == live_cells(change.before)
        assert change.findings == set()
        assert_totals_agree(change)

    def test_helper_sheets_renamed_and_deleted_change_nothing(self, changed: Changed) -> None:
        change = changed(rename_and_delete_helper_sheets)
        assert change.amounts == {}
        assert live_cells(change.after) == live_cells(change.before)
        assert change.findings == set()

    def test_of_a_table_that_is_there_twice_the_original_is_read(self, changed: Changed) -> None:
        change = changed(copy_a_sheet)
        assert change.amounts == {}
        assert live_cells(change.after) == live_cells(change.before)
        assert [(rule, table) for rule, table, _ in change.findings] == [("S01.1", "支出总表")]

    def test_a_copy_whose_title_was_changed_is_passed_over(self, changed: Changed) -> None:
        change = changed(copy_a_sheet_with_another_title)
        assert change.amounts == {}
        assert live_cells(change.after) == live_cells(change.before)
        assert change.findings == set()

    def test_sorted_rows_change_nothing(self, changed: Changed) -> None:
        change = changed(sort_by_amount)
        rows = [row.path for row in change.after.layout.tables["支出总表"].blocks[0].rows]
        assert rows != [row.path for row in change.before.layout.tables["支出总表"].blocks[0].rows]
        assert change.amounts == {}
        assert live_cells(change.after) == live_cells(change.before)
        assert change.findings == set()
        assert_totals_agree(change)

    def test_a_total_that_adds_a_number_beside_the_table_is_no_longer_live(self, changed: Changed) -> None:
        change = changed(add_a_number_beside_the_table)
        total = keys("支出总表", "合计", "合计")
        assert live_cells(change.before) - live_cells(change.after) == total
        assert change.amounts[next(iter(total))] == 7
        assert any(table == "支出总表" and row == ("合计",) for _, table, row in change.findings)

    def test_a_total_that_adds_up_another_column_is_no_longer_live(self, changed: Changed) -> None:
        change = changed(fix_the_column_of_a_total)
        assert live_cells(change.before) - live_cells(change.after) == keys("支出总表", "20140", "项目支出")
        assert_totals_agree(change)


class TestHelperColumn:
    def test_a_row_with_its_code_beside_the_table_is_counted(self, changed: Changed) -> None:
        change = changed(insert_an_economic_row)
        rows = f"部门 {UNIT} {UNIT}/301"
        funds = "政府预算拨款/一般公共预算拨款"
        assert change.amounts == plus(
            20,
            keys("基本支出总表", rows, "总计", "政府预算拨款/小计", funds),
            keys("基本支出总表", f"{UNIT}/30107", funds),
        )
        assert live_cells(change.after) == live_cells(change.before)
        # X11 at the inserted amount: that tables 2 and 3 differ (X05.1, X06.1) comes of it
        assert change.findings == {(rule, "基本支出总表", (UNIT, "30107")) for rule in ("A07", "X11")}
        assert_totals_agree(change)

    def test_the_spare_row_takes_its_name_from_the_code(self, changed: Changed) -> None:
        change = changed(fill_an_economic_spare_row)
        rows = f"部门 {UNIT} {UNIT}/310 {UNIT}/31003"
        columns = "总计", "政府预算拨款/小计", "政府预算拨款/一般公共预算拨款"
        assert change.amounts == plus(20, keys("基本支出总表", rows, *columns))
        assert "专用设备购置" in [line[0] for line in change.shown["表4基本支出总表"]]
        assert change.findings == {("X11", "基本支出总表", (UNIT, "31003"))}
        assert_totals_agree(change)

    def test_projects_inserted_and_in_the_spare_row_are_counted(self, changed: Changed) -> None:
        change = changed(add_projects)
        funds = "本年预算/政府预算拨款/一般公共预算拨款"
        unit = keys("项目支出总表", f"部门 {UNIT}", "本年预算/总计", f"{funds}/小计", f"{funds}/履职类项目拨款")
        assert {key: change.amounts[key] for key in unit} == plus(10, unit)
        assert live_cells(change.after) >= live_cells(change.before)
        assert ("A07", "项目支出总表", (UNIT, "新项目")) in change.findings
        assert_totals_agree(change)

    def test_a_project_right_below_its_unit_is_counted(self, changed: Changed) -> None:
        change = changed(insert_projects_below_their_unit)
        funds = "本年预算/政府预算拨款/一般公共预算拨款"
        rows = f"部门 {UNIT} {UNIT}/新项目"
        assert change.amounts == plus(
            5, keys("项目支出总表", rows, "本年预算/总计", f"{funds}/小计", f"{funds}/履职类项目拨款")
        )
        assert live_cells(change.after) > live_cells(change.before)
        assert_totals_agree(change)

    def test_a_unit_in_the_spare_row_is_counted_in_the_linked_table(self, changed: Changed) -> None:
        change = changed(fill_the_spare_row_with_a_unit)
        earned = keys("收入总表", "部门 坪山区信访服务中心", "收入总计", "本年收入/单位资金/事业收入")
        assert {key: value for key, value in change.amounts.items() if key in earned} == plus(5, earned)
        assert live_cells(change.after) >= live_cells(change.before)
        assert_linked_income(change, 5, 1.5)

    def test_units_inserted_first_and_last_are_counted_in_the_linked_table(self, changed: Changed) -> None:
        change = changed(insert_units_first_and_last)
        earned = keys("收入总表", "部门", "本年收入/单位资金/事业收入")
        assert {key: value for key, value in change.amounts.items() if key in earned} == plus(10, earned)
        assert live_cells(change.after) == live_cells(change.before)
        assert_linked_income(change, 10, 2)

    def test_a_class_right_below_the_headings_is_counted(self, changed: Changed) -> None:
        change = changed(insert_a_class_below_the_headings)
        assert change.amounts == plus(5, keys("收支总表", "202 本年支出合计 支出总计", "支出/预算数"))
        assert live_cells(change.after) == live_cells(change.before)
        assert_totals_agree(change)

    def test_a_row_on_one_side_leaves_the_other_side_as_it_was(self, changed: Changed) -> None:
        change = changed(insert_beside_another_block)
        rows = "201 20103 2010303 本年支出合计 支出总计"
        assert change.amounts == plus(5, keys("收支总表", rows, "支出/预算数"))
        assert live_cells(change.after) == live_cells(change.before)
        assert {table for _, table, _ in change.findings} == {"收支总表"}
        assert_totals_agree(change)


def _facts_of(book: Book, table: str) -> list[FactKey]:
    return [key for key in book.facts if key.table == table]
