"""The comments part: our text is put into notes and taken out again, the user's text stays.

LibreOffice drops authors and cuts text into many runs when it saves, Excel keeps adding to our run when the user types
behind it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xltool.errors import FileRefused
from xltool.excel.file.sheetxml import cell_name, position_or_none
from xltool.excel.file.xmltext import (
    DECLARATION,
    Edit,
    Element,
    append_edit,
    attribute,
    edited,
    elements,
    escape,
    inside,
    new_element,
    remove_edits,
    start_tag,
    text_of,
    whole_number,
)
from xltool.excel.mark.brackets import BELOW, END, framed, is_only_ours, our_spans, starts_as_ours

AUTHOR = "xltool"
# as Excel writes the runs of a note: 9 points, the colour of tooltips, 宋体
_FONT = (
    '<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="宋体"/>'
    '<{p}family val="3"/><{p}charset val="134"/></{p}rPr>'
)
_WRAPPED = " "  # in the tag of our run: the text before it was in none, and became one since Excel shows only runs then
_THREADED_AUTHOR = "tc="


class Added(NamedTuple):
    """The comments part with our text, the whole text that each of our cells has now, and those that had no comment."""

    xml: bytes
    texts: dict[str, str]
    new: list[str]


class Removed(NamedTuple):
    """The comments part without our text, the cells whose notes are gone, and those whose notes only lost our text;
    `left` are all that still have one."""

    xml: bytes
    gone: list[str]
    shortened: list[str]
    left: set[str]


class _Comment(NamedTuple):
    """A comment: its cell ("B2", or what stands there if that is none) and the number of its author."""

    element: Element
    cell: str
    author: int


class _Piece(NamedTuple):
    """A piece of a comment's text: its `t`, the run that it is in (or the `t` itself), and the text."""

    element: Element
    run: Element
    text: str


def new_comments(namespace: str) -> bytes:
    """A comments part with no comments."""
    return DECLARATION + (
        f'<comments xmlns="{namespace}"><authors></authors><commentList></commentList></comments>'.encode()
    )


def threaded_cells(xml: bytes) -> set[str]:
    """The cells whose comment only stands in for a threaded one, which is never edited."""
    authors = _authors(xml)
    return {
        comment.cell
        for comment in _comments(xml)
        if comment.author < len(authors) and authors[comment.author].startswith(_THREADED_AUTHOR)
    }


def our_cells(xml: bytes) -> set[str]:
    """The cells in whose comments text of ours stands."""
    return {cell for element, cell, _ in _comments(xml) if our_spans(_whole(_our_pieces(xml, element)))}


def cell_of(reference: str) -> str:
    """A cell as we write it: "B2" for "$b$2"; what is no cell as it stands."""
    place = position_or_none(reference)
    return cell_name(*place) if place else reference


def add_notes(xml: bytes, notes: Mapping[str, str]) -> Added:
    """The comments part with these texts: below the note that a cell has, or as a note of ours.

    Raises FileRefused if the part has no list of comments.
    """
    left = {cell: framed(text) for cell, text in notes.items()}
    texts: dict[str, str] = {}
    edits: list[Edit] = []
    for element, cell, _ in _comments(xml):
        if cell in left:
            added = BELOW + left.pop(cell)
            edits += _add_run(xml, element, added)
            texts[cell] = _whole(_pieces(xml, element)) + added
    edits += _add_comments(xml, left) if left else []
    return Added(edited(xml, edits), texts | left, list(left))


def remove_notes(xml: bytes) -> Removed:
    """Undo `add_notes`, also after another program saved the file; what the user typed into our notes stays."""
    gone: dict[Element, str] = {}
    shortened: list[str] = []
    edits: list[Edit] = []
    authors: set[int] = set()
    left: set[str] = set()
    for element, cell, author in _comments(xml):
        pieces = _our_pieces(xml, element)
        whole = _whole(pieces)
        if is_only_ours(whole):
            gone[element] = cell
            continue
        authors.add(author)
        left.add(cell)
        if our_spans(whole):
            shortened.append(cell)
            edits += _remove_run(xml, element, pieces)
    if not gone and not shortened:
        return Removed(xml, [], [], left)
    parent = elements(xml, b"commentList")[:1]
    edits += remove_edits(xml, parent[0], gone) if parent else []
    return Removed(edited(xml, edits + _remove_author(xml, authors)), list(gone.values()), shortened, left)


def _comments(xml: bytes) -> Iterator[_Comment]:
    for element in elements(xml, b"comment"):
        tag = start_tag(xml, element)
        author = whole_number(attribute(tag, "authorId"))
        yield _Comment(element, cell_of(attribute(tag, "ref") or ""), author or 0)


def _authors(xml: bytes) -> list[str]:
    return [text_of(xml, element) for element in elements(xml, b"author")]


def _pieces(xml: bytes, comment: Element) -> list[_Piece]:
    """A comment's text, in order; how it is pronounced is no part of it."""
    found: list[_Piece] = []
    run = spoken = comment
    for one in inside(xml, comment):
        if one.is_own and one.name == b"r":
            run = one
        elif one.is_own and one.name == b"rPh":
            spoken = one
        elif one.is_own and one.name == b"t" and (spoken is comment or one.start > spoken.end):
            found.append(_Piece(one, run if run is not comment and one.start < run.end else one, text_of(xml, one)))
    return found


