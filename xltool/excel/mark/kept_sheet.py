"""The sheet 审核说明 at the end of a workbook: the reasons that are kept in it, put there and taken out again.

Only the list of sheets, the relationships, the content types and the styles are touched besides; taken out, all of
them are byte for byte what they were, unless another program has written them anew in between.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from xltool.diagnose.accepting import Kept
from xltool.errors import FileRefused
from xltool.excel.file.package import Package
from xltool.excel.file.parts import add_part, find_workbook, take_out
from xltool.excel.file.sheetxml import cell_name
from xltool.excel.file.xmltext import (
    DECLARATION,
    Edit,
    append_edit,
    attribute,
    attribute_edit,
    edited,
    elements,
    escape,
    remove_edits,
    start_tag,
    whole_number,
)
from xltool.excel.mark.kept_looks import Looks, add_looks, remove_looks
from xltool.model import column_letters
from xltool.source.acceptances import COLUMNS
from xltool.source.our_sheets import ACCEPTED
from xltool.widths import lines_needed

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_PART = "xl/worksheets/sheetXltool{}.xml"
_ABOUT = (
    "下列各处经核对无误，理由如下；哪一处的数改变以后，它的说明就不再适用。"
    "改理由可以直接改，删去一行就是收回，别处写的字再存时不保留；去掉本表用页面的“清除标注”，或 xltool clear --all。"
)
_NUMBER, _STANDING = "序号", "存时状态"
WIDTHS = {
    _NUMBER: 6,
    "rule": 26,
    "place": 34,
    "figures": 26,
    "reason": 42,
    "who": 10,
    "date": 12,
    _STANDING: 12,
    "code": 28,
}
"""By the name of the column in a list, or its heading."""

HEADING_ROW = 3
"""Counted from 0."""

_FORMULA = rb"<(?:[\w.-]+:)?f(?:\s[^<>]*)?/?>"
_LINE, _HIGHEST = 15, 400  # points; Excel has no row higher than 409


def put(package: Package, kept: Sequence[Kept], before: str) -> None:
    """Put the reasons into a sheet behind all others, instead of the sheet `before` that has them now ("": none has).

    Raises FileRefused as `remove` does.
    """
    remove(package, before)
    if not kept:
        return
    workbook = find_workbook(package)
    xml = package.read(workbook.part)
    lists, there = elements(xml, b"sheets"), elements(xml, b"sheet")
    if not lists or not there:
        raise package.refused(workbook.part, "里没有工作表的目录")
    part = next(name for number in itertools.count(1) if not package.has(name := _PART.format(number)))
    link = add_part(package, workbook.part, part, "worksheet", _TYPE, workbook.office_namespace)
    taken = {(attribute(start_tag(xml, one), "name") or "").lower() for one in there}
    name = next(name for name in names() if name not in taken)
    number = max(whole_number(attribute(start_tag(xml, one), "sheetId")) or 0 for one in there) + 1
    p, office = lists[0].prefix.decode(), workbook.office_namespace
    line = f'<{p}sheet xmlns:r="{office}" name="{name}" sheetId="{number}" r:id="{link}"/>'
    package.write(workbook.part, edited(xml, append_edit(xml, lists[0], line.encode())))
    has_window = bool(elements(xml, b"workbookView"))
    package.write(part, _sheet(workbook.main_namespace, kept, add_looks(package, workbook.styles), has_window))


def remove(package: Package, sheet: str) -> None:
    """Take the sheet with the reasons out; nothing if there is none of that name.

    Raises FileRefused if it has formulas, or others refer to it: Excel would find the workbook damaged.
    """
    workbook = find_workbook(package)
    part = workbook.sheets.get(sheet)
    if part is None:
        return
    refers = re.compile(_FORMULA + rb"[^<]*" + sheet.encode() + b"'?!")
    others = [package.read_raw(other) for other in workbook.sheets.values() if other != part]
    if re.search(_FORMULA, package.read(part)) or any(map(refers.search, others)):
        raise FileRefused(f"工作表“{sheet}”里有公式，或有公式引用它：请在 Excel 或 WPS 中删除这张表。")
    xml = package.read(workbook.part)
    there = elements(xml, b"sheet")
    place = next(i for i, one in enumerate(there) if attribute(start_tag(xml, one), "name") == sheet)
    gone = remove_edits(xml, elements(xml, b"sheets")[0], [there[place]])
    package.write(workbook.part, edited(xml, [*gone, *_names_without(xml, place), *_views_without(xml, place)]))
    take_out(package, workbook.part, part)
    remove_looks(package, workbook.styles)


def content(kept: Sequence[Kept]) -> list[list[str]]:
    """All that stands in the sheet, line by line: its title, what it is about, the headings, a line for each reason."""
    return [[ACCEPTED], [_ABOUT], [], *table(kept)]


def table(kept: Sequence[Kept]) -> Iterator[list[str]]:
    """The headings of the sheet, and a line for each reason."""
    yield [COLUMNS.words[name][0] if name in COLUMNS.words else name for name in WIDTHS]
    for number, (acceptance, standing) in enumerate(kept, 1):
        texts = {_NUMBER: str(number), _STANDING: standing.value, **acceptance._asdict()}
        yield [texts[name] for name in WIDTHS]


def names() -> Iterator[str]:
    """The names that the sheet may have, the one it should have first."""
    return itertools.chain([ACCEPTED], (f"{ACCEPTED}{number}" for number in itertools.count(2)))


def _names_without(xml: bytes, place: int) -> Iterator[Edit]:
    """The defined names count the sheets: those of the sheet go, those of sheets behind it move up."""
    names = elements(xml, b"definedName")
    numbers = [whole_number(attribute(start_tag(xml, one), "localSheetId")) for one in names]
    if names and all(number == place for number in numbers):
        whole = elements(xml, b"definedNames")[0]
        yield Edit(whole.start, whole.end, b"")
        return
    for one, number in zip(names, numbers, strict=True):
        if number == place:
            yield Edit(one.start, one.end, b"")
        elif number is not None and number > place:
            yield from attribute_edit(one.start, start_tag(xml, one), "localSheetId", b"%d" % (number - 1))


def _views_without(xml: bytes, place: int) -> Iterator[Edit]:
    """The sheet that is seen first, and the first tab, are counted too."""
    for view in elements(xml, b"workbookView"):
        tag = start_tag(xml, view)
        for name in ("activeTab", "firstSheet"):
            number = whole_number(attribute(tag, name))
            if number is not None and number >= max(place, 1):
                yield from attribute_edit(view.start, tag, name, b"%d" % (number - 1))


def _sheet(namespace: str, kept: Sequence[Kept], looks: Looks, has_window: bool) -> bytes:
    lines = content(kept)
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(WIDTHS.values(), 1)
    )
    top, last = HEADING_ROW + 1, column_letters(len(WIDTHS))
    pane = f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>' if has_window else ""
    rows = "".join(_row(r, line, looks) for r, line in enumerate(lines))
    whole = (
        f'<worksheet xmlns="{namespace}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>{views}<cols>{columns}</cols>'
        f'<sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:{last}1"/></mergeCells>'
        '<printOptions gridLines="1"/>'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )
    return DECLARATION + whole.encode()


def _row(row: int, texts: Sequence[str], looks: Looks) -> str:
    look = looks.text if row > HEADING_ROW else looks.heading if row in (0, HEADING_ROW) else 0
    fitted = zip(texts, WIDTHS.values(), strict=False) if row >= HEADING_ROW else ()
    lines = max((lines_needed(text, width) for text, width in fitted), default=1)
    cells = (
        f'<c r="{cell_name(row, column)}" s="{look}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
        for column, text in enumerate(texts)
        if text
    )
    return f'<row r="{row + 1}" ht="{min(_LINE * lines + 3, _HIGHEST)}" customHeight="1">{"".join(cells)}</row>'
