"""Files of programs that write formulas and calculate nothing: what the formulas give is worked out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.budgets import key, reread
from tests.edited_budgets import findings, ours, pasted, told
from xltool.excel.read.formulas.results import Results
from xltool.model import CellRef, Severity
from xltool.source.sheet import Sheet, SheetFormulas


@pytest.mark.parametrize(
    "formula",
    ["=50.42+10", "=604.2/10", "=ROUND(60.4249,2)", "=MAX(60.42,1)", "=L9*2", "=L9+L10", "=IF(L9>30,60.42,0)"],
)
def test_an_input_that_is_calculated_is_read(formula: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    sheet = workbook["支出总表"]
    sheet["E9"], sheet["L9"], sheet["L10"] = formula, 30.21, "=ROUND(L9,2)"
    book = reread(workbook, tmp_path)
    assert book.facts[key("支出总表", "2014001", "基本支出")].value == Decimal("60.42")


def test_titles_names_and_notes_that_are_formulas_are_read(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["A1"] = '="部门预算"&"支出总表"'
    workbook["支出总表"]["A2"] = "='收支总表'!A2"
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value).startswith("注"):
                    cell.value = f'=IF(SUM(D6:D8)=0,"{cell.value}","")'
    assert findings(workbook, tmp_path) == []


def test_formulas_that_depend_on_themselves_or_on_what_nobody_knows_are_told(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    sheet = workbook["支出总表"]
    sheet["E9"], sheet["L9"], sheet["E10"] = "=L9*1.5", "=E9+1", "=RAND()"
    found = [told(finding) for finding in findings(workbook, tmp_path)]
    assert ("F03", "支出总表!E9", Severity.WARNING, "公式“=L9*1.5”没有结果。") in found
    assert ("F03", "支出总表!E10", Severity.WARNING, "公式“=RAND()”没有结果。") in found


def test_a_formula_that_lost_what_it_refers_to_is_an_error(tmp_path: Path) -> None:
    """To open the workbook and to save it would not help."""
    workbook = ours(tmp_path)
    workbook["支出总表"]["D9"] = "=#REF!+E9"
    found = [told(finding) for finding in findings(workbook, tmp_path)]
    assert ("A12", "支出总表!D9", Severity.ERROR, "“2014001 行政运行”合计（D9）是错误值 #REF!。") in found
    assert "F03" not in [rule for rule, *_ in found]


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("A1+A2*2", Decimal("7")),
        ("A2/3", Decimal("1")),
        ("A1/3", Decimal("0.333333333333333")),
        ("A1/0", None),
        ("IFERROR(A1/0,5)", Decimal("5")),
        ("SUM(A1:A4)", Decimal("4")),
        ("A1+A4", Decimal("3")),
        ("A1+A5", None),
        ("ROUND(-2.5,0)", Decimal("-3")),
        ('A1&"年"', "1年"),
        ('IF(A1>A2,"多","少")', "少"),
        ('IF(A3="","空","有")', "空"),
        ("COUNT(A1:A4)", Decimal("2")),
        ("A1+无名", None),
        ("别的表!A1", None),
    ],
)
def test_what_a_formula_gives(formula: str, result: Decimal | str | None) -> None:
    formulas = SheetFormulas({"B1": formula}, {"B1"}, {})
    sheet = Sheet("表", [[1.0, ""], [3.0, ""], ["", ""], ["2", ""], ["两", ""]], formulas=formulas)
    assert Results({"表": sheet}).of(CellRef("表", 1, 2)) == result


def test_a_long_chain_of_formulas_is_worked_out() -> None:
    """Each depends on the one before, ten times deeper than the stack of Python."""
    texts = {f"A{row}": f"A{row - 1}+A1" for row in range(2, 10_001)}
    sheet = Sheet(
        "表", [[1.0 if row == 1 else ""] for row in range(1, 10_001)], formulas=SheetFormulas(texts, set(texts), {})
    )
    assert Results({"表": sheet}).of(CellRef("表", 10_000, 1)) == 10_000


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("+".join(["IFERROR(不是数,1)"] * 10), Decimal(10)),
        ("很多_1", None),
        ("很深_1", None),
        (f"IFS({'0,1,' * 900}TRUE,7)", None),
        (f"IFS({'0,1,' * 9}TRUE,7)", Decimal(7)),
    ],
)
def test_names_and_conditions_within_each_other_end(formula: str, result: Decimal | None) -> None:
    """A few short names could stand for millions of others, or nest deeper than the stack of Python."""
    names = {("", "不是数"): '="甲"*1'}
    names |= {("", f"很多_{i}"): "+".join([f"很多_{i + 1}"] * 100) for i in range(1, 8)}
    names |= {("", f"很深_{i}"): "ABS(" * 60 + f"很深_{i + 1}" + ")" * 60 for i in range(1, 8)}
    names |= {("", "很多_8"): "1", ("", "很深_8"): "1"}
    sheet = Sheet("表", [["", ""]], formulas=SheetFormulas({"B1": formula}, {"B1"}, {}))
    assert Results({"表": sheet}, names).of(CellRef("表", 1, 2)) == result
