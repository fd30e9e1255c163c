"""`check --list`, `--accepted` and `--keep`: a warning that is right is explained once and then quiet."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests import edited_budgets
from tests.budgets import PINGSHAN, SAMPLES
from tests.cli.check.test_check import sign
from tests.cli.commands import run
from tests.explained import HEADING_ROW, TRAVEL, column, explained, grown, listed
from tests.saved_lists import FORMS, save_list
from xltool.excel.read.sheets.source import open_workbook

REASON = "因公出国任务增加，已批准"
EXPLAINED = f"{TRAVEL}!C7　Y05 “三公”经费总计一般不大于上年：{REASON}（王会计，"


def check(*words: object) -> tuple[int, str]:
    done = run(["check", *map(str, words)])
    return done.exit_code, done.stdout + done.stderr


def lines_of(target: Path) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(target).worksheets[0]
    headings = [str(cell.value) for cell in sheet[HEADING_ROW]]
    rows = sheet.iter_rows(HEADING_ROW + 1, values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


class TestList:
    def test_each_problem_is_a_line_that_leads_to_its_cell(self, tmp_path: Path) -> None:
        target = listed(grown(tmp_path))
        (line,) = lines_of(target)
        code = line.pop("核对码")
        assert isinstance(code, str) and len(code) == 25
        assert line == {
            "序号": 1,
            "表": TRAVEL,
            "单元格": "C7",
            "程度": "警告",
            "规则": "Y05 “三公”经费总计一般不大于上年",
            "问题": "“2023年”总计（C7） 6,066.00 不应大于 “2022年”总计（C6） 6,042.00，多 24.00。",
            "应为": "≤ 6,042.00",
            "现为": 6066,
            "说明": None,
            "说明人": None,
            "日期": None,
            "处理": "改正或说明",
        }
        sheet = openpyxl.load_workbook(target).worksheets[0]
        link = sheet.cell(HEADING_ROW + 1, column(sheet, "单元格")).hyperlink
        assert (link.target, link.location) == ("预算.xlsx", f"'{TRAVEL}'!C7")
        assert (sheet.auto_filter.ref, sheet.freeze_panes, sheet.print_title_rows) == ("A3:M4", "A4", "$3:$3")

    def test_errors_stand_before_warnings_and_every_file_has_its_name(self, tmp_path: Path) -> None:
        other = tmp_path / "另一份.xlsx"
        other.write_bytes((SAMPLES / PINGSHAN / "预算.xlsx").read_bytes())
        lines = lines_of(listed(grown(tmp_path), other))
        told = [(line["文件"], line["程度"]) for line in lines]
        assert list(dict.fromkeys(told)) == [("预算.xlsx", "警告"), ("另一份.xlsx", "错误"), ("另一份.xlsx", "警告")]
        assert [line["序号"] for line in lines] == [*range(1, len(lines) + 1)]

    def test_what_is_already_there_or_is_read_is_not_written_over(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        before = path.read_bytes()
        there = listed(path)
        assert check(path, "--dry-run", "--list", there)[0] == 2
        assert "是要读或要写的另一个文件" in check(path, "--dry-run", "--list", path, "--force")[1]
        assert (
            "是要读或要写的另一个文件" in check(path, "--dry-run", "--accepted", there, "--list", there, "--force")[1]
        )
        assert "是要读或要写的另一个文件" in check(path, "-o", tmp_path / "新.xlsx", "--list", tmp_path / "新.xlsx")[1]
        assert "或在 --list 后面写另一个位置。" in check(path, "--list", tmp_path / "没有" / "清单.xlsx")[1]
        assert "以 .xlsx 或 .csv 结尾" in check(path, "--dry-run", "--list", tmp_path / "清单.json")[1]
        assert path.read_bytes() == before


class TestAccepted:
    def test_an_explained_warning_is_quiet(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        code, told = check(path, "--accepted", explained(path))
        assert code == 0
        assert EXPLAINED in told
        assert "没有发现问题（已说明 1 处，不用改）。\n没有要标注的单元格" in told
        assert check(path)[0] == 1

    def test_other_figures_are_a_new_problem(self, tmp_path: Path) -> None:
        filled = explained(grown(tmp_path))
        code, told = check(grown(tmp_path, last_year=1900), "--accepted", filled, "--dry-run")
        assert code == 1
        assert f"以前说明过“{REASON}”，数已经变了，不再适用：请重新核对" in told

    def test_an_error_cannot_be_explained(self, tmp_path: Path) -> None:
        path = tmp_path / "预算.xlsx"
        path.write_bytes((SAMPLES / PINGSHAN / "预算.xlsx").read_bytes())
        code, told = check(path, "--accepted", explained(path), "--dry-run")
        assert code == 1
        assert f"给它写的说明“{REASON}”不算：错误要改正，不能用说明代替。" in told
        assert re.search("错误 1 处，已说明 [0-9]+ 处", told)

    def test_json_says_so(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        done = run(["check", str(path), "--dry-run", "--accepted", str(explained(path)), "--json", "-"])
        data = json.loads(done.stdout)
        (finding,) = data["findings"]
        assert (done.exit_code, data["summary"]["warning"], data["summary"]["accepted"]) == (0, 1, 1)
        assert (finding["severity"], finding["status"]) == ("warning", "accepted")
        assert finding["accepted"]["reason"] == REASON

    def test_the_list_written_anew_says_so_and_explains_again(self, tmp_path: Path) -> None:
        path, again = grown(tmp_path), tmp_path / "又一份.csv"
        check(path, "--dry-run", "--accepted", explained(path), "--list", again)
        assert f",≤ 6,042.00,6066.00,{REASON},王会计," in again.read_text("utf-8-sig").replace('"', "")
        assert check(path, "--dry-run", "--accepted", again)[0] == 0

    @pytest.mark.parametrize("form", FORMS)
    def test_a_list_is_read_however_it_was_saved(self, form: str, tmp_path: Path) -> None:
        path = grown(tmp_path)
        (line,) = lines_of(listed(path))
        rows = [["备注", "日期", "核对码", "单元格", "说明"], ["急", "2026年3月1日", str(line["核对码"]), "C7", REASON]]
        code, told = check(path, "--dry-run", "--accepted", save_list(tmp_path, rows, form, "清单"))
        assert code == 0
        assert f"{REASON}（2026年3月1日）" in told

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ([["问题", "说明"], ["甲", REASON]], "里没有“说明”和“核对码”两栏"),
            ([["核对码", "说明"], ["", REASON]], "第 3 行：没有核对码"),
            ([["核对码", "说明"], ["ABC", REASON]], "第 3 行：核对码“ABC”不完整"),
            ([["核对码", "说明"], ["ABCDEFGHIJKL-ABCDEFGHIJKL", "长" * 1001]], "第 3 行：文字太长，一格最多 1000 字"),
            (
                [["核对码", "说明"], *([["ABCDEFGHIJKL-ABCDEFGHIJKL", reason] for reason in "甲乙"])],
                "第 4 行：与前面的一行是同一个问题，说明却不同",
            ),
        ],
    )
    def test_what_is_wrong_with_a_list_is_said(self, rows: Sequence[Sequence[str]], told: str, tmp_path: Path) -> None:
        path = grown(tmp_path)
        code, said = check(path, "--accepted", save_list(tmp_path, rows, "CSV", "清单"))
        assert code == 2
        assert told in said


class TestKeep:
    def test_kept_reasons_hold_without_the_list(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        assert "工作簿的“审核说明”表里有 1 条说明。" in check(path, "--accepted", explained(path), "--keep")[1]
        code, told = check(path)
        assert code == 0
        assert EXPLAINED in told
        assert run(["clear", str(path)]).stdout == f"{path}：没有标注。\n"
        assert check(path)[0] == 0
        assert run(["clear", "--all", str(path)]).stdout == f"{path}：已去掉 “审核说明”表。\n"
        assert check(path)[0] == 1

    def test_the_sheet_is_no_table_and_nothing_hidden(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        check(path, "--accepted", explained(path), "--keep")
        assert "审核说明" not in run(["tables", str(path)]).stdout
        assert {finding.rule for finding in xltool.check(xltool.read(path)).findings} == {"Y05"}

    def test_a_reason_that_holds_no_more_is_kept_as_such(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        check(path, "--accepted", explained(path), "--keep")
        workbook = openpyxl.load_workbook(path)
        workbook[TRAVEL]["C6"], workbook[TRAVEL]["D6"] = 5942, 1900
        workbook[TRAVEL]["C8"], workbook[TRAVEL]["D8"] = 124, 124
        workbook.save(path)
        code, told = check(path, "--keep")
        assert code == 1
        assert "有 0 条说明，另有 1 条不再适用" in told
        sheet = openpyxl.load_workbook(path)["审核说明"]
        assert [cell.value for cell in sheet[5]][4:8:3] == [REASON, "数已变，不再适用"]

    def test_rows_that_moved_keep_their_reason(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        filled = explained(path)
        workbook = openpyxl.load_workbook(path)
        sheet = workbook[TRAVEL]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(2, 3)
        workbook.save(path)
        code, told = check(path, "--accepted", filled, "--dry-run")
        assert code == 0
        assert f"{TRAVEL}!C10　Y05" in told

    def test_a_copied_reason_explains_nothing_in_another_unit(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        filled = explained(path)
        workbook = openpyxl.load_workbook(path)
        for sheet in workbook:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace("某部门", "另一部门")
        workbook.save(path)
        assert check(path, "--accepted", filled, "--dry-run")[0] == 1

    def test_a_signed_workbook_is_refused(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        filled = explained(path)
        sign(path)
        before = path.read_bytes()
        code, told = check(path, "--accepted", filled, "--keep")
        assert code == 2
        assert "数字签名" in told
        assert path.read_bytes() == before

    def test_it_goes_into_a_copy_but_not_into_nothing(self, tmp_path: Path) -> None:
        path = grown(tmp_path)
        before, copy = path.read_bytes(), tmp_path / "副本.xlsx"
        check(path, "--accepted", explained(path), "--keep", "-o", copy)
        assert path.read_bytes() == before
        assert check(copy, "--dry-run")[0] == 0
        assert "不能和 --dry-run 一起写" in check(path, "--keep", "--dry-run")[1]

    def test_an_agreeing_budget_has_nothing_to_keep(self, tmp_path: Path) -> None:
        path = tmp_path / "无误.xlsx"
        edited_budgets.pasted(tmp_path, PINGSHAN).save(path)
        assert "没有说明要存进工作簿。" in check(path, "--keep")[1]


def test_a_merge_counts_the_explained_warnings_of_a_unit_and_takes_the_reasons_along(tmp_path: Path) -> None:
    path, target = grown(tmp_path), tmp_path / "汇总.xlsx"
    check(path, "--accepted", explained(path), "--keep")
    done = run(["merge", str(path), "-o", str(target), "--name", "某部门", "--json", "-"])
    (unit,) = json.loads(done.stdout)["units"]
    assert (unit["errors"], unit["warnings"], unit["accepted"]) == (0, 0, 1)
    rows = [*openpyxl.load_workbook(target)["报送情况"].iter_rows(min_row=5, max_row=6, values_only=True)]
    counts = dict(zip(*rows, strict=True))
    assert [counts[heading] for heading in ("错误", "警告", "已说明")] == [0, 0, 1]
    (reason,) = open_workbook(target).accepted.reasons
    assert (reason.place, reason.reason) == (f"某部门：{TRAVEL}：“2023年”总计", REASON)
    code, told = check(target, "--dry-run")
    assert code == 0
    assert EXPLAINED in told
    assert run(["clear", "--all", str(target)]).stdout == f"{target}：已去掉 “审核说明”表。\n"
    assert check(target, "--dry-run")[0] == 1
    workbook = openpyxl.load_workbook(target)
    linked = {
        cell.hyperlink.location.rpartition("!")[0].strip("'")
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None and cell.hyperlink.location is not None and cell.hyperlink.target is None
    }
    assert "报送情况" in linked
    assert linked <= {*workbook.sheetnames}  # none leads to the sheet that is gone
