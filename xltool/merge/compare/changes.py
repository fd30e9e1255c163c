"""What is not the same in two sets of facts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from xltool.model import Value
from xltool.template.names import compact

Key = TypeVar("Key", bound=Hashable)

_NOTHING = Decimal(0)


class Change(NamedTuple, Generic[Key]):
    """One fact, as it was and as it is; None where it is blank or there is no such row."""

    key: Key
    old: Value
    new: Value

    @property
    def difference(self) -> Decimal | None:
        """By how much a figure grew, a blank one counting as 0; None for a text."""
        if isinstance(self.old, str) or isinstance(self.new, str):
            return None
        return (self.new or _NOTHING) - (self.old or _NOTHING)


def changes(old: Mapping[Key, Value], new: Mapping[Key, Value]) -> list[Change[Key]]:
    """Every fact that changed: figures, the largest difference first, then texts, in the order of `new`.

    Both have the same keys and units (FactKeys, and amounts in 元). Figures are compared exactly, a blank one is 0;
    texts are the same if they differ in blanks and full width only.
    """
    keys = dict.fromkeys((*new, *old))
    found = [Change(key, old.get(key), new.get(key)) for key in keys]
    found = [change for change in found if not _is_same(change)]
    return sorted(found, key=_size)


def _is_same(change: Change[Key]) -> bool:
    difference = change.difference
    if difference is not None:
        return not difference
    old, new = ("" if value is None else compact(value) if isinstance(value, str) else value for value in change[1:])
    return old == new


def _size(change: Change[Key]) -> tuple[bool, Decimal]:
    difference = change.difference
    return difference is None, -abs(difference or _NOTHING)
