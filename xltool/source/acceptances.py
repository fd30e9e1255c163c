"""Reasons (说明) of warnings that are right: a 问题清单 that was filled in, and the sheet 审核说明 of a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from xltool.errors import AcceptancesError
from xltool.model import Acceptance
from xltool.source.cells import Raw, shortened
from xltool.source.lists import Columns, ListLine, lines_below, sheet_rows
from xltool.source.our_sheets import ACCEPTED
from xltool.template.names import normal, visible

COLUMNS = Columns(
    {
        "code": ("核对码",),
        "reason": ("说明", "理由", "情况说明"),
        "who": ("说明人",),
        "date": ("日期", "说明日期"),
        "rule": ("规则",),
        "place": ("位置",),
        "figures": ("数",),
    },
    frozenset({"code", "reason"}),
)

CODE = re.compile("[A-P]{12}-[A-P]{12}")
"""What a code looks like; without digits, so that no spreadsheet takes it for a number."""

_NAME = re.compile(rf"{ACCEPTED}[0-9]*")
_MOST = 20_000
_LONGEST = 1000
"""Letters of a reason that a list may have; a name or a date is shorter."""


def acceptances_of(lines: Iterable[ListLine], subject: str, today: str) -> tuple[Acceptance, ...]:
    """The reasons in the lines of a list, dated `today` where no date is written.

    Raises AcceptancesError, which begins with `subject`, listing every line that is wrong.
    """
    problems: list[str] = []
    found: dict[str, Acceptance] = {}
    for line in lines:
        given = _acceptance(line)
        if not given.reason:
            continue
        problem = _problem(given, found.get(given.code))
        if problem:
            problems.append(f"{line.place}：{problem}")
        if len(found) + len(problems) >= _MOST:
            problems.append(f"{line.place}：说明太多，一张清单最多 {_MOST} 条，请分成几张")
            break
        found.setdefault(given.code, given._replace(date=given.date or today))
    if problems:
        raise AcceptancesError(f"{subject}有 {len(problems)} 处说明不能用，请改正：", problems)
    return tuple(found.values())


def may_keep(sheet: str) -> bool:
    """Whether a sheet has a name that ours with the reasons may have."""
    return _NAME.fullmatch(sheet) is not None


def kept_acceptances(sheet: str, rows: Iterable[Sequence[Raw]]) -> tuple[Acceptance, ...] | None:
    """The reasons that a sheet keeps, as far as they can be read; None if it has not the headings of ours."""
    lines = lines_below(sheet_rows(sheet, rows), COLUMNS)
    if lines is None:
        return None
    return tuple(given for given in map(_acceptance, islice(lines, _MOST)) if given.reason)


def _acceptance(line: ListLine) -> Acceptance:
    texts = {column: visible(text).strip() for column, text in line.texts.items()}
    return Acceptance(**{**texts, "code": normal(texts["code"]).upper()})


def _problem(given: Acceptance, before: Acceptance | None) -> str:
    """What is wrong with a line that has a reason; "" if nothing is."""
    if not CODE.fullmatch(given.code):
        lacking = f"核对码“{shortened(given.code)}”不完整" if given.code else "没有核对码"
        return f"{lacking}：请用 xltool check --list 写出的清单，在原来的行里写说明"
    if max(map(len, given)) > _LONGEST:
        return f"文字太长，一格最多 {_LONGEST} 字"
    if before is not None and before.reason != given.reason:
        return "与前面的一行是同一个问题，说明却不同"
    return ""
