"""A total that our writer wrote is known at a glance, and adds up what reading it token by token finds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.budgets import WHOLE, template
from xltool.equations.filling import blank
from xltool.excel.read.formulas.formula_terms import terms_of
from xltool.excel.read.formulas.known_sums import known_sum
from xltool.excel.write.formulas import render
from xltool.layout.outline import default_outline

CODES = [
    "科目编码",
    "合计",
    "201",
    "20101",
    "2010101",
    "2010102",
    "20102",
    "2010201",
    "205",
    "",
    "2010101",
    "20101x",
] * 3


def codes_of(sheet: str, column: int) -> Sequence[str]:
    return CODES if column == 2 else []


@pytest.mark.parametrize(
    "formula",
    [
        'SUMIFS(INDEX(E3:E$12,2):E$12,INDEX($B3:$B$12,2):$B$12,$B3&"??")',
        'SUMIFS(INDEX(E2:E$36,2):E$36,INDEX($B2:$B$36,2):$B$36,"???")',
        "SUMIFS('支出总表'!E$3:E$30,'支出总表'!$B$3:$B$30,\"2010101\")",
        "SUMIFS('甲''乙'!AB$3:AB$30,'甲''乙'!$B$3:$B$30,\"201\")",
        'SUMIFS(INDEX(E3:E$12,2):E$12,INDEX($C3:$C$12,2):$C$12,$C3&"??")',
        'SUMIFS(INDEX(E3:E$900000,2):E$900000,INDEX($B3:$B$900000,2):$B$900000,"???")',
        'SUMIFS(INDEX(E9:E$4,2):E$4,INDEX($B9:$B$4,2):$B$4,"???")',
        'SUMIFS(INDEX(E0:E$4,2):E$4,INDEX($B0:$B$4,2):$B$4,"???")',
        "SUM(E7:G7)",
        "SUM('收入总表'!E7:G9)",
        "SUM(G7:E7)",
        "SUM(A1:ZZ900000)",
        "SUM(INDEX(E6:E20,2):E20)",
        "SUM(INDEX('甲 B2'!E6:E20,2):'甲 B2'!E20)",
        "SUM(INDEX(E6:E6,2):E6)",
        "E7",
        "E7+'甲 B2'!G7+E7",
        "E7+E0",
        "'[甲.xlsx]乙'!E7",
        "C8+SUM(H8:P8)",
        "D7-D6",
        "D7-SUM(D6:D8)",
        "'支出总表'!D9+SUMIFS('支出总表'!E$3:E$30,'支出总表'!$B$3:$B$30,\"2010101\")-SUM(INDEX(E6:E20,2):E20)",
        "SUM(E7:G7)SUM(E8:G8)",
        "E7:E9+E8",
        "E7+",
        "E7*2+E8",
        "E7+3",
    ],
)
def test_it_is_what_the_tokens_say(formula: str) -> None:
    known = known_sum(formula, "表", codes_of)
    assert known in (None, terms_of(formula, "表", codes_of))


@pytest.mark.parametrize("name", WHOLE)
def test_what_the_writer_writes_is_known(name: str) -> None:
    spec = template(name)
    layout, _, live = blank(spec, default_outline(spec))
    formulas = [render(equation, layout) for equation in live.values()]
    unknown = [formula for formula in formulas if known_sum(formula, "表", codes_of) is None]
    assert formulas
    assert not unknown
