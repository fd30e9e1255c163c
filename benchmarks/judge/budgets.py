"""The budgets that mistakes are put into: published ones, made-up ones that were honestly rounded, drafted formats."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import xltool
from made_up.flows import FLOWS, rounded_facts
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.library import load_template
from xltool.model import FactKey, Value

SAMPLES = Path(__file__).parent.parent.parent / "samples"
FORMATS = ("qinglong-2024", "pingshan-2023", "longgang-2024", "shenzhen-2020")
"""Those whose figures stand in several tables."""

SOURCES = ("published", "honest", "drafted")
MODES = ("pasted", "live")


class Kind(NamedTuple):
    """A format, where the budget comes from, and whether its totals are live formulas or pasted values."""

    format: str
    source: str
    mode: str


def budget(kind: Kind, seed: str) -> Book:
    """A budget of a kind; those that are made up differ with the seed."""
    book = _honest(kind.format, seed) if kind.source == "honest" else _read(kind.format, kind.source == "drafted")
    return pasted(book) if kind.mode == "pasted" else book


def pasted(book: Book) -> Book:
    """What another program has when all is pasted into it: values only, 0 for a formula that adds up blank cells."""
    values = {**book.values, **{p: book.values.get(p) or Decimal(0) for p in (*book.live, *book.formulas)}}
    return Book(book.layout, values, seen=book.seen)


@cache
def _read(format: str, is_drafted: bool) -> Book:
    """A published budget, read with our template or with one that is drafted from its own workbook."""
    path = SAMPLES / format / "预算.xlsx"
    if not is_drafted:
        return xltool.read(path)
    with TemporaryDirectory() as folder:
        xltool.draft(path, Path(folder) / "draft")
        return xltool.read(path, template=str(Path(folder) / "draft"))


def last_year(kind: Kind, seed: str) -> dict[FactKey, Value]:
    """The facts of the same made-up budget a year before: most sums of money were others."""
    chance = Random(f"last year {seed}")
    sums = [(flow, max(round(money * chance.uniform(0.5, 1.5)), 1)) for flow, money in _sums(kind.format, seed)]
    return rounded_facts(kind.format, sums)


def _honest(format: str, seed: str) -> Book:
    """Every figure rounded by itself; a total that then is another than the sum of its parts is typed in."""
    template = load_template(format)
    filled = fill(template, rounded_facts(format, _sums(format, seed)), "某部门", template.year, "万元")
    return Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True)


def _sums(format: str, seed: str) -> list[tuple[int, int]]:
    """The sums of money of a made-up budget, from 1 元 to thousands of 万元."""
    chance = Random(f"{format} {seed}")
    return [(flow, int(10 ** chance.uniform(0, 7.5))) for flow in range(len(FLOWS[format])) if chance.random() < 0.8]
