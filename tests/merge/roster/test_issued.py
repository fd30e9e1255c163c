"""Blank workbooks for the units of a roster: what is in them, and that each is known again whatever its name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

import xltool
from made_up.figures import agreeing
from tests.budgets import SAMPLES
from tests.cli.commands import run
from tests.saved_lists import save_list
from xltool.layout.choice import has_units
from xltool.layout.layout import Layout
from xltool.merge.roster.identity import Identity, identity
from xltool.merge.roster.issue import file_names
from xltool.merge.roster.roster import RosterUnit
from xltool.model import Severity
from xltool.template.loader import template_names

HEADINGS = ["单位编码", "单位名称", "上级单位", "类型"]
ROWS = [
    HEADINGS,
    ["023", "区信访局", "", "汇总"],
    ["023001", "区信访局本级", "023", ""],
    ["023002", "来访接待中心", "023", ""],
]


def roster(folder: Path, rows: Sequence[Sequence[str]] = ROWS) -> str:
    return str(save_list(folder, rows, "CSV"))


def fill_in(workbook: Workbook, layout: Layout) -> None:
    """Type figures that agree into every input."""
    filled = agreeing(layout)
    for place, value in filled.values.items():
        cell = layout.cell(place)
        if cell is not None and place not in filled.live and isinstance(value, Decimal):
            workbook[cell.sheet][cell.a1].value = float(value)


@pytest.mark.parametrize("template", template_names())
def test_a_filled_in_workbook_is_clean_and_its_unit_is_known(template: str, tmp_path: Path) -> None:
    folder, sent = tmp_path / "单位", tmp_path / "副本 (2).xlsx"
    done = run(["new", template, "--roster", roster(tmp_path), "-o", str(folder)])
    assert done.exit_code == 0
    assert sorted(file.name for file in folder.iterdir()) == ["023001区信访局本级.xlsx", "023002来访接待中心.xlsx"]
    blank = xltool.read(folder / "023002来访接待中心.xlsx")
    assert blank.outline.members["unit"] == ("来访接待中心",)
    assert blank.outline.department == ("区信访局" if has_units(blank.template) else "来访接待中心")
    workbook = openpyxl.load_workbook(folder / "023002来访接待中心.xlsx")
    fill_in(workbook, blank.layout)
    workbook.save(sent)
    book = xltool.read(sent)
    assert book.values
    assert [finding for finding in xltool.check(book).findings if finding.severity is Severity.ERROR] == []
    department = "区信访局" if has_units(book.template) else ""
    assert identity(book) == Identity("023002", "来访接待中心", department, units=1)


def test_what_is_chosen_holds_for_every_unit(tmp_path: Path) -> None:
    chosen = ["--year", "2026", "--amount-unit", "元", "--subjects", "2050101", "--projects", "接访"]
    arguments = ["new", "pingshan-2023", "--roster", roster(tmp_path), "-o", str(tmp_path / "单位"), *chosen]
    assert run(arguments).exit_code == 0
    for file in (tmp_path / "单位").iterdir():
        book = xltool.read(file)
        name = book.noted["unit"]
        assert (book.outline.year, book.outline.amount_unit) == (2026, "元")
        paths = [row.path for row in book.layout.tables["支出总表"].blocks[0].rows]
        assert paths == [("部门",), (name,), (name, "205"), (name, "20501"), (name, "2050101")]
        assert (name, "接访") in {row.path for row in book.layout.tables["项目支出总表"].blocks[0].rows}


def test_the_rows_of_every_unit_of_last_year_are_there(tmp_path: Path) -> None:
    """The department's own 汇总 of last year may be taken: its 科目 and projects come together below the one unit."""
    last = tmp_path / "去年.xlsx"
    facts = tmp_path / "数.csv"
    facts.write_text(
        "table,row,column,value\n"
        "项目支出总表,甲中心/接访,本年预算/总计,1\n"
        "项目支出总表,乙中心/维稳,本年预算/总计,1\n"
        "项目支出总表,乙中心/接访,本年预算/总计,1\n",
        "utf-8",
    )
    assert run(["fill", "pingshan-2023", str(facts), "-o", str(last)]).exit_code == 0
    arguments = ["new", "pingshan-2023", "--roster", roster(tmp_path), "-o", str(tmp_path), "--like", str(last)]
    assert run(arguments).exit_code == 0
    book = xltool.read(tmp_path / "023002来访接待中心.xlsx")
    assert book.outline.year == 2024
    paths = [row.path for row in book.layout.tables["项目支出总表"].blocks[0].rows]
    assert paths == [("部门",), ("来访接待中心",), ("来访接待中心", "接访"), ("来访接待中心", "维稳")]


