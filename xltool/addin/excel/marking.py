"""Puts our marks into the open workbook and takes them off, as `excel.mark.annotate` does in a file.

Only what changes goes through Excel: how many calls that takes depends on the marks and the sheets that have some, not
on the cells. A sheet may be begun anew when Excel was busy in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from xltool.addin.excel.com import ComError, is_gone, patiently, why
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.quiet import quiet
from xltool.excel.mark.boxes import text_size
from xltool.excel.mark.brackets import BELOW, framed, is_only_ours, our_spans
from xltool.excel.mark.colours import COLOURS, formula_of, is_our_formula
from xltool.excel.mark.marks import Mark, OnSheet, by_sheet
from xltool.excel.mark.seen import Seen

_EXPRESSION = 2  # xlExpression
_LONGEST_ADDRESS = 255
"""Letters of an address that Excel takes."""

_POINTS = 0.75
"""A pixel's."""

_PROTECTED = "工作表受保护"
_NOTHING = OnSheet({}, {}, {})


class Left(NamedTuple):
    """Marks of a sheet that could not be put there, or only in part, and why."""

    sheet: str
    why: str
    marks: list[Mark]


class Put(NamedTuple):
    """How many cells are marked now, how many earlier marks were taken off, and what was left out."""

    cells: int
    removed: int
    left: list[Left]


class _Refused(NamedTuple):
    """Why a sheet got no colours, and why no notes; "" if it did."""

    colours: str
    notes: str


def put_marks(book: OpenBook, marks: Sequence[Mark], seen: Mapping[str, Seen]) -> Put:
    """Give the workbook these marks instead of those `seen` in it. A protected sheet is left as it is, as far as it
    must be. Raises ExcelRefused if Excel stays busy; a sheet is then marked in part."""
    wanted = by_sheet(marks)
    left: list[Left] = []
    cells = removed = 0
    with quiet(book.app):
        for name in dict.fromkeys((*wanted, *(name for name, there in seen.items() if there.noted or there.coloured))):
            on_sheet, before = wanted.get(name, _NOTHING), seen.get(name, Seen())
            refused = _Refused(
                _tried(partial(_put_colours, book, name, on_sheet)),
                _tried(partial(_put_notes, book, name, on_sheet, before)),
            )
            left += _left(name, on_sheet, before, refused)
            cells += 0 if refused.colours and refused.notes else len(on_sheet.marks)
            removed += len((before.noted | before.coloured) - _stays(before, refused))
    return Put(cells, removed, left)


def note_of(cell: Any) -> str:
    """The text of a cell's note; "" if it has none."""
    comment = cell.Comment
    return "" if comment is None else str(comment.Text())


def _tried(step: Callable[[], str]) -> str:
    """What a step returns, or why Excel did not take it."""
    try:
        return patiently(step)
    except ComError as error:
        if is_gone(error):
            raise
        return f"Excel 不接受（{why(error)}）"


def _put_colours(book: OpenBook, name: str, wanted: OnSheet) -> str:
    sheet = book.book.sheets[name].api
    if sheet.ProtectContents and not sheet.Protection.AllowFormattingCells:
        return _PROTECTED
    _uncolour(sheet)
    for severity, cells in wanted.coloured.items():
        for address in _addresses(cells):
            _colour(sheet.Range(address), severity)
    return ""


def _put_notes(book: OpenBook, name: str, wanted: OnSheet, before: Seen) -> str:
    sheet = book.book.sheets[name].api
    if sheet.ProtectDrawingObjects:
        return _PROTECTED
    for cell in before.noted:
        _shorten(sheet.Range(cell).Comment)
    for cell, text in wanted.texts.items():
        if cell not in before.threaded:
            _note(sheet.Range(cell), text)
    return ""


def _left(name: str, wanted: OnSheet, before: Seen, refused: _Refused) -> Iterator[Left]:
    stays = _stays(before, refused)
    if (refused.colours or refused.notes) and (wanted.marks or stays):
        lacking = "和".join(what for what, why_not in zip(("着色", "写批注"), refused, strict=True) if why_not)
        reasons = "，".join(dict.fromkeys(filter(None, refused)))
        old = "，原来的标注也没有去掉" if stays else ""
        yield Left(name, f"{reasons}，不能{lacking}{old}", _all(wanted))
    threaded = [mark for cell, marks in wanted.marks.items() if cell in before.threaded for mark in marks]
    if threaded and not refused.notes:
        yield Left(name, "原有线程批注，不能改动，所以只着色", threaded)


def _stays(before: Seen, refused: _Refused) -> set[str]:
    """The cells that keep an earlier mark of ours."""
    return {*(before.noted if refused.notes else ()), *(before.coloured if refused.colours else ())}


def _all(wanted: OnSheet) -> list[Mark]:
    return [mark for marks in wanted.marks.values() for mark in marks]


def _uncolour(native: Any) -> None:
    """Delete our rules on a sheet; the user's stay, in their order."""
    conditions = native.Cells.FormatConditions
    for number in range(conditions.Count, 0, -1):
        rule = conditions.Item(number)
        if rule.Type == _EXPRESSION and is_our_formula(str(rule.Formula1).removeprefix("=")):
            rule.Delete()


def _colour(cells: Any, severity: str) -> None:
    """As in a file: a rule that is always true, ahead of the user's, and none of theirs is stopped by it."""
    rule = cells.FormatConditions.Add(Type=_EXPRESSION, Formula1=f"={formula_of(severity)}")
    rule.SetFirstPriority()
    rule.StopIfTrue = False
    red, green, blue = bytes.fromhex(COLOURS[severity][2:])
    rule.Interior.Color = red | green << 8 | blue << 16


def _addresses(cells: Sequence[str]) -> Iterator[str]:
    """The cells as addresses of several, each short enough."""
    address = ""
    for cell in cells:
        longer = f"{address},{cell}" if address else cell
        if len(longer) > _LONGEST_ADDRESS:
            yield address
            longer = cell
        address = longer
    if address:
        yield address


def _note(cell: Any, text: str) -> None:
    """Put our text below the cell's note, or into a note of ours."""
    comment, ours = cell.Comment, framed(text)
    kept = "" if comment is None else _shorten(comment)
    if kept:
        comment.Text(Text=BELOW + ours, Start=_units(kept) + 1, Overwrite=False)  # what is there keeps its fonts
        _enlarge(comment.Shape, kept + BELOW + ours)
    else:
        _enlarge(cell.AddComment(ours).Shape, ours)


def _shorten(comment: Any) -> str:
    """Take our text out of a note, and the note away if it is only ours; returns what is left."""
    if comment is None:
        return ""
    text = str(comment.Text())
    if is_only_ours(text):
        comment.Delete()
        return ""
    for start, end in reversed(our_spans(text)):
        comment.Shape.TextFrame.Characters(_units(text[:start]) + 1, _units(text[start:end])).Delete()
        text = text[:start] + text[end:]
    return text


def _enlarge(shape: Any, text: str) -> None:
    """A box as large as its text needs; one that is larger stays so."""
    width, height = (size * _POINTS for size in text_size(text))
    shape.Width, shape.Height = max(width, shape.Width), max(height, shape.Height)


def _units(text: str) -> int:
    """How many letters Excel counts: a rare one, beyond the first 65,536, counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
