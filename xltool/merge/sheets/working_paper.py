"""汇总底稿: one line a figure that the 汇总 takes from units, what each of them gives, and what was eliminated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.cells import MOST_LINKS, Job, put, put_formula, put_merged
from xltool.excel.write.formulas import reference
from xltool.excel.write.handouts.links import put_link, seen_from, url
from xltool.excel.write.table.paper import LARGE
from xltool.excel.write.table.rows import figure_look
from xltool.excel.write.table.sheet import set_up_print
from xltool.layout.block import Place
from xltool.layout.geometry import area
from xltool.merge.consolidation import Consolidation, Share
from xltool.merge.sheets.row_words import column_words, row_words
from xltool.model import CellRef, column_letters
from xltool.source.our_sheets import WORKING_PAPER, WORKING_PAPER_HEADINGS, WORKING_PAPER_ROUNDING

TABLE, ROW, COLUMN, CELL = "表", "行", "栏", "单元格"
SUM, ELIMINATED, RESULT = "合计", "抵销", "抵销后"
CELLS_OF = "单元格："
"""What stands above the columns; the last before the name of the unit whose cells are listed."""

HEADING_ROW = WORKING_PAPER_HEADINGS
_WIDTHS = {TABLE: 22, ROW: 44, COLUMN: 30, CELL: 9}
_AMOUNT_WIDTH, _CELL_WIDTH, _PAGE_WIDTH = 16, 18, 300
_PERCENT_DIGITS, _MOST_DECIMALS = 2, 10
_FEWEST_DECIMALS = {"amount": 2, "percent": 2, "number": 0}

_HOW_TO_FOLLOW = (
    "各表中要填的数都取自本表的“抵销后”：在表中选中一个数，按 Ctrl+[ 就到这里。"
    "点单位的数打开它来自的单元格，点“单元格”回到表中。金额都是元，万元的表由公式除以 10000。"
)
_IN_OTHER_FILE = "单位太多，这里按下级部门（没有的合在一起）相加，各单位的数一行一个列在“{file}”里。"


class Positions(NamedTuple):
    """Where everything stands: the row of each place, the sheet column of each column of the 底稿.

    `cells` are the sheet columns, at the right, with the cells that a unit's figures come from.
    """

    rows: Mapping[Place, int]
    columns: Mapping[int, int]
    units: int
    adjustments: int
    cells: Mapping[int, int]

    @classmethod
    def of(cls, consolidation: Consolidation) -> Positions:
        """Of the sheet that shows this 汇总; there is a column for 抵销 even if nothing was, so that this is seen."""
        places = [place for place in sorted(consolidation.shares) if consolidation.filled.layout.cell(place)]
        rows = {place: row for row, place in enumerate(places, HEADING_ROW + 1)}
        units = [i for i, column in enumerate(consolidation.columns) if not column.is_adjustment]
        adjustments = [i for i, column in enumerate(consolidation.columns) if column.is_adjustment]
        first = len(_WIDTHS) + 1
        columns = {column: first + n for n, column in enumerate(units)}
        columns |= {column: first + len(units) + 1 + n for n, column in enumerate(adjustments)}
        shares = [share for one in consolidation.shares.values() for share in one if share.cell is not None]
        known = {one.column for one in shares if len(consolidation.columns[one.column].units) <= 1}
        last = first + len(units) + max(1, len(adjustments)) + 1
        cells = {column: last + 1 + n for n, column in enumerate(sorted(known, key=columns.__getitem__))}
        return cls(rows, columns, len(units), max(1, len(adjustments)), cells)

    @property
    def sum(self) -> int:
        """The sheet column of 合计."""
        return len(_WIDTHS) + self.units + 1

    @property
    def rounding(self) -> int:
        """The sheet column, beside those of the cells, with what the figures of all units are rounded to."""
        return self.result + len(self.cells) + 1

    @property
    def result(self) -> int:
        """The sheet column of 抵销后."""
        return self.sum + self.adjustments + 1


def working_paper(consolidation: Consolidation, target: Path) -> AddedSheet:
    """The sheet of a 汇总 that is written to `target`, and the formulas with which its tables take their figures."""
    at = Positions.of(consolidation)

    def write(job: Job, sheet: Worksheet) -> None:
        _Writing(job, sheet, consolidation, at, target).all()

    return AddedSheet(
        WORKING_PAPER,
        "每个数来自哪些单位，抵销了多少",
        write,
        {place: _source(consolidation, place, at) for place in at.rows},
    )


def _source(consolidation: Consolidation, place: Place, at: Positions) -> str:
    layout = consolidation.filled.layout
    factor = layout.yuan_of(place)
    cell = reference(CellRef(WORKING_PAPER, at.rows[place], at.result))
    return cell if factor == 1 else f"{cell}/{factor}"


class _Writing:
    """The sheet being written."""

    def __init__(self, job: Job, sheet: Worksheet, consolidation: Consolidation, at: Positions, target: Path) -> None:
        self._job = job
        self._sheet = sheet
        self._of = consolidation
        self._at = at
        self._files = [seen_from(target, line.sent.path) if line.sent else "" for line in consolidation.lines]
        self._unit_table = consolidation.unit_table.name if consolidation.unit_table is not None else ""
        figures = sum(len(consolidation.shares[place]) for place in at.rows)
        self._links_cells = figures + len(at.rows) + len(consolidation.columns) <= MOST_LINKS

    def all(self) -> None:
        """Every cell, and how the sheet is shown and printed."""
        self._write_top()
        for place, row in self._at.rows.items():
            self._write_line(place, row)
        self._set_up()

    def _write_top(self) -> None:
        look, outline, last = self._job.styles, self._job.layout.outline, self._at.result
        heading, linked = look(styles.HEADING), look(styles.HEADING, styles.LINKED)
        put_merged(
            self._sheet, 1, 1, 1, last, f"{outline.year}年{outline.department}{WORKING_PAPER}", look(styles.TITLE)
        )
        put_merged(self._sheet, 2, 1, 2, last, self._how_to_follow(), look(styles.NOTE))
        put_merged(self._sheet, 3, 1, 3, len(_WIDTHS), f"部门：{outline.department}", look(styles.HEADER_LEFT))
        put(self._sheet, 3, last, "金额单位：元", look(styles.HEADER_RIGHT))
        self._sheet.set_row(0, 32)
        self._sheet.set_row(1, 32)
        for column, text in enumerate(_WIDTHS, 1):
            put(self._sheet, HEADING_ROW, column, text, heading)
        put(self._sheet, HEADING_ROW, self._at.sum, SUM, heading)
        put(self._sheet, HEADING_ROW, self._at.sum + 1, ELIMINATED, heading)
        put(self._sheet, HEADING_ROW, self._at.result, RESULT, heading)
        for index, column in self._at.columns.items():
            name, units, _ = self._of.columns[index]
            put(self._sheet, HEADING_ROW, column, name, heading)
            if units:
                file = self._files[units[0]] if len(units) == 1 else self._unit_table
                put_link(self._sheet, HEADING_ROW, column, url(file), name, linked)
        put(self._sheet, HEADING_ROW, self._at.rounding, WORKING_PAPER_ROUNDING, heading)
        for index, column in self._at.cells.items():
            put(self._sheet, HEADING_ROW, column, CELLS_OF + self._of.columns[index].name, heading)

    def _how_to_follow(self) -> str:
        return _HOW_TO_FOLLOW + (_IN_OTHER_FILE.format(file=self._unit_table) if self._unit_table else "")

    def _write_line(self, place: Place, row: int) -> None:
        job, sheet, at, layout = self._job, self._sheet, self._at, self._job.layout
        cell = layout.cell(place)
        assert cell is not None
        words = (cell.sheet, row_words(place, layout), column_words(place, layout))
        for column, text in enumerate(words, 1):
            put(sheet, row, column, text, job.styles(styles.LABEL))
        sheet.set_row(row - 1, styles.row_height(zip(words, _WIDTHS.values(), strict=False)))
        to_table = f"internal:{reference(cell)}" if self._links_cells else None
        put_link(sheet, row, len(_WIDTHS), to_table, cell.a1, job.styles(styles.BOXED_LINK))
        shares = self._of.shares[place]
        kind = layout.kind(place)
        number = job.styles(figure_look(kind, _decimals(kind, shares), "zero"))
        for share in shares:
            self._write_share(share, row, number)
        columns = self._of.columns
        total = sum((share.value for share in shares if not columns[share.column].is_adjustment), Decimal(0))
        after_all = sum((share.value for share in shares), Decimal(0))
        put_formula(sheet, row, at.sum, f"SUM({area(row, len(_WIDTHS) + 1, row, at.sum - 1)})", number, total)
        after = f"{column_letters(at.sum)}{row}+SUM({area(row, at.sum + 1, row, at.result - 1)})"
        put_formula(sheet, row, at.result, after, number, after_all)
        for share in shares:
            if share.column in at.cells and share.cell is not None:
                put(sheet, row, at.cells[share.column], share.cell.in_book, job.styles(styles.HELPER))
        rounding = layout.rounding.get(place)
        if rounding is not None:
            put(sheet, row, at.rounding, rounding * layout.yuan_of(place), job.styles(styles.HELPER))

    def _write_share(self, share: Share, row: int, number: Format) -> None:
        """One amount, which leads to the cell that it comes from; one of the 抵销 sheet is taken from there."""
        if share.unit is None and share.cell is not None:
            column = self._at.columns[share.column]
            put_formula(self._sheet, row, column, reference(share.cell), number, share.value)
            return
        address = None
        if self._links_cells and share.unit is not None and share.cell is not None:
            address = url(self._files[share.unit], share.cell)
        put_link(self._sheet, row, self._at.columns[share.column], address, share.value, number)

    def _set_up(self) -> None:
        sheet, at = self._sheet, self._at
        for column, width in enumerate(_WIDTHS.values()):
            sheet.set_column(column, column, width)
        sheet.set_column(len(_WIDTHS), at.result - 1, _AMOUNT_WIDTH)
        sheet.set_column(at.result, at.rounding - 1, _CELL_WIDTH, None, {"level": 1, "hidden": True})
        sheet.set_column(at.rounding, at.rounding, None, None, {"collapsed": True})
        last = max([HEADING_ROW, *at.rows.values()])
        # blank cells would be most of the workbook where units have rows of their own
        boxed = {"type": "blanks", "format": self._job.styles(styles.BOXED_BLANK)}
        sheet.conditional_format(HEADING_ROW, len(_WIDTHS), last - 1, at.result - 1, boxed)
        sheet.freeze_panes(HEADING_ROW, len(_WIDTHS))
        sheet.autofilter(HEADING_ROW - 1, 0, last - 1, at.result - 1)
        sheet.repeat_rows(0, HEADING_ROW - 1)
        sheet.repeat_columns(0, len(_WIDTHS) - 1)
        sheet.print_area(0, 0, last - 1, at.result - 1)
        set_up_print(sheet, LARGE)
        width = sum(_WIDTHS.values()) + _AMOUNT_WIDTH * (at.result - len(_WIDTHS))
        sheet.fit_to_pages(-(-width // _PAGE_WIDTH), 0)


def _decimals(kind: str, shares: Sequence[Share]) -> int:
    """As many as the finest figure of a line has."""
    exponents = (share.value.normalize().as_tuple().exponent for share in shares)
    finest = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    return min(_MOST_DECIMALS, max(_FEWEST_DECIMALS[kind], finest - _PERCENT_DIGITS * (kind == "percent")))
