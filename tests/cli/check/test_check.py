"""The command line: what `check` and `clear` write, say and return."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests import ROOT
from tests.cli.commands import run
from xltool.model import FactKey, Value

TEMPLATE = "qinglong-2024"


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A small budget in which everything agrees."""
    path = tmp_path / "无误.xlsx"
    xltool.fill(TEMPLATE, balanced(), path)
    return path


def balanced() -> dict[FactKey, Value]:
    """One project of ten, received and spent; totals and the other tables follow by formula."""
    ten = Decimal("10.00")
    columns = {
        "收入总表": ("本年收入", "财政拨款收入"),
        "支出总表": ("项目支出",),
        "一般公共预算支出表": ("项目支出",),
    }
    facts: dict[FactKey, Value] = {
        FactKey(table, (code,), column): ten
        for table, column in columns.items()
        for code in ("201", "20140", "2014004")
    }
    facts[FactKey("收支总表", ("一般公共预算拨款收入",), ("收入", "预算数"))] = ten
    for table in ("政府性基金支出表", "国有资本经营支出表"):
        facts[FactKey(table, ("注",), ("注",))] = "注：本表无数据，空表列示。"
    return facts


def sign(workbook: Path) -> None:
    """What is left of a digital signature is enough for us to keep our hands off."""
    with zipfile.ZipFile(workbook, "a") as package:
        package.writestr("_xmlsignatures/origin.sigs", "")


def add_threads(workbook: Path, sheet: str, cells: list[str]) -> None:
    """A thread (线程批注) on each of these cells of a sheet that had no notes."""
    number = openpyxl.load_workbook(workbook).sheetnames.index(sheet) + 1
    threads = "".join(f'<threadedComment ref="{cell}"/>' for cell in cells)
    with zipfile.ZipFile(workbook, "a") as package:
        package.writestr("xl/threadedComments/threadedComment1.xml", f"<ThreadedComments>{threads}</ThreadedComments>")
        package.writestr(
            f"xl/worksheets/_rels/sheet{number}.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="t" '
            'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
            'Target="../threadedComments/threadedComment1.xml"/></Relationships>',
        )


