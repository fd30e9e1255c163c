"""Reads how the cells of a worksheet look: styles, notes, drop-down lists and widths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from xltool.excel.file.package import Package
from xltool.excel.file.parts import relationships
from xltool.excel.file.xmltext import whole_number, without_references
from xltool.excel.read.sheets.formats import format_texts
from xltool.excel.read.sheets.plain import plain
from xltool.model import column_number
from xltool.source.looks import CellLook, Choices, Looks, Width

_STYLED = re.compile(r'<c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]+)"')
_LIST = re.compile(r'<dataValidation type="list" sqref="([^"]*)"><formula1>"([^<]*)"</formula1>')
_WIDTH = re.compile(
    r'<col min="([0-9]{1,5})" max="([0-9]{1,5})" width="([0-9]{1,3}(?:\.[0-9]+)?)" customWidth="(?:1|true)"'
)
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_SIZE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,9})?")
_OUR_AUTHOR = "xltool"
_MOST_LISTS = 10_000


def read_styles(package: Package, part: str | None) -> list[CellLook]:
    """How the cells of each style look; `part` is the styles part."""
    if part is None:
        return []
    styles = package.tree(part)
    sizes = [_number(font.find("{*}sz"), "val") for font in styles.iterfind("{*}fonts/{*}font")]
    looks = []
    for style, shown in zip(styles.iterfind("{*}cellXfs/{*}xf"), format_texts(styles), strict=True):
        font = whole_number(style.get("fontId"))
        size = sizes[font] if font is not None and font < len(sizes) else 0
        indent = _number(style.find("{*}alignment"), "indent")
        looks.append(CellLook(size, indent, shown))
    return looks


def read_looks(package: Package, part: str, styles: list[CellLook]) -> Looks:
    """The looks of the worksheet in `part`. Raises FileRefused if a part is damaged."""
    xml = plain(package.read(part)).decode()
    cells = {}
    for letters, number, style in map(re.Match.groups, _STYLED.finditer(xml)):
        known = whole_number(style)
        if known is not None and known < len(styles):
            cells[int(number), column_number(letters)] = styles[known]
    widths = [Width(int(first), int(last), float(width)) for first, last, width in _WIDTH.findall(xml)]
    usual = styles[0] if styles else CellLook()
    return Looks(cells, usual, dict(_notes(package, part)), [*_lists(xml)][:_MOST_LISTS], widths)


def _lists(xml: str) -> Iterator[Choices]:
    for areas, listed in _LIST.findall(xml):
        texts = tuple(text.strip() for text in without_references(listed).split(","))
        for left, top, right, bottom in _AREA.findall(areas):
            first = int(top), column_number(left)
            last = (int(bottom), column_number(right)) if right else first
            yield Choices(*first, *last, texts)


def _notes(package: Package, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    for link in relationships(package, part):
        if link.kind == "comments" and package.has(link.target):
            comments = package.tree(link.target)
            authors = [author.text for author in comments.iterfind("{*}authors/{*}author")]
            for comment in comments.iterfind("{*}commentList/{*}comment"):
                at, author = _AREA.fullmatch(comment.get("ref", "")), whole_number(comment.get("authorId"))
                is_ours = author is not None and author < len(authors) and authors[author] == _OUR_AUTHOR
                if at and not is_ours:
                    text = "".join(run.text or "" for run in comment.iterfind("{*}text//{*}t"))
                    yield (int(at[2]), column_number(at[1])), text.strip()


def _number(element: ElementTree.Element | None, attribute: str) -> float:
    """The number in an attribute; 0 if there is none that makes sense."""
    text = element.get(attribute, "") if element is not None else ""
    return float(text) if _SIZE.fullmatch(text) else 0
