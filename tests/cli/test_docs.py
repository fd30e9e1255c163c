"""The documentation speaks of every command, option, rule and problem, and of nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tests import ROOT
from xltool.checking.problems import KINDS
from xltool.cli import main
from xltool.cli.group import COMMANDS, xltool
from xltool.library import load_template
from xltool.report.json import document
from xltool.report.text import WORDS
from xltool.template.loader import template_names
from xltool.template.spec import Template

DOCS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("samples/*/README.md")])
}
TEMPLATES = [load_template(name) for name in template_names()]


CONTEXT = click.Context(xltool, info_name="xltool")


def command(name: str) -> click.Command:
    found = xltool.get_command(CONTEXT, name)
    assert found is not None
    return found


def options(name: str) -> set[str]:
    return {option for parameter in command(name).params for option in parameter.opts if option.startswith("-")}


def section(text: str, heading: str) -> str:
    """The text under the heading that begins so, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}.*?$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_with_all_its_options_is_described(name: str) -> None:
    text = section(DOCS["docs/命令.md"], f"xltool {name}")
    assert {option for option in options(name) if f"`{option}" not in text} == set()


def test_readme_names_every_command() -> None:
    assert [name for name in COMMANDS if f"xltool {name}" not in DOCS["README.md"]] == []


@pytest.mark.parametrize("document_name", DOCS)
def test_commands_in_the_documents_exist(document_name: str) -> None:
    for line in re.findall(r"(?:^\$ |`|\\)xltool ([^`\n]*)", DOCS[document_name], re.MULTILINE):
        words = line.split()
        if words[0].startswith("-") or not re.fullmatch(r"[a-z]+", words[0]):
            continue
        name = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
        assert name in COMMANDS, line
        used = {word for word in words[1:] if re.fullmatch(r"--?[a-z][a-z-]*", word)} - {"-h"}
        assert used <= options(name), line


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_every_rule_is_listed(template: Template) -> None:
    text = section(DOCS["docs/审核规则.md"], f"{template.id}：{template.title}")
    expected = [f"| {r.id} | {r.name} | {WORDS[r.severity]} | {r.hint} |" for r in template.rules.values()]
    assert [line for line in text.splitlines() if line.startswith("| ")][1:] == expected


def test_every_built_in_problem_is_listed() -> None:
    text = section(DOCS["docs/审核规则.md"], "读取工作簿时发现的问题")
    expected = [f"| {kind.id} | {kind.name} | {WORDS[kind.severity]} | {kind.hint} |" for kind in KINDS]
    assert [line for line in text.splitlines() if line.startswith("| ")][1:] == expected


def test_examples_in_the_readme_are_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line under a command comes in its output, in that order; "…" stands for lines left out."""
    monkeypatch.chdir(tmp_path)
    main(["fill", "qinglong-2024", str(ROOT / "samples/qinglong-2024/facts.csv"), "-o", "预算.xlsx"])
    examples = re.findall(r"^```\n\$ xltool (.*?)\n(.*?)^```", DOCS["README.md"], re.MULTILINE | re.DOTALL)
    assert len(examples) >= 5
    for command, expected in examples:
        capsys.readouterr()
        main(command.split())
        printed = iter(capsys.readouterr().out.splitlines())
        for line in expected.splitlines():
            assert line == "…" or line in printed, f"xltool {command}: {line}"


def test_every_field_of_the_json_report_is_described() -> None:
    from tests.cli.test_report import finding, report

    data = document(report([finding()]))
    fields = {*data, *data["summary"], *data["findings"][0], "value"}
    assert {field for field in fields if f"`{field}`" not in DOCS["docs/json-report.md"]} == set()


@pytest.mark.parametrize("name", DOCS)
def test_links_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", DOCS[name])
    assert [target for target in targets if not (ROOT / name).parent.joinpath(target).exists()] == []


@pytest.mark.parametrize("name", DOCS)
def test_nothing_names_a_machine(name: str) -> None:
    assert re.findall(r"(?:^|[\s`“(])/(?:home|work|root|tmp|usr|opt|Users)\b|[A-Z]:\\|localhost", DOCS[name]) == []


def test_make_targets_named_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for text in DOCS.values() for target in re.findall(r"make ([a-z]+)", text)}
    assert named <= targets


def test_newest_version_is_in_the_changelog() -> None:
    from xltool import __version__

    assert re.search(r"^## (\S+)", DOCS["CHANGELOG.md"], re.MULTILINE)[1] == __version__  # type: ignore[index]
