"""Reads the lines of a block: what each is labelled, and which 科目 it is, by its code or by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xltool.catalogue.by_year import NEWEST, Catalogue, catalogue
from xltool.drafting import words
from xltool.drafting.seen.page import Page
from xltool.drafting.seen.tables import Grid
from xltool.drafting.seen.tops import is_printed_again
from xltool.drafting.spec import DraftBlock
from xltool.source.cells import join_code
from xltool.template.binding import is_code
from xltool.template.names import bare, normal
from xltool.template.spec import CODE_LEVELS

_FEWEST_NAMES = 3
"""So many lines named like 科目 are no coincidence."""


class LabelledLine(NamedTuple):
    """One labelled line of a block; `code` is "" for a line that is no 科目.

    Where labels stand in two columns, `is_inner` says that `text` stands in the second, and `outer` is what stands in
    the first beside it (merged down, or printed again).
    """

    row: int
    text: str
    code: str = ""
    is_inner: bool = False
    outer: str = ""


class Lines(NamedTuple):
    """The lines of a block and the classified dimension of its codes, "" if it has none."""

    lines: list[LabelledLine]
    dimension: str


def lines_of(page: Page, grid: Grid, block: DraftBlock, title: str, heads: words.Heads) -> Lines:
    """The labelled lines of a block, from the top down."""
    known = catalogue(heads.year or NEWEST)
    code, helper = block.column("code"), grid.helper
    if len(block.labels) > 1:
        return Lines(_lines_of_two(page, grid, block), "")
    if code is not None:
        lines = _coded_lines(page, grid, block, code.at_code or (code.at,))
        return Lines(lines, _dimension(lines) or _dimension_of_words(title, code.headings))
    plain = [LabelledLine(row, text) for row in _body(page, grid, block) if (text := _label(page, block, row))]
    if helper:
        coded = [line._replace(code=_code(page.text(line.row, helper))) for line in plain]
        if _names_fit(coded, known):
            return Lines(coded, _dimension(coded))
    for dimension in CODE_LEVELS:
        named = _named_lines(plain, known.codes_by_name[dimension])
        codes = [line.code for line in named if line.code]
        if len(codes) >= _FEWEST_NAMES and any(len(text) > CODE_LEVELS[dimension][0] for text in codes):
            return Lines(named, dimension)
    return Lines(plain, "")


def class_codes(lines: list[LabelledLine], heads: words.Heads) -> dict[int, str]:
    """Row -> the code of the 类 that a fixed line is named like, where several lines are (the thirty of 收支总表), or
    where “……” follows."""
    known = catalogue(heads.year or NEWEST).codes_by_name["function"]
    names = {name: code for (above, name), code in known.items() if not above}
    found = {line.row: names[bare(line.text)] for line in lines if bare(line.text) in names}
    fewest = 1 if any(words.is_filler(line.text) for line in lines) else _FEWEST_NAMES
    return found if len(found) >= fewest and len(set(found.values())) == len(found) else {}


def _body(page: Page, grid: Grid, block: DraftBlock) -> list[int]:
    """The rows below the headings, without title and headings that are printed again at the top of a page."""
    leaves = {normal(leaf.path[-1]) for leaf in grid.leaves}
    rows = []
    for row in range(grid.first, grid.last + 1):
        if _is_without_figures(page, block, row):
            continue
        texts = {page.rect(row, column.at): normal(page.text(row, column.at)) for column in block.columns}
        filled = [text for text in texts.values() if text]
        is_heading = len(filled) > 1 and set(filled) <= leaves
        if not is_heading and "栏次" not in filled and not is_printed_again(page, row, grid.first):
            rows.append(row)
    return rows


def _is_without_figures(page: Page, block: DraftBlock, row: int) -> bool:
    """Whether a label is merged over all of a block's amounts: it is that of a block further right."""
    covered = [page.rect(row, column.at).left for column in block.amounts]
    return bool(covered) and all(left < column.at for left, column in zip(covered, block.amounts, strict=True))


def _lines_of_two(page: Page, grid: Grid, block: DraftBlock) -> list[LabelledLine]:
    """The lines of a block with labels in two columns."""
    first, *_, last = (column.at for column in block.labels)
    lines = []
    for row in _body(page, grid, block):
        is_one_cell = page.rect(row, first) == page.rect(row, last)
        outer, own = page.text(row, first), "" if is_one_cell else page.sheet.label(row, last)
        if outer or own:
            lines.append(LabelledLine(row, own or outer, is_inner=bool(own), outer=outer if own else ""))
    return lines


def _label(page: Page, block: DraftBlock, row: int) -> str:
    """The line's own label: in the label column, else in that of names; a total may stand anywhere left of them."""
    named = [column for kind in ("label", "name") if (column := block.column(kind))]
    for column in named:
        if text := page.sheet.label(row, column.at):
            return text
    last = max((column.at for column in named), default=0)
    beside = (page.sheet.label(row, column.at) for column in block.columns if column.at < last)
    return next((text for text in beside if words.TOTAL.search(normal(text))), "")


def _coded_lines(page: Page, grid: Grid, block: DraftBlock, columns: tuple[int, ...]) -> list[LabelledLine]:
    lines: list[LabelledLine] = []
    before = ""
    name = block.column("name") or block.column("label")
    for row in _body(page, grid, block):
        parts = [normal(page.text(row, column)) for column in columns]
        code = _code(join_code(parts, before) if len(columns) > 1 else parts[0])
        text = page.text(row, name.at) if code and name else _label(page, block, row)
        before = code or before
        if code or text:
            lines.append(LabelledLine(row, text, code))
    return lines


def _code(text: str) -> str:
    return text if any(is_code(dimension, text) for dimension in CODE_LEVELS) else ""


def _dimension(lines: list[LabelledLine]) -> str:
    """That of the first code."""
    code = next((line.code for line in lines if line.code), "")
    return next((dimension for dimension in CODE_LEVELS if code and is_code(dimension, code)), "")


def _dimension_of_words(title: str, headings: tuple[str, ...]) -> str:
    return "economic" if any("经济" in text for text in (title, *headings)) else "function"


def _names_fit(lines: list[LabelledLine], known: Catalogue) -> bool:
    """Whether the codes beside the table are those of this block's lines: most names are the catalogue's."""
    coded = [line for line in lines if line.code]
    fitting = [line for line in coded if line.code in known.codes and known.is_named(line.code, line.text)]
    return 2 * len(fitting) > len(coded)


def _named_lines(lines: list[LabelledLine], known: Mapping[tuple[str, str], str]) -> list[LabelledLine]:
    """The lines with the code of the 科目 they are named like: the nearest that the catalogue has below those above."""
    named = []
    code = ""
    for line in lines:
        parents = [code[:length] for length in range(len(code), 0, -1)]
        found = next((known[up, bare(line.text)] for up in (*parents, "") if (up, bare(line.text)) in known), "")
        code = found or code
        named.append(line._replace(code=found))
    return named


def is_total(line: LabelledLine) -> bool:
    """Whether a line is labelled like a total."""
    return bool(words.TOTAL.search(normal(line.text)))
