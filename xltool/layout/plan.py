"""Plans a new workbook: from a template and an outline to where every row and column goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from xltool.catalogue import by_year
from xltool.layout.block import BlockAt, ColumnAt, RowAt
from xltool.layout.layout import Layout, TableAt, sheet_key
from xltool.layout.outline import Outline
from xltool.model import Path, member_name
from xltool.template.spec import CODE_LEVELS, Block, Row, Table, Template

SPARE_ROWS = 3
"""Blank rows for the first members of a run of rows that a new workbook leaves empty."""

_LONGEST_SHEET_NAME = 31
_FORBIDDEN_IN_SHEET_NAMES = str.maketrans("[]:*?/\\", "（）：＊？／＼")

_ORDINALS = "一二三四五六七八九十"


def plan(template: Template, outline: Outline) -> Layout:
    """The layout of the workbook that `xltool new` or `fill` writes."""
    tables: dict[str, TableAt] = {}
    index = 0
    for table in template.tables.values():
        repeats = outline.below(table.id, (), Row(each=table.each)) if table.each else ((),)
        for number, above in enumerate(repeats, 1):
            tables[sheet_key(table.id, above)] = _plan_table(table, outline, index, above, number)
            index += len(table.blocks)
    return Layout(template, outline, tables)


def heading_depth(block: Block) -> int:
    """How many heading rows a block has; a form has none."""
    return 0 if block.is_form else max(len(column.path) + bool(column.parts) for column in block.columns)


def chinese_ordinal(number: int) -> str:
    """1 -> "一", 11 -> "十一", 31 -> "三十一"; up to 99."""
    tens, ones = divmod(number, 10)
    text = (_ORDINALS[tens - 1] if tens > 1 else "") + ("十" if tens else "")
    return text + (_ORDINALS[ones - 1] if ones else "")


def rows_in(block: Block, table: Table) -> tuple[Row, ...]:
    """The rows of a block as its sheet has them; in a repeated form those below the project's."""
    return block.rows[0].rows if table.each else block.rows


def _plan_table(table: Table, outline: Outline, first_index: int, above: Path, number: int) -> TableAt:
    title_row = 2 if table.number else 1
    line = title_row + 1 + bool(table.header)
    at = TableAt(table, "", (), title_row, above=above, number=number)
    sheet = _sheet_name(at.text(table.sheet or table.id))
    drafts = [_Draft(table, block, first_index + i, sheet, above) for i, block in enumerate(table.blocks)]
    width = 0
    for band in _bands(drafts):
        side = any(block.block.side for block in band)
        width = max(width, _place_columns(band, 1 + side))
        line = _plan_band(band, outline, line, table.numbered_columns)
    blocks = [draft.finished() for draft in drafts]
    width = max([width, *(_form_width(block, width) for block in blocks if block.block.is_form)])
    return at._replace(
        sheet=sheet,
        blocks=tuple(replace(at, helper_column=width + 2) if _needs_helper(at.block) else at for at in blocks),
        last_row=line - 1,
        last_column=width,
        notes={line + i: outline.text(at.text(text)) for i, text in enumerate(table.notes)},
    )


class _Draft:
    """A block while its place is still being planned; `ends` are the ends of sections, by the paths of their rows."""

    def __init__(self, table: Table, block: Block, index: int, sheet: str, above: Path) -> None:
        self.table = table
        self.block = block
        self.index = index
        self.sheet = sheet
        self.above = above
        self.columns: list[int] = []
        self.rows: list[RowAt] = []
        self.ends: dict[Path, int] = {}
        self.heading_row = 0
        self.blank_rows: list[int] = []
        self.body_end = 0

    def finished(self) -> BlockAt:
        """The block where it lies."""
        columns = zip(self.block.columns, self.columns, strict=True)
        return BlockAt(
            self.table,
            self.block,
            self.index,
            self.sheet,
            tuple(row._replace(section_end=self.ends[row.path]) if row.path in self.ends else row for row in self.rows),
            tuple(ColumnAt(column, at) for column, at in columns),
            self.heading_row,
            self.above,
            tuple(self.blank_rows),
            self.body_end,
            amount_unit=self.table.amount_unit,
        )


def _sheet_name(text: str) -> str:
    return text.translate(_FORBIDDEN_IN_SHEET_NAMES)[:_LONGEST_SHEET_NAME]


def _bands(blocks: list[_Draft]) -> list[list[_Draft]]:
    """Blocks that share their lines, top to bottom."""
    bands: list[list[_Draft]] = []
    for block in blocks:
        if block.block.place == "right" and bands:
            bands[-1].append(block)
        else:
            bands.append([block])
    return bands


def _place_columns(band: list[_Draft], column: int) -> int:
    for draft in band:
        for definition in draft.block.columns:
            draft.columns.append(column)
            column += definition.span
    return column - 1


def _form_width(block: BlockAt, width: int) -> int:
    """The last sheet column of a form in a table that is `width` columns wide without it.

    The last field on a line takes the room that the table leaves it: only one without any makes the table wider.
    """
    answer = block.columns[-1]
    last = answer.sheet_column + max((row.shift for row in block.rows), default=0)
    return width if last <= width else last + answer.definition.span - 1


def _needs_helper(block: Block) -> bool:
    """Whether codes need a column beside the table because the format prints names only, or splits the codes."""
    return not any(column.kind == "code" and not column.parts for column in block.columns) and _has_codes(block.rows)


