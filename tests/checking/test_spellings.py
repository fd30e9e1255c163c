"""Tables, headings and rows that are spelt otherwise than in the template: known by other spellings, or their place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import PINGSHAN, QINGLONG, SHENZHEN
from tests.edited_budgets import findings, ours, pasted
from xltool.model import Severity
from xltool.template.loader import templates_folder


def respell(sheet: Worksheet, old: str, new: str) -> None:
    """Print another text in the one cell that has `old`."""
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).strip() == old]
    cell.value = new


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize(
    ("name", "sheet", "old", "new"),
    [
        (PINGSHAN, "表1收支总表", "1.一般公共预算拨款", "1. 一般公共预算资金"),
        (PINGSHAN, "表2收入总表", "一般公共预算拨款", "一般公共预算"),
        (PINGSHAN, "表2收入总表", "财政专户管理资金", "财政专户管理资金收入"),
        (QINGLONG, "收支总表", "一、一般公共预算拨款收入", "一、一般公共预算财政拨款"),
        (QINGLONG, "收支总表", "上年结转结余", "上年结转和结余"),
        (QINGLONG, "支出总表", "对附属单位补助支出", "补助附属单位支出"),
        (QINGLONG, "三公经费支出表", "三、公务接待费", "3.公务接待"),
        (SHENZHEN, "表1收支预算总表", "政府性基金预算拨款", "（2）政府性基金"),
    ],
)
def test_another_official_spelling_is_as_good(
    make: Callable[..., Workbook], name: str, sheet: str, old: str, new: str, tmp_path: Path
) -> None:
    workbook = make(tmp_path, name)
    respell(workbook[sheet], old, new)
    assert findings(workbook, tmp_path) == []


def remarks(workbook: Workbook, folder: Path) -> list[str]:
    """What is said of names that are known by their place, where nothing else is wrong."""
    assert findings(workbook, folder) == []
    report = xltool.check(xltool.read(folder / "改过的预算.xlsx"))
    return [f.message.splitlines()[0] for f in report.findings if f.severity is Severity.REMARK and f.rule == "S03.6"]


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize(
    ("sheet", "old", "new", "told"),
    [
        (
            "收支总表",
            "一、一般公共预算拨款收入",
            "一、一般公共预算安排收入",
            "表“部门预算收支总表”第 6 行写的是“一、一般公共预算安排收入”，按位置认作“一、一般公共预算拨款收入”。",
        ),
        (
            "支出总表",
            "项目支出",
            "项目经费安排",
            "表“部门预算支出总表”的标题写的是“项目经费安排”，按位置认作“项目支出”。",
        ),
        (
            "收入总表",
            "部门预算收入总表",
            "本部门2024年的收入",
            "工作表“收入总表”没有标题“部门预算收入总表”，按名称、栏目或次序认出。",
        ),
    ],
)
def test_what_nobody_knows_is_known_by_its_place_and_said(
    make: Callable[..., Workbook], sheet: str, old: str, new: str, told: str, tmp_path: Path
) -> None:
    workbook = make(tmp_path)
    respell(workbook[sheet], old, new)
    assert remarks(workbook, tmp_path) == [told]


@pytest.mark.parametrize(
    ("last", "this"),
    [
        ("上年预算数", "本年预算数"),
        (2022, 2023),
        ("2022年度", "2023年度"),
        ("2022年执行数", "2023年预算"),
        ("上年", "本年"),
    ],
)
@pytest.mark.parametrize("make", [ours, pasted])
def test_a_row_of_a_year_is_known_by_the_year_in_other_words(
    make: Callable[..., Workbook], last: str | int, this: str | int, tmp_path: Path
) -> None:
    workbook = make(tmp_path, PINGSHAN)
    sheet = workbook["表9三公经费支出表"]
    sheet["B6"], sheet["B7"] = last, this
    assert findings(workbook, tmp_path) == []


def test_a_table_without_its_title_is_known_by_the_name_of_its_sheet_among_others_alike(tmp_path: Path) -> None:
    """Three tables have the same headings."""
    workbook = pasted(tmp_path)
    for name in ("政府性基金支出表", "国有资本经营支出表"):
        sheet = workbook[name]
        title = next(c for row in sheet.iter_rows(max_row=2) for c in row if "财政拨款支出表" in str(c.value))
        title.value = "支出情况"
    assert len(remarks(workbook, tmp_path)) == 2


def test_a_row_that_is_quite_another_one_is_not_taken_for_the_one_missing(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    respell(workbook["收支总表"], "一、一般公共预算拨款收入", "其中：补助下级")
    assert "S03" in {finding.rule for finding in findings(workbook, tmp_path)}


def test_an_official_spelling_that_another_row_has_is_that_row(tmp_path: Path) -> None:
    """“一般公共预算” is the exact label of another row here: nothing is read twice."""
    workbook = pasted(tmp_path, PINGSHAN)
    sheet = workbook["表1收支总表"]
    respell(sheet, "1.一般公共预算拨款", "2.政府性基金预算")
    assert "S03" in {finding.rule for finding in findings(workbook, tmp_path)}


def test_a_template_says_how_else_its_titles_headings_and_rows_are_spelt(tmp_path: Path) -> None:
    """`also`, and a list of texts for a heading above others."""
    home = tmp_path / "某县-2024"
    copytree(templates_folder() / QINGLONG, home)
    edit(home / "01-收支总表.toml", 'label = "五、单位资金"', 'label = "五、单位资金", also = ["五、自筹经费"]')
    edit(
        home / "02-收入总表.toml", 'title = "部门预算收入总表"', 'title = "部门预算收入总表"\nalso = ["{year}年来源表"]'
    )
    edit(home / "03-支出总表.toml", '{ id = "项目支出"', '{ id = "项目支出", also = ["专项经费"]')
    edit(home / "04-财政拨款收支总表.toml", "headings = {", 'headings = { "收入" = ["收入", "资金来源"],')
    workbook = pasted(tmp_path)
    respell(workbook["收支总表"], "五、单位资金", "五、自筹经费")
    respell(workbook["收入总表"], "部门预算收入总表", "2024年来源表")
    respell(workbook["支出总表"], "项目支出", "专项经费")
    respell(workbook["财政拨款收支总表"], "收入", "资金来源")
    workbook["收入总表"].title = "一"
    path = tmp_path / "改过的预算.xlsx"
    workbook.save(path)
    report = xltool.check(xltool.read(path, "某县-2024", templates=tmp_path))
    assert [f.message for f in report.findings if f.severity is not Severity.REMARK or f.rule == "S03.6"] == []


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
