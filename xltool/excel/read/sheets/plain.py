"""Brings the XML of sheets and shared strings into one plain form, in which it can be searched as text.

Most programs write it at once, so most parts are searched as they are. Others write prefixes, single quotes, CDATA,
comments, attributes in another order, or cells without address: these are written anew. In the plain form

    sheetData   is <row><c r="B5" s="1" t="s"><f si="0">…</f><v>…</v></c></row>; a text in its cell is <is><t>…</t></is>
    row         has no attributes but these: <row hidden="1" ht="0.75">
    mergeCell   is <mergeCell ref="A1:B2"/>
    col, dataValidation and formula1 stand among the cells, with a few attributes in a fixed order
    si          is <si><t>…</t></si>, whatever runs and phonetic hints it had
"""

from __future__ import annotations

import re
from functools import lru_cache
from pyexpat import ExpatError, ParserCreate

from xltool.excel.file.xmltext import escape
from xltool.model import column_letters, column_number

_MAIN = r"(?:http://schemas\.openxmlformats\.org/spreadsheetml/2006/main|http://purl\.oclc\.org/ooxml/\S+)?"
_ROOT = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml[^>]*>)?\s*<(?:worksheet|sst)(?=[\s/>])(?:\s+(?!xmlns=)[\w.:-]+="[^"]*")*+"""
    rb"""(?:\s+xmlns="(?:http://schemas\.openxmlformats\.org/spreadsheetml/2006/main|http://purl\.oclc\.org/ooxml/"""
    rb"""spreadsheetml/main)"(?:\s+[\w.:-]+="[^"]*")*+)?\s*/?>"""
)
_STRANGE = (b"<!", b"<?", b"xmlns=")
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,9}")
_KEPT = {
    "row": ("hidden", "ht"),
    "c": ("r", "s", "t"),
    "f": ("t", "ref", "si"),
    "v": (),
    "mergeCell": ("ref",),
    "col": ("min", "max", "width", "customWidth", "hidden"),
    "dataValidation": ("type", "sqref"),
    "formula1": (),
}
_TEXTS = ("is", "si")


def is_plain(xml: bytes) -> bool:
    """Whether a proved part may be searched as it is, as far as its root and its markup tell."""
    root = _ROOT.match(xml)
    return root is not None and all(xml.rfind(strange) < root.end() for strange in _STRANGE)


def plain(xml: bytes) -> bytes:
    """A proved part in the plain form, in which a cell whose address is none keeps it; nothing if it has no names."""
    rewriting = _Rewriting()
    parser = ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = rewriting.enter
    parser.EndElementHandler = rewriting.leave
    parser.CharacterDataHandler = rewriting.text
    try:
        parser.Parse(xml, True)
    except ExpatError:  # a prefix that stands for nothing
        return b""
    return "".join(["<sheetData>", *rewriting.written, "</sheetData>", *rewriting.merged]).encode()


class _Rewriting:
    def __init__(self) -> None:
        self.written: list[str] = []
        self.merged: list[str] = []
        self.open: list[str] = []
        self.row = 0
        self.column = 0

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        local = local if _is_main(namespace) else ""
        self.open.append(local)
        if local == "row":
            number = attributes.get("r", "").strip()
            self.row = int(number) if _ROW.fullmatch(number) else 0 if number else self.row + 1
            self.column = 0
        elif local == "c":
            attributes["r"] = self._address(attributes.get("r", "").strip().upper())
        if local in _KEPT:
            kept = "".join(f' {key}="{_quoted(attributes[key])}"' for key in _KEPT[local] if key in attributes)
            if local == "mergeCell":
                self.merged.append(f"<{local}{kept}/>")
            else:
                self.written.append(f"<{local}{kept}>")
        elif local in _TEXTS:
            self.written.append(f"<{local}><t>")

    def leave(self, name: str) -> None:
        local = self.open.pop()
        if local in _TEXTS:
            self.written.append(f"</t></{local}>")
        elif local in _KEPT and local != "mergeCell":
            self.written.append(f"</{local}>")

    def text(self, text: str) -> None:
        inside = self.open[-1]
        if inside in ("f", "v", "formula1") or (inside == "t" and "rPh" not in self.open[-3:]):
            self.written.append(escape(text))

    def _address(self, address: str) -> str:
        """The cell's address; one without follows on the one before, in its row."""
        found = _ADDRESS.fullmatch(address)
        if address and found is None:
            return address
        self.row = int(found[2]) if found else self.row
        self.column = column_number(found[1]) if found else self.column + 1
        return f"{column_letters(self.column)}{self.row}"


@lru_cache(maxsize=64)
def _is_main(namespace: str) -> bool:
    return re.fullmatch(_MAIN, namespace) is not None


def _quoted(text: str) -> str:
    return escape(text).replace('"', "&quot;").replace("\n", " ")
