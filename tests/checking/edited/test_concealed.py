"""What a workbook hides from whoever looks at it: each is told once, at its cell."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.workbook import Workbook

import xltool
from tests.budgets import key
from tests.edited_budgets import ours, pasted, told, where
from xltool.model import Finding, Severity

E9 = "“2014001 行政运行”基本支出（E9）"


def found(workbook: Workbook, folder: Path) -> list[Finding]:
    """All that is told of an edited workbook, remarks too."""
    workbook.save(folder / "改过的预算.xlsx")
    return list(xltool.check(xltool.read(folder / "改过的预算.xlsx")).findings)


def stored(workbook: Workbook, folder: Path, results: dict[str, float]) -> Path:
    """The workbook with results of formulas in 支出总表, as a program stores them that has calculated before."""
    path = folder / "存过的预算.xlsx"
    workbook.save(path)
    part = f"xl/worksheets/sheet{workbook.sheetnames.index('支出总表') + 1}.xml"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for cell, value in results.items():
        pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?/>'.encode()
        parts[part], count = re.subn(pattern, rf"\g<1><v>{value}</v>".encode(), parts[part])
        assert count == 1, cell
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


# ── numbers as text ────────────────────────────────────────────────────────────


def test_an_amount_stored_as_text_is_an_error_and_the_totals_are_what_excel_shows(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"] = "60.42"
    (finding,) = found(workbook, tmp_path)
    assert told(finding) == (
        "A12",
        "支出总表!E9",
        Severity.ERROR,
        f"{E9}的 60.42 是文本，Excel 求和时没有计入：E8 因此显示 60.60。",
    )
    facts = xltool.read(tmp_path / "改过的预算.xlsx").facts
    shown = {code: facts[key("支出总表", code, "基本支出")].value for code in ("2014001", "20140", "合计")}
    assert shown["20140"] == Decimal("60.60")
    assert facts[key("支出总表", "2014001", "合计")].value == Decimal("10.25")


@pytest.mark.parametrize("cells", [("G10",), ("G10", "H10", "I10", "G11", "H11", "I11")])
def test_zeros_stored_as_text_are_a_warning(cells: tuple[str, ...], tmp_path: Path) -> None:
    """They change no total."""
    workbook = pasted(tmp_path)
    for cell in cells:
        workbook["支出总表"][cell] = "0.00"
    (finding,) = found(workbook, tmp_path)
    assert (finding.rule, where(finding), finding.severity) == ("A12", "支出总表!G10", Severity.WARNING)


def test_arithmetic_counts_an_amount_stored_as_text(tmp_path: Path) -> None:
    """Excel makes a number of it where it is added with +."""
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"], workbook["支出总表"]["E8"] = "60.42", "=E9+E10"
    (finding,) = [one for one in found(workbook, tmp_path) if one.severity is Severity.ERROR]
    assert where(finding) == "支出总表!E9"
    facts = xltool.read(tmp_path / "改过的预算.xlsx").facts
    assert facts[key("支出总表", "20140", "基本支出")].value == Decimal("121.02")


@pytest.mark.parametrize(("make", "basis"), [(ours, "求和时没有计入：E8 因此显示 0.00"), (pasted, "求和时不会计入")])
def test_a_table_whose_amounts_are_all_texts_is_told_once_and_a_mistake_in_it_still(
    make: Callable[[Path], Workbook], basis: str, tmp_path: Path
) -> None:
    workbook = make(tmp_path)
    workbook["支出总表"]["E9"] = 70.42
    cells = [
        cell for row in workbook["支出总表"].iter_rows(6, 25, 4) for cell in row if isinstance(cell.value, int | float)
    ]
    for cell in cells:
        cell.value = f"{cell.value:,.2f}"
    wrong, texts = found(workbook, tmp_path)
    assert where(wrong) == "支出总表!E9" and "E9 应为 60.42，现为 70.42" in wrong.message
    assert f"等 {len(cells)} 格的数是文本，Excel {basis}" in texts.message


# ── hidden ─────────────────────────────────────────────────────────────────────


def low_row(workbook: Workbook) -> None:
    workbook["支出总表"].row_dimensions[9].height = 0.75


def narrow_column(workbook: Workbook) -> None:
    workbook["支出总表"].column_dimensions["E"].width = 0.1


def hidden_row(workbook: Workbook) -> None:
    workbook["支出总表"].row_dimensions[9].hidden = True


@pytest.mark.parametrize("hide", [low_row, narrow_column, hidden_row])
def test_amounts_in_lines_that_cannot_be_seen_are_a_warning(hide: Callable[[Workbook], None], tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    hide(workbook)
    (finding,) = found(workbook, tmp_path)
    assert (finding.rule, finding.severity) == ("S03.3", Severity.WARNING)
    assert "工作表“支出总表”有隐藏的数（" in finding.message


def test_a_sheet_that_no_menu_shows_again_is_called_so(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"].sheet_state = "veryHidden"
    (finding,) = found(workbook, tmp_path)
    assert finding.message.startswith("工作表“支出总表”已隐藏（深度隐藏，菜单里取消不了），里面的数（D6 等")


def test_a_hidden_sheet_beside_the_tables_is_told_and_what_comes_from_it_is_a_warning(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    aside = workbook.create_sheet("底稿")
    aside["B2"], aside.sheet_state = 60.42, "hidden"
    (finding,) = found(workbook, tmp_path)
    assert told(finding) == (
        "S03.4",
        "底稿!B2",
        Severity.REMARK,
        "工作表“底稿”已隐藏，里面有 1 个数，没有读。",
    )
    workbook["支出总表"]["E9"] = "=底稿!B2"
    (finding,) = found(workbook, tmp_path)
    assert told(finding)[2:] == (
        Severity.WARNING,
        "工作表“底稿”已隐藏，里面有 1 个数，没有读；支出总表!E9的金额取自它。",
    )


# ── calculated elsewhere, or not at all ────────────────────────────────────────


def test_an_amount_from_another_workbook_is_a_warning(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"] = "=[1]支出总表!E9"
    path = stored(workbook, tmp_path, {"E9": 60.42})
    (finding,) = xltool.check(xltool.read(path)).findings
    assert told(finding) == (
        "F04",
        "支出总表!E9",
        Severity.WARNING,
        f"{E9}的公式“=[1]支出总表!E9”取自别的工作簿。",
    )


@pytest.mark.parametrize("formula", ["=60+0.42", "=SUM(60,0.42)", "=ROUND(604.2/10,2)"])
def test_an_input_that_is_a_calculation_is_a_remark(formula: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"] = formula
    (finding,) = found(workbook, tmp_path)
    assert told(finding) == ("F05", "支出总表!E9", Severity.REMARK, f"{E9}是算式“{formula}”，得 60.42。")


def test_a_workbook_that_is_calculated_on_demand_is_a_warning(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook.calculation.calcMode = "manual"
    (finding,) = found(workbook, tmp_path)
    assert told(finding) == ("F06", "", Severity.WARNING, "工作簿设为手动计算，改了数合计不会跟着变。")
    path = stored(workbook, tmp_path, {"E8": 99.5, "D9": 70.67})
    (finding,) = xltool.check(xltool.read(path)).findings
    assert told(finding) == (
        "F06",
        "支出总表!E8",
        Severity.WARNING,
        "工作簿设为手动计算，改了数合计不会跟着变，支出总表!E8显示的还是旧的结果。",
    )


def test_totals_that_show_an_old_result_are_a_warning(tmp_path: Path) -> None:
    path = stored(ours(tmp_path), tmp_path, {"E8": 99.5, "E7": 99.5, "D9": 70.67, "D10": 0})
    (finding,) = xltool.check(xltool.read(path)).findings
    assert told(finding) == (
        "F07",
        "支出总表!E7",
        Severity.WARNING,
        "“201 一般公共服务支出”基本支出（E7）显示 99.5，按现在的数应是 121.02；同样的还有 1 格。",
    )


# ── number formats ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number_format", "shows"),
    [
        ("#,##0", "显示 60"),
        ("0.0", "显示 60.4"),
        ("0.00,", "按千缩小，显示 0.06"),
        ("0.000000,", "按千缩小，显示 0.060420"),
        (";;;", "显示空白"),
        ('"—"', "显示空白"),
        ("[红色]0;0.00", "显示 60"),
        ("0.00%", "显示 6,042.00%"),
    ],
)
def test_a_format_that_hides_digits_is_a_warning(number_format: str, shows: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"].number_format = number_format
    (finding,) = found(workbook, tmp_path)
    assert told(finding) == ("A12.3", "支出总表!E9", Severity.WARNING, f"{E9}是 60.42，单元格格式只{shows}。")


@pytest.mark.parametrize(
    "number_format",
    ["General", "0.00", "#,##0.00_ ", "0.0000", f"0.{'0' * 30}", f"0.{'0' * 3000}", "¥#,##0.00;[红色]-¥#,##0.00", "@"],
)
def test_a_format_that_shows_all_there_is_is_fine(number_format: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"].number_format = number_format
    assert found(workbook, tmp_path) == []


def test_an_amount_that_shows_as_nothing_is_a_warning(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["G9"] = 0.004
    workbook["支出总表"]["G9"].number_format = "0.00"
    finding = next(one for one in found(workbook, tmp_path) if one.rule == "A12.3")
    assert finding.message.splitlines()[0].endswith("（G9）是 0.004，单元格格式只显示 0.00。")


@pytest.mark.parametrize("colour", ["FFFFFFFF", Color(theme=0)], ids=["colour", "theme"])
def test_white_letters_on_white_ground_show_nothing(colour: str | Color, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"].font = Font(color=colour)
    (finding,) = found(workbook, tmp_path)
    assert told(finding) == ("A12.3", "支出总表!E9", Severity.WARNING, f"{E9}是 60.42，单元格格式只显示空白。")
    workbook["支出总表"]["E9"].fill = PatternFill("solid", fgColor="FF1F4E79")
    assert found(workbook, tmp_path) == []
