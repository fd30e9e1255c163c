"""Makes the columns of blocks from the headings of a grid: where one block ends, each column's id, kind and width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from xltool.drafting import words
from xltool.drafting.heading_tree import Leaf
from xltool.drafting.source import Page
from xltool.drafting.spec import DraftColumn
from xltool.drafting.tables import Grid
from xltool.excel.cells import amount, normal
from xltool.excel.headings import SPLIT_CODE
from xltool.model import Path


def blocks_of_columns(page: Page, grid: Grid, heads: words.Heads) -> list[list[DraftColumn]]:
    """The columns of each block of a grid, from left to right."""
    columns = _with_split_codes([_column(page, leaf) for leaf in grid.leaves])
    blocks = _split(page, grid, columns)
    for block in blocks:
        _set_kinds(page, grid, block, heads)
        _set_ids(block, heads)
    return blocks


def _column(page: Page, leaf: Leaf) -> DraftColumn:
    span = leaf.right - leaf.left + 1
    width = page.width(leaf.left) if span == 1 else None
    note = page.note(page.rect(leaf.bottom, leaf.left).top, leaf.left)
    return DraftColumn(leaf.path, leaf.path, leaf.left, span, note=note, width=width)


def _with_split_codes(columns: list[DraftColumn]) -> list[DraftColumn]:
    """类, 款 and 项 below one heading become one code column."""
    joined: list[DraftColumn] = []
    for column in columns:
        above, name = column.path[:-1], normal(column.path[-1])
        if name not in SPLIT_CODE:
            joined.append(column)
        elif joined and joined[-1].at_code and joined[-1].headings[: len(above)] == above:
            joined[-1].at_code += (column.at,)
        else:
            is_own_heading = bool(above) and bool(words.CODE.search(normal(above[-1])))
            path = above if is_own_heading else (*above, "科目编码")
            joined.append(DraftColumn(path, path, column.at, kind="code", width=None, at_code=(column.at,)))
    return joined


def _split(page: Page, grid: Grid, columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Blocks side by side: a new one begins with a column of labels right of amounts that has amounts right of it."""
    blocks: list[list[DraftColumn]] = [[]]
    for i, column in enumerate(columns):
        here = blocks[-1]
        has_amounts = any(_is_amount(page, grid, before) for before in here)
        follow = any(_is_amount(page, grid, after) for after in columns[i + 1 :])
        if has_amounts and follow and _begins_block(page, grid, column, blocks[0]):
            blocks.append([])
        blocks[-1].append(column)
    return blocks


def _begins_block(page: Page, grid: Grid, column: DraftColumn, first: list[DraftColumn]) -> bool:
    if _is_amount(page, grid, column):
        return False
    name = normal(column.headings[-1])
    is_repeated = any(normal(other.headings[-1]) == name for other in first)
    return is_repeated or bool(words.SIDE.search(name)) or _top(column) in words.SIDES


def _top(column: DraftColumn) -> str:
    return normal(column.headings[0]) if len(column.headings) > 1 else ""


def _is_amount(page: Page, grid: Grid, column: DraftColumn) -> bool:
    return not column.at_code and _looks_like(page, grid, column) == "amount"


def _looks_like(page: Page, grid: Grid, column: DraftColumn) -> str:
    """Whether the cells below a heading are amounts or texts; where they are blank, what its words say."""
    name = normal(column.headings[-1])
    if words.SERIAL.fullmatch(name) or words.CODE.search(name) or words.INDICATOR.fullmatch(name):
        return "text"
    numbers = texts = 0
    for row in range(grid.first, grid.last + 1):
        raw = page.sheet.raw(row, column.at)
        if page.is_number(row, column.at) or page.terms(row, column.at) is not None:
            numbers += 1
        elif isinstance(raw, str) and raw.strip() and amount(raw).problem:
            texts += 1
    if numbers or texts:
        return "amount" if numbers >= texts else "text"
    formats = {page.number_format(row, column.at) for row in range(grid.first, grid.last + 1)}
    if formats == {"@"}:
        return "text"
    if any("0" in one or "#" in one for one in formats):
        return "amount"
    return "text" if words.TEXT.search(name) and not words.TOTAL.search(name) else "amount"


