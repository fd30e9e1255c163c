"""What can be wrong with a package: its directory, its entries, and which part stands where."""

from __future__ import annotations

from random import Random

from tests.fuzz.package import BZIP2, DEFLATED, LZMA, Entry, Package
from tests.fuzz.starts import package

_SIZES = (0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 100_000_000)


def drop_entry(target: Package, chance: Random) -> None:
    target.entries.pop(chance.randrange(len(target.entries)))


def double_entry(target: Package, chance: Random) -> None:
    entry = chance.choice(target.entries)
    content = chance.choice((entry.content, b"", chance.choice(target.entries).content))
    target.entries.insert(chance.randrange(len(target.entries) + 1), Entry(entry.name, content))


def rename_entry(target: Package, chance: Random) -> None:
    entry = chance.choice(target.entries)
    names = (
        entry.name.upper(),
        entry.name.replace(b"/", b"\\"),
        b"/" + entry.name,
        b"../" + entry.name,
        entry.name + b"\xff\xfe",
        "预算/".encode("gb18030") + entry.name,
        entry.name + b"/",
        entry.name * 50,
        b"",
        b"a\0" + entry.name,
        b"\x1b[31m" + entry.name,
    )
    entry.name = chance.choice(names)


def shuffle_entries(target: Package, chance: Random) -> None:
    chance.shuffle(target.entries)


def lie_about_size(target: Package, chance: Random) -> None:
    entry = chance.choice(target.entries)
    told = chance.choice((*_SIZES, len(entry.content) - 1, len(entry.content) + 1))
    entry.told[chance.choice(("size", "packed"))] = max(told, 0)


def lie_about_checksum(target: Package, chance: Random) -> None:
    chance.choice(target.entries).told["crc"] = chance.getrandbits(32)


def lie_about_offset(target: Package, chance: Random) -> None:
    chance.choice(target.entries).told["offset"] = chance.choice((*_SIZES, chance.randrange(50_000)))


def set_flags(target: Package, chance: Random) -> None:
    chance.choice(target.entries).told["flags"] = chance.choice((0, 1, 8, 0x20, 0x40, 0x801, 0xFFFF))


def lie_about_method(target: Package, chance: Random) -> None:
    chance.choice(target.entries).told["method"] = chance.choice((0, 1, 6, 9, BZIP2, LZMA, 93, 95, 99, DEFLATED))


def pack_otherwise(target: Package, chance: Random) -> None:
    chance.choice(target.entries).method = chance.choice((0, BZIP2, LZMA))


def inflate(target: Package, chance: Random) -> None:
    entry = chance.choice(target.entries)
    entry.content += chance.choice((b"\0", b" ", b"<!-- -->")) * chance.choice((10_000, 2_000_000))


def add_many_entries(target: Package, chance: Random) -> None:
    count = chance.choice((300, 20_000))
    target.entries += [Entry(b"xl/media/image%d.png" % number, b"") for number in range(count)]


def cut_the_end(target: Package, chance: Random) -> None:
    share = chance.random()
    target.damage.append(lambda content: content[: int(len(content) * share)])


def flip_bytes(target: Package, chance: Random) -> None:
    at, by = chance.random(), chance.randrange(1, 256)

    def flip(content: bytes) -> bytes:
        place = min(int(len(content) * at), len(content) - 1)
        return content[:place] + bytes([content[place] ^ by]) + content[place + 1 :] if content else content

    target.damage.append(flip)


def add_bytes_around(target: Package, chance: Random) -> None:
    before, after = chance.choice(((b"junk" * 9, b""), (b"", b"\0" * 99), (b"", b"PK\5\6" + b"\0" * 18)))
    target.damage.append(lambda content: before + content + after)


def empty_part(target: Package, chance: Random) -> None:
    chance.choice(target.entries).content = chance.choice((b"", b" ", b"\xff\xfe", b"<a/>", b"\0" * 50, b"<"))


def cut_part(target: Package, chance: Random) -> None:
    entry = chance.choice(target.entries)
    entry.content = entry.content[: chance.randrange(len(entry.content) + 1)]


def swap_parts(target: Package, chance: Random) -> None:
    one, other = chance.choice(target.entries), chance.choice(target.entries)
    one.content, other.content = other.content, one.content


def take_part_of_another(target: Package, chance: Random) -> None:
    source = package(chance.choice(("厨房水槽", "自评", "小工作簿", "手工")))
    entry, taken = chance.choice(target.entries), chance.choice(source.entries)
    same = [other for other in source.entries if other.name == entry.name]
    entry.content = (same[0] if same and chance.random() < 0.5 else taken).content


PACKAGE_MUTATIONS = (
    drop_entry,
    double_entry,
    rename_entry,
    shuffle_entries,
    lie_about_size,
    lie_about_checksum,
    lie_about_offset,
    set_flags,
    lie_about_method,
    pack_otherwise,
    inflate,
    add_many_entries,
    cut_the_end,
    flip_bytes,
    add_bytes_around,
    empty_part,
    cut_part,
    swap_parts,
    take_part_of_another,
)
