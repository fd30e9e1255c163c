"""A 汇总 whose 内部往来 is taken out: what is in its tables, its 汇总底稿, its 抵销 sheet, and what `trace` says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import QINGLONG, key
from xltool.api import merge, trace
from xltool.cli import main
from xltool.errors import TransfersError
from xltool.merge.consolidation import Consolidation
from xltool.report.units.merge_words import merged_json
from xltool.report.units.trace_words import trace_text

UNITS = {
    "局机关": [
        ("收入总表", "本年收入/事业收入", 20),
        ("支出总表", "基本支出", 12),
        ("支出总表", "对附属单位补助支出", 8),
    ],
    "接待中心": [("收入总表", "本年收入/上级补助收入", 5), ("支出总表", "基本支出", 5)],
    "服务中心": [("收入总表", "本年收入/上级补助收入", 2), ("支出总表", "基本支出", 2)],
}
LIST = "付款单位,收款单位,科目,金额\n局机关,接待中心,上级补助,50000\n局机关,服务中心,上级补助,30000\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for unit, facts in UNITS.items():
        values = {key(table, "2014001", column): Decimal(value) for table, column, value in facts}
        (tmp_path / "单位").mkdir(exist_ok=True)
        xltool.fill(QINGLONG, values, tmp_path / "单位" / f"{unit}.xlsx", unit=unit)
    (tmp_path / "往来.csv").write_text(LIST, encoding="gb18030")
    return tmp_path


def merged(folder: Path, transfers: Path | None) -> Consolidation:
    return merge([folder / "单位"], folder / "汇总.xlsx", name="信访局", transfers=transfers, allow_errors=True)


def test_what_both_workbooks_show_is_taken_out_and_can_be_followed(folder: Path) -> None:
    consolidation = merged(folder, folder / "往来.csv")
    assert [finding.rule for finding in consolidation.findings] == ["U02.2", "U02.3", "U02"]
    assert not xltool.check(xltool.read(folder / "汇总.xlsx")).findings
    workbook = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)
    assert workbook["收入总表"]["J9"].value == 2
    assert workbook["支出总表"]["I9"].value == 3
    rows = list(workbook["抵销"].iter_rows(values_only=True))
    assert [row[4:8] for row in rows[5:7]] == [
        ("2014001 行政运行", "对附属单位补助支出", -50000, "对符"),
        ("2014001 行政运行", "本年收入·上级补助收入", -50000, "对符"),
    ]
    assert rows[9][6] == 0
    assert {row[9] for row in rows[-2:]} == {"对符", "未符"}
    told = trace_text(trace(folder / "汇总.xlsx", "收入总表!J9"))
    assert "抵销：内部往来抵销  -50,000.00  “抵销”表" in told
    assert "没有写文件" not in told


def test_without_a_list_sums_that_differ_stay_and_are_a_warning(folder: Path) -> None:
    consolidation = merged(folder, None)
    assert [finding.rule for finding in consolidation.findings] == ["U02"]
    assert consolidation.is_complete
    assert openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)["支出总表"]["I9"].value == 8


def test_a_list_that_cannot_be_used_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "往来.csv").write_text("付款单位,收款单位,金额\n局机关,接待中心,\n", encoding="utf-8")
    with pytest.raises(TransfersError, match="没有金额"):
        merged(folder, folder / "往来.csv")
    arguments = ["merge", str(folder / "单位"), "-o", str(folder / "汇总.xlsx"), "--name", "信访局"]
    assert main([*arguments, "--transfers", str(folder / "往来.csv")]) == 2
    assert "第 2 行：没有金额" in capsys.readouterr().err
    assert not (folder / "汇总.xlsx").exists()


def test_json_has_every_cell_and_transfer(folder: Path) -> None:
    told = json.loads(merged_json(merged(folder, folder / "往来.csv")))
    assert told["eliminated"][1] == {
        "table": "收入总表",
        "row": "2014001",
        "column": "本年收入/上级补助收入",
        "yuan": "-50000",
    }
    assert {one["receiver"]: one["confirmed"] for one in told["transfers"]} == {"接待中心": True, "服务中心": False}
    assert json.loads(merged_json(merged(folder, None)))["transfers"] is None
