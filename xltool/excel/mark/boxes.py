"""The VML part: the box that each note needs, sized to its text and placed beside its cell.

Excel's VML is not always well-formed XML (`<br>` without an end), so the part is only ever read and edited as text.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.excel.file.sheetxml import Sizes
from xltool.excel.file.xmltext import TAG, Element, append_child, close_up, cut, elements, start_tag
from xltool.widths import on_paper

_NAMESPACES = (
    b' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_NOTE_TYPE = (
    b'<v:shapetype id="_x0000_t202"%s coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_ID_MAP = re.compile(rb"""<(?:[\w.-]+:)?idmap\s[^>]*?data\s*=\s*["']([^"']*)["']""")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_ANCHOR = re.compile(rb"<(?:[\w.-]+:)?Anchor>([\d,\s]*)</")
_STYLE_END = re.compile(rb"""<[^<>]*?\sstyle=(?:"[^"<>]*(?=")|'[^'<>]*(?='))()""")
_REMEMBERED = b";xltool-anchor:"  # a property that programs which draw the box do not know, and skip
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
    width, height = _text_size(text)
    across = _beside((column + 1, max(column - 4, 0)), _LAST_COLUMN, _GAP, width, sizes.width)
    down = _beside((max(row - 1, 0), max(row - _MOST_LINES, 0)), _LAST_ROW, _GAP // 2, height, sizes.height)
    return Box(row, column, width, height, _corners(across, down))


def new_drawing() -> bytes:
    """A VML part with no shapes."""
    return b"<xml" + _NAMESPACES + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'


def used_blocks(vml: bytes) -> set[int]:
    """The blocks of shape numbers that the part has claimed or uses."""
    listed = _ID_MAP.search(vml)
    return {*map(int, re.findall(rb"\d+", listed[1] if listed else b"")), *_blocks_of(vml)}


def add_boxes(vml: bytes, boxes: Sequence[Box], free_blocks: Iterator[int]) -> bytes:
    """The part with these boxes, their shapes numbered from blocks that nobody uses."""
    root = TAG.search(vml)
    namespaces = b"" if root and all(one in root[0] for one in _NAMESPACES.split()) else _NAMESPACES
    shapes = [] if b'id="_x0000_t202"' in vml else [_NOTE_TYPE % namespaces]
    blocks = []
    for place, one in enumerate(boxes):
        within = place % (_IDS_IN_A_BLOCK - 1) + 1
        if within == 1:
            blocks.append(next(free_blocks))
        shapes.append(_shape(one, blocks[-1] * _IDS_IN_A_BLOCK + within, within, namespaces))
    return append_child(_with_blocks(vml, blocks), b"xml", b"".join(shapes))


def remove_boxes(vml: bytes, cells: Collection[tuple[int, int]]) -> bytes:
    """The part without the notes of these cells, their blocks, and the shape type if only they had it."""
    # a box left behind from a note that another program deleted stands before ours
    gone = list({cell: shape for shape in _shapes(vml) if (cell := _noted_cell(vml, shape)) in cells}.values())
    left = cut(vml, gone)
    if b"#_x0000_t202" not in left:
        for ours in (_NOTE_TYPE % b"", _NOTE_TYPE % _NAMESPACES):
            left = left.replace(ours, b"")
    freed = {block for shape in gone for block in _blocks_of(start_tag(vml, shape))}
    return close_up(_without_blocks(left, freed - _blocks_of(left)), b"xml")


def grow_boxes(vml: bytes, texts: Mapping[tuple[int, int], str], sizes: Sizes) -> bytes:
    """The part with the boxes of these cells made large enough for their texts; the style remembers the old anchor."""
    parts, at = [], 0
    for shape in _shapes(vml):
        cell = _noted_cell(vml, shape)
        if cell is not None and cell in texts:
            parts += [vml[at : shape.start], _grown(vml[shape.start : shape.end], texts[cell], sizes)]
            at = shape.end
    return b"".join([*parts, vml[at:]])


def shrink_boxes(vml: bytes) -> bytes:
    """Undo `grow_boxes`."""
    if _REMEMBERED not in vml:
        return vml
    parts, at = [], 0
    for shape in _shapes(vml):
        box = vml[shape.start : shape.end]
        was = re.search(re.escape(_REMEMBERED) + rb"([\d,\s]*)", box)
        now = _ANCHOR.search(box)
        if was and now:
            restored = box[: was.start()] + box[was.end() : now.start(1)] + was[1] + box[now.end(1) :]
            parts += [vml[at : shape.start], restored]
            at = shape.end
    return b"".join([*parts, vml[at:]])


def has_shapes(vml: bytes) -> bool:
    """Whether anything is drawn."""
    return next(_shapes(vml), None) is not None


def _shapes(vml: bytes) -> Iterator[Element]:
    names = set(re.findall(rb"<((?:[\w.-]+:)?shape)[\s>]", vml))
    yield from sorted((shape for name in names for shape in elements(vml, name)), key=lambda shape: shape.start)


def _noted_cell(vml: bytes, shape: Element) -> tuple[int, int] | None:
    text = vml[shape.start : shape.end]
    row = re.search(rb"<(?:[\w.-]+:)?Row>\s*(\d+)\s*<", text)
    column = re.search(rb"<(?:[\w.-]+:)?Column>\s*(\d+)\s*<", text)
    is_note = re.search(rb"""ObjectType\s*=\s*["']Note["']""", text)
    return (int(row[1]), int(column[1])) if is_note and row and column else None


def _blocks_of(vml: bytes) -> set[int]:
    return {int(number) // _IDS_IN_A_BLOCK for number in _SHAPE_ID.findall(vml)}


def _with_blocks(vml: bytes, blocks: list[int]) -> bytes:
    """The part with more blocks in its id map, if it has one."""
    listed = _ID_MAP.search(vml)
    if listed is None:
        return vml
    added = b",".join([*([listed[1]] if listed[1] else []), *(b"%d" % block for block in blocks)])
    return vml[: listed.start(1)] + added + vml[listed.end(1) :]


def _without_blocks(vml: bytes, blocks: set[int]) -> bytes:
    """Undo `_with_blocks`; a map never becomes empty."""
    listed = _ID_MAP.search(vml)
    if listed is None:
        return vml
    left = re.sub(rb",(\d+)(?=,|$)", lambda one: b"" if int(one[1]) in blocks else one[0], listed[1])
    return vml[: listed.start(1)] + left + vml[listed.end(1) :]


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


def _grown(shape: bytes, text: str, sizes: Sizes) -> bytes:
    """A box that keeps its upper left corner and becomes as wide and as high as its text, if it is not yet."""
    anchor, style = _ANCHOR.search(shape), _STYLE_END.match(shape)
    numbers = [int(number) for number in re.findall(rb"\d+", anchor[1])] if anchor else []
    if anchor is None or style is None or len(numbers) != 8 or numbers[6] - numbers[2] > _AROUND:
        return shape
    left, from_left, top, from_top, right, to_right, bottom, to_bottom = numbers
    width, height = _text_size(text)
    wide = sum(map(sizes.width, range(left, right))) + to_right - from_left
    high = sum(map(sizes.height, range(top, bottom))) + to_bottom - from_top
    if width <= wide and height <= high:
        return shape
    across = _beside((left,), _LAST_COLUMN, from_left, max(width, wide), sizes.width)
    down = _beside((top,), _LAST_ROW, from_top, max(height, high), sizes.height)
    tag, body = shape[: style.start(1)] + _REMEMBERED + anchor[1], shape[style.start(1) : anchor.start(1)]
    return tag + body + _corners(across, down).encode() + shape[anchor.end(1) :]


def _corners(across: _Span, down: _Span) -> str:
    numbers = (across.first, across.offset, down.first, down.offset, across.last, across.end, down.last, down.end)
    return ", ".join(map(str, numbers))


def _text_size(text: str) -> tuple[int, int]:
    """Pixels that a text takes, wrapped at the widest line we allow."""
    widths = [_PIXELS_OF_A_CHARACTER * on_paper(line) // 2 for line in text.split("\n")]
    # a wide character that no longer fits leaves its place empty
    lines = sum(max(1, -(-width // (_WIDEST_LINE - _PIXELS_OF_A_CHARACTER))) for width in widths)
    width = min(max(_NARROWEST_LINE, *widths), _WIDEST_LINE)
    return width + _PADDING, min(lines, _MOST_LINES) * _LINE + _PADDING


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
