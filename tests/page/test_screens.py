"""The other screens: 汇总, 比较, 生成, 查科目, 查规则."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from tests import ROOT
from tests.page.served import Served, parts, serving
from xltool import api
from xltool.api.units.rosters import read_roster
from xltool.merge.sheets.submissions import HEADING_ROW
from xltool.page.tasks.merge import Order, beside, merge

UNITS = ROOT / "samples" / "merge" / "qinglong-2024"
FILES = [("files", path.name, path.read_bytes()) for path in sorted((UNITS / "单位").glob("*.xlsx"))]
LISTS = [
    (field, name, (UNITS / name).read_bytes()) for field, name in (("roster", "名册.csv"), ("transfers", "往来.csv"))
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home")) as served:
        yield served


def test_many_units_are_merged_as_by_the_command_line(page: Served, tmp_path: Path) -> None:
    done = page.done("/merge", [("allow_errors", "1")], [*FILES, ("files", "说明.xlsx", b"x"), *LISTS])
    text = unescape(page.get(done).text)
    assert "已汇总 4 个，未报送 1 个，非独立核算，不单独报送 1 个，无法读取 1 个。" in text
    assert "云岭县信访局机关付云岭县信访信息中心 120,000.00 元（第 4 行）未对符" in text
    assert str(page.home) not in text
    everything = zipfile.ZipFile(io.BytesIO(page.get(f"{done}/files/all").content))
    assert {*everything.namelist()} == {"汇总预算.xlsx", "单位/说明.xlsx", *(f"单位/{name}" for _, name, _ in FILES)}
    merged = tmp_path / "汇总.xlsx"
    merged.write_bytes(page.get(f"{done}/files/merged").content)
    shown = [unescape(name) for name in re.findall('<tr><th scope="row">(.*?)</th>', text)]
    sheet = load_workbook(merged, read_only=True)["报送情况"]
    lines = sheet.iter_rows(HEADING_ROW + 1, HEADING_ROW + len(shown), min_col=3, max_col=3, values_only=True)
    assert shown == [name or "" for (name,) in lines] and shown[0] == "云岭县信访信息中心"  # it has an error
    own = tmp_path / "own.xlsx"
    api.merge([UNITS / "单位"], own, roster=UNITS / "名册.csv", transfers=UNITS / "往来.csv", allow_errors=True)
    assert api.facts(api.read(merged)) == api.facts(api.read(own))


def test_of_many_units_the_file_beside_the_merged_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.merge.adding.columns.MOST_UNITS", 2)
    sent = [Path(shutil.copy(UNITS / "单位" / name, tmp_path)) for _, name, _ in FILES]
    result = tmp_path / "结果"
    order = Order(beside(sent, result), result, UNITS / "名册.csv", allow_errors=True)
    merged = merge(order, lambda read: None)
    assert merged.beside == "单位太多，各单位的数另外列在：汇总预算-各单位.xlsx"
    assert "汇总预算-各单位.xlsx" in zipfile.ZipFile(merged.everything).namelist()


def test_a_merge_that_is_refused_says_why_and_goes_on_with_the_same_files(page: Served) -> None:
    twice = ("files", FILES[0][1], FILES[0][2])
    refused = page.done("/merge", files=[*FILES, twice])
    text = page.get(refused).text
    assert (
        "没有汇总，什么也没有写" in text
        and "（“检查”逐一标出）；要照现有的数汇总，用“有错误的单位也照现有的数汇总”。" in text
    )
    assert '<td class="error">有 1 处错误</td>' in text
    copy = FILES[0][1].replace(".xlsx", "（2）.xlsx")
    assert f"“{copy}”都是“云岭县信访局机关”的：请只留一个，其余的移走或用“剔除”剔除。" in text
    again = page.done(refused, [("allow_errors", "1"), ("name", "云岭县信访局"), ("exclude", copy), ("exclude", "x")])
    text = unescape(page.get(again).text)
    assert "已汇总 4 个" in text
    assert "公用经费（F13） 汇总为 48.35，各单位所填之和是 51.35" in text and "应为 <strong>48.35" not in text


def test_a_merge_with_the_wrong_roster_goes_on_with_another(page: Served) -> None:
    wrong = ("roster", "往来.csv", LISTS[1][2])
    refused = page.done("/merge", [("allow_errors", "1"), ("under", "没有的"), ("nature", "事业")], [*FILES, wrong])
    text = page.get(refused).text
    assert "“往来.csv”里没有找到表头" in text and "现在用的是“往来.csv”" in text
    assert (
        'value="没有的"' in text and "<option selected>事业" in text and 'value="1" checked> <label for="allow' in text
    )
    again = page.done(refused, [("allow_errors", "1")], [LISTS[0]])
    assert "已汇总 4 个，未报送 1 个" in page.get(again).text


def test_what_changed_between_two_workbooks_is_shown_and_written(page: Served) -> None:
    files = [("old", "旧.xlsx", FILES[0][2]), ("new", "新.xlsx", FILES[1][2])]
    done = page.done("/compare", files=files)
    text = unescape(page.get(done).text)
    assert "旧：旧.xlsx　云岭县信访局机关" in text and "个数不同" in text
    assert zipfile.is_zipfile(io.BytesIO(page.get(f"{done}/file").content))
    assert page.get("/check" + done.removeprefix("/compare")).status == 404


def test_a_name_that_is_not_there_leaves_the_comparison_as_it_was(page: Served) -> None:
    done = page.done("/compare", files=[("old", "旧.xlsx", FILES[0][2]), ("new", "新.xlsx", FILES[1][2])])
    again = page.done(done, [("same", "没有的=也没有的")])
    text = unescape(page.get(again).text)
    assert "没有的" in text and "个数不同" in text


def test_only_one_of_two_workbooks_is_told(page: Served) -> None:
    answer = page.post("/compare", files=[("old", "旧.xlsx", b"x")])
    assert answer.status == 422 and "没有选新工作簿：请先选文件。" in answer.text


def test_a_workbook_is_made_with_the_subjects_and_projects_chosen(page: Served, tmp_path: Path) -> None:
    form = page.get("/new?template=qinglong-2024&year=2025").text
    assert (
        re.search(r'value="2014001" checked> 2014001 行政运行', form)
        and 'value="2010302"> 2010302 一般行政管理事务' in form
    )
    fields = [("template", "qinglong-2024"), ("year", "2025"), ("unit", "某局"), ("projects", "甲项目\r\n乙项目\r\n")]
    done = page.done("/new", [*fields, ("subjects", "2010302"), ("subjects", "30101")])
    made = tmp_path / "空白.xlsx"
    answer = page.get(f"{done}/file")
    assert "某局空白预算.xlsx" in unquote(answer.headers["content-disposition"])
    made.write_bytes(answer.content)
    outline = api.read(made).outline
    assert (outline.department, outline.year) == ("某局", 2025)
    rows = {
        code for (_, _, dimension), paths in outline.by_table.items() if dimension == "function" for (code,) in paths
    }
    assert rows == {"201", "20103", "2010302"}


def test_a_unit_beside_a_roster_is_refused_before_anything_is_done(page: Served) -> None:
    answer = page.post("/new", [("template", "qinglong-2024"), ("unit", "某局")], [LISTS[0]])
    assert answer.status == 422 and "请把“单位名称”空着" in answer.text


def test_a_roster_gives_a_workbook_for_each_unit(page: Served) -> None:
    done = page.done("/new", [("template", "qinglong-2024")], [LISTS[0]])
    sending = len(read_roster(UNITS / "名册.csv").sending)
    assert f"已生成 {sending} 个单位的空白工作簿" in page.get(done).text
    assert len(zipfile.ZipFile(io.BytesIO(page.get(f"{done}/file").content)).namelist()) == sending


def test_marks_are_taken_off_and_the_copies_are_called_as_before(page: Served, tmp_path: Path) -> None:
    source, marked = UNITS / "单位" / "101003-云岭县信访信息中心（元）.xlsx", tmp_path / "中心（已标注）.xlsx"
    count = api.annotate(source, api.check(api.read(source)).findings, marked).cells
    sent = [("files", marked.name, marked.read_bytes()), ("files", "无标注.xlsx", source.read_bytes())]
    done = page.done("/clear", files=[*sent, ("files", "说明.xlsx", b"x")])
    text = page.get(done).text
    assert f"已去掉 {count} 处标注。" in text and "没有标注。" in text and "“说明.xlsx”其实是文本文件" in text
    assert "中心.xlsx" in unquote(page.get(f"{done}/files/1").headers["content-disposition"])
    whole = zipfile.ZipFile(io.BytesIO(page.get(f"{done}/files/all").content))
    assert whole.namelist() == ["已清除标注/中心.xlsx", "已清除标注/无标注.xlsx"]
    assert parts(whole.read("已清除标注/中心.xlsx")) == parts(source.read_bytes())
    assert [page.get(f"{done}/files/{number}").status for number in (0, 3, 4)] == [404, 404, 404]


def test_what_is_no_template_or_year_is_told(page: Served) -> None:
    assert "请从列表里选" in page.get("/new?template=/etc").text
    for screen in ("new", "codes"):
        assert "年度应为四位数的年份，不能是“1999”。" in page.get(f"/{screen}?year=1999").text
    assert "请从列表里选" in page.get("/rules?template=/etc").text


def test_codes_and_rules_are_looked_up(page: Served) -> None:
    assert "<td>2014001</td><td>行政运行</td>" in page.get("/codes?text=2014001").text
    assert "目录里没有“&lt;b&gt;”" in page.get("/codes?text=%3Cb%3E").text
    assert "A03" in page.get("/rules?template=qinglong-2024&text=a03").text
    assert "符合的例子" in page.get("/rules/qinglong-2024/X17").text
    assert page.get("/rules/qinglong-2024/Q99").status == 422
