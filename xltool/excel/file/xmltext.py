"""XML parts edited as text: what is not ours stays as it is, byte for byte, and what is ours can be taken out again.

A part is `bytes` in UTF-8, read once from front to back; VML that is no well-formed XML (`<br>`) is read as well as it
can be. Once emptied again, `<dxfs></dxfs>` does not tell whether it was `<dxfs/>` or not there at all; the number of
blanks in the end tag we write (`</dxfs >`, `</dxfs  >`) remembers that, and every XML reader skips them.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from xltool.errors import FileRefused

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# no part of a tag or an attribute can be matched in two ways, so none is tried twice
_NO_TAG = rb"<(?:!--.*?(?:-->|\Z)|!\[CDATA\[.*?(?:\]\]>|\Z)|\?.*?(?:\?>|\Z)|![^>]*+"
_ATTRIBUTES = rb"""(?:[^<>"'/]++(?:"[^"<]*+")?+|"[^"<]*+"|'[^'<]*+'|/(?!>))*+"""
_MARKUP = re.compile(
    _NO_TAG + rb"""|(/?)((?:[^\s<>"'=/:!?]++:)?)([^\s<>"'=/:!?]++)""" + _ATTRIBUTES + rb"(/?)>)", re.DOTALL
)
_VALUE = rb"""\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')"""
_ATTRIBUTE = re.compile(rb"""\s([^\s=<>"'/]++)\s*+=\s*+("[^"<]*+"|'[^'<]*+')""")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(\w{2,4}));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<!": b">", b"<?": b"?>"}
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
_WHOLE_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")
_WAS_EMPTY, _WAS_ABSENT, _HAD_BLANKS = b" ", b"  ", b"   "
# what holds most of a sheet, of the styles or of a note, and nothing that is edited here unless it says whose it is: it
# is passed over where it is sure that it ends where it seems to
_PASSED_OVER = frozenset(
    b"sheetData mergeCells conditionalFormatting dataValidations hyperlinks "
    b"numFmts fonts fills borders cellStyleXfs cellXfs cellStyles rPr".split()
)
_LOOKED_AT = (b"<!", b"<?", b"xltool")
_SMALL = 1 << 16
_start = attrgetter("start")


class Element(NamedTuple):
    """An element: its name and prefix (`x:`, or nothing) as written, whether it is in the namespace of the root, how
    deep it lies (the root: 0), and where it stands: from the first byte of its start tag (`start`) to behind that
    (`inside`), and from its end tag (`close`) to behind that (`end`)."""

    prefix: bytes
    name: bytes
    is_own: bool
    depth: int
    start: int
    inside: int
    close: int
    end: int


class Edit(NamedTuple):
    """What to write in place of the bytes between two places of a part."""

    start: int
    end: int
    new: bytes


def escape(text: str) -> str:
    """Text as it stands in an element; characters that XML does not know are left out."""
    known = text.replace("\r\n", "\n").replace("\r", "\n").translate(_NOT_XML)
    return known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(raw: bytes) -> str:
    """The text that a piece of XML stands for."""
    return without_references(raw.decode("utf-8", "replace"))


def without_references(text: str) -> str:
    """A text with the characters that its references (`&lt;`, `&#20803;`) stand for; one to none is left out."""

    def character(reference: re.Match[str]) -> str:
        decimal, hexadecimal, name = reference.groups()
        if name:
            return _ENTITIES.get(name, reference[0])
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return chr(number) if number not in _NOT_XML and number <= 0x10FFFF else ""

    return _REFERENCE.sub(character, text) if "&" in text else text


def whole_number(text: str | None) -> int | None:
    """The number that a few digits write; None for anything else."""
    found = _WHOLE_NUMBER.fullmatch(text or "")
    return int(found[1]) if found else None


def parse(xml: bytes) -> tuple[Element, ...]:
    """Every element in its order, the root first; those in a sheet's data are passed over where they can be."""
    return _parse_small(xml) if len(xml) < _SMALL else _parse_large(xml)


