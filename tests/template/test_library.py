"""Where templates are found: in a folder that is named, in the user's own, among the built-in ones."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import QINGLONG
from tests.template.test_lint import template_folder
from xltool.cli import main
from xltool.errors import FileRefused, TableNotFound, TemplateError, UnknownTemplate
from xltool.library import library
from xltool.template.loader import template_names, templates_folder

OWN = "某地-2025"

Output = pytest.CaptureFixture[str]


@pytest.fixture
def own(own_data: Path) -> Path:
    """The user's templates folder, with one template of their own."""
    folder = own_data / "templates"
    folder.mkdir(parents=True)
    template_folder(folder, [])
    return folder


def retitled(home: Path, title: str) -> None:
    path = home / "template.toml"
    path.write_text(re.sub('^title = ".*"', f'title = "{title}"', path.read_text("utf-8"), flags=re.M), "utf-8")


def break_it(home: Path) -> None:
    (home / "rules.toml").write_text("use = 5", encoding="utf-8")


def filled(template: str, folder: Path, templates: Path | None = None) -> Path:
    path = folder / "预算.xlsx"
    facts = folder / "数.csv"
    facts.write_text("table,row,column,value\n支出表,2010301,基本支出,5\n", encoding="utf-8")
    xltool.fill(template, facts, path, templates=templates)
    return path


