"""Puts our marks into the open workbook and takes them off, as `excel.mark.annotate` does in a file.

Only what changes goes through Excel: how many calls that takes depends on the marks and the sheets that have some, not
on the cells. A sheet may be begun anew when Excel was busy in between.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from xltool.addin.excel.com import ComError, assign, give_back, is_refusal, patiently, why
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.quiet import quiet
from xltool.excel.mark.boxes import text_size
from xltool.excel.mark.brackets import BELOW, framed, is_only_ours, our_spans
from xltool.excel.mark.colours import COLOURS, formula_of, is_our_formula
from xltool.excel.mark.marks import Mark, OnSheet, by_sheet
from xltool.excel.mark.seen import Seen

Result = TypeVar("Result")

_EXPRESSION = 2  # xlExpression
_LONGEST = 255
"""Letters that Excel takes at once, of an address and of a note."""

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
    """Why a sheet got no colours, and why no notes; "" if it did. Why single cells of it did not get theirs."""

    colours: str
    notes: str
    cells: Mapping[str, str]


def put_marks(book: OpenBook, marks: Sequence[Mark], seen: Mapping[str, Seen]) -> Put:
    """Give the workbook these marks instead of those `seen` in it. A protected sheet is left as it is, as far as it
    must be. Raises ExcelRefused if Excel stays busy; a sheet is then marked in part."""
    wanted = by_sheet(marks)
    left: list[Left] = []
    cells = removed = 0
    with quiet(book.app):
        for name in dict.fromkeys((*wanted, *(name for name, there in seen.items() if there.noted or there.coloured))):
            on_sheet, before = wanted.get(name, _NOTHING), seen.get(name, Seen())
            colours = _tried(partial(_put_colours, book, name, on_sheet))
            notes = _tried(partial(_put_notes, book, name, on_sheet, before))
            refused = _Refused(colours, *((notes, {}) if isinstance(notes, str) else ("", notes)))
            left += _left(name, on_sheet, before, refused)
            cells += 0 if refused.colours and refused.notes else len(on_sheet.marks)
            removed += len((before.noted | before.coloured) - _stays(before, refused))
    return Put(cells, removed, left)


def note_of(cell: Any) -> str:
    """The text of a cell's note; "" if it has none."""
    comment = cell.Comment
    return "" if comment is None else str(comment.Text())


def _tried(step: Callable[[], Result]) -> Result | str:
    """What a step returns, or why Excel did not take it."""
    try:
        return patiently(step)
    except ComError as error:
        return _why_refused(error)


def _why_refused(error: ComError) -> str:
    if not is_refusal(error):
        raise error
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


def _put_notes(book: OpenBook, name: str, wanted: OnSheet, before: Seen) -> str | dict[str, str]:
    """Why the sheet takes no notes, or else which cells do not, and why: one that is now part of a merged cell, or has
    a threaded comment since."""
    sheet = book.book.sheets[name].api
    if sheet.ProtectDrawingObjects:
        return _PROTECTED
    refused = {}
    for cell in dict.fromkeys((*before.noted, *wanted.texts)):
        if cell in before.threaded:
            continue
        try:
            _note(sheet.Range(cell), wanted.texts.get(cell, ""))
        except ComError as error:
            refused[cell] = _why_refused(error)
    return refused


def _left(name: str, wanted: OnSheet, before: Seen, refused: _Refused) -> Iterator[Left]:
    stays = _stays(before, refused)
    if (refused.colours or refused.notes) and (wanted.marks or stays):
        whys = {"着色": refused.colours, "写批注": refused.notes}
        lacking = "和".join(what for what, why_not in whys.items() if why_not)
        reasons = "，".join(dict.fromkeys(filter(None, whys.values())))
        old = "，原来的标注也没有去掉" if stays else ""
        yield Left(name, f"{reasons}，不能{lacking}{old}", _at(wanted, wanted.marks))
    if refused.notes:
        return
    if threaded := _at(wanted, before.threaded):
        yield Left(name, "原有线程批注，不能改动，所以只着色", threaded)
    for reason in dict.fromkeys(refused.cells.values()):
        cells = [cell for cell, why_not in refused.cells.items() if why_not == reason]
        if lacking_notes := _at(wanted, cells):
            yield Left(name, f"{reason}，所以只着色", lacking_notes)
        if kept := [cell for cell in cells if cell not in wanted.marks]:
            yield Left(name, f"{reason}，{'、'.join(kept)} 原来的批注没有去掉", [])


