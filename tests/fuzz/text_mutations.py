"""What can be wrong with a list or a definition that is plain text: lines, fields, quotes, encodings, lengths."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.fuzz.nasty import FORMULAS, NUMBERS, REFERENCES, TEXTS

_FIELD = re.compile(r"[^,\n\t=\[\]{}]+")
_MARK = re.compile(r"[,\"'=\[\]{}\n\t#]")


def drop_line(text: str, chance: Random) -> str:
    return _with_lines(text, chance, lambda lines, at: lines[:at] + lines[at + 1 :])


def double_line(text: str, chance: Random) -> str:
    return _with_lines(text, chance, lambda lines, at: lines[: at + 1] + lines[at:])


def swap_lines(text: str, chance: Random) -> str:
    return _with_lines(text, chance, lambda lines, at: lines[at:] + lines[:at])


def repeat_line(text: str, chance: Random) -> str:
    return _with_lines(text, chance, lambda lines, at: lines[:at] + lines[at : at + 1] * 20_000 + lines[at:])


def change_field(text: str, chance: Random) -> str:
    return _replace(text, chance, _FIELD, chance.choice(NUMBERS + REFERENCES + TEXTS + FORMULAS))


def change_mark(text: str, chance: Random) -> str:
    return _replace(text, chance, _MARK, chance.choice((*',"=\n\t;#[]{}\0\r', "", '"""', "\x1b")))


def insert_text(text: str, chance: Random) -> str:
    at = chance.randrange(len(text) + 1)
    return (
        text[:at] + chance.choice((*TEXTS, "\0", "\x1b[2J", "[" * 2000, "{a=" * 500, '"' * 3, "a." * 2000)) + text[at:]
    )


def cut_off(text: str, chance: Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _as_bytes(mutation: Callable[[str, Random], str]) -> Callable[[bytes, Random], bytes]:
    def mutate(content: bytes, chance: Random) -> bytes:
        text = content.decode("utf-8", "surrogateescape")
        return mutation(text, chance).encode("utf-8", "surrogateescape")

    mutate.__name__ = mutation.__name__
    return mutate


def write_in_another_encoding(content: bytes, chance: Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-8-sig", "gb18030", "utf-16-be", "utf-7", "big5"))
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def break_bytes(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice((b"\xff", b"\xed\xa0\x80", b"\0", b"\xc0\xaf", b"\xf5")) + content[at + 1 :]


_TO_TEXT = (
    drop_line,
    double_line,
    swap_lines,
    repeat_line,
    change_field,
    change_field,
    change_field,
    change_mark,
    insert_text,
    cut_off,
)
TEXT_MUTATIONS = (*map(_as_bytes, _TO_TEXT), write_in_another_encoding, break_bytes)


def _with_lines(text: str, chance: Random, change: Callable[[list[str], int], list[str]]) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(change(lines, chance.randrange(len(lines) + 1)))


def _replace(text: str, chance: Random, pattern: re.Pattern[str], by: str) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + by + text[one.end() :]