class TestSearch:
    def test_the_users_own_come_before_the_built_in_ones(self, own: Path) -> None:
        assert list(library().homes) == [OWN, *template_names()]
        assert library().load(OWN).title == "某地部门预算表"

    def test_of_two_of_one_name_the_first_counts(self, own: Path, tmp_path: Path) -> None:
        shutil.copytree(templates_folder() / QINGLONG, own / QINGLONG)
        retitled(own / QINGLONG, "我改过的")
        assert library().load(QINGLONG).title == "我改过的"
        named = tmp_path / "共用"
        shutil.copytree(own / QINGLONG, named / QINGLONG)
        retitled(named / QINGLONG, "单位共用的")
        assert library(named).load(QINGLONG).title == "单位共用的"

    def test_a_folder_can_be_given_by_its_path(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(own)
        (own / OWN).rename(own / "另一套")
        for path in (str(own / "另一套"), "另一套/", "./另一套"):
            assert library().load(path).id == "另一套"

    def test_none_of_that_name(self, own: Path) -> None:
        with pytest.raises(
            UnknownTemplate, match=f"没有名为“北京”的模板，可用的模板：{'、'.join(template_names())}、某地-2025。"
        ):
            library().load("北京")

    def test_no_such_folder(self, tmp_path: Path) -> None:
        with pytest.raises(FileRefused, match="--templates 后面应是放模板的文件夹"):
            library(tmp_path / "没有")

    def test_a_template_in_place_of_the_folder_it_is_in(self, own: Path) -> None:
        with pytest.raises(FileRefused, match=f"--templates 后面应写放着它的文件夹，即“{own}”"):
            library(own / OWN)


class TestRecognition:
    def test_a_workbook_made_with_a_users_template(self, own: Path, tmp_path: Path) -> None:
        path = filled(OWN, tmp_path)
        assert xltool.read(path).template.id == OWN

    def test_a_workbook_without_a_note_by_its_titles(self, own: Path, tmp_path: Path) -> None:
        path = filled(OWN, tmp_path)
        workbook = openpyxl.load_workbook(path)
        for name in list(workbook.custom_doc_props.names):
            del workbook.custom_doc_props[name]
        workbook.save(path)
        assert xltool.read(path).template.id == OWN

    def test_in_a_folder_that_is_named(self, tmp_path: Path) -> None:
        folder = tmp_path / "共用"
        folder.mkdir()
        template_folder(folder, [])
        path = filled(OWN, tmp_path, folder)
        assert xltool.read(path, templates=folder).template.id == OWN
        with pytest.raises(TableNotFound):
            xltool.read(path)

    def test_a_broken_template_stops_only_its_own_workbooks(self, own: Path, tmp_path: Path) -> None:
        mine = filled(OWN, tmp_path)
        break_it(own / OWN)
        with pytest.raises(TemplateError):
            xltool.read(mine)
        other = tmp_path / "青龙.xlsx"
        xltool.new(QINGLONG, other)
        assert xltool.read(other).template.id == QINGLONG
        foreign = openpyxl.load_workbook(other)
        for name in list(foreign.custom_doc_props.names):
            del foreign.custom_doc_props[name]
        foreign.save(other)
        assert xltool.read(other).template.id == QINGLONG

    def test_a_template_whose_titles_fit_everything_is_in_nobodys_way(self, own: Path, tmp_path: Path) -> None:
        table = own / OWN / "拨款表.toml"
        table.write_text(table.read_text("utf-8").replace("财政拨款支出表", "{department}"), "utf-8")
        path = tmp_path / "青龙.xlsx"
        xltool.new(QINGLONG, path)
        workbook = openpyxl.load_workbook(path)
        for name in list(workbook.custom_doc_props.names):
            del workbook.custom_doc_props[name]
        workbook.save(path)
        assert xltool.read(path).template.id == QINGLONG


class TestCommands:
    def test_the_list_says_where_a_users_template_is(self, own: Path, capsys: Output) -> None:
        assert main(["templates"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if line.startswith(OWN)][0].endswith(str(own / OWN))
        assert str(templates_folder()) not in "".join(lines)

    def test_the_list_tells_a_broken_one_and_what_to_do(self, own: Path, capsys: Output) -> None:
        break_it(own / OWN)
        assert main(["templates"]) == 0
        text = capsys.readouterr().out
        assert f'不能使用，请用下面的命令查看：\n  xltool templates lint "{own / OWN}"' in text
        assert QINGLONG in text

    def test_every_command_finds_a_template_in_a_named_folder(self, tmp_path: Path, capsys: Output) -> None:
        folder, path, facts = tmp_path / "共用", tmp_path / "预算.xlsx", tmp_path / "数.csv"
        folder.mkdir()
        template_folder(folder, [])
        there = ["--templates", str(folder)]
        assert main(["templates", OWN, *there]) == 0
        assert main(["rules", OWN, "X1", *there]) == 0
        assert main(["new", OWN, "-o", str(path), *there]) == 0
        assert main(["new", OWN, "-o", str(path), "--like", str(path), "--force", *there]) == 0
        filled(OWN, tmp_path, folder)
        assert main(["read", str(path), "-o", str(facts), "--force", *there]) == 0
        assert main(["fill", OWN, str(facts), "-o", str(path), "--force", *there]) == 0
        assert main(["check", str(path), "--dry-run", *there]) == 0
        output = capsys.readouterr()
        assert output.err == ""
        assert "某地部门预算表（某地-2025）" in output.out and "X1　基本支出逐项相等" in output.out

    def test_the_folder_must_be_there(self, tmp_path: Path, capsys: Output) -> None:
        assert main(["templates", "--templates", str(tmp_path / "没有")]) == 2
        assert "--templates 后面应是放模板的文件夹" in capsys.readouterr().err


class TestLint:
    def test_a_sound_template(self, tmp_path: Path, capsys: Output) -> None:
        assert main(["templates", "lint", str(template_folder(tmp_path, []))]) == 0
        assert capsys.readouterr().out == "某地-2025　某地部门预算表\n\n没有发现问题。\n"

    def test_errors_come_first_and_are_the_exit_code(self, tmp_path: Path, capsys: Output) -> None:
        changes = [
            {"file": "草稿.toml", "put": ""},
            {"file": "支出表.toml", "find": '{ id = "项目支出" }', "put": '{ id = "项目支出" }, { id = "采购" }'},
            {"file": "rules.toml", "find": '"基本支出" = -5', "put": '"基本支出" = 5'},
        ]
        assert main(["templates", "lint", str(template_folder(tmp_path, changes))]) == 1
        assert capsys.readouterr().out == (
            "某地-2025　某地部门预算表\n\n"
            "错误 1 处\n"
            "  rules.toml：rule “A15”.fail[1]：检查没有发现不符合 A15\n\n"
            "警告 2 处\n"
            "  草稿.toml：template.toml 的 tables 没有列出它，这张表不会用到\n"
            "  没有等式核对的格子（填错了查不出来；能与别处核对的，请在 rules.toml 里加规则）\n"
            "    支出表.toml：“采购”栏的“2010301”、“2010302”行\n\n"
            "共错误 1 处，警告 2 处。改正错误后请再检查一次。\n"
        )

    def test_a_folder_of_templates(self, own: Path, capsys: Output) -> None:
        template_folder(own / "..", []).rename(own / "另一套")
        break_it(own / "另一套")
        assert main(["templates", "lint", str(own)]) == 1
        text = capsys.readouterr().out
        assert re.findall("^(?:另一套|某地-2025)", text, re.M) == ["另一套", "某地-2025"]
        assert "rules.toml：use：应为文字列表" in text

    def test_no_template_there(self, tmp_path: Path, capsys: Output) -> None:
        for folder in (tmp_path, tmp_path / "没有"):
            assert main(["templates", "lint", str(folder)]) == 2
            assert "里没有模板" in capsys.readouterr().err

    def test_help_and_a_missing_folder(self, capsys: Output) -> None:
        assert main(["templates", "lint", "-h"]) == 0
        assert "用法：xltool templates lint 文件夹" in capsys.readouterr().out
        assert main(["templates", "lint"]) == 2
        assert "缺少 文件夹。" in capsys.readouterr().err
