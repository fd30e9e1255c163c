"""Reasons as lists and sheets have them: bounded, and nothing but what is written for a problem."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from xltool.errors import AcceptancesError
from xltool.model import Acceptance
from xltool.source.acceptances import acceptances_of, kept_acceptances
from xltool.source.cells import Raw
from xltool.source.lists import ListLine

CODE = "ABCDEFGHIJKL-MNOPABCDEFGH"
TODAY = "2026-11-30"


def line(number: int, code: str = CODE, reason: str = "属实", **more: str) -> ListLine:
    return ListLine(f"第 {number} 行", {"code": code, "reason": reason, **more})


def codes() -> Iterator[str]:
    return ("".join(letters) + "AAAAAAA-MNOPABCDEFGH" for letters in itertools.product("ABCDEFGHIJKLMNOP", repeat=5))


def test_lines_without_a_reason_are_passed_over_and_a_lacking_date_is_today() -> None:
    lines = [line(1, reason=" \u200b"), line(2, code=" abcdefghijkl－mnopabcdefgh ", who="王会计"), line(3)]
    assert acceptances_of(lines, "清单", TODAY) == (Acceptance(CODE, "属实", "王会计", TODAY),)


def test_a_list_of_too_many_reasons_is_refused_and_not_read_to_its_end() -> None:
    endless = (line(number, code) for number, code in enumerate(codes(), 1))
    with pytest.raises(AcceptancesError, match="第 20001 行：说明太多，一张清单最多 20000 条"):
        acceptances_of(endless, "清单", TODAY)
    assert next(endless).place == "第 20002 行"


def test_wrong_lines_without_end_are_not_all_collected() -> None:
    with pytest.raises(AcceptancesError) as refused:
        acceptances_of((line(number, "甲") for number in itertools.count(1)), "清单", TODAY)
    assert len(refused.value.problems) <= 20_001


def test_a_sheet_of_the_users_has_no_headings_of_ours() -> None:
    assert kept_acceptances("审核说明", [["规则", "说明"], ["甲", "乙"]]) is None


def test_what_a_user_changed_in_our_sheet_is_read_as_far_as_it_goes() -> None:
    rows: list[list[Raw]] = [
        ["审核说明", ""],
        ["说明", "核对码"],
        ["改过的理由", CODE],
        ["没有核对码", ""],
        ["", CODE],
        [3.5, CODE],
    ]
    assert kept_acceptances("审核说明", rows) == (
        Acceptance(CODE, "改过的理由"),
        Acceptance("", "没有核对码"),
        Acceptance(CODE, "3.5"),
    )
