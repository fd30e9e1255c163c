"""The colours of marks: two differential formats in the styles part, and the conditional formats that use them.

A mark never touches a cell's own style. Its rule is always true and says whose it is: `LEN("xltool:error")>0`.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from xltool.excel.sheetxml import insert, of_kind
from xltool.excel.xmltext import (
    DECLARATION,
    Element,
    add_to_count,
    append_child,
    attribute,
    children,
    close_up,
    content,
    cut,
    elements,
    insert_before,
    new_element,
    prefix,
    start_tag,
    unescape,
)

# one off from the colours that others use, so that our formats are known again
_COLOURS = {"error": "FFFF9C9B", "warning": "FFFFD965"}
_FORMULA = re.compile(r'\s*LEN\(\s*"xltool:\w+"\s*\)\s*>\s*0\s*', re.IGNORECASE)
_CELLS_IN_A_RULE = 1000  # keeps the sqref attribute at a length every reader takes
_BEHIND_FORMATS = (b"tableStyles", b"colors", b"extLst")


def new_styles(namespace: str) -> bytes:
    """A styles part for a workbook that has none: one plain style, as if there were no styles."""
    return (
        DECLARATION
        + (
            f'<styleSheet xmlns="{namespace}"><fonts count="1"><font/></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
        ).encode()
    )


def add_formats(xml: bytes) -> tuple[bytes, dict[str, int]]:
    """The styles part with our formats behind all others, and the number of each by severity."""
    root = prefix(xml)
    name, ours = root + b"dxfs", _formats(root)
    there = next((child for child in children(xml) if child.name == name), None)
    if there is None:
        behind = (child.start for child in children(xml) if child.name in [root + one for one in _BEHIND_FORMATS])
        count = b' count="%d"' % len(_COLOURS)
        return insert_before(xml, next(behind, None), new_element(name, count, ours)), _numbered(0)
    existing = len(list(elements(xml, root + b"dxf", there.start, there.end)))
    return _recounted(append_child(xml, name, ours), there, len(_COLOURS)), _numbered(existing)


def remove_formats(xml: bytes) -> bytes:
    """Undo `add_formats`. After another program saved the file the formats may stay: nothing uses them any more."""
    root = prefix(xml)
    name, ours = root + b"dxfs", _formats(root)
    there = next((child for child in children(xml) if child.name == name), None)
    at = xml.find(ours + b"</" + name, there.start, there.end) if there else -1
    if there is None or at < 0:
        return xml
    return close_up(_recounted(xml[:at] + xml[at + len(ours) :], there, -len(_COLOURS)), name)


def add_rules(xml: bytes, cells: Mapping[str, Sequence[str]], formats: Mapping[str, int]) -> bytes:
    """The sheet with rules that colour these cells (by severity).

    They stand before the user's own, because LibreOffice shows only the first that matches, and take the lowest
    priorities that are free, because Excel goes by these.
    """
    root = prefix(xml).decode()
    priorities = _free_priorities(xml)
    rules = []
    for severity, marked in cells.items():
        for first in range(0, len(marked), _CELLS_IN_A_RULE):
            rules.append(
                f'<{root}conditionalFormatting sqref="{" ".join(marked[first : first + _CELLS_IN_A_RULE])}">'
                f'<{root}cfRule type="expression" dxfId="{formats[severity]}" priority="{next(priorities)}">'
                f'<{root}formula>LEN("xltool:{severity}")&gt;0</{root}formula></{root}cfRule></{root}conditionalFormatting>'
            )
    return insert(xml, "conditionalFormatting", "".join(rules).encode()) if rules else xml


def remove_rules(xml: bytes) -> tuple[bytes, list[str]]:
    """Undo `add_rules`; also returns the ranges that were coloured. Rules of the user's in the same element stay."""
    gone: list[Element] = []
    ranges: list[str] = []
    if xml.find(b"xltool:") < 0:
        return xml, ranges
    for block in of_kind(xml, "conditionalFormatting"):
        rules = list(elements(xml, prefix(xml) + b"cfRule", block.start, block.end))
        ours = [rule for rule in rules if _is_ours(xml, rule)]
        gone += [block] if ours and len(ours) == len(rules) else ours
        if ours:
            ranges += (attribute(start_tag(xml, block), "sqref") or "").split()
    return cut(xml, gone), ranges


def _is_ours(xml: bytes, rule: Element) -> bool:
    formulas = elements(xml, prefix(xml) + b"formula", rule.start, rule.end)
    return any(_FORMULA.fullmatch(unescape(content(xml, formula))) for formula in formulas)


def _free_priorities(xml: bytes) -> Iterator[int]:
    blocks = [*of_kind(xml, "conditionalFormatting"), *of_kind(xml, "extLst")]
    used = {
        int(number)
        for block in blocks
        for number in re.findall(rb"""\spriority=["'](\d+)["']""", xml[block.start : block.end])
    }
    return (number for number in itertools.count(1) if number not in used)


def _formats(root: bytes) -> bytes:
    p = root.decode()
    return "".join(
        f'<{p}dxf><{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/><{p}bgColor rgb="{colour}"/>'
        f"</{p}patternFill></{p}fill></{p}dxf>"
        for colour in _COLOURS.values()
    ).encode()


def _numbered(first: int) -> dict[str, int]:
    return {severity: number for number, severity in enumerate(_COLOURS, first)}


def _recounted(xml: bytes, formats: Element, added: int) -> bytes:
    tag = start_tag(xml, formats)
    return xml[: formats.start] + add_to_count(tag, added) + xml[formats.start + len(tag) :]
