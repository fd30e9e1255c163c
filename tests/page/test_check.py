"""检查 on the page: what is sent, what is shown, what can be taken away, and reasons for warnings."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import Workbook

from tests import ROOT
from tests.page.served import Served, parts, serving
from xltool import api

SENT = (ROOT / "samples" / "pingshan-2023" / "预算.xlsx").read_bytes()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home")) as served:
        yield served


@pytest.fixture(scope="module")
def checked(page: Served) -> str:
    """The address of the result of one workbook."""
    return page.done("/check", files=[("files", "坪山 预算.xlsx", SENT)])


def test_what_is_wrong_is_shown_with_a_picture_of_its_place(page: Served, checked: str) -> None:
    text = page.get(checked).text
    assert "共核对 546 条等式：错误 1 处，警告 6 处，尾差 11 处。" in text
    assert "面向中小企业政府采购项目（H7） 0 不应小于 50.7" in unescape(text)
    assert '<table class="picture warning">' in text
    assert "不用改的" in text


def test_the_marked_copy_is_what_the_command_line_makes(page: Served, checked: str, tmp_path: Path) -> None:
    answer = page.get(f"{checked}/files/1")
    assert answer.headers["content-disposition"].endswith(
        "''%E5%9D%AA%E5%B1%B1%20%E9%A2%84%E7%AE%97%EF%BC%88%E5%B7%B2%E6%A0%87%E6%B3%A8%EF%BC%89.xlsx"
    )
    source, target = tmp_path / "预算.xlsx", tmp_path / "已标注.xlsx"
    source.write_bytes(SENT)
    api.annotate(source, api.check(api.read(source)).findings, target)
    assert parts(answer.content) == parts(target.read_bytes())


def test_a_marked_copy_that_is_sent_again_keeps_its_name(page: Served) -> None:
    done = page.done("/check", files=[("files", "坪山（已标注）.xlsx", SENT)])
    assert unquote(page.get(f"{done}/files/1").headers["content-disposition"]).endswith("''坪山（已标注）.xlsx")


def test_a_workbook_without_marks_is_not_called_marked(page: Served) -> None:
    [right] = (ROOT / "samples" / "merge" / "qinglong-2024" / "单位").glob("101002*.xlsx")
    done = page.done("/check", files=[("files", "某局（已标注）.xlsx", right.read_bytes())])
    text = page.get(done).text
    assert "标注好的工作簿" not in text and "工作簿（没有要标注的）" in text and "只看错误" not in text
    assert unquote(page.get(f"{done}/files/1").headers["content-disposition"]).endswith("''某局.xlsx")


def test_earlier_results_are_found_again(page: Served, checked: str) -> None:
    later = page.done("/check", files=[("files", name, b"no") for name in ("甲.xlsx", "乙.xlsx")])
    listed = re.findall(r'<li>\d\d:\d\d <a href="(.*?)">(.*?)</a>', page.get("/check").text)
    assert listed[0] == (later, "甲.xlsx 等 2 个文件") and (checked, "坪山 预算.xlsx") in listed
    assert checked not in page.get("/merge").text


def test_list_report_and_all_of_it_can_be_taken_away(page: Served, checked: str) -> None:
    assert zipfile.is_zipfile(io.BytesIO(page.get(f"{checked}/files/{name('问题清单.xlsx')}").content))
    report = page.get(f"{checked}/files/{name('检查报告.html')}")
    assert "attachment" in report.headers["content-disposition"] and "坪山 预算.xlsx" in report.text
    everything = zipfile.ZipFile(io.BytesIO(page.get(f"{checked}/files/{name('检查结果.zip')}").content))
    assert everything.namelist() == ["已标注/坪山 预算.xlsx", "问题清单.xlsx", "检查报告.html"]


def test_a_signed_workbook_is_told_of_and_not_marked(page: Served, tmp_path: Path) -> None:
    signed = tmp_path / "预算.xlsx"
    signed.write_bytes(SENT)
    with zipfile.ZipFile(signed, "a") as package:
        package.writestr("_xmlsignatures/origin.sigs", "")
    done = page.done("/check", files=[("files", "预算.xlsx", signed.read_bytes())])
    text = page.get(done).text
    assert "“预算.xlsx”带有数字签名，标注会使签名失效，所以没有标注。" in text and "警告 6 处" in text
    assert "标注好的工作簿" not in text and page.get(f"{done}/files/1").status == 404


def test_a_workbook_without_budget_tables_is_told_with_what_to_choose_on_the_page(page: Served, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "空白.xlsx")
    text = unescape(
        page.get(page.done("/check", files=[("files", "空白.xlsx", (tmp_path / "空白.xlsx").read_bytes())])).text
    )
    assert "没有认出任何一张预算表" in text and "--template" not in text


def test_a_file_that_is_no_workbook_is_one_line_among_others(page: Served) -> None:
    done = page.done(
        "/check", files=[("files", "预算.xlsx", SENT), ("files", "说明.xlsx", b"nothing"), ("files", "预算.xlsx", SENT)]
    )
    text = page.get(done).text
    assert "共 3 个文件：没有问题 0 个，有问题 2 个，没能完成 1 个。" in text
    assert len(re.findall('<span class="trouble">“说明.xlsx”', text)) == 1
    assert "预算（2）.xlsx" in text
    assert str(page.home) not in text
    assert "面向中小企业" in page.get(f"{done}/3").text and page.get(f"{done}/2").status == 200
    assert page.get(f"{done}/4").status == 404


def test_a_reason_is_kept_in_the_marked_copy(page: Served, tmp_path: Path) -> None:
    done = page.done("/check", files=[("files", "预算.xlsx", SENT)])
    code = a_code(page.get(done).text)
    explained = page.done(f"{done}/1", fields=[(f"reason:{code}", "经核对，<属实>"), ("who", "张三")])
    text = page.get(explained).text
    assert "警告 5 处，已说明 1 处" in text and "经核对，&lt;属实&gt;（张三，" in text
    marked = tmp_path / "预算.xlsx"
    marked.write_bytes(page.get(f"{done}/files/1").content)
    accepted = [finding.accepted for finding in api.check(api.read(marked)).findings if finding.accepted]
    assert [(one.reason, one.who) for one in accepted] == [("经核对，<属实>", "张三")]
    sent = [("files", "预算.xlsx", marked.read_bytes())]
    cleared = [page.get(page.done("/clear", fields, sent)).text for fields in ([], [("everything", "1")])]
    assert ["“审核说明”表" in one for one in cleared] == [False, True]
    withdrawn = page.done(f"{done}/1", fields=[(f"reason:{code}", "")])
    assert "警告 6 处，尾差" in page.get(withdrawn).text


def test_of_a_check_that_was_stopped_nothing_can_be_taken_away(page: Served) -> None:
    done = page.post("/check", files=[("files", "预算.xlsx", SENT)]).headers["location"]
    page.post(f"{done}/stop")
    for what in ("1", name("问题清单.xlsx"), name("检查结果.zip")):
        assert "检查：已停止" in page.get(f"{done}/files/{what}").text


def test_a_check_for_a_reason_that_was_stopped_leaves_the_result_as_it_was(page: Served) -> None:
    done = page.done("/check", files=[("files", "预算.xlsx", SENT)])
    code, before = a_code(page.get(done).text), page.get(f"{done}/files/1").content
    assert page.post(f"{done}/1", fields=[(f"reason:{code}", "属实")]).status == 303
    page.post(f"{done}/stop")
    text = page.get(done).text
    assert "已停止。\n这里还是原来的结果。" in text and "警告 6 处，尾差" in text
    assert page.get(f"{done}/files/1").content == before
    assert "属实" not in page.get(f"{done}/files/{name('检查报告.html')}").text
    other = a_code(text.replace(code, ""))
    assert "已说明 1 处" in page.get(page.done(f"{done}/1", fields=[(f"reason:{other}", "属实")])).text


def test_a_workbook_that_cannot_be_marked_again_stays_as_it_was_and_says_so(page: Served) -> None:
    done = page.done("/check", files=[("files", "甲.xlsx", SENT), ("files", "乙.xlsx", SENT)])
    code, before = a_code(page.get(f"{done}/1").text), page.get(f"{done}/files/1").content
    [sent] = page.home.glob(f"tmp/*/work-*/{done.rpartition('/')[2]}/*/甲.xlsx")
    sent.unlink()
    text = page.get(page.done(f"{done}/1", fields=[(f"reason:{code}", "属实")])).text
    assert "说明没有存下。\n这里还是原来的结果。" in text and "警告 6 处，尾差" in text
    assert page.get(f"{done}/files/1").content == before


def test_a_reason_for_one_of_several_leaves_the_others_as_they_were(page: Served) -> None:
    done = page.done("/check", files=[("files", name, SENT) for name in ("甲.xlsx", "乙.xlsx")])
    before = page.get(f"{done}/files/1").content
    code = a_code(page.get(f"{done}/2").text)
    assert "已说明 1 处" in page.get(page.done(f"{done}/2", fields=[(f"reason:{code}", "属实")])).text
    whole = page.get(done).text
    assert whole.count("错误 1 处，警告 6 处") == whole.count("警告 5 处，已说明 1 处") == 1
    assert page.get(f"{done}/files/1").content == before
    report = page.get(f"{done}/files/{name('检查报告.html')}").text
    assert "甲.xlsx" in report and report.count("属实") == 1


def test_a_list_with_reasons_is_taken_like_those_of_the_page(page: Served, checked: str) -> None:
    code = a_code(page.get(checked).text)
    filled = f"核对码,说明\n{code},属实\n".encode()
    done = page.done("/check", files=[("files", "预算.xlsx", SENT), ("accepted", "清单.csv", filled)])
    assert "已说明 1 处" in page.get(done).text
    wrong = page.done(
        "/check", files=[("files", "预算.xlsx", SENT), ("accepted", "清单.csv", "核对码,说明\nX,属实\n".encode())]
    )
    assert "核对码“X”不完整" in page.get(wrong).text


def test_a_code_that_is_none_is_told(page: Served, checked: str) -> None:
    answer = page.post(f"{checked}/1", fields=[("reason:<b>", "属实")])
    assert answer.status == 422 and "核对码“&lt;B&gt;”不完整" in answer.text


@pytest.mark.parametrize(
    "sent", ["../../../evil.xlsx", "C:\\Windows\\evil.xlsx", "<img src=x>.xlsx", "CON.xlsx", ".xlsx"]
)
def test_names_of_files_are_neither_paths_nor_markup(page: Served, sent: str) -> None:
    done = page.done("/check", files=[("files", sent, b"nothing")])
    text = page.get(done).text
    assert "<img" not in text and "不是工作簿" in text or "其实是" in text
    outside = [path for path in page.home.rglob("*evil*") if "work-" not in str(path)]
    assert outside == []


def test_a_form_without_a_file_says_what_to_do(page: Served) -> None:
    answer = page.post("/check", files=[("files", "", b"")])
    assert answer.status == 422 and "没有选工作簿：请先选文件。" in answer.text
    assert page.ask("POST", "/check", b"x=1", headers={"Origin": page.address}).status == 422


def test_results_are_found_under_their_own_screen_alone(page: Served, checked: str) -> None:
    assert page.get("/check/none").status == 404
    assert page.get(f"{checked}/files/9").status == 404
    long = "9" * 5000
    assert [page.get(f"{checked}/{where}{long}").status for where in ("", "files/")] == [404, 404]
    assert "没有这一页" in page.get(f"{checked}/stop").text
    assert page.get(f"{checked}/files/%2e%2e%2fpage.json").status == 404


def a_code(text: str) -> str:
    """The code of a warning that may be explained."""
    found = re.search(r'name="reason:([A-P-]+)"', text)
    assert found is not None
    return found[1]


def name(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
