"""The command line: what `xltool new` writes, says and returns."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests import ROOT
from tests.cli.commands import run

TEMPLATE = "qinglong-2024"
FACTS = ROOT / "samples" / TEMPLATE / "facts.csv"


class TestNew:
    def test_blank_workbook(self, tmp_path: Path) -> None:
        target = tmp_path / "空白 预算.xlsx"
        done = run(["new", TEMPLATE, "-o", str(target), "--unit", "某某局", "--year", "2025", "--amount-unit", "元"])
        assert done.exit_code == 0
        outline = xltool.read(target).outline
        assert (outline.department, outline.year, outline.amount_unit) == ("某某局", 2025, "元")
        assert str(target) in done.stdout

    def test_subjects_from_codes(self, tmp_path: Path) -> None:
        target = tmp_path / "a.xlsx"
        assert run(["new", TEMPLATE, "-o", str(target), "--subjects", "2050101，30101"]).exit_code == 0
        codes = [row.code for row in xltool.read(target).layout.tables["支出总表"].blocks[0].rows[1:]]
        assert codes == ["205", "20501", "2050101"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_subjects_from_a_file(self, encoding: str, tmp_path: Path) -> None:
        codes, target = tmp_path / "科目.txt", tmp_path / "a.xlsx"
        codes.write_text("2050101\n2050102\n", encoding=encoding)
        assert run(["new", TEMPLATE, "-o", str(target), "--subjects", str(codes)]).exit_code == 0
        assert len(xltool.read(target).layout.tables["支出总表"].blocks[0].rows) == 5

    def test_subjects_that_are_none(self, tmp_path: Path) -> None:
        done = run(["new", TEMPLATE, "-o", str(tmp_path / "a.xlsx"), "--subjects", "999"])
        assert done.exit_code == 2
        assert "这些不是科目编码" in done.stderr
        assert not (tmp_path / "a.xlsx").exists()

    def test_projects_have_their_rows_and_their_sheets(self, tmp_path: Path) -> None:
        target = tmp_path / "a.xlsx"
        assert run(["new", "shenzhen-2020", "-o", str(target), "--projects", "信访维稳，社工、律师服务"]).exit_code == 0
        layout = xltool.read(target).layout
        forms = {table.above: table.sheet for table in layout.tables.values() if table.above}
        assert forms == {("信访维稳",): "表15-1", ("社工、律师服务",): "表15-2"}
        for table in ("项目支出预算表", "绩效管理项目情况表", "整体支出绩效目标表"):
            rows = [row for block in layout.blocks_of(table) for row in block.rows if row.pattern[-1] == "project"]
            assert [row.label for row in rows] == ["信访维稳", "社工、律师服务"]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_projects_from_a_file(self, encoding: str, tmp_path: Path) -> None:
        names, target = tmp_path / "项目.txt", tmp_path / "a.xlsx"
        names.write_text("信访维稳\n\n社工服务, 律师服务\n", encoding=encoding)
        assert run(["new", "shenzhen-2020", "-o", str(target), "--projects", str(names)]).exit_code == 0
        forms = [table.above for table in xltool.read(target).layout.tables.values() if table.above]
        assert forms == [("信访维稳",), ("社工服务, 律师服务",)]

    def test_lists_longer_than_a_file_name(self, tmp_path: Path) -> None:
        target, names = tmp_path / "a.xlsx", [f"第 {number} 个项目" for number in range(40)]
        codes = [f"20140{number:02}" for number in range(10, 60)]
        lists = ["--projects", ",".join(names), "--subjects", ",".join(codes)]
        assert run(["new", "pingshan-2023", "-o", str(target), *lists]).exit_code == 0
        found = {row.path[-1] for block in xltool.read(target).layout.blocks for row in block.rows}
        assert {*names, *codes} <= found

    @pytest.mark.parametrize("option", ["--projects", "--subjects"])
    def test_a_list_that_is_not_there(self, option: str, tmp_path: Path) -> None:
        target, missing = tmp_path / "a.xlsx", tmp_path / "没有.txt"
        done = run(["new", "pingshan-2023", "-o", str(target), option, str(missing)])
        assert done.exit_code == 2
        assert done.stderr == f"找不到文件“{missing}”：请检查文件名和路径。\n"
        assert not target.exists()

    def test_projects_that_are_named_twice(self, tmp_path: Path) -> None:
        arguments = ["new", "shenzhen-2020", "-o", str(tmp_path / "a.xlsx"), "--projects", "接访,维稳,接 访"]
        done = run(arguments)
        assert done.exit_code == 2
        assert done.stderr == "这些项目写了不止一次，请改成不同的名称：\n  接访\n  接 访\n"

    def test_projects_of_a_format_without_any(self, tmp_path: Path) -> None:
        folder = tmp_path / "某市-2026"
        folder.mkdir()
        (folder / "rules.toml").write_text("")
        (folder / "支出表.toml").write_text(
            'id = "支出表"\ntitle = "支出表"\n[[block]]\n'
            'columns = [{ id = "项目", kind = "label" }, { id = "金额" }]\nrows = [{ id = "合计" }]\n',
            encoding="utf-8",
        )
        (folder / "template.toml").write_text(
            'title = "某市预算表"\nyear = 2026\ntables = ["支出表"]\n[outline]\ndepartment = "某局"\n', encoding="utf-8"
        )
        done = run(["new", str(folder), "-o", str(tmp_path / "a.xlsx"), "--projects", "接访"])
        assert done.exit_code == 2
        assert done.stderr == "模板“某市预算表”没有按项目列的表：请去掉 --projects。\n"

    def test_projects_of_last_year_are_kept_when_subjects_are_chosen(self, tmp_path: Path) -> None:
        last, target = tmp_path / "去年.xlsx", tmp_path / "今年.xlsx"
        assert run(["new", "shenzhen-2020", "-o", str(last), "--projects", "接访,维稳"]).exit_code == 0
        arguments = ["new", "shenzhen-2020", "-o", str(target), "--like", str(last), "--subjects", "2010308,30101"]
        assert run(arguments).exit_code == 0
        assert [table.above for table in xltool.read(target).layout.tables.values() if table.above] == [
            ("接访",),
            ("维稳",),
        ]

    def test_like_last_year(self, faulty: Path, tmp_path: Path) -> None:
        target = tmp_path / "明年.xlsx"
        assert run(["new", TEMPLATE, "-o", str(target), "--like", str(faulty)]).exit_code == 0
        book = xltool.read(target)
        assert book.outline.year == 2025
        paths = [row.path for row in book.layout.tables["支出总表"].blocks[0].rows]
        assert paths == [row.path for row in xltool.read(faulty).layout.tables["支出总表"].blocks[0].rows]

    def test_like_last_year_under_a_new_name(self, tmp_path: Path) -> None:
        last, target, template = tmp_path / "去年.xlsx", tmp_path / "今年.xlsx", "pingshan-2023"
        assert (
            run(["fill", template, str(FACTS.parent.parent / template / "facts.csv"), "-o", str(last)]).exit_code == 0
        )
        assert (
            run(["new", template, "-o", str(target), "--like", str(last), "--unit", "新局", "--year", "2024"]).exit_code
            == 0
        )
        paths = [row.path for row in xltool.read(target).layout.tables["项目支出总表"].blocks[0].rows]
        assert paths[:2] == [("部门",), ("新局",)]
        assert ("新局", "信访事务") in paths

    def test_is_refused_onto_a_file_and_forced(self, tmp_path: Path) -> None:
        target = tmp_path / "a.xlsx"
        target.write_text("mine")
        done = run(["new", TEMPLATE, "-o", str(target)])
        assert done.exit_code == 2
        assert "--force" in done.stderr
        assert target.read_text() == "mine"
        done = run(["new", TEMPLATE, "-o", str(target), "--force"])
        assert done.exit_code == 0
        assert zipfile.is_zipfile(target)

    def test_needs_the_right_ending(self, tmp_path: Path) -> None:
        done = run(["new", TEMPLATE, "-o", str(tmp_path / "a.xls")])
        assert done.exit_code == 2
        assert "应以 .xlsx 结尾" in done.stderr

    def test_needs_a_folder(self, tmp_path: Path) -> None:
        done = run(["new", TEMPLATE, "-o", str(tmp_path / "没有" / "a.xlsx")])
        assert done.exit_code == 2
        assert "文件夹" in done.stderr


def test_a_list_of_subjects_may_have_names_a_heading_and_remarks(tmp_path: Path) -> None:
    codes = tmp_path / "科目.txt"
    codes.write_text(
        "编码 名称\n2014001 行政运行  # 基本\n# 项目\n2080505,机关事业单位基本养老保险缴费支出,208\n", encoding="utf-8"
    )
    target = tmp_path / "新.xlsx"
    assert run(["new", TEMPLATE, "-o", str(target), "--subjects", str(codes)]).exit_code == 0
    sheet = openpyxl.load_workbook(target)["支出总表"]
    found = [cell.value for cell in sheet["B"] if str(cell.value or "").isdecimal() and len(str(cell.value)) > 2]
    assert found == ["201", "20140", "2014001", "208", "20805", "2080505"]
