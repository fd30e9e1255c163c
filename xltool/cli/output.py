"""The one place through which text reaches the user: what comes from files cannot steer a terminal."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

Step = TypeVar("Step")

_PROGRESS_FROM = 8
"""Fewer files are done before a bar is there."""

_bars: list[Progress] = []
"""The bar on the screen: what is said stands above it."""

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
    with _above_bar():
        click.echo(text.translate(_SHOWN), nl=newline)


def say_json(document: str) -> None:
    """JSON on standard output: what must not reach a terminal is escaped there already, and nothing is left out."""
    click.echo(document, nl=False)


def complain(sentence: str) -> None:
    """One sentence for the user on standard error, apart from the results."""
    flush()
    with suppress(OSError), _above_bar():  # there is nobody to tell it to; the exit code still says it
        click.echo(sentence.translate(_SHOWN), err=True)


@contextmanager
def progress(steps: Iterable[Step], total: int, what: str) -> Iterator[Iterator[Step]]:
    """The steps, of which there are `total`; as they come a bar on standard error says how far `what` is.

    There is none for a few, nor where standard error is not the screen.
    """
    if total < _PROGRESS_FROM or not _is_screen():
        yield iter(steps)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what, markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with (
        _cursor_again(console),
        Progress(
            *columns,
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        ) as bar,
    ):
        _bars.append(bar)
        try:
            yield _counted(steps, bar, total)
        finally:
            _bars.remove(bar)


@contextmanager
def _cursor_again(console: Console) -> Iterator[None]:
    """Show the cursor again after an interruption, which may have come just when the bar was to do it."""
    try:
        yield
    except KeyboardInterrupt:
        console.show_cursor(True)
        raise


def _is_screen() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _counted(steps: Iterable[Step], bar: Progress, total: int) -> Iterator[Step]:
    task = bar.add_task("", total=total)
    for step in steps:
        bar.advance(task)
        bar.refresh()
        yield step


@contextmanager
def _above_bar() -> Iterator[None]:
    """Take the bar off the screen while something is said."""
    for bar in _bars:
        bar.stop()
    yield
    for bar in _bars:
        flush()
        bar.start()


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