@lru_cache(maxsize=64)  # one mark asks many times
def _parse_small(xml: bytes) -> tuple[Element, ...]:
    return tuple(_read(xml))


@lru_cache(maxsize=4)
def _parse_large(xml: bytes) -> tuple[Element, ...]:
    return tuple(_read(xml))


def root(xml: bytes) -> Element:
    """The outermost element. Raises FileRefused if there is none."""
    found = parse(xml)
    if not found:
        raise FileRefused("文件内部有空的部件：请在 Excel 或 WPS 中打开并另存后再试。")
    return found[0]


def prefix(xml: bytes) -> bytes:
    """The prefix of the root element, with its colon: `x:`, or nothing."""
    found = parse(xml)
    return found[0].prefix if found else b""


def inside(xml: bytes, outer: Element) -> tuple[Element, ...]:
    """All elements inside another, whatever their namespace."""
    found = parse(xml)
    first = bisect_right(found, outer.start, key=_start)
    return found[first : bisect_left(found, outer.close, first, key=_start)]


def elements(xml: bytes, name: bytes, outer: Element | None = None) -> list[Element]:
    """The elements of that name in the namespace of the root: those inside `outer`, or all; none inside another."""
    found: list[Element] = []
    for one in parse(xml) if outer is None else inside(xml, outer):
        if one.name == name and one.is_own and not (found and one.start < found[-1].close):
            found.append(one)
    return found


def children(xml: bytes) -> list[Element]:
    """The root's child elements."""
    return [one for one in parse(xml) if one.depth == 1]


def attribute_spans(xml: bytes, name: bytes, attribute: bytes) -> Iterator[tuple[int, int]]:
    """Where the value of an attribute stands in every start tag of that name, whatever its namespace; also in what
    `parse` passes over. Only for a part that is well-formed."""
    first = xml.find(name)
    if first >= 0 and xml.find(attribute, first) >= 0:
        # nothing can hide what stands in the children of the root before
        begin = max((child.start for child in children(xml) if child.start <= first), default=0)
        other = rb"(?:\s++(?!" + attribute + rb"[\s=])[^\s=<>\"'/]++" + _VALUE + b")*+"
        tag = rb"(?:[^\s<>\"'=/:!?]++:)?" + name + other
        wanted = rb"\s++" + attribute + rb"\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')"
        for found in re.compile(_NO_TAG + b"|" + tag + wanted + b")", re.DOTALL).finditer(xml, begin):
            if found.lastindex:
                yield found.span(found.lastindex)


def start_tag(xml: bytes, element: Element) -> bytes:
    """The element's start tag (or its only one)."""
    return xml[element.start : element.inside]


def text_of(xml: bytes, element: Element) -> str:
    """The text in an element that has no other elements inside."""
    parts, at = [], element.inside
    while (there := xml.find(b"<", at, element.close)) >= 0:
        parts.append(unescape(xml[at:there]))
        at = min(_behind(xml, there), element.close)
        if xml.startswith(b"<![CDATA[", there):
            parts.append(xml[there + 9 : at].removesuffix(b"]]>").decode("utf-8", "replace"))
    return "".join([*parts, unescape(xml[at : element.close])])


def attribute(tag: bytes, name: str) -> str | None:
    """The value of an attribute in a start tag, or None."""
    wanted = name.encode()
    if wanted in tag:
        for key, value in _ATTRIBUTE.findall(tag):
            if key == wanted:
                return unescape(value[1:-1])
    return None


def attribute_span(tag: bytes, name: str) -> tuple[int, int] | None:
    """Where the value of an attribute stands in a start tag, or None."""
    wanted = name.encode()
    if wanted in tag:
        for found in _ATTRIBUTE.finditer(tag):
            if found[1] == wanted:
                return found.start(2) + 1, found.end(2) - 1
    return None


