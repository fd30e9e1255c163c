"""Templates: the built-in ones load, every mistake in one is told at once, a new format is a folder of data."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli

from tests import CASE_FILES
from tests.budgets import BUDGETS, QINGLONG, key, template
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.equations.instances import formulas
from xltool.errors import TemplateError, UnknownTemplate
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.library import load_template
from xltool.model import CellRef, Verdict
from xltool.template.loader import template_names, templates_folder

CASES: list[dict[str, Any]] = tomli.loads((CASE_FILES / "broken_templates.toml").read_text(encoding="utf-8"))["case"]


def copied(folder: Path) -> Path:
    """A folder of templates that holds a copy of the Qinglong template."""
    shutil.copytree(templates_folder() / QINGLONG, folder / QINGLONG)
    shutil.copy(templates_folder() / "shared-rules.toml", folder)
    return folder


def make_mistake(case: dict[str, Any], folder: Path) -> None:
    path = folder / QINGLONG / case["file"]
    text = path.read_text(encoding="utf-8")
    if case.get("append"):
        text += case["put"]
    else:
        assert case["find"] in text, case["name"]
        text = text.replace(case["find"], case["put"], 1)
    path.write_text(text, encoding="utf-8")


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(TemplateError) as error:
        load_template(QINGLONG, folder)
    assert str(error.value).startswith("模板“qinglong-2024”有错误：\n")
    return [re.sub(r"\brule\[\d+\]", "rule[N]", problem) for problem in error.value.problems]


def test_the_built_in_templates_are_those_with_a_budget() -> None:
    assert template_names() == sorted(BUDGETS)


@pytest.mark.parametrize("name", BUDGETS)
def test_every_rule_of_a_built_in_template_has_a_good_and_a_bad_example(name: str) -> None:
    lacking = [rule.id for rule in template(name).rules.values() if not rule.passing or not rule.failing]
    assert lacking == []


@pytest.mark.parametrize("name", BUDGETS)
def test_no_formula_of_a_built_in_template_depends_on_itself(name: str) -> None:
    """Sums and links together; Excel would refuse to calculate a circle."""
    spec = template(name)
    equations = formulas(plan(spec, default_outline(spec)))
    for start in equations:
        pending, seen = [start], set[Place]()
        while pending:
            parts = [term.place for term in equations[pending.pop()].right]
            assert start not in parts
            pending += [part for part in parts if part in equations and part not in seen]
            seen.update(parts)


@pytest.mark.parametrize("name", BUDGETS)
def test_messages_name_tables_as_people_do(name: str) -> None:
    assert [table.name for table in template(name).tables.values() if "{" in table.name] == []


def test_an_unknown_template_is_told_with_those_there_are() -> None:
    with pytest.raises(
        UnknownTemplate, match=f"没有名为“hebei-2030”的模板，可用的模板：{'、'.join(template_names())}。"
    ):
        load_template("hebei-2030")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_mistake_is_told_with_file_and_key(case: dict[str, Any], tmp_path: Path) -> None:
    make_mistake(case, copied(tmp_path))
    assert sorted(mistakes(tmp_path)) == sorted(case["problems"])


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One mistake in each of the files, and every rule that can be appended."""
    copied(tmp_path)
    chosen = [case for case in CASES if case.get("append") and "rule[N]" not in " ".join(case["problems"])]
    touched = {"rules.toml"}
    for case in CASES:
        if case["file"] not in touched:
            touched.add(case["file"])
            chosen.append(case)
    for case in chosen:
        make_mistake(case, tmp_path)
    expected = {problem for case in chosen for problem in case["problems"]}
    assert len(expected) > 20
    assert expected <= set(mistakes(tmp_path))


def test_files_as_windows_saves_them_are_read(tmp_path: Path) -> None:
    """Notepad puts a mark before UTF-8 and ends lines with CR LF."""
    for path in (copied(tmp_path) / QINGLONG).glob("*.toml"):
        path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_template(QINGLONG, tmp_path) == template(QINGLONG)


