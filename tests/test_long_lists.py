"""Long tables of facts and long lists of 科目 are read in time that grows with their length."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.budgets import template
from xltool.catalogue.own_codes import COLUMNS, parse_codes
from xltool.errors import FileRefused
from xltool.excel.read.facts import read_facts
from xltool.model import FactKey
from xltool.source.lists import text_lines

HEADING = "table,row,column,value\n"


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _is_linear(work: Callable[[int], Callable[[], object]]) -> bool:
    """Whether eight times the length takes some eight times as long; a busy machine may disturb one attempt."""
    most = 8 * 4 * min(_seconds(work(1000)) for _ in range(3))
    return any(_seconds(work(8000)) < most for _ in range(3))


def test_facts(tmp_path: Path) -> None:
    spec, path = template("qinglong-2024"), tmp_path / "数.csv"

    def reading(length: int) -> Callable[[], object]:
        path.write_text(HEADING + "".join(f"支出总表,{place},基本支出,{place}.5\n" for place in range(length)), "utf-8")
        return lambda: read_facts(path, spec)

    assert _is_linear(reading)


def test_codes() -> None:
    def reading(length: int) -> Callable[[], object]:
        content = ("编码,名称\n" + "".join(f"{2000000 + place},科目{place}\n" for place in range(length))).encode()
        return lambda: parse_codes(text_lines(content, COLUMNS, "目录"), "目录")

    assert _is_linear(reading)


def test_a_line_may_be_short_or_blank(tmp_path: Path) -> None:
    path = tmp_path / "数.csv"
    path.write_text(
        "说明,table,row,column,value\n,支出总表,2014001,基本支出,5\n甲\n,支出总表,2014002,基本支出\n", "utf-8"
    )
    read = read_facts(path, template("qinglong-2024"))
    assert list(read.values()) == [5, None]
    assert list(read)[0] == FactKey("支出总表", ("2014001",), ("基本支出",))


@pytest.mark.parametrize("text", ["", HEADING, "table,row,column\n支出总表,2014001,基本支出\n"])
def test_what_is_no_table_of_facts(text: str, tmp_path: Path) -> None:
    path = tmp_path / "数.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(FileRefused, match="不是数据表"):
        read_facts(path, template("qinglong-2024"))