def _our_pieces(xml: bytes, comment: Element) -> list[_Piece]:
    """The same of a comment that may have text of ours; none of another."""
    return _pieces(xml, comment) if xml.find(b"xltool", comment.start, comment.end) >= 0 else []


def _whole(pieces: list[_Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _run(prefix: bytes, text: str, blank: str = "") -> bytes:
    p = prefix.decode()
    return f'<{p}r{blank}>{_FONT.format(p=p)}<{p}t xml:space="preserve">{escape(text)}</{p}t></{p}r>'.encode()


def _add_comments(xml: bytes, notes: Mapping[str, str]) -> list[Edit]:
    """Put notes of ours behind all comments."""
    lists, comments = ([one for one in elements(xml, name) if one.depth == 1] for name in (b"authors", b"commentList"))
    if not lists or not comments:
        raise FileRefused("批注的结构不完整：请在 Excel 或 WPS 中打开并另存后再试。")
    authors = [*_authors(xml), AUTHOR]
    author = authors.index(AUTHOR)
    p, name = lists[0].prefix, AUTHOR.encode()
    is_new = author == len(authors) - 1
    edits = append_edit(xml, lists[0], b"<%sauthor>%s</%sauthor>" % (p, name, p)) if is_new else []
    p = comments[0].prefix
    new = (
        b'<%scomment ref="%s" authorId="%d" shapeId="0"><%stext>' % (p, cell.encode(), author, p)
        + _run(p, text)
        + b"</%stext></%scomment>" % (p, p)
        for cell, text in notes.items()
    )
    return edits + append_edit(xml, comments[0], b"".join(new))


def _add_run(xml: bytes, comment: Element, text: str) -> list[Edit]:
    """Put our run behind the text of the user's note and before its phonetics."""
    outer = next(iter(elements(xml, b"text", comment)), None)
    if outer is None:
        p = comment.prefix
        return append_edit(xml, comment, new_element(p + b"text", b"", _run(p, text)))
    within = [one for one in inside(xml, outer) if one.is_own and one.depth == outer.depth + 1]
    plain = next((one for one in within if one.name == b"t"), None)
    if plain is None or any(one.name == b"r" for one in within):
        return _put_run(xml, outer, within, _run(outer.prefix, text))
    p = outer.prefix
    wrapped = b"<%sr>%s</%sr>" % (p, xml[plain.start : plain.end], p)
    return [Edit(plain.start, plain.end, wrapped), *_put_run(xml, outer, within, _run(p, text, _WRAPPED))]


def _put_run(xml: bytes, outer: Element, within: list[Element], run: bytes) -> list[Edit]:
    spoken = next((one.start for one in within if one.name in (b"rPh", b"phoneticPr")), None)
    return append_edit(xml, outer, run) if spoken is None else [Edit(spoken, spoken, run)]


def _remove_run(xml: bytes, comment: Element, pieces: list[_Piece]) -> list[Edit]:
    """Undo `_add_run`; where the run is no longer as we wrote it, only its text is cut out."""
    in_run = Counter(piece.run for piece in pieces)
    for place, (element, run, text) in enumerate(pieces):
        is_whole = starts_as_ours(text) and text.endswith(END) and text.count(END) == 1
        if is_whole and run is not element and in_run[run] == 1:
            outer = next(one for one in reversed(elements(xml, b"text", comment)) if one.start < run.start)
            was_plain = place and start_tag(xml, run).endswith(f"{_WRAPPED}>".encode())
            return remove_edits(xml, outer, [run]) + (_unwrap(pieces[place - 1].run) if was_plain else [])
    return _cut_text(xml, pieces)


def _unwrap(run: Element) -> list[Edit]:
    return [Edit(run.start, run.inside, b""), Edit(run.close, run.end, b"")]


def _cut_text(xml: bytes, pieces: list[_Piece]) -> list[Edit]:
    """Cut our text out, which may begin in one run and end in another; runs left empty go too."""
    ours = our_spans(_whole(pieces))
    edits, offset, at = [], 0, 0
    for element, run, text in pieces:
        kept, place, end = "", offset, offset + len(text)
        while at < len(ours) and ours[at][0] < end:
            kept += text[place - offset : max(ours[at][0] - offset, 0)]
            place = min(ours[at][1], end)
            if ours[at][1] > end:
                break  # it goes on in the next piece
            at += 1
        kept += text[place - offset :]
        if kept and kept != text:
            edits.append(Edit(element.inside, element.close, escape(kept).encode()))
        elif text and not kept:
            edits.append(Edit(run.start, run.end, b""))
        offset = end
    return edits


def _remove_author(xml: bytes, used: set[int]) -> list[Edit]:
    """Take out our author if no comment is ours any more; before other authors it stays, as they are counted."""
    lists, authors = elements(xml, b"authors"), _authors(xml)
    if not lists or not authors or authors[-1] != AUTHOR or len(authors) - 1 in used:
        return []
    return remove_edits(xml, lists[0], elements(xml, b"author")[-1:])