def _has_codes(rows: tuple[Row, ...]) -> bool:
    return any(row.each in CODE_LEVELS or _has_codes(row.rows) for row in rows)


class _Gap(NamedTuple):
    """Sheet rows kept free at the end of the run of members of one dimension below the row at `above`."""

    above: Path
    dimension: str
    height: int
    run: list[Path]


_Line = RowAt | _Gap


def _plan_band(band: list[_Draft], outline: Outline, line: int, numbered: bool) -> int:
    """Give the rows of blocks side by side their sheet rows from `line` on; returns the sheet row after them."""
    if band[0].block.is_form:
        return _plan_form(band[0], outline, line)
    first = line + max(heading_depth(block.block) for block in band) + numbered
    feet: list[list[RowAt]] = []
    foot_line = first
    for block in band:
        block.heading_row = line
        rows, path = rows_in(block.block, block.table), block.above
        pattern = (block.table.each,) if path else ()
        body = _expand(block.table.id, [row for row in rows if not row.footer], outline, path, pattern)
        body += _unknown_rows(block, outline)
        foot = _expand(block.table.id, [row for row in rows if row.footer], outline, path, pattern)
        feet.append([row for row in foot if isinstance(row, RowAt)])
        foot_line = max(foot_line, _place_body(block, body, first))
    height = max(len(foot) for foot in feet)
    for block, foot_rows in zip(band, feet, strict=True):
        for i, row in enumerate(foot_rows):
            at = foot_line + (height - 1 if i == len(foot_rows) - 1 else i)
            block.rows.append(row._replace(sheet_row=at))
    return foot_line + height


def _plan_form(block: _Draft, outline: Outline, line: int) -> int:
    """A form's fields, line by line; one without a label has a line of its own."""
    span = block.block.columns[-1].span
    pattern = (block.table.each,) if block.above else ()
    position = 0
    line -= 1
    for row in rows_in(block.block, block.table):
        if position % block.block.per_line == 0 or not row.label:
            line += 1
            position = 0
        path = (*block.above, row.id)
        shift = position * (1 + span) if row.label else -1
        block.rows.append(RowAt(path, row, (*pattern, row.id), line, outline.text(row.label), shift))
        position += 1 if row.label else block.block.per_line
    block.body_end = line
    return line + 1


def _unknown_rows(block: _Draft, outline: Outline) -> list[_Line]:
    """Rows that the template does not have but the facts do: kept, so that nothing is lost and the check can tell."""
    index = block.table.number_of(block.block)
    extra = outline.extra.get((block.table.id, index), ())
    return [RowAt(path, None, path, 0, path[-1]) for path in extra if path[: len(block.above)] == block.above]


def _place_body(block: _Draft, body: list[_Line], line: int) -> int:
    """Sheet rows from `line` on; rows of a run, and rows that add it up, learn where it ends."""
    owners = _sums_of_runs(body)
    for item in body:
        if isinstance(item, RowAt):
            block.rows.append(item._replace(sheet_row=line))
            line += 1
        else:
            block.blank_rows += range(line, line + item.height)
            line += item.height
            for path in [*item.run, *owners.get((item.above, item.dimension), [])]:
                block.ends[path] = line - 1
    block.body_end = line - 1
    return line


def _sums_of_runs(body: list[_Line]) -> dict[tuple[Path, str], list[Path]]:
    """(row above a run, dimension) -> the rows that add that run up: that row, or one beside the run."""
    owners: dict[tuple[Path, str], list[Path]] = {}
    for row in body:
        if isinstance(row, RowAt) and row.definition is not None:
            nested = {below.each for below in row.definition.rows}
            for part in row.definition.sum:
                name = part.path[0]
                owners.setdefault((row.path if name in nested else row.path[:-1], name), []).append(row.path)
    return owners


def _expand(table: str, rows: Iterable[Row], outline: Outline, path: Path, pattern: Path) -> list[_Line]:
    """The lines of `rows` below the row at `path`: a fixed row, a member, or the gap after a run of members."""
    lines: list[_Line] = []
    for row in rows:
        if not row.each:
            lines += _with_nested(table, row, outline, (*path, row.id), (*pattern, row.id), outline.text(row.label))
            continue
        run: list[Path] = []
        ordinal = 0
        for member in outline.below(table, path, row):
            label = _label(row, member[-1], outline.year)
            if row.ordinals and len(member[-1]) == row.levels[0]:
                ordinal += 1
                label = f"{chinese_ordinal(ordinal)}、{label}"
            nested = _with_nested(table, row, outline, (*path, *member), (*pattern, *[row.each] * len(member)), label)
            run += [line.path for line in nested[:1] if isinstance(line, RowAt) and not row.group]
            lines += nested
        if not row.rows or (row.group and not lines):
            lines.append(_Gap(path, row.each, 1 if run else SPARE_ROWS + 1, run))
    return lines


def _with_nested(table: str, row: Row, outline: Outline, path: Path, pattern: Path, label: str) -> list[_Line]:
    nested = _expand(table, row.rows, outline, path, pattern)
    return nested if row.group else [RowAt(path, row, pattern, 0, label), *nested]


def _label(row: Row, member: str, year: int) -> str:
    return by_year.names(row.each, year).get(member, "") if row.each in CODE_LEVELS else member_name(member)
