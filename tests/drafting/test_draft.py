"""Templates drafted from workbooks: our own give back their templates, official ones a first version."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xltool
from tests import TEMPLATES, budgets
from tests.budgets import BUDGETS
from tests.drafting import drafts
from tests.excel.kitchen_sink import handmade, write_zip
from xltool import api
from xltool.cli import main
from xltool.errors import FileRefused, TableNotFound
from xltool.library import library, load_template
from xltool.model import Severity, format_path, member_name
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Row, Table, Template

UNLIKE = TEMPLATES / "某省某市-2025"


def load(folder: Path) -> Template:
    return load_template(folder.name, folder.parent)


def blank(name: str, folder: Path) -> Path:
    path = folder / "空白.xlsx"
    xltool.new(name, path)
    return path


def values_only(name: str, folder: Path) -> Path:
    path = folder / "只有数.xlsx"
    budgets.foreign(name, folder).save(path)
    return path


def without_codes_beside(name: str, folder: Path) -> Path:
    """Values only, and no column of codes beside tables that print names alone."""
    workbook = budgets.foreign(name, folder)
    for sheet in workbook:
        for row in sheet.iter_rows(max_row=10):
            for cell in row:
                if cell.value == "科目编码" and cell.column > 2 and sheet.cell(cell.row, cell.column - 1).value is None:
                    sheet.delete_cols(cell.column)
    path = folder / "没有编码.xlsx"
    workbook.save(path)
    return path


Maker = Callable[[str, Path], Path]
WORKBOOKS: tuple[Maker, ...] = (blank, budgets.filled, values_only, without_codes_beside)


@pytest.fixture(
    scope="module",
    params=[(name, make) for name in BUDGETS for make in WORKBOOKS],
    ids=lambda param: f"{param[0]}-{param[1].__name__}",
)
def drafted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Template]:
    """A built-in template's name, a workbook made with it, and the template drafted from that."""
    name, make = request.param
    folder = tmp_path_factory.mktemp("drafted")
    source = make(name, folder)
    api.draft(source, folder / "起草")
    return name, source, load(folder / "起草")


def test_our_own_workbooks_give_back_their_tables(drafted: tuple[str, Path, Template]) -> None:
    """Titles, headings, kinds, widths, sums, the nesting of rows, decimals, notes."""
    name, _, found = drafted
    expected = budgets.template(name)
    assert [drafts.alike(table) for table in found.tables.values()] == [
        drafts.alike(table) for table in expected.tables.values()
    ]
    assert drafts.negative_names(expected) <= drafts.negative_names(found)


def test_our_own_workbooks_give_back_their_outline(drafted: tuple[str, Path, Template]) -> None:
    """Every unit, 科目, project and indicator of the workbook, as the real template reads it."""
    name, source, found = drafted
    expected = budgets.template(name)
    assert {dimension: list(members) for dimension, members in found.members.items()} == members_of(source, name)
    assert (found.department, found.year, found.amount_unit, found.zero) == (
        *(expected.department, expected.year, expected.amount_unit, expected.zero),
    )


def members_of(path: Path, template: str) -> dict[str, list[str]]:
    """The members of a workbook; what differs from one project to the next is none of the whole."""
    members: dict[str, dict[str, None]] = {dimension: {} for dimension in DIMENSIONS}
    for block in xltool.read(path, template).layout.blocks:
        if block.above:
            members["project"][member_name(block.above[-1])] = None
        for row in block.rows if not block.above else ():
            for name, dimension in zip(row.path, row.pattern, strict=True):
                if row.definition is not None and dimension in ("unit", "project", *CODE_LEVELS):
                    members[dimension][member_name(name)] = None
            if row.pattern[-1] == "indicator":
                members["indicator"][format_path(row.path)] = None
    return {d: sorted(found) if d in CODE_LEVELS else list(found) for d, found in members.items()}


def findings(path: Path, template: str, other: str) -> Counter[tuple[str, str]]:
    """Rule and sheet of what is found by the sums and by the tests that both templates have.

    Which cell of a wrong sum is named, and which table should not be all 0 (S01.2), also depends on the rules between
    tables, of which a draft has others.
    """
    rules, others = (library(None).load(name).rules for name in (template, other))
    found = xltool.check(xltool.read(path, template)).findings
    found = tuple(f for f in found if f.rule != "S01.2")
    told = [f for f in found if f.rule not in rules or (f.rule in others and rules[f.rule].comparison is None)]
    return Counter(("" if f.rule in rules else f.rule, f.cell.sheet if f.cell else "") for f in told)


def test_the_official_workbook_is_checked_as_with_the_real_template(drafted: tuple[str, Path, Template]) -> None:
    name, source, _ = drafted
    folder = str(source.parent / "起草")
    assert findings(source, folder, name) == findings(source, name, folder)


def test_the_draft_lints_clean(drafted: tuple[str, Path, Template]) -> None:
    _, source, _ = drafted
    assert lint_errors(source.parent / "起草") == []


def lint_errors(folder: Path) -> list[str]:
    return [advice.text for review in api.lint(folder) for advice in review.advice if advice.severity is Severity.ERROR]


