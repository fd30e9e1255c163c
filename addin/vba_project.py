"""A VBA project of sources only, [MS-OVBA]: without compiled code, so that Excel compiles it when it opens the file."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import NamedTuple

from addin.compound_file import compound_file
from addin.compression import compress

_NO_COMPILED_CODE = bytes.fromhex("CC61FFFF000000")
"""The whole of the _VBA_PROJECT stream (2.3.4.1): no version of VBA takes the code beside it for its own."""
_ID = "{7D0B3E52-9A61-4E0C-B0B5-4B1C7E5A2F10}"
_WIN64, _ENGLISH, _CODE_PAGE = 3, 0x0409, 1252
"""Sources are ASCII, which every code page has."""
_VERSION = (0x65BE0257, 17)
_UNKNOWN_COOKIE = 0xFFFF
_REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
    r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}
"""The libraries that the sources name types of, as Excel writes them into every project; found by their ids."""


class Module(NamedTuple):
    """The source of a module, and whether it belongs to the workbook or to a sheet of it."""

    source: str
    of_document: bool


def vba_project(name: str, modules: Mapping[str, Module]) -> bytes:
    """The content of vbaProject.bin. Raises UnicodeEncodeError for a source that is not ASCII."""
    sources = {module_name: compress(module.source.encode("ascii")) for module_name, module in modules.items()}
    vba = {"_VBA_PROJECT": _NO_COMPILED_CODE, "dir": compress(_directory(name, modules)), **sources}
    return compound_file({"VBA": vba, "PROJECT": _project(name, modules), "PROJECTwm": _names(modules)})


def _directory(name: str, modules: Mapping[str, Module]) -> bytes:
    """The dir stream (2.3.4.2): the project, its references and its modules."""
    information = [
        _record(0x01, _WIN64),
        _record(0x02, _ENGLISH),
        _record(0x14, _ENGLISH),
        _sized(0x03, struct.pack("<H", _CODE_PAGE)),
        _sized(0x04, name.encode("ascii")),
        *_both(0x05, 0x40, ""),  # description
        *_both(0x06, 0x3D, ""),  # help file
        _record(0x07, 0),  # help context
        _record(0x08, 0),  # library flags
        struct.pack("<HIIH", 0x09, 4, *_VERSION),
        *_both(0x0C, 0x3C, ""),  # constants
    ]
    references = [part for item in _REFERENCES.items() for part in _reference(*item)]
    counts = [_sized(0x0F, struct.pack("<H", len(modules))), _sized(0x13, struct.pack("<H", _UNKNOWN_COOKIE))]
    described = [part for item in modules.items() for part in _module(*item)]
    return b"".join([*information, *references, *counts, *described, _sized(0x10, b"")])


def _reference(name: str, library: str) -> list[bytes]:
    """A REFERENCE of a registered library (2.3.4.2.2.5)."""
    text = library.encode("ascii")
    return [*_both(0x16, 0x3E, name), _sized(0x0D, struct.pack("<I", len(text)) + text + bytes(6))]


def _module(name: str, module: Module) -> list[bytes]:
    """A MODULE (2.3.4.2.3.2), whose source begins at the start of its stream."""
    return [
        *_both(0x19, 0x47, name),
        *_both(0x1A, 0x32, name),  # the name of its stream
        *_both(0x1C, 0x48, ""),  # description
        _record(0x31, 0),  # where the source begins
        _record(0x1E, 0),  # help context
        _sized(0x2C, struct.pack("<H", _UNKNOWN_COOKIE)),
        _sized(0x22 if module.of_document else 0x21, b""),
        _sized(0x2B, b""),
    ]


def _project(name: str, modules: Mapping[str, Module]) -> bytes:
    """The PROJECT stream (2.3.1): the list of modules and the state of the editor; no password, nothing locked."""
    kinds = {True: "Document={}/&H00000000", False: "Module={}"}
    lines = [
        f'ID="{_ID}"',
        *(kinds[module.of_document].format(module_name) for module_name, module in modules.items()),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_encrypted(bytes(4))}"',
        f'DPB="{_encrypted(bytes(1))}"',
        f'GC="{_encrypted(bytes([0xFF]))}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module_name}=0, 0, 0, 0, C" for module_name in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _names(modules: Mapping[str, Module]) -> bytes:
    """The PROJECTwm stream (2.3.3): the names of modules in both encodings."""
    pairs = (f"{name}\0".encode("ascii") + f"{name}\0".encode("utf-16-le") for name in modules)
    return b"".join(pairs) + bytes(2)


def _encrypted(data: bytes, seed: int = 0x41) -> str:
    """Data of the PROJECT stream as 2.4.3.2 disguises them, in hexadecimal figures."""
    version, key = 2, sum(_ID.encode("ascii")) & 0xFF
    written = [seed, seed ^ version, seed ^ key]
    plain = key
    for byte in bytes(seed % 8 // 2) + struct.pack("<I", len(data)) + data:
        written.append(byte ^ (written[-2] + plain & 0xFF))
        plain = byte
    return bytes(written).hex().upper()


def _both(narrow: int, wide: int, text: str) -> list[bytes]:
    """A text in both encodings, a record each."""
    return [_sized(narrow, text.encode("ascii")), _sized(wide, text.encode("utf-16-le"))]


def _record(number: int, value: int) -> bytes:
    return _sized(number, struct.pack("<I", value))


def _sized(number: int, data: bytes) -> bytes:
    return struct.pack("<HI", number, len(data)) + data
