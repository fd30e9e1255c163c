"""The colours of marks: two differential formats in the styles part, and the conditional formats that use them.

A mark never touches a cell's own style. Its rule is always true and says whose it is: `LEN("xltool:error")>0`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from xltool.errors import FileRefused
from xltool.excel.file.sheetxml import insert, of_kind
from xltool.excel.file.xmltext import (
    DECLARATION,
    Edit,
    Element,
    append_edit,
    attribute,
    attribute_spans,
    children,
    edited,
    elements,
    escape,
    insert_edit,
    inside,
    new_element,
    plain_number,
    prefix,
    recount_edit,
    remove_edits,
    start_tag,
    text_of,
)

COLOURS = {"error": "FFFF9C9B", "warning": "FFFFD965"}
"""ARGB, by severity: one off from the colours that others use, so that our formats are known again."""

_FORMULA = r'(?i)\s*LEN\(\s*"xltool:\w+"\s*\)\s*>\s*0\s*'
_TOKEN = b"xltool:"  # stands in every rule of ours
_MOST_COPIES = 1000
_CELLS_IN_A_RULE = 1000  # keeps the sqref attribute at a length every reader takes
_BEHIND_FORMATS = (b"tableStyles", b"colors", b"extLst")


def formula_of(severity: str) -> str:
    """The formula of a rule of ours, without "="."""
    return f'LEN("xltool:{severity}")>0'


def is_our_formula(text: str) -> bool:
    """Whether a rule with this formula is ours, as whatever program writes it down."""
    return re.fullmatch(_FORMULA, text) is not None


def new_styles(namespace: str) -> bytes:
    """A styles part for a workbook that has none: one plain style, as if there were no styles."""
    return (
        DECLARATION
        + (
            f'<!--xltool--><styleSheet xmlns="{namespace}"><fonts count="1"><font/></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
        ).encode()
    )


def add_formats(xml: bytes) -> tuple[bytes, dict[str, int]]:
    """The styles part with our formats behind all others, and the number of each by severity.

    Programs count the formats differently where some stand in an mc:AlternateContent: those that know it take one of
    its branches, others none. Each of ours is repeated so often that its number means it to all of them. Raises
    FileRefused if that is too often.
    """
    lists = _lists(xml)
    if not lists:
        behind = next((child for child in children(xml) if child.is_own and child.name in _BEHIND_FORMATS), None)
        root = prefix(xml)
        new = new_element(root + b"dxfs", b' count="%d"' % len(COLOURS), _formats(root, 1))
        return edited(xml, [insert_edit(xml, behind, new)]), _numbered(0, 1)
    counts = [count for there in lists for count in _counts(xml, there)]
    copies = max(counts) - min(counts) + 1
    if copies > _MOST_COPIES:
        raise FileRefused("样式过于特殊，不能标注：请在 Excel 或 WPS 中打开并另存后再试。")
    edits = [
        edit
        for there in lists
        for edit in (
            *append_edit(xml, there, _formats(there.prefix, copies)),
            *recount_edit(xml, there, len(COLOURS) * copies),
        )
    ]
    return edited(xml, edits), _numbered(max(counts), copies)


def remove_formats(xml: bytes) -> bytes:
    """Undo `add_formats`. After another program saved the file the formats may stay: nothing uses them any more."""
    edits: list[Edit] = []
    for there in _lists(xml):
        ours = _ours_at_end(xml, there)
        edits += [*remove_edits(xml, there, ours), *recount_edit(xml, there, -len(ours))] if ours else []
    return edited(xml, edits)


def add_rules(xml: bytes, cells: Mapping[str, Sequence[str]], formats: Mapping[str, int]) -> list[Edit]:
    """Put rules into a sheet that colour these cells (by severity), ahead of the user's own.

    LibreOffice shows the first rule in the file that matches; Excel goes by priorities, so the user's are moved up.
    """
    root = prefix(xml).decode()
    chunks = [
        (severity, marked[first : first + _CELLS_IN_A_RULE])
        for severity, marked in cells.items()
        for first in range(0, len(marked), _CELLS_IN_A_RULE)
    ]
    before = _last_priority(xml) if _has_pivot_rules(xml) else 0
    moved = [] if before else _move_priorities(xml, len(chunks))
    rules = [
        f'<{root}conditionalFormatting sqref="{" ".join(chunk)}">'
        f'<{root}cfRule type="expression" dxfId="{formats[severity]}" priority="{priority}">'
        f"<{root}formula>{escape(formula_of(severity))}</{root}formula></{root}cfRule></{root}conditionalFormatting>"
        for priority, (severity, chunk) in enumerate(chunks, before + 1)
    ]
    return [*moved, insert(xml, "conditionalFormatting", "".join(rules).encode())]


def remove_rules(xml: bytes) -> tuple[list[Edit], list[str]]:
    """Undo `add_rules`; also returns the ranges that were coloured. Rules of the user's in the same element stay."""
    gone: list[Element] = []
    ranges: list[str] = []
    priorities: list[str | None] = []
    if not is_marked(xml):
        return [], ranges
    for block in of_kind(xml, "conditionalFormatting"):
        if xml.find(_TOKEN, block.start, block.end) < 0:
            continue
        rules = elements(xml, b"cfRule", block)
        ours = [rule for rule in rules if _is_ours(xml, rule)]
        gone += [block] if ours and len(ours) == len(rules) else ours
        if ours:
            ranges += (attribute(start_tag(xml, block), "sqref") or "").split()
            priorities += [attribute(start_tag(xml, rule), "priority") for rule in ours]
    # another program may have numbered all rules anew; then they stay as it left them
    as_we_wrote = priorities == [str(number) for number in range(1, len(priorities) + 1)]
    moved = _move_priorities(xml, -len(priorities)) if as_we_wrote else []
    return [*(Edit(one.start, one.end, b"") for one in gone), *moved], ranges


