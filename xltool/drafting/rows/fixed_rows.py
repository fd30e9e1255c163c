"""Makes the rows of lines that every workbook of the format has."""

from __future__ import annotations

from xltool.drafting import words
from xltool.drafting.rows.lines import LabelledLine
from xltool.drafting.spec import DraftRow, Instance
from xltool.template.names import normal

DEPARTMENT_ROW = "部门"
_LONGEST_YEAR = len("2023年度")


def fixed_row(line: LabelledLine, heads: words.Heads) -> DraftRow:
    """The row of a line that is the same in every workbook."""
    label = heads.template_text(line.text)
    is_negative = bool(words.CARRIED.search(normal(line.text)))
    return DraftRow(_row_id(label, line.text), label, negative=is_negative, instances=[Instance(line.row)])


def _row_id(label: str, text: str) -> str:
    """A row of this or last year is named so, not by the year."""
    if label.startswith("{last_year}年") and len(text) <= _LONGEST_YEAR:
        return "上年"
    if label.startswith("{year}年") and len(text) <= _LONGEST_YEAR:
        return "本年"
    return words.identifier(text)


def named(rows: list[DraftRow]) -> list[DraftRow]:
    """The rows with different ids: of equal ones the second and later get a number."""
    seen: dict[str, int] = {}
    for row in [row for row in rows if row.id]:
        seen[row.id] = seen.get(row.id, 0) + 1
        if seen[row.id] > 1:
            row.id = f"{row.id}{seen[row.id]}"
    return rows
