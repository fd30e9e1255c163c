"""The classification catalogues (政府收支分类科目) by year: which codes there are, their names, what became of them.

The data are in `workbook_templates/catalogues/`: `function.csv`, `economic.csv` and `government.csv` hold the codes,
`changes.csv` what became of a code from one year to the next, `aliases.csv` other ways in which public budgets print
a name. The user's own list (see `own_codes`) comes on top: its lines override those of the same code.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache, cached_property
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.catalogue.own_codes import OwnCode, dimension_of, in_force, read_own_codes
from xltool.template.loader import templates_folder
from xltool.template.names import bare, normal
from xltool.template.spec import CODE_LEVELS

GOVERNMENT = "government"
"""政府经济分类 (5…): in no table of ours, but people look it up."""

DIMENSIONS = (*CODE_LEVELS, GOVERNMENT)

TITLES = {"function": "功能", "economic": "部门经济", GOVERNMENT: "政府经济"}

NEWEST = 9999
"""A year after every change: what the codes are called now."""

_LEVELS = {3: "类", 5: "款", 7: "项"}


class Confidence(Enum):
    """Why we believe a code and its name; the value is the word used in the data."""

    ATTESTED = "attested"
    """Code and name are printed in a public budget."""
    NAME_ATTESTED = "name-attested"
    """The name is printed, the code is inferred."""
    THIRD_PARTY = "third-party-code"
    """Another public list has it."""
    UNVERIFIED = "memory-unverified"
    """Not checked: listed, but no reason to accuse anyone."""
    OWN = "own"
    """The user's own list has it."""


class Code(NamedTuple):
    """One 科目 of a classification ("function", "economic" or "government").

    `years` is when it was seen: "2023/2024", "2018+" (then and later) or "" (not told).
    """

    code: str
    name: str
    dimension: str
    years: str
    source: str
    confidence: Confidence

    @property
    def level(self) -> str:
        """ "类", "款" or "项"."""
        return _LEVELS[len(self.code)]

    @property
    def first_year(self) -> int:
        """The first year in which it was seen; nothing is known of its name before. 0 if no year is told."""
        return int(self.years[:4] or 0)


class CodeChange(NamedTuple):
    """`code` held until a year, and is `becomes` from another on; one of them is "" for a code that ended or began.

    If both are the same code, it has only got another name.
    """

    code: str
    name: str
    until: int
    becomes: str
    becomes_name: str
    start: int
    source: str

    @property
    def is_renaming(self) -> bool:
        """Whether the code stayed and its name changed."""
        return self.code == self.becomes

    @property
    def codes(self) -> tuple[str, ...]:
        """The one or two codes that it is about."""
        return tuple(filter(None, (self.code, self.becomes)))

    def __str__(self) -> str:
        if not self.becomes:
            return f"{self.code} {self.name}自 {self.until + 1} 年起不再使用"
        if not self.code:
            return f"{self.becomes} {self.becomes_name}自 {self.start} 年起才有"
        return f"{self.code} 自 {self.start} 年起改为 {self.becomes} {self.becomes_name}"


