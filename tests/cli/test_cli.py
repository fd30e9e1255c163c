"""The command line: what each command writes, says and returns."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests import ROOT
from tests.cli.commands import run
from xltool.cli.group import COMMANDS
from xltool.model import FactKey
from xltool.template.loader import template_names

TEMPLATE = "qinglong-2024"
FACTS = ROOT / "samples" / TEMPLATE / "facts.csv"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


class TestHelp:
    def test_overview_names_every_command(self) -> None:
        done = run(["-h"])
        assert done.exit_code == 0
        help_text = done.stdout
        assert all(f"\n  {command} " in help_text for command in COMMANDS)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_help_of_a_command_is_chinese(self, command: str) -> None:
        done = run([*command.split(), "-h"])
        assert done.exit_code == 0
        help_text = done.stdout
        assert f"用法：xltool {command}" in help_text
        assert not any(word in help_text for word in ("usage", "options", "positional", "show this"))

    def test_xltool_alone_shows_the_help(self) -> None:
        done = run([])
        assert done.exit_code == 0
        alone = done.stdout
        done = run(["-h"])
        assert done.exit_code == 0
        assert alone == done.stdout

    def test_version(self) -> None:
        done = run(["--version"])
        assert done.exit_code == 0
        assert done.stdout == f"xltool {xltool.__version__}\n"

    def test_nothing_heavy_is_imported_for_help(self) -> None:
        """Beside click, and what it uses itself, only modules of ours: no command, none of what commands use."""
        script = (
            "import atexit, click, difflib, gc, sys, unicodedata; before = {*sys.modules};"
            "from xltool.cli import main; main(['-h']);"
            "print(*{*sys.modules} - before, file=sys.stderr)"
        )
        loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stderr
        assert {
            name for name in loaded.split() if not re.match(r"click\.|xltool(\.cli|\.api(\.units)?)?(\.[a-z]+)?$", name)
        } == set()
        assert "xltool.cli.commands" not in loaded


class TestUsageErrors:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["chekc"], "没有“chekc”这个命令：是不是 check？"),
            (["lint"], "没有“lint”这个命令"),
            (["帮助"], "没有“帮助”这个命令，用 xltool -h 看全部命令。"),
            (["--versoin"], "不认识“--versoin”：是不是 --version？"),
            (["new", TEMPLATE], "缺少 -o。"),
            (["new"], "缺少 模板。"),
            (["new", "", "-o", ""], "-o 后面要写一个名称，不能是空的。"),
            (["new", TEMPLATE, "-o"], "-o 后面要写一个值。"),
            (["new", TEMPLATE, "-o", "a.xlsx", "--year", "今年"], "--year 应为四位数的年份，不能是“今年”。"),
            (["new", TEMPLATE, "-o", "a.xlsx", "--year", "y25"], "--year 应为四位数的年份，不能是“y25”。"),
            (
                ["new", TEMPLATE, "-o", "a.xlsx", "--amount-unit", "亿元"],
                "--amount-unit 不能是“亿元”，只能是：元, 万元。",
            ),
            (["check"], "缺少 文件。"),
            (["check", "a.xlsx", "--dryrun"], "不认识“--dryrun”：是不是 --dry-run？\n用法：xltool check 文件…"),
            (["check", "a.xlsx", "--all", "b.xlsx"], "不认识“--all”"),
            (["check", "a.xlsx", "--dry-run=yes"], "--dry-run 后面不能写值。"),
            (["templates", "a", "b"], "不认识“b”。"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_said_in_chinese(self, arguments: list[str], sentence: str) -> None:
        done = run(arguments)
        assert done.exit_code == 2
        error = done.stderr
        assert sentence in error
        assert "用法：xltool" in error
        assert not any(word in error for word in ("usage", "error", "argument", "required", "invalid"))


class TestTemplates:
    def test_lists_every_template(self) -> None:
        done = run(["templates"])
        assert done.exit_code == 0
        text = done.stdout
        assert all(template.id in text and template.title in text for template in xltool.templates())

    @pytest.mark.parametrize("name", template_names())
    def test_one_template_with_tables_columns_and_rules(self, name: str) -> None:
        done = run(["templates", name])
        assert done.exit_code == 0
        text = done.stdout
        template = next(t for t in xltool.templates() if t.id == name)
        assert all(table.name in text for table in template.tables.values())
        assert all(f"  {rule.id} " in text and rule.name in text for rule in template.rules.values())

    def test_unknown_template(self) -> None:
        done = run(["templates", "北京"])
        assert done.exit_code == 2
        assert (
            done.stderr == "没有名为“北京”的模板，可用的模板："
            "longgang-2024、longgang-selfeval-2021、pingshan-2023、qinglong-2024、shenzhen-2020。\n"
        )


class TestFill:
    def test_fills(self, tmp_path: Path) -> None:
        target = tmp_path / "a.xlsx"
        assert (
            run(["fill", TEMPLATE, str(FACTS), "-o", str(target), "--unit", "某某局", "--year", "2026"]).exit_code == 0
        )
        book = xltool.read(target)
        assert book.outline.department == "某某局"
        assert book.facts[FactKey("收入总表", ("合计",), ("合计",))].value == Decimal("325.55")

    def test_facts_that_do_not_fit_are_listed(self, tmp_path: Path) -> None:
        facts = tmp_path / "数.csv"
        facts.write_text("table,row,column,value\n没有的表,201,合计,5\n支出总表,201,合计,五\n", encoding="utf-8")
        done = run(["fill", TEMPLATE, str(facts), "-o", str(tmp_path / "a.xlsx")])
        assert done.exit_code == 2
        error = done.stderr
        assert "第 2 行" in error and "第 3 行" in error
        assert not (tmp_path / "a.xlsx").exists()

    def test_missing_facts(self, tmp_path: Path) -> None:
        done = run(["fill", TEMPLATE, str(tmp_path / "没有.csv"), "-o", str(tmp_path / "a.xlsx")])
        assert done.exit_code == 2
        assert "找不到文件" in done.stderr


class TestRead:
    def test_shows_a_long_table_with_cells_and_blank_totals(self, faulty: Path) -> None:
        done = run(["read", str(faulty)])
        assert done.exit_code == 0
        lines = rows(done.stdout)
        assert lines[0] == ["table", "row", "column", "value", "sheet", "cell"]
        assert ["收支总表", "收入总计", "收入/预算数", "325.55", "收支总表", "C39"] in lines
        assert ["三公经费支出表", "三公经费小计", "资金性质/一般公共预算财政拨款", "", "三公经费支出表", "D6"] in lines

    def test_filling_what_was_read_gives_the_same(self, faulty: Path, tmp_path: Path) -> None:
        facts, again, reread = tmp_path / "数.csv", tmp_path / "再填.xlsx", tmp_path / "再读.csv"
        assert run(["read", str(faulty), "-o", str(facts)]).exit_code == 0
        assert run(["fill", TEMPLATE, str(facts), "-o", str(again)]).exit_code == 0
        assert run(["read", str(again), "-o", str(reread)]).exit_code == 0
        assert facts.read_bytes() == reread.read_bytes()

    def test_as_a_workbook(self, faulty: Path, tmp_path: Path) -> None:
        target = tmp_path / "数.xlsx"
        assert run(["read", str(faulty), "-o", str(target)]).exit_code == 0
        sheet = openpyxl.load_workbook(target).worksheets[0]
        values = [tuple(row) for row in sheet.iter_rows(values_only=True)]
        assert values[0] == ("table", "row", "column", "value", "sheet", "cell")
        assert ("收支总表", "收入总计", "收入/预算数", 325.55, "收支总表", "C39") in values

    def test_as_json(self, faulty: Path, tmp_path: Path) -> None:
        target = tmp_path / "数.json"
        assert run(["read", str(faulty), "-o", str(target)]).exit_code == 0
        facts = json.loads(target.read_text(encoding="utf-8"))
        assert {
            "table": "收支总表",
            "row": ["收入总计"],
            "column": ["收入", "预算数"],
            "value": "325.55",
            "sheet": "收支总表",
            "cell": "C39",
        } in facts

    def test_tells_what_a_long_table_does_not_hold(self, tmp_path: Path) -> None:
        workbook = tmp_path / "a.xlsx"
        heads = ["--unit", "某某局", "--year", "2025", "--amount-unit", "元"]
        done = run(["fill", TEMPLATE, str(FACTS), "-o", str(workbook), *heads])
        assert done.exit_code == 0
        done = run(["read", str(workbook), "-o", str(tmp_path / "数.csv")])
        assert done.exit_code == 0
        assert "用 fill 填回时请加上：--unit 某某局 --year 2025 --amount-unit 元" in done.stdout

    def test_unknown_ending_and_existing_file(self, faulty: Path, tmp_path: Path) -> None:
        done = run(["read", str(faulty), "-o", str(tmp_path / "数.txt")])
        assert done.exit_code == 2
        assert ".csv、.xlsx、.json" in done.stderr
        done = run(["read", str(faulty), "-o", str(faulty)])
        assert done.exit_code == 2
        assert "--force" in done.stderr

    def test_template_can_be_chosen(self, faulty: Path) -> None:
        done = run(["read", str(faulty), "--template", "北京"])
        assert done.exit_code == 2
        assert "没有名为“北京”的模板" in done.stderr


class TestRules:
    def test_lists_rules_and_built_in_problems(self) -> None:
        done = run(["rules", TEMPLATE])
        assert done.exit_code == 0
        text = done.stdout
        assert "  X17 " in text and "  S03 " in text

    def test_explains_one(self) -> None:
        done = run(["rules", TEMPLATE, "x17"])
        assert done.exit_code == 0
        text = done.stdout
        assert "收入总表“该功能科目”行“合计”栏\n  ＝ 支出总表“该功能科目”行“合计”栏" in text
        assert all(heading in text for heading in ("要求", "允许差", "查看", "符合的例子", "不符合的例子"))

    def test_explains_a_built_in_problem(self) -> None:
        done = run(["rules", TEMPLATE, "F01"])
        assert done.exit_code == 0
        assert "公式被数值替换" in done.stdout

    def test_explains_all_that_goes_by_one_number(self) -> None:
        done = run(["rules", TEMPLATE, "A12"])
        assert done.exit_code == 0
        text = done.stdout
        assert "金额应为数字" in text and "金额无法读取" in text

    def test_unknown_rule(self) -> None:
        done = run(["rules", TEMPLATE, "X99"])
        assert done.exit_code == 2
        assert "没有编号为“X99”的规则" in done.stderr


class TestDemo:
    def test_makes_three_workbooks_and_tells_the_findings(self, tmp_path: Path) -> None:
        folder = tmp_path / "演 示"
        done = run(["demo", str(folder)])
        assert done.exit_code == 0
        assert len(list(folder.glob("*.xlsx"))) == 3
        text = done.stdout
        assert "错误　D6　A07" in text
        assert all(str(path) in text for path in folder.glob("*.xlsx"))

    def test_can_be_run_again(self, tmp_path: Path) -> None:
        assert run(["demo", str(tmp_path)]).exit_code == 0
        assert run(["demo", str(tmp_path)]).exit_code == 0


class TestTrouble:
    def test_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "文件").write_text("")
        done = run(["demo", str(tmp_path / "文件" / "里")])
        assert done.exit_code == 2
        error = done.stderr
        assert error.count("\n") == 1 and "无法读写" in error

    def test_read_only_file_is_left_alone(self, faulty: Path) -> None:
        before = faulty.read_bytes()
        faulty.chmod(stat.S_IREAD)
        done = run(["check", str(faulty)])
        assert done.exit_code == 2
        assert "只读" in done.stderr
        assert faulty.read_bytes() == before

    def test_a_mistake_of_ours_is_written_down(
        self, faulty: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("xltool.api.books.check", broken)
        done = run(["check", str(faulty)])
        assert done.exit_code == 2
        log = own_data / "xltool.log"
        assert done.stderr == f"程序出错，已记入“{log}”：请把这个文件发给维护 xltool 的人。\n"
        assert "ZeroDivisionError" in log.read_text(encoding="utf-8")

    def test_reader_of_our_output_goes_away(self, faulty: Path) -> None:
        command = [sys.executable, "-m", "xltool", "read", str(faulty)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""

    def test_output_is_utf8_wherever_it_goes(self, faulty: Path) -> None:
        command = [sys.executable, "-m", "xltool", "check", "--dry-run", str(faulty)]
        environment = {"PYTHONIOENCODING": "ascii", "PATH": "", "XDG_DATA_HOME": os.environ["XDG_DATA_HOME"]}
        output = subprocess.run(command, capture_output=True, env=environment, check=False).stdout
        assert "三公经费支出表" in output.decode("utf-8")
