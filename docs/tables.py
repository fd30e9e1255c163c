"""`make docs`: writes the tables of the documents anew, from the commands, the problems and the rules themselves.

A table stands between `<!-- make docs: its name -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from xltool.checking.problems import KINDS, Kind
from xltool.cli.command import Command
from xltool.cli.group import COMMANDS, xltool
from xltool.library import load_template
from xltool.merge.findings.kinds import MERGE_KINDS
from xltool.report.text import WORDS
from xltool.report.words.predicates import predicate_lines
from xltool.template.loader import template_names

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_TABLE = re.compile(r"(<!-- make docs: (\w+)(?: ([\w ]+))? -->\n).*?(<!-- end -->)", re.DOTALL)


def written(text: str) -> str:
    """A document with every table as it should be."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{_lines(found[2], found[3])}\n\n{found[4]}", text)


def _lines(name: str, argument: str | None) -> str:
    tables = {
        "commands": _commands,
        "problems": partial(_kinds, KINDS),
        "merge_problems": partial(_kinds, MERGE_KINDS),
        "rules": _rules,
        "predicates": _predicates,
    }
    return "\n".join(_options(argument) if name == "options" and argument else tables[name]())


def _commands() -> Iterator[str]:
    return _table(("命令", "作用"), ((f"`xltool {name}`", text) for name, text in COMMANDS.items()))


def _options(name: str) -> Iterator[str]:
    """What can be typed after a command."""
    context = click.Context(xltool, info_name="xltool")
    command = xltool.get_command(context, name)
    assert isinstance(command, Command), name
    records = [one.get_help_record(context) for one in command.params]
    return _table(("写什么", "意思"), ((f"`{record[0]}`", record[1]) for record in records if record))


def _kinds(kinds: Iterable[Kind]) -> Iterator[str]:
    """What is found without a rule."""
    lines = ((kind.id, kind.name, WORDS[kind.severity], kind.hint) for kind in kinds)
    return _table(("编号", "名称", "轻重", "怎么办"), lines)


def _rules() -> Iterator[str]:
    """The rules of every template that comes with xltool, under a heading each."""
    for number, template in enumerate(map(load_template, template_names())):
        yield from ([""] if number else [])
        yield from (f"## {template.id}：{template.title}", "")
        lines = ((rule.id, rule.name, WORDS[rule.severity], rule.hint) for rule in template.rules.values())
        yield from _table(("编号", "名称", "轻重", "到哪里找原因"), lines)


def _predicates() -> Iterator[str]:
    """The rules that are no equations, by the name that a rule chooses one by."""
    lines = ((f"`{name}`", words, asked) for name, words, asked in predicate_lines())
    return _table(("`predicate`", "什么情况不符合", "还要写"), lines)


def _table(heading: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{'---|' * len(heading)}"
    for line in lines:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |"


def main() -> None:
    for path in DOCUMENTS:
        path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
