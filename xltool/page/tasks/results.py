"""What comes of a task: files and their names, all of them in one, or why there are none."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from xltool.api.failures import Failure, attempt

Task = Callable[[Any, Callable[[Any], None]], Any]
"""What a process of its own does with an order, telling its steps."""


def attempted(task: Task, folder: Path, order: Any, tell: Callable[[Any], None]) -> Any:
    """What a task gives, or why it could not be done, see `attempt`; without the folder of the job, which says nothing
    to the user."""
    done = attempt(lambda: task(order, tell))
    return Failure(without_folder(done.sentence, folder)) if isinstance(done, Failure) else done


def without_folder(sentence: str, folder: Path) -> str:
    """A sentence in which files of ours have their names alone: where they lie says nothing to the user."""
    return re.sub(rf"{re.escape(f'{folder}{os.sep}')}(?:[^\\/“”\n]*[\\/])*", "", sentence)


def unlike_names(names: Iterable[str]) -> list[str]:
    """The names, those that come again numbered: 预算.xlsx, 预算（2）.xlsx; of no two do only the cases differ."""
    taken: set[str] = set()
    found = []
    for name in names:
        path, number, one = Path(name), 1, name
        while one.lower() in taken:
            number += 1
            one = f"{path.stem}（{number}）{path.suffix}"
        taken.add(one.lower())
        found.append(one)
    return found


def zipped(files: Mapping[str, Path], target: Path) -> None:
    """Put files into one, under these names; workbooks are packed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, file in files.items():
            archive.write(file, name)
