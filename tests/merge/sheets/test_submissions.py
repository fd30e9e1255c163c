"""报送情况: every unit of the roster, what is to be done first, totals and a chart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import QINGLONG
from tests.merge.sheets.consolidations import UNITS, consolidation, of_budget, sent, write_consolidation
from xltool.merge.consolidation import Consolidation, Sent, State, UnitLine
from xltool.merge.roster.roster import RosterUnit
from xltool.merge.sheets.submissions import HEADING_ROW
from xltool.source.our_sheets import SUBMISSIONS


def sheet_of(merged: Consolidation, folder: Path, values: bool = False) -> Worksheet:
    write_consolidation(merged, folder / "汇总.xlsx")
    return openpyxl.load_workbook(folder / "汇总.xlsx", data_only=values)[SUBMISSIONS]


def lines_of(sheet: Worksheet) -> list[dict[str, object]]:
    headings = [str(one.value) for one in sheet[HEADING_ROW]]
    rows = sheet.iter_rows(HEADING_ROW + 1, values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.fixture
def merged(tmp_path: Path) -> Consolidation:
    return of_budget(QINGLONG, tmp_path)


def test_what_needs_action_is_on_top_and_coloured(merged: Consolidation, tmp_path: Path) -> None:
    faulty = Sent(str(tmp_path / "坏.xlsx"), errors=2)
    more = [
        UnitLine(RosterUnit("", "坏文件"), State.NOT_LISTED, faulty, "不在名册里。"),
        UnitLine(RosterUnit("", "去年的汇总"), State.EARLIER, Sent(str(tmp_path / "旧.xlsx"))),
    ]
    sheet = sheet_of(replace(merged, lines=(*merged.lines, *more)), tmp_path)
    lines = lines_of(sheet)
    assert [(line["单位名称"], line["状态"]) for line in lines[:6]] == [
        ("后勤中心", "未报送"),
        ("坏文件", "名册外，未汇总"),
        *((unit, "已汇总") for unit in UNITS),
        ("去年的汇总", "以前的汇总，未汇总"),
    ]
    colours = [sheet.cell(HEADING_ROW + i, 3).fill.fgColor.rgb for i in range(1, 5)]
    assert colours == ["FFFFC7CE", "FFFFEB9C", "00000000", "00000000"]


def test_a_unit_has_its_file_with_time_and_digest(merged: Consolidation, tmp_path: Path) -> None:
    sheet = sheet_of(merged, tmp_path)
    line = lines_of(sheet)[1]
    sent = merged.lines[0].sent
    assert sent is not None
    assert (line["文件"], line["文件时间"], line["SHA-256"]) == ("单位/局机关.xlsx", "2024-01-31 09:30", sent.sha256)
    assert sheet.cell(HEADING_ROW + 2, 7).hyperlink.target == "单位\\局机关.xlsx"


def test_totals_are_formulas_over_all_lines_and_over_those_added_up(merged: Consolidation, tmp_path: Path) -> None:
    first = merged.lines[0]
    out = first._replace(state=State.EXCLUDED, unit=first.unit._replace(name="剔除的"))
    whole = replace(merged, lines=(*merged.lines, out))
    shown = lines_of(sheet_of(whole, tmp_path, values=True))
    totals = {line["单位名称"]: (line["收入总计"], line["支出总计"], line["警告"]) for line in shown}
    assert totals["合计"] == pytest.approx((4.0003, 4.0003, 4))
    assert totals["其中：已汇总"] == pytest.approx((3.0003, 3.0003, 3))
    formulas = {line["单位名称"]: line["支出总计"] for line in lines_of(sheet_of(whole, tmp_path))}
    assert formulas["合计"] == "=SUM(J6:J10)"
    assert formulas["其中：已汇总"] == '=SUMIFS(J6:J10,F6:F10,"已汇总")'


def test_the_chart_shows_the_largest_first(merged: Consolidation, tmp_path: Path) -> None:
    sheet = sheet_of(merged, tmp_path, values=True)
    start = next(row for row in range(1, sheet.max_row + 1) if "从大到小" in str(sheet.cell(row, 3).value))
    shown = [(sheet.cell(row, 3).value, sheet.cell(row, 4).value) for row in range(start + 1, start + 4)]
    assert shown == [(UNITS[2], 1.0002), (UNITS[1], 1.0001), (UNITS[0], 1)]
    (chart,) = sheet._charts
    assert chart.series[0].val.numRef.f == f"{SUBMISSIONS}!$D${start + 1}:$D${start + 3}"


def test_there_is_no_chart_of_one_unit(tmp_path: Path) -> None:
    files = sent(QINGLONG, tmp_path, UNITS[:1])
    assert not sheet_of(consolidation(xltool.read(files[0]), files), tmp_path)._charts


def test_the_contents_list_the_sheets_beside_the_tables(merged: Consolidation, tmp_path: Path) -> None:
    write_consolidation(merged, tmp_path / "汇总.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["目录"]
    listed = {row[2].value: row[2].hyperlink.location for row in sheet.iter_rows() if row[0].value == "附"}
    assert listed == {"报送情况": "'报送情况'!A1", "汇总底稿": "'汇总底稿'!A1"}
