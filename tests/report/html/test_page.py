"""The page of a report: one file that needs nothing else, with every finding in the words of the text report."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

import xltool
from tests import edited_budgets
from tests.budgets import QINGLONG, SAMPLES
from tests.report.html.pages import Page
from xltool.diagnose.report import Report
from xltool.layout.book import Book
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.library import load_template
from xltool.model import Acceptance, CellRef, Finding, Severity, Statement, Verdict
from xltool.report.html.contents import contents_of
from xltool.report.html.page import Checked, report_page
from xltool.report.text import report_text

HOSTILE = "</style></script><script>alert(1)</script>\"'&<!--{{7*7}}"


@pytest.fixture(scope="module")
def published() -> Report:
    return xltool.check(xltool.read(SAMPLES / QINGLONG / "预算.xlsx"))


def report(findings: Sequence[Finding]) -> Report:
    template = load_template(QINGLONG)
    return Report(Book(plan(template, default_outline(template)), {}), tuple(findings), 7)


def warning(sheet: str, says: str) -> Finding:
    return Finding("A01", "名称", Verdict.FAIL, Severity.WARNING, Statement(says), cell=CellRef(sheet, 6, 3))


def page(*reports: Report, most: int = 100, folder: Path = Path("/报告")) -> Page:
    names = [f"单位{number}.xlsx" for number, _ in enumerate(reports, 1)]
    checked = [Checked(folder / name, contents_of(one, most)) for name, one in zip(names, reports, strict=True)]
    return Page(report_page(checked, folder / "报告.html"))


def test_every_finding_is_told_as_in_the_text(published: Report) -> None:
    seen = page(published)
    told = [finding for finding in published.findings if finding.severity is not Severity.REMARK]
    messages = sorted(seen.texts["message"])
    assert messages == sorted(finding._replace(hint="").message for finding in published.findings)
    assert sorted(seen.texts["advice"]) == sorted(filter(None, (finding.advice for finding in published.findings)))
    assert sum(severity in ("错误", "警告") for severity in seen.texts["severity"]) == len(told)
    assert seen.texts["summary"] == [report_text(published).splitlines()[-1]]


def test_it_fetches_nothing_and_runs_nothing_but_what_its_policy_names(published: Report) -> None:
    seen = page(published)
    assert seen.fetched == seen.handlers == []
    assert "url(" not in seen.code["style"] and "@import" not in seen.code["style"]
    assert seen.policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(seen.code[name].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in seen.policy


def test_every_link_inside_leads_somewhere_and_every_id_is_there_once(published: Report) -> None:
    seen = page(published, published)
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links if link.startswith("#")} <= {*seen.ids}


def test_a_link_leads_to_the_cell_of_the_workbook_beside_it() -> None:
    seen = page(report([warning("收支总表 '甲'", "错。")]))
    assert "./%E5%8D%95%E4%BD%8D1.xlsx#'%E6%94%B6%E6%94%AF%E6%80%BB%E8%A1%A8%20''%E7%94%B2'''!C6" in seen.links


def test_no_link_leads_to_a_workbook_that_is_elsewhere() -> None:
    contents = contents_of(report([warning("收支总表", "错。")]), 10)
    seen = Page(report_page([Checked(Path("/别处/甲.xlsx"), contents)], Path("/报告/报告.html")))
    assert [link for link in seen.links if not link.startswith("#")] == []
    assert "收支总表!C6" in [text.strip() for text in seen.texts["place"]]


def test_what_comes_from_a_workbook_is_text() -> None:
    accepted = Acceptance("甲", HOSTILE, HOSTILE, HOSTILE)
    findings = [
        warning(HOSTILE, "")._replace(statement=Statement("{what}", HOSTILE)),
        warning(HOSTILE, "")._replace(accepted=accepted, hint=HOSTILE),
    ]
    contents = contents_of(report(findings), 10)
    plain = page(report(findings))
    checked = [Checked(Path("甲.xlsx"), contents), Checked(Path(HOSTILE), None, HOSTILE)]
    seen = Page(report_page(checked, Path("报告.html")))
    assert HOSTILE in seen.texts["message"]
    assert seen.code == plain.code and seen.handlers == seen.fetched == []
    assert "49" not in re.sub(r"sha256-\S+", "", seen.html)


def test_what_a_hostile_workbook_calls_its_sheets_units_and_headings_is_text(tmp_path: Path) -> None:
    workbook = edited_budgets.ours(tmp_path)
    workbook["一般公共预算支出表"].title = name = "<b>一般&'预算"
    workbook[name]["E9"] = 5
    workbook["支出总表"]["C9"] = "<img src=x onerror=alert(1)>"
    workbook.save(tmp_path / "<b>.xlsx")
    found = xltool.check(xltool.read(tmp_path / "<b>.xlsx"))
    seen = Page(report_page([Checked(tmp_path / "<b>.xlsx", contents_of(found, 100))], tmp_path / "报告.html"))
    assert f"{name}!E9" in [text.strip() for text in seen.texts["place"]]
    assert seen.handlers == seen.fetched == []
    assert {"b", "img"}.isdisjoint(seen.tags)


def test_an_explained_warning_shows_its_reason() -> None:
    accepted = Acceptance("甲", "财政代列", "王", "2025-01-02")
    seen = page(report([warning("收支总表", "少 1.00。")._replace(accepted=accepted)]))
    assert seen.texts["reason"] == ["已说明：财政代列（王，2025-01-02）"]
    assert [text.strip() for text in seen.texts["severity"]] == ["已说明"]


def test_of_very_many_findings_the_first_are_shown_and_the_rest_counted() -> None:
    error = warning("支出总表", "错。")._replace(severity=Severity.ERROR)
    seen = page(report([error, *[warning("收支总表", f"第{number}个。") for number in range(500)]]), most=50)
    assert len(seen.texts["finding"]) == 50
    assert "错。" in seen.texts["message"]
    assert seen.texts["more"] == ["问题太多，另有 451 处没有列出：请先改正这些，再检查一次。"]
    assert "收支总表：错误 0 处，警告 500 处。" in seen.html


def test_a_file_that_could_not_be_checked_is_one_line(published: Report) -> None:
    good = Checked(Path("甲.xlsx"), contents_of(published, 10))
    seen = Page(report_page([good, Checked(Path("乙.xlsx"), None, "“乙.xlsx”加了密码。")], Path("报告.html")))
    assert "<td>“乙.xlsx”加了密码。</td>" in seen.html
    assert len(seen.texts["workbook"]) == 1
