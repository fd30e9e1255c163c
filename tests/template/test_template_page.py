"""Whoever follows docs/写模板.md word for word gets a format that lints clean, can be filled, and finds mistakes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests import ROOT
from xltool.cli import main
from xltool.library import load_template

PAGE = (ROOT / "docs" / "写模板.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`([^`\n]+/[^`\n]+\.toml)`[^\n]*\n\n```toml\n(.*?)```", PAGE, re.DOTALL))
MORE_RULES: list[str] = re.findall(r"```toml\n(\[\[rule\]\].*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\$ xltool (.*)$", PAGE, re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the page tells to write, which is where one stands."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        more = MORE_RULES if path.name == "rules.toml" else []
        path.write_text("\n".join([text, *more]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_file_of_the_example_is_on_the_page() -> None:
    listed = re.search(r"```\n(某县-2025)/\n(.*?)```", PAGE, re.DOTALL)
    assert listed is not None
    assert {f"{listed[1]}/{line.split()[0]}" for line in listed[2].splitlines()} == set(FILES)


def test_the_commands_on_the_page_work(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(COMMANDS) >= 4
    for command in COMMANDS:
        assert main(shlex.split(command)) == 0, (command, capsys.readouterr())
    output = capsys.readouterr()
    assert output.err == ""
    assert "没有错误，可以使用" in output.out.split("已生成")[0]  # what lint says
    assert "收支总表的每一类支出等于支出总表的同一类" in output.out


def test_a_rule_for_several_rows_on_the_page_is_one_for_each(folder: Path) -> None:
    rules = load_template(str(folder / "某县-2025")).rules
    assert [rules[name].name for name in ("Y06.1", "Y06.2")] == ["因公出国（境）费不超过上年", "公务接待费不超过上年"]


def test_no_row_with_a_label_is_lower_than_its_text(folder: Path) -> None:
    """A spare row closes the 支出 beside “三、上年结转”: it is not made low."""
    xltool.new(str(folder / "某县-2025"), folder / "预算.xlsx")
    sheet = openpyxl.load_workbook(folder / "预算.xlsx")["收支总表"]
    labelled = [row for row in range(1, sheet.max_row + 1) if any(cell.value for cell in sheet[row])]
    heights = [sheet.row_dimensions[row].height for row in labelled]
    assert all(height is None or height > 12 for height in heights)


def test_a_workbook_of_the_example_finds_a_mistake(folder: Path) -> None:
    name, path = str(folder / "某县-2025"), folder / "预算.xlsx"
    xltool.new(name, path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["支出总表"]
    rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    sheet.cell(rows["2014001"], 4, 90)
    sheet.cell(rows["2080505"], 4, 10)
    costs = workbook["三公经费表"]
    for column in (2, 3):
        costs.cell({costs.cell(row, 1).value: row for row in range(1, 12)}["三、公务接待费"], column, 1)
    income = workbook["收支总表"]
    places = {income.cell(row, 1).value: row for row in range(1, income.max_row + 1)}
    income.cell(places["一、财政拨款收入"], 2, 100)
    workbook.save(path)
    assert xltool.check(xltool.read(path, name)).is_clean
    income.cell(places["一、财政拨款收入"], 2, 101)
    workbook.save(path)
    assert [finding.rule for finding in xltool.check(xltool.read(path, name)).findings] == ["X01"]
