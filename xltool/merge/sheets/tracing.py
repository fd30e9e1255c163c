"""Follows a figure of a 汇总 to the units that it comes from, with nothing but the 汇总 itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from xltool.collecting.looking_up import Found, lines_about
from xltool.errors import FileRefused
from xltool.excel.read.formulas.formula_terms import terms_of
from xltool.input_file import content_of
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Term
from xltool.merge.balance.rounded_formula import exact_formula
from xltool.merge.sheets.papers import PaperRead, Part, SentFile, read_submissions, read_working_paper
from xltool.merge.sheets.unit_table import UNIT_TABLE
from xltool.model import CellRef, Value, column_number
from xltool.source.our_sheets import SUBMISSIONS, WORKING_PAPER
from xltool.source.sheet import Source
from xltool.template.names import normal

_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^!]+))!\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", re.IGNORECASE)
_SHOWN = 6
"""Names of sheets."""


class FileNow(Enum):
    """What has become of the file of a unit since it was added up."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Origin(NamedTuple):
    """What a unit (or several, of a 下级部门) put into a figure; `file` is "" where it is not one file."""

    part: Part
    file: str = ""
    now: FileNow = FileNow.UNKNOWN


class Trace(NamedTuple):
    """One figure of a 汇总: either `addends` of its own tables, or `origins` in the workbooks of units, or neither.

    `value` is as the table has it, `factor` how many 元 its unit is (1 where it is no amount); parts are in 元.
    """

    book: Book
    place: Place
    value: Value
    factor: int
    addends: tuple[Term, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def before(self) -> Decimal:
        """合计: what the units give, before 抵销."""
        return _sum(origin.part for origin in self.origins if not origin.part.is_adjustment)

    @property
    def after(self) -> Decimal:
        """抵销后."""
        return _sum(origin.part for origin in self.origins)


def trace(source: Source, book: Book, cell: str) -> Trace:
    """Where the figure of a cell ("支出总表!E12") of a 汇总, which was read as `book`, comes from.

    Raises FileRefused if it is no 汇总 of ours, if there is no such cell or no figure in it, or if the sheets that say
    where figures come from were removed.
    """
    name = book.source.name if book.source is not None else ""
    if not book.is_merged:
        raise FileRefused(f"“{name}”不是 xltool merge 写出的汇总，没有记下数的来源。")
    paper, files = read_working_paper(source), read_submissions(source)
    if paper is None or files is None:
        lost = WORKING_PAPER if paper is None else SUBMISSIONS
        raise FileRefused(f"“{name}”里没有“{lost}”这张表，可能已被删去：请用原来的汇总，或重新汇总。")
    place = _place(book, cell)
    value = book.values.get(place)
    factor = book.layout.yuan_of(place)
    if place in book.live:
        return Trace(book, place, value, factor, book.live[place].right)
    row = _line(book, place, paper)
    parts = paper.parts(row) if row else []
    folder = book.source.parent if book.source is not None else Path()
    beside = _beside(book, place, folder) if any(_is_of_several(part, files) for part in parts) else []
    return Trace(book, place, value, factor, origins=_origins(parts, files, beside, folder))


def _place(book: Book, text: str) -> Place:
    """The place that the user means."""
    told = text.strip().replace("！", "!")
    if told[:1] == told[-1:] and told[:1] in ("'", '"'):  # cmd.exe hands them on
        told = told[1:-1]
    found = _CELL.fullmatch(told)
    if found is None:
        raise FileRefused(f"“{text}”不是单元格：请写成“工作表!单元格”，如 '支出总表!E12'。")
    sheet = (found[1] or "").replace("''", "'") or found[2]
    names = {normal(table.sheet): table.sheet for table in book.layout.tables.values()}
    name = names.get(normal(sheet))
    if name is None:
        some = "、".join([*names.values()][:_SHOWN]) + ("等" if len(names) > _SHOWN else "")
        raise FileRefused(f"汇总里没有“{sheet}”这张预算表：请写工作表的名称，如 {some}。")
    cell = CellRef(name, int(found[4]), column_number(found[3].upper()))
    place = book.layout.place_at(cell)
    if place is None or not isinstance(book.values.get(place), Decimal):
        raise FileRefused(f"{cell.in_book} 里没有数可以追溯：请指明有数的单元格。")
    return place


def _line(book: Book, place: Place, paper: PaperRead) -> int:
    """The line of the 底稿 that the formula at a place takes its figure from; 0 if it does not."""
    formula, sheet = exact_formula(book.formulas.get(place, "")), book.layout.blocks[place.block].sheet
    terms = terms_of(formula, sheet, lambda _, __: []) if formula else None
    cells = [cell for cell in terms or () if cell.sheet == paper.sheet.name]
    return cells[0].row if len(cells) == 1 else 0


def _origins(
    parts: Sequence[Part], files: Mapping[str, SentFile], beside: Sequence[Found], folder: Path
) -> tuple[Origin, ...]:
    """Each unit's part; where the 底稿 has the sum of several, what the file beside says of them, if that agrees."""
    own = [part for part in parts if not _is_of_several(part, files)]
    summed = [part for part in parts if _is_of_several(part, files)]
    names = {part.name for part in own}
    each = [Part(one.unit, one.figure, one.cell, False) for one in beside if one.unit not in names]
    shown = [*(each if each and _sum(each) == _sum(summed) else summed), *own]
    found = []
    for part in sorted(shown, key=lambda part: part.is_adjustment):
        sent = files.get(part.name)
        found.append(Origin(part) if sent is None else Origin(part, sent.path, _now(sent, folder)))
    return tuple(found)


def _is_of_several(part: Part, files: Mapping[str, SentFile]) -> bool:
    """Whether a part is the sum of several units; what is eliminated is no unit's."""
    return part.name not in files and not part.is_adjustment


def _beside(book: Book, place: Place, folder: Path) -> list[Found]:
    """The lines of the second file of a 汇总 of many units; none if there is no such file, or it is not beside."""
    name = book.noted.get(UNIT_TABLE, "")
    path = folder / Path(name).name
    return lines_about(path, book.layout.key(place)) if name and path.is_file() else []


def _now(sent: SentFile, folder: Path) -> FileNow:
    """A file on another machine is not asked for: that would send our name there."""
    if not sent.sha256 or sent.path.startswith(("//", "\\\\")):
        return FileNow.UNKNOWN
    try:
        content = content_of(folder / sent.path)
    except FileRefused as error:
        return FileNow.MISSING if isinstance(error.__cause__, FileNotFoundError) else FileNow.UNKNOWN
    return FileNow.SAME if hashlib.sha256(content).hexdigest() == sent.sha256 else FileNow.CHANGED


def _sum(parts: Iterable[Part]) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))
