"""The real budgets as the tests use them, a self-evaluation among them: facts, workbooks, and foreign workbooks."""

from __future__ import annotations

import pickle
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from openpyxl.workbook import Workbook

import xltool
from tests import ROOT
from xltool.excel.read.facts import read_facts
from xltool.layout.book import Book
from xltool.library import load_template
from xltool.model import FactKey, Value, parse_path
from xltool.source.our_sheets import OUR_SHEETS
from xltool.template.spec import Template

QINGLONG = "qinglong-2024"
PINGSHAN = "pingshan-2023"
LONGGANG = "longgang-2024"
SHENZHEN = "shenzhen-2020"
SELFEVAL = "longgang-selfeval-2021"
WHOLE = (QINGLONG, PINGSHAN, LONGGANG, SHENZHEN)
"""Those whose figures stand in several tables."""

BUDGETS = (*WHOLE, SELFEVAL)
SAMPLES = ROOT / "samples"


@cache
def template(name: str) -> Template:
    """The template of a budget."""
    return load_template(name)


@cache
def published(name: str) -> dict[FactKey, Value]:
    """The published facts of a budget."""
    return read_facts(SAMPLES / name / "facts.csv", template(name))


def filled(name: str, folder: Path) -> Path:
    """The filled workbook of a budget."""
    path = folder / f"{name}.xlsx"
    path.write_bytes(_filled(name))
    return path


@cache
def _filled(name: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "预算.xlsx"
        xltool.fill(name, published(name), path)
        return path.read_bytes()


def opened(path: Path) -> Workbook:
    """A workbook as openpyxl opens it, to be edited; the same file is parsed only once."""
    return _thawed(_opened(path.read_bytes()))


@cache
def _opened(content: bytes) -> bytes:
    return pickle.dumps(openpyxl.load_workbook(BytesIO(content)))


def foreign(name: str, folder: Path) -> Workbook:
    """The same workbook as another program would make it."""
    return pasted(filled(name, folder))


def pasted(path: Path) -> Workbook:
    """What another program has when all is pasted into it: values only, no note of a template, no helper sheets."""
    return _thawed(_pasted(path.read_bytes()))


@cache
def _pasted(content: bytes) -> bytes:
    workbook = openpyxl.load_workbook(BytesIO(content), data_only=True)
    for title in set(OUR_SHEETS) & set(workbook.sheetnames):
        del workbook[title]
    for prop in list(workbook.custom_doc_props.names):
        del workbook.custom_doc_props[prop]
    for defined in list(workbook.defined_names):
        del workbook.defined_names[defined]
    for sheet in workbook:
        sheet.protection.sheet = False
    return pickle.dumps(workbook)


def _thawed(workbook: bytes) -> Workbook:
    """A copy of its own of a workbook that was kept."""
    found = pickle.loads(workbook)
    assert isinstance(found, Workbook)
    for sheet in found.worksheets:  # what pickle does not keep
        sheet.column_dimensions.default_factory = sheet._add_column
        sheet.row_dimensions.default_factory = sheet._add_row
    return found


def reread(workbook: Workbook, folder: Path) -> Book:
    """The book that is read from an edited workbook."""
    path = folder / "改过的预算.xlsx"
    workbook.save(path)
    return xltool.read(path)


def amounts(book: Book) -> dict[FactKey, Value]:
    """The facts of a book that are not zero and no footnotes (a blank total of blank parts may read as 0)."""
    return {key: fact.value for key, fact in book.facts.items() if fact.value and key.row[-1] != "注"}


def key(table: str, row: str, column: str) -> FactKey:
    """A fact key as it is written in a long table."""
    return FactKey(table, parse_path(row), parse_path(column))
