"""The compression of VBA sources, [MS-OVBA] 2.4.1: runs of letters that came before in the same 4,096 bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

_CHUNK = 4096
_SIGNATURE = b"\x01"
_COMPRESSED, _RAW = 0xB000, 0x3000
"""The upper four bits of a chunk's header; the lower twelve are its size in bytes, less three."""
_SHORTEST = 3
"""Letters of the shortest run that is worth two bytes."""
_TOKENS = 8
"""Tokens after one byte of flags."""


def compress(data: bytes) -> bytes:
    """A CompressedContainer (2.4.1.1.1); the last chunk of what cannot be compressed is filled up with zeros."""
    chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
    return _SIGNATURE + b"".join(map(_chunk, chunks))


def _chunk(letters: bytes) -> bytes:
    """A CompressedChunk (2.4.1.1.4): tokens in eights, or the letters themselves where those are no shorter."""
    tokens = [*_tokens(letters)]
    sequences = (tokens[start : start + _TOKENS] for start in range(0, len(tokens), _TOKENS))
    compressed = b"".join(map(_sequence, sequences))
    kind, content = (_COMPRESSED, compressed) if len(compressed) <= _CHUNK else (_RAW, letters.ljust(_CHUNK, b"\0"))
    header = kind | len(content) + 2 - 3
    return header.to_bytes(2, "little") + content


def _sequence(tokens: list[bytes]) -> bytes:
    """A TokenSequence (2.4.1.1.7): a bit for each token says whether it is a letter or a run copied from before."""
    flags = sum((len(token) > 1) << place for place, token in enumerate(tokens))
    return bytes([flags]) + b"".join(tokens)


def _tokens(letters: bytes) -> Iterator[bytes]:
    """Letters and copied runs, the longest that can be copied at each place."""
    places: defaultdict[bytes, list[int]] = defaultdict(list)  # where each three letters have come
    done = 0
    while done < len(letters):
        bits = _offset_bits(done)
        longest = min((0xFFFF >> bits) + _SHORTEST, len(letters) - done)
        starts = places[letters[done : done + _SHORTEST]] if longest >= _SHORTEST else []
        length, start = max(((_common(letters, start, done, longest), start) for start in starts), default=(1, done))
        if length == 1:
            yield letters[done : done + 1]
        else:
            token = done - start - 1 << 16 - bits | length - _SHORTEST
            yield token.to_bytes(2, "little")
        for place in range(done, done + length):
            places[letters[place : place + _SHORTEST]].append(place)
        done += length


def _offset_bits(done: int) -> int:
    """How many bits of a copied run say how far back it begins (2.4.1.3.19.1)."""
    return max(4, (done - 1).bit_length())


def _common(letters: bytes, start: int, done: int, longest: int) -> int:
    """How many letters from `start` on are those from `done` on."""
    length = _SHORTEST
    while length < longest and letters[start + length] == letters[done + length]:
        length += 1
    return length
