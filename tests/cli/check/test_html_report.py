"""`check --html`: the page is written beside all else that a check does, for one file or many."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.commands import run
from tests.report.html.pages import Page


def test_one_file_is_told_and_links_to_itself(faulty: Path, tmp_path: Path) -> None:
    result = run(["check", str(faulty), "--html", str(tmp_path / "报告.html")])
    assert result.exit_code == 1
    page = Page((tmp_path / "报告.html").read_text("utf-8"))
    assert "<title>检查报告：信访局 2024预算.xlsx</title>" in page.html
    assert page.texts["summary"][0] in result.output
    links = [link for link in page.links if not link.startswith("#")]
    assert links[0].startswith("./%E4%BF%A1%E8%AE%BF%E5%B1%80%202024%E9%A2%84%E7%AE%97.xlsx#'")


def test_with_a_copy_the_links_lead_to_the_copy(faulty: Path, tmp_path: Path) -> None:
    run(["check", str(faulty), "-o", str(tmp_path / "标注.xlsx"), "--html", str(tmp_path / "报告.html")])
    page = Page((tmp_path / "报告.html").read_text("utf-8"))
    assert {link.partition("#")[0] for link in page.links} == {"", "./%E6%A0%87%E6%B3%A8.xlsx"}


def test_many_files_have_an_index_and_a_bad_one_is_a_line(faulty: Path, tmp_path: Path) -> None:
    (bad := tmp_path / "坏的.xlsx").write_text("not a workbook")
    (other := tmp_path / "下级").mkdir()
    same = shutil.copy(faulty, other / faulty.name)
    html = tmp_path / "报告.html"
    result = run(["check", str(faulty), str(bad), str(same), "--dry-run", "--html", str(html)])
    page = Page(html.read_text("utf-8"))
    assert result.exit_code == 2
    assert "共 3 个文件" in page.html
    assert len(page.texts["workbook"]) == 2
    assert "“坏的.xlsx”" in page.html
    assert f"<h2>{same}</h2>" in page.html, "two files of one name are told apart by their folders"


def test_json_may_be_on_the_screen_and_a_list_beside(faulty: Path, tmp_path: Path) -> None:
    html, listed = tmp_path / "报告.html", tmp_path / "清单.csv"
    result = run(["check", str(faulty), "--dry-run", "--json", "-", "--list", str(listed), "--html", str(html)])
    assert result.stdout.startswith("{")
    assert html.exists() and listed.exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("报告.xlsx", "“报告.xlsx”不是网页的文件名：--html 后面请写以 .html 结尾的文件名。"),
        ("报告", "“报告”不是网页的文件名：--html 后面请写以 .html 结尾的文件名。"),
        ("没有的文件夹/报告.html", "或在 --html 后面写另一个位置。"),
        ("旧的.html", "已存在：请换一个文件名，或加 --force 覆盖它。"),
    ],
)
def test_a_name_that_will_not_do_is_refused_before_anything_is_done(
    name: str, sentence: str, faulty: Path, tmp_path: Path
) -> None:
    (tmp_path / "旧的.html").write_text("旧的")
    before = faulty.read_bytes()
    result = run(["check", str(faulty), "--html", str(tmp_path / name)])
    assert (result.exit_code, faulty.read_bytes()) == (2, before)
    assert sentence in result.stderr
    assert (tmp_path / "旧的.html").read_text() == "旧的"


def test_two_results_cannot_be_one_file(faulty: Path, tmp_path: Path) -> None:
    both = str(tmp_path / "结果.html")
    result = run(["check", str(faulty), "--json", both, "--html", both])
    assert result.exit_code == 2
    assert "“结果.html”是要读或要写的另一个文件：--html 后面请写别的文件名。" in result.stderr
