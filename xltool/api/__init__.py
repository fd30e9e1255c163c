"""What another program would import: a function for each thing that can be done with workbooks and templates."""

from xltool.api.balancing import balance
from xltool.api.blanks import new, new_for_units
from xltool.api.books import annotate, check, clear, facts, fill, read, save_facts, tables
from xltool.api.codes import codes, import_codes
from xltool.api.comparing import compare
from xltool.api.merging import merge
from xltool.api.templates import draft, lint, templates
from xltool.api.tracing import trace

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
    "merge",
    "new",
    "new_for_units",
    "read",
    "save_facts",
    "tables",
    "templates",
    "trace",
]
