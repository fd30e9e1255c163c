"""Tells what the proof of rounding (L01) came to: the equations that contradict each other, or that nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from xltool.checking.tell.related import related_cells
from xltool.checking.tell.words import Words
from xltool.equations.evaluate import sides
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Finding, Role, Severity, Statement, Verdict
from xltool.template.spec import Rule

ROUNDING_PROVED = "rounding_proved"
MAX_SUMS = 8
MAX_PAIRS = 12
"""Of a conflict of more equations the first ones are told, and how many there are."""


def contradiction(
    book: Book, words: Words, rules: Mapping[str, Rule], rule: Rule, conflict: Sequence[Equation]
) -> Finding:
    """Equations that hold one by one within rounding, but not all at once; a warning if one of them need not hold.

    Told at the cell that most of them share.
    """
    bare = [_without_nothing(equation, words) for equation in conflict]
    places = Counter(place for equation in bare for place in equation.places)
    anchor = max(places, key=lambda place: places[place])
    pairs = [equation for equation in bare if equation.is_copy and _agrees(equation, words)]
    sums = [equation for equation in bare if equation not in pairs]
    lines = [f"（{number}）{_stand(equation, words, anchor)}" for number, equation in enumerate(sums[:MAX_SUMS], 1)]
    if len(sums) > MAX_SUMS:
        lines.append(f"……共 {len(sums)} 条。")
    if pairs:
        lines.append(_equal_figures(pairs, words, anchor))
    is_soft = any(rules[equation.rule].severity is Severity.WARNING for equation in conflict)
    others = {place: Role.COMPARED for place, _ in places.most_common() if place != anchor}
    return Finding(
        rule.id,
        rule.name,
        Verdict.FAIL,
        Severity.WARNING if is_soft else rule.severity,
        Statement("下面 {what}单独看都在尾差之内，但不能同时成立，四舍五入解释不了：", f"{len(conflict)} 条等式"),
        book.layout.key(anchor),
        book.layout.cell(anchor),
        related_cells(book, others),
        notes=tuple(lines),
        hint=rule.hint,
    )


def unproved(rule: Rule, count: int, has_failures: bool) -> Finding:
    """Neither a proof nor a conflict; `count` is how many equations are off."""
    statement = Statement("{what}，单独看都在允许差之内。", f"尾差共 {count} 处")
    if has_failures:
        reason = "要先改正不符的地方，才能确认全部尾差合起来能否用四舍五入解释"
    else:
        reason = "全部尾差合起来能否用四舍五入解释，无法确认"
    return Finding(rule.id, rule.name, Verdict.UNDECIDED, Severity.REMARK, statement, reason=reason)


def _stand(equation: Equation, words: Words, seen_from: Place) -> str:
    """How the two sides of an equation stand to each other, in one line."""
    left, right = sides(equation, words.values)
    absent = "" if equation.left and equation.right else "另一张表"
    if left == right:
        text = words.agreement(equation, seen_from)
    else:
        text = str(words.disagreement(equation, left, right, absent, seen_from))
    return f"{equation.rule}：{''.join(text.splitlines())}"


def _equal_figures(pairs: Sequence[Equation], words: Words, seen_from: Place) -> str:
    """The figures that stand in two places, by their addresses: what ties the sums together."""
    rules = "、".join(dict.fromkeys(equation.rule for equation in pairs))
    told = [
        f"{words.address(left, seen_from)}＝{words.address(right, seen_from)}"
        for left, right in (equation.places for equation in pairs[:MAX_PAIRS])
    ]
    more = f" 等 {len(pairs)} 处" if len(pairs) > MAX_PAIRS else ""
    return f"其中两处相等的数（{rules}）：{'，'.join(told)}{more}。"


def _without_nothing(equation: Equation, words: Words) -> Equation:
    """An equation without its blank and zero parts; a side of nothing but these keeps one."""
    left, right = (
        tuple(term for term in side if words.values.get(term.place)) or side[:1]
        for side in (equation.left, equation.right)
    )
    return equation._replace(left=left, right=right)


def _agrees(equation: Equation, words: Words) -> bool:
    left, right = sides(equation, words.values)
    return left == right
