"""Tells what the columns of a block hold: codes, names, labels, texts, amounts, shares and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from xltool.drafting import words
from xltool.drafting.seen.page import Page
from xltool.drafting.seen.tables import Grid
from xltool.drafting.spec import DraftColumn
from xltool.source.cells import amount
from xltool.template.names import normal
from xltool.template.spec import FIGURES


def is_figure(page: Page, grid: Grid, column: DraftColumn) -> bool:
    """Whether the cells below a heading hold numbers; where they are blank, what its words and its format say."""
    name = _name(column)
    if column.at_code or words.SERIAL.fullmatch(name) or words.CODE.search(name) or words.INDICATOR.fullmatch(name):
        return False
    numbers = typed = texts = 0
    for row in range(grid.first, grid.last + 1):
        raw = page.sheet.raw(row, column.at)
        if page.is_number(row, column.at) or page.terms(row, column.at) is not None:
            numbers += 1
        elif isinstance(raw, str) and raw.strip():
            texts += bool(amount(raw).problem)
            typed += amount(raw).is_text
    if numbers or texts:
        return numbers + (0 if words.TEXT.search(name) else typed) >= texts
    formats = [one for one in _formats(page, grid, column) if one != "General"]
    if formats and set(formats) == {"@"}:
        return False
    if any("0" in one or "#" in one for one in formats):
        return True
    return not words.TEXT.search(name) or bool(words.TOTAL.search(name))


def set_kinds(page: Page, grid: Grid, block: list[DraftColumn], heads: words.Heads) -> None:
    """Give every column of a block its kind."""
    for column in block:
        column.kind = _kind(page, grid, column, block)
    _set_paths(block)
    for column in block:
        column.negative = column.kind in FIGURES and bool(words.CARRIED.search(_name(column)))
    if any(column.kind == "path" for column in block):
        _make_codes_texts(block)
    texts = [column for column in block if column.kind == "text"]
    _set_fixed(page, grid, texts, heads)
    if not _set_nested_labels(page, grid, block):
        _set_name(block)
        _set_label(page, grid, block)
    for column in block:
        column.words = column.kind == "text" and bool(words.WORDS.search(_name(column)))


def _set_paths(block: list[DraftColumn]) -> None:
    """Whatever they are called, the texts on both sides of 二级指标 are the levels above and below it."""
    for before, column, after in zip(block, block[1:], block[2:], strict=False):
        if _name(column) == words.SECOND_INDICATOR and {before.kind, after.kind} <= {"text", "path"}:
            before.kind = after.kind = "path"


def _name(column: DraftColumn) -> str:
    return normal(column.headings[-1])


def _formats(page: Page, grid: Grid, column: DraftColumn) -> Counter[str]:
    return Counter(page.number_format(row, column.at) for row in range(grid.first, grid.last + 1))


def _kind(page: Page, grid: Grid, column: DraftColumn, block: list[DraftColumn]) -> str:
    """What a column holds by itself: of the texts, labels are chosen later."""
    name = _name(column)
    if column.at_code or _is_code(page, grid, column, name):
        return "code"
    if words.SERIAL.fullmatch(name) and not any(other.kind == "serial" for other in block):
        return "serial"
    if words.INDICATOR.fullmatch(name):
        return "path"
    if not is_figure(page, grid, column):
        return "text"
    formats = _formats(page, grid, column)
    is_share = bool(words.SHARE.search(name))
    if (formats and "%" in formats.most_common(1)[0][0]) or (is_share and _are_shares(page, grid, column)):
        return "percent"
    is_count = (
        is_share or words.COUNT.search(name) or any(words.COUNTED.search(normal(text)) for text in column.headings)
    )
    is_price = words.PRICE.search(name) and _is_blank_in_totals(page, grid, column)
    return "number" if is_count or is_price else "amount"


def _are_shares(page: Page, grid: Grid, column: DraftColumn) -> bool:
    """Whether a column, pasted without its format, has no number above 100%; blanks below (%) will be 5.2."""
    numbers = [page.number(row, column.at) for row in range(grid.first, grid.last + 1)]
    found = [number for number in numbers if number is not None]
    return all(abs(number) <= 1 for number in found) if found else "%" not in _name(column)


def _is_blank_in_totals(page: Page, grid: Grid, column: DraftColumn) -> bool:
    """Whether a column is not added up where others are: templates add up every column of amounts."""
    totals = [row for row in range(grid.first, grid.last + 1) if _is_total(page, grid, row, column.at)]
    return bool(totals) and all(page.number(row, column.at) is None for row in totals)


def _is_total(page: Page, grid: Grid, row: int, right: int) -> bool:
    """Whether a line is named like a total, left of the column `right`."""
    return any(words.TOTAL.search(normal(page.text(row, at))) for at in range(grid.leaves[0].left, right))


def _is_code(page: Page, grid: Grid, column: DraftColumn, name: str) -> bool:
    if not words.CODE.search(name) or words.UNIT_CODE.search(name):
        return False
    codes = [normal(page.text(row, column.at)) for row in range(grid.first, grid.last + 1)]
    filled = [code for code in codes if code]
    is_subject = "科目" in name or any("科目" in text or "分类" in text for text in column.headings)
    return is_subject or (bool(filled) and all(code.isdecimal() and code[0] in "23" for code in filled))


def _set_fixed(page: Page, grid: Grid, texts: Iterable[DraftColumn], heads: words.Heads) -> None:
    """A text merged down over all rows is the same in each of them."""
    for column in texts:
        rect = page.rect(grid.first, column.at)
        if rect.bottom > rect.top and rect.bottom >= grid.last and page.text(*rect[:2]):
            column.kind, column.text = "fixed", heads.template_text(page.text(*rect[:2]))


def _set_nested_labels(page: Page, grid: Grid, block: list[DraftColumn]) -> bool:
    """Units in the first column and projects, 品目 or years in another one, or projects and 品目: both are labels.

    Codes beside projects only say which 科目 each is under: they are texts.
    """
    own = [column for column in block if column.kind not in ("serial", "fixed") and not _is_text_of_codes(column)]
    inner = next((column for column in own[1:] if column.kind == "text" and words.INNER.search(_name(column))), None)
    if inner is None or own[0].kind != "text":
        return False
    is_unit = words.UNITS_OWN_COLUMN.fullmatch(_name(own[0]))
    is_project = words.PROJECTS.search(_name(own[0])) and words.ITEMS.search(_name(inner))
    if not is_unit and not (is_project and _has_names(page, grid, inner, own[0])):
        return False
    own[0].kind = inner.kind = "label"
    _make_codes_texts(block)
    return True


def _is_text_of_codes(column: DraftColumn) -> bool:
    """Whether a column has codes that are no 科目: they stand beside the names that tell the rows apart."""
    return column.kind == "text" and bool(words.CODE.search(_name(column)))


def _has_names(page: Page, grid: Grid, inner: DraftColumn, outer: DraftColumn) -> bool:
    """Whether any line has an inner name, or might get one: no line but totals has an outer one either."""
    own = [row for row in range(grid.first, grid.last + 1) if not _is_total(page, grid, row, inner.at)]
    return any(page.text(row, inner.at) for row in own) or not any(page.text(row, outer.at) for row in own)


def _make_codes_texts(block: list[DraftColumn]) -> None:
    """Codes that do not tell the rows apart are texts beside them."""
    for column in (column for column in block if column.kind == "code"):
        column.kind, column.span = "text", max(len(column.parts), column.span)
        column.parts, column.at_code = (), ()


def _set_name(block: list[DraftColumn]) -> None:
    """The first column of texts right of a code is its name."""
    for column, after in zip(block, block[1:], strict=False):
        if column.kind == "code" and after.kind == "text" and words.NAME.search(_name(after)):
            after.kind = "name"


def _set_label(page: Page, grid: Grid, block: list[DraftColumn]) -> None:
    """The column that tells the rows apart: of those with texts the one with most different ones, the first of equals.

    Right of codes and in lists of indicators there is none, nor where all columns hold figures.
    """
    at_code = next((column.at for column in block if column.kind == "code"), 0)
    if any(column.kind == "path" for column in block):
        return
    candidates = [column for column in block if column.kind == "text" and (not at_code or column.at < at_code)]
    named = [column for column in candidates if not _is_text_of_codes(column)] or candidates
    if named:
        label = max(named, key=lambda column: (_different(page, grid, column), -column.at))
        label.kind = "label"


def _different(page: Page, grid: Grid, column: DraftColumn) -> int:
    return len({page.text(row, column.at) for row in range(grid.first, grid.last + 1)} - {""})
