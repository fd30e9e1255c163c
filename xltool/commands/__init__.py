"""The commands: each takes the parsed arguments, calls the api, prints, and returns the exit code."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from xltool.errors import FileRefused, XltoolError, reason


def run(arguments: Namespace) -> int:
    """The exit code of the command that `arguments.run` names; 2, and one sentence, if it cannot be done."""
    module, _, name = arguments.run.partition(".")
    command: Callable[[Namespace], int] = getattr(import_module(f"xltool.commands.{module}"), name)

    def work() -> int:
        code = command(arguments)
        sys.stdout.flush()  # a full disk shows itself here
        return code

    return attempt(work)


def attempt(work: Callable[[], int], file: str = "") -> int:
    """The result of `work`; 2, and one sentence on stderr, for anything that the user can put right.

    The sentence names `file` if it does not do so itself.
    """
    try:
        return work()
    except XltoolError as error:
        complain(_naming(file, str(error)))
    except BrokenPipeError:
        raise
    except OSError as error:
        complain(_naming(file, _sentence(error)))
    return 2


def complain(sentence: str) -> None:
    """One sentence for the user, kept apart from the results."""
    sys.stdout.flush()
    print(sentence, file=sys.stderr)


def refuse_existing(target: Path, force: bool) -> None:
    """Raise FileRefused if `target` exists and the user did not say that it may be overwritten."""
    if target.exists() and not force:
        raise FileRefused(f"“{target}”已存在：请换一个文件名，或加 --force 覆盖它。")


def path_or_none(name: str | None) -> Path | None:
    """The file or folder that an option names, None if it was not given."""
    return None if name is None else Path(name)


def _naming(file: str, sentence: str) -> str:
    return sentence if file in sentence else f"{file}：{sentence}"


def _sentence(error: OSError) -> str:
    name = f"“{error.filename}”" if error.filename else "文件"
    return f"无法读写{name}：{reason(error)}。"
