"""What another program would import: `books`, `batches` of files, `templates`, `codes`."""

from xltool.api.books import annotate, check, clear, facts, fill, new, read, save_facts, tables
from xltool.api.codes import codes, import_codes
from xltool.api.templates import draft, lint, templates

__all__ = [
    "annotate",
    "check",
    "clear",
    "codes",
    "draft",
    "facts",
    "fill",
    "import_codes",
    "lint",
    "new",
    "read",
    "save_facts",
    "tables",
    "templates",
]
