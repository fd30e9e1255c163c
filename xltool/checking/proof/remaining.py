"""What is left to rounding in a checked book, and whether rounding explains it all at once (L01)."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from xltool.checking.check import Checked
from xltool.checking.proof.book import Answer, Question, prove_rounding
from xltool.checking.proof.findings import ROUNDING_PROVED, contradiction, unproved
from xltool.equations.instances import all_equations
from xltool.equations.verdicts import Figures
from xltool.layout.block import Place
from xltool.model import Finding, Severity, Verdict


class Remaining(NamedTuple):
    """The answer, and what is to be told of it."""

    answer: Answer
    findings: list[Finding]


def prove_remaining(checked: Checked, wrong: Collection[Place]) -> Remaining:
    """Whether rounding explains at once all the differences that it explains one by one.

    What fails is told elsewhere and is left out; its cells, and those that may be its cause (`wrong`), may be wrong. So
    is a 0 for which another table has no row: neither says that there is nothing, but that it is not worth printing.
    """
    book, others = checked.book, checked.judged.others
    off = [o.equation for o, reason in others if not reason and not o.equation.is_inequality]
    rule = next((rule for rule in checked.rules.values() if rule.predicate == ROUNDING_PROVED), None)
    if rule is None or not off:
        return Remaining(Answer(None), [])
    failing = [outcome.equation for outcome in checked.judged.failing]
    left_out = {id(e) for e in failing} | {id(o.equation) for o, reason in others if reason}
    equations = [e for e in all_equations(book.layout) if not e.is_inequality and e.target not in checked.blank]
    held = [e for e in equations if id(e) not in left_out and (any(e.constants) or (e.left and e.right))]
    doubted = {place for equation in failing for place in equation.places}.union(wrong)
    soft = {rule.id for rule in checked.rules.values() if rule.severity is Severity.WARNING}
    figures = Figures(book.layout, checked.values, checked.nets.live)
    doubtful = (outcome for outcome, _ in others if outcome.verdict is Verdict.IMPLAUSIBLE)
    zeros = {place for o in doubtful for _, place in figures.zeros(o.equation, o.difference)}
    question = Question(held, off, checked.nets, zeros, soft, doubted)
    answer = prove_rounding(question, book.layout, checked.values)
    if answer.conflict:  # what only more of the printed zeros could explain is doubtful, and no contradiction
        every = {place for e in held for sign in (1, -1) for _, place in figures.zeros(e, sign)} - zeros
        again = prove_rounding(question._replace(zeros=zeros | every), book.layout, checked.values) if every else answer
        answer = again if again.conflict else Answer(None)
    if answer.conflict:
        told = [contradiction(book, checked.words, checked.rules, rule, answer.conflict)]
    else:
        told = [] if answer.proved else [unproved(rule, len(off), bool(doubted))]
    return Remaining(answer, told)
