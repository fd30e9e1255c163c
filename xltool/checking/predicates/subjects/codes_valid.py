"""A08: the 科目 of a workbook against the catalogue of its year; each is told once, however many tables have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from xltool.catalogue.by_year import TITLES, Catalogue, Code, CodeChange, Confidence, catalogue, parent
from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding
from xltool.checking.tell.related import MAX_RELATED
from xltool.checking.tell.words import Words, quoted
from xltool.equations.instances import is_code_row
from xltool.equations.sums import below_children
from xltool.layout.block import BlockAt
from xltool.layout.book import Book
from xltool.model import CellRef, Finding, Related, Role, Severity, Statement
from xltool.template.spec import Rule

_SHOWN = 6
"""Of more codes than these, only the first ones are spelled out."""


class _CodeRow(NamedTuple):
    """A row of a 科目: where it is, its name as printed ("" if there is none), and the sheet column to point to."""

    block: BlockAt
    line: int
    printed: str
    column: int

    @property
    def code(self) -> str:
        return self.block.rows[self.line].code

    @property
    def cell(self) -> CellRef:
        return CellRef(self.block.sheet, self.block.rows[self.line].sheet_row, max(self.column, 1))


_Rows = dict[str, list[_CodeRow]]
"""The rows of each code, in the order of the tables."""


@predicate(
    words="对每个科目，按工作簿的年度查目录：编码在这一年已改掉或还没有（错误）；"
    "名称与目录不同（警告，目录里未核实的不算）；上级科目排在下级下面（警告）；"
    "目录里没有的只作说明，因为目录不全。一个科目只说一次。",
)
def codes_valid(book: Book, _: Words, rule: Rule) -> Iterator[Finding]:
    """Codes of other years, names that are not the code's, parents below their children, codes we do not know."""
    year = catalogue(book.outline.year)
    rows = _rows(book)
    yield from _of_other_years(rule, rows, year)
    yield from _misnamed(rule, rows, year)
    yield from _below_their_children(rule, rows, year)
    yield from _unknown(rule, rows, year)


def _rows(book: Book) -> _Rows:
    """Every row of a 科目, pointing to its code, or to its name where the table has no codes."""
    found: _Rows = {}
    for block in book.layout.blocks:
        for r, row in enumerate(block.rows):
            if not is_code_row(block, r):
                continue
            column = _name_column(block, r)
            text = book.values.get(block.places[r][column])
            name = text if isinstance(text, str) else row.label
            pointed = block.code_column or block.columns[column].sheet_column
            found.setdefault(row.code, []).append(_CodeRow(block, r, name, pointed))
    return dict(sorted(found.items()))


def _name_column(block: BlockAt, row: int) -> int:
    """The index of the column that has the name of the 科目 in a row: that of names, or the row's own of the labels."""
    name, labels = block.find_column("name"), block.label_columns
    if name is not None or not labels:
        return name or 0
    return labels[min(block.depth(row), len(labels) - 1)]


def _at_name(row: _CodeRow) -> _CodeRow:
    """The row, pointing to its name."""
    return row._replace(column=row.block.columns[_name_column(row.block, row.line)].sheet_column)


def _of_other_years(rule: Rule, rows: _Rows, year: Catalogue) -> Iterator[Finding]:
    """Codes that have become others before this year, or that began later; told once for each change."""
    groups: dict[tuple[CodeChange, ...], list[_CodeRow]] = {}
    for code, own in rows.items():
        changes = year.ruled_out_by(code)
        if changes:
            groups.setdefault(changes, []).extend(own)
    for changes, group in groups.items():
        told = "；".join(map(str, changes))
        instead = [_instead(change, year) for change in changes]
        used = _list(dict.fromkeys(row.code for row in group))
        statement = Statement(
            "{what}。本工作簿是 {basis}，用了 {found}。{expected}",
            told,
            f"{used}{_elsewhere(group)}",
            "".join(instead),
            f"{year.year} 年度",
        )
        yield _told(rule, group, statement, Severity.ERROR)


def replacements(book: Book) -> dict[str, set[str]]:
    """The codes of other years that A08 tells of in a book, each with the codes whose rows it should be."""
    if not book.template.uses("codes_valid"):
        return {}
    year = catalogue(book.outline.year)
    blocks = book.layout.blocks
    codes = {row.code for block in blocks for r, row in enumerate(block.rows) if is_code_row(block, r)}
    changes = {code: year.ruled_out_by(code) for code in sorted(codes)}
    return {code: {_code_now(change, year) for change in found} for code, found in changes.items() if found}


def _code_now(change: CodeChange, year: Catalogue) -> str:
    """The code that what was changed has in this year, "" if it has none."""
    return change.becomes if year.year > change.until else change.code


