"""Tells what reading brought to light: tables, columns and rows that are missing or unknown, cells that say nothing."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import groupby

from xltool.checking.concealed_findings import concealed_findings
from xltool.checking.extra_rows import extra_row_findings
from xltool.checking.formula_findings import is_linked
from xltool.checking.problems import (
    COLUMN_MISSING,
    LEFT_OUT,
    MIXED_UNIT,
    NOT_CALCULATED,
    RENAMED,
    RIVAL,
    ROUNDED,
    STRAY,
    TABLE_MISSING,
    UNCOUNTED_CODE,
    UNREADABLE,
    problem,
)
from xltool.checking.shift.shifted import shifts_read
from xltool.checking.tell.related import MAX_RELATED
from xltool.checking.tell.words import Words, quoted
from xltool.checking.unknown_rows import unknown_row_findings
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.layout.seen import OddCode
from xltool.model import CellRef, FactKey, Finding, Related, Role, Severity, Statement, format_path, member_name
from xltool.template.names import normal, visible
from xltool.template.spec import FIGURES, YUAN


def reading_findings(book: Book, moved: Container[Place]) -> Iterator[Finding]:
    """What is wrong with the tables, rows and cells of a book as it was read.

    Nothing is said of what cannot be read in the places that were `moved`: it stands there by mistake.
    """
    words = Words(book.layout, book.values)
    yield from _missing_tables(book.layout)
    yield from _rivals(book)
    yield from _left_out(book)
    yield from _stray(book)
    yield from concealed_findings(book, words)
    yield from _missing_columns(book.layout)
    yield from _uncounted_codes(book)
    yield from _mixed_units(book)
    yield from _rounded(book)
    yield from _unreadable(book, words, moved)
    yield from _not_calculated(book)
    yield from unknown_row_findings(book, words)
    yield from _renamed(book.layout)
    yield from extra_row_findings(book, words)
    yield from shifts_read(book, words)


def _missing_tables(layout: Layout) -> Iterator[Finding]:
    """A form repeated for each project is missing only where there are projects."""
    has_projects = any(row.pattern[-1] == "project" for block in layout.blocks for row in block.rows)
    for table in layout.template.tables.values():
        if not layout.blocks_of(table.id) and (has_projects or not table.each):
            statement = Statement("工作簿里没有找到{what}。", quoted(table.name))
            yield problem(TABLE_MISSING, statement, FactKey(table.id, (), ()))


def _rivals(book: Book) -> Iterator[Finding]:
    own = f"{quoted(book.template.title)}（{book.template.id}）"
    for name, title, is_equal in book.seen.rivals:
        how = "栏目和行也同样相符，不能确定是哪一套" if is_equal else "栏目和行不如检查所用的相符"
        statement = Statement(
            "模板{found}的表也都有，{basis}；检查用的是{expected}。", "", f"{quoted(title)}（{name}）", own, how
        )
        yield problem(RIVAL, statement)


def _left_out(book: Book) -> Iterator[Finding]:
    for table, original, title, is_hidden in book.seen.left_out:
        what = f"工作表{quoted(title.sheet)}{'（已隐藏）' if is_hidden else ''}"
        says = "{what}也是{basis}，没有读；读的是工作表{expected}。"
        name = book.template.tables[table].name
        statement = Statement(says, what, expected=quoted(original), basis=quoted(name))
        yield problem(LEFT_OUT, statement, FactKey(table, (), ()), title)


def _stray(book: Book) -> Iterator[Finding]:
    """One for a sheet, at its first such cell."""
    for sheet, cells in groupby(book.seen.stray, key=lambda cell: cell.sheet):
        first, *more = cells
        what = f"工作表{quoted(sheet)}的单元格 {first.a1}{f'等 {len(more) + 1} 格' if more else ''}"
        yield problem(STRAY, Statement("{what}离表格太远，没有读。", what), cell=first)


def _missing_columns(layout: Layout) -> Iterator[Finding]:
    for block in layout.blocks:
        for column in block.columns:
            if column.definition.kind in FIGURES and not column.sheet_column:
                key = FactKey(block.table.id, (), column.definition.path)
                cell = CellRef(block.sheet, max(block.heading_row, 1), 1)
                lacking = f"{quoted(format_path(column.definition.path))}栏"
                statement = Statement("{what}缺少{expected}。", f"表{quoted(block.table.name)}", expected=lacking)
                yield problem(COLUMN_MISSING, statement, key, cell)


def _uncounted_codes(book: Book) -> Iterator[Finding]:
    """Only our own totals count by codes."""
    alike_in: dict[tuple[int, str], list[OddCode]] = {}
    for one in book.seen.odd_codes if book.is_ours else []:
        alike_in.setdefault((one.block, _fault(book, one)), []).append(one)
    for (at, fault), (first, *others) in alike_in.items():
        block = book.layout.blocks[at]
        row = block.rows[first.row]
        more = f"等 {len(others) + 1} 个" if others else ""
        what = f"表{quoted(block.table.name)}第 {row.sheet_row} 行：编码 {row.code} {more}"
        statement = Statement("{what}{found}，合计公式数不到它。", what, fault)
        alike = tuple(Related(one.cell, one.typed, Role.ALIKE) for one in others[:MAX_RELATED])
        yield problem(UNCOUNTED_CODE, statement, block.key(first.row, 0), first.cell, alike)


def _fault(book: Book, odd: OddCode) -> str:
    typed = odd.typed
    if typed is None:
        return "是数字而不是文本"
    if normal(typed) != book.layout.blocks[odd.block].rows[odd.row].code:
        return "的格里还有别的字"
    return "带有空格或全角数字" if visible(typed) == typed else "里有看不见的字符"


def _mixed_units(book: Book) -> Iterator[Finding]:
    """Tables whose printed unit is not the one they should have; it is an error where their figures are not in it."""
    for name, cell, printed in book.seen.printed_units:
        at = book.layout.tables[name]
        read = book.layout.amount_unit(at.blocks[0].index)
        usual = at.table.amount_unit or book.outline.amount_unit
        whose = "本表应是" if at.table.amount_unit else "本工作簿的单位是" if book.is_ours else "其他表是"
        key, what = FactKey(at.table.id, (), ()), f"表{quoted(at.table.name)}的单位行"
        if printed not in YUAN:
            says = "{what}写的是{found}，只能是{basis}，检查按{expected}进行。"
            statement = Statement(says, what, printed, usual, "或".join(YUAN))
            yield problem(MIXED_UNIT, statement, key, cell)._replace(severity=Severity.ERROR)
        elif read == printed:
            statement = Statement("{what}写的是{found}，{basis}，比较时已折算。", what, printed, basis=whose + usual)
            yield problem(MIXED_UNIT, statement, key, cell)
        else:
            says = "{what}写的是{found}，而{basis}，检查仍按{expected}进行。"
            statement = Statement(says, what, printed, usual, whose + usual)
            yield problem(MIXED_UNIT, statement, key, cell)._replace(severity=Severity.ERROR)


def _rounded(book: Book) -> Iterator[Finding]:
    """The tables whose amounts are taken for rounded ones because of how they are printed, and of their sums."""
    blocks = [book.layout.blocks[index] for index in book.seen.coarser]
    if not blocks:
        return
    first = blocks[0]
    place = next(place for place in first.figures(("amount",)) if place[::2] in book.layout.printed)
    shown = len(f"{book.layout.printed[place[::2]]:f}".partition(".")[2])
    tables = list(dict.fromkeys(block.table.name for block in blocks))
    statement = Statement(
        "{what}的金额{found}，{basis}：看来是四舍五入的，按此判断尾差。",
        f"表{quoted(tables[0])}{f'等 {len(tables)} 张表' if len(tables) > 1 else ''}",
        f"都印 {shown} 位小数" if shown else "都是整数",
        basis=f"而模板是 {book.layout.decimals(place)} 位小数，有 {book.seen.sums_off} 个合计相差不多",
    )
    key = FactKey(first.table.id, first.above, ())
    yield problem(ROUNDED, statement, key, CellRef(first.sheet, max(first.heading_row, 1), 1))


def _unreadable(book: Book, words: Words, moved: Container[Place]) -> Iterator[Finding]:
    for place, cell in book.seen.unreadable.items():
        if place not in moved:
            statement = Statement("{what}{found}。", words.place(place, place), cell.why)
            yield problem(UNREADABLE, statement, book.layout.key(place), book.layout.cell(place))


def _not_calculated(book: Book) -> Iterator[Finding]:
    for place in book.seen.without_result:
        if is_linked(book.formulas[place]):
            continue  # told by itself
        statement = Statement("公式{what}没有结果。", f"“={book.formulas[place]}”")
        yield problem(NOT_CALCULATED, statement, book.layout.key(place), book.layout.cell(place))


def _renamed(layout: Layout) -> Iterator[Finding]:
    """Tables, columns and rows that were known though their title, heading or label is not the template's."""
    says = "{what}写的是{found}，按位置认作{expected}。"
    for table in layout.tables.values():
        if not table.title_row:
            what, title = f"工作表{quoted(table.sheet)}", quoted(table.table.name or table.table.id)
            statement = Statement("{what}没有标题{expected}，按名称、栏目或次序认出。", what, expected=title)
            yield problem(RENAMED, statement, FactKey(table.table.id, (), ()), CellRef(table.sheet, 1, 1))
    for block in layout.blocks:
        of = f"表{quoted(block.table.name)}"
        for column in block.columns:
            if column.guessed:
                named, printed = quoted(column.definition.id), quoted(column.guessed)
                statement = Statement(says, f"{of}的标题", printed, named)
                cell = CellRef(block.sheet, max(block.heading_row, 1), column.sheet_column)
                yield problem(RENAMED, statement, FactKey(block.table.id, (), column.definition.path), cell)
        for r, row in enumerate(block.rows):
            if row.is_guessed and row.definition is not None:
                named = quoted(layout.outline.text(row.definition.label) or member_name(row.path[-1]))
                printed = quoted(row.label.strip())
                how = says if row.label.strip() else "{what}没有名称，按位置认作{expected}。"
                statement = Statement(how, f"{of}第 {row.sheet_row} 行", printed, named)
                at = block.label_columns[-1] if block.label_columns else 0
                yield problem(RENAMED, statement, block.key(r, 0), block.cell(r, at))