class TestCheck:
    def test_marks_in_place_and_reports(self, faulty: Path) -> None:
        done = run(["check", str(faulty)])
        assert done.exit_code == 1
        text = done.stdout
        assert "【三公经费支出表】\n错误　D6　A07" in text
        assert "已标注 11 处" in text
        notes = openpyxl.load_workbook(faulty)["三公经费支出表"]["D6"].comment
        assert notes is not None and "应为 2.40" in notes.text

    def test_a_cell_with_a_thread_is_said_to_have_no_note(self, faulty: Path) -> None:
        add_threads(faulty, "三公经费支出表", ["D6", "Z99"])
        done = run(["check", str(faulty)])
        assert "已标注 11 处" in (text := done.stdout)
        assert "其中 1 格原有线程批注（“三公经费支出表”D6），不能改动，所以只着色、没有写批注" in text

    def test_clean_workbook(self, clean: Path) -> None:
        done = run(["check", str(clean)])
        assert done.exit_code == 0
        assert "没有发现问题" in done.stdout

    def test_dry_run_changes_no_byte(self, faulty: Path) -> None:
        before = faulty.read_bytes()
        done = run(["check", "--dry-run", str(faulty)])
        assert done.exit_code == 1
        assert faulty.read_bytes() == before
        assert "已标注" not in done.stdout

    def test_into_another_file(self, faulty: Path, tmp_path: Path) -> None:
        before, target = faulty.read_bytes(), tmp_path / "标注.xlsx"
        done = run(["check", str(faulty), "-o", str(target)])
        assert done.exit_code == 1
        assert faulty.read_bytes() == before
        assert target.read_bytes() != before
        done = run(["check", str(faulty), "-o", str(target)])
        assert done.exit_code == 2
        assert "--force" in done.stderr
        done = run(["check", str(faulty), "-o", str(target), "--force"])
        assert done.exit_code == 1

    def test_several_into_a_folder(self, faulty: Path, clean: Path, tmp_path: Path) -> None:
        folder = tmp_path / "已检查"
        done = run(["check", str(faulty), str(clean), "-o", str(folder)])
        assert done.exit_code == 1
        assert sorted(path.name for path in folder.iterdir()) == sorted([faulty.name, clean.name])
        assert "共 2 个文件：没有问题 1 个，有问题 1 个，没能完成 0 个。" in done.stdout

    def test_files_on_both_sides_of_an_option(self, faulty: Path, clean: Path) -> None:
        done = run(["check", str(faulty), "--dry-run", str(clean)])
        assert done.exit_code == 1
        assert "共 2 个文件" in done.stdout

    @pytest.mark.parametrize("command", ["check", "clear"])
    def test_a_copy_needs_the_ending_of_its_workbook(self, command: str, faulty: Path, tmp_path: Path) -> None:
        done = run([command, str(faulty), "-o", str(tmp_path / "标注.csv")])
        assert done.exit_code == 2
        assert done.stderr == "“标注.csv”应以 .xlsx 结尾：请把 -o 后面的文件名写成“标注.xlsx”。\n"

    def test_several_of_one_name_into_a_folder(self, faulty: Path, tmp_path: Path) -> None:
        other = tmp_path / "另一个单位" / faulty.name
        other.parent.mkdir()
        shutil.copy(faulty, other)
        done = run(["check", str(faulty), str(other), "-o", str(tmp_path / "已检查")])
        assert done.exit_code == 2
        assert "同名" in done.stderr

    def test_several_into_a_file(self, faulty: Path, clean: Path, tmp_path: Path) -> None:
        target = tmp_path / "标注.xlsx"
        target.write_text("mine")
        done = run(["check", str(faulty), str(clean), "-o", str(target)])
        assert done.exit_code == 2
        assert "请在 -o 后面写一个文件夹" in done.stderr
        assert target.read_text() == "mine"

    def test_one_bad_file_does_not_stop_the_others(self, faulty: Path, tmp_path: Path) -> None:
        bad = tmp_path / "坏.xlsx"
        bad.write_text("这不是工作簿")
        done = run(["check", str(bad), str(tmp_path / "没有.xlsx"), str(faulty)])
        assert done.exit_code == 2
        assert "坏.xlsx" in done.stderr and "没有.xlsx" in done.stderr
        assert "已标注 11 处" in done.stdout

    def test_wildcards_are_filled_in(self, faulty: Path, clean: Path, tmp_path: Path) -> None:
        (tmp_path / f"~${clean.name}.xlsx").write_text("lock of another file")
        done = run(["check", "--dry-run", str(tmp_path / "*.xlsx")])
        assert done.exit_code == 1
        assert "共 2 个文件" in done.stdout

    def test_json_alone_on_the_screen(self, faulty: Path) -> None:
        done = run(["check", "--dry-run", str(faulty), "--json", "-"])
        assert done.exit_code == 1
        document = json.loads(done.stdout)
        assert document["schema"] == "xltool.findings/2"
        assert document["file"] == str(faulty)

    def test_json_of_several_is_a_list(self, faulty: Path, clean: Path, tmp_path: Path) -> None:
        target = tmp_path / "结果.json"
        done = run(["check", "--dry-run", str(faulty), str(clean), "--json", str(target)])
        assert done.exit_code == 1
        assert [document["file"] for document in json.loads(target.read_text("utf-8"))] == [str(faulty), str(clean)]
        assert "共核对" in done.stdout

    def test_json_never_replaces_a_workbook(self, faulty: Path, clean: Path) -> None:
        before = clean.read_bytes()
        done = run(["check", str(faulty), "--json", str(clean)])
        assert done.exit_code == 2
        assert clean.read_bytes() == before
        assert ".json" in done.stderr

    def test_signed_workbook_is_checked_but_not_marked(self, faulty: Path) -> None:
        sign(faulty)
        before = faulty.read_bytes()
        done = run(["check", str(faulty)])
        assert done.exit_code == 1
        assert faulty.read_bytes() == before
        text = done.stdout
        assert "错误　D6　A07" in text
        assert "带有数字签名" in text and "没有标注" in text

    def test_workbook_that_is_open_is_reported_but_not_marked(self, faulty: Path) -> None:
        faulty.with_name(f"~${faulty.name}").touch()
        before = faulty.read_bytes()
        done = run(["check", str(faulty)])
        assert done.exit_code == 2
        assert faulty.read_bytes() == before
        assert "错误　D6　A07" in done.stdout
        assert "正被打开" in done.stderr

    def test_checking_again_leaves_no_old_marks(self, clean: Path, faulty: Path, tmp_path: Path) -> None:
        once = tmp_path / "一次.xlsx"
        run(["check", str(faulty), "-o", str(once)])
        run(["check", str(faulty)])
        run(["check", str(faulty)])
        assert faulty.read_bytes() == once.read_bytes()


