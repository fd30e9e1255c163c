"""Plans a new workbook: from a template and an outline to where every row and column goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xltool.layout.layout import BlockAt, ColumnAt, Layout, RowAt, TableAt
from xltool.layout.outline import Outline
from xltool.model import Path
from xltool.template import catalogue
from xltool.template.spec import CODE_LEVELS, Block, Row, Table, Template

SPARE_ROWS = 3
"""Blank rows for the first members of a run of rows that a new workbook leaves empty."""

FIELDS_PER_LINE = 2

_ORDINALS = "一二三四五六七八九十"


def plan(template: Template, outline: Outline) -> Layout:
    """The layout of the workbook that `xltool new` or `fill` writes."""
    tables: dict[str, TableAt] = {}
    index = 0
    for table in template.tables.values():
        tables[table.id] = _plan_table(table, outline, index)
        index += len(table.blocks)
    return Layout(template, outline, tables)


def heading_depth(block: Block) -> int:
    """How many heading rows a block has; a form has none."""
    return 0 if block.is_form else max(len(column.path) for column in block.columns)


def chinese_ordinal(number: int) -> str:
    """1 -> "一", 11 -> "十一", 31 -> "三十一"; up to 99."""
    tens, ones = divmod(number, 10)
    text = (_ORDINALS[tens - 1] if tens > 1 else "") + ("十" if tens else "")
    return text + (_ORDINALS[ones - 1] if ones else "")


def _plan_table(table: Table, outline: Outline, first_index: int) -> TableAt:
    title_row = 2 if table.number else 1
    line = title_row + 1 + bool(table.header)
    blocks = [_plan_columns(table, block, first_index + i) for i, block in enumerate(table.blocks)]
    width = 0
    for band in _bands(blocks):
        side = any(block.block.side for block in band)
        width = max(width, _place_columns(band, 1 + side))
        line = _plan_band(band, outline, line, table.numbered_columns)
    for block in blocks:
        if _needs_helper(block.block):
            block.helper_column = width + 2
    notes = {line + i: outline.text(text) for i, text in enumerate(table.notes)}
    return TableAt(table, table.sheet or table.id, blocks, title_row, line - 1, width, notes)


def _plan_columns(table: Table, block: Block, index: int) -> BlockAt:
    return BlockAt(table, block, index, table.sheet or table.id, [], [ColumnAt(column, 0) for column in block.columns])


def _bands(blocks: list[BlockAt]) -> list[list[BlockAt]]:
    """Blocks that share their lines, top to bottom."""
    bands: list[list[BlockAt]] = []
    for block in blocks:
        if block.block.place == "right" and bands:
            bands[-1].append(block)
        else:
            bands.append([block])
    return bands


def _place_columns(band: list[BlockAt], column: int) -> int:
    for block in band:
        if block.block.is_form:
            column = 1
        for at in block.columns:
            at.sheet_column = column
            column += at.definition.span
    return column - 1


def _needs_helper(block: Block) -> bool:
    """Whether codes need a column beside the table because the format prints names only."""
    return not any(column.kind == "code" for column in block.columns) and _has_codes(block.rows)


def _has_codes(rows: tuple[Row, ...]) -> bool:
    return any(row.each in CODE_LEVELS or _has_codes(row.rows) for row in rows)


@dataclass(slots=True)
class _Gap:
    """Sheet rows kept free at the end of the run of members of one dimension below the row at `above`."""

    above: Path
    dimension: str
    height: int
    run: list[RowAt]


_Line = RowAt | _Gap


def _plan_band(band: list[BlockAt], outline: Outline, line: int, numbered: bool) -> int:
    """Give the rows of blocks side by side their sheet rows from `line` on; returns the sheet row after them."""
    if band[0].block.is_form:
        return _plan_form(band[0], outline, line)
    first = line + max(heading_depth(block.block) for block in band) + numbered
    feet: list[list[RowAt]] = []
    foot_line = first
    for block in band:
        block.heading_row = line
        body = _expand(block.table.id, [row for row in block.block.rows if not row.footer], outline, (), ())
        body += _unknown_rows(block, outline)
        foot = _expand(block.table.id, [row for row in block.block.rows if row.footer], outline, (), ())
        feet.append([row for row in foot if isinstance(row, RowAt)])
        foot_line = max(foot_line, _place_body(block, body, first))
    height = max(len(foot) for foot in feet)
    for block, foot_rows in zip(band, feet, strict=True):
        for i, row in enumerate(foot_rows):
            row.sheet_row = foot_line + (height - 1 if i == len(foot_rows) - 1 else i)
        block.rows += foot_rows
    return foot_line + height


def _plan_form(block: BlockAt, outline: Outline, line: int) -> int:
    """A form's fields, two on a line unless they are wide."""
    span = block.columns[-1].definition.span
    per_line = FIELDS_PER_LINE if span == 1 else 1
    for i, row in enumerate(block.block.rows):
        shift = (i % per_line) * (1 + span)
        block.rows.append(RowAt((row.id,), row, (row.id,), line + i // per_line, outline.text(row.label), shift))
    block.body_end = line + (len(block.rows) - 1) // per_line
    return block.body_end + 1


def _unknown_rows(block: BlockAt, outline: Outline) -> list[_Line]:
    """Rows that the template does not have but the facts do: kept, so that nothing is lost and the check can tell."""
    index = next(i for i, other in enumerate(block.table.blocks) if other is block.block)
    return [RowAt(path, None, path, 0, path[-1]) for path in outline.extra.get((block.table.id, index), ())]


def _place_body(block: BlockAt, body: list[_Line], line: int) -> int:
    """Sheet rows from `line` on; rows of a run, and rows that add it up, learn where it ends."""
    owners = _sums_of_runs(body)
    for item in body:
        if isinstance(item, RowAt):
            item.sheet_row = line
            block.rows.append(item)
            line += 1
        else:
            block.blank_rows += range(line, line + item.height)
            line += item.height
            for row in [*item.run, *owners.get((item.above, item.dimension), [])]:
                row.section_end = line - 1
    block.body_end = line - 1
    return line


def _sums_of_runs(body: list[_Line]) -> dict[tuple[Path, str], list[RowAt]]:
    """(row above a run, dimension) -> the rows that add that run up: that row, or one beside the run."""
    owners: dict[tuple[Path, str], list[RowAt]] = {}
    for row in body:
        if isinstance(row, RowAt) and row.definition is not None:
            nested = {below.each for below in row.definition.rows}
            for part in row.definition.sum:
                name = part.path[0]
                owners.setdefault((row.path if name in nested else row.path[:-1], name), []).append(row)
    return owners


def _expand(table: str, rows: Iterable[Row], outline: Outline, path: Path, pattern: Path) -> list[_Line]:
    """The lines of `rows` below the row at `path`: a fixed row, a member, or the gap after a run of members."""
    lines: list[_Line] = []
    for row in rows:
        if not row.each:
            lines += _with_nested(table, row, outline, (*path, row.id), (*pattern, row.id), outline.text(row.label))
            continue
        run: list[RowAt] = []
        ordinal = 0
        for member in outline.below(table, path, row):
            label = _label(row, member[-1])
            if row.ordinals and len(member[-1]) == row.levels[0]:
                ordinal += 1
                label = f"{chinese_ordinal(ordinal)}、{label}"
            nested = _with_nested(table, row, outline, (*path, *member), (*pattern, *[row.each] * len(member)), label)
            run.append(_row_of(nested[0]))
            lines += nested
        if not row.rows:
            lines.append(_Gap(path, row.each, 1 if run else SPARE_ROWS + 1, run))
    return lines


def _with_nested(table: str, row: Row, outline: Outline, path: Path, pattern: Path, label: str) -> list[_Line]:
    nested = _expand(table, row.rows, outline, path, pattern)
    return [RowAt(path, row, pattern, 0, label), *nested]


def _row_of(line: _Line) -> RowAt:
    assert isinstance(line, RowAt)
    return line


def _label(row: Row, member: str) -> str:
    return catalogue.names(row.each).get(member, "") if row.each in CODE_LEVELS else member
