"""Our text in a note stands between 【xltool】 and 【完】: so it is known again, whoever the note's author is."""

import re

_BEGIN = "【xltool】"
END = "【完】"
BELOW = "\n\n"
"""Between the user's text and ours."""

_OURS = re.compile(f"(?:\r?\n){{0,2}}{_BEGIN}.*?(?:{END}|\\Z)", re.DOTALL)


def framed(text: str) -> str:
    """Our text between its two marks, which it must not contain itself."""
    return _BEGIN + text.replace(_BEGIN, "[xltool]").replace(END, "[完]") + END


def our_spans(note: str) -> list[tuple[int, int]]:
    """From where to where the text of a note is ours, with the empty line before it."""
    return [found.span() for found in _OURS.finditer(note)]


def is_only_ours(note: str) -> bool:
    """Whether we made the note, and nobody typed into it."""
    return note.startswith(_BEGIN) and not _OURS.sub("", note).strip()


def starts_as_ours(text: str) -> bool:
    """Whether a text begins as ours does below the user's."""
    return text.startswith(BELOW + _BEGIN)
