"""Runs a rule's own examples through the check: those that pass must, those that fail must be noticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xltool.checking import check as checking
from xltool.diagnose.report import check
from xltool.equations.instances import all_equations
from xltool.equations.verdicts import evaluate
from xltool.excel.read.values import figure
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import NOTE, Book
from xltool.layout.layout import Layout, sheet_key
from xltool.layout.outline import block_of, outline_of
from xltool.layout.plan import plan
from xltool.layout.seen import HeadLine
from xltool.linting.advice import Advice
from xltool.model import CellRef, FactKey, Finding, Severity, Verdict, format_path, parse_path
from xltool.template.spec import FIGURES, Example, Rule, Template

HEAD = ("表头",)
"""Row and column of the lines that an example has under the title of a table."""

NO_EXAMPLES = "没有例子的规则（例子能证明规则管用，也是写给用的人看的）"


def example_advice(template: Template) -> Iterator[Advice]:
    """Rules without examples, and examples that do not do what they say."""
    rules = template.rules.values()
    for key, lacking in (
        ("pass", [rule.id for rule in rules if not rule.passing]),
        ("fail", [rule.id for rule in rules if not rule.failing]),
    ):
        if lacking:
            yield Advice(Severity.WARNING, f"rules.toml：没有 {key}：{'、'.join(lacking)}", NO_EXAMPLES)
    for rule in rules:
        for key, examples, problem_of in (
            ("pass", rule.passing, _passing_problem),
            ("fail", rule.failing, _failing_problem),
        ):
            for number, example in enumerate(examples, 1):
                if problem := problem_of(template, rule, example):
                    yield Advice(Severity.ERROR, f"rules.toml：rule “{rule.id}”.{key}[{number}]：{problem}")


class NotInTemplate(Exception):
    """An example speaks of cells that the template does not have; the message names one."""


def _passing_problem(template: Template, rule: Rule, example: Example) -> str:
    """What is wrong with an example that should keep `rule`; "" if nothing is."""
    try:
        is_broken = _is_broken(rule, example_book(template, example), example)
    except NotInTemplate as error:
        return str(error)
    return f"检查结果是不符合 {rule.id}" if is_broken else ""


def _failing_problem(template: Template, rule: Rule, example: Example) -> str:
    """What is wrong with an example that should break `rule`; "" if nothing is."""
    try:
        book = example_book(template, example)
    except NotInTemplate as error:
        return str(error)
    if not _is_broken(rule, book, example):
        return f"检查没有发现不符合 {rule.id}"
    return "检查发现了，但没有报错误或警告" if check(book).is_clean else ""


def example_book(template: Template, example: Example) -> Book:
    """A book that holds nothing but the example.

    "" is a blank cell, a text where a figure belongs is a text there; a row without cells is one that is missing. The
    row and column 注 are the notes below a table, 表头 the lines under its title.
    """
    values = {
        FactKey(table, parse_path(row), parse_path(column)): value
        for table, rows in example.items()
        for row, cells in rows.items()
        for column, value in cells.items()
    }
    heads = {key: str(values.pop(key)) for key in [key for key in values if key.column == HEAD]}
    keys = [key for key in values if key.column != NOTE]
    layout = plan(template, outline_of(template, keys, template.department, template.year, template.amount_unit))
    notes = {sheet_key(key.table, key.row[:-1]): [str(value)] for key, value in values.items() if key.column == NOTE}
    layout = _without_rows(layout, example).with_notes({key: notes[key] for key in notes if key in layout.tables})
    book = Book(layout, {})
    book.seen.heads += [line for key, text in heads.items() for line in _head_lines(key, text, layout)]
    for key, value in values.items():
        if key.column == NOTE and sheet_key(key.table, key.row[:-1]) in layout.tables:
            continue
        place = _place(key, layout)
        if isinstance(value, str) and layout.kind(place) in FIGURES:
            typed = figure(layout.kind(place), value).value
            if typed is not None:
                book.values[place] = typed
                book.as_text.append(place)
        elif value != "":
            book.values[place] = value
    return book


def _head_lines(key: FactKey, text: str, layout: Layout) -> Iterator[HeadLine]:
    at = layout.tables.get(sheet_key(key.table, key.row[:-1]))
    if at is None:
        raise NotInTemplate(f"模板里没有表“{key.table}”")
    for line, words in enumerate(text.split("\n"), at.title_row + 1):
        yield HeadLine(sheet_key(key.table, key.row[:-1]), CellRef(at.sheet, line, 1), words)


def _without_rows(layout: Layout, example: Example) -> Layout:
    """The layout without the rows that have no cells in the example."""

    def kept(block: BlockAt) -> BlockAt:
        missing = {parse_path(row) for row, cells in example.get(block.table.id, {}).items() if not cells}
        return replace(block, rows=tuple(row for row in block.rows if row.path not in missing))

    return layout.with_blocks(map(kept, layout.blocks))


def _place(key: FactKey, layout: Layout) -> Place:
    if key.table not in layout.template.tables:
        raise NotInTemplate(f"模板里没有表“{key.table}”")
    if block_of(layout.template.tables[key.table], key.column, key.row) is None:
        raise NotInTemplate(f"表“{key.table}”没有“{format_path(key.column)}”这一栏")
    place = layout.place(key)
    if place is None or layout.blocks[place.block].rows[place.row].definition is None:
        raise NotInTemplate(f"表“{key.table}”没有“{format_path(key.row)}”这一行")
    return place


def _is_broken(rule: Rule, book: Book, example: Example) -> bool:
    """Whether a rule does not hold in the example's tables, whichever rule the findings are told under."""
    outcomes = (evaluate(equation, book.layout, book.values, book.live) for equation in all_equations(book.layout))
    return (
        any(outcome.verdict is Verdict.FAIL for outcome in outcomes if outcome and outcome.equation.rule == rule.id)
        or _is_told(rule, checking.check(book).remarks, example)
        or _is_told(rule, check(book).findings, example)
    )


def _is_told(rule: Rule, findings: Iterable[Finding], example: Example) -> bool:
    there = (one for one in findings if one.key is not None and one.key.table in example)
    return any(one.rule == rule.id and one.verdict is Verdict.FAIL for one in there)
