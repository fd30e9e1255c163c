"""Keeps the figures of many units on disk until it is known in which order they are added up."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from xltool.merge.adding.figures import UnitFigures, unpacked
from xltool.merge.unit_file import UnitFile


class Spooled(NamedTuple):
    """Where figures are kept: a file, and from where to where in it, for another process to read as well."""

    file: Path
    start: int
    length: int

    def figures(self) -> UnitFigures:
        """They come from our own processes."""
        with self.file.open("rb") as file:
            file.seek(self.start)
            return unpacked(file.read(self.length))


class Spool:
    """A temporary file that is gone when the context ends, however it ends."""

    def __enter__(self) -> Spool:
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "figures"
        self._file = self._path.open("wb")
        self._places: dict[str, Spooled] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._folder.cleanup()

    def keep(self, file: UnitFile) -> UnitFile:
        """The file without its figures."""
        self._places[file.sent.path] = Spooled(self._path, self._file.tell(), len(file.figures))
        self._file.write(file.figures)
        return file._replace(figures=b"")

    def place(self, file: UnitFile) -> Spooled:
        """Where the figures of a file are that was kept."""
        self._file.flush()
        return self._places[file.sent.path]

    def figures(self, file: UnitFile) -> UnitFigures:
        """Those of a file that was kept."""
        return self.place(file).figures()