def test_a_draft_can_be_filled_with_the_facts_of_the_budget(
    drafted: tuple[str, Path, Template], tmp_path: Path
) -> None:
    name, source, found = drafted
    facts = drafts.renamed(budgets.published(name), budgets.template(name), found)
    folder = str(source.parent / "起草")
    path = tmp_path / "填好.xlsx"
    xltool.fill(folder, facts, path)
    book = xltool.read(path, folder)
    expected = xltool.read(budgets.filled(name, tmp_path))
    assert budgets.amounts(book) == drafts.renamed(budgets.amounts(expected), budgets.template(name), found)
    again = findings(tmp_path / f"{name}.xlsx", name, folder)
    assert sorted(findings(path, folder, name).values()) == sorted(again.values())


def test_a_format_unlike_all_others_gives_back_its_tables(tmp_path: Path) -> None:
    """Codes in three columns, 元 beside 万元, units as groups, shares and counts, forms repeated for each project."""
    source = tmp_path / "预算.xlsx"
    xltool.fill(str(UNLIKE), UNLIKE / "facts.csv", source)
    api.draft(source, tmp_path / "起草")
    found, expected = load(tmp_path / "起草"), load(UNLIKE)
    assert [without_widths(drafts.alike(table)) for table in found.tables.values()] == [
        without_widths(drafts.alike(table)) for table in expected.tables.values()
    ]
    assert wrong_cells(source, str(tmp_path / "起草")) == []


def without_widths(table: Table) -> Table:
    """A table as printed in 元, in which amount columns are wider than the template says."""
    blocks = tuple(
        block._replace(columns=tuple(column._replace(width=None) for column in block.columns)) for block in table.blocks
    )
    return table._replace(blocks=blocks)


def wrong_cells(path: Path, template: str) -> list[str]:
    """What is found, but for 科目 that the catalogue does not have."""
    findings = xltool.check(xltool.read(path, template)).findings
    return [f"{finding.rule} {finding.message}" for finding in findings if finding.rule != "A08"]


CASES = sorted(path.name for path in drafts.CASES.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_workbooks_of_other_hands_give_the_reviewed_template(case: str, tmp_path: Path) -> None:
    """The files of a case were read through by a person: a change in them is to be read again."""
    source = drafts.workbook_of(drafts.CASES / case, tmp_path / f"{case}.xlsx")
    api.draft(source, tmp_path / "起草")
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "起草").iterdir()}
    reviewed = {path.name: path.read_text(encoding="utf-8") for path in (drafts.CASES / case).glob("*.toml")}
    assert written == reviewed


@pytest.mark.parametrize("case", CASES)
def test_workbooks_of_other_hands_agree_with_their_draft(case: str, tmp_path: Path) -> None:
    source = drafts.workbook_of(drafts.CASES / case, tmp_path / f"{case}.xlsx")
    api.draft(source, tmp_path / "起草")
    assert wrong_cells(source, str(tmp_path / "起草")) == []


@pytest.mark.parametrize("case", CASES)
def test_drafts_of_other_hands_lint_clean(case: str, tmp_path: Path) -> None:
    source = drafts.workbook_of(drafts.CASES / case, tmp_path / f"{case}.xlsx")
    api.draft(source, tmp_path / "起草")
    assert lint_errors(tmp_path / "起草") == []


@pytest.mark.parametrize("case", CASES)
def test_a_new_workbook_of_a_draft_gives_the_same_draft_again(case: str, tmp_path: Path) -> None:
    """What is written from a draft has the same tables: nothing was lost on the way. (No project, no form about it.)"""
    drafts.workbook_of(drafts.CASES / case, tmp_path / f"{case}.xlsx")
    api.draft(tmp_path / f"{case}.xlsx", tmp_path / "起草")
    first = load(tmp_path / "起草")
    xltool.new(str(tmp_path / "起草"), tmp_path / "新的.xlsx")
    api.draft(tmp_path / "新的.xlsx", tmp_path / "再起草")
    again = load(tmp_path / "再起草")
    written = [table for table in first.tables.values() if not table.each or first.members["project"]]
    assert [shape(table) for table in again.tables.values()] == [shape(table) for table in written]


def test_rows_below_a_blank_heading_are_read(tmp_path: Path) -> None:
    """自评表 prints no heading above 年度资金总额, only 项目资金 on the left of both."""
    source = drafts.workbook_of(drafts.CASES / "自评表和申报表", tmp_path / "表.xlsx")
    api.draft(source, tmp_path / "起草")
    found = budgets.amounts(xltool.read(source, str(tmp_path / "起草")))
    assert found[budgets.key("项目支出绩效自评表", "智慧城市建设/财政拨款", "年初预算数")] == Decimal("100.5")


def test_rows_that_are_not_understood_are_told(tmp_path: Path) -> None:
    source = drafts.workbook_of(drafts.CASES / "自评表和申报表", tmp_path / "表.xlsx")
    doubts = api.draft(source, tmp_path / "起草").doubts
    assert "项目支出绩效自评表：工作表“自评表”的第 16 行没有认出，没有写进模板，请补写。" in doubts


