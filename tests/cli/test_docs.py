"""The documentation speaks of every command, option, rule and problem, and of nothing that does not exist."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from docs.tables import DOCUMENTS, written
from tests import ROOT
from xltool.cli import main
from xltool.cli.group import COMMANDS, xltool
from xltool.report.json import document

DOCS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("samples/*/README.md")])
}


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
def test_every_command_has_its_section_and_its_table(name: str) -> None:
    assert f"<!-- make docs: options {name} -->" in section(DOCS["docs/命令.md"], f"xltool {name}")


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_tables_are_what_make_docs_writes(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert written(text) == text


def corrected_unit() -> None:
    """改前.xlsx, the workbook of a unit whose 公用经费 does not add up, and 改后.xlsx, in which it does."""
    sent = "单位/101003-云岭县信访信息中心（元）"
    shutil.copy(f"{sent}.xlsx", "改前.xlsx")
    line = "一般公共预算基本支出表,30201,一般公共预算基本支出/公用经费,"
    figures = Path(f"{sent}.csv").read_text(encoding="utf-8-sig")
    Path("改.csv").write_text(figures.replace(f"{line}55000.00", f"{line}85000.00"), encoding="utf-8")
    main(shlex.split("fill qinglong-2024 改.csv -o 改后.xlsx --unit 云岭县信访信息中心 --amount-unit 元"))


def test_examples_in_the_readme_are_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line under a command comes in its output, in that order; "…" stands for lines left out."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "samples/merge/qinglong-2024", tmp_path, dirs_exist_ok=True)
    main(["fill", "qinglong-2024", str(ROOT / "samples/qinglong-2024/facts.csv"), "-o", "预算.xlsx"])
    corrected_unit()
    examples = re.findall(r"^```\n\$ xltool (.*?)\n(.*?)^```", DOCS["README.md"], re.MULTILINE | re.DOTALL)
    assert len(examples) >= 5
    for command, expected in examples:
        capsys.readouterr()
        main(shlex.split(command))
        printed = iter(capsys.readouterr().out.splitlines())
        for line in expected.splitlines():
            assert line == "…" or line in printed, f"xltool {command}: {line}"


def test_every_field_of_the_json_report_is_described() -> None:
    from tests.cli.check.test_report import finding, report

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
