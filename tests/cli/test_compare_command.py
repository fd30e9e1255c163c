"""`xltool compare`: exit codes, what is said, what is written."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import PINGSHAN, QINGLONG, SAMPLES, key
from tests.cli.commands import run

LINE = ("一般公共预算支出表（功能）", "某局/2080505", "基本支出")


@pytest.fixture
def versions(tmp_path: Path) -> list[str]:
    """One budget before and after a correction."""
    paths = [str(tmp_path / f"{name}.xlsx") for name in ("初稿", "定稿")]
    for path, amount in zip(paths, ("80", "95.5"), strict=True):
        xltool.fill(PINGSHAN, {key(*LINE): Decimal(amount)}, path, unit="某局")
    return paths


def test_the_same_workbook(versions: list[str]) -> None:
    result = run(["compare", versions[0], versions[0]])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("完全相同：")


def test_what_changed_is_said_and_written(versions: list[str], tmp_path: Path) -> None:
    target = tmp_path / "增减表.xlsx"
    result = run(["compare", *versions, "-o", str(target)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:2] == [
        "旧：初稿.xlsx　某局　2023 年　深圳市坪山区部门预算公开表　万元",
        "新：定稿.xlsx　某局　2023 年　深圳市坪山区部门预算公开表　万元",
    ]
    assert any(line.split()[-4:] == ["80", "95.5", "15.5", "19.38%"] for line in lines)
    assert any(line.startswith("要写原因的") and "50% 或增减额超过 100,000 元" in line for line in lines)
    assert lines[-1] == f"全部列在：{target}"
    assert "增减表" in openpyxl.load_workbook(target).sheetnames


def test_json_has_exact_amounts_in_yuan(versions: list[str]) -> None:
    result = run(["compare", *versions, "--json", "-"])
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["schema"] == "xltool.comparison/1"
    (typed,) = (
        one
        for one in document["figures"]
        if one["row"] == "某局·2080505 机关事业单位基本养老保险缴费支出" and one["column"] == "基本支出"
    )
    assert [Decimal(typed[name]) for name in ("old", "new", "difference")] == [800000, 955000, 155000]
    assert typed["rate"] == "0.1938"
    assert typed["asks_reason"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ([str(SAMPLES / QINGLONG / "预算.xlsx")], "两种格式"),
        (["没有的.xlsx"], "没有的.xlsx"),
        (["{new}", "--same", "甲"], "--same 应写成“旧名称=新名称”，不能是“甲”。"),
        (["{new}", "--same", "甲=乙"], "旧工作簿里没有叫“甲”的单位、项目"),
        (["{new}", "-o", "增减表.csv"], "应以 .xlsx 结尾"),
        (["{new}", "-o", "{new}", "--force"], "{new}"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(versions: list[str], more: list[str], sentence: str) -> None:
    result = run(["compare", versions[0], *(text.format(new=versions[1]) for text in more)])
    assert result.exit_code == 2
    assert sentence.format(new=Path(versions[1]).name) in result.stderr
    assert result.stdout == ""
