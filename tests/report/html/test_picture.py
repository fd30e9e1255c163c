"""The picture of a place: which piece of the sheet is shown, and which part each cell has."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests import edited_budgets
from tests.budgets import QINGLONG, SAMPLES, SELFEVAL
from xltool.model import CellRef, Culprit, Explanation
from xltool.report.html.picture import Cell, Part, Picture, picture_of

_SAMPLE = SAMPLES / QINGLONG / "预算.xlsx"


def drawings(path: Path) -> dict[tuple[str, str], str]:
    """The pictures of a workbook by the rule and the cell of the finding."""
    book = xltool.read(path)
    findings = xltool.check(book).findings
    return {(one.rule, one.cell.in_book): drawn(picture_of(one, book)) for one in findings if one.cell is not None}


def drawn(picture: Picture) -> str:
    """A picture as text: cells that the finding speaks of with their part."""
    lines = [f"{picture.sheet}（{picture.unit}）", " ".join(letter or "…" for letter in picture.letters)]
    for line in picture.headings:
        lines.append(" | ".join(f"{one.text}{f'×{one.columns}' if one.columns > 1 else ''}" for one in line))
    for row in picture.rows:
        lines.append(f"{row.number} {row.name}: " + " | ".join(map(_cell, row.cells)))
    for other in picture.others:
        proposed = f" → {other.proposed}" if other.proposed else ""
        lines.append(f"{other.place} {other.line} {other.text}{proposed} [{other.part.value}]")
    return "\n".join(lines)


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "…"
    proposed = f" → {cell.proposed}" if cell.proposed else ""
    return f"{cell.text}{proposed}{f' [{cell.part.value}]' if cell.part is not Part.BESIDE else ''}"


def test_a_blank_total_stands_above_its_parts_with_what_it_should_be() -> None:
    assert drawings(_SAMPLE)["A07", "三公经费支出表!D6"] == (
        "三公经费支出表（万元）\n"
        "C D E F\n"
        "资金性质×4\n"
        "合计 | 一般公共预算财政拨款 | 政府性基金预算拨款 | 国有资本经营预算财政拨款\n"
        "6 “三公”经费小计:  | 空白 → 2.40 [有问题] |  | \n"
        "10 二、公务用车购置及运维费:  | 空白 [对照] |  | \n"
        "13 三、公务接待费: 0.80 | 0.80 [对照] |  | "
    )


def test_cells_of_other_tables_are_named_with_what_stands_there() -> None:
    assert drawings(_SAMPLE)["X16.4", "一般公共预算支出表!E19"] == (
        "一般公共预算支出表（万元）\n"
        "D E F\n"
        "合计 | 基本支出 | 项目支出\n"
        "19 21011 行政事业单位医疗: 8.93 | 8.93 [有问题] | \n"
        "一般公共预算基本支出表!D13 “30110 职工基本医疗保险缴费”合计 8.63 [对照]\n"
        "一般公共预算基本支出表!E13 “30110 职工基本医疗保险缴费”人员经费 8.63 [请一并核对]"
    )


def test_where_one_cell_is_wrong_for_certain_no_other_is_suspected(tmp_path: Path) -> None:
    workbook = edited_budgets.ours(tmp_path)
    workbook["支出总表"]["E9"] = 5
    workbook.save(tmp_path / "改过.xlsx")
    told = {cell: drawing for (_, cell), drawing in drawings(tmp_path / "改过.xlsx").items()}["支出总表!E9"]
    assert "9 2014001 行政运行: 15.25 [对照] | 5.00 → 60.42 [有问题] |  | 10.25 |  | \n" in told
    assert "收入总表!D9 “2014001 行政运行”合计 70.67 [对照]" in told
    assert "请一并核对" not in told


def test_of_several_cells_of_which_one_is_wrong_each_has_what_it_would_be() -> None:
    unit = next((SAMPLES / "merge" / QINGLONG / "单位").glob("101003-*.xlsx"))
    assert drawings(unit)["A03", "一般公共预算基本支出表!F15"] == (
        "一般公共预算基本支出表（元）\n"
        "D E F\n"
        "一般公共预算基本支出×3\n"
        "合计 | 人员经费 | 公用经费\n"
        "13 302 商品和服务支出: 85,000.00 [也不符] |  | 85,000.00 [对照]\n"
        "14 30201 办公费: 55,000.00 [也不符] |  | 55,000.00 → 85,000.00 [可能有错]\n"
        "15 30213 维修（护）费: 0.00 [也不符] |  | 0.00 → 30,000.00 [有问题]"
    )


def test_a_name_that_is_wrong_is_shown_as_it_stands_there() -> None:
    drawing = drawings(SAMPLES / "pingshan-2023" / "预算.xlsx")["U04", "表2收入总表!A9"]
    assert "\n9 深圳市坪山区信访局: 深圳市坪山区信访局 [有问题] | 1,877 | " in drawing


@pytest.mark.parametrize("name", [QINGLONG, SELFEVAL])
def test_every_picture_is_small_and_has_the_cell_of_its_finding_once(name: str) -> None:
    (workbook,) = (SAMPLES / name).glob("*.xlsx")
    book = xltool.read(workbook)
    for finding in xltool.check(book).findings:
        picture = picture_of(finding, book)
        cells = [cell for row in picture.rows for cell in row.cells if cell is not None]
        is_in_table = finding.cell is not None and book.layout.place_at(finding.cell) is not None
        accused = [cell for cell in cells if finding.cell and cell.address == finding.cell.a1]
        assert [cell.part for cell in accused] == [Part.ACCUSED] * is_in_table
        assert len(picture.rows) <= 8
        assert all(len(row.cells) == len(picture.letters) <= 7 + 2 for row in picture.rows)


def test_of_a_whole_column_that_is_wrong_the_first_cells_are_shown_and_the_rest_counted() -> None:
    book = xltool.read(_SAMPLE)
    found = xltool.check(book).findings[0]
    cells = [CellRef("支出总表", row, column) for row in range(6, 26) for column in range(4, 8)]
    wrong = Explanation(tuple(Culprit(cell, None, Decimal(1), Decimal(2)) for cell in cells))
    picture = picture_of(found._replace(cell=cells[0], explanations=(wrong,), places=()), book)
    shown = [cell for row in picture.rows for cell in row.cells if cell and cell.part is Part.ACCUSED]
    assert (len(picture.rows), len(shown), len(picture.others)) == (8, 32, 12)
    assert len(shown) + len(picture.others) + picture.left_out == len(cells)
