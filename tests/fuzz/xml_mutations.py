"""What can be wrong inside an XML part: tags, attributes, values, encodings, prefixes, nesting, lengths."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.fuzz.nasty import FORMULAS, NUMBERS, REFERENCES, TEXTS
from tests.fuzz.package import Entry, Package

_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r"""\s[\w:]+=("[^"<]*"|'[^'<]*')""")
_TEXT = re.compile(r">([^<>]+)<")
_NUMBER = re.compile(r"(?<=[\">])\d+(?:\.\d+)?(?=[\"<])")
_REFERENCE = re.compile(r"(?<=[\"> ])\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?(?=[\"< ])")
_FORMULA = re.compile(r"<((?:\w+:)?)(f|formula1?)(?=[ >])([^<>]*)>[^<]*<")
_NUMBERED_CELL = re.compile(r"<c ([^<>]*)><v>([^<]*)</v></c>")
_NAMED = re.compile(r"<(/?)(?=[A-Za-z])(?!\w+:)")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_BOMB = (
    '<!DOCTYPE a [<!ENTITY a "长长长长长长长长长长">'
    + "".join(f'<!ENTITY {one} "{f"&{other};" * 10}">' for one, other in zip("bcdefgh", "abcdefg", strict=True))
    + "]>"
)
_INSERTIONS = (
    "<!-- 注 -->",
    "<!-- </sheetData> <c r='A1'> -->",
    "<![CDATA[<c>]]>",
    "<?xltool 1?>",
    "<x/>",
    "<v>1</v>",
    '<row r="3"><c r="XFD3"><v>1</v></c></row>',
    '<c r="B2" t="s"><v>99999999</v></c>',
    '<c t="inlineStr"><is><t>合计</t></is></c>',
    '<mergeCell ref="A1:XFD1048576"/>',
    '<conditionalFormatting sqref="A0 #REF!"><cfRule type="expression"/></conditionalFormatting>',
    '<conditionalFormatting pivot="1" sqref="A1">' * 300,
    '<f t="shared" si="0" ref="A1:B2">A1</f>',
    '<f t="shared" si="0"/>',
    '<cols><col min="1" max="16384" width="1e999"/></cols>',
    "<a>" * 3000 + "</a>" * 3000,
    "<a>" * 30_000,
    "<c/>" * 50_000,
    "<a b='" + "长" * 200_000 + "'/>",
    "<row r=",
    "&#x110000;",
)


def drop_tag(text: str, chance: Random) -> str:
    return _replace(text, chance, _TAG, lambda _: "")


def double_tag(text: str, chance: Random) -> str:
    return _replace(text, chance, _TAG, lambda found: found[0] * chance.choice((2, 2, 1000)))


def drop_span(text: str, chance: Random) -> str:
    one, other = _between(text, chance)
    return text[:one] + text[other:]


def double_span(text: str, chance: Random) -> str:
    one, other = _between(text, chance)
    return text[:other] + text[one:other] + text[other:]


def move_span(text: str, chance: Random) -> str:
    one, other = _between(text, chance)
    rest = text[:one] + text[other:]
    at, _ = _between(rest, chance)
    return rest[:at] + text[one:other] + rest[at:]


def drop_element(text: str, chance: Random) -> str:
    return _element(text, chance, lambda _: "")


def double_element(text: str, chance: Random) -> str:
    return _element(text, chance, lambda element: element * 2)


def offer_alternatives(text: str, chance: Random) -> str:
    def wrapped(element: str) -> str:
        branch = chance.choice(("Choice", "Fallback"))
        return (
            f'<mc:AlternateContent xmlns:mc="{_COMPATIBILITY}"><mc:{branch} Requires="x14">{element}</mc:{branch}>'
            "</mc:AlternateContent>"
        )

    return _element(text, chance, wrapped)


def drop_attribute(text: str, chance: Random) -> str:
    return _replace(text, chance, _ATTRIBUTE, lambda _: "")


def double_attribute(text: str, chance: Random) -> str:
    return _replace(text, chance, _ATTRIBUTE, lambda found: found[0] * 2)


def change_attribute(text: str, chance: Random) -> str:
    value = chance.choice(NUMBERS + REFERENCES + TEXTS)
    return _replace(text, chance, _ATTRIBUTE, lambda found: f'{found[0].partition("=")[0]}="{value}"')


def quote_otherwise(text: str, chance: Random) -> str:
    def other(found: re.Match[str]) -> str:
        name, _, value = found[0].partition("=")
        return f"{name} = '{value[1:-1]}'" if "'" not in value[1:-1] else found[0]

    return _ATTRIBUTE.sub(other, text) if chance.random() < 0.5 else _replace(text, chance, _ATTRIBUTE, other)


def drop_every_such_attribute(text: str, chance: Random) -> str:
    found = list(_ATTRIBUTE.finditer(text))
    return text.replace(chance.choice(found)[0], "") if found else text


def change_number(text: str, chance: Random) -> str:
    value = chance.choice(NUMBERS)
    return _replace(text, chance, _NUMBER, lambda _: value)


def change_reference(text: str, chance: Random) -> str:
    value = chance.choice(REFERENCES)
    return _replace(text, chance, _REFERENCE, lambda _: value)


def change_text(text: str, chance: Random) -> str:
    value = chance.choice(TEXTS)
    return _replace(text, chance, _TEXT, lambda _: f">{value}<")


