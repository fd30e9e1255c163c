"""The one place through which text reaches the user: what comes from files cannot steer a terminal."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

import click

_UNSEEN = {
    *range(0x20),  # C0, with the escape that begins every sequence
    *range(0x7F, 0xA0),  # DEL and C1
    0x061C,
    *range(0x200E, 0x2010),
    *range(0x2028, 0x202F),  # separators of lines; embeddings and overrides of the direction of writing
    *range(0x2066, 0x206A),
    0xFEFF,
} - {ord("\t"), ord("\n")}

_SHOWN = dict.fromkeys(_UNSEEN, "\ufffd")


def say(text: str, newline: bool = True) -> None:
    """A result, on standard output."""
    click.echo(text.translate(_SHOWN), nl=newline)


def say_json(document: str) -> None:
    """JSON on standard output: what must not reach a terminal is escaped there already, and nothing is left out."""
    click.echo(document, nl=False)


def complain(sentence: str) -> None:
    """One sentence for the user on standard error, apart from the results."""
    flush()
    with suppress(OSError):  # there is nobody to tell it to; the exit code still says it
        click.echo(sentence.translate(_SHOWN), err=True)


def flush() -> None:
    """Hand on what was said; a full disk shows itself here. Raises OSError."""
    if sys.stdout is not None:
        sys.stdout.flush()


def speak_utf8() -> None:
    """Chinese comes out on every console and in every pipe; what cannot be shown becomes "?"."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def silence() -> None:
    """Whoever read our output has gone: let the interpreter flush the rest into nothing."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