def test_a_workbook_without_a_department_is_told_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = drafts.workbook_of(drafts.CASES / "自评表和申报表", tmp_path / "表.xlsx")
    api.draft(source, tmp_path / "起草")
    template = ["--template", str(tmp_path / "起草")]
    assert main(["check", str(source), "--dry-run", *template]) == 0
    assert main(["read", str(source), "-o", str(tmp_path / "数.csv"), *template]) == 0
    told = capsys.readouterr().out
    assert "（起草）　2025 年　万元" in told
    assert "--unit" not in told


def shape(table: Table) -> list[Any]:
    """Columns and rows; a blank workbook does not tell 其中 from 合计, so sums are left out, and shows nothing of rows
    that may be added between others."""
    return [
        (
            block.place,
            [(column.path, column.kind) for column in block.columns],
            [row_shape(row) for row in block.rows if len(block.rows) == 1 or not (row.optional and row.each == "item")],
        )
        for block in table.blocks
    ]


def row_shape(row: Row) -> tuple[Any, ...]:
    return (row.id or row.each, row.label, [row_shape(below) for below in row.rows])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return drafts.workbook_of(drafts.CASES / "没有合并单元格", tmp_path / "预算.xlsx")


def test_a_folder_with_files_is_not_overwritten(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "模板"
    target.mkdir()
    (target / "我的笔记.txt").write_text("要紧的", encoding="utf-8")
    with pytest.raises(FileRefused, match="里已有文件：请换一个文件夹，或加 --force"):
        api.draft(source, target)
    with pytest.raises(FileRefused, match="有模板以外的文件，不能覆盖"):
        api.draft(source, target, force=True)
    assert [path.name for path in target.iterdir()] == ["我的笔记.txt"]


def test_an_earlier_template_is_replaced_only_when_asked(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "模板"
    api.draft(source, target)
    (target / "99-旧表.toml").write_text("id = 1", encoding="utf-8")
    with pytest.raises(FileRefused, match="已有文件"):
        api.draft(source, target)
    api.draft(source, target, force=True)
    assert sorted(path.name for path in target.iterdir()) == [
        *("01-收支预算表.toml", "02-项目支出预算表.toml", "rules.toml", "template.toml"),
    ]


def test_an_empty_folder_and_missing_ones_above_are_used(source: Path, tmp_path: Path) -> None:
    (tmp_path / "空的").mkdir()
    api.draft(source, tmp_path / "空的")
    api.draft(source, tmp_path / "新的" / "模板")
    assert (tmp_path / "空的" / "template.toml").is_file()
    assert (tmp_path / "新的" / "模板" / "template.toml").is_file()


def test_nothing_is_left_behind_when_it_cannot_be_written(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(FileRefused, match="磁盘空间不足"):
        api.draft(source, tmp_path / "模板")
    assert sorted(tmp_path.iterdir()) == before


def test_workbook_without_tables_is_refused(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "某市教育局2024年部门预算公开"
    workbook.save(tmp_path / "封面.xlsx")
    with pytest.raises(TableNotFound, match="“封面.xlsx”里没有找到表"):
        api.draft(tmp_path / "封面.xlsx", tmp_path / "模板")
    assert not (tmp_path / "模板").exists()


def test_hidden_sheets_are_left_out(source: Path, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(source)
    workbook["Sheet2"].sheet_state = "hidden"
    workbook.save(source)
    assert [table.title for table in api.draft(source, tmp_path / "模板").tables] == ["{year}年{department}收支预算表"]


def test_the_account_names_tables_guesses_and_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = drafts.workbook_of(drafts.CASES / "某市公开表", tmp_path / "公开.xlsx")
    assert main(["templates", "draft", str(source), "-o", str(tmp_path / "模板")]) == 0
    told = capsys.readouterr().out
    assert "清江市教育局，2024 年，金额单位：元，3 张表。" in told
    for sentence in (
        "支出总表：“合计”栏、“合计”行的相加办法由数字推得，请核对。",
        "“三公”经费支出表：单位是万元，其他表是元，已写在这张表的 amount_unit 里。",
        "没有表的工作表，没有写进模板：封面、目录。",
        "rules.toml：3 条表与表之间的规则（Z01 起）由数字推得，请核对。",
        "打印设置、边框、字体不写在模板里",
        f'xltool templates lint "{tmp_path / "模板"}"',
        f'xltool check "{source}" --template "{tmp_path / "模板"}" --dry-run',
    ):
        assert sentence in told


def test_drafting_the_same_workbook_twice_writes_the_same_files(source: Path, tmp_path: Path) -> None:
    api.draft(source, tmp_path / "一")
    api.draft(source, tmp_path / "二")
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("一", "二"))
    assert one == two


@pytest.mark.parametrize("styles", ["<styleSheet><fonts></styleSheet>", "<styleSheet", "<a>&#xD800;</a>", ""])
def test_a_workbook_whose_styles_are_broken_is_refused(styles: str, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "预算.xlsx", {**handmade(), "xl/styles.xml": styles})
    with pytest.raises(FileRefused):
        api.draft(path, tmp_path / "起草")
    assert list(tmp_path.iterdir()) == [path]
