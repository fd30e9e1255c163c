"""The layout: every fact has its own cell and is found there again, whatever rows a workbook has."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xltool
from tests.budgets import BUDGETS, PINGSHAN, QINGLONG, published, template
from xltool.catalogue.by_year import names
from xltool.equations.sums import code_levels, row_sums
from xltool.layout.block import Place
from xltool.layout.layout import Layout
from xltool.layout.outline import Outline, default_outline, match_row, outline_of, with_parents
from xltool.layout.plan import chinese_ordinal, plan
from xltool.library import load_template
from xltool.model import FactKey, column_letters, column_number, format_path
from xltool.template.spec import Row

ORDINALS = [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (31, "三十一"), (99, "九十九")]
FIXED = {"部门", "基本支出", "金额合计"}
NAMES = st.text("甲乙丙局（）()/\\ ,“”#1-=", min_size=1, max_size=8).filter(lambda name: name not in FIXED)
CODES = {dimension: list(names(dimension, 2024)) for dimension in ("function", "economic")}


@st.composite
def outlines(draw: st.DrawFn, name: str) -> Outline:
    """A workbook's rows: some units, 科目 with their parents, projects and indicators."""
    spec = template(name)
    return default_outline(spec)._replace(
        year=draw(st.integers(2000, 2099)),
        amount_unit=draw(st.sampled_from(["元", "万元"])),
        members={
            "unit": tuple(draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))),
            "function": with_parents(draw(st.lists(st.sampled_from(CODES["function"]), max_size=12)), "function"),
            "economic": with_parents(draw(st.lists(st.sampled_from(CODES["economic"]), max_size=12)), "economic"),
            "project": tuple(draw(st.lists(NAMES, max_size=5, unique=True))),
            "indicator": tuple(
                format_path(path) for path in draw(st.lists(st.tuples(NAMES, NAMES, NAMES), max_size=4, unique=True))
            ),
        },
    )


LAYOUTS = st.sampled_from(BUDGETS).flatmap(lambda name: outlines(name).map(partial(plan, template(name))))


def places(layout: Layout) -> list[Place]:
    return [
        Place(block.index, r, c)
        for block in layout.blocks
        for r in range(len(block.rows))
        for c in range(len(block.columns))
    ]


@settings(max_examples=60, deadline=None)
@given(LAYOUTS)
def test_every_fact_is_found_again_in_its_own_cell(layout: Layout) -> None:
    cells = set()
    for place in places(layout):
        key = layout.key(place)
        assert layout.place(key) == place
        cell = layout.cell(place)
        assert cell is not None
        assert layout.place_at(cell) == place
        cells.add(cell)
    assert len(cells) == len(places(layout))


@settings(max_examples=60, deadline=None)
@given(LAYOUTS)
def test_rows_follow_each_other_and_parents_stand_above(layout: Layout) -> None:
    for block in layout.blocks:
        lines = [row.sheet_row for row in block.rows]
        assert lines == sorted(lines)
        assert block.block.is_form or len(set(lines)) == len(lines)
        assert not set(lines) & set(block.blank_rows)
        for row in block.rows:
            above = block.row_index.get(row.path[:-1])
            assert above is None or block.rows[above].sheet_row < row.sheet_row
        for line in row_sums(block):
            if line.over == "code":
                assert all(lines[line.target] < lines[part] for _, part in line.parts)


@settings(max_examples=60, deadline=None)
@given(LAYOUTS)
def test_the_feet_of_blocks_side_by_side_end_on_one_line(layout: Layout) -> None:
    for table in layout.tables.values():
        sides = [block for block in table.blocks if block.block.place == "right"]
        for right in sides:
            left = table.blocks[table.blocks.index(right) - 1]
            assert left.rows[-1].sheet_row == right.rows[-1].sheet_row
            feet: list[int] = []
            bodies = [row for block in (left, right) for row in block.blank_rows]
            for block in (left, right):
                footers = {row.id for row in block.block.rows if row.footer}
                for row in block.rows:
                    (feet if row.path[0] in footers else bodies).append(row.sheet_row)
            assert min(feet) > max(bodies, default=0)


@settings(max_examples=60, deadline=None)
@given(LAYOUTS)
def test_every_code_but_the_top_ones_is_added_up_once(layout: Layout) -> None:
    for block in layout.blocks:
        added = [part for line in row_sums(block) if line.over == "code" for _, part in line.parts]
        assert len(added) == len(set(added))
        levels = code_levels(block)
        below = {i for i, row in enumerate(block.rows) if row.pattern[-1] in CODES and len(row.code) > levels[0]}
        assert below == set(added)


@pytest.mark.parametrize("name", BUDGETS)
def test_the_outline_of_a_budget_has_a_row_for_every_published_fact(name: str) -> None:
    spec = template(name)
    keys = [key for key in published(name) if key.column != ("注",)]
    layout = plan(spec, outline_of(spec, keys, spec.department, spec.year, spec.amount_unit))
    assert [key for key in keys if layout.place(key) is None] == []