def relationship_id(tag: bytes) -> str:
    """The relationship that an element refers to: its `r:id`, whatever the prefix; "" if it has none."""
    return next((unescape(value[1:-1]) for key, value in _ATTRIBUTE.findall(tag) if key.endswith(b":id")), "")


def edited(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with these edits; of two that overlap, the one that begins first (or is longer) is made."""
    parts, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if start >= at:
            parts += [xml[at:start], new]
            at = end
    return b"".join([*parts, xml[at:]])


def attribute_edit(at: int, tag: bytes, name: str, value: bytes) -> list[Edit]:
    """Give an attribute that a start tag has, which begins at `at`, another value."""
    span = attribute_span(tag, name)
    return [Edit(at + span[0], at + span[1], value)] if span else []


def plain_number(written: bytes) -> int | None:
    """The number that a few digits write as we would write it."""
    is_plain = written.isdigit() and len(written) < 10 and (written == b"0" or not written.startswith(b"0"))
    return int(written) if is_plain else None


def recount_edit(xml: bytes, counted: Element, added: int) -> list[Edit]:
    """Change the count of a list, if it has one that is a number."""
    tag = start_tag(xml, counted)
    span = attribute_span(tag, "count")
    count = plain_number(tag[span[0] : span[1]]) if span else None
    return attribute_edit(counted.start, tag, "count", b"%d" % (count + added)) if count is not None else []


def append_edit(xml: bytes, parent: Element, child: bytes) -> list[Edit]:
    """Put `child` behind the last child of an element."""
    if start_tag(xml, parent).endswith(b"/>"):
        return [Edit(parent.end - 2, parent.end, b">" + child + _end_tag(parent, _WAS_EMPTY))]
    blanks = _blanks(xml, parent) if parent.inside == parent.close else b""
    if blanks:
        return [Edit(parent.close, parent.end, child + _end_tag(parent, blanks + _HAD_BLANKS))]
    return [Edit(parent.close, parent.close, child)]


def remove_edits(xml: bytes, parent: Element, gone: Iterable[Element]) -> list[Edit]:
    """Undo `append_edit` and `new_element`: take children out and, if nothing is left, what was made for them."""
    gone = list(gone)
    blanks = _blanks(xml, parent)
    if gone and blanks and sum(one.end - one.start for one in gone) == parent.close - parent.inside:
        if blanks == _WAS_ABSENT:
            return [Edit(parent.start, parent.end, b"")]
        if blanks == _WAS_EMPTY:
            return [Edit(parent.inside - 1, parent.end, b"/>")]
        return [Edit(parent.inside, parent.end, _end_tag(parent, blanks.removesuffix(_HAD_BLANKS)))]
    return [Edit(one.start, one.end, b"") for one in gone]


def insert_edit(xml: bytes, before: Element | None, element: bytes) -> Edit:
    """Put one more child into the root, before one of its children or else as the last."""
    outer = root(xml)
    if start_tag(xml, outer).endswith(b"/>"):
        return append_edit(xml, outer, element)[0]
    at = before.start if before else outer.close
    return Edit(at, at, element)


def new_element(name: bytes, attributes: bytes, content: bytes) -> bytes:
    """An element that was not there; `remove_edits` takes it out again with the last of its children."""
    return b"<" + name + attributes + b">" + content + b"</" + name + _WAS_ABSENT + b">"


def _end_tag(element: Element, blanks: bytes) -> bytes:
    return b"</" + element.prefix + element.name + blanks + b">"


def _blanks(xml: bytes, element: Element) -> bytes:
    """The blanks in an end tag; none if anything else is in it."""
    blanks = xml[element.close + 2 + len(element.prefix) + len(element.name) : element.end - 1]
    return blanks if not blanks.strip(b" ") else b""


def _behind(xml: bytes, at: int) -> int:
    """The place behind a comment, a CDATA section or a processing instruction; the end if it does not end."""
    for begin, end in _ENDS.items():
        if xml.startswith(begin, at):
            there = xml.find(end, at + len(begin))
            return there + len(end) if there >= 0 else len(xml)
    return at + 1


def _read(xml: bytes) -> list[Element]:
    """Every element of a part, read from front to back."""
    found: list[tuple[bytes, bytes, bool, int, int, int]] = []  # elements, as far as their start tags tell
    # an element is as long as its start tag until its end tag is found
    closes: list[int] = []
    ends: list[int] = []
    opened: list[int] = []  # their places in `found`
    names: list[bytes] = []  # theirs, and how many of each there are: an end tag may match none
    open_of_name: dict[bytes, int] = {}
    declared: dict[int, list[bytes]] = {}  # the prefixes that they declare
    bound: dict[bytes, list[bytes]] = {}  # prefix -> the namespaces that it stands for, the innermost last
    own_namespace: bytes | None = None
    declaration = -1  # where the next one may be
    places = _Places(xml)

    def close(at: int, end: int) -> None:
        place = opened.pop()
        closes[place], ends[place] = at, end
        open_of_name[names.pop()] -= 1
        for one in declared.pop(place, ()) if declared else ():
            bound[one].pop()

    at: int | None = 0
    while at is not None:
        tags, at = _MARKUP.finditer(xml, at), None
        for tag in tags:
            is_end, before, name, is_empty = tag.groups()
            if name is None:
                continue
            start, end = tag.span()
            full = before + name if before else name
            if is_end:
                if open_of_name.get(full):
                    while names[-1] != full:  # what is inside and has no end tag
                        close(start, start)
                    close(start, end)
                continue
            place = len(found)
            if declaration < start:
                declaration = places.next(b"xmlns", start)
            new = _declared(tag[0], bound) if declaration < end else None
            namespaces = bound.get(before)
            namespace = namespaces[-1] if namespaces else before
            if own_namespace is None:
                own_namespace = namespace
            found.append((before, name, namespace == own_namespace, len(opened), start, end))
            closes.append(end)
            ends.append(end)
            if is_empty:
                for one in new or ():
                    bound[one].pop()
                continue
            opened.append(place)
            names.append(full)
            open_of_name[full] = open_of_name.get(full, 0) + 1
            if new:
                declared[place] = new
            if name in _PASSED_OVER and before == found[0][0] and (behind := places.sure_end(full, end)) > end:
                at = behind
                break
    while opened:
        close(len(xml), len(xml))
    return [Element(*one, close, end) for one, close, end in zip(found, closes, ends, strict=True)]


class _Places:
    """Tells where something stands next in a part. No stretch is searched twice for the same."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._found: dict[bytes, int] = {}
        self._nothing_before = -1

    def sure_end(self, name: bytes, at: int) -> int:
        """The place of the end tag of the element whose content begins at `at`; there itself, if that is not sure."""
        if self._nothing_before < at:
            self._nothing_before = min(self.next(one, at) for one in _LOOKED_AT)
        close = self.next(b"</" + name + b">", at)
        return close if close < min(self._nothing_before, self.next(b"<" + name, at)) else at

    def next(self, wanted: bytes, at: int) -> int:
        """Where these bytes stand next, or the end."""
        place = self._found.get(wanted, -1)
        if place < at:
            place = self._xml.find(wanted, at)
            self._found[wanted] = place = place if place >= 0 else len(self._xml)
        return place


def _declared(attributes: bytes, bound: dict[bytes, list[bytes]]) -> list[bytes]:
    """Bind the prefixes that a start tag declares; returns them."""
    declared = []
    for name, value in _ATTRIBUTE.findall(attributes):
        if name == b"xmlns" or name.startswith(b"xmlns:"):
            declared.append(name[6:] + b":" if name != b"xmlns" else b"")
            bound.setdefault(declared[-1], []).append(value[1:-1])
    return declared