def _instead(change: CodeChange, year: Catalogue) -> str:
    """Which row the amounts belong in."""
    code = _code_now(change, year)
    if not code:
        return ""
    above = parent(code, year.codes)
    inside = f"（在 {_named(year.codes[above])} 下面）" if above else ""
    below = _list(_named(child) for child in year.below(code))
    return f"请改列到{quoted(_named(year.codes[code]))}行{inside}{f'，它的下级有 {below}' if below else ''}。"


def _misnamed(rule: Rule, rows: _Rows, year: Catalogue) -> Iterator[Finding]:
    """Names that are not those of their codes, where the catalogue is sure of the name in this year."""
    for code, own in rows.items():
        known = year.codes.get(code)
        if known is None or not _is_sure(known, year):
            continue
        others = [row for row in own if row.printed not in ("", known.name)]
        wrong = [_at_name(row) for row in others if not year.is_named(code, row.printed)]
        if wrong:
            statement = Statement(
                "{what} 印作{found}，目录里是{expected}。{basis}请看是编码还是名称写错了。",
                code,
                f"{quoted(wrong[0].printed)}{_elsewhere(wrong)}",
                quoted(known.name),
                _other_code(wrong[0], year),
            )
            yield _told(rule, wrong, statement, Severity.WARNING)


def _is_sure(known: Code, year: Catalogue) -> bool:
    """A name that is not verified, or first seen in a later year, accuses nobody."""
    is_known_then = known.first_year <= year.year and not year.ruled_out_by(known.code)
    return is_known_then and known.confidence is not Confidence.UNVERIFIED


def _other_code(row: _CodeRow, year: Catalogue) -> str:
    """Whose name it is, if it is that of a code beside this one, or of one code only."""
    known = year.codes[row.code]
    same = [c for c in year.named(row.printed) if c.dimension == known.dimension]
    beside = [c for c in same if c.code[:-2] == row.code[:-2]]
    other = next((group[0] for group in (beside, same) if len(group) == 1), None)
    return f"{quoted(other.name)}的编码是 {other.code}，" if other else ""


def _below_their_children(rule: Rule, rows: _Rows, year: Catalogue) -> Iterator[Finding]:
    """Rows of 类 and 款 that stand below a 科目 that is part of them, in the same unit."""
    blocks = {row.block.index: row.block for own in rows.values() for row in own}
    children = {index: below_children(block) for index, block in blocks.items()}
    for code, own in rows.items():
        parents = [row for row in own if row.line in children[row.block.index]]
        if parents:
            first = parents[0]
            above = _list(first.block.rows[i].code for i in children[first.block.index][first.line])
            name = year.codes[code].name if code in year.codes else first.printed
            statement = Statement(
                "{what}排在下级 {basis} 的下面{found}，应排在它们的上面。",
                f"上级科目{quoted(f'{code} {name}')}",
                _elsewhere(parents),
                basis=above,
            )
            yield _told(rule, parents, statement, Severity.WARNING)


def _unknown(rule: Rule, rows: _Rows, year: Catalogue) -> Iterator[Finding]:
    """Codes that neither our catalogue, which is not complete, nor the user's own list has."""
    for code, own in rows.items():
        if code not in year.codes and not year.ruled_out_by(code):
            definition = own[0].block.rows[own[0].line].definition
            assert definition is not None
            name = f"{code} {own[0].printed}".strip()
            what = f"{TITLES[definition.each]}科目{quoted(name)}{_elsewhere(own)}"
            advice = "如确有此科目，可用 xltool codes import 加入。"
            yield _told(rule, own, Statement("目录里没有{what}，请核对。", what), Severity.REMARK, advice)


def _told(rule: Rule, rows: list[_CodeRow], statement: Statement, severity: Severity, *notes: str) -> Finding:
    """Told at the first of `rows`; the same is true of the others."""
    first = rows[0]
    key = first.block.key(first.line, _name_column(first.block, first.line))
    alike = tuple(Related(row.cell, row.printed or row.code, Role.ALIKE) for row in rows[1 : 1 + MAX_RELATED])
    return finding(rule, statement, key, first.cell, alike, severity=severity, notes=notes)


def _elsewhere(rows: list[_CodeRow]) -> str:
    """How many more cells have the same, and the first of them."""
    if len(rows) == 1:
        return ""
    return f"（还有 {len(rows) - 1} 处，如 {rows[1].cell.in_book}）"


def _named(code: Code) -> str:
    return f"{code.code} {code.name}"


def _list(texts: Iterable[str]) -> str:
    every = list(texts)
    more = f" 等 {len(every)} 个" if len(every) > _SHOWN else ""
    return "、".join(every[:_SHOWN]) + more
