"""`xltool codes`: what is found, what is told, and what becomes of the user's own list."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
import tomli

from tests import CASE_FILES, ROOT
from tests.cli.commands import run

LISTS = tomli.loads((CASE_FILES / "codes/lists.toml").read_text(encoding="utf-8"))["case"]


pytestmark = pytest.mark.usefixtures("own_data")


def saved(folder: Path, text: str, name: str = "目录.csv", encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def found(*arguments: str) -> list[str]:
    """The codes that a search prints."""
    done = run(["codes", *arguments])
    assert done.exit_code == 0
    return re.findall(r"^\d+(?=  )", done.stdout, re.MULTILINE)


class TestSearch:
    def test_the_example_in_the_manual_is_what_is_printed(self) -> None:
        manual = (ROOT / "docs" / "命令.md").read_text(encoding="utf-8")
        (example,) = re.findall(r"^\$ xltool codes (.*?)\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
        done = run(["codes", *example[0].split()])
        assert done.exit_code == 0
        assert done.stdout == example[1]

    def test_every_code_is_listed_without_words(self) -> None:
        codes = found()
        assert {"201", "2014001", "301", "30113", "50101"} <= set(codes)
        assert codes == sorted(codes)

    def test_a_code_that_was_not_verified_is_marked(self) -> None:
        done = run(["codes", "30301"])
        assert done.stdout.splitlines()[1].split() == [
            "30301",
            "离休费",
            "部门经济",
            "款",
            "2018",
            "起",
            "未核实",
        ]

    def test_a_year_has_only_its_own_codes(self) -> None:
        assert found("信访事务", "--year", "2023") == ["2010308"]
        assert found("信访事务", "--year", "2024") == ["20140", "2014099"]

    def test_a_code_of_another_year_is_told_with_what_became_of_it(self) -> None:
        done = run(["codes", "2010308", "--year", "2025"])
        assert done.exit_code == 0
        assert done.stdout == "2010308 自 2024 年起改为 20140 信访事务。\n"

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["某某事务"], "目录里没有“某某事务”。目录不全：如确有此科目，可用 xltool codes import 加入。\n"),
            (
                ["2019901", "--year", "2024"],
                "2024 年的目录里没有“2019901”。目录不全：如确有此科目，可用 xltool codes import 加入。\n",
            ),
        ],
    )
    def test_nothing_found_is_one_sentence_and_exit_code_1(self, arguments: list[str], sentence: str) -> None:
        done = run(["codes", *arguments])
        assert done.exit_code == 1
        assert (done.stdout, done.stderr) == ("", sentence)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ("信访 事务", "不认识“事务”。\n用法：xltool codes [编码或名称] [选项]（加 -h 看说明）\n"),
            ("import", "缺少 文件。\n用法：xltool codes import 文件 [选项]（加 -h 看说明）\n"),
            ("import 甲.csv 乙.csv", "不认识“乙.csv”。\n用法：xltool codes import 文件 [选项]（加 -h 看说明）\n"),
        ],
    )
    def test_too_many_or_too_few_words_are_told(self, words: str, sentence: str) -> None:
        done = run(["codes", *words.split()])
        assert done.exit_code == 2
        assert done.stderr == sentence


class TestImport:
    def test_counts_what_is_new_changed_and_known(self, own_data: Path, tmp_path: Path) -> None:
        file = saved(tmp_path, "编码,名称\n20101,人大事务\n2010101,行政运行\n30302,离退休费\n20140,信访事务\n")
        done = run(["codes", "import", file])
        assert done.exit_code == 0
        told = done.stdout.splitlines()
        assert told == ["科目：新增 2 个，改动 1 个，已有 1 个。", f"自己的科目目录：{own_data / 'codes.csv'}"]
        assert found("20101") == ["20101", "2010101"]
        done = run(["codes", "30302"])
        assert "离退休费" in done.stdout

    @pytest.mark.parametrize("case", LISTS, ids=lambda case: case["name"])
    def test_a_list(self, case: dict[str, str], own_data: Path, tmp_path: Path) -> None:
        arguments = ["codes", "import", saved(tmp_path, case["text"]), *case.get("options", [])]
        done = run(arguments)
        assert done.exit_code == (2 if case.get("told") else 0)
        kept = own_data / "codes.csv"
        lines = kept.read_text(encoding="utf-8-sig").splitlines()[1:] if kept.exists() else []
        assert lines == case.get("kept", [])
        assert [line.strip() for line in done.stderr.splitlines()] == case.get("told", [])

    @pytest.mark.parametrize("case", [case for case in LISTS if "told" not in case], ids=lambda case: case["name"])
    def test_twice_is_the_same_as_once(self, case: dict[str, str], own_data: Path, tmp_path: Path) -> None:
        arguments = ["codes", "import", saved(tmp_path, case["text"]), *case.get("options", [])]
        done = run(arguments)
        kept = own_data / "codes.csv"
        before = (kept.read_bytes(), kept.stat().st_ino) if kept.exists() else None
        done = run(arguments)
        assert done.exit_code == 0
        assert re.match(r"科目：新增 0 个，改动 0 个，已有 \d+ 个。", done.stdout)
        assert before == ((kept.read_bytes(), kept.stat().st_ino) if kept.exists() else None)

    @pytest.mark.parametrize(
        "order",
        ["import {} --year 2025", "import --year 2025 {}", "--year 2025 import {}", "import --year=2025 {}"],
    )
    def test_the_year_may_stand_anywhere(self, order: str, own_data: Path, tmp_path: Path) -> None:
        file = saved(tmp_path, "编码,名称\n20101,人大事务\n")
        assert run(["codes", *(word.format(file) for word in order.split())]).exit_code == 0
        assert (own_data / "codes.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == ["20101,人大事务,2025"]

    def test_every_sheet_of_a_workbook_and_codes_stored_as_numbers(self, tmp_path: Path) -> None:
        workbook = openpyxl.Workbook()
        first, second = workbook.worksheets[0], workbook.create_sheet("部门经济")
        for row in (["2025 年政府收支分类科目"], ["科目名称", "科目编码", "年度"], ["　人大事务", 20101, 2025]):
            first.append(row)
        for row in (["code", "name"], ["39901", "赠与"]):
            second.append(row)
        workbook.create_sheet("说明").append(["本目录仅供参考"])
        workbook.save(tmp_path / "目录.xlsx")
        done = run(["codes", "import", str(tmp_path / "目录.xlsx")])
        assert done.exit_code == 0
        assert "新增 2 个" in done.stdout
        assert found("人大事务") == ["20101"]
        assert found("39901") == ["39901"]

    def test_a_mistake_in_a_workbook_is_told_with_its_sheet(self, tmp_path: Path) -> None:
        workbook = openpyxl.Workbook()
        workbook.worksheets[0].title = "功能"
        for row in (["编码", "名称"], ["2010", "人大"]):
            workbook.worksheets[0].append(row)
        workbook.save(tmp_path / "目录.xlsx")
        done = run(["codes", "import", str(tmp_path / "目录.xlsx")])
        assert done.exit_code == 2
        assert "“功能”表第 2 行：“2010”不是科目编码" in done.stderr

    def test_a_mistake_leaves_ones_list_as_it_was(self, own_data: Path, tmp_path: Path) -> None:
        done = run(["codes", "import", saved(tmp_path, "编码,名称\n20101,人大事务\n")])
        before = (own_data / "codes.csv").read_bytes()
        done = run(["codes", "import", saved(tmp_path, "编码,名称\n20102,政协事务\n201,\n")])
        assert done.exit_code == 2
        assert (own_data / "codes.csv").read_bytes() == before
        assert [path.name for path in own_data.iterdir()] == ["codes.csv"]

    def test_a_later_list_corrects_an_earlier_one(self, own_data: Path, tmp_path: Path) -> None:
        done = run(["codes", "import", saved(tmp_path, "编码,名称\n30302,离退休费\n")])
        done = run(["codes", "import", saved(tmp_path, "编码,名称\n30302,退休费\n")])
        assert "改动 1 个" in done.stdout
        assert (own_data / "codes.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == ["30302,退休费,"]

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("没有.csv", None, "找不到文件"),
            ("目录.csv", b"\xff\x80\x00\x01\xff\xff", "不是 CSV 文件：请在 Excel 中另存为"),
            ("目录.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "是旧格式（.xls/.et）：请在 Excel 或 WPS 中另存为 .xlsx"),
            ("目录.md", "编码,名称".encode(), "其实是文本文件"),
        ],
    )
    def test_a_file_that_is_no_list_is_refused(
        self, name: str, content: bytes | None, sentence: str, tmp_path: Path
    ) -> None:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        done = run(["codes", "import", str(tmp_path / name)])
        assert done.exit_code == 2
        assert sentence in done.stderr

    def test_a_damaged_list_of_ones_own_stops_every_command_with_a_sentence(
        self, own_data: Path, tmp_path: Path
    ) -> None:
        own_data.mkdir(parents=True)
        (own_data / "codes.csv").write_text("编码,名称\n201,\n", encoding="utf-8")
        for command in (["codes"], ["new", "qinglong-2024", "-o", str(tmp_path / "空白.xlsx")]):
            done = run(command)
            assert done.exit_code == 2
            assert "第 2 行：201 没有名称" in done.stderr

    def test_a_new_workbook_offers_ones_own_codes(self, tmp_path: Path) -> None:
        run(["codes", "import", saved(tmp_path, "编码,名称\n2010101,行政运行\n")])
        run(["new", "qinglong-2024", "-o", str(tmp_path / "空白.xlsx")])
        offered = {cell.value for cell in openpyxl.load_workbook(tmp_path / "空白.xlsx")["科目"]["A"]}
        assert {"2010101", "20140"} <= offered
        assert "2010308" not in offered, "it ended in 2023"
