"""Facts as a long table: written and read back unchanged; filled into a workbook and read from it unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import xltool
from tests.budgets import BUDGETS, PINGSHAN, QINGLONG, SAMPLES, key, published, template
from xltool.csv_text import csv_bytes, csv_text
from xltool.equations.filling import fill as fill_plan
from xltool.equations.instances import formulas
from xltool.errors import FactsError, FileRefused
from xltool.excel.read.facts import read_facts
from xltool.layout.book import Book
from xltool.layout.facts_csv import fact_lines
from xltool.model import CellRef, Fact, FactKey, Value, parse_path

NOTE = ("注",)
MONEY = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=12)
AMOUNTS = st.integers(0, 17).flatmap(lambda places: st.decimals(-(10**14), 10**14, places=places))
ROWS = st.lists(TEXTS, min_size=1, max_size=3).map(tuple)


def csv_file(folder: Path, *lines: str) -> Path:
    path = folder / "数.csv"
    path.write_text("\n".join(["table,row,column,value", *lines]) + "\n", encoding="utf-8")
    return path


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(ROWS, st.one_of(st.none(), AMOUNTS), max_size=6))
@example({("0",): Decimal("10000000000000.000000000000001")})
def test_amounts_are_read_back_from_csv(amounts: dict[tuple[str, ...], Decimal | None]) -> None:
    facts: dict[FactKey, Value] = {
        FactKey("支出总表", row, ("基本支出",)): value for row, value in amounts.items() if row != NOTE
    }
    assert through_csv(facts, QINGLONG) == facts


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_texts_are_read_back_from_csv(text: str) -> None:
    facts: dict[FactKey, Value] = {
        key("整体支出绩效目标表", "基本支出", "主要内容"): text,
        FactKey("整体支出绩效目标表", NOTE, NOTE): text,
    }
    assert through_csv(facts, PINGSHAN) == facts


def through_csv(facts: dict[FactKey, Value], name: str) -> dict[FactKey, Value]:
    if not facts:
        return facts
    with TemporaryDirectory() as folder:
        path = Path(folder) / "数.csv"
        lines = fact_lines([Fact(key, value, CellRef("表", 1, 1)) for key, value in facts.items()], with_cells=True)
        path.write_bytes(csv_bytes(lines))
        return read_facts(path, template(name))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'", "'="])
def test_no_text_runs_as_a_formula_in_excel(start: str) -> None:
    fact = Fact(key("整体支出绩效目标表", f"{start}项目", "主要内容"), f"{start}SUM(A1)")
    assert lines_of(fact) == [("整体支出绩效目标表", f"'{start}项目", "主要内容", f"'{start}SUM(A1)")]


def test_a_sheet_of_any_name_is_no_formula_either() -> None:
    fact = Fact(key("收入总表", "合计", "上年结转"), Decimal(5), CellRef("=cmd", 7, 4))
    assert csv_text(fact_lines([fact], with_cells=True)).splitlines()[1] == "收入总表,合计,上年结转,5,'=cmd,D7"


def test_a_text_longer_than_a_cell_is_refused_and_not_cut(tmp_path: Path) -> None:
    goal = key("整体支出绩效目标表", "基本支出", "主要内容")
    xltool.fill(PINGSHAN, {goal: "长" * 32767}, tmp_path / "预算.xlsx")
    found = {fact.key: fact.value for fact in xltool.facts(xltool.read(tmp_path / "预算.xlsx"))}
    assert found[goal] == "长" * 32767
    with pytest.raises(FileRefused, match="的文字“长+…”有 32768 字，一格最多 32767 字：请缩短后再试"):
        xltool.fill(PINGSHAN, {goal: "长" * 32768}, tmp_path / "另一份.xlsx")
    assert not (tmp_path / "另一份.xlsx").exists()


def test_a_negative_amount_stays_a_number_in_csv() -> None:
    fact = Fact(key("收入总表", "合计", "上年结转"), Decimal("-3.50"))
    assert lines_of(fact) == [("收入总表", "合计", "上年结转", "-3.50")]


def test_a_carriage_return_in_a_text_becomes_a_plain_line_break() -> None:
    fact = Fact(key("整体支出绩效目标表", "基本支出", "主要内容"), "人员\r\n公用\r其他")
    assert lines_of(fact)[0][3] == "人员\n公用\n其他"


def lines_of(*facts: Fact) -> list[tuple[str, ...]]:
    """The lines of a long table without its heading."""
    text = csv_text(fact_lines(facts, with_cells=False))
    return [tuple(line) for line in csv.reader(io.StringIO(text, newline=""))][1:]


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "资产表,合计,合计,5",
        "支出总表,合计,专项支出,5",
        "支出总表,合计,基本支出,五",
        '支出总表,合计,项目支出,"1,224.07"',
        "支出总表,合计,项目支出,5",
        "支出总表,合计,合计,NaN",
        ",,,",
        "支出总表",
    )
    with pytest.raises(FactsError) as error:
        read_facts(path, template(QINGLONG))
    assert error.value.problems == (
        "第 2 行（资产表 合计 合计）：模板里没有表“资产表”",
        "第 3 行（支出总表 合计 专项支出）：表里没有“专项支出”这一栏",
        "第 4 行（支出总表 合计 基本支出）：“五”不是数字",
        "第 6 行（支出总表 合计 项目支出）：与前面的一行重复",
        "第 7 行（支出总表 合计 合计）：“NaN”不是数字",
        "第 9 行（支出总表  ）：表里没有“”这一栏",
    )
    assert str(error.value).startswith("“数.csv”有 6 行不能填入模板“青龙满族自治县部门预算公开表”：\n")


def test_a_field_of_many_letters_is_quoted_in_part(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"支出总表,合计,{'长' * 9000},5")
    with pytest.raises(FactsError) as error:
        read_facts(path, template(QINGLONG))
    assert len(str(error.value)) < 1200
    assert str(error.value).endswith("长…")


def test_more_rows_than_a_sheet_can_bear_are_refused(tmp_path: Path) -> None:
    lines = [f"支出总表,项目{number},基本支出,5" for number in range(50_001)]
    assert len(read_facts(csv_file(tmp_path, *lines[:-1]), template(QINGLONG))) == 50_000
    with pytest.raises(FileRefused, match="的表“支出总表”有 50001 行，一张表最多填 50000 行"):
        read_facts(csv_file(tmp_path, *lines), template(QINGLONG))


def test_a_field_that_a_form_does_not_have_is_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "整体支出绩效目标表,主管领导,内容,某某")
    with pytest.raises(FactsError, match="第 2 行（整体支出绩效目标表 主管领导 内容）：表里没有“主管领导”这一项"):
        read_facts(path, template(PINGSHAN))


def test_facts_given_by_a_program_that_fit_nowhere_are_told(tmp_path: Path) -> None:
    facts: dict[FactKey, Value] = {
        key("资产表", "合计", "合计"): Decimal(5),
        key("支出总表", "合计", "专项支出"): Decimal(5),
        key("支出总表", "合计", "基本支出"): Decimal(5),
        key("资产表", "注", "注"): "注：无。",
    }
    with pytest.raises(FactsError) as error:
        xltool.fill(QINGLONG, facts, tmp_path / "预算.xlsx")
    assert error.value.problems == ("资产表 合计 合计", "支出总表 合计 专项支出", "资产表 注 注")
    assert not (tmp_path / "预算.xlsx").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "不是数据表：第一行应为 table,row,column,value"),
        ("表,行,栏,数\n支出总表,合计,合计,5\n".encode(), "不是数据表：第一行应为 table,row,column,value"),
        (b"table,row,column,value\n\xff\x80,1,1,5\n", "不是 CSV 文件：请在 Excel 中另存为"),
        (b"table,row,column,value\n" + b"," * (1 << 21), "里有一行过长，或引号不成对：请在 Excel 中另存为"),
    ],
)
def test_a_file_that_is_no_long_table_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "数.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=message):
        read_facts(path, template(QINGLONG))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="找不到文件"):
        read_facts(tmp_path / "无.csv", template(QINGLONG))


def test_a_file_saved_by_excel_is_read(tmp_path: Path) -> None:
    """With a byte order mark, CR LF, and a line of blanks at the end."""
    path = tmp_path / "数.csv"
    path.write_bytes("\ufefftable,row,column,value\r\n支出总表,合计,合计,5\r\n,,,\r\n".encode())
    assert read_facts(path, template(QINGLONG)) == {key("支出总表", "合计", "合计"): Decimal(5)}


@pytest.mark.parametrize("name", BUDGETS)
def test_the_published_facts_are_written_as_they_stand_in_the_sample(name: str) -> None:
    with (SAMPLES / name / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        printed = [tuple(line) for line in csv.reader(file)]
    written = lines_of(*(Fact(key, value) for key, value in published(name).items()))
    assert [line[:3] for line in written] == [line[:3] for line in printed[1:]]
    assert [
        (one[3], other[3]) for one, other in zip(written, printed[1:], strict=True) if not is_same(one[3], other[3])
    ] == []


def is_same(written: str, printed: str) -> bool:
    """98.13% is written 0.9813."""
    return written == printed or (printed.endswith("%") and Decimal(written) == Decimal(printed[:-1]).scaleb(-2))


@st.composite
def changed(draw: st.DrawFn, name: str) -> dict[FactKey, Value]:
    """The published facts of a budget without some of them, and with other amounts in some."""
    facts = dict(published(name))
    keys = [key for key in facts if key.column != NOTE]
    amounts = [key for key in keys if isinstance(facts[key], Decimal)]
    for key_ in draw(st.lists(st.sampled_from(keys), max_size=40)):
        facts.pop(key_, None)
    for key_ in draw(st.lists(st.sampled_from(amounts), max_size=20)):
        facts[key_] = draw(MONEY)
    for key_ in draw(st.lists(st.sampled_from(amounts), max_size=5)):
        facts[key_] = None
    return facts


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_filled_and_read_facts_are_the_same(name: str, data: st.DataObject) -> None:
    facts = data.draw(changed(name))
    with TemporaryDirectory() as folder:
        book = filled_and_read(name, facts, Path(folder))
        found = {fact.key: fact.value for fact in xltool.facts(book)}
        totals = {book.layout.key(place) for place in formulas(book.layout)}
        # the 0 given for a total of blank parts is what its formula shows; it is read as the blank that it adds up to
        given = {
            key: value
            for key, value in facts.items()
            if value is not None and (key in found or key not in totals or value)
        }
        assert differences({key: value for key, value in found.items() if key in given}, given) == {}
        assert {key for key in found if key not in given and key.column != NOTE} <= totals
        again = filled_and_read(name, found, Path(folder))
        assert differences({fact.key: fact.value for fact in xltool.facts(again)}, found) == {}


def differences(one: Mapping[FactKey, Value], other: Mapping[FactKey, Value]) -> dict[FactKey, tuple[Value, Value]]:
    """The facts that are not the same in both."""
    keys = {**one, **other}
    return {key: (one.get(key), other.get(key)) for key in keys if one.get(key, "") != other.get(key, "")}


def filled_and_read(name: str, facts: dict[FactKey, Value], folder: Path) -> Book:
    xltool.fill(name, facts, folder / "预算.xlsx")
    return xltool.read(folder / "预算.xlsx")


def test_a_total_given_as_blank_stays_blank_and_one_not_given_is_computed() -> None:
    spec = template(QINGLONG)
    row, total = parse_path("2014001"), parse_path("合计")
    parts: dict[FactKey, Value] = {FactKey("支出总表", row, ("基本支出",)): Decimal("3.10")}
    given = fill_plan(spec, parts | {FactKey("支出总表", row, total): None}, "", 2024, "万元")
    assert given.layout.place(FactKey("支出总表", row, total)) not in given.values
    computed = fill_plan(spec, parts, "", 2024, "万元")
    place = computed.layout.place(FactKey("支出总表", row, total))
    assert place is not None
    assert computed.values[place] == Decimal("3.10")
