"""The sound inputs that the damaged ones are made of, by name."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import xltool
from tests import CASE_FILES, TEMPLATES
from tests.budgets import QINGLONG, SAMPLES, SELFEVAL, SHENZHEN
from tests.excel.kitchen_sink import EXCEL_VML, MAIN, handmade, kitchen_sink, with_notes, write_zip
from tests.fuzz.package import Package
from xltool.diagnose.accepting import Kept, Standing
from xltool.excel.read.facts import read_facts
from xltool.library import load_template
from xltool.model import Acceptance

CODE = "ABCDEFGHIJKL-MNOPABCDEFGH"
SMALL_FORMAT = TEMPLATES / "某省某市-2025"
_NOTE = (
    f'<comments xmlns="{MAIN}"><authors><author>张三</author></authors><commentList>'
    '<comment ref="B2" authorId="0"><text><r><rPr><b/></rPr><t>已</t></r><r><t>核</t></r></text></comment>'
    "</commentList></comments>"
)
_SHEET = (
    '<cols><col min="1" max="3" width="9"/></cols><sheetData><row r="2"><c r="B2"><v>2638</v></c>'
    '<c r="C2"><f>SUM(B2:B9)</f><v>5</v></c></row></sheetData>'
    '<mergeCells count="1"><mergeCell ref="A5:B5"/></mergeCells>'
    '<conditionalFormatting sqref="B2:B9"><cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan">'
    "<formula>0</formula></cfRule></conditionalFormatting>"
)


def package(name: str) -> Package:
    """A sound workbook, to be changed."""
    return deepcopy(_packages(name))


@cache
def _packages(name: str) -> Package:
    return Package.opened(workbook(name))


@cache
def workbook(name: str) -> bytes:
    """A sound workbook as a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "预算.xlsx"
        match name:
            case "小工作簿":
                _small(path)
            case "标注过的":
                _small(path)
                xltool.annotate(path, xltool.check(xltool.read(path, str(SMALL_FORMAT))).findings, path)
            case "说明过的":
                _small(path)
                checked = xltool.check(xltool.read(path, str(SMALL_FORMAT)))
                explained = [Kept(Acceptance(CODE, "经核对无误", figures="1.00"), Standing.CHANGED)]
                xltool.annotate(path, checked.findings, path, explained)
            case "厨房水槽":
                kitchen_sink(path)
            case "手工":
                write_zip(path, handmade(sheet=_SHEET, styles='<dxfs count="1"><dxf/></dxfs>'))
            case "手工批注":
                write_zip(path, with_notes(_NOTE, EXCEL_VML))
            case "自评":
                return (SAMPLES / SELFEVAL / "预算.xlsx").read_bytes()
            case "青龙":
                return (SAMPLES / QINGLONG / "预算.xlsx").read_bytes()
            case "深圳":
                return (SAMPLES / SHENZHEN / "预算.xlsx").read_bytes()
        return path.read_bytes()


def _small(path: Path) -> None:
    """A small budget of a format of the tests, with some wrong figures."""
    facts = read_facts(SMALL_FORMAT / "facts.csv", load_template(str(SMALL_FORMAT)))
    for key in [key for key, value in facts.items() if isinstance(value, Decimal)][::7]:
        facts[key] = Decimal("18.55")
    xltool.fill(str(SMALL_FORMAT), facts, path)


@cache
def text(name: str) -> bytes:
    """A sound list or definition."""
    match name:
        case "数据表":
            return (SMALL_FORMAT / "facts.csv").read_bytes()
        case "科目表":
            return "编码,名称,年度\n20101,人大事务,2025\n2010108,代表工作,2024\n2010199,其他人大事务支出,\n".encode()
        case "问题清单":
            return f"序号,单元格,说明,日期,核对码\n1,C7,已批准,2026/3/1,{CODE}\n2,D8,,,{CODE}\n".encode()
        case "样例科目":
            return (CASE_FILES / "codes/by_year.csv").read_bytes()
    return (SMALL_FORMAT / f"{name}.toml").read_bytes()
