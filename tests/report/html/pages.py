"""A page as its reader has it: parsed strictly, its texts, its links, what it would fetch."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "img", "input", "hr"}
_FETCHED = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}


class Page(HTMLParser):
    """Fails on an element that is not closed where it was opened.

    `texts` are those of the elements with a class, by class; `tags` the names of all elements; `links` all addresses
    that can be followed, `fetched` those that are fetched unasked, `handlers` the attributes that hold code or style.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.open: list[tuple[str, list[str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.handlers: list[str] = []
        self.policy = ""
        self.code: dict[str, str] = {}
        self._pieces: list[list[str]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), attrs
        self.tags.add(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.fetched += [value for name, value in given.items() if name in _FETCHED or (name == "href" and tag != "a")]
        self.handlers += [name for name in given if name == "style" or name.startswith("on")]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag not in _VOID:
            self.open.append((tag, given.get("class", "").split()))
            self._pieces.append([])

    def handle_endtag(self, tag: str) -> None:
        opened, classes = self.open.pop()
        assert opened == tag, (opened, tag, self.getpos())
        text = "".join(self._pieces.pop())
        if self._pieces:
            self._pieces[-1].append(text)
        for name in classes:
            self.texts.setdefault(name, []).append(text)
        if tag in ("style", "script"):
            self.code[tag] = text

    def handle_data(self, data: str) -> None:
        if self._pieces:
            self._pieces[-1].append(data)
