"""Fixed rows whose label is spelt as nobody knows it: known by the rows above and below, if the label is much alike."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.excel.read.rows.context import Context
from xltool.excel.read.rows.fixed import fixed_rows
from xltool.layout.block import RowAt
from xltool.template.names import bare
from xltool.template.spec import DIMENSIONS

_ALIKE = 0.6
"""How much of two labels must be the same: “政府性基金预算安排” is “政府性基金预算”, “其中：补助” is not."""


def by_place(rows: Sequence[RowAt], context: Context) -> list[RowAt]:
    """The rows of a block; where it has as many unknown ones between two fixed ones as the template has others there,
    they are these, one after the other, if their labels are alike."""
    fixed = [item for item in fixed_rows(context.rows) if not set(item[1]) & set(DIMENSIONS)]
    order = {pattern: i for i, (_, pattern) in enumerate(fixed)}
    found = list(rows)
    if len(order) < len(fixed):  # told apart by their order alone
        return found
    start = len(context.at.above)
    numbers = [order.get(row.pattern[start:]) if row.definition is not None else None for row in rows]
    met = {number for number in numbers if number is not None}
    low, unknown = -1, list[int]()
    for i, (row, number) in enumerate([*zip(rows, numbers, strict=True), (None, len(fixed))]):
        if row is not None and row.definition is None:
            unknown.append(i)
        if number is None:
            continue
        missing = [k for k in range(low + 1, number) if k not in met]
        pairs = list(zip(unknown, missing, strict=False))
        if len(unknown) == len(missing) and all(_is_alike(rows[at].label, fixed[k][0].label) for at, k in pairs):
            for at, k in pairs:
                definition, pattern = fixed[k]
                new = context.new_row(context.path(pattern), definition, pattern, rows[at].sheet_row, rows[at].label)
                found[at] = new._replace(is_guessed=True)
        low, unknown = number, []
    return found


def _is_alike(printed: str, label: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, bare(printed), bare(label)).ratio() >= _ALIKE
