"""Files that a task makes: their names, and all of them in one."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path


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


def zipped(files: Sequence[Path], folder: Path, target: Path) -> None:
    """Put files of a folder into one; workbooks are packed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(file, file.relative_to(folder))
