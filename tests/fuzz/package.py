"""A zip package that can be damaged: entries that say of themselves what is not true, and bytes cut off or added."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

DEFLATED, BZIP2, LZMA = 8, 12, 14
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass
class Entry:
    """One part: `method` is how it is packed; `told` has what the directory says otherwise than is true."""

    name: bytes
    content: bytes
    method: int = DEFLATED
    told: dict[str, int] = field(default_factory=dict)


@dataclass
class Package:
    """The parts in their order; `damage` is done to the bytes of the finished file."""

    entries: list[Entry]
    damage: list[Callable[[bytes], bytes]] = field(default_factory=list)

    @classmethod
    def opened(cls, content: bytes) -> Package:
        """The parts of a sound package."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return cls([Entry(info.filename.encode(), archive.read(info)) for info in archive.infolist()])

    def packed(self) -> bytes:
        """The file, with all that is untrue in it."""
        body, directory = bytearray(), bytearray()
        for entry in self.entries:
            packed = _pack(entry)
            true = {
                "flags": 0x800,
                "method": entry.method,
                "crc": zlib.crc32(entry.content),
                "packed": len(packed),
                "size": len(entry.content),
                "offset": len(body),
            }
            told = true | entry.told
            sizes = told["crc"], told["packed"], told["size"], len(entry.name)
            head = told["flags"], told["method"], 0, 33
            body += _LOCAL.pack(b"PK\3\4", 20, *head, true["crc"], true["packed"], true["size"], len(entry.name), 0)
            body += entry.name + packed
            directory += _CENTRAL.pack(b"PK\1\2", 20, 20, *head, *sizes, 0, 0, 0, 0, 0, told["offset"]) + entry.name
        count = len(self.entries)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
        content = bytes(body + directory) + end
        for damage in self.damage:
            content = damage(content)
        return content


def _pack(entry: Entry) -> bytes:
    if entry.method == DEFLATED:
        packer = zlib.compressobj(1, zlib.DEFLATED, -15)
        return packer.compress(entry.content) + packer.flush()
    if entry.method == BZIP2:
        return bz2.compress(entry.content)
    if entry.method == LZMA:
        return lzma.compress(entry.content)
    return entry.content
