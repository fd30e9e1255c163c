"""Keeps the figures of many units on disk until it is known in which order they are added up."""

from __future__ import annotations

import tempfile

from xltool.merge.adding.figures import UnitFigures, unpacked
from xltool.merge.unit_file import UnitFile


class Spool:
    """A temporary file that is gone when the context ends, however it ends."""

    def __enter__(self) -> Spool:
        self._file = tempfile.TemporaryFile()
        self._places: dict[str, tuple[int, int]] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, file: UnitFile) -> UnitFile:
        """The file without its figures."""
        self._places[file.sent.path] = (self._file.tell(), len(file.figures))
        self._file.write(file.figures)
        return file._replace(figures=b"")

    def figures(self, file: UnitFile) -> UnitFigures:
        """Those of a file that was kept; they come from our own processes."""
        start, length = self._places[file.sent.path]
        self._file.seek(start)
        return unpacked(self._file.read(length))
