"""The audit of merge.toml: grand totals that are one cell each, lines that can be eliminated, and their examples."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.equations.evaluate import Values, compute
from xltool.equations.instances import all_equations, formulas
from xltool.equations.references import places_at
from xltool.equations.verdicts import evaluate
from xltool.expression import Reference
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.layout.plan import plan
from xltool.linting.advice import Advice
from xltool.linting.examples import NotInTemplate, example_book
from xltool.linting.outlines import branching_outline
from xltool.model import Path, Severity, Verdict, format_path
from xltool.template.merge_ways import RATE, SUM, TEXT, WAYS, is_shared, ways
from xltool.template.merging import MERGE_FILE
from xltool.template.spec import DIMENSIONS, FIGURES, Elimination, Example, Template


def merge_advice(template: Template) -> Iterator[Advice]:
    """What can be said of merge.toml."""
    merging = template.merging
    layout = plan(template, branching_outline(template))
    for key, reference in (("income", merging.income), ("expenditure", merging.expenditure)):
        if reference is not None and len(list(places_at(reference, layout))) != 1:
            yield _error(f"{key}：“{reference}”应是一个格子")
    if (merging.income is None) != (merging.expenditure is None):
        yield _error("income、expenditure：要写就两个都写")
    for elimination in merging.eliminations:
        where = f"eliminate “{elimination.name}”"
        yield from (_error(f"{where}.{text}") for text in _problems(elimination, layout))
        yield from (_error(f"{where}.{text}") for text in _example_problems(elimination, template))

    yield from _ways(template)


def _ways(template: Template) -> Iterator[Advice]:
    """What cannot be added up without being told how, and what cannot be merged as it is told."""
    kinds = {SUM: FIGURES, TEXT: ("text",)}
    for one in ways(template):
        name = f"表“{one.table}”的“{one.slot.field or format_path(one.slot.column)}”"
        if not one.way and is_shared(template, one):
            yield Advice(
                Severity.WARNING,
                f"{name}：汇总时几个单位的比率怎样合，推不出来：请写 merge（{'、'.join(WAYS)}），或写一条 ratio 规则",
            )
        elif one.way == RATE and not one.is_computed:
            yield Advice(Severity.ERROR, f'{name}：merge = "rate" 要有一条 ratio 或 growth_rate 规则说明它怎样算')
        elif one.kind not in kinds.get(one.way, (one.kind,)):
            yield Advice(Severity.ERROR, f'{name}：merge = "{one.way}" 不适用于 kind 是 {one.kind} 的栏')


def _error(text: str) -> Advice:
    return Advice(Severity.ERROR, f"{MERGE_FILE}：{text}")


def _problems(elimination: Elimination, layout: Layout) -> Iterator[str]:
    if not elimination.income:
        yield "income：缺少，要写收款一方的格子"
    for key, references in (("income", elimination.income), ("expenditure", elimination.expenditure)):
        for reference in references:
            places = list(places_at(reference, layout))
            if not any(layout.kind(place) == "amount" for place in places):
                yield f"{key}：“{reference}”不是金额"
            elif not _typed([reference], layout):
                yield f"{key}：“{reference}”都由公式得出，抵销不了，请写填数的格子"
    if elimination.expenditure and not (elimination.passing and elimination.failing):
        yield "pass、fail：两种例子都要有"


def _example_problems(elimination: Elimination, template: Template) -> Iterator[str]:
    for key, examples in (("pass", elimination.passing), ("fail", elimination.failing)):
        for number, example in enumerate(examples, 1):
            try:
                problem = _example_problem(elimination, example, template, agrees=key == "pass")
            except NotInTemplate as error:
                problem = str(error)
            if problem:
                yield f"{key}[{number}]：{problem}"


def _example_problem(elimination: Elimination, example: Example, template: Template, agrees: bool) -> str:
    book = example_book(template, example)
    sides = [_sums(side, book) for side in (elimination.income, elimination.expenditure)]
    if (sides[0] == sides[1] and any(sides[0].values())) != agrees:
        return f"收款、付款两方{'不' if agrees else ''}相等"
    if not agrees:
        return ""
    eliminated = dict.fromkeys(_typed((*elimination.income, *elimination.expenditure), book.layout), Decimal(0))
    broken = _broken(book, {**book.values, **eliminated}) - _broken(book, book.values)
    return f"抵销以后不符合 {'、'.join(sorted(broken))}" if broken else ""


def _sums(references: tuple[Reference, ...], book: Book) -> dict[Path, Decimal]:
    """What the first of the places adds up to, for each 科目 where there are any."""
    sums: dict[Path, Decimal] = {}
    for place in _typed(references[:1], book.layout):
        value = book.values.get(place)
        if isinstance(value, Decimal):
            row = references[0].row
            path = book.layout.blocks[place.block].rows[place.row].path
            members = [name for name, each in zip(path, row, strict=True) if each in DIMENSIONS and each != "unit"]
            sums[tuple(members)] = sums.get(tuple(members), Decimal(0)) + value
    return sums


def _typed(references: tuple[Reference, ...] | list[Reference], layout: Layout) -> list[Place]:
    totals = formulas(layout)
    return [place for reference in references for place in places_at(reference, layout) if place not in totals]


def _broken(book: Book, values: Values) -> set[str]:
    """The rules that the figures break, their totals calculated."""
    totals = formulas(book.layout)
    figures = {place: value for place, value in values.items() if place not in totals}
    live = compute(figures, totals)
    outcomes = [evaluate(equation, book.layout, figures, live) for equation in all_equations(book.layout)]
    failed = {outcome.equation.rule for outcome in outcomes if outcome and outcome.verdict is Verdict.FAIL}
    return {rule for rule in failed if book.template.rules[rule].severity is Severity.ERROR}