def _stays(before: Seen, refused: _Refused) -> set[str]:
    """The cells that keep an earlier mark of ours."""
    noted = before.noted if refused.notes else before.noted & refused.cells.keys()
    return {*noted, *(before.coloured if refused.colours else ())}


def _at(wanted: OnSheet, cells: Container[str]) -> list[Mark]:
    return [mark for cell, marks in wanted.marks.items() if cell in cells for mark in marks]


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
    assign(rule, "StopIfTrue", False)
    red, green, blue = bytes.fromhex(COLOURS[severity][2:])
    assign(rule.Interior, "Color", red | green << 8 | blue << 16)


def _addresses(cells: Sequence[str]) -> Iterator[str]:
    """The cells as addresses of several, each short enough."""
    address = ""
    for cell in cells:
        longer = f"{address},{cell}" if address else cell
        if len(longer) > _LONGEST:
            yield address
            longer = cell
        address = longer
    if address:
        yield address


def _note(cell: Any, text: str) -> None:
    """Put our text below the cell's note, or into a note of ours, in place of what of ours was there; "": only that."""
    comment = cell.Comment
    kept = "" if comment is None else _shorten(comment)
    if not text:
        return
    pieces = _pieces((BELOW if kept else "") + framed(text))
    if not kept:
        kept = next(pieces)
        comment = cell.AddComment(kept)
    _enlarge(comment.Shape, _append(comment, kept, pieces))


def _append(comment: Any, text: str, pieces: Iterable[str]) -> str:
    """Put pieces behind the text of a note, which keeps its fonts; returns the whole."""
    for piece in pieces:
        comment.Text(Text=piece, Start=_units(text) + 1, Overwrite=False)
        text += piece
    return text


def _pieces(text: str) -> Iterator[str]:
    """Parts of a text, each short enough for Excel to take it whole."""
    begin = size = 0
    for at, letter in enumerate(text):
        size += _units(letter)
        if size > _LONGEST:
            yield text[begin:at]
            begin, size = at, _units(letter)
    yield text[begin:]


def _shorten(comment: Any) -> str:
    """Take our text out of a note, and the note away if it is only ours; returns what is left."""
    text = str(comment.Text())
    if is_only_ours(text):
        comment.Delete()
        return ""
    spans = our_spans(text)
    for start, end in reversed(spans):
        comment.Shape.TextFrame.Characters(_units(text[:start]) + 1, _units(text[start:end])).Delete()
        text = text[:start] + text[end:]
    if spans and str(comment.Text()) != text:
        _rewrite(comment, text)
    return text


def _rewrite(comment: Any, text: str) -> None:
    """Put a text in place of a note's, whose fonts go: of a long note not every Excel deletes letters.

    What is left of the user's is given back whole, however busy Excel is in between.
    """
    there, *more = _pieces(text)
    give_back(lambda: comment.Text(Text=there))
    for piece in more:
        give_back(partial(_append, comment, there, [piece]))
        there += piece


def _enlarge(shape: Any, text: str) -> None:
    """A box as large as its text needs; one that is larger stays so."""
    width, height = (size * _POINTS for size in text_size(text))
    assign(shape, "Width", max(width, shape.Width))
    assign(shape, "Height", max(height, shape.Height))


def _units(text: str) -> int:
    """How many letters Excel counts: a rare one, beyond the first 65,536, counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
