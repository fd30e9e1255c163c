"""Comparing: what changed between two workbooks."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.api.paths import path, path_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xltool.api.paths import AnyPath
    from xltool.merge.compare.comparison import Comparison


def compare(
    old: AnyPath,
    new: AnyPath,
    target: AnyPath | None = None,
    *,
    same: Sequence[tuple[str, str]] = (),
    templates: AnyPath | None = None,
) -> Comparison:
    """What changed from the workbook `old` to `new`; written to the workbook `target` (增减表), if there is one.

    `same` are units and projects known to have another name now: (old name, new name). Amounts of the result are in 元.
    Raises FileRefused (a workbook cannot be read, the formats have nothing to do with each other, `same` names what is
    not there, `target` cannot be written), UnknownTemplate, TemplateError, TableNotFound.
    """
    from xltool.api.books import read
    from xltool.library import library
    from xltool.merge.compare.compare import compare as compare_books
    from xltool.merge.compare.workbook import write_comparison

    load = library(path_or_none(templates)).load
    comparison = compare_books(read(old, templates=templates), read(new, templates=templates), load, same)
    if target is not None:
        write_comparison(comparison, path(target))
    return comparison
