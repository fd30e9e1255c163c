"""XML parts edited as text: what is not ours stays as it is, byte for byte, and what is ours can be taken out again.

A part is `bytes` in UTF-8, read once from front to back; VML that is no well-formed XML (`<br>`) is read as well as it
can be. Once emptied again, `<dxfs></dxfs>` does not tell whether it was `<dxfs/>` or not there at all; the number of
blanks in the end tag we write (`</dxfs >`, `</dxfs  >`) remembers that, and every XML reader skips them.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from xltool.errors import FileRefused

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# no part of a tag or an attribute can be matched in two ways, so none is tried twice
_TAG = re.compile(
    rb"""<(/?)((?:[^\s<>"'=/:!?]++:)?)([^\s<>"'=/:!?]++)((?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+'|/(?!>))*+)(/?)>"""
)
_ATTRIBUTE = re.compile(rb"""\s([^\s=<>"'/]++)\s*+=\s*+("[^"<]*+"|'[^'<]*+')""")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(\w{2,4}));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<!": b">", b"<?": b"?>"}
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
_WHOLE_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")
_WAS_EMPTY, _WAS_ABSENT, _HAD_BLANKS = b" ", b"  ", b"   "
# children of the root that hold most of a sheet or of the styles, and nothing that is edited here: they are passed over
# where it is sure that they end where they seem to
_PASSED_OVER = frozenset(
    b"sheetData mergeCells dataValidations hyperlinks "
    b"numFmts fonts fills borders cellStyleXfs cellXfs cellStyles".split()
)
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
    return tuple(_Reader(xml).found)


@lru_cache(maxsize=4)
def _parse_large(xml: bytes) -> tuple[Element, ...]:
    return tuple(_Reader(xml).found)


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
    span = attribute_span(tag, name)
    return unescape(tag[span[0] : span[1]]) if span else None


def attribute_span(tag: bytes, name: str) -> tuple[int, int] | None:
    """Where the value of an attribute stands in a start tag, or None."""
    return next((span for key, span in _attributes(tag) if key == name.encode()), None)


def relationship_id(tag: bytes) -> str:
    """The relationship that an element refers to: its `r:id`, whatever the prefix; "" if it has none."""
    spans = (span for key, span in _attributes(tag) if key.endswith(b":id"))
    return next((unescape(tag[start:end]) for start, end in spans), "")


def edited(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with these edits; of two that overlap, the one that begins first (or is longer) is made."""
    parts, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if start >= at:
            parts += [xml[at:start], new]
            at = end
    return b"".join([*parts, xml[at:]])


def attribute_edit(xml: bytes, element: Element, name: str, value: bytes) -> list[Edit]:
    """Give an attribute that the element has another value."""
    span = attribute_span(start_tag(xml, element), name)
    return [Edit(element.start + span[0], element.start + span[1], value)] if span else []


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
    at = before.start if before else root(xml).close
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


def _attributes(tag: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    for found in _ATTRIBUTE.finditer(tag):
        yield found[1], (found.start(2) + 1, found.end(2) - 1)


def _behind(xml: bytes, at: int) -> int:
    """The place behind a comment, a CDATA section or a processing instruction; the end if it does not end."""
    for begin, end in _ENDS.items():
        if xml.startswith(begin, at):
            there = xml.find(end, at + len(begin))
            return there + len(end) if there >= 0 else len(xml)
    return at + 1


class _Reader:
    """Reads a part from front to back; `found` has its elements."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self.found: list[Element] = []
        self._open: list[int] = []  # places in `found`
        self._names: dict[bytes, int] = {}  # how many elements of each name are open: an end tag may match none
        self._bound: dict[bytes, list[bytes]] = {}  # prefix -> the namespaces that it stands for, the innermost last
        self._declared: list[Sequence[bytes]] = []  # the prefixes that each open element declares
        self._own_namespace: bytes | None = None
        at = xml.find(b"<")
        while at >= 0:
            tag = _TAG.match(xml, at)
            read = _behind(xml, at) if tag is None else self._end(tag) if tag[1] else self._start(tag)
            at = xml.find(b"<", read)
        self._close(0, len(xml))

    def _start(self, tag: re.Match[bytes]) -> int:
        _, before, name, attributes, is_empty = tag.groups()
        start, end = tag.span()
        declared = self._declare(attributes) if b"xmlns" in attributes else ()
        bound = self._bound.get(before)
        namespace = bound[-1] if bound else before
        if self._own_namespace is None:
            self._own_namespace = namespace
        depth = len(self._open)
        # an element is as long as its start tag until its end tag is found
        self.found.append(Element(before, name, namespace == self._own_namespace, depth, start, end, end, end))
        if is_empty:
            self._forget(declared)
            return end
        self._open.append(len(self.found) - 1)
        self._declared.append(declared)
        self._names[before + name] = self._names.get(before + name, 0) + 1
        return self._passed_over(before + name, end) if depth == 1 and name in _PASSED_OVER else end

    def _end(self, tag: re.Match[bytes]) -> int:
        """Close the innermost element of that name, and before it those inside that have no end tag."""
        name = tag[2] + tag[3]
        start, end = tag.span()
        if self._names.get(name):
            depth = len(self._open) - 1
            while (last := self.found[self._open[depth]]).prefix + last.name != name:
                depth -= 1
            self._close(depth + 1, start)
            self._close(depth, start, end)
        return end

    def _close(self, depth: int, close: int, end: int | None = None) -> None:
        """Close the open elements from a depth on."""
        while len(self._open) > depth:
            place = self._open.pop()
            prefix, name, is_own, level, start, inside, _, _ = self.found[place]
            self.found[place] = Element(
                prefix, name, is_own, level, start, inside, close, close if end is None else end
            )
            self._names[prefix + name] -= 1
            self._forget(self._declared.pop())

    def _declare(self, attributes: bytes) -> list[bytes]:
        declared = []
        for name, (start, end) in _attributes(attributes):
            if name == b"xmlns" or name.startswith(b"xmlns:"):
                declared.append(name[6:] + b":" if name != b"xmlns" else b"")
                self._bound.setdefault(declared[-1], []).append(attributes[start:end])
        return declared

    def _forget(self, declared: Sequence[bytes]) -> None:
        for one in declared:
            self._bound[one].pop()

    def _passed_over(self, name: bytes, at: int) -> int:
        """The place of the end tag of an element, if nothing in it can hide or feign one; else where it begins."""
        close = self._xml.find(b"</" + name, at)
        tag = _TAG.match(self._xml, close) if close >= 0 else None
        is_end = tag is not None and tag[2] + tag[3] == name
        misleading = (b"<!", b"<?", b"<" + name)
        return close if is_end and all(self._xml.find(one, at, close) < 0 for one in misleading) else at