def add_to_text(text: str, chance: Random) -> str:
    value = chance.choice(TEXTS)
    return _replace(text, chance, _TEXT, lambda found: f">{found[1]}{value}<")


def change_formula(text: str, chance: Random) -> str:
    value = chance.choice(FORMULAS)
    return _replace(text, chance, _FORMULA, lambda found: f"<{found[1]}{found[2]}{found[3]}>{value}<")


def share_formula(text: str, chance: Random) -> str:
    said = chance.choice(
        ('t="shared" si="0"', 't="shared" si="-1" ref="A1:A1048576"', 't="array" ref="#REF!"', 't="x"')
    )
    return _replace(text, chance, _FORMULA, lambda found: f"<{found[1]}{found[2]} {said}>A1048576<")


def change_kind_of_cell(text: str, chance: Random) -> str:
    kind = chance.choice(("s", "str", "b", "e", "n", "d", "inlineStr", "x", ""))
    return _replace(text, chance, _NUMBERED_CELL, lambda found: f'<c {found[1]} t="{kind}"><v>{found[2]}</v></c>')


def insert(text: str, chance: Random) -> str:
    at, _ = _between(text, chance)
    return text[:at] + chance.choice(_INSERTIONS) + text[at:]


def declare_entities(text: str, chance: Random) -> str:
    at = found.end() if (found := _DECLARATION.match(text)) else 0
    return _replace(text[:at] + _BOMB + text[at:], chance, _TEXT, lambda _: ">&h;<")


def prefix_all(text: str, chance: Random) -> str:
    return _NAMED.sub(r"<\1x:", text).replace(" xmlns=", " xmlns:x=", 1)


def prefix_some(text: str, chance: Random) -> str:
    names = [found[1] for found in re.finditer(r"<(\w+)[ />]", text)]
    if not names or " xmlns=" not in text:
        return text
    name, uri = chance.choice(names), text.partition(' xmlns="')[2].partition('"')[0]
    text = text.replace(" xmlns=", f' xmlns:d="{uri}" xmlns=', 1)
    return re.sub(rf"<(/?){name}(?=[ />])", rf"<\1d:{name}", text)


def change_namespace(text: str, chance: Random) -> str:
    return text.replace(_MAIN, chance.choice((_STRICT, "urn:other", "")))


_TO_TEXT = (
    drop_tag,
    double_tag,
    drop_span,
    double_span,
    move_span,
    drop_element,
    double_element,
    offer_alternatives,
    drop_attribute,
    double_attribute,
    change_attribute,
    quote_otherwise,
    drop_every_such_attribute,
    change_number,
    change_reference,
    change_text,
    add_to_text,
    change_formula,
    share_formula,
    change_kind_of_cell,
    insert,
    declare_entities,
    prefix_all,
    prefix_some,
    change_namespace,
)


def _to_a_part(mutation: Callable[[str, Random], str]) -> Callable[[Package, Random], None]:
    def mutate(target: Package, chance: Random) -> None:
        entry = _xml_part(target, chance)
        if entry is not None:
            text = entry.content.decode("utf-8", "surrogateescape")
            entry.content = mutation(text, chance).encode("utf-8", "surrogateescape")

    mutate.__name__ = mutation.__name__
    return mutate


def encode_otherwise(target: Package, chance: Random) -> None:
    """Another encoding than the declaration says, or one that is said and rarely met."""
    entry = _xml_part(target, chance)
    if entry is None:
        return
    text = _DECLARATION.sub("", entry.content.decode("utf-8", "replace"))
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "gb18030", "utf-32", "cp037", "utf-7"))
    said = chance.choice((encoding, encoding, "utf-8", "ascii", "没有的"))
    entry.content = f'<?xml version="1.0" encoding="{said}"?>{text}'.encode(encoding, "xmlcharrefreplace")


XML_MUTATIONS = (*map(_to_a_part, _TO_TEXT), encode_otherwise)


def _xml_part(target: Package, chance: Random) -> Entry | None:
    """Any XML part, a sheet as often as all others together."""
    parts = [entry for entry in target.entries if entry.name.endswith((b".xml", b".rels", b".vml"))]
    sheets = [entry for entry in parts if b"worksheets/" in entry.name]
    chosen = sheets if sheets and chance.random() < 0.5 else parts
    return chance.choice(chosen) if chosen else None


def _replace(text: str, chance: Random, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> str:
    """The text with one find of the pattern replaced."""
    start = chance.randrange(len(text) + 1)
    found = pattern.search(text, start) or pattern.search(text)
    return text[: found.start()] + by(found) + text[found.end() :] if found else text


def _between(text: str, chance: Random) -> tuple[int, int]:
    """Two places between tags, near each other more often than not."""
    places = [found.end() for found in _TAG.finditer(text)] or [0]
    one = chance.randrange(len(places))
    far = min(one + chance.choice((1, 3, 20, len(places))), len(places) - 1)
    return places[one], places[chance.randint(one, far)]


def _element(text: str, chance: Random, by: Callable[[str], str]) -> str:
    """The text with one whole element replaced."""
    start = chance.randrange(len(text) + 1)
    found = re.compile(r"<([\w:]+)(?: [^<>]*)?>").search(text, start) or re.search(r"<([\w:]+)(?: [^<>]*)?>", text)
    if found is None:
        return text
    end = found.end()
    if not found[0].endswith("/>"):
        close = text.find(f"</{found[1]}>", end)
        end = close + len(found[1]) + 3 if close >= 0 else end
    return text[: found.start()] + by(text[found.start() : end]) + text[end:]
