"""The cell formats of the sheet 审核说明: put behind all others in the styles part, and taken out again."""

from __future__ import annotations

from typing import NamedTuple

from xltool.excel.file.package import Package
from xltool.excel.file.xmltext import Edit, Element, append_edit, children, edited, elements, recount_edit, start_tag

_END = b"  >"  # the blanks in an end tag say that it is ours


class Looks(NamedTuple):
    """The numbers of the cell formats for text that wraps, and for headings; 0 is the usual one."""

    text: int = 0
    heading: int = 0


class _Listed(NamedTuple):
    """A list of the styles part, and what is in it, as written."""

    outer: Element
    each: list[bytes]


def add_looks(package: Package, styles: str | None) -> Looks:
    """Put our formats into the styles part; none where it is missing or has its lists in some other form."""
    xml = package.read(styles) if styles else b""
    fonts, formats = _listed(xml, b"fonts", b"font"), _listed(xml, b"cellXfs", b"xf")
    if styles is None or fonts is None or formats is None:
        return Looks()
    bold = _bold(fonts)
    both = [_format(xml, formats, 0), _format(xml, formats, len(fonts.each))]
    added = [
        *append_edit(xml, fonts.outer, bold),
        *recount_edit(xml, fonts.outer, 1),
        *append_edit(xml, formats.outer, b"".join(both)),
        *recount_edit(xml, formats.outer, len(both)),
    ]
    package.write(styles, edited(xml, added))
    return Looks(len(formats.each), len(formats.each) + 1)


def remove_looks(package: Package, styles: str | None) -> None:
    """Undo `add_looks`. After another program saved the file the formats stay: nothing uses them any more."""
    xml = package.read(styles) if styles else b""
    fonts, formats = _listed(xml, b"fonts", b"font"), _listed(xml, b"cellXfs", b"xf")
    if styles is None or fonts is None or formats is None:
        return
    both = [_format(xml, formats, 0), _format(xml, formats, len(fonts.each) - 1)]
    if fonts.each[-1] == _bold(fonts) and formats.each[-2:] == both:
        gone = [*_cut(xml, fonts, 1), *_cut(xml, formats, len(both))]
        package.write(styles, edited(xml, gone))


def _listed(xml: bytes, name: bytes, item: bytes) -> _Listed | None:
    lists = elements(xml, name) if xml else []
    if len(lists) != 1:
        return None
    whole = b"<list>" + xml[lists[0].inside : lists[0].close] + b"</list>"
    each = children(whole)
    is_plain = bool(each) and all(one.name == item for one in each)
    return _Listed(lists[0], [whole[one.start : one.end] for one in each]) if is_plain else None


def _bold(fonts: _Listed) -> bytes:
    """The usual font, but bold."""
    p, usual = fonts.outer.prefix, fonts.each[0]
    (font,) = children(b"<list>" + usual + b"</list>")
    tag = start_tag(b"<list>" + usual + b"</list>", font)
    inner = b"" if tag.endswith(b"/>") else usual[len(tag) : font.close - len(b"<list>")]
    bold = b"" if b"<%sb/>" % p in inner else b"<%sb/>" % p
    return tag.removesuffix(b"/>").removesuffix(b">") + b">" + bold + inner + b"</%sfont" % p + _END


def _format(xml: bytes, formats: _Listed, font: int) -> bytes:
    p = formats.outer.prefix
    style = b' xfId="0"' if elements(xml, b"cellStyleXfs") else b""
    return (
        b'<%sxf numFmtId="49" fontId="%d" fillId="0" borderId="0"%s applyNumberFormat="1" applyFont="1" '
        b'applyAlignment="1"><%salignment vertical="top" wrapText="1"/></%sxf' % (p, font, style, p, p)
    ) + _END


def _cut(xml: bytes, listed: _Listed, count: int) -> list[Edit]:
    """Take the last ones out of a list; nothing stands behind them."""
    length = sum(map(len, listed.each[-count:]))
    return [Edit(listed.outer.close - length, listed.outer.close, b""), *recount_edit(xml, listed.outer, -count)]
