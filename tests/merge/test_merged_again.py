"""Merging again over the 汇总 of before: it says which units' files changed, and which figures."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests.budgets import QINGLONG, key
from xltool.api import merge
from xltool.cli import main
from xltool.merge.consolidation import Changed, FileChange


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for unit, amount in (("局机关", "20.15"), ("接待中心", "5"), ("服务中心", "2.123456")):
        send(tmp_path, unit, amount)
    return tmp_path


def send(folder: Path, unit: str, amount: str) -> None:
    """The workbook of a unit that spends what it gets."""
    spent = key("支出总表", "2014001", "基本支出"), key("收入总表", "2014001", "本年收入/财政拨款收入")
    (folder / "单位").mkdir(exist_ok=True)
    values = dict.fromkeys(spent, Decimal(amount))
    xltool.fill(QINGLONG, values, folder / "单位" / f"{unit}.xlsx", unit=unit)


def again(folder: Path) -> Changed | None:
    return merge([folder / "单位"], folder / "汇总.xlsx", name="信访局", allow_errors=True).changed


def test_what_changed_since_the_merge_before_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert again(folder) is None
    assert again(folder) == Changed({}, ())
    send(folder, "服务中心", "3")
    (folder / "单位" / "接待中心.xlsx").unlink()
    send(folder, "投诉中心", "1")
    arguments = ["merge", str(folder / "单位"), "-o", str(folder / "汇总.xlsx"), "--name", "信访局", "--allow-errors"]
    main([*arguments, "--force", "--json", str(folder / "结果.json")])
    told = capsys.readouterr().out
    assert "与原来的汇总比，改过的单位：服务中心\n" in told
    assert "与原来的汇总比，新汇总的单位：投诉中心\n" in told
    assert "与原来的汇总比，不再汇总的单位：接待中心\n" in told
    assert "    支出总表!E9 2014001·基本支出：272,734.56 → 241,500.00，差 -31,234.56\n" in told
    changed = json.loads((folder / "结果.json").read_text(encoding="utf-8"))["changed"]
    assert {one["unit"]: one["change"] for one in changed["units"]} == {
        "服务中心": "changed",
        "投诉中心": "new",
        "接待中心": "gone",
    }


def test_a_file_that_is_no_merge_of_ours_is_replaced_without_a_word(folder: Path) -> None:
    (folder / "汇总.xlsx").write_bytes((folder / "单位" / "局机关.xlsx").read_bytes())
    assert again(folder) is None
    (folder / "汇总.xlsx").write_bytes(b"no workbook")
    assert again(folder) is None


def test_a_unit_that_is_corrected_shows_in_every_figure_that_follows(folder: Path) -> None:
    again(folder)
    send(folder, "接待中心", "6")
    changed = again(folder)
    assert changed is not None
    assert changed.files == {"接待中心": FileChange.CHANGED}
    assert {change.difference for change in changed.figures} == {Decimal(10000)}
    assert key("收支总表", "支出总计", "支出/预算数") in {change.key for change in changed.figures}
