"""XML parts edited as text: what is not ours stays as it is, byte for byte, and what is ours can be taken out again.

A part is `bytes` in UTF-8. Names are written as they stand in the part: the prefix of its root (`x:` or nothing) and
the local name. Once emptied again, `<dxfs></dxfs>` does not tell whether it was `<dxfs/>` or not there at all; the
number of blanks in the end tag we write (`</dxfs >`, `</dxfs  >`) remembers that, and every XML reader skips them.
"""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from xltool.errors import FileRefused

TAG = re.compile(rb"""<(/?)([\w.:-]++)((?:[^<>"'/]++|"[^"]*"|'[^']*'|/(?!>))*+)(/?)>""")
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_NOT_ELEMENTS = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
_WAS_EMPTY, _WAS_ABSENT = b" ", b"  "


class Element(NamedTuple):
    """Where an element stands: from the first byte of its tag to behind its end tag."""

    name: bytes
    start: int
    end: int


def escape(text: str) -> str:
    """Text as it stands in an element; characters that XML does not know are left out."""
    known = text.replace("\r\n", "\n").replace("\r", "\n").translate(_NOT_XML)
    return known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(raw: bytes) -> str:
    """The text that a piece of XML stands for."""

    def character(reference: re.Match[str]) -> str:
        decimal, hexadecimal, name = reference.groups()
        if name:
            return _ENTITIES.get(name, reference[0])
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return chr(number) if number <= sys.maxunicode else ""

    text = raw.decode("utf-8", "replace")
    return _REFERENCE.sub(character, text) if "&" in text else text


def attribute(tag: bytes, name: str) -> str | None:
    """The value of an attribute in a start tag, or None; `name` is a regular expression, such as `[\\w.-]+:id`."""
    found = _attribute_named(name).search(tag)
    return unescape(found[1] if found[1] is not None else found[2]) if found else None


@lru_cache(maxsize=64)
def _attribute_named(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"""\s%s\s*=\s*(?:"([^"]*)"|'([^']*)')""" % name.encode())


def prefix(xml: bytes) -> bytes:
    """The prefix of the root element, with its colon: `x:`, or nothing."""
    name = TAG.match(xml, skip_to_element(xml, 0))
    return name[2][: name[2].find(b":") + 1] if name else b""


def skip_to_element(xml: bytes, at: int) -> int:
    """The place of the next tag, past text, comments and processing instructions; the end if there is none."""
    at = xml.find(b"<", at)
    while at >= 0 and xml[at + 1 : at + 2] in (b"!", b"?"):
        other = _NOT_ELEMENTS.match(xml, at)
        at = xml.find(b"<", other.end() if other else at + 1)
    return at if at >= 0 else len(xml)


@lru_cache(maxsize=2)  # one edit asks several times, and passing over a large sheet's data takes its time
def children(xml: bytes) -> tuple[Element, ...]:
    """The root's child elements in their order; what is inside them is skipped, not read."""
    found = []
    root = TAG.match(xml, skip_to_element(xml, 0))
    at = root.end() if root and not root[4] else len(xml)
    while (tag := TAG.match(xml, skip_to_element(xml, at))) and not tag[1]:
        at = tag.end() if tag[4] else _end_of(xml, tag[2], tag.end())
        found.append(Element(tag[2], tag.start(), at))
    return tuple(found)


