"""`xltool round`: a new workbook in 万元 that checks without a tail, carries all over and says what it adjusted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import BUDGETS, PINGSHAN, QINGLONG, filled
from tests.cli.commands import run
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, assert_recalculates
from tests.merge.balance.exact_budgets import about_amounts, workbook
from xltool.layout.book import Book

SHEET = "舍位说明"


@pytest.mark.parametrize(("name", "decimals"), [*zip(BUDGETS, (None, None, "1", "0", "2"), strict=True)])
def test_a_workbook_in_yuan_becomes_one_in_ten_thousands(name: str, decimals: str | None, tmp_path: Path) -> None:
    source, target = workbook(name, tmp_path / "元.xlsx"), tmp_path / "万元.xlsx"
    done = run(["round", str(source), "-o", str(target), *(["--decimals", decimals] if decimals else [])])
    assert done.exit_code == 0, done.output
    before, after = xltool.read(source), xltool.read(target)
    assert after.outline.amount_unit == "万元"
    assert about_amounts(xltool.check(after).findings) == []
    assert rows(after) == rows(before)
    assert texts(after) == texts(before)
    assert len(after.live) == len(before.live)
    printed = {after.layout.decimals(place) for place in after.values if after.layout.kind(place) == "amount"}
    assert printed <= ({int(decimals)} if decimals else {0, 2})
    listed = openpyxl.load_workbook(target, read_only=True)[SHEET].iter_rows(values_only=True)
    assert f"{sum(str(line[0]).isdecimal() for line in listed)} 个另作调整" in done.output


def rows(book: Book) -> list[tuple[str, tuple[str, ...]]]:
    return [(block.table.id, row.path) for block in book.layout.blocks for row in block.rows]


def texts(book: Book) -> dict[object, object]:
    """All that is no amount: texts, counts, notes (but those that say that a table is empty)."""
    layout = book.layout
    amounts = {layout.key(place) for place in book.values if layout.kind(place) == "amount"}
    return {key: fact.value for key, fact in book.facts.items() if key not in amounts and key.column != ("注",)}


def header(path: Path) -> int:
    """The row of the headings."""
    sheet = openpyxl.load_workbook(path)[SHEET]
    return [cell.value for cell in sheet["A"]].index("序号") + 1


def test_the_sheet_lists_exact_plain_and_printed_amounts_with_a_link(tmp_path: Path) -> None:
    source, target = workbook(QINGLONG, tmp_path / "元.xlsx"), tmp_path / "万元.xlsx"
    assert run(["round", str(source), "-o", str(target)]).exit_code == 0
    opened = openpyxl.load_workbook(target)
    sheet, book = opened[SHEET], xltool.read(target)
    lines = [*sheet.iter_rows(min_row=header(target) + 1)]
    assert lines
    for _, name, address, what, exact, plain, printed, off, reason in lines:
        assert address.hyperlink.location == f"'{name.value}'!{address.value}" or address.hyperlink.location == (
            f"{name.value}!{address.value}"
        )
        assert abs(Decimal(str(exact.value)) - Decimal(str(printed.value))) < Decimal("0.01")
        assert round(plain.value + off.value, 2) == printed.value
        assert what.value and "应等于" in reason.value
        fact = next(
            f for f in book.facts.values() if f.cell and (f.cell.sheet, f.cell.a1) == (name.value, address.value)
        )
        assert fact.value == Decimal(str(printed.value))


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
def test_another_program_computes_every_formula_as_we_do(tmp_path: Path, office: Office) -> None:
    target = tmp_path / "万元.xlsx"
    xltool.balance(workbook(QINGLONG, tmp_path / "元.xlsx"), target)
    computed = assert_recalculates(target, office)
    assert computed["目录"]["A3"] == "校验结果：全部相符"


def test_the_decimals_are_noted_so_that_the_result_is_read_and_written_alike(tmp_path: Path) -> None:
    source, target = workbook(QINGLONG, tmp_path / "元.xlsx"), tmp_path / "元整.xlsx"
    assert run(["round", str(source), "-o", str(target), "--amount-unit", "元", "--decimals", "0"]).exit_code == 0
    book = xltool.read(target)
    assert book.outline.decimals == 0
    place = next(place for place in book.values if book.layout.kind(place) == "amount")
    cell = book.layout.cell(place)
    assert cell is not None
    assert openpyxl.load_workbook(target)[cell.sheet][cell.a1].number_format.split(";")[0] == "#,##0"


def test_what_does_not_add_up_is_refused_with_its_findings(tmp_path: Path) -> None:
    source = filled(PINGSHAN, tmp_path)
    done = run(["round", str(source), "-o", str(tmp_path / "万元.xlsx")])
    assert done.exit_code == 2
    assert "“pingshan-2023.xlsx”不能舍位：有的数不相符" in done.stderr
    assert "支出总表" in done.stderr
    assert not (tmp_path / "万元.xlsx").exists()


def test_an_amount_that_cannot_be_read_is_refused_not_lost(tmp_path: Path) -> None:
    source = workbook(QINGLONG, tmp_path / "元.xlsx")
    opened = openpyxl.load_workbook(source)
    opened["支出总表"]["E9"] = "二百万"
    opened.save(source)
    done = run(["round", str(source), "-o", str(tmp_path / "万元.xlsx")])
    assert done.exit_code == 2
    assert "支出总表!E9" in done.stderr


def test_a_published_budget_with_two_decimals_needs_no_rounding(tmp_path: Path) -> None:
    source = workbook(QINGLONG, tmp_path / "元.xlsx")
    xltool.balance(source, tmp_path / "万元.xlsx")
    done = run(["round", str(tmp_path / "万元.xlsx"), "-o", str(tmp_path / "又.xlsx")])
    assert "各数都不用舍位" in done.output
    assert facts(tmp_path / "又.xlsx") == facts(tmp_path / "万元.xlsx")


def facts(path: Path) -> dict[object, object]:
    return {key: fact.value for key, fact in xltool.read(path).facts.items()}


def test_the_exact_workbook_is_never_overwritten(tmp_path: Path) -> None:
    source = workbook(QINGLONG, tmp_path / "元.xlsx")
    before = source.read_bytes()
    done = run(["round", str(source), "-o", str(source), "--force"])
    assert done.exit_code == 2
    assert "会丢失原来的内容" in done.stderr
    assert run(["round", str(source), "-o", str(tmp_path / "a.xls")]).exit_code == 2
    assert source.read_bytes() == before


def test_rows_that_the_template_does_not_have_are_carried_over_and_counted(tmp_path: Path) -> None:
    source, target = workbook(QINGLONG, tmp_path / "元.xlsx"), tmp_path / "万元.xlsx"
    opened = openpyxl.load_workbook(source)
    sheet = opened["收支总表"]
    for row, label, amount in ((11, "六、其他拨款", 1234567.89), (12, "减：退回拨款", -1234567.89)):
        sheet.cell(row, 2).value, sheet.cell(row, 3).value = label, amount
    sheet["C37"] = "=SUM(C6:C12)"
    opened.save(source)
    assert run(["round", str(source), "-o", str(target)]).exit_code == 0
    book = xltool.read(target)
    amounts = {key.row: fact.value for key, fact in book.facts.items() if key.column == ("收入", "预算数")}
    assert amounts[("六、其他拨款",)] == Decimal("123.46")
    assert amounts[("减：退回拨款",)] == Decimal("-123.46")
    total = next(cell for key, (_, _, cell, _) in book.facts.items() if key.row == ("本年收入合计",) and cell)
    place = book.layout.place_at(total)
    assert place in book.live
    assert about_amounts(xltool.check(book).findings) == []


def test_notes_of_the_users_own_are_carried_over(tmp_path: Path) -> None:
    source, target = workbook(QINGLONG, tmp_path / "元.xlsx"), tmp_path / "万元.xlsx"
    opened = openpyxl.load_workbook(source)
    sheet = opened["支出总表"]
    sheet.cell(sheet.max_row + 1, 1).value = "注：含上年结转的项目支出。"
    opened.save(source)
    assert run(["round", str(source), "-o", str(target)]).exit_code == 0
    notes = {key.table: fact.value for key, fact in xltool.read(target).facts.items() if key.column == ("注",)}
    assert notes["支出总表"] == "注：含上年结转的项目支出。"