class Catalogue:
    """The codes as they stand in one year.

    `codes` has every code of every classification that any year has, in their order, with the name it has in this
    year (or had, or will have); `changes` are all changes that are known.
    """

    def __init__(self, year: int, data: _Data, own: Mapping[str, list[OwnCode]]) -> None:
        self.year = year
        self.changes = data.changes
        self._aliases = data.aliases
        codes = {code.code: code for code in data.codes}
        for change in sorted(self.changes, key=lambda change: -change.until):
            if change.is_renaming and year <= change.until:
                codes[change.code] = codes[change.code]._replace(name=change.name)
        for code, lines in own.items():
            line = in_force(lines, year) or (lines[0] if code not in codes else None)
            if line is not None:
                codes[code] = Code(code, line.name, dimension_of(code), str(line.year or ""), "", Confidence.OWN)
        self.codes: Mapping[str, Code] = dict(sorted(codes.items()))
        self._ruled_out = self._changes_of_other_years()

    def _changes_of_other_years(self) -> dict[str, tuple[CodeChange, ...]]:
        """Code -> the changes that leave it out of this year; the user's own codes are never left out."""
        found: dict[str, tuple[CodeChange, ...]] = {}
        for change in self.changes:
            if change.is_renaming:
                continue
            gone = change.code if self.year > change.until else ""
            to_come = change.becomes if self.year < change.start else ""
            for code in filter(None, (gone, to_come)):
                if self.codes[code].confidence is not Confidence.OWN:
                    found[code] = (*found.get(code, ()), change)
        return found

    def ruled_out_by(self, code: str) -> tuple[CodeChange, ...]:
        """The changes because of which `code`, or a 科目 above it, does not exist in this year; () if it does."""
        known = self.codes.get(code)
        if known is not None and known.confidence is Confidence.OWN:
            return ()
        return next((self._ruled_out[code[:n]] for n in _LEVELS if code[:n] in self._ruled_out), ())

    def successors(self, code: str) -> tuple[str, ...]:
        """The codes that this year has for a code of any year: itself, those it became (or came from), or none.

        A 科目 below one that changed keeps its last digits if the new one has such a 科目 of the same name.
        """
        found: dict[str, None] = {}
        waiting, seen = [code], set[str]()
        while waiting:
            one = waiting.pop(0)
            changes = self.ruled_out_by(one)
            if not changes and one in self.codes:
                found[one] = None
            elif one not in seen:
                seen.add(one)
                waiting += filter(None, (self._carried(one, change) for change in changes))
        return tuple(found)

    def _carried(self, code: str, change: CodeChange) -> str:
        """What a change made of `code`, "" if nothing."""
        is_over = bool(change.code) and code.startswith(change.code) and self.year > change.until
        before, after = (change.code, change.becomes) if is_over else (change.becomes, change.code)
        below = after + code[len(before) :]
        same = after and code in self.codes and below in self.codes and self.is_named(below, self.codes[code].name)
        return below if same else after

    def is_changed_by(self, change: CodeChange, code: str) -> bool:
        """Whether a change is about `code`, or a 科目 above it; the user's own list knows better."""
        return code.startswith(change.codes) and not any(
            self.codes[one].confidence is Confidence.OWN for one in (code, *change.codes)
        )

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Dimension -> code -> name, of the codes of every year."""
        found: dict[str, dict[str, str]] = {dimension: {} for dimension in DIMENSIONS}
        for code in self.codes.values():
            found[code.dimension][code.code] = code.name
        return found

    @cached_property
    def codes_by_name(self) -> Mapping[str, Mapping[tuple[str, str], str]]:
        """Dimension -> (code of the parent or "", normal name) -> code: names such as 行政运行 recur.

        A code of other years is found only by a name that no code of this year has: 信访事务 is 20140 since 2024.
        """
        return {dimension: self._by_name(known) for dimension, known in self.names.items()}

    def _by_name(self, known: Mapping[str, str]) -> dict[tuple[str, str], str]:
        now = {name for code in known if not self.ruled_out_by(code) for name in self._names_of(code)}
        found: dict[tuple[str, str], str] = {}
        for code in known:
            above, names = parent(code, known), self._names_of(code)
            if self.ruled_out_by(code) and now & set(names):
                continue
            for name in names:
                found.setdefault((above, name), code)
        return found

    def _names_of(self, code: str) -> tuple[str, ...]:
        """The normal names of a known code: the catalogue's, and others in which it is printed."""
        return (bare(self.codes[code].name), *(bare(alias) for alias in self._aliases.get(code, ())))

    def is_named(self, code: str, printed: str) -> bool:
        """Whether `printed` is the name of a known code, however it is typed (full width, blanks, 一、, the code)."""
        return bare(normal(printed).removeprefix(code)) in self._names_of(code)

    def named(self, printed: str) -> list[Code]:
        """The codes of this year that have the printed name."""
        return [c for c in self.codes.values() if self.is_named(c.code, printed) and not self.ruled_out_by(c.code)]

    def below(self, code: str) -> list[Code]:
        """The codes right below `code` in this year."""
        return [c for c in self.codes.values() if c.code[:-2] == code and not self.ruled_out_by(c.code)]

    def search(self, text: str) -> list[Code]:
        """Every code that begins with `text`, or whose name (or another way to print it) has `text` in it."""
        wanted = normal(text)
        if wanted.isdecimal():
            return [code for code in self.codes.values() if code.code.startswith(wanted)]
        return [code for code in self.codes.values() if any(wanted in name for name in self._names_of(code.code))]


