"""R04: whether the target of an indicator points the way that the indicator means, and one target for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding_at, records, subject, text
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import TEXT, Asks, Wanted
from xltool.template.spec import Rule
from xltool.template.word_lists import IndicatorWords, indicator_words

HIGHER, LOWER = "≥", "≤"


class Indicator(NamedTuple):
    """One indicator as printed; its target without blanks."""

    place: Place
    name: str
    text: str
    target: str


@predicate(
    words="{table}的“{1}”写的方向（≥ 或 ≤）与“{0}”的含义相反（如接待率“≤99%”），"
    "或名称、描述相同的指标有不同的目标值，就提出疑问。拿不准方向的指标不问。",
    asks=Asks(
        "must",
        (Wanted("指标名称", ("path", "text")), Wanted("目标值", TEXT), Wanted("指标描述", TEXT)),
        optional=1,
    ),
)
def indicator_direction(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R04: questions about targets that point the other way than the indicator, and about indicators with two targets.

    The same question about several cells is asked once. What has been asked about is not compared again.
    """
    indicators = [indicator for record in records(book, rule) if (indicator := _indicator(book, record)).target]
    doubtful: dict[tuple[str, str], list[Indicator]] = {}
    for indicator in indicators:
        if is_doubtful(indicator.name, indicator.text, indicator.target):
            doubtful.setdefault((indicator.name, indicator.target), []).append(indicator)
    for (name, target), same in doubtful.items():
        first = same[0]
        better, right = ("高", HIGHER) if direction_of(target) == LOWER else ("低", LOWER)
        more = f"等 {len(same)} 处" if len(same) > 1 else ""
        statement = Statement(
            "{what}是{found}：{basis}，是否应为{expected}？",
            f"指标{quoted(name)}的目标值",
            f"{quoted(target)}（{words.address(first.place, first.place)}）{more}",
            quoted(right),
            f"这个指标一般越{better}越好",
        )
        yield finding_at(book, rule, first.place, statement, alike=[other.place for other in same[1:]])
    asked = {indicator.place for same in doubtful.values() for indicator in same}
    yield from _two_targets(book, words, rule, [one for one in indicators if one.place not in asked])


def _two_targets(book: Book, words: Words, rule: Rule, indicators: list[Indicator]) -> Iterator[Finding]:
    """Indicators of one name and one description with different targets; said once a name."""
    by_meaning: dict[tuple[str, str], dict[str, Indicator]] = {}
    for one in indicators:
        by_meaning.setdefault((one.name, one.text), {}).setdefault(_comparable(one.target), one)
    differing: dict[str, list[Indicator]] = {}
    for (name, _), targets in by_meaning.items():
        if len(targets) > 1:
            differing.setdefault(name, []).extend(targets.values())
    for name, same in differing.items():
        first, *others = same
        told = "，".join(
            f"{_owner(book, one.place)}{quoted(one.target)}（{words.address(one.place, first.place)}）" for one in same
        )
        found = f"{len(same)} 个目标值：{told}"
        statement = Statement("同一个{what}有 {found}，是否应一致？", f"指标{quoted(name)}", found)
        yield finding_at(book, rule, first.place, statement, compared=[other.place for other in others])


def _comparable(target: str) -> str:
    """A target whose direction is written in one way: "<24小时" is "≤24小时"."""
    words = indicator_words()
    for direction, spellings in ((HIGHER, words.at_least), (LOWER, words.at_most)):
        for spelling in spellings:
            if target.startswith(spelling):
                return direction + target.removeprefix(spelling)
    return target


def is_doubtful(name: str, description: str, target: str) -> bool:
    """Whether a target says "at most" of what should be high, or "at least" of what should be low."""
    pointing = direction_of(target)
    is_share = "%" in target or "％" in target
    wanted = meaning_of(name, is_share) or (meaning_of(description, is_share) if not _has_words(name) else "")
    return bool(pointing and wanted and pointing != wanted)


def direction_of(target: str) -> str:
    """≥ or ≤, as a target says it; "" if it says neither."""
    words = indicator_words()
    least, most = any(word in target for word in words.at_least), any(word in target for word in words.at_most)
    return "" if least == most else HIGHER if least else LOWER


def meaning_of(text: str, is_share: bool) -> str:
    """≥ if more of what the text names is better, ≤ if less; "" if that cannot be said.

    `is_share` is whether its target is a percentage: "fewer complaints, 30 %" is better when higher.
    """
    words, bare = indicator_words(), _bare(text)
    kind, end = _last_word(bare, words)
    if kind in ("", "neutral") or (end < len(bare) and bare.endswith(words.measures)):
        return ""
    if kind == "higher":
        return HIGHER
    if any(word in bare for word in words.reversing):
        return HIGHER if is_share else ""
    return LOWER if kind == "lower" else ""


def _last_word(text: str, words: IndicatorWords) -> tuple[str, int]:
    """The list that the last word of a text is from (the longest of those that end there), and where it ends."""
    best = (0, 0, "")
    for kind in ("higher", "lower", "events", "neutral"):
        for entry in getattr(words, kind):
            word = entry.removesuffix("$")
            start = text.rfind(word)
            end = start + len(word)
            if start >= 0 and (word == entry or end == len(text)):
                best = max(best, (end, len(word), kind))
    return best[2], best[0]


def _has_words(text: str) -> bool:
    return bool(_last_word(_bare(text), indicator_words())[0])


def _bare(text: str) -> str:
    """A text without blanks, quotes and what stands in brackets at its end."""
    plain = "".join(text.split()).translate(str.maketrans("", "", "“”\"‘’'")).rstrip("。；;，,")
    for opening, closing in ("（）", "()"):
        if plain.endswith(closing) and opening in plain:
            plain = plain[: plain.rindex(opening)]
    return plain


def _indicator(book: Book, record: tuple[Place, ...]) -> Indicator:
    name, target, *rest = record
    description = text(book, rest[0]) if rest else ""
    return Indicator(target, text(book, name), description, "".join(text(book, target).split()))


def _owner(book: Book, place: Place) -> str:
    """The project that a form is about, and that it writes; nothing in a table that is not repeated."""
    return f"{quoted(subject(book, place))}写" if book.layout.blocks[place.block].above else ""
