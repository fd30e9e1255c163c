"""The comments part: our text is put into notes and taken out again, the user's text stays.

What is ours stands between 【xltool】 and 【完】, whoever the author is: LibreOffice drops authors and cuts text into
many runs when it saves, Excel keeps adding to our run when the user types behind it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xltool.excel.file.xmltext import (
    DECLARATION,
    Element,
    append_child,
    attribute,
    close_up,
    content,
    cut,
    elements,
    escape,
    prefix,
    start_tag,
    unescape,
)

AUTHOR = "xltool"
_BEGIN, _END = "【xltool】", "【完】"
_BELOW = "\n\n"  # between the user's note and ours
_OURS = re.compile(f"(?:\r?\n){{0,2}}{_BEGIN}.*?(?:{_END}|\\Z)", re.DOTALL)
# as Excel writes the runs of a note: 9 points, the colour of tooltips, 宋体
_FONT = (
    '<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="宋体"/>'
    '<{p}family val="3"/><{p}charset val="134"/></{p}rPr>'
)
_THREADED_AUTHOR = "tc="


class Removed(NamedTuple):
    """The comments part without our text, the cells whose notes are gone, and those whose notes only lost our text."""

    xml: bytes
    gone: list[str]
    shortened: list[str]


def new_comments(namespace: str) -> bytes:
    """A comments part with no comments."""
    return DECLARATION + (
        f'<comments xmlns="{namespace}"><authors></authors><commentList></commentList></comments>'.encode()
    )


def texts(xml: bytes) -> dict[str, str]:
    """The cells that have a comment, each with its text."""
    root = prefix(xml)
    return {
        cell: "".join(text for _, text in _texts(xml[element.start : element.end], root))
        for element, cell, _ in _comments(xml)
    }


def threaded_cells(xml: bytes) -> set[str]:
    """The cells whose comment only stands in for a threaded one, which is never edited."""
    authors = _authors(xml)
    return {
        cell
        for _, cell, author in _comments(xml)
        if author < len(authors) and authors[author].startswith(_THREADED_AUTHOR)
    }


def add_notes(xml: bytes, notes: Mapping[str, str]) -> bytes:
    """The comments part with these texts: below the note that a cell has, or as a note of ours."""
    root = prefix(xml)
    parts, at, left = [], 0, dict(notes)
    for element, cell, _ in _comments(xml):
        if cell in left:
            parts += [xml[at : element.start], _with_run(xml[element.start : element.end], root, left.pop(cell))]
            at = element.end
    extended = b"".join([*parts, xml[at:]])
    return _with_new_notes(extended, root, left) if left else extended


def remove_notes(xml: bytes) -> Removed:
    """Undo `add_notes`, also after another program saved the file; what the user typed into our notes stays."""
    root = prefix(xml)
    parts: list[bytes] = []
    gone, shortened, at = [], [], 0
    for element, cell, _ in _comments(xml):
        comment = xml[element.start : element.end]
        text = "".join(text for _, text in _texts(comment, root)) if b"xltool" in comment else ""
        if not _OURS.search(text):
            continue
        if text.startswith(_BEGIN) and not _OURS.sub("", text).strip():
            gone.append(cell)
            left = b""
        else:
            shortened.append(cell)
            left = _without_run(comment, root)
        parts += [xml[at : element.start], left]
        at = element.end
    if not gone and not shortened:
        return Removed(xml, gone, shortened)
    return Removed(_without_author(b"".join([*parts, xml[at:]]), root), gone, shortened)


def _comments(xml: bytes) -> Iterator[tuple[Element, str, int]]:
    """Each comment with its cell and the number of its author."""
    for element in elements(xml, prefix(xml) + b"comment"):
        tag = start_tag(xml, element)
        author = attribute(tag, "authorId") or ""
        yield element, (attribute(tag, "ref") or "").upper(), int(author) if author.isdecimal() else 0


def _authors(xml: bytes) -> list[str]:
    return [unescape(content(xml, element)) for element in elements(xml, prefix(xml) + b"author")]


def _texts(comment: bytes, root: bytes) -> list[tuple[Element, str]]:
    return [(element, unescape(content(comment, element))) for element in elements(comment, root + b"t")]


def _run(root: bytes, text: str) -> bytes:
    p = root.decode()
    return f'<{p}r>{_FONT.format(p=p)}<{p}t xml:space="preserve">{escape(text)}</{p}t></{p}r>'.encode()


def _framed(text: str) -> str:
    """Our text between its two marks, which it must not contain itself."""
    return _BEGIN + text.replace(_BEGIN, "[xltool]").replace(_END, "[完]") + _END


def _with_new_notes(xml: bytes, root: bytes, notes: Mapping[str, str]) -> bytes:
    authors = _authors(xml)
    if AUTHOR not in authors:
        xml = append_child(xml, root + b"authors", b"<%sauthor>%s</%sauthor>" % (root, AUTHOR.encode(), root))
        authors.append(AUTHOR)
    author = authors.index(AUTHOR)
    new = (
        b'<%scomment ref="%s" authorId="%d" shapeId="0"><%stext>' % (root, cell.encode(), author, root)
        + _run(root, _framed(text))
        + b"</%stext></%scomment>" % (root, root)
        for cell, text in notes.items()
    )
    return append_child(xml, root + b"commentList", b"".join(new))


def _with_run(comment: bytes, root: bytes, text: str) -> bytes:
    """The user's note with our run behind its text and before its phonetics.

    A text without runs becomes a run itself, since Excel does not show both; `<r >` remembers that it was none.
    """
    plain = next(elements(comment, root + b"t"), None)
    if plain and next(elements(comment, root + b"r"), None) is None:
        wrapped = b"<%sr >%s</%sr >" % (root, comment[plain.start : plain.end], root)
        comment = comment[: plain.start] + wrapped + comment[plain.end :]
    run = _run(root, _BELOW + _framed(text))
    phonetics = [*elements(comment, root + b"rPh"), *elements(comment, root + b"phoneticPr")]
    if not phonetics:
        return append_child(comment, root + b"text", run)
    at = min(element.start for element in phonetics)
    return comment[:at] + run + comment[at:]


def _without_run(comment: bytes, root: bytes) -> bytes:
    """Undo `_with_run`; where the run is no longer as we wrote it, only its text is cut out."""
    for run in elements(comment, root + b"r"):
        texts = _texts(comment[run.start : run.end], root)
        text = texts[0][1] if len(texts) == 1 else ""
        if text.startswith(_BELOW + _BEGIN) and text.endswith(_END) and text.count(_END) == 1:
            without = close_up(comment[: run.start] + comment[run.end :], root + b"text")
            return re.sub(rb"<%sr >(.*?)</%sr >" % (root, root), rb"\1", without, flags=re.DOTALL)
    return _without_text(comment, root)


def _without_text(comment: bytes, root: bytes) -> bytes:
    """The comment without our text, which may begin in one run and end in another; runs left empty go too."""
    runs = list(elements(comment, root + b"r"))
    texts = _texts(comment, root)
    ours = [found.span() for found in _OURS.finditer("".join(text for _, text in texts))]
    parts, at, offset = [], 0, 0
    for element, text in texts:
        kept = _outside(text, offset, ours)
        offset += len(text)
        if kept == text:
            continue
        run = next((run for run in runs if run.start < element.start < run.end), element)
        if kept:
            new = start_tag(comment, element) + escape(kept).encode() + b"</%st>" % root
            parts += [comment[at : element.start], new]
            at = element.end
        else:
            parts.append(comment[at : run.start])
            at = run.end
    return b"".join([*parts, comment[at:]])


def _outside(text: str, offset: int, spans: list[tuple[int, int]]) -> str:
    """What of a text, which begins at `offset`, lies in none of the spans."""
    places = enumerate(text, offset)
    return "".join(letter for place, letter in places if not any(start <= place < end for start, end in spans))


def _without_author(xml: bytes, root: bytes) -> bytes:
    """Without our author if no comment is ours any more; before other authors it stays, as they are counted."""
    authors = list(elements(xml, root + b"author"))
    last = len(authors) - 1
    if authors and _authors(xml)[last] == AUTHOR and last not in {author for _, _, author in _comments(xml)}:
        xml = close_up(cut(xml, [authors[last]]), root + b"authors")
    return close_up(xml, root + b"commentList")
