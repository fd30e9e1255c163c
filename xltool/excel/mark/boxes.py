"""The VML part: the box that each note needs, sized to its text and placed beside its cell.

Excel's VML is not always well-formed XML (`<br>` without an end), so the part is only ever read and edited as text.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from xltool.errors import FileRefused
from xltool.excel.file.sheetxml import Sizes
from xltool.excel.file.xmltext import (
    Edit,
    Element,
    append_edit,
    attribute,
    attribute_edit,
    attribute_span,
    edited,
    inside,
    parse,
    remove_edits,
    root,
    start_tag,
    text_of,
    whole_number,
)
from xltool.widths import on_paper

_NAMESPACES = (
    b' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_OUR_END = b"</v:shapetype  >"  # the blanks say that it is ours
_NOTE_TYPE = (
    b'<v:shapetype id="_x0000_t202"%s coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>' + _OUR_END
)
_NOTE_TYPE_ID = "_x0000_t202"
_SHAPE_ID = re.compile(rb"_x0000_s([0-9]{1,9})(?![0-9])")
_REMEMBERED = b";xltool-anchor:"  # a property that programs which draw the box do not know, and skip
_ANCHOR = rb"[0-9,\s]*"
_REMEMBERED_ANCHOR = re.escape(_REMEMBERED) + b"(" + _ANCHOR + b")"
_IDS_IN_A_BLOCK = 1024  # Excel hands out shape numbers by the thousand; each block is listed in the id map

# a Chinese character of 9 points takes 12 pixels; LibreOffice draws notes somewhat larger
_PIXELS_OF_A_CHARACTER = 13
_LINE = 18
_WIDEST_LINE = 20 * _PIXELS_OF_A_CHARACTER
_NARROWEST_LINE = 8 * _PIXELS_OF_A_CHARACTER
_MOST_LINES = 30
_PADDING = 16
_GAP = 12  # between the cell and its note
_LAST_COLUMN, _LAST_ROW = 16383, 1048575
_AROUND = 100  # how many rows or columns to look at for room; behind them all may be hidden


class Box(NamedTuple):
    """A note's box: its cell, its size in pixels, and its corners as Excel's anchor writes them."""

    row: int
    column: int
    width: int
    height: int
    anchor: str


class _Span(NamedTuple):
    """From so many pixels into one row (or column) to so many into another."""

    first: int
    offset: int
    last: int
    end: int


def box(row: int, column: int, text: str, sizes: Sizes) -> Box:
    """Where the note of a cell goes: right of it, or left of it where nothing to the right is visible."""
    width, height = text_size(text)
    across = _beside((column + 1, max(column - 4, 0)), _LAST_COLUMN, _GAP, width, sizes.width)
    down = _beside((max(row - 1, 0), max(row - _MOST_LINES, 0)), _LAST_ROW, _GAP // 2, height, sizes.height)
    return Box(row, column, width, height, _corners(across, down))


def text_size(text: str) -> tuple[int, int]:
    """Pixels that a text takes, wrapped at the widest line we allow."""
    widths = [_PIXELS_OF_A_CHARACTER * on_paper(line) // 2 for line in text.split("\n")]
    # a wide character that no longer fits leaves its place empty
    lines = sum(max(1, -(-width // (_WIDEST_LINE - _PIXELS_OF_A_CHARACTER))) for width in widths)
    width = min(max(_NARROWEST_LINE, *widths), _WIDEST_LINE)
    return width + _PADDING, min(lines, _MOST_LINES) * _LINE + _PADDING


def new_drawing() -> bytes:
    """A VML part with no shapes."""
    return b"<xml" + _NAMESPACES + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'


def used_blocks(vml: bytes) -> set[int]:
    """The blocks of shape numbers that the part has claimed or uses."""
    numbers = (whole_number(one) for one in _listed_blocks(vml).split(","))
    return {number for number in numbers if number is not None} | _blocks_of(vml)


def add_boxes(vml: bytes, boxes: Sequence[Box], free_blocks: Iterator[int]) -> bytes:
    """The part with these boxes, their shapes numbered from blocks that nobody uses.

    Raises FileRefused where a shape does not end: ours would become a part of it, and go only together with it.
    """
    outer = root(vml)
    if any(one.depth == 1 and _is_cut_off(vml, one) for one in parse(vml)):
        raise FileRefused("批注的图形不完整：请在 Excel 或 WPS 中打开并另存后再试。")
    namespaces = b"" if all(one in start_tag(vml, outer) for one in _NAMESPACES.split()) else _NAMESPACES
    types = (attribute(start_tag(vml, one), "id") for one in parse(vml) if one.name == b"shapetype")
    shapes = [] if _NOTE_TYPE_ID in types else [_NOTE_TYPE % namespaces]
    blocks: list[int] = []
    for place, one in enumerate(boxes):
        within = place % (_IDS_IN_A_BLOCK - 1) + 1
        if within == 1:
            blocks.append(next(free_blocks))
        shapes.append(_shape(one, blocks[-1] * _IDS_IN_A_BLOCK + within, within, namespaces))
    listed = ",".join(filter(None, [_listed_blocks(vml), *map(str, blocks)]))
    return edited(vml, [*_list_blocks(vml, listed), *append_edit(vml, outer, b"".join(shapes))])


def remove_boxes(vml: bytes, cells: Collection[tuple[int, int]]) -> bytes:
    """The part without the notes of these cells, their blocks, and the shape type that we added for them."""
    # a box left behind from a note that another program deleted stands before ours
    gone = set({cell: shape for shape, _, cell in _notes(vml) if cell in cells}.values())
    gone |= _needless_types(vml, gone)
    edits = remove_edits(vml, root(vml), gone)
    freed = {block for shape in gone for block in _blocks_of(start_tag(vml, shape))} - _blocks_of(edited(vml, edits))
    listed = _listed_blocks(vml)
    kept = re.sub(r"(?:^|,)([0-9]{1,9})(?=,|$)", lambda one: "" if int(one[1]) in freed else one[0], listed)
    return edited(vml, [*edits, *_list_blocks(vml, kept)])


def grow_boxes(vml: bytes, texts: Mapping[tuple[int, int], str], sizes: Sizes) -> bytes:
    """The part with the boxes of these cells made large enough for their texts; the style remembers the old anchor."""
    grown = [_grow(vml, shape, data, texts[at], sizes) for shape, data, at in _notes(vml) if at in texts]
    return edited(vml, (edit for edits in grown for edit in edits))


def shrink_boxes(vml: bytes) -> bytes:
    """Undo `grow_boxes`."""
    edits: list[Edit] = []
    for shape, data, _ in _notes(vml) if _REMEMBERED in vml else ():
        was, now = re.search(_REMEMBERED_ANCHOR, start_tag(vml, shape)), _anchor(vml, data)
        if was and now:
            edits.append(Edit(shape.start + was.start(), shape.start + was.end(), b""))
            edits.append(Edit(now.inside, now.close, was[1]))
    return edited(vml, edits)


def has_ours(vml: bytes) -> bool:
    """Whether anything in a part tells that we have drawn in it."""
    return _OUR_END in vml or _REMEMBERED in vml


def noted_cells(vml: bytes) -> set[tuple[int, int]]:
    """The cells that have a box."""
    return {cell for _, _, cell in _notes(vml)}


def is_empty(vml: bytes) -> bool:
    """Whether nothing is drawn."""
    return all(one.name in (b"shapelayout", b"shapetype") for one in parse(vml) if one.depth == 1)


@lru_cache(maxsize=4)  # to take boxes out of one part asks several times
def _notes(vml: bytes) -> tuple[tuple[Element, Element, tuple[int, int]], ...]:
    """Each box of a note, whatever its shape (it may be round), with what it says about the note, and its cell."""
    above: dict[int, Element] = {}
    behind = 0
    found = []
    for one in parse(vml):
        above[one.depth] = one
        if one.name == b"ClientData" and one.depth > 1 and one.start >= behind:
            behind = one.close
            places = {part.name: part for part in reversed(inside(vml, one))}
            row, column = (_number(vml, places.get(name)) for name in (b"Row", b"Column"))
            if row is not None and column is not None and attribute(start_tag(vml, one), "ObjectType") == "Note":
                found.append((above[one.depth - 1], one, (row, column)))
    return tuple(found)


def _number(vml: bytes, element: Element | None) -> int | None:
    return whole_number(text_of(vml, element)) if element else None


def _anchor(vml: bytes, data: Element) -> Element | None:
    return next((one for one in inside(vml, data) if one.name == b"Anchor"), None)


def _needless_types(vml: bytes, gone: Collection[Element]) -> set[Element]:
    """The shape type that we added, unless a box of ours stays that uses it: ours stand behind it."""
    ours = [_NOTE_TYPE % b"", _NOTE_TYPE % _NAMESPACES]
    types = [one for one in parse(vml) if one.name == b"shapetype" and vml[one.start : one.end] in ours]
    last = max(
        (shape.start for shape, data, _ in _notes(vml) if shape not in gone and _is_of_type(vml, shape)), default=0
    )
    return {one for one in types if last < one.start}


def _is_of_type(vml: bytes, shape: Element) -> bool:
    return attribute(start_tag(vml, shape), "type") == f"#{_NOTE_TYPE_ID}"


def _blocks_of(vml: bytes) -> set[int]:
    return {int(number) // _IDS_IN_A_BLOCK for number in _SHAPE_ID.findall(vml)}


def _listed_blocks(vml: bytes) -> str:
    """What the id map lists; "" if there is none."""
    return next((attribute(start_tag(vml, one), "data") or "" for one in parse(vml) if one.name == b"idmap"), "")


def _list_blocks(vml: bytes, listed: str) -> list[Edit]:
    maps = (one for one in parse(vml) if one.name == b"idmap")
    return next((attribute_edit(one.start, start_tag(vml, one), "data", listed.encode()) for one in maps), [])


def _is_cut_off(vml: bytes, element: Element) -> bool:
    return element.close == element.end and not start_tag(vml, element).endswith(b"/>")


def _shape(one: Box, number: int, order: int, namespaces: bytes) -> bytes:
    return (
        f'<v:shape id="_x0000_s{number}"{namespaces.decode()} type="#_x0000_t202" style="position:absolute;'
        f"margin-left:60pt;margin-top:2pt;width:{one.width * 0.75:g}pt;height:{one.height * 0.75:g}pt;"
        f'z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{one.anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{one.row}</x:Row><x:Column>{one.column}</x:Column></x:ClientData></v:shape>"
    ).encode()


def _grow(vml: bytes, shape: Element, data: Element, text: str, sizes: Sizes) -> list[Edit]:
    """A box keeps its upper left corner and becomes as wide and as high as its text, if it is not yet."""
    anchor, style = _anchor(vml, data), attribute_span(start_tag(vml, shape), "style")
    was = vml[anchor.inside : anchor.close] if anchor else b""
    numbers = [number for one in was.decode("utf-8", "replace").split(",") if (number := whole_number(one)) is not None]
    if anchor is None or style is None or len(numbers) != 8 or not re.fullmatch(_ANCHOR, was):
        return []
    left, from_left, top, from_top, right, to_right, bottom, to_bottom = numbers
    if bottom - top > _AROUND or right - left > _AROUND:
        return []
    width, height = text_size(text)
    wide = sum(map(sizes.width, range(left, right))) + to_right - from_left
    high = sum(map(sizes.height, range(top, bottom))) + to_bottom - from_top
    if width <= wide and height <= high:
        return []
    across = _beside((left,), _LAST_COLUMN, from_left, max(width, wide), sizes.width)
    down = _beside((top,), _LAST_ROW, from_top, max(height, high), sizes.height)
    at = shape.start + style[1]
    return [Edit(at, at, _REMEMBERED + was), Edit(anchor.inside, anchor.close, _corners(across, down).encode())]


def _corners(across: _Span, down: _Span) -> str:
    numbers = (across.first, across.offset, down.first, down.offset, across.last, across.end, down.last, down.end)
    return ", ".join(map(str, numbers))


def _beside(starts: Sequence[int], last: int, gap: int, length: int, size: Callable[[int], int]) -> _Span:
    """Where a length fits, from the first of these rows (or columns) that leaves room for it on the sheet."""
    for start in starts:
        first = next((place for place in range(start, start + _AROUND) if size(place)), start)
        offset = min(gap, max(size(first) - 1, 0))
        room = offset + length
        for place in range(first, min(first + _AROUND, last + 1)):
            if room <= size(place):
                return _Span(first, offset, place, room)
            room -= size(place)
    return _Span(starts[-1], 0, starts[-1] + 3, 0)
