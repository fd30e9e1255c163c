"""A long table in every form is read back as it was written, by what people read it with, figure by figure exactly."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from pyarrow import parquet

from xltool.collecting import parquet as our_parquet
from xltool.collecting.target import FORMS, form_of, long_table
from xltool.errors import FileRefused
from xltool.layout.long_table import Line

Rows = Sequence[tuple[object, ...]]

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\x85\ufffe\uffff"), max_size=12
)
FIGURES = st.integers(0, 18).flatmap(lambda places: st.decimals(-(10**15), 10**15, places=places))
LINES = st.builds(
    Line,
    unit=NAMES,
    unit_code=st.sampled_from(["", "020001"]),
    file=NAMES,
    year=st.integers(2000, 2099),
    template=NAMES,
    table=NAMES,
    row=NAMES,
    column=NAMES,
    kind=st.sampled_from(["amount", "text"]),
    value=st.none() | FIGURES,
    amount_unit=st.sampled_from(["元", "万元", ""]),
    yuan=st.none() | FIGURES,
    text=NAMES | st.sampled_from(["=SUM(A1)", "'+5", "人员\n公用"]),
    sheet=NAMES,
    cell=st.just("D7"),
)
PLAIN = Line("一局", "", "一.xlsx", 2024, "某市", "表", "行", "栏", "amount", None, "万元", None, "", "表", "D7")


def written(path: Path, *parts: Sequence[Line]) -> Path:
    with long_table(path) as write:
        for part in parts:
            write(part)
    return path


def from_parquet(path: Path) -> Rows:
    return [tuple(row.values()) for row in parquet.read_table(path).to_pylist()]


def from_sqlite(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as database:
        return [*database.execute("SELECT * FROM facts ORDER BY rowid")]


def from_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def from_json(path: Path) -> Rows:
    return [tuple(row.values()) for row in json.loads(path.read_text(encoding="utf-8"))]


def texts(lines: Iterable[Line]) -> Rows:
    """Figures as plain decimals."""
    return [tuple(f"{one:f}" if isinstance(one, Decimal) else one for one in line) for line in lines]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(LINES, max_size=3), max_size=3))
@example([[PLAIN._replace(value=Decimal("999999999999999.000000000000000001"), yuan=Decimal("9.99E+18"))]])
@example([])
def test_lines_are_read_back_as_they_were_written(parts: list[list[Line]]) -> None:
    lines = [line for part in parts for line in part]
    with TemporaryDirectory() as name:
        folder = Path(name)
        assert from_parquet(written(folder / "数.parquet", *parts)) == [tuple(line) for line in lines]
        assert from_sqlite(written(folder / "数.sqlite", *parts)) == texts(lines)
        assert from_json(written(folder / "数.json", *parts)) == texts(lines)
        fields: Rows = [tuple("" if field is None else str(field) for field in row) for row in texts(lines)]
        assert unguarded(from_csv(written(folder / "数.csv", *parts))) == fields


def unguarded(rows: Rows) -> Rows:
    """Without the apostrophe that keeps Excel from running a text as a formula."""
    return [tuple(str(field).removeprefix("'") if str(field) != "'" else field for field in row) for row in rows]


def test_a_sheet_has_numbers_and_texts(tmp_path: Path) -> None:
    line = PLAIN._replace(value=Decimal("-1.25"), yuan=Decimal("-12500.00"), text="=1+1", unit_code="020001")
    sheet = openpyxl.load_workbook(written(tmp_path / "数.xlsx", [line], [PLAIN])).worksheets[0]
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == Line._fields
    assert rows[1][1] == "020001"
    assert (rows[1][9], rows[1][11], rows[1][12]) == (-1.25, -12500, "=1+1")
    assert rows[2][9] is None
    assert sheet.auto_filter.ref == "A1:O3"


def test_a_text_like_the_code_of_a_character_stays(tmp_path: Path) -> None:
    line = PLAIN._replace(text="_x0041_ <&>")
    sheet = openpyxl.load_workbook(written(tmp_path / "数.xlsx", [line])).worksheets[0]
    assert unescape(sheet["M2"].value) == "_x0041_ <&>"


def test_more_lines_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.excel.write.long_table.LAST_ROW", 3)
    written(tmp_path / "数.xlsx", [PLAIN, PLAIN])
    before = (tmp_path / "数.xlsx").read_bytes()
    with pytest.raises(FileRefused, match="数据超过 2 行，一张工作表放不下：请改写成 .csv、.parquet 或 .sqlite"):
        written(tmp_path / "数.xlsx", [PLAIN, PLAIN], [PLAIN])
    assert (tmp_path / "数.xlsx").read_bytes() == before
    assert [*tmp_path.iterdir()] == [tmp_path / "数.xlsx"]


def test_a_text_too_long_for_a_cell_is_refused_for_a_sheet_alone() -> None:
    long = PLAIN._replace(text="长" * 32768)
    with pytest.raises(FileRefused, match="表“表”里的文字“长+…”有 32768 字"):
        FORMS[".xlsx"].refuse([PLAIN, long])
    FORMS[".parquet"].refuse([PLAIN, long])


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("99999999999999999999.999999999999999999", True),
        ("100000000000000000000", False),
        ("0.0000000000000000001", False),
        ("1.500000000000000000000", True),
        ("5.55E-17", False),
        ("0E-30", True),
    ],
)
def test_a_figure_that_a_column_of_parquet_cannot_hold_is_refused_by_its_cell(
    number: str, fits: bool, tmp_path: Path
) -> None:
    lines = [PLAIN, PLAIN._replace(yuan=Decimal(number), sheet="支出总表", cell="E12")]
    if fits:
        FORMS[".parquet"].refuse(lines)
        assert from_parquet(written(tmp_path / "数.parquet", lines))[1][11] == Decimal(number)
    else:
        with pytest.raises(FileRefused, match=r"支出总表!E12 的数 \S+ 位数太多.*放不下：.*改写成 \.sqlite"):
            FORMS[".parquet"].refuse(lines)


def test_row_groups_are_written_as_they_fill_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(our_parquet, "_ROWS", 2)
    path = written(tmp_path / "数.parquet", [PLAIN], [PLAIN, PLAIN], [PLAIN])
    assert [parquet.ParquetFile(path).metadata.row_group(i).num_rows for i in range(2)] == [3, 1]


def test_without_pyarrow_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FileRefused, match=r'请运行 pip install "xltool\[tables\]"，或改写成 .sqlite'):
        written(tmp_path / "数.parquet")
    assert [*tmp_path.iterdir()] == []


def test_pandas_adds_up_exactly(tmp_path: Path) -> None:
    lines = [PLAIN._replace(yuan=Decimal(text)) for text in ("0.1", "0.2", "-0.3")]
    assert pandas.read_parquet(written(tmp_path / "数.parquet", lines))["yuan"].sum() == 0


def test_a_database_is_searched_by_figure_and_by_unit(tmp_path: Path) -> None:
    with closing(sqlite3.connect(written(tmp_path / "数.db", [PLAIN]))) as database:
        plans = [
            str([*database.execute(f"EXPLAIN QUERY PLAN SELECT * FROM facts WHERE {where}")])
            for where in ('"table"=1 AND "row"=2', "unit=1")
        ]
        assert ["facts_by_figure" in plans[0], "facts_by_unit" in plans[1]] == [True, True]


@pytest.mark.parametrize("name", ["数.sqlite", "数.parquet", "数.csv", "数.json", "数.xlsx"])
def test_what_fails_leaves_the_old_file(name: str, tmp_path: Path) -> None:
    (target := tmp_path / name).write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), long_table(target) as write:
        write([PLAIN])
        raise KeyboardInterrupt
    assert target.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the sizes of files")
@pytest.mark.parametrize("name", ["数.sqlite", "数.parquet", "数.csv", "数.json", "数.xlsx"])
def test_a_disk_without_room_is_said(name: str, tmp_path: Path) -> None:
    import resource

    lines = [PLAIN._replace(text=f"{number**9}文字") for number in range(9000)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(FileRefused, match=f"写入“.*{name}”失败.*请检查磁盘空间"):
            written(tmp_path / name, lines)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [*tmp_path.iterdir()] == []


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"数据表的文件名应以 \.csv、\.xlsx、\.json、\.parquet、\.sqlite、\.db 结尾"):
        form_of(tmp_path / "数.txt")
