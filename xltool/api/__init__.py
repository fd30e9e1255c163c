"""What another program would import: a function for each thing that can be done with workbooks and templates."""

from xltool.api.blanks import new, new_for_units
from xltool.api.books import (
    annotate,
    check,
    clear,
    clear_all,
    facts,
    fill,
    read,
    read_reasons,
    reasons_to_keep,
    save_facts,
    tables,
)
from xltool.api.codes import codes, import_codes
from xltool.api.templates import draft, lint, templates
from xltool.api.units.balancing import balance
from xltool.api.units.comparing import compare
from xltool.api.units.tracing import trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xltool.api.units.merging import merge

__all__ = [
    "annotate",
    "balance",
    "check",
    "clear",
    "clear_all",
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
    "read_reasons",
    "reasons_to_keep",
    "save_facts",
    "tables",
    "templates",
    "trace",
]


def __getattr__(name: str) -> object:
    """What needs more than a few modules even to be defined is imported when it is first asked for."""
    if name != "merge":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xltool.api.units.merging import merge

    return merge
