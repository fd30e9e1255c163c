"""Lists of words that are data: how an indicator's name tells its direction, how a note says that a table is empty."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from xltool.template.loader import templates_folder
from xltool.template.toml_file import parse_toml


class IndicatorWords(NamedTuple):
    """Words that tell whether more or less of an indicator is better; what each list is for stands in its file."""

    higher: tuple[str, ...]
    lower: tuple[str, ...]
    events: tuple[str, ...]
    reversing: tuple[str, ...]
    neutral: tuple[str, ...]
    measures: tuple[str, ...]
    at_least: tuple[str, ...]
    at_most: tuple[str, ...]


@cache
def indicator_words() -> IndicatorWords:
    """The lists of `indicator-words.toml`."""
    data = _read("indicator-words.toml")
    return IndicatorWords(**{name: tuple(data[name]) for name in IndicatorWords._fields})


@cache
def empty_notes() -> tuple[re.Pattern[str], ...]:
    """The patterns of `note-words.toml`: a note that one of them is found in says that its table is empty."""
    return tuple(re.compile(pattern) for pattern in _read("note-words.toml")["patterns"])


def _read(file: str) -> dict[str, Any]:
    return parse_toml((templates_folder() / file).read_bytes())
