"""Marks cells of a workbook with a colour and a note, and takes the marks off again; all else stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xltool.errors import FileRefused, SignedWorkbook
from xltool.excel.file.guard import is_signed, looked_through, opened, still_current
from xltool.excel.file.package import Package
from xltool.excel.file.parts import Workbook, add_part, declare, find_workbook, relationships, remove_part
from xltool.excel.file.sheetxml import position
from xltool.excel.file.xmltext import edited, root, start_tag
from xltool.excel.mark import colours, notes
from xltool.excel.mark.marks import Mark, by_sheet
from xltool.excel.mark.seen import first_cells

if TYPE_CHECKING:
    from xltool.diagnose.accepting import Kept

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_STYLES = "xl/styles.xml"  # some programs look for it only here
_OUR_STYLES = "xl/stylesXltool.xml"


class Marked(NamedTuple):
    """How many cells were marked, and the marks among them that got a colour only: their cells have a threaded comment,
    which is never edited."""

    cells: int
    without_note: list[Mark]


class Reasons(NamedTuple):
    """What the sheet 审核说明 is to have, and under which name it is in the workbook now ("": it is not)."""

    kept: Sequence[Kept]
    sheet: str


def annotate(source: Path | Package, marks: Sequence[Mark], target: Path, reasons: Reasons | None = None) -> Marked:
    """Write `source` with these marks, and without earlier ones of ours, to `target` (which may be the same file).

    A package that was opened for reading need not be opened again; it is used up. Without `reasons` the sheet that has
    them stays as it is.

    Raises SignedWorkbook for a signed file, FileRefused for one that cannot be read, written or has no such sheet.
    """
    package = _open(source)
    _remove_marks(package, find_workbook(package))
    if reasons is not None:
        from xltool.excel.mark import kept_sheet

        kept_sheet.put(package, *reasons)
    without_note = _add_marks(package, find_workbook(package), marks)
    package.save(target)
    return Marked(len({(mark.sheet, position(mark.cell)) for mark in marks}), without_note)


def annotated(source: Path, content: bytes, marks: Sequence[Mark]) -> bytes:
    """The content of a workbook that was just made and is to be written to `source`, with these marks.

    One that is too large to be opened again is as it was.
    """
    try:
        package = looked_through(source, content)
        _add_marks(package, find_workbook(package), marks)
    except FileRefused:
        return content
    return package.content()


def clear(source: Path | Package, target: Path, sheet: str = "") -> int:
    """Write `source` without our marks, and without the `sheet` of ours that keeps reasons, to `target` (which may be
    the same file); returns how many cells were marked.

    Raises SignedWorkbook for a signed file, FileRefused for one that cannot be read or written.
    """
    from xltool.excel.mark import kept_sheet

    package = _open(source)
    removed = _remove_marks(package, find_workbook(package))
    kept_sheet.remove(package, sheet)
    package.save(target)
    return removed


def signed(name: str) -> SignedWorkbook:
    """Why a workbook of this name, which carries a digital signature, is not changed."""
    return SignedWorkbook(f"“{name}”带有数字签名，标注会使签名失效：请在 Excel 中删除签名后再标注，或只查看检查报告。")


def _open(source: Path | Package) -> Package:
    package = still_current(source) if isinstance(source, Package) else opened(source)
    if is_signed(package):
        raise signed(package.source.name)
    return package


def _add_marks(package: Package, workbook: Workbook, marks: Sequence[Mark]) -> list[Mark]:
    if not marks:
        return []
    formats = _add_formats(package, workbook)
    blocks = notes.free_blocks(package)
    without_note: list[Mark] = []
    for name, on_sheet in by_sheet(marks).items():
        part = workbook.sheets.get(name)
        if part is None:
            raise FileRefused(f"“{package.source.name}”里没有工作表“{name}”：请重新检查后再标注。")
        xml = package.read(part)
        if start_tag(xml, root(xml)).endswith(b"/>"):
            raise package.refused(part, "不是工作表")
        rules = colours.add_rules(xml, on_sheet.coloured, formats)
        links, threaded = notes.add(package, workbook, part, on_sheet.texts, blocks)
        package.write(part, edited(xml, [*rules, *links]))
        without_note += [mark for cell, there in on_sheet.marks.items() if cell in threaded for mark in there]
    return without_note


def _remove_marks(package: Package, workbook: Workbook) -> int:
    """Take all our marks out of the package; returns how many cells were marked."""
    removed = 0
    for part in workbook.sheets.values():
        if not (colours.is_marked(package.read_raw(part)) or notes.has_notes(package, part)):
            continue
        xml = package.read(part)
        rules, ranges = colours.remove_rules(xml)
        links, noted = notes.remove(package, part)
        package.write(part, edited(xml, [*rules, *links]))
        removed += len(noted | first_cells(ranges))
    _remove_formats(package, workbook)
    return removed


def _add_formats(package: Package, workbook: Workbook) -> dict[str, int]:
    part = workbook.styles or _new_styles(package, workbook)
    xml, formats = colours.add_formats(package.read(part))
    package.write(part, xml)
    return formats


def _new_styles(package: Package, workbook: Workbook) -> str:
    """A styles part, in the place that a relationship leads to or else in the usual one; returns its name."""
    promised = (link.target for link in relationships(package, workbook.part) if link.kind == "styles")
    part = next(promised, None)
    if part is None:
        part = _STYLES if not package.has(_STYLES) else _OUR_STYLES
        add_part(package, workbook.part, part, "styles", _STYLES_TYPE, workbook.office_namespace)
    else:
        declare(package, part, _STYLES_TYPE)
    package.write(part, colours.new_styles(workbook.main_namespace))
    return part


def _remove_formats(package: Package, workbook: Workbook) -> None:
    part = workbook.styles
    if part is None:
        return
    left = colours.remove_formats(package.read(part))
    if left == colours.new_styles(workbook.main_namespace):
        remove_part(package, workbook.part, part)
    else:
        package.write(part, left)
