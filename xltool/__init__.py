"""Generates, reads, checks and marks Chinese government budget workbooks."""

__version__ = "0.4.0"

from xltool.api import (
    annotate,
    balance,
    check,
    clear,
    codes,
    compare,
    draft,
    facts,
    fill,
    import_codes,
    lint,
    new,
    new_for_units,
    read,
    save_facts,
    tables,
    templates,
    trace,
)

__all__ = [
    "annotate",
    "balance",
    "check",
    "clear",
    "codes",
    "compare",
    "draft",
    "facts",
    "fill",
    "import_codes",
    "lint",
    "new",
    "new_for_units",
    "read",
    "save_facts",
    "tables",
    "templates",
    "trace",
]
