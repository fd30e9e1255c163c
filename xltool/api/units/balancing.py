"""舍位平衡: a workbook in a coarser unit whose totals still add up."""

from __future__ import annotations

from xltool.api.paths import path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xltool.api.paths import AnyPath
    from xltool.merge.balance.balance import Balanced


def balance(
    source: AnyPath,
    target: AnyPath,
    *,
    amount_unit: str = "万元",
    decimals: int | None = None,
    within: int = 1,
    template: str | None = None,
    templates: AnyPath | None = None,
) -> Balanced:
    """Write the workbook `source` with amounts in `amount_unit` to `target`, rounded so that everything still adds up.

    Amounts get `decimals` (by default those that the template prints) and are at most `within` (1 or 2) units of the
    last digit away from their exact value; the sheet 舍位说明 of `target` lists those that are not their plain
    rounding. Raises BalanceError (the exact amounts do not add up, or no rounded ones do), FactsError (something of
    the workbook has no place in the template), FileRefused, UnknownTemplate, TemplateError, TableNotFound.
    """
    from xltool.api.books import read
    from xltool.excel.write.workbook import write
    from xltool.merge.balance.balance import balanced
    from xltool.merge.balance.converting import converted
    from xltool.merge.balance.exactness import refuse_inexact
    from xltool.merge.balance.sheet import explaining_sheet
    from xltool.merge.roster.identity import noted_again

    book = read(source, template, templates)
    refuse_inexact(book)
    result = balanced(converted(book, amount_unit, decimals), within)
    write(*result.filled, path(target), [explaining_sheet(result)], noted_again(book))
    return result
