"""The user's own list of 科目: where it is kept, how a list is read, and what a new one adds to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.csv_text import csv_bytes
from xltool.errors import CodesError
from xltool.source.lists import Columns, ListLine, text_lines
from xltool.template.binding import is_code
from xltool.template.names import normal, visible
from xltool.template.spec import CODE_LEVELS
from xltool.template.user_folder import user_folder

COLUMNS = Columns(
    {
        "code": ("编码", "科目编码", "代码", "科目代码", "code"),
        "name": ("名称", "科目名称", "name"),
        "year": ("年度", "年份", "预算年度", "year"),
    },
    frozenset({"code", "name"}),
)

_SHAPES = "功能科目 3、5、7 位，以 2 开头；部门经济科目 3、5 位，以 3 开头；政府经济科目 3、5 位，以 5 开头"
_GOVERNMENT_CODE = r"5[0-9]{2}([0-9]{2})?"
_YEAR = r"(20[0-9]{2})年?度?"


class OwnCode(NamedTuple):
    """One line of a list: from `year` on (0: in every year) the 科目 `code` has this name."""

    code: str
    year: int
    name: str


def dimension_of(code: str) -> str:
    """The classification a code belongs to: "function", "economic" or "government"; "" if it is none."""
    for dimension in CODE_LEVELS:
        if is_code(dimension, code):
            return dimension
    return "government" if re.fullmatch(_GOVERNMENT_CODE, code) else ""


def in_force(lines: Sequence[OwnCode], year: int) -> OwnCode | None:
    """The line of one code that holds in a year: the newest that is not later."""
    return max((line for line in lines if line.year <= year), key=lambda line: line.year, default=None)


def own_codes_file() -> FilePath:
    """Where the user's list is kept; it need not exist."""
    return user_folder() / "codes.csv"


def read_own_codes() -> list[OwnCode]:
    """The user's list; none if there is no such file. Raises CodesError if someone has damaged it."""
    path = own_codes_file()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    subject = f"自己的科目目录“{path}”（可以改正，也可以删去后重新导入）"
    return parse_codes(text_lines(content, COLUMNS, subject), subject)


def codes_csv(codes: Iterable[OwnCode]) -> bytes:
    """The list as a file: UTF-8 with a mark that makes Excel read it as such."""
    return csv_bytes([COLUMNS.headings, *((code.code, code.name, code.year or "") for code in sorted(codes))])


def parse_codes(lines: Iterable[ListLine] | None, subject: str, year: int = 0) -> list[OwnCode]:
    """The codes of a list, each once. A line without a year is of `year`.

    Raises CodesError, which begins with `subject`, listing every line that is wrong, or saying that there are no
    headings (`lines` is None).
    """
    if lines is None:
        wanted = "要有一行写着“编码”和“名称”（可以另有“年度”），下面一行一个科目"
        raise CodesError(f"{subject}里没有找到表头：{wanted}。", [])
    found: dict[tuple[str, int], tuple[str, OwnCode]] = {}
    problems: list[str] = []
    for place, texts in lines:
        code, problem = _own_code({column: text.strip() for column, text in texts.items()}, year)
        if not problem:
            first, other = found.setdefault((code.code, code.year), (place, code))
            if other is not code and normal(other.name) != normal(code.name):
                problem = f"{code.code} 的名称与{first}的不同"
        if problem:
            problems.append(f"{place}：{problem}")
    if problems:
        raise CodesError(f"{subject}有 {len(problems)} 行不能用，请改正（{_SHAPES}）：", problems)
    return [code for _, code in found.values()]


def _own_code(typed: Mapping[str, str], year: int) -> tuple[OwnCode, str]:
    """The code of a line, and what is wrong with it."""
    written = typed.get("year", "")
    told = re.fullmatch(_YEAR, normal(written)) if written else None
    code = OwnCode(normal(typed["code"]), int(told[1]) if told else year, "".join(visible(typed["name"]).split()))
    problem = ""
    if not code.code:
        problem = f"“{typed['name']}”没有编码"
    elif not dimension_of(code.code):
        problem = f"“{typed['code']}”不是科目编码"
    elif not typed["name"]:
        problem = f"{code.code} 没有名称"
    elif written and not told:
        problem = f"{code.code} 的年度“{written}”不是四位数的年份"
    return code, problem
