"""A 汇总 of many units has their figures in a second file, and `trace` goes on there."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest

from tests.api.processes.pool_tasks import work
from tests.budgets import QINGLONG
from tests.cli.commands import run
from tests.merge.test_merge import UNITS, send
from tests.merge.unit_workbooks import DEPARTMENT
from xltool import api
from xltool.errors import FileRefused
from xltool.merge.sheets.working_paper import HEADING_ROW
from xltool.source.our_sheets import WORKING_PAPER


@pytest.fixture(params=[".xlsx", ".csv"])
def table(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The second file beside a 汇总 of more units than have a column each, in either form; merged once."""
    name = f"汇总-各单位{request.param}"
    monkeypatch.setattr("xltool.merge.adding.columns.MOST_UNITS", 2)
    if request.param == ".csv":
        monkeypatch.setattr("xltool.merge.sheets.unit_table.MOST_LINES", 10)
    for file, content in _merged(name).items():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return tmp_path / name


@cache
def _merged(name: str) -> dict[str, bytes]:
    """The 汇总, the second file of this name, and the workbooks of the units, below one folder."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "单位").mkdir()
        api.merge(send(folder / "单位", QINGLONG), folder / "汇总.xlsx", name=DEPARTMENT)
        files = ["汇总.xlsx", name, *(f"单位/{unit}.xlsx" for unit in UNITS)]
        return {file: (folder / file).read_bytes() for file in files}


def lines(table: Path) -> list[dict[str, str]]:
    if table.suffix == ".csv":
        with table.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    heads, *rows = openpyxl.load_workbook(table).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), ("" if one is None else str(one) for one in row), strict=True)) for row in rows]


def told(table: Path) -> str:
    result = run(["trace", str(table.with_name("汇总.xlsx")), "支出总表!E9"])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_it_has_what_the_working_paper_adds_up(table: Path) -> None:
    paper = openpyxl.load_workbook(table.with_name("汇总.xlsx"), data_only=True)[WORKING_PAPER]
    assert [one.value for one in paper[HEADING_ROW]][4:8] == ["各单位", "合计", "抵销", "抵销后"]
    assert f"“{table.name}”" in str(paper["A2"].value)
    assert paper.cell(HEADING_ROW, 5).hyperlink.target == table.name
    of_unit: dict[str, Decimal] = {}
    for line in lines(table):
        of_unit[line["unit"]] = of_unit.get(line["unit"], Decimal(0)) + Decimal(line["yuan"] or line["value"])
    assert set(of_unit) == set(UNITS)
    rows = paper.iter_rows(HEADING_ROW + 1, values_only=True)
    assert float(sum(of_unit.values())) == pytest.approx(sum(float(str(row[7])) for row in rows))


def test_trace_goes_on_to_the_units(table: Path) -> None:
    found = [line.split() for line in told(table).splitlines()[4:7]]
    assert [(line[0], line[2], line[3]) for line in found] == [
        (unit, f"单位/{unit}.xlsx", "支出总表!E9") for unit in UNITS
    ]
    assert "没有写文件" not in told(table)


@pytest.mark.parametrize("change", ["gone", "of another 汇总"])
def test_without_it_only_the_sum_is_known(change: str, table: Path) -> None:
    if change == "gone":
        table.unlink()
    elif table.suffix == ".csv":
        table.write_text("".join(table.read_text(encoding="utf-8-sig").splitlines(True)[:20]), encoding="utf-8")
    else:
        workbook = openpyxl.load_workbook(table)
        workbook.worksheets[0].delete_rows(20, 9999)
        workbook.save(table)
    text = told(table)
    assert text.splitlines()[4].split()[0] == "各单位"
    assert f"各单位的数在同一次汇总写出的“{table.name}”里：请把它放在汇总旁边。" in text


def test_what_is_no_table_is_refused(table: Path) -> None:
    table.write_bytes(b"PK\x03\x04\xff")
    result = run(["trace", str(table.with_name("汇总.xlsx")), "支出总表!E9"])
    if table.suffix == ".xlsx":
        assert (result.exit_code, result.stderr.strip()) == (2, f"读不出“{table.name}”：请用汇总时写出的原文件。")
    else:
        assert "没有写文件的一项" in result.stdout


def test_merge_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.merge.adding.columns.MOST_UNITS", 2)
    files = send(tmp_path, QINGLONG)
    target = tmp_path / "结果" / "汇总.xlsx"
    target.parent.mkdir()
    result = run(["merge", *map(str, files), "--name", DEPARTMENT, "-o", str(target)])
    assert f"单位太多，各单位的数另外列在：{target.with_name('汇总-各单位.xlsx')}" in result.stdout
    assert result.exit_code == 0


def test_a_file_of_somebody_else_is_not_replaced(table: Path) -> None:
    target = table.with_name("汇总.xlsx")
    files = sorted((table.parent / "单位").iterdir())
    api.merge(files, target, name=DEPARTMENT)  # its own is
    target.unlink()
    content = table.read_bytes()
    with pytest.raises(FileRefused, match="已经存在，而各单位的数要写在这里"):
        api.merge(files, target, name=DEPARTMENT)
    assert table.read_bytes() == content
    assert not target.exists()


def test_nothing_is_written_beside_a_target_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.merge.adding.columns.MOST_UNITS", 2)
    files = send(tmp_path, QINGLONG)
    (tmp_path / "~$汇总.xlsx").touch()
    with pytest.raises(FileRefused, match="正被打开"):
        api.merge(files, tmp_path / "汇总.xlsx", name=DEPARTMENT)
    assert not [*tmp_path.glob("汇总*")]


def no_bytes(*_: object) -> bytes:
    raise FileRefused("意外中止")


@pytest.mark.parametrize(
    ("what", "fails"), [("api.units.unit_tables._write", work), ("merge.sheets.write.consolidation_bytes", no_bytes)]
)
def test_neither_file_is_replaced_when_one_cannot_be_made(
    what: str, fails: object, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = table.with_name("汇总.xlsx")
    before = target.read_bytes(), table.read_bytes()
    files = sorted((table.parent / "单位").iterdir())
    monkeypatch.setattr(f"xltool.{what}", fails)  # `work` cannot make anything of what it is given
    with pytest.raises(FileRefused, match="意外中止"):
        api.merge(files, target, name=DEPARTMENT)
    assert (target.read_bytes(), table.read_bytes()) == before
    assert {file.name for file in target.parent.iterdir()} == {"单位", target.name, table.name}