@pytest.mark.parametrize("file", ["qinglong-2024/template.toml", "qinglong-2024/rules.toml", "shared-rules.toml"])
def test_a_template_is_loaded_once_and_again_when_a_file_changes(file: str, tmp_path: Path) -> None:
    path = copied(tmp_path) / file
    first = load_template(QINGLONG, tmp_path)
    assert load_template(QINGLONG, tmp_path) is first
    path.write_text(path.read_text(encoding="utf-8") + "# 已核对\n", encoding="utf-8")
    assert load_template(QINGLONG, tmp_path) is not first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = \n", "第 1 行第 9 个字起写法不对"),
        ("title = “某县”\n", "第 1 行第 9 个字起写法不对"),
        ('title = "某县"\ntables = [\n', "文件末尾不完整"),
        ("year = 2025\nyear = 2025\n", "第 2 行的键前面已经写过"),
        pytest.param("a" + ".a" * 2000 + " = 1\n", "括号或键一层套一层，套得太深", id="key of many parts"),
        pytest.param("a = " + "[" * 9000, "括号或键一层套一层，套得太深", id="brackets"),
    ],
)
def test_a_template_file_that_is_no_toml_is_told(text: str, told: str, tmp_path: Path) -> None:
    (copied(tmp_path) / QINGLONG / "template.toml").write_text(text, encoding="utf-8")
    (mistake,) = mistakes(tmp_path)
    assert mistake.startswith(f"template.toml：不是正确的 TOML：{told}")
    assert not re.search(r"[a-z]{2}", mistake.removeprefix("template.toml"))


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = copied(tmp_path) / QINGLONG / "rules.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert "rules.toml：不是 UTF-8 编码，请另存为 UTF-8" in mistakes(tmp_path)


NEW_FORMAT = {
    "template.toml": """
title = "某市部门预算表（元）"
region = "某市"
year = 2026
amount_unit = "元"
zero = "zero"
tables = ["支出表", "拨款表"]
[outline]
department = "某局"
function = ["205", "20502", "2050201", "2050299"]
""",
    "支出表.toml": """
id = "支出表"
title = "支出预算表"
header = ["单位名称：{department}", "单位：{amount_unit}"]
[[block]]
columns = [
  { id = "类", under = "科目编码", kind = "code", width = 5 },
  { id = "款", under = "科目编码", kind = "code", width = 5 },
  { id = "项", under = "科目编码", kind = "code", width = 5 },
  { id = "科目名称", kind = "name" },
  { id = "总计", sum = ["人员类", "运转类", "特定目标类"], rule = "A01" },
  { id = "人员类" }, { id = "运转类" }, { id = "特定目标类" },
]
rows = [ { id = "合计", sum = "function" }, { each = "function" } ]
""",
    "拨款表.toml": """
id = "拨款表"
title = "财政拨款支出表"
[[block]]
columns = [ { id = "项目", kind = "label" }, { id = "金额" } ]
rows = [ { id = "本年支出" } ]
""",
    "rules.toml": """
use = ["A01", "A02", "A03", "A15"]
[[rule]]
id = "M01"
name = "拨款表的本年支出等于支出表合计"
hint = "两表同一笔钱。"
check = "拨款表[本年支出, 金额] = 支出表[合计, 总计]"
""",
}


def test_a_format_unlike_ours_is_one_folder(tmp_path: Path) -> None:
    """Codes in three columns, amounts in 元, no rows carried over: loaded, filled, checked to the last 分."""
    home = tmp_path / "some-city-2026"
    home.mkdir()
    for name, text in NEW_FORMAT.items():
        (home / name).write_text(text, encoding="utf-8")
    assert template_names(tmp_path) == ["some-city-2026"]
    new = load_template("some-city-2026", tmp_path)
    facts = {
        key("支出表", "2050201", "人员类"): Decimal("1224070.05"),
        key("支出表", "2050299", "特定目标类"): Decimal("3000"),
        key("拨款表", "本年支出", "金额"): Decimal("1227070.06"),
    }
    filled = fill(new, facts, "某局", 2026, "元")
    (finding,) = check(Book(filled.layout, filled.values, live=filled.live)).findings
    assert (finding.rule, finding.verdict, finding.difference) == ("M01", Verdict.FAIL, Decimal("0.01"))
    named = [culprit.cell for explanation in finding.explanations for culprit in explanation.culprits]
    assert finding.cell == named[0]
    assert CellRef("拨款表", 3, 2) in named
    assert "1,227,070.06 应等于 “合计”总计（E5） 1,227,070.05，多 0.01" in finding.message


def test_a_rule_that_sums_need_and_that_is_missing_is_told_once_a_table(tmp_path: Path) -> None:
    (copied(tmp_path) / QINGLONG / "rules.toml").write_text("", encoding="utf-8")
    told = mistakes(tmp_path)
    assert "rules.toml：use：表“收支总表”的合计用到规则“A05”，但没有定义，请加进 use" in told
    assert len(told) == len(set(told))
