"""What people do to a workbook in a spreadsheet program, and what has changed in it then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

import xltool
from tests.budgets import PINGSHAN, QINGLONG
from tests.excel.libreoffice.edit import Editing
from xltool.layout.block import BlockAt
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.model import FactKey, column_letters, parse_path
from xltool.model import Path as Names

UNIT = "深圳市坪山区信访局"


@dataclass(frozen=True)
class Hand:
    """Edits a workbook by the names of its tables, rows and columns, as its layout was before the first edit."""

    editing: Editing
    layout: Layout

    def sheet(self, table: str) -> str:
        return self.layout.tables[table].sheet

    def block(self, table: str) -> BlockAt:
        """The block of a table to which rows can be added."""
        return next(block for block in self.layout.tables[table].blocks if block.blank_rows)

    def line(self, table: str, row: str) -> int:
        block = self.block(table)
        return block.rows[block.row_index[parse_path(row)]].sheet_row

    def spare(self, table: str) -> int:
        return self.block(table).blank_rows[-1]

    def insert(self, table: str, line: int, code: str, **amounts: str) -> None:
        self.editing.insert_row(self.sheet(table), line)
        self.fill(table, line, code, **amounts)

    def fill(self, table: str, line: int, code: str, **amounts: str) -> None:
        block = self.block(table)
        self.editing.type(self.sheet(table), f"{column_letters(block.code_column)}{line}", code)
        for name, amount in amounts.items():
            self.editing.type(self.sheet(table), f"{_letters(block, name)}{line}", amount)

    def copy_totals(self, table: str, source: int, target: int) -> None:
        """Copy the formulas of the totals across, as one drags them down."""
        block = self.block(table)
        for column in block.columns:
            if column.definition.sum:
                letters = column_letters(column.sheet_column)
                self.editing.copy_cell(self.sheet(table), f"{letters}{source}", f"{letters}{target}")


def _letters(block: BlockAt, name: str) -> str:
    """The sheet column of the column whose last heading is `name`."""
    return next(column_letters(c.sheet_column) for c in block.columns if c.definition.id == name)


BASIC_OF_GENERAL = {("A16", "支出总表", ("2014002",))}
"""The rows that are inserted give 一般行政管理事务 some 基本支出."""


def nothing(hand: Hand) -> None:
    pass


def insert_in_the_middle(hand: Hand) -> None:
    for table, column in (("收入总表", "财政拨款收入"), ("支出总表", "基本支出")):
        hand.insert(table, hand.line(table, "2014003"), "2014002", **{column: "7"})


def insert_with_totals(hand: Hand) -> None:
    for table, amounts in (("收入总表", {"财政拨款收入": "7"}), ("支出总表", {"基本支出": "3", "项目支出": "4"})):
        line = hand.line(table, "2014003")
        hand.insert(table, line, "2014002", **amounts)
        hand.copy_totals(table, line - 1, line)


def insert_two_at_the_end(hand: Hand) -> None:
    hand.insert("支出总表", hand.spare("支出总表"), "2210202", 基本支出="3")
    hand.insert("支出总表", hand.spare("支出总表") + 1, "2210203", 项目支出="4")


def insert_below_its_group(hand: Hand) -> None:
    line = hand.line("支出总表", "2014001")
    hand.insert("支出总表", line, "2014002", 基本支出="7")
    hand.copy_totals("支出总表", line + 1, line)


def insert_below_its_class(hand: Hand) -> None:
    hand.insert("支出总表", hand.line("支出总表", "20140"), "20103", 基本支出="7")


def insert_below_the_total(hand: Hand) -> None:
    hand.insert("支出总表", hand.line("支出总表", "201"), "213", 基本支出="7")


def fill_the_spare_row(hand: Hand) -> None:
    hand.fill("支出总表", hand.spare("支出总表"), "2210203", 基本支出="7")


def fill_the_spare_row_with_a_new_class(hand: Hand) -> None:
    hand.fill("支出总表", hand.spare("支出总表"), "213", 基本支出="7")


def number_as_code(hand: Hand) -> None:
    line = hand.line("支出总表", "2014003")
    hand.insert("支出总表", line, "2014002", 基本支出="7")
    hand.editing.number(hand.sheet("支出总表"), f"B{line}", 2014002)


def delete_a_row(hand: Hand) -> None:
    for table in ("收入总表", "支出总表"):
        hand.editing.delete_row(table, hand.line(table, "2014003"))


def delete_a_linked_class(hand: Hand) -> None:
    for _ in ("221", "22102", "2210201"):
        hand.editing.delete_row("支出总表", hand.line("支出总表", "221"))


def hide_rename_and_move(hand: Hand) -> None:
    for row in ("合计", "2014003", "208"):
        hand.editing.hide_row("支出总表", hand.line("支出总表", row))
    hand.editing.rename_sheet("支出总表", "O'Brien 支出 (2)")
    hand.editing.rename_sheet("收入总表", "Sheet1")
    hand.editing.move_sheet("Sheet1", 0)
    hand.editing.move_sheet("收支总表", 12)


def rename_and_delete_helper_sheets(hand: Hand) -> None:
    hand.editing.rename_sheet("目录", "Sheet0")
    hand.editing.rename_sheet("校验", "Sheet9")
    hand.editing.delete_sheet("科目")


def copy_a_sheet(hand: Hand) -> None:
    hand.editing.copy_sheet("支出总表", "支出总表 (2)")


def copy_a_sheet_with_another_title(hand: Hand) -> None:
    copy_a_sheet(hand)
    hand.editing.type("支出总表 (2)", "A1", "备份")


def sort_by_amount(hand: Hand) -> None:
    first, last = hand.line("支出总表", "2014001"), hand.line("支出总表", "2014004")
    hand.editing.sort("支出总表", f"B{first}:I{last}", 4)


def add_a_number_beside_the_table(hand: Hand) -> None:
    line = hand.line("支出总表", "合计")
    hand.editing.type("支出总表", f"K{line}", "7")
    hand.editing.type("支出总表", f"D{line}", f"=SUM(E{line}:I{line})+K{line}")


def fix_the_column_of_a_total(hand: Hand) -> None:
    line = hand.line("支出总表", "20140")
    for letters in "EF":
        hand.editing.type("支出总表", f"{letters}{line}", f"=SUM($E{line + 1}:$E{line + 3})")


def insert_an_economic_row(hand: Hand) -> None:
    hand.insert("基本支出总表", hand.line("基本支出总表", f"{UNIT}/30108"), "30107", 一般公共预算拨款="20")


def fill_an_economic_spare_row(hand: Hand) -> None:
    hand.fill("基本支出总表", hand.spare("基本支出总表"), "31003", 一般公共预算拨款="20")


def add_projects(hand: Hand) -> None:
    sheet, line = hand.sheet("项目支出总表"), hand.spare("项目支出总表")
    hand.editing.insert_row(sheet, line)
    for name, row in (("新项目", line), ("又一个项目", line + 1)):
        hand.editing.type(sheet, f"A{row}", name)
        hand.editing.type(sheet, f"{_letters(hand.block('项目支出总表'), '履职类项目拨款')}{row}", "5")


def insert_projects_below_their_unit(hand: Hand) -> None:
    sheet, line = hand.sheet("项目支出总表"), hand.block("项目支出总表").rows[2].sheet_row
    hand.editing.insert_row(sheet, line)
    hand.editing.type(sheet, f"A{line}", "新项目")
    hand.editing.type(sheet, f"{_letters(hand.block('项目支出总表'), '履职类项目拨款')}{line}", "5")
    hand.copy_totals("项目支出总表", line + 1, line)


def _add_unit(hand: Hand, name: str, line: int) -> None:
    hand.editing.type(hand.sheet("收入总表"), f"A{line}", name)
    hand.editing.type(hand.sheet("收入总表"), f"{_letters(hand.block('收入总表'), '事业收入')}{line}", "5")


def fill_the_spare_row_with_a_unit(hand: Hand) -> None:
    _add_unit(hand, "坪山区信访服务中心", hand.spare("收入总表"))


def insert_units_first_and_last(hand: Hand) -> None:
    first = hand.line("收入总表", UNIT)
    hand.editing.insert_row(hand.sheet("收入总表"), first)
    _add_unit(hand, "坪山区信访服务中心", first)
    last = hand.spare("收入总表") + 1
    hand.editing.insert_row(hand.sheet("收入总表"), last)
    _add_unit(hand, "坪山区群众来访接待中心", last)


def insert_a_class_below_the_headings(hand: Hand) -> None:
    hand.insert("收支总表", hand.line("收支总表", "201"), "202", 预算数="5")


def insert_beside_another_block(hand: Hand) -> None:
    hand.insert("收支总表", hand.line("收支总表", "2010302"), "2010303", 预算数="5")


CHANGES: Mapping[str, tuple[Callable[[Hand], None], ...]] = {
    QINGLONG: (
        nothing,
        insert_in_the_middle,
        insert_with_totals,
        insert_two_at_the_end,
        insert_below_its_group,
        insert_below_its_class,
        insert_below_the_total,
        fill_the_spare_row,
        fill_the_spare_row_with_a_new_class,
        number_as_code,
        delete_a_row,
        delete_a_linked_class,
        hide_rename_and_move,
        rename_and_delete_helper_sheets,
        copy_a_sheet,
        copy_a_sheet_with_another_title,
        sort_by_amount,
        add_a_number_beside_the_table,
        fix_the_column_of_a_total,
    ),
    PINGSHAN: (
        insert_an_economic_row,
        fill_an_economic_spare_row,
        add_projects,
        insert_projects_below_their_unit,
        fill_the_spare_row_with_a_unit,
        insert_units_first_and_last,
        insert_a_class_below_the_headings,
        insert_beside_another_block,
    ),
}


Shown = Mapping[str, Sequence[Sequence[object]]]


@dataclass(frozen=True)
class Change:
    """A workbook before and after its edits; `shown` is what the program had in each cell when it saved."""

    before: Book
    after: Book
    shown: Shown

    @property
    def amounts(self) -> dict[FactKey, Decimal]:
        """By how much each amount has changed."""
        old, new = ({key: number(fact.value) for key, fact in book.facts.items()} for book in (self.before, self.after))
        changes = {key: new.get(key, Decimal(0)) - old.get(key, Decimal(0)) for key in {**old, **new}}
        return {key: change for key, change in changes.items() if change}

    @property
    def findings(self) -> set[tuple[str, str, Names]]:
        """(rule, table, row) of what is found now and was not before."""
        old, new = (set(_findings(book)) for book in (self.before, self.after))
        return new - old


def number(value: object) -> Decimal:
    """An amount; 0 for anything else."""
    return value if isinstance(value, Decimal) else Decimal(0)


def _findings(book: Book) -> Iterator[tuple[str, str, Names]]:
    for finding in xltool.check(book).findings:
        if finding.key is not None:
            yield finding.rule, finding.key.table, finding.key.row


Changed = Callable[[Callable[[Hand], None]], Change]
"""Reads what an edit did."""


def live_cells(book: Book) -> set[FactKey]:
    return {book.layout.key(place) for place in book.live}


def shown(path: Path) -> Shown:
    workbook = CalamineWorkbook.from_path(str(path))
    return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names}


def assert_totals_agree(change: Change) -> None:
    """The program computes every live total as we do."""
    book = change.after
    wrong = {}
    for place in book.live:
        cell = book.layout.cell(place)
        assert cell is not None
        stored = change.shown[cell.sheet][cell.row - 1][cell.column - 1] or 0
        value = number(book.values.get(place))
        if not isinstance(stored, float | int) or abs(stored - float(value)) > 1e-6:
            wrong[cell] = stored, value
    assert len(book.live) > 300
    assert not wrong
