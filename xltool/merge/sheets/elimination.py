"""抵销: the adjustment table, what each unit received and paid, and each transfer of the list, confirmed or not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.cells import Job, put, put_formula, put_merged
from xltool.excel.write.handouts.links import put_link, seen_from, url
from xltool.excel.write.styles import Look
from xltool.excel.write.table.paper import LARGE
from xltool.excel.write.table.sheet import set_up_print
from xltool.layout.block import Place
from xltool.merge.consolidation import Consolidation
from xltool.merge.sheets.row_words import column_words, row_words
from xltool.merge.transfers.adjustment import AMOUNT_COLUMN, FIRST_ROW, cells_taken, path_of
from xltool.merge.transfers.eliminated import TransferPair, Word
from xltool.merge.transfers.internal import Spot, TransferSide, agrees, amount_of
from xltool.merge.transfers.words import cells
from xltool.model import column_letters
from xltool.source.our_sheets import ELIMINATION

_WIDTHS = (7, 18, 14, 26, 30, 22, 18, 18, 18, 10, 60)
_ENTRY = ("序号", "往来", "一方", "表", "行", "栏", "抵销金额", "依据")
_LINE = ("序号", "往来", "一方", "单位", "科目", "单元格", "金额", "其中：抵销", "保留", "抵销入")
_PAIR = (
    *("序号", "往来", "清单位置", "付款单位", "收款单位", "科目", "清单金额"),
    *("付款单位所列", "收款单位所列", "结果", "说明"),
)
_NOTE = (
    "抵销的数不改任何单位的数：第一部分是调整表，各格的抵销金额由第二部分加出，汇总底稿的“抵销”一栏取自这里。"
    "金额都是元。"
)
_LINE_AMOUNT, _LINE_TAKEN, _LINE_ENTRY = 7, 8, 10
"""The columns of the second part that formulas add up."""

_CONFIRMED, _NOT_CONFIRMED = "对符", "未符"


def elimination(consolidation: Consolidation, target: Path) -> list[AddedSheet]:
    """The sheet of a 汇总 that is written to `target`; none where no unit has any 往来 and no list was given."""
    eliminated = consolidation.eliminated
    if not eliminated.sums and eliminated.pairs is None:
        return []
    return [
        AddedSheet(
            ELIMINATION,
            "内部往来：抵销了哪些，哪些没有对符",
            lambda job, sheet: _Writing(job, sheet, consolidation, target).all(),
        )
    ]


class _Writing:
    """The sheet being written."""

    def __init__(self, job: Job, sheet: Worksheet, consolidation: Consolidation, target: Path) -> None:
        self._job = job
        self._sheet = sheet
        self._of = consolidation.eliminated
        self._layout = consolidation.filled.layout
        self._files = [seen_from(target, line.sent.path) if line.sent else "" for line in consolidation.lines]
        self._entries = cells_taken(self._of.taken)
        self._said = [one for sums in self._of.sums for one in (*sums.received, *(sums.paid or ()))]
        self._said += [one.said for one in self._of.taken if one.said.line.reference]
        self._lines_from = FIRST_ROW + len(self._entries) + 6

    def all(self) -> None:
        """Every part, and how the sheet is shown and printed."""
        look, outline, last = self._job.styles, self._layout.outline, len(_WIDTHS)
        title = f"{outline.year}年{outline.department}内部往来{ELIMINATION}"
        put_merged(self._sheet, 1, 1, 1, last, title, look(styles.TITLE))
        put_merged(self._sheet, 2, 1, 2, last, _NOTE, look(styles.NOTE))
        put(self._sheet, 3, last, "金额单位：元", look(styles.HEADER_RIGHT))
        self._write_entries()
        row = self._write_lines()
        if self._of.pairs is not None:
            row = self._write_pairs(row + 2, self._of.pairs)
        self._set_up(row)

    def _head(self, row: int, text: str, headings: Sequence[str]) -> None:
        look = self._job.styles
        put_merged(self._sheet, row, 1, row, len(_WIDTHS), text, look(styles.HEADER_LEFT, styles.BOLD))
        for column, heading in enumerate(headings, 1):
            put(self._sheet, row + 1, column, heading, look(styles.HEADING))

    def _texts(self, row: int, texts: Sequence[str], look: Format) -> None:
        for column, text in enumerate(texts, 2):
            put(self._sheet, row, column, text, look)
        self._sheet.set_row(row - 1, styles.row_height(zip(texts, _WIDTHS[1:], strict=False)))

    def _amount(self, *looks: Look) -> styles.Look:
        merged: dict[str, object] = {**styles.AMOUNT, **styles.amount_format(2, "zero")}
        for look in looks:
            merged |= look
        return merged

    def _write_entries(self) -> None:
        """一、调整表."""
        look, sheet = self._job.styles, self._sheet
        self._head(FIRST_ROW - 2, "一、调整表（抵销的每一格）", _ENTRY)
        kinds = {one.said.line.spot: one for one in self._of.taken}
        for row, (spot, amount) in enumerate(self._entries.items(), FIRST_ROW):
            line, reason = kinds[spot].said.line, kinds[spot].reason
            place = self._place(spot)
            words = ["", ""] if place is None else [row_words(place, self._layout), column_words(place, self._layout)]
            put(sheet, row, 1, Decimal(row - FIRST_ROW + 1), look(styles.NUMBERING))
            self._texts(row, [line.elimination, line.side.value, spot.table, *words], look(styles.TEXT))
            formula = f"-SUMIFS({self._column(_LINE_TAKEN)},{self._column(_LINE_ENTRY)},A{row})"
            put_formula(sheet, row, AMOUNT_COLUMN, formula, look(self._amount()), -amount)
            put(sheet, row, AMOUNT_COLUMN + 1, reason, look(styles.TEXT))
        last = FIRST_ROW + len(self._entries)
        totals = [sum(self._of_side(side), Decimal(0)) for side in TransferSide]
        letter = column_letters(AMOUNT_COLUMN)
        for row, side, total in zip((last, last + 1), TransferSide, totals, strict=True):
            formula = f'SUMIFS({letter}{FIRST_ROW - 1}:{letter}{last - 1},C{FIRST_ROW - 1}:C{last - 1},"{side.value}")'
            self._total(row, f"{side.value}合计", formula, total)
        self._total(last + 2, "两者之差（应为 0）", f"{letter}{last}-{letter}{last + 1}", totals[0] - totals[1])

    def _of_side(self, side: TransferSide) -> list[Decimal]:
        sides = {one.said.line.spot: one.said.line.side for one in self._of.taken}
        return [-amount for spot, amount in self._entries.items() if sides[spot] is side]

    def _total(self, row: int, text: str, formula: str, total: Decimal) -> None:
        put_merged(self._sheet, row, 1, row, AMOUNT_COLUMN - 1, text, self._job.styles(styles.LABEL, styles.BOLD))
        put_formula(self._sheet, row, AMOUNT_COLUMN, formula, self._job.styles(self._amount(styles.BOLD)), total)

    def _place(self, spot: Spot) -> Place | None:
        """Where the 汇总 has a cell that is taken out of."""
        path = path_of(spot, self._layout.template.merging.adjustment)
        for block in self._layout.blocks_of(spot.table, spot.column):
            if path in block.row_index and block.block is block.table.blocks[spot.block]:
                return block.places[block.row_index[path]][block.column_index[spot.column]]
        return None

    def _column(self, column: int) -> str:
        """The cells of the second part in one column."""
        letter, first = column_letters(column), self._lines_from
        return f"{letter}${first}:{letter}${max(first, first + len(self._said) - 1)}"

    def _write_lines(self) -> int:
        """二、各单位列的往来; gives the row after it."""
        look, sheet, first = self._job.styles, self._sheet, self._lines_from
        self._head(first - 2, "二、各单位列的往来", _LINE)
        taken = self._of.taken_of
        numbers = {spot: number for number, spot in enumerate(self._entries, 1)}
        numbering, linked = look(styles.NUMBERING), look(styles.BOXED_LINK)
        text, amount = look(styles.TEXT), look(self._amount())
        doubtful = look(styles.TEXT, styles.DOUBTFUL), look(self._amount(styles.DOUBTFUL))
        for row, one in enumerate(self._said, first):
            line, out = one.line, taken.get(one, Decimal(0))
            texts, amounts = (text, amount) if agrees(line.amount - out, [one]) else doubtful
            put(sheet, row, 1, Decimal(row - first + 1), numbering)
            self._texts(row, [line.elimination, line.side.value, one.name, "/".join(line.member)], texts)
            address = url(self._files[one.unit], line.cell) if self._files[one.unit] else None
            put_link(sheet, row, 6, address, line.cell.in_book, linked)
            put(sheet, row, _LINE_AMOUNT, line.amount, amounts)
            put(sheet, row, _LINE_TAKEN, out, amounts)
            kept = f"{column_letters(_LINE_AMOUNT)}{row}-{column_letters(_LINE_TAKEN)}{row}"
            put_formula(sheet, row, _LINE_TAKEN + 1, kept, amounts, line.amount - out)
            number = numbers.get(line.spot) if out else None
            put(sheet, row, _LINE_ENTRY, Decimal(number) if number else None, numbering)
        return first + len(self._said)

    def _write_pairs(self, row: int, pairs: Sequence[TransferPair]) -> int:
        """三、往来清单; gives the row after it."""
        self._head(row, "三、往来清单逐笔核对", _PAIR)
        for number, pair in enumerate(pairs, 1):
            self._write_pair(row + 1 + number, number, pair)
        return row + 2 + len(pairs)

    def _write_pair(self, row: int, number: int, pair: TransferPair) -> None:
        look, sheet, transfer = self._job.styles, self._sheet, pair.transfer
        tint = styles.WRONG if pair.problem else {}
        put(sheet, row, 1, Decimal(number), look(styles.NUMBERING))
        texts = [pair.elimination, transfer.place, transfer.payer, transfer.receiver, transfer.subject]
        for column, text in enumerate(texts, 2):
            put(sheet, row, column, text, look(styles.TEXT, tint))
        put(sheet, row, 7, transfer.amount, look(self._amount(tint)))
        for column, word in ((8, pair.payer), (9, pair.receiver)):
            shown = amount_of(word.said) if word is not None and word.said else None
            put(sheet, row, column, shown, look(self._amount(tint)))
        put(sheet, row, 10, _NOT_CONFIRMED if pair.problem else _CONFIRMED, look(styles.CENTRED, tint))
        said = pair.problem or "；".join(filter(None, map(_cells, (pair.payer, pair.receiver))))
        put(sheet, row, 11, said, look(styles.TEXT, tint))
        sheet.set_row(row - 1, styles.row_height(zip((*texts, said), (*_WIDTHS[1:6], _WIDTHS[10]), strict=True)))

    def _set_up(self, last: int) -> None:
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        self._sheet.set_row(0, 32)
        self._sheet.freeze_panes(3, 0)
        self._sheet.print_area(0, 0, last - 1, len(_WIDTHS) - 1)
        set_up_print(self._sheet, LARGE)


def _cells(word: Word | None) -> str:
    return f"{word.unit} {cells(word.said)}" if word is not None and word.said else ""
