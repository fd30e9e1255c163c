"""The notes of one sheet: its comments part, the boxes in its VML part, and what ties both to the sheet."""

import itertools
from collections.abc import Iterator, Mapping

from xltool.errors import FileRefused
from xltool.excel.file.package import Package
from xltool.excel.file.parts import Workbook, add_part, relationships, remove_part
from xltool.excel.file.sheetxml import Sizes, cell_name, insert, of_kind, position, position_or_none
from xltool.excel.file.xmltext import Edit, attribute, edited, elements, prefix, relationship_id, start_tag
from xltool.excel.mark import boxes, comments

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# names of our own, so that the parts we made are known again
_OUR_COMMENTS = "xl/commentsXltool{}.xml"
_OUR_VML = "xl/drawings/vmlDrawingXltool{}.vml"


def add(
    package: Package, workbook: Workbook, sheet: str, notes: Mapping[str, str], free_blocks: Iterator[int]
) -> set[str]:
    """Put notes on cells of a sheet (its part's name); returns the cells that got none, having a threaded comment.

    Raises FileRefused if the sheet's comments part cannot be understood.
    """
    part = _linked(package, sheet, "comments")
    existing = package.read(part) if part else comments.new_comments(workbook.main_namespace)
    threaded = (comments.threaded_cells(existing) | _threaded_cells(package, sheet)) & notes.keys()
    wanted = {cell: text for cell, text in notes.items() if cell not in threaded}
    if not wanted:
        return threaded
    if part is None:
        part = _new_name(package, _OUR_COMMENTS)
        add_part(package, sheet, part, "comments", _COMMENTS_TYPE, workbook.office_namespace)
    xml = comments.add_notes(existing, wanted)
    package.write(part, xml)
    texts = comments.texts(xml)
    if not wanted.keys() <= texts.keys():
        raise FileRefused(f"文件“{package.source.name}”的批注已损坏：请在 Excel 或 WPS 中打开修复后另存。")
    had = comments.texts(existing).keys() & wanted.keys()
    _add_boxes(package, workbook, sheet, {cell: texts[cell] for cell in wanted if cell not in had}, free_blocks)
    _grow_boxes(package, sheet, {position(cell): texts[cell] for cell in had})
    return threaded


def remove(package: Package, sheet: str) -> set[str]:
    """Take our notes off a sheet; returns the cells that had one."""
    part = _linked(package, sheet, "comments")
    if part is None:
        return set()
    xml, gone, shortened = comments.remove_notes(package.read(part))
    noted = comments.texts(xml)
    if part.startswith(_OUR_COMMENTS.partition("{")[0]) and not noted:
        remove_part(package, sheet, part)
    else:
        package.write(part, xml)
    _remove_boxes(package, sheet, {position(cell) for cell in gone if position_or_none(cell)}, noted)
    return {*gone, *shortened}


def free_blocks(package: Package) -> Iterator[int]:
    """The blocks of shape numbers that no drawing of the workbook uses, lowest first."""
    used: set[int] = set()
    for part in package.names():
        if part.endswith(".vml"):
            used |= boxes.used_blocks(package.read_raw(part))
    return (block for block in itertools.count(1) if block not in used)


def _add_boxes(
    package: Package, workbook: Workbook, sheet: str, notes: Mapping[str, str], blocks: Iterator[int]
) -> None:
    if not notes:
        return
    xml = package.read(sheet)
    sizes = Sizes(xml)
    new = [boxes.box(*position(cell), text, sizes) for cell, text in notes.items()]
    part = _drawing(package, sheet)
    if part is None:
        part = _new_name(package, _OUR_VML)
        link = add_part(package, sheet, part, "vmlDrawing", _VML_TYPE, workbook.office_namespace)
        tag = f'legacyDrawing xmlns:r="{workbook.office_namespace}" r:id="{link}"/>'.encode()
        package.write(sheet, edited(xml, [insert(xml, "legacyDrawing", b"<" + prefix(xml) + tag)]))
        package.write(part, boxes.new_drawing())
    package.write(part, boxes.add_boxes(package.read_raw(part), new, blocks))


def _grow_boxes(package: Package, sheet: str, notes: Mapping[tuple[int, int], str]) -> None:
    part = _drawing(package, sheet) if notes else None
    if part is not None:
        package.write(part, boxes.grow_boxes(package.read_raw(part), notes, Sizes(package.read(sheet))))


def _remove_boxes(package: Package, sheet: str, cells: set[tuple[int, int]], noted: Mapping[str, str]) -> None:
    part = _drawing(package, sheet)
    if part is None:
        return
    vml = boxes.shrink_boxes(package.read_raw(part))
    is_ours = part.startswith(_OUR_VML.partition("{")[0])
    if is_ours:  # no box of which the note has gone stays in a part of ours
        cells = {cell for cell in boxes.noted_cells(vml) if cell_name(*cell) not in noted} | cells
    left = boxes.remove_boxes(vml, cells)
    if is_ours and boxes.is_empty(left):
        xml = package.read(sheet)
        links = {link.id for link in relationships(package, sheet) if link.target == part}
        gone = (one for one in of_kind(xml, "legacyDrawing") if relationship_id(start_tag(xml, one)) in links)
        package.write(sheet, edited(xml, (Edit(one.start, one.end, b"") for one in gone)))
        remove_part(package, sheet, part)
    else:
        package.write(part, left)


def _linked(package: Package, sheet: str, kind: str) -> str | None:
    links = relationships(package, sheet)
    return next((link.target for link in links if link.kind == kind and package.has(link.target)), None)


def _drawing(package: Package, sheet: str) -> str | None:
    """The VML part that the sheet draws; a VML part of its headers is another one."""
    xml = package.read(sheet)
    identifiers = {relationship_id(start_tag(xml, element)) for element in of_kind(xml, "legacyDrawing")}
    links = relationships(package, sheet)
    return next((link.target for link in links if link.id in identifiers and package.has(link.target)), None)


def _threaded_cells(package: Package, sheet: str) -> set[str]:
    part = _linked(package, sheet, "threadedComment")
    if part is None:
        return set()
    xml = package.read(part)
    threads = (start_tag(xml, thread) for thread in elements(xml, b"threadedComment"))
    return {comments.cell_of(attribute(tag, "ref") or "") for tag in threads}


def _new_name(package: Package, pattern: str) -> str:
    return next(name for number in itertools.count(1) if not package.has(name := pattern.format(number)))