def test_codes_get_their_parents_once_and_in_order() -> None:
    assert with_parents(["2080505", "2014001", "2014002"], "function") == (
        "201",
        "20140",
        "2014001",
        "2014002",
        "208",
        "20805",
        "2080505",
    )
    assert with_parents(["30101", "302"], "economic") == ("301", "30101", "302")


def test_a_fixed_row_is_preferred_to_one_that_can_have_any_name() -> None:
    fixed, project = Row(id="基本支出"), Row(each="project")
    assert match_row((project, fixed), ("基本支出",)) == (fixed,)
    assert match_row((project, fixed), ("信访维稳",)) == (project,)
    assert match_row((fixed,), ("信访维稳",)) == ()


def test_a_code_is_no_project_and_a_project_no_code() -> None:
    rows = (Row(each="function", levels=(3, 5, 7)),)
    assert match_row(rows, ("2014001",)) == rows
    assert match_row(rows, ("30101",)) == ()
    assert match_row(rows, ("20140011",)) == ()


def test_a_code_of_a_level_that_a_table_does_not_print_is_none_of_its_rows() -> None:
    rows = (Row(each="function", levels=(7,)),)
    assert match_row(rows, ("2014001",)) == rows
    assert match_row(rows, ("20140",)) == ()


def test_a_key_that_no_table_has_has_no_place() -> None:
    layout = plan(template(QINGLONG), default_outline(template(QINGLONG)))
    assert layout.place(FactKey("资产表", ("合计",), ("合计",))) is None
    assert layout.place(FactKey("支出总表", ("合计",), ("专项支出",))) is None
    assert layout.place(FactKey("支出总表", ("2299999",), ("合计",))) is None


def test_an_amount_in_yuan_is_exact_and_one_in_ten_thousands_is_rounded() -> None:
    outline = default_outline(template(PINGSHAN))
    income = Place(0, 0, 1)  # in 收支总表, printed in whole 万元
    assert str(plan(template(PINGSHAN), outline).unit(income)) == "1"
    assert plan(template(PINGSHAN), outline._replace(amount_unit="元")).unit(income) == 0
    assert plan(template(PINGSHAN), outline._replace(amount_unit="元")).decimals(income) == 2


@pytest.mark.parametrize(("number", "text"), ORDINALS)
def test_ordinals_are_counted_in_chinese(number: int, text: str) -> None:
    assert chinese_ordinal(number) == text


@given(st.integers(1, 20000))
def test_a_column_is_found_by_its_letters(column: int) -> None:
    assert column_number(column_letters(column)) == column


def test_a_run_of_codes_has_those_of_its_levels_only() -> None:
    """收支总表 of some formats lists the 类, and no code below them."""
    outline = default_outline(template(QINGLONG))._replace(members={"function": ("201", "20103", "2010301", "208")})
    assert outline.below("收支总表", (), Row(each="function", levels=(3,))) == (("201",), ("208",))
    assert outline.below("收支总表", (), Row(each="function", levels=(5, 7))) == (("20103",), ("2010301",))


@pytest.mark.parametrize(
    ("per_line", "span", "grid", "width"),
    [(2, 1, 0, 4), (3, 1, 0, 6), (2, 2, 0, 6), (2, 2, 5, 5), (2, 2, 4, 6), (2, 1, 3, 4), (1, 3, 0, 4)],
    ids=["two", "three", "wide", "the last has less room", "the last has none", "wider than the grid", "one a line"],
)
def test_a_form_makes_its_table_wide_enough(per_line: int, span: int, grid: int, width: int, tmp_path: Path) -> None:
    fields = ", ".join(f'{{ id = "{name}", span = {span} }}' for name in "甲乙丙丁戊己")
    columns = ", ".join(f'{{ id = "{number}" }}' for number in range(grid))
    table = f'id = "表"\ntitle = "表"\n[[block]]\nper_line = {per_line}\nfields = [{fields}]\n'
    if grid:
        table += f'[[block]]\ncolumns = [{columns}]\nrows = [{{ id = "行", label = "" }}]\n'
    (tmp_path / "01-表.toml").write_text(table, encoding="utf-8")
    (tmp_path / "rules.toml").write_text("", encoding="utf-8")
    head = 'title = "表"\nregion = "某地"\nyear = 2025\namount_unit = "万元"\ndecimals = 2\nzero = "blank"\n'
    head += 'source = "某处"\ntables = ["01-表"]\n[outline]\ndepartment = "某局"\n'
    (tmp_path / "template.toml").write_text(head, encoding="utf-8")
    spec = load_template(tmp_path.name, tmp_path.parent)
    assert plan(spec, default_outline(spec)).tables["表"].last_column == width
    xltool.new(str(tmp_path), tmp_path / "新的.xlsx")


@pytest.mark.parametrize(("letters", "kept"), [(31, 31), (32, 31)])
def test_a_sheet_has_at_most_31_letters_in_its_name(letters: int, kept: int) -> None:
    spec = load_template("qinglong-2024")
    first = next(iter(spec.tables.values()))
    long = spec._replace(tables={first.id: first._replace(sheet="长" * letters)})
    assert [at.sheet for at in plan(long, default_outline(long)).tables.values()] == ["长" * kept]
