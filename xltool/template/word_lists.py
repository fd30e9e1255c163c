"""Lists of words that are data: of indicators, of notes below tables, of what is left to be filled in, spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xltool.template.loader import templates_folder
from xltool.template.names import normal
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


def is_vague(target: str) -> bool:
    """Whether a target is nothing but words of `indicator-words.toml` that nobody can measure."""
    words, only_words = _vague()
    text = normal(target)
    return bool(words.search(text) and only_words.fullmatch(text))


@cache
def _vague() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The vague words, and a text of nothing else but those, words of degree and what stands between them."""
    data = _read("indicator-words.toml")
    every = sorted({*data["vague"], *data["degrees"], *"、,;和与及且并"}, key=len, reverse=True)
    return re.compile("|".join(data["vague"])), re.compile(f"(?:{'|'.join(every)})++")


@cache
def empty_notes() -> tuple[re.Pattern[str], ...]:
    """The patterns of `note-words.toml`: a note that one of them is found in says that its table is empty."""
    return tuple(re.compile(pattern) for pattern in _read("note-words.toml")["patterns"])


@lru_cache(maxsize=4096)
def says_empty(line: str) -> bool:
    """Whether a line without "注：" says by itself that its table is empty (`note-words.toml`)."""
    text = normal(line).strip("()[]。.,，;；!")
    return any(pattern.fullmatch(text) for pattern in _empty_lines()) if text else False


@cache
def _empty_lines() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _read("note-words.toml")["lines"])


@cache
def placeholders() -> re.Pattern[str]:
    """What stands where nobody has filled in anything yet, in a normal text (`placeholder-words.toml`)."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in _read("placeholder-words.toml")["patterns"]))


@cache
def note_subjects() -> tuple[str, ...]:
    """The words of `note-words.toml` by which a note says which table it is of."""
    return tuple(_read("note-words.toml")["subjects"])


@cache
def whole_table_notes() -> re.Pattern[str]:
    """What in a note says of the very table above it that it is empty, whatever the table is (`note-words.toml`)."""
    return re.compile("|".join(_read("note-words.toml")["of_this_table"]))


@cache
def spelling_groups() -> tuple[tuple[str, ...], ...]:
    """The groups of `spellings.toml`: what is printed for one and the same thing."""
    return tuple(map(tuple, _read("spellings.toml")["groups"]))


@cache
def _read(file: str) -> Mapping[str, Any]:
    return parse_toml((templates_folder() / file).read_bytes())