def test_files_that_are_there_are_kept_without_force(tmp_path: Path) -> None:
    arguments = ["new", "longgang-selfeval-2021", "--roster", roster(tmp_path), "-o", str(tmp_path)]
    kept = tmp_path / "023002来访接待中心.xlsx"
    kept.write_text("mine")
    done = run(arguments)
    assert done.exit_code == 2
    assert done.stderr == f"“{tmp_path}”里已有“023002来访接待中心.xlsx”：请换一个文件夹，或加 --force 覆盖。\n"
    assert kept.read_text() == "mine"
    assert not (tmp_path / "023001区信访局本级.xlsx").exists()
    assert run([*arguments, "--force"]).exit_code == 0
    assert identity(xltool.read(kept)).code == "023002"


@pytest.mark.parametrize(
    ("rows", "options", "sentence"),
    [
        (ROWS, ["--unit", "某局"], "有 --roster 时单位名称来自名册：请去掉 --unit。"),
        ([HEADINGS, ["1", "甲局", "", ""]], [], "“名册.csv”里有单位没有上级单位，请给部门加一行（类型写“汇总”）"),
        ([HEADINGS, ["1", "甲局", "乙局", ""]], [], "第 3 行：名册里没有上级单位“乙局”"),
        (ROWS, ["-o", "名册.csv"], "“名册.csv”是一个文件：-o 后面请写文件夹。"),
    ],
)
def test_what_is_refused(
    rows: Sequence[Sequence[str]],
    options: Sequence[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(["new", "pingshan-2023", "--roster", roster(tmp_path, rows), "-o", "单位", *options])
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["名册.csv"]


def test_every_file_has_a_name_of_its_own_that_windows_takes() -> None:
    units = [
        RosterUnit("", "con"),
        RosterUnit("", "LPT1.局"),
        RosterUnit("01", 'a/b:c*?"<>|\\.'),
        RosterUnit("1", "X局"),
        RosterUnit("", "1x局"),
        RosterUnit("", "..."),
        RosterUnit("", "长" * 90),
        RosterUnit("", "长" * 91),
    ]
    assert [name.removesuffix(".xlsx") for name in file_names(units)] == [
        *("_con", "_LPT1.局", "01a／b：c＊？＂＜＞｜＼", "1X局", "1x局（2）", "_"),
        *("长" * 60, "长" * 60 + "（2）"),
    ]


def test_a_name_printed_otherwise_than_noted_is_told(tmp_path: Path) -> None:
    """A unit has taken another one's workbook and written its own name above the tables."""
    arguments = ["new", "qinglong-2024", "--roster", roster(tmp_path), "-o", str(tmp_path)]
    assert run(arguments).exit_code == 0
    file = tmp_path / "023002来访接待中心.xlsx"
    workbook = openpyxl.load_workbook(file)
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(max_row=4):
            for cell in row:
                if cell.value == "来访接待中心":
                    cell.value = "区信访局本级"
    workbook.save(file)
    assert identity(xltool.read(file)) == Identity("023002", "来访接待中心", printed="区信访局本级", units=1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("qinglong-2024", Identity("202", "202青龙满族自治县信访局")),
        ("shenzhen-2020", Identity("", "市信访局本级", "深圳市信访局", units=1)),
        ("longgang-2024", Identity("", "深圳市龙岗区信访局本级", "深圳市龙岗区信访局", units=1)),
    ],
)
def test_a_workbook_without_notes_is_of_the_unit_that_it_prints(name: str, expected: Identity) -> None:
    assert identity(xltool.read(SAMPLES / name / "预算.xlsx")) == expected


def test_a_rounded_workbook_is_of_the_same_unit(tmp_path: Path) -> None:
    arguments = ["new", "longgang-selfeval-2021", "--roster", roster(tmp_path), "-o", str(tmp_path)]
    assert run(arguments).exit_code == 0
    rounded = tmp_path / "舍位.xlsx"
    assert run(["round", str(tmp_path / "023002来访接待中心.xlsx"), "-o", str(rounded)]).exit_code == 0
    assert identity(xltool.read(rounded))[:2] == ("023002", "来访接待中心")
