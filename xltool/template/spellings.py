"""Other official spellings of what a template prints: those of the line itself, and those known of all formats."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from xltool.template.names import bare
from xltool.template.word_lists import spelling_groups


@cache
def spellings(printed: str, also: tuple[str, ...] = ()) -> tuple[str, ...]:
    """How else a label or heading `printed` may be spelt: as its template says (`also`), and as is known everywhere.

    A workbook is searched for the exact label first.
    """
    known = _known()
    found = dict.fromkeys([*also, *(other for text in (printed, *also) for other in known.get(bare(text), ()))])
    return tuple(text for text in found if text != printed)


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """Bare label -> every spelling of it."""
    return {bare(text): group for group in spelling_groups() for text in group}