def elements(xml: bytes, name: bytes, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """Every element of that name (which does not nest in itself) between two places."""
    end = len(xml) if end is None else end
    while (at := _find_name(xml, b"<" + name, start, end)) >= 0:
        tag = TAG.match(xml, at)
        if tag is None:
            return
        start = tag.end() if tag[4] else _end_of(xml, name, tag.end())
        yield Element(name, at, start)


def start_tag(xml: bytes, element: Element) -> bytes:
    """The element's start tag (or its only one)."""
    tag = TAG.match(xml, element.start)
    return tag[0] if tag else b""


def content(xml: bytes, element: Element) -> bytes:
    """What stands between the element's tags."""
    tag = start_tag(xml, element)
    return b"" if tag.endswith(b"/>") else xml[element.start + len(tag) : xml.rfind(b"</", element.start, element.end)]


def cut(xml: bytes, gone: list[Element]) -> bytes:
    """The part without these elements."""
    kept, at = [], 0
    for element in sorted(gone, key=lambda element: element.start):
        kept.append(xml[at : element.start])
        at = element.end
    return b"".join([*kept, xml[at:]])


def append_child(xml: bytes, name: bytes, child: bytes) -> bytes:
    """The part with `child` as the last child of its (last) element `name`. Raises FileRefused if there is none."""
    end_tag = xml.rfind(b"</" + name)
    if end_tag >= 0:
        return xml[:end_tag] + child + xml[end_tag:]
    at = _find_name(xml, b"<" + name, 0, len(xml))
    tag = TAG.match(xml, at) if at >= 0 else None
    if tag is None:
        raise FileRefused("文件内部的结构不完整：请在 Excel 或 WPS 中打开并另存后再试。")
    opened = b"<" + name + tag[3] + b">" + child + b"</" + name + _WAS_EMPTY + b">"
    return xml[: tag.start()] + opened + xml[tag.end() :]


def insert_before(xml: bytes, at: int | None, element: bytes) -> bytes:
    """The part with one more child of its root, before the child that starts at `at` or else as the last one."""
    at = xml.rfind(b"</") if at is None else at
    if at < 0:
        raise FileRefused("文件内部有空的部件：请在 Excel 或 WPS 中打开并另存后再试。")
    return xml[:at] + element + xml[at:]


def new_element(name: bytes, attributes: bytes, content: bytes) -> bytes:
    """An element that was not there; `close_up` takes it out again once it is empty."""
    return b"<" + name + attributes + b">" + content + b"</" + name + _WAS_ABSENT + b">"


def close_up(xml: bytes, name: bytes) -> bytes:
    """Undo `append_child` and `new_element` where nothing is left inside: `<dxfs></dxfs >` is `<dxfs/>` again."""
    left = re.search(rb"<%s((?:\s[^<>]*)?)></%s( {1,2})>" % (name, name), xml)
    if left is None:
        return xml
    was = b"<" + name + left[1] + b"/>" if left[2] == _WAS_EMPTY else b""
    return xml[: left.start()] + was + xml[left.end() :]


def add_to_count(start: bytes, added: int) -> bytes:
    """A start tag with its count raised by `added` (or lowered); one that has no plain number stays as it is."""
    number = re.search(rb"""(\scount\s*=\s*["'])(0|[1-9]\d*)(?=["'])""", start)
    if number is None:
        return start
    return start[: number.start()] + number[1] + str(int(number[2]) + added).encode() + start[number.end() :]


def _find_name(xml: bytes, opening: bytes, start: int, end: int) -> int:
    """Where `<name` (or `</name`) stands as a whole name; -1 if it does not."""
    at = xml.find(opening, start, end)
    while at >= 0 and xml[at + len(opening) : at + len(opening) + 1] not in (b" ", b">", b"/", b"\n", b"\t", b"\r"):
        at = xml.find(opening, at + 1, end)
    return at


def _end_of(xml: bytes, name: bytes, inside: int) -> int:
    """The place behind the end tag of the element whose content begins at `inside`; elements of its name may nest."""
    end_tag = b"</" + name + b">"
    close = xml.find(end_tag, inside)
    if close >= 0 and xml.find(end_tag[:1] + name, inside, close) < 0 and xml.find(end_tag[:-1], inside, close) < 0:
        return close + len(end_tag)  # nothing nests: by far the most common, and a sheet may have thousands
    depth, at = 1, inside
    while depth:
        close = _find_name(xml, b"</" + name, at, len(xml))
        if close < 0:
            return len(xml)
        depth -= 1
        nested = at
        while (nested := _find_name(xml, b"<" + name, nested, close)) >= 0:
            tag = TAG.match(xml, nested)
            depth += 1 if tag and not tag[4] else 0
            nested += 1
        at = close + 1
    return xml.find(b">", at) + 1 or len(xml)
