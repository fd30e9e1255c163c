"""`xltool merge`: many units become one workbook of the same format."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import PINGSHAN, QINGLONG, SHENZHEN, WHOLE, published
from tests.cli.commands import run
from tests.merge.unit_workbooks import DEPARTMENT, amounts, as_unit, in_fen, unit_facts, write_unit
from xltool import api
from xltool.api.batches import Job
from xltool.api.units.unit_files import unit_file
from xltool.merge.consolidation import State
from xltool.merge.unit_file import UnitFile
from xltool.model import FactKey, Severity

UNITS = ("青山局本级", "甲中心", "乙站")


def send(folder: Path, template: str, names: tuple[str, ...] = UNITS) -> list[Path]:
    return [write_unit(folder, template, name, unit_facts(template, name, i + 1)) for i, name in enumerate(names)]


def total(path: Path) -> Decimal:
    """收入总计 in the amount unit of the workbook."""
    return next(value for key, value in amounts(path).items() if key.row == ("收入总计",))


@pytest.mark.parametrize("template", WHOLE)
def test_the_total_is_that_of_all_units_and_every_rule_holds(template: str, tmp_path: Path) -> None:
    files = send(tmp_path, template)
    target = tmp_path / "汇总.xlsx"
    consolidation = api.merge(files, target, name=DEPARTMENT)
    assert consolidation.is_complete
    assert total(target) == sum(total(file) for file in files)
    report = xltool.check(xltool.read(target))
    assert [str(finding.statement) for finding in report.findings] == []


@pytest.mark.parametrize("template", WHOLE)
@pytest.mark.parametrize("amount_unit", ["元", "万元"])
def test_units_in_yuan_and_in_ten_thousand_yuan_add_up_exactly(template: str, amount_unit: str, tmp_path: Path) -> None:
    facts = unit_facts(template, "甲中心", 7)
    files = [
        write_unit(tmp_path, template, "甲中心", facts),
        write_unit(tmp_path, template, "乙站", in_fen(unit_facts(template, "乙站", 3)), "元"),
    ]
    target = tmp_path / "汇总.xlsx"
    api.merge(files, target, name=DEPARTMENT, amount_unit=amount_unit)
    in_yuan = 10_000 * total(files[0]) + total(files[1])
    assert total(target) == (in_yuan if amount_unit == "元" else in_yuan / 10_000)
    assert xltool.check(xltool.read(target)).is_clean


def test_a_unit_with_errors_stops_the_merge_unless_allowed(tmp_path: Path) -> None:
    send(tmp_path, QINGLONG, UNITS[:2])
    wrong = unit_facts(QINGLONG, "乙站", 1)
    wrong[FactKey("支出总表", ("合计",), ("合计",))] = Decimal(1)
    write_unit(tmp_path, QINGLONG, "乙站", wrong)
    target = tmp_path / "结果" / "汇总.xlsx"
    target.parent.mkdir()
    refused = run(["merge", str(tmp_path), "-o", str(target), "--name", DEPARTMENT])
    assert refused.exit_code == 2 and "“乙站”（乙站.xlsx）有" in refused.stderr and not target.exists()
    allowed = run(["merge", str(tmp_path), "-o", str(target), "--name", DEPARTMENT, "--allow-errors"])
    assert allowed.exit_code == 1 and target.exists()


def test_units_of_two_formats_are_refused(tmp_path: Path) -> None:
    send(tmp_path, QINGLONG, UNITS[:1])
    send(tmp_path, PINGSHAN, UNITS[1:])
    refused = run(["merge", str(tmp_path), "-o", str(tmp_path / "汇总.xlsx"), "--name", DEPARTMENT])
    assert refused.exit_code == 2
    assert "属于不同的模板" in refused.stderr and "青山局本级.xlsx" in refused.stderr


@pytest.mark.parametrize("template", [PINGSHAN, SHENZHEN])
def test_what_rounding_explains_in_each_unit_it_explains_in_all_of_them(template: str, tmp_path: Path) -> None:
    """The published budgets of these print whole 万元: what is off by 1 in each of three units is off by 3."""
    files = []
    for name in UNITS:
        files.append(write_unit(tmp_path, template, name, as_unit(published(template), template, name)))
    target = tmp_path / "汇总.xlsx"
    api.merge(files, target, name=DEPARTMENT, allow_errors=True)
    alone, together = (
        {f.rule for f in xltool.check(xltool.read(path)).findings if f.severity is Severity.ERROR}
        for path in (files[0], target)
    )
    assert together <= alone


def test_of_many_units_the_checks_tell_what_concerns_more_than_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, target = send(tmp_path, PINGSHAN), tmp_path / "汇总.xlsx"
    of_each = check_rows(files, target)
    monkeypatch.setattr("xltool.excel.write.checks.lines._MOST_UNITS", 2)
    of_all = check_rows(files, target)
    assert of_all < of_each
    assert all(any(unit in line for unit in UNITS) for line in of_each - of_all)
    inequalities = {line for line in of_each if line.startswith(("A14.", "X19."))}
    assert inequalities
    assert not inequalities & of_all
    assert xltool.check(xltool.read(target)).is_clean


def check_rows(files: list[Path], target: Path) -> set[str]:
    """Rule and what it is about of each line of 校验, in a 汇总 of these files."""
    api.merge(files, target, name=DEPARTMENT)
    sheet = openpyxl.load_workbook(target)["校验"]
    return {f"{row[0]} {row[2]} {row[3]}" for row in sheet.iter_rows(5, values_only=True)}


def test_no_formula_is_longer_than_excel_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.excel.write.cells.LONGEST_FORMULA", 60)
    target = tmp_path / "汇总.xlsx"
    api.merge(send(tmp_path, PINGSHAN), target, name=DEPARTMENT)
    sheets = openpyxl.load_workbook(target).worksheets
    texts = [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert max(map(len, texts)) <= 61  # with the "="
    assert total(target) == sum(total(tmp_path / f"{unit}.xlsx") for unit in UNITS)


def deadly(job: Job, template: str | None, templates: Path | None) -> UnitFile:
    """What a process does with a file, if 甲中心 has sent one that ends it."""
    if job.name == "甲中心.xlsx":
        os._exit(1)
    return unit_file(job, template, templates)


def test_of_few_files_too_one_that_ends_its_process_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, target = send(tmp_path, QINGLONG), tmp_path / "汇总.xlsx"
    monkeypatch.setattr("xltool.api.units.unit_files.unit_file", deadly)
    lines = {line.sent.name: line for line in api.merge(files, target, name=DEPARTMENT).lines if line.sent}
    assert {name: line.state for name, line in lines.items()} == {
        "青山局本级.xlsx": State.MERGED,
        "乙站.xlsx": State.MERGED,
        "甲中心.xlsx": State.UNREADABLE,
    }
    assert "甲中心.xlsx：处理它的进程意外中止" in lines["甲中心.xlsx"].note


def test_a_script_that_does_not_guard_itself_merges_too(tmp_path: Path) -> None:
    send(tmp_path, QINGLONG)
    script = tmp_path / "汇总.py"
    script.write_text("import xltool\nprint(len(xltool.api.merge(['.'], '汇总.xlsx', name='编造局').lines))\n", "utf-8")
    done = subprocess.run([sys.executable, script.name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")
