"""Proves that a part is XML as every reader takes it: UTF-8, well-formed, without DOCTYPE, neither deep nor endless."""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate, XMLParserType

_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_ENCODINGS = ("utf-8", "us-ascii")

# a cell has at most 32,767 characters of 8 bytes (&#xFFFF;), and a tag is far shorter
_LONGEST = 512 << 10
# less than this cannot be so deep that the parser's memory matters
_SLICE = 256 << 10
_DEEPEST = 256


class _Refused(Exception):
    """Something that may not be in a part."""


def fault(xml: bytes) -> str:
    """What is wrong with a part, as the end of a sentence about it; "" if nothing is. Takes linear time."""
    if xml.startswith(_UTF_16):
        return "不是 UTF-8 编码"
    # every stretch of twice this length holds a whole window: without a tag in it, the parser would scan it many times
    if any(xml.find(b"<", at, at + _LONGEST) < 0 for at in range(0, len(xml) - _LONGEST, _LONGEST)):
        return "含有过长的内容"
    parser = ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _refuse_other_encodings
    try:
        _parse(parser, xml)
    except _Refused as refused:
        return str(refused)
    except ExpatError:
        return "不是完整的 XML"
    return ""


def _parse(parser: XMLParserType, xml: bytes) -> None:
    if len(xml) <= _SLICE:
        parser.Parse(xml, True)
        return
    if not _has_only_tags(xml):
        _watch_depth(parser)
        parser.Parse(xml, True)
        return
    # counting takes a third of the time of a call for each element
    at = depth = 0
    while at < len(xml):
        end = xml.find(b"<", at + _SLICE)
        end = end if end > 0 else len(xml)
        parser.Parse(xml[at:end], False)
        depth += xml.count(b"<", at, end) - 2 * xml.count(b"</", at, end) - xml.count(b"/>", at, end)
        _refuse_depth(depth)
        at = end
    parser.Parse(b"", True)


def _has_only_tags(xml: bytes) -> bool:
    """Whether each "<" of a well-formed part begins a tag and each ">" ends one, past its declaration."""
    return b"<!" not in xml and xml.find(b"<?", 5) < 0 and xml.count(b"<") == xml.count(b">")


def _watch_depth(parser: XMLParserType) -> None:
    depth = 0

    def enter(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        _refuse_depth(depth)

    def leave(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = enter, leave


def _refuse_depth(depth: int) -> None:
    if depth > _DEEPEST:
        raise _Refused("层次过深")


def _refuse_doctype(name: str, system: str | None, public: str | None, has_subset: bool) -> None:
    raise _Refused("含有 DOCTYPE 声明，可能是恶意文件")


def _refuse_other_encodings(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise _Refused("不是 UTF-8 编码")