def _set_kinds(page: Page, grid: Grid, block: list[DraftColumn], heads: words.Heads) -> None:
    texts = []
    for column in block:
        name = normal(column.headings[-1])
        if column.kind == "code" or _is_code(page, grid, column, name):
            column.kind = "code"
        elif words.SERIAL.fullmatch(name) and not any(other.kind == "serial" for other in block):
            column.kind = "serial"
        elif words.INDICATOR.fullmatch(name):
            column.kind = "path"
        elif _is_amount(page, grid, column):
            column.negative = bool(words.CARRIED.search(name))
        else:
            column.kind = "text"
            texts.append(column)
    _set_name(block, texts)
    _set_fixed(page, grid, texts, heads)
    _set_label(page, grid, block, [column for column in texts if column.kind == "text"])


def _is_code(page: Page, grid: Grid, column: DraftColumn, name: str) -> bool:
    if not words.CODE.search(name):
        return False
    codes = [normal(page.text(row, column.at)) for row in range(grid.first, grid.last + 1)]
    filled = [code for code in codes if code]
    is_subject = "科目" in name or any("科目" in text or "分类" in text for text in column.headings)
    return is_subject or (bool(filled) and all(code.isdecimal() and code[0] in "23" for code in filled))


def _set_name(block: list[DraftColumn], texts: list[DraftColumn]) -> None:
    """The first column of texts right of a code is its name."""
    for column, after in zip(block, block[1:], strict=False):
        if column.kind == "code" and after in texts and words.NAME.search(normal(after.headings[-1])):
            after.kind = "name"


def _set_fixed(page: Page, grid: Grid, texts: Iterable[DraftColumn], heads: words.Heads) -> None:
    """A text merged down over all rows is the same in each of them."""
    for column in texts:
        rect = page.rect(grid.first, column.at)
        if column.kind == "text" and rect.bottom > rect.top and rect.bottom >= grid.last and page.text(*rect[:2]):
            column.kind, column.text = "fixed", heads.template_text(page.text(*rect[:2]))


def _set_label(page: Page, grid: Grid, block: list[DraftColumn], texts: list[DraftColumn]) -> None:
    """The column that tells the rows apart: of those with texts the one with most different ones, the first of equals.

    Right of codes and in lists of indicators there is none.
    """
    at_code = next((column.at for column in block if column.kind == "code"), 0)
    if any(column.kind == "path" for column in block):
        return
    candidates = [column for column in texts if not at_code or column.at < at_code]
    if not candidates and not at_code:
        candidates = [column for column in block if column.kind not in ("serial", "fixed")][:1]
    if candidates:
        label = max(candidates, key=lambda column: (_different(page, grid, column), -column.at))
        label.kind = "label"


def _different(page: Page, grid: Grid, column: DraftColumn) -> int:
    return len({page.text(row, column.at) for row in range(grid.first, grid.last + 1)} - {""})


def _set_ids(block: list[DraftColumn], heads: words.Heads) -> None:
    """Ids without decorations; where two columns would get the same path, the second keeps its whole text."""
    taken: Counter[Path] = Counter()
    for column in block:
        path = tuple(words.dated_identifier(text, heads) for text in column.headings)
        if taken[path]:
            path = (*path[:-1], "".join(column.headings[-1].split()))
        taken[path] += 1
        number = taken[path]
        column.path = path if number == 1 else (*path[:-1], f"{path[-1]}{number}")
        column.headings = tuple(heads.template_text(text.strip()) for text in column.headings)


def heading_texts(blocks: Iterable[list[DraftColumn]]) -> dict[str, str]:
    """The texts printed for headings whose id differs, by id."""
    texts: dict[str, str] = {}
    for column in (column for block in blocks for column in block):
        for name, text in zip(column.path, column.headings, strict=True):
            if text != name:
                texts.setdefault(name, text)
    return texts