def is_marked(xml: bytes) -> bool:
    """Whether the sheet may have rules of ours; where this says no, it has none."""
    return _TOKEN in xml


def _is_ours(xml: bytes, rule: Element) -> bool:
    return any(is_our_formula(text_of(xml, formula)) for formula in elements(xml, b"formula", rule))


def _move_priorities(xml: bytes, by: int) -> list[Edit]:
    """Raise the priority of every rule (or lower it, but never below the first)."""
    return [Edit(start, end, b"%d" % (priority + by)) for start, end, priority in _priorities(xml) if priority + by > 0]


def _has_pivot_rules(xml: bytes) -> bool:
    """A pivot table knows its rules by their priorities, so on its sheet these must stay."""
    spans = attribute_spans(xml, b"conditionalFormatting", b"pivot")
    return any(xml[start:end] in (b"1", b"true") for start, end in spans)


def _last_priority(xml: bytes) -> int:
    return max((priority for *_, priority in _priorities(xml)), default=0)


def _priorities(xml: bytes) -> Iterator[tuple[int, int, int]]:
    """Every rule's priority and where it stands, also of those of later versions of Excel, in another namespace."""
    for start, end in attribute_spans(xml, b"cfRule", b"priority"):
        if priority := plain_number(xml[start:end]):
            yield start, end, priority


def _lists(xml: bytes) -> list[Element]:
    """The lists of formats: one, or one in each branch of an mc:AlternateContent."""
    return elements(xml, b"dxfs")


def _counts(xml: bytes, formats: Element) -> tuple[int, int]:
    """How many formats a list has for programs that do not know mc:AlternateContent, and for those that do."""
    plain = _children(xml, formats, b"dxf")
    branches = [
        next(iter(_children(xml, choice, b"Fallback") or _children(xml, choice, b"Choice")), choice)
        for choice in _children(xml, formats, b"AlternateContent")
    ]
    return len(plain), len(plain) + sum(len(_children(xml, branch, b"dxf")) for branch in branches)


def _children(xml: bytes, outer: Element, name: bytes) -> list[Element]:
    return [one for one in inside(xml, outer) if one.depth == outer.depth + 1 and one.name == name]


def _formats(p: bytes, copies: int) -> bytes:
    return b"".join(one * copies for one in _each_format(p))


def _each_format(prefix: bytes) -> list[bytes]:
    p = prefix.decode()
    return [
        f'<{p}dxf><{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/><{p}bgColor rgb="{colour}"/>'
        f"</{p}patternFill></{p}fill></{p}dxf>".encode()
        for colour in COLOURS.values()
    ]


def _ours_at_end(xml: bytes, formats: Element) -> list[Element]:
    """Our formats, which stand behind all others."""
    ours, found, end = _each_format(formats.prefix), [], formats.close
    for one in reversed(_children(xml, formats, b"dxf")):
        if one.end != end or xml[one.start : one.end] not in ours:
            break
        found.append(one)
        end = one.start
    return found


def _numbered(first: int, copies: int) -> dict[str, int]:
    return {severity: first + number * copies for number, severity in enumerate(COLOURS)}