class TestClear:
    def test_gives_the_file_back(self, faulty: Path) -> None:
        with zipfile.ZipFile(faulty) as package:
            before = {name: package.read(name) for name in package.namelist()}
        done = run(["check", str(faulty)])
        done = run(["clear", str(faulty)])
        assert done.exit_code == 0
        assert "已去掉 11 处标注" in done.stdout
        with zipfile.ZipFile(faulty) as package:
            assert {name: package.read(name) for name in package.namelist()} == before

    def test_into_another_file(self, faulty: Path, tmp_path: Path) -> None:
        run(["check", str(faulty)])
        marked, target = faulty.read_bytes(), tmp_path / "干净.xlsx"
        assert run(["clear", str(faulty), "-o", str(target)]).exit_code == 0
        assert faulty.read_bytes() == marked
        assert openpyxl.load_workbook(target)["三公经费支出表"]["D6"].comment is None

    def test_signed_workbook_is_left_alone(self, faulty: Path) -> None:
        sign(faulty)
        before = faulty.read_bytes()
        done = run(["clear", str(faulty)])
        assert done.exit_code == 2
        assert "数字签名" in done.stderr
        assert faulty.read_bytes() == before


def test_of_several_files_the_sentence_names_the_one_that_could_not_be_checked(tmp_path: Path) -> None:
    other = tmp_path / "别的表.xlsx"
    openpyxl.Workbook().save(other)
    again = tmp_path / "另一个.xlsx"
    openpyxl.Workbook().save(again)
    done = run(["check", str(other), str(again)])
    assert done.exit_code == 2
    assert [line.split("：")[0] for line in done.stderr.splitlines()] == ["别的表.xlsx", "另一个.xlsx"]


def test_a_workbook_under_the_name_of_another_program_is_refused(tmp_path: Path) -> None:
    for name in ("预算.xls", "预算.et", "预算.txt"):
        openpyxl.Workbook().save(tmp_path / name)
        done = run(["check", str(tmp_path / name)])
        assert done.exit_code == 2
        assert "把扩展名改为 .xlsx 后再试" in done.stderr


class TestPipe:
    """Through a real pipe, where what native code writes can be seen as well."""

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "xltool", *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60).stdout

    def test_json_alone(self, faulty: Path) -> None:
        assert json.loads(self.run("check", str(faulty), "--dry-run", "--json", "-"))["file"] == str(faulty)

    def test_a_report_begins_with_the_file(self, faulty: Path) -> None:
        assert self.run("check", str(faulty), "--dry-run").splitlines()[0] == str(faulty)

    def test_a_review_begins_with_the_template(self) -> None:
        folder = ROOT / "workbook_templates" / TEMPLATE
        assert self.run("templates", "lint", str(folder)).startswith(f"{TEMPLATE}　")
