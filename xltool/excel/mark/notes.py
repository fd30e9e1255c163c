"""The notes of one sheet: its comments part, the boxes in its VML part, and what ties both to the sheet."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

from xltool.excel.file.package import Package
from xltool.excel.file.parts import Workbook, add_part, relationships, remove_part
from xltool.excel.file.sheetxml import Sizes, cell_name, insert, of_kind, position, position_or_none
from xltool.excel.file.xmltext import Edit, attribute, elements, prefix, relationship_id, start_tag
from xltool.excel.mark import boxes, comments

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# names of our own, so that the parts we made are known again
_OUR_COMMENTS = "xl/commentsXltool{}.xml"
_OUR_VML = "xl/drawings/vmlDrawingXltool{}.vml"


def add(
    package: Package, workbook: Workbook, sheet: str, notes: Mapping[str, str], free_blocks: Iterator[int]
) -> tuple[list[Edit], set[str]]:
    """Put notes on cells of a sheet (its part's name).

    Returns what is to be edited in the sheet's part itself, and the cells that got no note, having a threaded comment.
    Raises FileRefused if the sheet's comments part cannot be understood.
    """
    part = _linked(package, sheet, "comments")
    existing = package.read(part) if part else comments.new_comments(workbook.main_namespace)
    threaded = threaded_cells(package, sheet) & notes.keys()
    wanted = {cell: text for cell, text in notes.items() if cell not in threaded}
    if not wanted:
        return [], threaded
    if part is None:
        part = _new_name(package, _OUR_COMMENTS)
        add_part(package, sheet, part, "comments", _COMMENTS_TYPE, workbook.office_namespace)
    xml, texts, new = comments.add_notes(existing, wanted)
    package.write(part, xml)
    sizes = Sizes(package.read(sheet))
    _grow_boxes(package, sheet, {position(cell): text for cell, text in texts.items() if cell not in new}, sizes)
    added = [boxes.box(*position(cell), texts[cell], sizes) for cell in new]
    return _add_boxes(package, workbook, sheet, added, free_blocks), threaded


def threaded_cells(package: Package, sheet: str) -> set[str]:
    """The cells of a sheet that have a threaded comment, which is never edited."""
    part, threads = _linked(package, sheet, "comments"), _linked(package, sheet, "threadedComment")
    standing_in = comments.threaded_cells(package.read(part)) if part else set()
    if threads is None:
        return standing_in
    xml = package.read(threads)
    tags = (start_tag(xml, thread) for thread in elements(xml, b"threadedComment"))
    return standing_in | {comments.cell_of(attribute(tag, "ref") or "") for tag in tags}


def our_cells(package: Package, sheet: str) -> set[str]:
    """The cells of a sheet with a note in which text of ours stands."""
    part = _linked(package, sheet, "comments")
    return comments.our_cells(package.read(part)) if part else set()


def has_notes(package: Package, sheet: str) -> bool:
    """Whether a sheet has notes, ours or others."""
    return _linked(package, sheet, "comments") is not None


def remove(package: Package, sheet: str) -> tuple[list[Edit], set[str]]:
    """Take our notes off a sheet; returns what is to be edited in the sheet's part itself, and which cells had one."""
    part = _linked(package, sheet, "comments")
    if part is None:
        return [], set()
    xml, gone, shortened, noted = comments.remove_notes(package.read(part))
    if part.startswith(_OUR_COMMENTS.partition("{")[0]) and not noted:
        remove_part(package, sheet, part)
    else:
        package.write(part, xml)
    links = _remove_boxes(package, sheet, {position(cell) for cell in gone if position_or_none(cell)}, noted)
    return links, {*gone, *shortened}


def free_blocks(package: Package) -> Iterator[int]:
    """The blocks of shape numbers that no drawing of the workbook uses, lowest first."""
    used: set[int] = set()
    for part in package.names():
        if part.endswith(".vml"):
            used |= boxes.used_blocks(package.read_raw(part))
    return (block for block in itertools.count(1) if block not in used)


def _add_boxes(
    package: Package, workbook: Workbook, sheet: str, new: Sequence[boxes.Box], blocks: Iterator[int]
) -> list[Edit]:
    """Draw boxes on a sheet; returns what is to be edited in the sheet's part itself."""
    if not new:
        return []
    links: list[Edit] = []
    part = _drawing(package, sheet)
    if part is None:
        part = _new_name(package, _OUR_VML)
        link = add_part(package, sheet, part, "vmlDrawing", _VML_TYPE, workbook.office_namespace)
        tag = f'legacyDrawing xmlns:r="{workbook.office_namespace}" r:id="{link}"/>'.encode()
        xml = package.read(sheet)
        links.append(insert(xml, "legacyDrawing", b"<" + prefix(xml) + tag))
        package.write(part, boxes.new_drawing())
    package.write(part, boxes.add_boxes(package.read_raw(part), new, blocks))
    return links


def _grow_boxes(package: Package, sheet: str, notes: Mapping[tuple[int, int], str], sizes: Sizes) -> None:
    part = _drawing(package, sheet) if notes else None
    if part is not None:
        package.write(part, boxes.grow_boxes(package.read_raw(part), notes, sizes))


def _remove_boxes(package: Package, sheet: str, cells: set[tuple[int, int]], noted: Collection[str]) -> list[Edit]:
    """Undo `_add_boxes` and `_grow_boxes`; returns what is to be edited in the sheet's part itself."""
    drawings = [link.target for link in relationships(package, sheet) if link.kind == "vmlDrawing"]
    if not cells and not any(_may_be_ours(package, drawing) for drawing in drawings):
        return []
    part = _drawing(package, sheet)
    if part is None:
        return []
    vml = boxes.shrink_boxes(package.read_raw(part))
    is_ours = _is_our_drawing(part)
    if is_ours:  # no box of which the note has gone stays in a part of ours
        cells = {cell for cell in boxes.noted_cells(vml) if cell_name(*cell) not in noted} | cells
    left = boxes.remove_boxes(vml, cells)
    if is_ours and boxes.is_empty(left):
        xml = package.read(sheet)
        links = {link.id for link in relationships(package, sheet) if link.target == part}
        gone = [one for one in of_kind(xml, "legacyDrawing") if relationship_id(start_tag(xml, one)) in links]
        remove_part(package, sheet, part)
        return [Edit(one.start, one.end, b"") for one in gone]
    package.write(part, left)
    return []


def _is_our_drawing(part: str) -> bool:
    return part.startswith(_OUR_VML.partition("{")[0])


def _may_be_ours(package: Package, part: str) -> bool:
    return package.has(part) and (_is_our_drawing(part) or boxes.has_ours(package.read_raw(part)))


def _linked(package: Package, sheet: str, kind: str) -> str | None:
    links = relationships(package, sheet)
    return next((link.target for link in links if link.kind == kind and package.has(link.target)), None)


def _drawing(package: Package, sheet: str) -> str | None:
    """The VML part that the sheet draws; a VML part of its headers is another one."""
    xml = package.read(sheet)
    identifiers = {relationship_id(start_tag(xml, element)) for element in of_kind(xml, "legacyDrawing")}
    links = relationships(package, sheet)
    return next((link.target for link in links if link.id in identifiers and package.has(link.target)), None)


def _new_name(package: Package, pattern: str) -> str:
    return next(name for number in itertools.count(1) if not package.has(name := pattern.format(number)))
