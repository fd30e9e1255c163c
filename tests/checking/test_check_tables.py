"""What an accountant reads of tables, rows and columns that are missing, unknown or there twice."""

from __future__ import annotations

from pathlib import Path

import xltool
from tests.budgets import PINGSHAN, QINGLONG, SAMPLES, opened, reread
from tests.edited_budgets import agreeing, findings, ours, pasted, told, where
from xltool.model import Severity, Verdict


def test_a_missing_table_is_told_by_its_title(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    del workbook["国有资本经营支出表"]
    (finding,) = findings(workbook, tmp_path)
    assert told(finding) == (
        "S01",
        "",
        Severity.ERROR,
        "工作簿里没有找到“部门预算国有资本经营预算财政拨款支出表”。",
    )


def test_a_row_with_an_unknown_code_is_told_with_its_amount(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["B10"] = "9999"
    (unknown,) = findings(workbook, tmp_path)
    assert told(unknown) == (
        "S03",
        "支出总表!D10",
        Severity.ERROR,
        "表“部门预算支出总表”第 10 行“9999”的编码不对（功能科目 3、5、7 位，以 2 开头），"
        "在检查合计时没有算在内；它的金额是 60.60。",
    )
    assert unknown.statement.found == "60.60"


def test_what_only_lacks_the_amount_of_an_unknown_row_waits_for_it(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["B10"] = "9999"
    (unknown,) = findings(workbook, tmp_path)
    assert unknown.rule == "S03"
    waiting = [f for f in xltool.check(reread(workbook, tmp_path)).findings if f.verdict is Verdict.UNDECIDED]
    assert {f.rule for f in waiting} >= {"X17", "X19.1", "A03"}
    assert {f.reason for f in waiting if f.rule in ("X17", "A03")} == {"支出总表第 10 行无法识别，要先改正"}


def test_another_mistake_beside_an_unknown_row_is_told_all_the_same(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    sheet = workbook["支出总表"]
    sheet["B10"] = "9999"
    sheet["D10"] = 66.6
    assert "X17" in {finding.rule for finding in findings(workbook, tmp_path)}


def test_an_unknown_row_is_no_reason_for_a_part_greater_than_a_whole_that_is_there(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["B10"] = "9999"
    workbook["一般公共预算支出表"]["E9"] = 60.5
    report = xltool.check(reread(workbook, tmp_path))
    own = [f for f in report.findings if f.rule == "X19.1" and f.key is not None and f.key.row == ("2014001",)]
    assert not [finding for finding in own if finding.verdict is Verdict.UNDECIDED]
    wrong = [f for f in report.findings if f.severity is Severity.ERROR and "60.50" in f.message]
    assert [where(finding) for finding in wrong] == ["一般公共预算支出表!E9"]


def test_a_code_that_is_there_twice_is_told_at_its_second_row(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["B10"] = "2014001"
    twice = findings(workbook, tmp_path)[0]
    assert told(twice)[:2] == ("S03", "支出总表!D10")
    assert "第 10 行“机关服务”不在模板里，或重复出现，在检查合计时没有算在内；它的金额是 60.60" in twice.message


def test_an_amount_without_a_name_is_told_at_its_cell() -> None:
    book = xltool.read(SAMPLES / PINGSHAN / "预算.xlsx")
    (nameless,) = [finding for finding in xltool.check(book).findings if finding.rule == "S03"]
    assert nameless.message.startswith(
        "表“政府预算拨款收支总表”第 10 行没有名称，在检查合计时没有算在内；它的金额是 1,877。"
    )


def test_a_nameless_row_that_prints_a_total_again_is_no_reason_for_one_that_is_doubled(tmp_path: Path) -> None:
    workbook = opened(SAMPLES / PINGSHAN / "预算.xlsx")
    workbook["表6政府预算拨款收支总表"]["B23"] = 3754
    doubled = [f for f in findings(workbook, tmp_path) if where(f) == "表6政府预算拨款收支总表!B23"]
    assert [f.rule for f in doubled] == ["A05"]


def test_an_unknown_row_that_formulas_count_is_told_so_and_no_formula_is_called_changed(tmp_path: Path) -> None:
    workbook = ours(tmp_path, PINGSHAN)
    workbook["表5项目支出总表"]["A11"] = None
    (nameless,) = findings(workbook, tmp_path)
    assert told(nameless)[:2] == ("S03", "表5项目支出总表!B11")
    assert "第 11 行没有名称，由公式计入了第 9 行“甲局”；它的金额是 1,012。\n提示：请核对" in nameless.message


def test_a_formula_that_refers_to_an_unknown_row_is_not_called_changed(tmp_path: Path) -> None:
    workbook = ours(tmp_path, PINGSHAN)
    for cell in ("B10", "B30"):  # there twice in each unit: D9 of 收支总表 takes the second, which is unknown now
        workbook["表3支出总表"][cell] = "2010302"
    assert not [f for f in findings(workbook, tmp_path) if f.rule == "F02" or "公式已被改动" in f.message]


def test_a_row_missing_in_one_table_is_told_with_what_belongs_in_it(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    sheet = workbook["支出总表"]
    sheet.delete_rows(9)
    (lacking,) = findings(workbook, tmp_path)
    assert lacking.message.splitlines()[0] == (
        "表“支出总表”像是漏了“2014001 行政运行”这一行：补上以后，5 处不符都对上。"
        "这一行应为：“合计” 70.67、“基本支出” 60.42、“经营支出” 10.25。"
    )


def test_a_deleted_column_is_one_error_and_the_rules_that_need_it(tmp_path: Path) -> None:
    """Sums that lack the column are not told line by line."""
    workbook = pasted(tmp_path, PINGSHAN)
    sheet = workbook["表3支出总表"]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.delete_cols(next(cell.column for row in sheet for cell in row if cell.value == "项目支出"))
    lost, *broken = findings(workbook, tmp_path)
    assert told(lost)[:1] + told(lost)[2:] == (
        "S05.1",
        Severity.ERROR,
        "表“支出总表”缺少“项目支出”栏。",
    )
    assert {finding.verdict for finding in broken} == {Verdict.BROKEN}
    assert [finding.rule for finding in broken] == ["X05.2", "X18", "X19.2", "X19.4"]
    assert broken[0].message == "规则无法执行：它要用到“支出总表”的“项目支出”栏，工作簿里没有这一栏。"


def test_an_unfinished_workbook_does_not_drown_its_user(tmp_path: Path) -> None:
    """Only 收入总表 is filled in: whatever needs another table waits."""
    facts = {key_: value for key_, value in agreeing(QINGLONG).items() if key_.table == "收入总表"}
    xltool.fill(QINGLONG, facts, tmp_path / "预算.xlsx", unit="某部门")
    report = xltool.check(xltool.read(tmp_path / "预算.xlsx"))
    loud = [f for f in report.findings if f.severity is not Severity.REMARK]
    # 收支总表 has what it links to 收入总表, but not the one sum that is typed in there, in one of three cells
    assert [(f.rule, where(f)) for f in loud] == [("X02.1", "收支总表!C6")]
    assert loud[0].message.startswith("可能是 C6 应为 130.90（现为空白，像是漏填了），或 C7 应为 130.90")
    waiting = [f for f in report.findings if f.verdict is Verdict.UNDECIDED]
    assert len(waiting) > 5
    assert all("尚未填写，暂不判断。" in f.message for f in waiting)


def test_a_blank_workbook_has_nothing_to_tell_but_its_empty_tables(tmp_path: Path) -> None:
    xltool.new(QINGLONG, tmp_path / "预算.xlsx")
    report = xltool.check(xltool.read(tmp_path / "预算.xlsx"))
    assert {f.rule for f in report.findings} <= {"A09"}
