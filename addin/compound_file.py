"""A compound file, [MS-CFB] version 3: storages and streams in one file, as old Office formats and VBA projects are."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Storage = Mapping[str, "bytes | Storage"]
"""The streams and storages in a storage, by name."""

_SECTOR, _MINI_SECTOR = 512, 64
_MINI_STREAM_BELOW = 4096
"""Shorter streams lie in the mini stream, in sectors of their own size."""
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NO_STREAM = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BLACK = 1
_FAT_SECTORS_OF_HEADER = 109
"""How many sectors of the FAT the header names; the seven megabytes they map are more than any add-in's sources."""


@dataclass
class _Entry:
    """A directory entry (2.6.1)."""

    name: str
    kind: int
    content: bytes = b""
    left: int = _NO_STREAM
    right: int = _NO_STREAM
    child: int = _NO_STREAM
    start: int = 0

    def __bytes__(self) -> bytes:
        name = f"{self.name}\0".encode("utf-16-le")
        links = (self.left, self.right, self.child)
        no_class, no_state, no_times = bytes(16), 0, (0, 0)
        ends = (self.start, len(self.content))
        head = (name, len(name), self.kind, _BLACK)
        return struct.pack("<64sHBB3I16sI2QIQ", *head, *links, no_class, no_state, *no_times, *ends)


_NO_ENTRY = struct.pack("<68x3I48x", _NO_STREAM, _NO_STREAM, _NO_STREAM)


class _Sectors:
    """Sectors of one size, and for each the next of its stream."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.content = bytearray()
        self.next: list[int] = []

    def add(self, content: bytes) -> int:
        """Where a new stream with this content begins."""
        if not content:
            return _END
        start = len(self.next)
        self.content += content + bytes(-len(content) % self.size)
        end = len(self.content) // self.size
        self.next += [*range(start + 1, end), _END]
        return start


def compound_file(root: Storage) -> bytes:
    """The file whose root storage holds these streams and storages."""
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add(root, entries)
    sectors, mini_sectors = _Sectors(_SECTOR), _Sectors(_MINI_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            place = mini_sectors if len(entry.content) < _MINI_STREAM_BELOW else sectors
            entry.start = place.add(entry.content)
    entries[0].content = bytes(mini_sectors.content)
    entries[0].start = sectors.add(entries[0].content)
    mini_fat = _table(mini_sectors.next)
    mini_fat_start = sectors.add(mini_fat)
    directory_start = sectors.add(b"".join(map(bytes, entries)) + _NO_ENTRY * (-len(entries) % 4))
    fat_sectors = _add_fat(sectors)
    header = struct.pack(
        "<8s16x5H6x9I",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        *(0x3E, 3, 0xFFFE, _SECTOR.bit_length() - 1, _MINI_SECTOR.bit_length() - 1),
        *(0, len(fat_sectors), directory_start, 0, _MINI_STREAM_BELOW),
        *(mini_fat_start, len(mini_fat) // _SECTOR, _END, 0),
    )
    return header + _numbers([*fat_sectors, *[_FREE] * (_FAT_SECTORS_OF_HEADER - len(fat_sectors))]) + sectors.content


def _add(storage: Storage, entries: list[_Entry]) -> int:
    """Add the entries of a storage: the number of the one that is the root of their tree."""
    numbers = []
    for name in sorted(storage, key=_order):
        inside = storage[name]
        numbers.append(len(entries))
        if isinstance(inside, bytes):
            entries.append(_Entry(name, _STREAM, inside))
        else:
            entry = _Entry(name, _STORAGE)
            entries.append(entry)
            entry.child = _add(inside, entries)
    return _tree(numbers, entries)


def _order(name: str) -> tuple[int, str]:
    """The order of entries in a storage (2.6.4): by length, then by letters regardless of case."""
    return len(name), name.upper()


def _tree(numbers: Sequence[int], entries: Sequence[_Entry]) -> int:
    """Link entries that stand in order as a tree, all black, which 2.6.4 allows: the number of its root."""
    if not numbers:
        return _NO_STREAM
    middle = len(numbers) // 2
    root = numbers[middle]
    entries[root].left = _tree(numbers[:middle], entries)
    entries[root].right = _tree(numbers[middle + 1 :], entries)
    return root


def _add_fat(sectors: _Sectors) -> list[int]:
    """Add the table of the next sectors, which maps its own sectors too: their numbers."""
    count = 1
    while len(_table([*sectors.next, *[_FAT] * count])) > count * _SECTOR:
        count += 1
    if count > _FAT_SECTORS_OF_HEADER:
        raise ValueError("too much for a compound file without DIFAT sectors")
    numbers = [*range(len(sectors.next), len(sectors.next) + count)]
    sectors.add(_table([*sectors.next, *[_FAT] * count]))
    return numbers


def _table(next_sectors: Sequence[int]) -> bytes:
    """The sectors of a FAT or mini FAT."""
    entries = _SECTOR // 4
    return _numbers([*next_sectors, *[_FREE] * (-len(next_sectors) % entries)])


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)
