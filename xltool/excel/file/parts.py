"""How the parts of a workbook hang together: relationships, content types, and which part is which sheet."""

from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import NamedTuple

from xltool.errors import FileRefused
from xltool.excel.file.package import Package
from xltool.excel.file.xmltext import (
    DECLARATION,
    Element,
    append_edit,
    attribute,
    edited,
    elements,
    new_element,
    parse,
    prefix,
    relationship_id,
    remove_edits,
    root,
    start_tag,
)

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_PACKAGE_RELATIONSHIPS = b' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_TYPES = "[Content_Types].xml"
_OUR_ID = "rIdXlt"
_OURS = "  />"  # ends a line of the content types that we wrote


class Relationship(NamedTuple):
    """One line of a .rels part; `kind` is the last word of its type, `target` a part name."""

    id: str
    kind: str
    target: str


class Workbook(NamedTuple):
    """Where things are in the package: the workbook part, worksheets by name, styles, shared texts; its namespaces."""

    part: str
    sheets: dict[str, str]
    styles: str | None
    texts: str | None
    main_namespace: str
    office_namespace: str


def find_workbook(package: Package) -> Workbook:
    """Find the workbook and its worksheets. Raises FileRefused if there is none."""
    part = next((link.target for link in relationships(package, "") if link.kind == "officeDocument"), None)
    if part is None:
        raise FileRefused(f"“{package.source.name}”里没有工作簿：请确认它是 Excel 或 WPS 保存的 .xlsx 文件。")
    xml = package.read(part)
    links = {link.id: link for link in relationships(package, part)}
    sheets = {}
    for element in elements(xml, b"sheet"):
        tag = start_tag(xml, element)
        link = links.get(relationship_id(tag))
        if link and link.kind == "worksheet":
            sheets[attribute(tag, "name") or ""] = link.target
    kinds = {link.kind: link.target for link in links.values() if package.has(link.target)}
    names = (_STRICT_MAIN, _STRICT_OFFICE) if _STRICT_MAIN.encode() in xml else (_MAIN, _OFFICE)
    return Workbook(part, sheets, kinds.get("styles"), kinds.get("sharedStrings"), *names)


def relationships(package: Package, part: str) -> list[Relationship]:
    """What a part refers to inside the package (`""` for the package itself)."""
    path = _relationships_part(part)
    return [link for _, link in _links(package.read(path), part)] if package.has(path) else []


def external_targets(package: Package, part: str) -> list[str]:
    """What a part refers to outside the package, as written."""
    path = _relationships_part(part)
    xml = package.read(path) if package.has(path) else b""
    tags = [start_tag(xml, element) for element in elements(xml, b"Relationship")] if xml else []
    return [attribute(tag, "Target") or "" for tag in tags if attribute(tag, "TargetMode") == "External"]


def add_part(
    package: Package,
    owner: str,
    part: str,
    kind: str,
    content_type: str,
    office_namespace: str,
) -> str:
    """Make a new part known: its content type, and the relationship from its owner; returns the relationship's id.

    The content type is an Override even for VML, so that taking the part out leaves no default of ours behind.
    """
    declare(package, part, content_type)
    path = _relationships_part(owner)
    used = {link.id for link in relationships(package, owner)}
    identifier = next(name for number in range(1, len(used) + 2) if (name := f"{_OUR_ID}{number}") not in used)
    link = f'Relationship Id="{identifier}" Type="{office_namespace}/{kind}" Target="/{part}"/>'.encode()
    if package.has(path):
        xml = package.read(path)
        package.write(path, edited(xml, append_edit(xml, root(xml), b"<" + prefix(xml) + link)))
    else:
        package.write(path, DECLARATION + new_element(b"Relationships", _PACKAGE_RELATIONSHIPS, b"<" + link))
    return identifier


def declare(package: Package, part: str, content_type: str) -> None:
    """Say what a new part contains, unless that is said already of a part of this name."""
    types = package.read(_TYPES)
    if not _overrides(types, part):
        override = f'Override PartName="/{part}" ContentType="{content_type}"{_OURS}'.encode()
        package.write(_TYPES, edited(types, append_edit(types, root(types), b"<" + prefix(types) + override)))


def remove_part(package: Package, owner: str, part: str) -> None:
    """Undo `add_part` and `declare`, and take the part itself out."""
    types = package.read(_TYPES)
    ours = [one for one in _overrides(types, part) if start_tag(types, one).endswith(_OURS.encode())]
    # one that has lost its Id serves nobody, but other programs do not open a workbook in which it leads nowhere
    links = [
        element
        for element, identifier in _links_to(package, owner, part)
        if identifier.startswith(_OUR_ID) or not identifier
    ]
    _remove(package, owner, part, ours, links)


def take_out(package: Package, owner: str, part: str) -> None:
    """Take a part out with all that its owner and the content types say of it, whoever wrote it, and its .rels."""
    links = [element for element, _ in _links_to(package, owner, part)]
    _remove(package, owner, part, _overrides(package.read(_TYPES), part), links)
    package.remove(_relationships_part(part))


def _remove(package: Package, owner: str, part: str, overrides: list[Element], links: list[Element]) -> None:
    """Take out a part, lines of the content types, and relationships of its owner."""
    package.remove(part)
    types = package.read(_TYPES)
    package.write(_TYPES, edited(types, remove_edits(types, root(types), overrides)))
    path = _relationships_part(owner)
    if not package.has(path):
        return
    xml = package.read(path)
    left = edited(xml, remove_edits(xml, root(xml), links))
    if not parse(left):  # what is left is no XML without its root, whatever stands behind that
        package.remove(path)
    else:
        package.write(path, left)


def _links_to(package: Package, owner: str, part: str) -> list[tuple[Element, str]]:
    """The relationships of an owner to a part, and their ids."""
    path = _relationships_part(owner)
    links = _links(package.read(path), owner) if package.has(path) else ()
    return [(element, link.id) for element, link in links if link.target == part]


def _overrides(types: bytes, part: str) -> list[Element]:
    """The lines of the content types that are about this very part; case does not matter in names of parts."""
    overrides = elements(types, b"Override")
    return [
        one for one in overrides if (attribute(start_tag(types, one), "PartName") or "").lower() == f"/{part}".lower()
    ]


@lru_cache(maxsize=64)  # one mark asks several times
def _links(xml: bytes, owner: str) -> tuple[tuple[Element, Relationship], ...]:
    """Each relationship to a part, with its target as a part name."""
    found = []
    for element in elements(xml, b"Relationship"):
        tag = start_tag(xml, element)
        if attribute(tag, "TargetMode") != "External":
            target = (attribute(tag, "Target") or "").replace("\\", "/")
            kind = (attribute(tag, "Type") or "").rsplit("/", 1)[-1]
            path = normpath(join("/", dirname(owner), target)).lstrip("/")
            found.append((element, Relationship(attribute(tag, "Id") or "", kind, path)))
    return tuple(found)


def _relationships_part(part: str) -> str:
    return join(dirname(part), "_rels", part.rsplit("/", 1)[-1] + ".rels")
