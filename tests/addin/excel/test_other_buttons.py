"""汇总, 打开页面, 新建工作簿, 设置."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

import xltool
from tests import ROOT
from tests.addin.excel.fake.com import REJECTED, error
from tests.addin.excel.fake.engine import Engine
from tests.addin.excel.fake.model import Excel
from tests.addin.excel.fake.screen import FakeScreen
from xltool.addin.running import run_on

UNITS = ROOT / "samples/merge/qinglong-2024/单位"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A folder with the workbooks of two units."""
    folder = tmp_path / "各单位"
    folder.mkdir()
    for file in sorted(UNITS.glob("*.xlsx"))[:2]:
        shutil.copy(file, folder)
    return folder


def test_a_folder_is_merged_and_the_result_opened(
    excel: Excel, screen: FakeScreen, units: Path, tmp_path: Path
) -> None:
    excel.opened(Workbook(), "工作簿1")
    target = tmp_path / "汇总.xlsx"
    excel.answers = [str(units), "云岭县信访局", str(target)]
    assert run_on("merge", 10, screen) == 0, screen.told
    assert excel.asked[0].startswith("汇总的部门名称")
    assert excel.asked[1:] == [str(tmp_path / "汇总预算.xlsx")]
    assert screen.last.startswith("云岭县信访局　2024 年　万元\n")
    assert "已汇总 2 个单位" in screen.last
    assert xltool.read(target)
    assert excel.active
    assert excel.active.full_name == str(target)
    assert excel.active.active_sheet.name == "报送情况"
    assert excel.status_bar is False


def test_a_result_that_excel_does_not_open_is_told(
    excel: Excel, screen: FakeScreen, units: Path, tmp_path: Path
) -> None:
    excel.opened(Workbook(), r"C:\别处\汇总.xlsx")
    excel.answers = [str(units), "云岭县信访局", str(tmp_path / "汇总.xlsx")]
    run_on("merge", 10, screen)
    assert screen.last.endswith("Excel 没有打开它（同名的工作簿已打开）：请自己打开。")


def test_a_result_that_a_busy_excel_does_not_open_is_told_all_the_same(
    excel: Excel, engine: Engine, screen: FakeScreen, units: Path, tmp_path: Path
) -> None:
    excel.opened(Workbook(), "工作簿1")
    target = tmp_path / "汇总.xlsx"
    excel.answers = [str(units), "云岭县信访局", str(target)]

    def busy(_: int) -> None:
        if target.exists():
            raise error(REJECTED)

    engine.line.before = busy
    assert run_on("merge", 10, screen) == 0
    assert screen.last.startswith("云岭县信访局　2024 年　万元\n")
    assert screen.last.endswith("Excel 正忙，没有打开它：请自己打开。")


@pytest.mark.parametrize(
    "picked", [["https://d.docs.live.net/1/单位"], ["单位", "局", "https://d.docs.live.net/1/a.xlsx"]]
)
def test_nothing_is_merged_on_the_net(excel: Excel, screen: FakeScreen, picked: list[str | bool]) -> None:
    excel.opened(Workbook(), "工作簿1")
    excel.answers = [*picked]
    assert run_on("merge", 10, screen) == 2
    assert screen.last == (
        f"“{picked[-1]}”在网上，不能在那里汇总：请选这台电脑上的文件夹（OneDrive 的，选同步到本机的）。"
    )


@pytest.mark.parametrize("answers", [[False], ["各单位", False], ["各单位", "", False]])
def test_a_merge_that_is_called_off(excel: Excel, screen: FakeScreen, answers: list[str | bool]) -> None:
    excel.opened(Workbook(), "工作簿1")
    excel.answers = answers
    assert run_on("merge", 10, screen) == 0
    assert not screen.told


def test_an_earlier_result_is_replaced_only_if_the_user_says_so(
    excel: Excel, screen: FakeScreen, units: Path, tmp_path: Path
) -> None:
    excel.opened(Workbook(), "工作簿1")
    target = tmp_path / "汇总.xlsx"
    target.write_bytes(b"before")
    excel.answers, screen.says = [str(units), "", str(target)], False
    assert run_on("merge", 10, screen) == 0
    assert screen.asked == ["“汇总.xlsx”已存在：要换成新的汇总吗？"]
    assert target.read_bytes() == b"before"


def test_a_folder_without_workbooks(excel: Excel, screen: FakeScreen, tmp_path: Path) -> None:
    excel.opened(Workbook(), "工作簿1")
    (tmp_path / "空").mkdir()
    excel.answers = [str(tmp_path / "空"), "", str(tmp_path / "汇总.xlsx")]
    assert run_on("merge", 10, screen) == 2
    assert "里没有工作簿（.xlsx 文件）" in screen.last


def test_lists_beside_the_folder_say_which_units_there_are_and_what_they_paid_each_other(
    excel: Excel, screen: FakeScreen, units: Path, tmp_path: Path
) -> None:
    excel.opened(Workbook(), "工作簿1")
    shutil.copy(UNITS.parent / "名册.csv", tmp_path)
    shutil.copy(UNITS.parent / "往来.csv", tmp_path)
    excel.answers = [str(units), str(tmp_path / "汇总.xlsx")]
    assert run_on("merge", 10, screen) == 1
    assert screen.last.startswith(f"名册：{tmp_path / '名册.csv'}\n往来清单：{tmp_path / '往来.csv'}\n")
    assert "未报送" in screen.last
    assert not screen.asked


@pytest.mark.parametrize("as_they_are", [True, False])
def test_workbooks_with_errors_are_added_up_only_if_the_user_says_so(
    excel: Excel, screen: FakeScreen, units: Path, tmp_path: Path, as_they_are: bool
) -> None:
    excel.opened(Workbook(), "工作簿1")
    faulty = next(UNITS.glob("101003-*.xlsx"))
    for file in units.iterdir():
        file.unlink()
    shutil.copy(faulty, units)
    target = tmp_path / "汇总.xlsx"
    excel.answers, screen.says = [str(units), "", str(target)], as_they_are
    assert run_on("merge", 10, screen) == (1 if as_they_are else 2)
    assert screen.asked[0].startswith("有 1 个单位的工作簿有错误。\n\n照现有的数汇总吗？")
    assert target.exists() == as_they_are
    assert f"{faulty.name}） 1 处，照现有的数汇总" in screen.last if as_they_are else "没有汇总" in screen.last


@pytest.mark.parametrize(("action", "where"), [("page", []), ("new", ["--at", "生成"])])
def test_the_page_is_started_and_left_running(screen: FakeScreen, action: str, where: list[str]) -> None:
    assert run_on(action, 0, screen) == 0
    assert screen.started == [[sys.executable, "-P", "-m", "xltool", "serve", *where]]
    assert not screen.told


def test_a_page_that_does_not_start_says_why(screen: FakeScreen) -> None:
    screen.complaint = '页面要先安装：pip install "xltool[page]"。'
    assert run_on("page", 0, screen) == 2
    assert screen.last == screen.complaint


def test_the_settings_need_no_excel(screen: FakeScreen, own_data: Path) -> None:
    assert run_on("settings", 0, screen) == 0
    lines = screen.last.splitlines()
    assert lines[0].startswith(f"xltool {xltool.__version__}（Python ")
    assert lines[1] == f"程序：{sys.executable}"
    assert f"出错记录：{own_data / 'xltool.log'}" in lines
