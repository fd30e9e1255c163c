"""Says what the author of a draft must look at: what was guessed, and what was not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xltool.drafting import words
from xltool.drafting.seen.heads import units
from xltool.drafting.seen.tables import Found
from xltool.drafting.spec import DraftBlock, DraftTable, Evidence
from xltool.layout.book import Book
from xltool.model import format_path
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, DIMENSION_NAMES

NO_DEPARTMENT = "某某单位"
_ROWS_NAMED = 3
_SAME_NAMES = (
    "多是与别的行同名；请看是不是一个项目、一个单位有几行，"
    "改写成分组的行或表单（见 docs/写模板.md“六、还会遇到的样子”）。"
)


def doubts(found: list[Found], tables: list[DraftTable], heads: words.Heads) -> Iterator[str]:
    """One sentence for each thing to look at."""
    if not heads.department:
        yield f"没有认出部门名称，先写作“{NO_DEPARTMENT}”，请改 template.toml 的 department。"
    if not heads.year:
        yield "没有认出预算年度，先写作今年，请改 template.toml 的 year。"
    if not heads.amount_unit:
        yield "没有认出金额单位，先写作万元，请改 template.toml 的 amount_unit。"
    for table in found:
        if unit := other_unit(table, heads):
            yield f"{table.title}：单位是{unit}，其他表是{heads.amount_unit}，已写在这张表的 amount_unit 里。"
        if table.skipped:
            rows = "、".join(map(str, table.skipped))
            yield f"{table.title}：工作表“{table.page.sheet.name}”的第 {rows} 行没有认出，没有写进模板，请补写。"
    titles = Counter(table.title for table in tables)
    for title in (title for title, count in titles.items() if count > 1):
        yield f"有 {titles[title]} 张表都叫“{title}”，读取时分不开，请改成各自的标题。"
    for drafted in tables:
        yield from _about_sums(drafted)
        yield from (f"{drafted.id}：{text}" for block in drafted.blocks for text in _about_codes(drafted, block))


def other_unit(found: Found, heads: words.Heads) -> str:
    """The amount unit of a table if it is not that of the workbook."""
    return next((unit for unit in units(found) if unit != heads.amount_unit), "")


def _about_sums(table: DraftTable) -> Iterator[str]:
    guessed: dict[Evidence, list[str]] = {}
    unknown: list[str] = []
    for block in table.blocks:
        for column in block.amounts:
            if column.sum:
                guessed.setdefault(column.sum.evidence, []).append(f"“{format_path(column.path)}”栏")
            elif words.TOTAL.search(normal(column.path[-1])) and len(block.amounts) > 1:
                unknown.append(f"“{format_path(column.path)}”栏")
        for row, _ in block.all_rows():
            name = f"“{row.id}”行" if row.id else f"各{DIMENSION_NAMES.get(row.each, '')}行"
            if row.sum:
                guessed.setdefault(row.sum.evidence, []).append(name)
            elif not row.each and words.TOTAL.search(normal(row.label)):
                unknown.append(name)
    for evidence, names in guessed.items():
        if evidence.value:
            yield f"{table.id}：{'、'.join(names)}的相加办法{evidence.value}。"
    if unknown:
        yield f"{table.id}：{'、'.join(unknown)}像是合计，没有认出怎样相加，请补写 sum。"


def _about_codes(table: DraftTable, block: DraftBlock) -> Iterator[str]:
    """A column of codes none of which is a 科目 that templates know."""
    column = block.column("code")
    if column is None or any(row.instances for row, _ in block.all_rows() if row.each in CODE_LEVELS):
        return
    texts = [normal(table.page.text(row, column.at)) for row in range(1, table.page.sheet.height + 1)]
    strange = [text for text in texts if text.isdecimal() and len(text) >= min(CODE_LEVELS["function"])]
    if strange:
        yield f"编码 {'、'.join(strange[:3])} 不是功能科目（2 开头）或部门经济科目（3 开头），各行写成了固定行。"


def lost_rows(book: Book) -> Iterator[str]:
    """Of each table the rows of the workbook that its draft does not read again, mostly because others have their name:
    what tells them apart stands in other columns."""
    lost: dict[str, list[int]] = {}
    for block in book.layout.blocks:
        numbers = [row.sheet_row for row in block.rows if row.definition is None]
        lost.setdefault(block.table.id, []).extend(numbers)
    for table, rows in lost.items():
        if rows:
            first = "、".join(map(str, rows[:_ROWS_NAMED]))
            several = f"等 {len(rows)} 行" if len(rows) > _ROWS_NAMED else ""
            yield f"{table}：第 {first} 行{several}照起草的写法读不出来，{_SAME_NAMES}"
