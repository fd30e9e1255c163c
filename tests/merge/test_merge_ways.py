"""How a column merges when several units fill in the same row (`merge` in a template)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests import ROOT
from xltool.linting.review import review
from xltool.merge.adding.addition import Addition
from xltool.merge.adding.collect import collected
from xltool.merge.adding.finishing import Added
from xltool.merge.consolidation import State, UnitLine
from xltool.merge.findings.of_differences import difference_findings, text_findings
from xltool.merge.roster.roster import RosterUnit
from xltool.model import FactKey, Severity, Value, parse_path

_TEMPLATES = ROOT / "tests" / "templates"
_NAME = "规则示例-2025"


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """The format of the examples, in whose 增减表 a unit of measure stands too."""
    shutil.copytree(_TEMPLATES, tmp_path / "模板")
    file = next((tmp_path / "模板" / _NAME).glob("*增减表.toml"))
    text = file.read_text(encoding="utf-8")
    measure = '{ id = "计量单位", kind = "text", merge = "same" },\n'
    file.write_text(text.replace('  { id = "本年数" },', f'  {measure}  {{ id = "本年数" }},'), encoding="utf-8")
    return tmp_path / "模板"


def added(templates: Path, *units: Mapping[str, Value]) -> Added:
    """The 汇总 of units that filled in these columns of the row 公务接待费."""
    addition = None
    for i, columns in enumerate(units):
        file = templates.parent / f"{i}.xlsx"
        facts = {FactKey("增减表", ("公务接待费",), parse_path(column)): value for column, value in columns.items()}
        xltool.fill(_NAME, facts, file, unit=f"单位{i}", templates=templates)
        book = xltool.read(file, templates=templates)
        addition = addition or Addition(book.template, "青山局", 2025, "万元")
        addition.add(i, f"单位{i}", i, collected(book))
    assert addition is not None
    return addition.result()


def printed(result: Added, column: str) -> Value:
    layout, values, _ = result.filled
    place = layout.place(FactKey("增减表", ("公务接待费",), (column,)))
    assert place is not None
    return values.get(place)


def test_a_rate_is_computed_again_and_neither_added_nor_averaged(templates: Path) -> None:
    one = {"本年数": Decimal(11), "上年数": Decimal(10), "增减率": Decimal("0.1")}
    other = {"本年数": Decimal(30), "上年数": Decimal(10), "增减率": Decimal(2)}
    result = added(templates, one, other)
    assert printed(result, "本年数") == 41
    assert printed(result, "增减率") == Decimal("1.05")


def test_the_rate_of_the_only_unit_stays_as_it_is_printed(templates: Path) -> None:
    one = {"本年数": Decimal(11), "上年数": Decimal(10), "增减率": Decimal("0.1234")}
    assert printed(added(templates, one, {}), "增减率") == Decimal("0.1234")


def test_what_should_be_the_same_and_is_not_is_told_with_both_cells(templates: Path) -> None:
    result = added(templates, {"计量单位": "人次", "本年数": Decimal(1)}, {"计量单位": "批次", "本年数": Decimal(2)})
    assert printed(result, "计量单位") == "人次"
    lines = [UnitLine(RosterUnit("", f"单位{i}"), State.MERGED) for i in range(2)]
    (finding,) = difference_findings(result.filled, result.differing, lines)
    assert finding.rule == "U01.1"
    assert "单位0（增减表!B4）“人次”，单位1（增减表!B4）“批次”" in finding.message


def test_what_is_the_same_is_not_told(templates: Path) -> None:
    assert not added(templates, {"计量单位": "人次"}, {"计量单位": "人次"}).differing


def test_lint_asks_how_a_rate_merges_that_no_rule_computes(templates: Path) -> None:
    file = next((templates / _NAME).glob("*增减表.toml"))
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('{ id = "增减率"', '{ id = "占比", kind = "percent" },\n  { id = "增减率"'), encoding="utf-8"
    )
    told = [advice.text for advice in review(templates / _NAME).advice if "merge" in advice.text]
    assert len(told) == 1 and told[0].startswith("表“增减表”的“占比”：汇总时几个单位的比率怎样合，推不出来")


def test_texts_of_too_many_units_are_left_blank_and_told(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.merge.adding.texts._MOST_UNITS", 1)
    file = next((templates / _NAME).glob("*增减表.toml"))
    file.write_text(file.read_text(encoding="utf-8").replace(', merge = "same"', ""), encoding="utf-8")
    result = added(templates, {"计量单位": "人次"}, {"计量单位": "批次"})
    assert printed(result, "计量单位") is None
    (finding,) = text_findings(result.filled, result.unsaid)
    assert finding.rule == "U01.2" and finding.severity is Severity.REMARK
    assert "“公务接待费”计量单位（B4）各单位写的不同" in finding.message
