"""Tells which 科目 a search found, and what an import changed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from xltool.catalogue.by_year import TITLES, Code, Confidence, Found
from xltool.catalogue.code_import import Imported
from xltool.report.table import aligned

_CONFIDENCE = {
    Confidence.ATTESTED: "公开预算印有",
    Confidence.NAME_ATTESTED: "名称印有，编码推得",
    Confidence.THIRD_PARTY: "见于第三方目录",
    Confidence.UNVERIFIED: "未核实",
    Confidence.OWN: "自己导入",
}


HEADINGS = ("编码", "名称", "分类", "级", "年度", "依据")


def code_text(found: Found) -> str:
    """A line for each code, and below them what became of codes from one year to the next."""
    table = aligned([HEADINGS, *code_lines(found)]) if found.codes else []
    gap = [""] if found.codes and found.changes else []
    return "\n".join([*table, *gap, *(f"{change}。" for change in found.changes)])


def code_lines(found: Found) -> list[list[str]]:
    """What is told of each code, by heading."""
    return [_line(code) for code in found.codes]


def import_text(counts: Imported, file: Path) -> str:
    """What an import changed, and where the user's list is kept."""
    told = f"新增 {counts.added} 个，改动 {counts.changed} 个，已有 {counts.known} 个"
    return f"科目：{told}。\n自己的科目目录：{file}"


def _line(code: Code) -> list[str]:
    return [code.code, code.name, TITLES[code.dimension], code.level, _years(code), _CONFIDENCE[code.confidence]]


def _years(code: Code) -> str:
    """ "2023/2024/2025" -> "2023—2025", "2020/2023" -> "2020、2023", "2018+" -> "2018 起"; an own year holds on."""
    if code.confidence is Confidence.OWN:
        return f"{code.years} 起" if code.years else "不限"
    if code.years.endswith("+"):
        return f"{code.years[:-1]} 起"
    years = code.years.split("/")
    is_run = len(years) > 2 and all(int(after) == int(before) + 1 for before, after in pairwise(years))
    return f"{years[0]}—{years[-1]}" if is_run else "、".join(years)
