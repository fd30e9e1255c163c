"""A08: what is told of 科目 that are not as in the catalogue of the workbook's year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import PINGSHAN, QINGLONG, foreign, key, reread, template
from xltool.catalogue import by_year
from xltool.catalogue.own_codes import OwnCode, codes_csv
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.model import FactKey, Finding, Severity, Value

NAME = {"支出总表": "功能分类科目/科目名称", "一般公共预算基本支出表": "支出部门经济分类科目/科目名称"}
"""Where the tables of Qinglong print the names of the codes."""


def spent(*codes: str) -> dict[FactKey, Value]:
    """One sum spent for each function, in two tables."""
    return {key(table, code, "项目支出"): Decimal(5) for table in ("支出总表", "一般公共预算支出表") for code in codes}


def named(table: str, code: str, name: str) -> dict[FactKey, Value]:
    return {key(table, code, NAME[table]): name}


def told(facts: dict[FactKey, Value], year: int = 2024) -> list[Finding]:
    """What A08 tells of a budget of these facts."""
    filled = fill(template(QINGLONG), facts, "某局", year, "万元")
    return about_codes(check(Book(filled.layout, dict(filled.values), live=filled.live)).findings)


def about_codes(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == "A08"]


def first_lines(findings: Iterable[Finding]) -> list[tuple[Severity, str]]:
    return [(finding.severity, finding.message.splitlines()[0]) for finding in findings]


def where_loud(book: Book) -> Counter[tuple[str, str, str]]:
    """The errors and warnings by rule and cell."""
    loud = [f for f in xltool.check(book).findings if f.severity is not Severity.REMARK]
    return Counter((f.rule, f.cell.sheet, f.cell.a1) for f in loud if f.cell is not None)


class TestUnknownCodes:
    def test_it_is_a_remark_told_once_with_its_other_cells(self) -> None:
        (finding,) = told(spent("2014099", "2014088"))
        assert finding.severity is Severity.REMARK
        assert finding.message.splitlines()[:2] == [
            "目录里没有功能科目“2014088”（还有 1 处，如 一般公共预算支出表!B9），请核对。",
            "如确有此科目，可用 xltool codes import 加入。",
        ]
        assert finding.key is not None and finding.key.row == ("2014088",)
        assert finding.cell is not None and (finding.cell.sheet, finding.cell.a1) == ("支出总表", "B9")
        assert [(one.cell.sheet, one.cell.a1, one.value) for one in finding.places] == [
            ("一般公共预算支出表", "B9", "2014088")
        ]

    def test_its_printed_name_is_told(self) -> None:
        (finding,) = told(spent("2014088") | named("支出总表", "2014088", "信访救助"))
        assert "功能科目“2014088 信访救助”" in finding.message

    def test_each_code_and_each_row_above_it_that_nobody_knows_is_told(self) -> None:
        unknown = [finding.key.row[-1] for finding in told(spent("2199901", "2014001")) if finding.key]
        assert unknown == ["21999", "2199901"]

    def test_it_leaves_the_report_clean(self) -> None:
        filled = fill(template(QINGLONG), spent("2014088"), "某局", 2024, "万元")
        findings = check(Book(filled.layout, dict(filled.values), live=filled.live)).findings
        assert all(finding.severity is Severity.REMARK for finding in findings if finding.rule == "A08")

    def test_a_code_of_ones_own_list_is_known(self, own_data: Path) -> None:
        own_data.mkdir(parents=True)
        (own_data / "codes.csv").write_bytes(codes_csv([OwnCode("2014088", 0, "信访救助")]))
        by_year.forget()
        assert told(spent("2014088")) == []


class TestCodesOfOtherYears:
    def test_a_code_that_has_ended_names_the_row_to_use(self) -> None:
        (finding,) = told(spent("2010308"))
        assert first_lines([finding]) == [
            (
                Severity.ERROR,
                "2010308 自 2024 年起改为 20140 信访事务。本工作簿是 2024 年度，用了 2010308"
                "（还有 1 处，如 一般公共预算支出表!B9）。请改列到“20140 信访事务”行（在 201 一般公共服务支出 下面），"
                "它的下级有 2014001 行政运行、2014002 一般行政管理事务、2014003 机关服务、2014004 信访业务、"
                "2014099 其他信访事务支出。",
            )
        ]
        assert finding.cell is not None and (finding.cell.sheet, finding.cell.a1) == ("支出总表", "B9")

    def test_a_code_before_its_time_is_told_once_for_all_codes_below_it(self) -> None:
        (finding,) = told(spent("2014001", "2014004"), year=2023)
        assert first_lines([finding]) == [
            (
                Severity.ERROR,
                "2010308 自 2024 年起改为 20140 信访事务。本工作簿是 2023 年度，用了 20140、2014001、2014004"
                "（还有 5 处，如 一般公共预算支出表!B8）。"
                "请改列到“2010308 信访事务”行（在 20103 政府办公厅（室）及相关机构事务 下面）。",
            )
        ]

    def test_a_code_nobody_knows_below_one_before_its_time_belongs_to_the_same(self) -> None:
        (finding,) = told(spent("2014088"), year=2023)
        assert "用了 20140、2014088" in finding.message

    @pytest.mark.parametrize(
        ("code", "year"), [("2010308", 2020), ("2010308", 2023), ("2014004", 2024), ("2014004", 2026)]
    )
    def test_a_code_in_its_time_is_right(self, code: str, year: int) -> None:
        assert told(spent(code), year) == []

    def test_ones_own_list_may_know_better(self, own_data: Path) -> None:
        own_data.mkdir(parents=True)
        (own_data / "codes.csv").write_bytes(codes_csv([OwnCode("2010308", 2024, "信访事务")]))
        by_year.forget()
        assert told(spent("2010308")) == []


class TestNames:
    def test_a_name_that_is_not_the_codes_is_a_warning_with_both(self) -> None:
        (finding,) = told(spent("2101101") | named("支出总表", "2101101", "行政医疗"))
        assert first_lines([finding]) == [
            (Severity.WARNING, "2101101 印作“行政医疗”，目录里是“行政单位医疗”。请看是编码还是名称写错了。")
        ]

    def test_the_name_of_another_code_says_which(self) -> None:
        (finding,) = told(spent("2014003", "2014004") | named("支出总表", "2014003", "信访业务"))
        assert "“信访业务”的编码是 2014004，请看是编码还是名称写错了。" in finding.message

    @pytest.mark.parametrize("name", ["维修(护)费", "维修（护） 费", "13、维修（护）费", "30213维修（护）费"])
    def test_the_same_name_typed_otherwise_is_right(self, name: str) -> None:
        assert told(named("一般公共预算基本支出表", "30213", name)) == []

    def test_a_name_that_was_not_verified_accuses_nobody(self) -> None:
        assert told(named("一般公共预算基本支出表", "30301", "离休人员经费")) == []

    @pytest.mark.parametrize(("year", "count"), [(2019, 0), (2020, 1), (2026, 1)])
    def test_a_name_first_seen_in_a_later_year_accuses_nobody(self, year: int, count: int) -> None:
        """20805 had another name in earlier budgets; what is attested since 2020 says nothing of 2019."""
        names = named("支出总表", "208", "社会保障和就业支出") | named("支出总表", "20805", "行政事业单位离退休")
        assert len(told(spent("2080505") | names, year)) == count

    def test_wrong_names_of_a_code_in_several_tables_are_told_once(self) -> None:
        wrong: dict[FactKey, Value] = {
            key(table, "2101101", NAME["支出总表"]): "行政医疗" for table in ("支出总表", "一般公共预算支出表")
        }
        (finding,) = told(spent("2101101") | wrong)
        assert "印作“行政医疗”（还有 1 处，如 一般公共预算支出表!C9）" in finding.message
        assert [one.value for one in finding.places] == ["行政医疗"]


class TestInWorkbooks:
    def test_a_row_above_which_its_children_stand_is_a_warning(self, tmp_path: Path) -> None:
        workbook = foreign(QINGLONG, tmp_path)
        for name in ("支出总表", "一般公共预算支出表"):
            swap_rows(workbook[name], "20140", "2014004")
        findings = about_codes(xltool.check(reread(workbook, tmp_path)).findings)
        assert first_lines(findings) == [
            (
                Severity.WARNING,
                "上级科目“20140 信访事务”排在下级 2014004、2014001、2014003 的下面"
                "（还有 1 处，如 一般公共预算支出表!B11），应排在它们的上面。",
            )
        ]

    def test_what_follows_from_a_code_of_another_year_is_not_told_again(self, tmp_path: Path) -> None:
        """Neither that the 科目 below it lack their parent, nor that other tables have its row under another code."""
        workbook = foreign(QINGLONG, tmp_path)
        before = where_loud(reread(workbook, tmp_path))
        workbook["收入总表"]["B8"] = "2010308"
        assert where_loud(reread(workbook, tmp_path)) - before == {("A08", "收入总表", "B8"): 1}

    def test_another_parent_that_lacks_is_told_all_the_same(self, tmp_path: Path) -> None:
        workbook = foreign(QINGLONG, tmp_path)
        before = where_loud(reread(workbook, tmp_path))
        workbook["收入总表"]["B8"] = "2010308"
        workbook["收入总表"].delete_rows(13)  # 20805
        found = where_loud(reread(workbook, tmp_path)) - before
        assert found == {("A08", "收入总表", "B8"): 1, ("S11", "收入总表", "D6"): 1}

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [
            (2010302, "是数字而不是文本"),
            ("2010302 ", "带有空格或全角数字"),
            ("　2010302", "带有空格或全角数字"),
            ("２０１０３０２", "带有空格或全角数字"),
            ("2010302\u200b", "里有看不见的字符"),
            ("\ufeff201\u00ad0302", "里有看不见的字符"),
        ],
    )
    def test_a_code_that_excels_totals_pass_over_is_told(self, typed: object, fault: str, tmp_path: Path) -> None:
        xltool.fill(PINGSHAN, {key("支出总表", "甲局/2010302", "项目支出"): Decimal(5)}, tmp_path / "甲.xlsx")
        workbook = openpyxl.load_workbook(tmp_path / "甲.xlsx")
        cell = next(cell for cell in workbook["表3支出总表"]["B"] if cell.value == "2010302")
        cell.value = typed
        (finding,) = [f for f in xltool.check(reread(workbook, tmp_path)).findings if f.rule == "A08.1"]
        assert f"编码 2010302 {fault}，合计公式数不到它。" in finding.message

    @pytest.mark.parametrize("code", ["201030", "20103021", "3010302"])
    def test_a_code_of_no_length_or_of_another_classification_is_told(self, code: str, tmp_path: Path) -> None:
        xltool.fill(PINGSHAN, {key("支出总表", "甲局/2010302", "项目支出"): Decimal(5)}, tmp_path / "甲.xlsx")
        workbook = openpyxl.load_workbook(tmp_path / "甲.xlsx")
        cell = next(cell for cell in workbook["表3支出总表"]["B"] if cell.value == "2010302")
        cell.value = code
        (finding,) = [f for f in xltool.check(reread(workbook, tmp_path)).findings if f.rule == "S03"]
        where = f"表“支出总表”第 {cell.row} 行“{code}”"
        said = f"{where}的编码不对（功能科目 3、5、7 位，以 2 开头），在检查合计时没有算在内；它的金额是 5。"
        assert finding.message.startswith(said)

    def test_a_name_typed_over_in_our_own_workbook_is_told_in_its_cell(self, tmp_path: Path) -> None:
        xltool.fill(PINGSHAN, {key("支出总表", "甲局/2010302", "项目支出"): Decimal(5)}, tmp_path / "甲.xlsx")
        workbook = openpyxl.load_workbook(tmp_path / "甲.xlsx")
        sheet = workbook["表3支出总表"]
        row = next(cell.row for cell in sheet["B"] if cell.value == "2010302")
        sheet.cell(row, 3).value = "一般行政管理"
        (finding,) = about_codes(xltool.check(reread(workbook, tmp_path)).findings)
        assert finding.message.startswith("2010302 印作“一般行政管理”，目录里是“一般行政管理事务”。")
        assert finding.cell is not None and (finding.cell.a1, finding.cell.sheet) == (f"C{row}", "表3支出总表")

    def test_where_only_names_are_printed_the_year_decides_which_code_they_mean(self, tmp_path: Path) -> None:
        """In 2024 信访事务 after 2010301 is not 2010308 any more, but 20140."""
        facts: dict[FactKey, Value] = {
            key("收支总表", code, "支出/预算数"): Decimal(5)
            for code in ("201", "20103", "2010301", "20140", "2014001", "2014004")
        }
        xltool.fill(PINGSHAN, facts, tmp_path / "甲.xlsx", year=2024)
        workbook = openpyxl.load_workbook(tmp_path / "甲.xlsx", data_only=True)
        sheet = workbook["表1收支总表"]
        column = next(cell.column for row in sheet for cell in row if cell.value == "科目编码")
        for row in sheet:
            row[column - 1].value = None
        book = reread(workbook, tmp_path)
        rows = [row.path for row in book.layout.tables["收支总表"].blocks[1].rows if row.path[0].startswith("2")]
        assert rows == [("201",), ("20103",), ("2010301",), ("20140",), ("2014001",), ("2014004",)]
        assert about_codes(check(book).findings) == []


def swap_rows(sheet: openpyxl.worksheet.worksheet.Worksheet, one: str, other: str) -> None:
    """Exchange all that two rows of codes hold."""
    first, second = (next(row for row in sheet if row[1].value == code) for code in (one, other))
    for left, right in zip(first, second, strict=True):
        left.value, right.value = right.value, left.value
