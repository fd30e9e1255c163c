"""The classification catalogues (政府收支分类科目): the name of a code, and the code of a name."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path as FilePath

from xltool.template.loader import templates_folder


@cache
def names(dimension: str, folder: FilePath | None = None) -> Mapping[str, str]:
    """code -> name of a classified dimension ("function" or "economic"), in the order of the codes."""
    path = (folder or templates_folder()) / "catalogues" / f"{dimension}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {line["code"]: line["name"] for line in csv.DictReader(file)}


@cache
def codes_by_name(dimension: str) -> Mapping[tuple[str, str], str]:
    """(code of the parent or "", name) -> code: names such as 行政运行 recur under many parents."""
    known = names(dimension)
    return {(parent(code, known), name): code for code, name in known.items()}


def parent(code: str, among: Mapping[str, object]) -> str:
    """The longest proper beginning of `code` that is in `among`, "" if none is."""
    for length in range(len(code) - 1, 0, -1):
        if code[:length] in among:
            return code[:length]
    return ""
