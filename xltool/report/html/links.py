"""Links from a page to the cells of a workbook."""

from __future__ import annotations

from urllib.parse import quote

from xltool.excel.write.formulas import reference
from xltool.model import CellRef


def cell_link(file: str, cell: CellRef) -> str:
    """The address of a cell of a file, whose path is relative to the page: ./预算.xlsx#'收支总表'!C6, percent-encoded.

    It begins with "./", so that no name of a file is taken for an address elsewhere.
    """
    place = quote(reference(cell), safe="!'")
    return f"./{quote(file, errors='surrogateescape')}#{place}"
