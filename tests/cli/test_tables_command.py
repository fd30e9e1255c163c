"""The command line: which tables of a workbook were recognised, and by what."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl.workbook import Workbook

from tests.budgets import QINGLONG, foreign
from xltool.cli.group import xltool as command_line


def told(workbook: Path) -> dict[str, str]:
    """What is said of each sheet, and of what is missing."""
    result = CliRunner().invoke(command_line, ["tables", str(workbook)])
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()[3:]
    return {line.split()[0]: " ".join(line.split()[1:]) for line in lines if line}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The budget as another program would have made it: some titles written otherwise."""
    folder = tmp_path_factory.mktemp("plain")
    book = foreign(QINGLONG, folder)
    del book["三公经费支出表"]
    book["收入总表"]["A1"] = "表二：2024年部门预算收入总表"
    book["支出总表"]["A1"] = None
    book["部门机构设置情况"]["A1"], book["部门机构设置情况"].title = None, "Sheet6"
    copy = book.copy_worksheet(book["收支总表"])
    copy.title, copy.sheet_state = "收支总表备份", "hidden"
    book.create_sheet("说明")
    path = folder / "预算.xlsx"
    book.save(path)
    return path


def test_of_ours_every_table_is_certain(faulty: Path) -> None:
    sheets = told(faulty)
    assert sheets["收入总表"] == "部门预算收入总表 19 13 万元 确定：xltool 生成的表"
    assert all(text.endswith("确定：xltool 生成的表") for text in sheets.values())


def test_of_others_it_is_said_by_what(plain: Path) -> None:
    sheets = told(plain)
    assert sheets["收支总表"] == "部门预算收支总表 8＋34 3＋2 万元 确定：标题相符"
    assert sheets["收入总表"].endswith("确定：标题相符，前后另有编号、单位或年度")
    assert sheets["支出总表"].endswith("请核对：没有模板里的标题，按工作表的名称认出")
    assert sheets["Sheet6"].endswith("请核对：没有标题，按栏目认出")


def test_what_was_not_read_is_said(plain: Path) -> None:
    sheets = told(plain)
    assert sheets["收支总表备份（隐藏）"] == "没有读：是“收支总表”的副本"
    assert sheets["说明"] == "没有认出：标题和栏目与哪一张表都不符"
    assert "没有找到的表：“部门预算财政拨款“三公”经费支出表”。" in sheets


def test_what_is_no_budget(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    result = CliRunner().invoke(command_line, ["tables", str(tmp_path / "a.xlsx")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "没有认出任何一张预算表" in result.stderr
