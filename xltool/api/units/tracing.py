"""Where a figure of a 汇总 comes from."""

from __future__ import annotations

from xltool.api.paths import AnyPath, path, path_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xltool.merge.sheets.tracing import Trace


def trace(source: AnyPath, cell: str, *, template: str | None = None, templates: AnyPath | None = None) -> Trace:
    """Where the figure of a cell ("支出总表!E12") of a 汇总 comes from: its own cells, or those of the units.

    Nothing is needed but the 汇总; files of units are looked at only to see whether they changed. Raises FileRefused
    (no 汇总 of ours, no such cell), UnknownTemplate, TemplateError, TableNotFound.
    """
    from xltool.excel.read.sheets.source import open_workbook
    from xltool.excel.read.workbook import read
    from xltool.library import library
    from xltool.merge.sheets.tracing import trace as traced

    opened = open_workbook(path(source))
    return traced(opened, read(opened, template, library(path_or_none(templates))), cell)
