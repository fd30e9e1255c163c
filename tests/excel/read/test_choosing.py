"""Which of several templates that fit a workbook it is read with, and what is said of the others."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import xltool
from tests.budgets import QINGLONG
from tests.edited_budgets import pasted
from xltool.model import Severity
from xltool.template.loader import templates_folder


def variant(folder: Path, name: str, old: str, new: str) -> None:
    """A template like 青龙's but for one text, wherever it has it."""
    for path in copytree(templates_folder() / QINGLONG, folder / name).glob("*.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def checked(folder: Path) -> tuple[str, list[str], int]:
    """The template that a foreign workbook of 青龙 is read with, what is said of others, how many errors it has."""
    workbook = pasted(folder)
    path = folder / "外来的预算.xlsx"
    workbook.save(path)
    report = xltool.check(xltool.read(path, templates=folder))
    said = [f.message.splitlines()[0] for f in report.findings if f.rule == "S01.3"]
    return report.book.template.id, said, sum(f.severity is Severity.ERROR for f in report.findings)


def test_the_template_with_the_columns_of_the_workbook_wins_over_the_first_by_name(tmp_path: Path) -> None:
    variant(tmp_path, "a县-2024", "附属单位上缴收入", "预算外调入资金")
    template, said, errors = checked(tmp_path)
    assert (template, errors) == (QINGLONG, 0)
    assert said == [
        "模板“青龙满族自治县部门预算公开表”（a县-2024）的表也都有，栏目和行不如检查所用的相符；"
        "检查用的是“青龙满族自治县部门预算公开表”（qinglong-2024）。"
    ]


def test_the_template_with_the_rows_of_the_workbook_wins(tmp_path: Path) -> None:
    variant(tmp_path, "a县-2024", "五、单位资金", "五、捐赠、债务等其他各类收入")
    template, (said,), errors = checked(tmp_path)
    assert (template, errors) == (QINGLONG, 0)
    assert "栏目和行不如检查所用的相符" in said


def test_the_template_of_the_printed_year_wins_where_all_else_is_the_same(tmp_path: Path) -> None:
    variant(tmp_path, "a县-2021", "year = 2024", "year = 2021")
    template, said, _ = checked(tmp_path)
    assert (template, len(said)) == (QINGLONG, 1)


def test_where_nothing_tells_two_templates_apart_it_is_said(tmp_path: Path) -> None:
    copytree(templates_folder() / QINGLONG, tmp_path / "a县-2024")
    template, (said,), _ = checked(tmp_path)
    assert template == "a县-2024"
    assert "栏目和行也同样相符，不能确定是哪一套" in said
