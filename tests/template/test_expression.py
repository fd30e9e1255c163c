"""The language of rules: what is understood, in which order it is added up, and what is said of a mistake."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.expression import RELATIONS, Addend, Comparison, ExpressionError, Reference, parse
from xltool.model import format_path, parse_path

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(tuple)
WRITABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='"'), max_size=6)
"""Names that can stand in a rule: quotes themselves cannot be quoted."""


def sides(text: str) -> tuple[list[str], list[str]]:
    """Both sides, every addend with its factor."""
    comparison = parse(text)
    left, right = (
        [f"{addend.coefficient}*{addend.reference}" for addend in side] for side in (comparison.left, comparison.right)
    )
    return left, right


def references(text: str) -> list[Reference]:
    """Every reference of a rule, from left to right."""
    return [addend.reference for addend in parse(text).addends]


def test_one_figure_equals_another() -> None:
    assert parse("收支总表[收入总计, 收入/预算数] = 收入总表[合计, 合计]") == Comparison(
        (Addend(Decimal(1), Reference("收支总表", ("收入总计",), ("收入", "预算数"), False)),),
        (Addend(Decimal(1), Reference("收入总表", ("合计",), ("合计",), False)),),
    )


@pytest.mark.parametrize("relation", RELATIONS)
def test_the_relation_stands_between_the_sides(relation: str) -> None:
    comparison = parse(f"甲[a, b] {relation} 0.3 * 乙[a, b]")
    assert comparison.relation == relation
    assert [addend.coefficient for addend in comparison.addends] == [1, Decimal("0.3")]
    assert parse(f"甲[a,b]{relation}0.3*乙[a,b]") == comparison


def test_plain_numbers_are_added_up_side_by_side() -> None:
    comparison = parse("甲[a, b] - 5 + 0.25 <= 100")
    assert (len(comparison.left), comparison.right) == (1, ())
    assert comparison.constants == (Decimal("-4.75"), Decimal(100))


def test_a_number_before_a_bracket_is_the_name_of_a_table() -> None:
    assert references("2024[a, b] = 5 * 2024[2023, 1]") == [
        Reference("2024", ("a",), ("b",), False),
        Reference("2024", ("2023",), ("1",), False),
    ]


def test_each_sign_belongs_to_the_addend_after_it() -> None:
    left, right = sides("-甲[a, b] - 乙[a, b] + 丙[a, b] = 丁[a, b] - 戊[a, b]")
    assert left == ["-1*甲[a, b]", "-1*乙[a, b]", "1*丙[a, b]"]
    assert right == ["1*丁[a, b]", "-1*戊[a, b]"]


def test_a_factor_belongs_to_one_addend_only() -> None:
    left, right = sides("2*甲[a, b] + 乙[a, b] - 0.5*丙[a, b] = 3 * sum(丁[function, b])")
    assert left == ["2*甲[a, b]", "1*乙[a, b]", "-0.5*丙[a, b]"]
    assert right == ["3*sum(丁[function, b])"]


def test_sum_is_a_word_only_before_a_bracket() -> None:
    left, right = references("sum[a, b] = sum(sum[unit, b])")
    assert left == Reference("sum", ("a",), ("b",), False)
    assert right == Reference("sum", ("unit",), ("b",), True)


def test_full_width_brackets_and_commas_are_part_of_a_name() -> None:
    left, _ = references("一般公共预算支出表（功能）[上年结余、结转, 因公出国（境）费] = 甲[a, b]")
    assert left == Reference("一般公共预算支出表（功能）", ("上年结余、结转",), ("因公出国（境）费",), False)


def test_quotes_hold_brackets_signs_and_blanks() -> None:
    left, _ = references('"三公 经费"["a-b, c]", "车辆/≥50%<=("] = 甲[a, b]')
    assert left == Reference("三公 经费", ("a-b, c]",), ("车辆", "≥50%<=("), False)


def test_blanks_and_line_breaks_between_words_mean_nothing() -> None:
    assert parse(" 甲[a,b]=乙 [ a , b ]\n") == parse("甲[a, b] = 乙[a, b]")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "“”：在“末尾”处应为名称"),
        ("甲[a, b]", "“甲[a, b]”：在“末尾”处应为“=”、“<=”或“>=”"),
        ("甲[a, b] =", "“甲[a, b] =”：在“末尾”处应为名称"),
        ("甲[a, b] = 乙[a, b] 丙", "“甲[a, b] = 乙[a, b] 丙”：“丙”多余"),
        ("甲[a, b] = 乙[a, b] = 丙[a, b]", "“甲[a, b] = 乙[a, b] = 丙[a, b]”：“=”多余"),
        (
            "甲[因公出国(境)费, b] = 乙[a, b]",
            "“甲[因公出国(境)费, b] = 乙[a, b]”：在“(”处应为“,”；名称里有空格或 ( ) [ ] , + - * = < > 的要加引号，"
            '如 三公经费表["因公出国(境)费", 预算数]',
        ),
        (
            "甲[a, 1-6 月] = 乙[a, b]",
            "“甲[a, 1-6 月] = 乙[a, b]”：在“-”处应为“]”；名称里有空格或 ( ) [ ] , + - * = < > 的要加引号，"
            '如 三公经费表["因公出国(境)费", 预算数]',
        ),
        ("甲[a，b] = 乙[a, b]", "“甲[a，b] = 乙[a, b]”：在“]”处应为“,”；[ ] , = 要用英文的符号"),
        ("甲[a] = 乙[a, b]", "“甲[a] = 乙[a, b]”：在“]”处应为“,”"),
        ("甲[a, b = 乙[a, b]", "“甲[a, b = 乙[a, b]”：在“=”处应为“]”"),
        ("甲 = 乙[a, b]", "“甲 = 乙[a, b]”：在“=”处应为“[”"),
        ("甲[a, b] < 乙[a, b]", "“甲[a, b] < 乙[a, b]”从“ < 乙[a, b]”起无法理解"),
        ("甲[a, b] <= 乙[a, b] <= 5", "“甲[a, b] <= 乙[a, b] <= 5”：“<=”多余"),
        ("1 + 1 = 2", "“1 + 1 = 2”：两边都没有引用表里的数"),
        ("甲[a, b] = 5 5", "“甲[a, b] = 5 5”：“5”多余"),
        ("x*甲[a, b] = 乙[a, b]", "“x*甲[a, b] = 乙[a, b]”：“*”前的“x”应为数字"),
        ("1e3*甲[a, b] = 乙[a, b]", "“1e3*甲[a, b] = 乙[a, b]”：“*”前的“1e3”应为数字"),
        ("2*3*甲[a, b] = 乙[a, b]", "“2*3*甲[a, b] = 乙[a, b]”：在“*”处应为“[”"),
        ("甲[a, b] + - 乙[a, b] = 丙[a, b]", "“甲[a, b] + - 乙[a, b] = 丙[a, b]”：在“-”处应为名称"),
        ("sum(甲[a, b] = 乙[a, b]", "“sum(甲[a, b] = 乙[a, b]”：在“=”处应为“)”"),
        ("sum(甲[a, b] + 乙[a, b]) = 丙[a, b]", "“sum(甲[a, b] + 乙[a, b]) = 丙[a, b]”：在“+”处应为“)”"),
        ('甲["a, b] = 乙[c, d]', '“甲["a, b] = 乙[c, d]”从“"a, b] = 乙[c, d]”起无法理解'),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert str(error.value) == message


@given(PATHS)
def test_a_path_is_read_back_as_it_was_written(path: tuple[str, ...]) -> None:
    assert parse_path(format_path(path)) == path


def test_a_slash_in_a_name_is_no_level() -> None:
    assert format_path(("人员/公用", "a\\b")) == "人员\\/公用/a\\\\b"
    assert parse_path("人员\\/公用") == ("人员/公用",)


@given(
    st.builds(
        Reference,
        WRITABLE,
        st.lists(WRITABLE, min_size=1, max_size=3).map(tuple),
        st.lists(WRITABLE, min_size=1, max_size=3).map(tuple),
        st.booleans(),
    )
)
def test_a_reference_is_read_back_from_its_text(reference: Reference) -> None:
    left, _ = references(f"{reference} = 甲[a, b]")
    assert left == reference


@given(st.text(alphabet='甲乙[],+-*=<>()" ab/\\2.sum', max_size=25))
def test_any_text_is_an_equation_or_a_told_mistake(text: str) -> None:
    try:
        comparison = parse(text)
    except ExpressionError as error:
        assert text in str(error)
    else:
        assert comparison.addends
        assert comparison.relation in text