class Found(NamedTuple):
    """What a search finds: codes, and the changes of these codes (and of codes that the year does not have)."""

    codes: list[Code]
    changes: list[CodeChange]


class _Data(NamedTuple):
    """What the files of one folder say."""

    codes: tuple[Code, ...]
    changes: tuple[CodeChange, ...]
    aliases: Mapping[str, tuple[str, ...]]


@cache
def catalogue(year: int) -> Catalogue:
    """The catalogue of a year with the user's own codes. Raises CodesError if the user's list is damaged."""
    return Catalogue(year, _built_in(), _own())


@cache
def built_in(year: int, folder: FilePath | None = None) -> Catalogue:
    """The catalogue of a year without the user's own codes: the one that comes with us, or the one in `folder`."""
    return Catalogue(year, _built_in() if folder is None else _read(folder), {})


def forget() -> None:
    """Read the user's list again at the next use: it has changed."""
    catalogue.cache_clear()
    _own.cache_clear()


def find(text: str, year: int | None) -> Found:
    """The codes that `Catalogue.search` finds; with a year only those that it has, else those of every year."""
    known = catalogue(year or NEWEST)
    matching = known.search(text)
    changes = [c for c in known.changes if any(known.is_changed_by(c, code.code) for code in matching)]
    return Found([code for code in matching if year is None or not known.ruled_out_by(code.code)], changes)


def names(dimension: str, year: int) -> Mapping[str, str]:
    """code -> name of a classified dimension in a year, in the order of the codes; those of other years too."""
    return catalogue(year).names[dimension]


def codes_by_name(dimension: str, year: int) -> Mapping[tuple[str, str], str]:
    """(code of the parent or "", normal name) -> code, see `Catalogue.codes_by_name`."""
    return catalogue(year).codes_by_name[dimension]


def parent(code: str, among: Mapping[str, object]) -> str:
    """The longest proper beginning of `code` that is in `among`, "" if none is."""
    for length in range(len(code) - 1, 0, -1):
        if code[:length] in among:
            return code[:length]
    return ""


@cache
def _built_in() -> _Data:
    return _read(templates_folder() / "catalogues")


@cache
def _own() -> Mapping[str, list[OwnCode]]:
    """Code -> the user's lines for it, from the earliest year to the latest."""
    found: dict[str, list[OwnCode]] = {}
    for line in sorted(read_own_codes()):
        found.setdefault(line.code, []).append(line)
    return found


def _read(folder: FilePath) -> _Data:
    codes = tuple(
        Code(line["code"], line["name"], dimension, line["years"], line["source"], Confidence(line["confidence"]))
        for dimension in DIMENSIONS
        for line in _lines(folder / f"{dimension}.csv")
    )
    changes = tuple(
        CodeChange(
            line["code"],
            line["name"],
            int(line["until"] or 0),
            line["becomes"],
            line["becomes_name"],
            int(line["from"] or NEWEST),
            line["source"],
        )
        for line in _lines(folder / "changes.csv")
    )
    aliases: dict[str, tuple[str, ...]] = {}
    for line in _lines(folder / "aliases.csv"):
        aliases[line["code"]] = (*aliases.get(line["code"], ()), line["alias"])
    return _Data(codes, changes, aliases)


def _lines(path: FilePath) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        headings = next(lines)
        for line in lines:
            yield dict(zip(headings, line, strict=True))
