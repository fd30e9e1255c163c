"""Compares two workbooks: years, versions of one budget, a unit before and after it was corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from xltool.catalogue.by_year import catalogue
from xltool.errors import FileRefused
from xltool.layout.book import Book
from xltool.layout.layout import TableAt
from xltool.merge.compare.changes import changes
from xltool.merge.compare.comparison import Comparison, Difference, Heading
from xltool.merge.compare.differences import Differences
from xltool.merge.compare.members import paired
from xltool.merge.compare.pairing import LineKey, LinePair, has_text, pairing
from xltool.merge.compare.sides import INDICATOR, ComparedSide
from xltool.merge.compare.subjects import subjects
from xltool.merge.compare.thresholds import thresholds
from xltool.merge.roster.identity import identity
from xltool.merge.roster.roster import name_key
from xltool.model import Value, member_name
from xltool.template.same_as import Partners
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Template


def compare(old: Book, new: Book, load: Callable[[str], Template], same: Sequence[tuple[str, str]] = ()) -> Comparison:
    """What changed from one workbook to another; `load` gives templates by name, `same` renamed units and projects.

    Raises FileRefused if their formats have nothing to do with each other, or `same` names what is not there.
    """
    partners = _partners(old.template, new.template, load)
    members = paired(_members(old), _members(new), {**_unit_codes(old), **_unit_codes(new)}, same)
    codes = subjects(_codes(old), catalogue(old.outline.year), _codes(new), catalogue(new.outline.year))
    sides = ComparedSide(old, False, members.names, codes), ComparedSide(new, True, {}, codes)
    found = pairing(*sides, partners)
    differences = Differences(*sides, codes)
    figures = [pair for pair in found.pairs.values() if not has_text(pair) and (pair.old.value or pair.new.value)]
    changed = [differences.of(pair) for pair in _changed(found.pairs)]
    tables = list(dict.fromkeys(block.table.name for side in sides[::-1] for block in side.book.layout.blocks))
    changed.sort(key=lambda one: tables.index(one.table))
    notes = list(_changed_notes(*sides, partners, members.names))
    return Comparison(
        old=_heading(old),
        new=_heading(new),
        figures=tuple([one for one in changed if one.is_figure]),
        texts=tuple([one for one in changed if not one.is_figure] + notes),
        rows=tuple(found.rows),
        incomparable=found.incomparable(),
        proposals=members.proposals,
        moved=tuple(dict.fromkeys(str(change) for group in codes.changes.values() for change in group)),
        renamed={one: other for (_, one), other in members.names.items() if name_key(one) != name_key(other)},
        same=len(figures) - sum(one.is_figure for one in changed),
        limits=thresholds(),
    )


def _partners(old: Template, new: Template, load: Callable[[str], Template]) -> Partners:
    """How the lines of two formats, or of one, go together: the newer says it."""
    for newer, older in ((new, old), (old, new)):
        partners = Partners(newer, older, load)
        if partners.is_related:
            return partners
    raise FileRefused(
        f"“{old.title}”和“{new.title}”是两种格式，没有写明哪张表对应哪张表，无法比较："
        f"请在模板 {new.id} 的各表里写 same_as。"
    )


def _heading(book: Book) -> Heading:
    outline = book.outline
    return Heading(book.source, outline.department, outline.year, book.template.title, outline.amount_unit)


def _names(book: Book) -> Iterator[tuple[str, str]]:
    """Dimension and name of every member in the paths of rows."""
    for block in book.layout.blocks:
        for row in block.rows:
            if row.definition is not None:
                for name, kind in zip(row.path, row.pattern, strict=True):
                    if kind in DIMENSIONS and kind != INDICATOR:
                        yield kind, name


def _members(book: Book) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for dimension, name in _names(book):
        if dimension not in CODE_LEVELS:
            found.setdefault(dimension, {})[name] = None
    return {dimension: list(names) for dimension, names in found.items()}


def _codes(book: Book) -> list[str]:
    return list(dict.fromkeys(name for dimension, name in _names(book) if dimension in CODE_LEVELS))


def _unit_codes(book: Book) -> dict[str, str]:
    """The code that a workbook of one unit notes, by the name of the row of that unit."""
    units, code = book.outline.members.get("unit", ()), identity(book).code
    return {units[0]: code} if code and len(units) == 1 else {}


def _changed(pairs: Mapping[LineKey, LinePair]) -> list[LinePair]:
    old: dict[LineKey, Value] = {key: pair.old.value for key, pair in pairs.items()}
    new: dict[LineKey, Value] = {key: pair.new.value for key, pair in pairs.items()}
    return [pairs[change.key] for change in changes(old, new)]


def _changed_notes(
    old: ComparedSide, new: ComparedSide, partners: Partners, names: Mapping[tuple[str, str], str]
) -> Iterator[Difference]:
    """The notes below tables that changed."""
    was = {_sheet(at, names): at for at in old.book.layout.tables.values()}
    now = {_sheet(at, {}): at for at in new.book.layout.tables.values()}
    lead, other = (now, was) if partners.newer.id == new.book.template.id else (was, now)
    beside = {
        key: (at, other.get((table.id, key[1])))
        for key, at in lead.items()
        if (table := partners.table(key[0])) is not None
    }
    texts = {key: tuple("\n".join(at.notes.values()) if at else "" for at in pair) for key, pair in beside.items()}
    mine, theirs = ({key: pair[i] for key, pair in texts.items()} for i in (0, 1))
    for key, before, after in changes(theirs, mine) if lead is now else changes(mine, theirs):
        at = lead[key]
        yield Difference(
            table=at.table.name,
            row=member_name(at.above[-1]) if at.above else "",
            column="注",
            kind="text",
            old=before,
            new=after,
            old_cells=(),
            new_cells=(),
            decimals=0,
            prints_same=False,
            is_total=False,
            note="",
        )


def _sheet(at: TableAt, names: Mapping[tuple[str, str], str]) -> tuple[str, tuple[str, ...]]:
    return at.table.id, tuple([names.get((at.table.each, name), name) for name in at.above])
