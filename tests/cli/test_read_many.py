"""`xltool read` of many workbooks: every figure with its unit, its file, its cell and its amount in 元."""

from __future__ import annotations

import csv
import io
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from pyarrow import parquet

import xltool
from tests import edited_budgets
from tests.budgets import LONGGANG, PINGSHAN, QINGLONG, filled
from tests.cli.commands import run
from xltool.api import batches
from xltool.api.processes import pool
from xltool.layout.long_table import Line
from xltool.model import FactKey, format_path


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A folder with the workbooks of three units in three formats, one of them in a folder of its own."""
    (inner := tmp_path / "单位" / "下属").mkdir(parents=True)
    filled(QINGLONG, inner)
    filled(PINGSHAN, inner.parent)
    filled(LONGGANG, inner.parent)
    return inner.parent


def table(path: Path) -> list[Line]:
    """The lines of a table in Parquet."""
    return [Line(**row) for row in parquet.read_table(path).to_pylist()]


def test_a_folder_becomes_one_table(units: Path, tmp_path: Path) -> None:
    done = run(["read", str(units), "-o", str(tmp_path / "数.parquet")])
    lines = table(tmp_path / "数.parquet")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"已写出 {len(lines)} 行，来自 3 个工作簿：{tmp_path / '数.parquet'}\n"
    assert [*dict.fromkeys((Path(line.file).name, line.template, line.year) for line in lines)] == [
        ("longgang-2024.xlsx", LONGGANG, 2024),
        ("pingshan-2023.xlsx", PINGSHAN, 2023),
        ("qinglong-2024.xlsx", QINGLONG, 2024),
    ]
    units_told = {(line.unit_code, line.unit) for line in lines if line.template == QINGLONG}
    assert units_told == {("202", "202青龙满族自治县信访局")}


@pytest.mark.parametrize("name", [QINGLONG, PINGSHAN])
def test_every_fact_is_a_line(name: str, tmp_path: Path) -> None:
    path = filled(name, tmp_path)
    assert run(["read", str(path), "-o", str(tmp_path / "数.parquet")]).exit_code == 0
    found = {(one.table, one.row, one.column): one for one in table(tmp_path / "数.parquet")}
    facts = xltool.read(path).facts
    assert {place: one.text if one.value is None else one.value for place, one in found.items()} == {
        (key.table, format_path(key.row), format_path(key.column)): fact.value for key, fact in facts.items()
    }
    cells = {place: (one.sheet, one.cell) for place, one in found.items()}
    assert all(
        cells[key.table, format_path(key.row), format_path(key.column)] == (fact.cell.sheet, fact.cell.a1)
        for key, fact in facts.items()
        if fact.cell is not None
    )
    assert {one.kind for one in found.values()} >= {"amount", "text"} - ({"text"} if name == QINGLONG else set())


def test_yuan_and_wan_yuan_are_both_given_in_yuan(tmp_path: Path) -> None:
    key = FactKey("支出总表", ("2014001",), ("基本支出",))
    for unit, amount in (("元", "1234567.89"), ("万元", "123.456789")):
        xltool.fill(QINGLONG, {key: Decimal(amount)}, tmp_path / f"{unit}.xlsx", unit=f"{unit}局", amount_unit=unit)
    assert run(["read", str(tmp_path), "-o", str(tmp_path / "数.parquet")]).exit_code == 0
    lines = [one for one in table(tmp_path / "数.parquet") if (one.table, one.row) == ("支出总表", "2014001")]
    found = {(one.unit, one.value, one.amount_unit, one.yuan) for one in lines if one.column == "基本支出"}
    assert found == {
        ("元局", Decimal("1234567.89"), "元", Decimal("1234567.89")),
        ("万元局", Decimal("123.456789"), "万元", Decimal("1234567.89")),
    }


def test_what_is_no_figure_is_told_and_is_no_zero(tmp_path: Path) -> None:
    budget = edited_budgets.ours(tmp_path)
    budget["支出总表"]["E9"], budget["支出总表"]["F9"] = "2000万", "=VLOOKUP(1,A:B,2)"
    (folder := tmp_path / "单位").mkdir()
    budget.save(folder / "一局.xlsx")
    done = run(["read", str(folder), "-o", str(tmp_path / "数.parquet")])
    assert "其中 2 格应填数而不是数：value 空着，格里的内容写在 text 栏。" in done.stdout
    unread = [line for line in table(tmp_path / "数.parquet") if line.is_unread]
    assert [(one.cell, one.yuan, one.text) for one in unread] == [
        ("E9", None, "2000万"),
        ("F9", None, "=VLOOKUP(1,A:B,2)"),
    ]


def test_a_file_that_cannot_be_read_costs_no_other(units: Path, tmp_path: Path) -> None:
    (units / "坏的.xlsx").write_text("not a workbook")
    (units / "旧的.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    done = run(["read", str(units), "-o", str(tmp_path / "数.parquet")])
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 2
    assert "“坏的.xlsx”" in done.stderr
    assert "“旧的.xls”" in done.stderr
    assert "来自 3 个工作簿" in done.stdout
    assert "没能读 2 个文件，原因见上。" in done.stdout
    assert len({line.file for line in table(tmp_path / "数.parquet")}) == 3


def test_nothing_is_written_when_no_file_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "坏的.xlsx").write_text("not a workbook")
    (target := tmp_path / "数.sqlite").write_bytes(b"old")
    done = run(["read", str(tmp_path), "-o", str(target), "--force"])
    assert done.exit_code == 2
    assert "一个工作簿也没有读成，没有写" in done.stderr
    assert target.read_bytes() == b"old"


def test_a_figure_that_does_not_fit_is_told_and_costs_one_file(units: Path, tmp_path: Path) -> None:
    budget = edited_budgets.ours(tmp_path)
    budget["支出总表"]["E9"] = "0.0000000000000000001"
    budget.save(units / "零头.xlsx")
    done = run(["read", str(units), "-o", str(tmp_path / "数.parquet")])
    assert done.exit_code == 2
    assert re.match(r"零头\.xlsx：.*![A-Z]+\d+ 的数 \S+0{15}1 位数太多", done.stderr)
    assert "来自 3 个工作簿" in done.stdout
    assert run(["read", str(units), "-o", str(tmp_path / "数.csv")]).exit_code == 0


def test_several_processes_write_what_one_writes(units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (units / "坏的.xlsx").write_text("not a workbook")
    monkeypatch.setattr(batches, "_PARALLEL_FROM", 2)
    texts, sentences = [], []
    for processes in (2, 1):
        monkeypatch.setattr(pool, "processors", lambda processes=processes: processes)
        done = run(["read", str(units), "-o", str(tmp_path / "数.csv"), "--force"])
        texts.append((tmp_path / "数.csv").read_bytes())
        sentences.append(done.stderr)
    assert texts[0] == texts[1]
    assert sentences[0] == sentences[1]


def test_several_files_are_shown_as_one_table(units: Path, tmp_path: Path) -> None:
    done = run(["read", str(units)])
    run(["read", str(units), "-o", str(tmp_path / "数.csv")])
    assert done.stdout.encode("utf-8-sig") == (tmp_path / "数.csv").read_bytes()
    assert next(csv.reader(io.StringIO(done.stdout))) == [*Line._fields]


def test_a_table_written_before_is_no_workbook_of_a_unit(units: Path) -> None:
    for _ in range(2):
        done = run(["read", str(units), "-o", str(units / "全部.xlsx"), "--force"])
        assert (done.exit_code, done.stderr) == (0, "")


def test_one_file_in_a_folder_gives_a_table_with_its_unit(tmp_path: Path) -> None:
    (folder := tmp_path / "单位").mkdir()
    file = filled(QINGLONG, folder)
    run(["read", str(folder), "-o", str(tmp_path / "单位.csv")])
    run(["read", str(file), "-o", str(tmp_path / "数.csv")])
    headings = [(tmp_path / name).read_text(encoding="utf-8-sig").partition("\n")[0] for name in ("单位.csv", "数.csv")]
    assert headings == [",".join(Line._fields), "table,row,column,value,sheet,cell"]


def test_one_unit_of_the_table_can_be_filled_in_again(units: Path, tmp_path: Path) -> None:
    run(["read", str(units), "-o", str(tmp_path / "数.csv")])
    with (tmp_path / "数.csv").open(encoding="utf-8-sig", newline="") as file:
        heading, *lines = csv.reader(file)
    with (tmp_path / "一个.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([heading, *(line for line in lines if line[heading.index("template")] == PINGSHAN)])
    assert run(["fill", PINGSHAN, str(tmp_path / "一个.csv"), "-o", str(tmp_path / "再填.xlsx")]).exit_code == 0
    facts = [xltool.read(file).facts for file in (units / f"{PINGSHAN}.xlsx", tmp_path / "再填.xlsx")]
    assert [[(fact.key, fact.value) for fact in one.values()] for one in facts[:1]] == [
        [(fact.key, fact.value) for fact in one.values()] for one in facts[1:]
    ]


def test_the_target_is_refused_before_anything_is_read(units: Path, tmp_path: Path) -> None:
    shutil.copy(filled(QINGLONG, tmp_path), units / "坏的.xlsx")
    for target, sentence in ((tmp_path / "无" / "数.csv", "不存在"), (tmp_path / "数.txt", "结尾")):
        done = run(["read", str(units), "-o", str(target)])
        assert done.exit_code == 2
        assert [sentence in line for line in done.stderr.splitlines()] == [True]


@pytest.mark.parametrize("is_one", [True, False])
def test_a_workbook_to_be_read_is_not_written_over(is_one: bool, units: Path) -> None:
    target = units / f"{PINGSHAN}.xlsx"
    before = target.read_bytes()
    done = run(["read", str(target if is_one else units), "-o", str(target), "--force"])
    assert (done.exit_code, target.read_bytes()) == (2, before)
    assert "是要读的工作簿，不能写在它上面：请在 -o 后面换一个文件名。" in done.stderr
