"""The rules that are no equations: one file each, in rooms by what they are about; beside the rooms what they share.

A file is imported when its rule is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path

from xltool.checking.predicates.predicate import Predicate


class _Predicates(Mapping[str, Predicate]):
    """Every predicate, by the name that rules use: the name of its file."""

    def __getitem__(self, name: str) -> Predicate:
        found = getattr(import_module(self._modules[name]), name)
        assert isinstance(found, Predicate), name
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    @cached_property
    def _modules(self) -> Mapping[str, str]:
        """The module of each predicate; `__path__` leads to the rooms."""
        files = sorted(file for path in __path__ for file in Path(path).glob("*/[!_]*.py"))
        return {file.stem: f"{__name__}.{file.parent.name}.{file.stem}" for file in files}


PREDICATES = _Predicates()
