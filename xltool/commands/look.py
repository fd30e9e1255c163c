"""`templates`, `templates lint`, `rules` and `read`: commands that show something."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from pathlib import Path

from xltool import api
from xltool.checking.problems import KINDS
from xltool.commands import path_or_none, refuse_existing
from xltool.errors import XltoolError
from xltool.layout.book import Book
from xltool.layout.facts_csv import fact_lines
from xltool.report.lint_text import review_text
from xltool.report.rule_words import explain, explain_kind, rule_lines
from xltool.report.template_words import template_list, template_text
from xltool.template.library import library


def templates(arguments: Namespace) -> int:
    """All templates, or all of one."""
    known = library(path_or_none(arguments.templates))
    if arguments.template is None:
        print(template_list(known.shelved()))
    else:
        print(template_text(known.load(arguments.template)))
    return 0


def lint(arguments: Namespace) -> int:
    """What is wrong with templates; 1 if any has an error."""
    reviews = api.lint(Path(arguments.folder))
    print("\n\n".join(map(review_text, reviews)))
    return int(any(review.has_errors for review in reviews))


def rules(arguments: Namespace) -> int:
    """All rules of a template, or one explained."""
    template = library(path_or_none(arguments.templates)).load(arguments.template)
    if arguments.rule is None:
        print("\n".join(rule_lines(template)))
        return 0
    wanted = arguments.rule.upper()
    texts = [explain(template, rule) for rule in template.rules.values() if rule.id == wanted]
    texts += [explain_kind(kind) for kind in KINDS if kind.id == wanted]
    if not texts:
        raise XltoolError(
            f"模板“{template.id}”没有编号为“{arguments.rule}”的规则：用 xltool rules {template.id} 看全部编号。"
        )
    print("\n\n".join(texts))
    return 0


def read(arguments: Namespace) -> int:
    """The facts of a workbook as a long table, in a file or on the screen."""
    target = path_or_none(arguments.target)
    if target is not None:
        refuse_existing(target, arguments.force)
    book = api.read(Path(arguments.file), arguments.template, path_or_none(arguments.templates))
    if target is None:
        csv.writer(sys.stdout, lineterminator="\n").writerows(fact_lines(api.facts(book), with_cells=True))
    else:
        api.save_facts(book, target)
        print(f"已写出 {len(api.facts(book))} 行：{target}")
        heads = _heads(book)
        if heads:
            print(f"用 fill 填回时请加上：{heads}")
    return 0


def _heads(book: Book) -> str:
    """The options with which `fill` prints the same heads: a long table does not hold them."""
    outline, template = book.outline, book.template
    options = {
        "--unit": (outline.department, template.department),
        "--year": (outline.year, template.year),
        "--amount-unit": (outline.amount_unit, template.amount_unit),
    }
    return " ".join(f"{name} {_quoted(str(own))}" for name, (own, usual) in options.items() if own and own != usual)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
