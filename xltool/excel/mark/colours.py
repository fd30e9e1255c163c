"""The colours of marks: two differential formats in the styles part, and the conditional formats that use them.

A mark never touches a cell's own style. Its rule is always true and says whose it is: `LEN("xltool:error")>0`.
"""

import re
from collections.abc import Mapping, Sequence

from xltool.excel.file.sheetxml import insert, of_kind
from xltool.excel.file.xmltext import (
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
_PRIORITY = re.compile(
    rb"""(<(?:[\w.-]+:)?cfRule\s(?:[^<>"']|"[^"]*"|'[^']*')*?(?<=\s)priority=["'])([1-9]\d*)(?=["'])"""
)
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
    """The sheet with rules that colour these cells (by severity), ahead of the user's own.

    LibreOffice shows the first rule in the file that matches; Excel goes by priorities, so the user's are moved up.
    """
    root = prefix(xml).decode()
    chunks = [
        (severity, marked[first : first + _CELLS_IN_A_RULE])
        for severity, marked in cells.items()
        for first in range(0, len(marked), _CELLS_IN_A_RULE)
    ]
    before = _last_priority(xml) if _has_pivot_rules(xml) else 0
    rules = [
        f'<{root}conditionalFormatting sqref="{" ".join(chunk)}">'
        f'<{root}cfRule type="expression" dxfId="{formats[severity]}" priority="{priority}">'
        f'<{root}formula>LEN("xltool:{severity}")&gt;0</{root}formula></{root}cfRule></{root}conditionalFormatting>'
        for priority, (severity, chunk) in enumerate(chunks, before + 1)
    ]
    moved = xml if before else _with_priorities_moved(xml, len(rules))
    return insert(moved, "conditionalFormatting", "".join(rules).encode())


def remove_rules(xml: bytes) -> tuple[bytes, list[str]]:
    """Undo `add_rules`; also returns the ranges that were coloured. Rules of the user's in the same element stay."""
    gone: list[Element] = []
    ranges: list[str] = []
    priorities: list[str | None] = []
    if xml.find(b"xltool:") < 0:
        return xml, ranges
    for block in of_kind(xml, "conditionalFormatting"):
        rules = list(elements(xml, prefix(xml) + b"cfRule", block.start, block.end))
        ours = [rule for rule in rules if _is_ours(xml, rule)]
        gone += [block] if ours and len(ours) == len(rules) else ours
        if ours:
            ranges += (attribute(start_tag(xml, block), "sqref") or "").split()
            priorities += [attribute(start_tag(xml, rule), "priority") for rule in ours]
    left = cut(xml, gone)
    # another program may have numbered all rules anew; then they stay as it left them
    as_we_wrote = priorities == [str(number) for number in range(1, len(priorities) + 1)]
    return _with_priorities_moved(left, -len(priorities)) if as_we_wrote else left, ranges


def _is_ours(xml: bytes, rule: Element) -> bool:
    formulas = elements(xml, prefix(xml) + b"formula", rule.start, rule.end)
    return any(_FORMULA.fullmatch(unescape(content(xml, formula))) for formula in formulas)


def _with_priorities_moved(xml: bytes, by: int) -> bytes:
    """The sheet with the priority of every rule raised (or lowered, but never below the first)."""

    def moved(priority: re.Match[bytes]) -> bytes:
        number = int(priority[2])
        return priority[1] + b"%d" % (number + by if number + by > 0 else number)

    parts, at = [], 0
    for block in _rule_blocks(xml):
        parts += [xml[at : block.start], _PRIORITY.sub(moved, xml[block.start : block.end])]
        at = block.end
    return b"".join([*parts, xml[at:]])


def _has_pivot_rules(xml: bytes) -> bool:
    """A pivot table knows its rules by their priorities, so on its sheet these must stay."""
    blocks = b"".join(xml[block.start : block.end] for block in _rule_blocks(xml))
    return re.search(rb"""conditionalFormatting\s[^<>]*pivot=["'](?:1|true)["']""", blocks) is not None


def _last_priority(xml: bytes) -> int:
    blocks = b"".join(xml[block.start : block.end] for block in _rule_blocks(xml))
    return max((int(priority) for _, priority in _PRIORITY.findall(blocks)), default=0)


def _rule_blocks(xml: bytes) -> list[Element]:
    return [*of_kind(xml, "conditionalFormatting"), *of_kind(xml, "extLst")]


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
