"""Reports: the JSON contract, the text for accountants, a rule in words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import pytest

import xltool
from tests import ROOT
from xltool.checking.problems import KINDS, Kind
from xltool.diagnose.report import Report, check
from xltool.layout.book import Book
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.library import load_template
from xltool.linting.examples import example_book
from xltool.merge.findings.kinds import MERGE_KINDS
from xltool.model import CellRef, Culprit, Explanation, FactKey, Finding, Related, Role, Severity, Statement, Verdict
from xltool.report.json import document, dumps, listed
from xltool.report.table import aligned
from xltool.report.text import report_text
from xltool.report.words.rules import explain, explain_kind
from xltool.template.loader import template_names
from xltool.template.spec import Template

SAMPLES = ROOT / "samples"
TEMPLATES = {name: load_template(name) for name in template_names()}
QINGLONG = TEMPLATES["qinglong-2024"]
EXAMPLES = [*TEMPLATES.values(), load_template("规则示例-2025", ROOT / "tests" / "templates")]
KEYS = ["schema", "file", "template", "basis", "unit", "year", "amount_unit", "summary", "findings"]
FINDING_KEYS = [
    "rule",
    "name",
    "verdict",
    "severity",
    "message",
    "table",
    "row",
    "column",
    "sheet",
    "cell",
    "left",
    "right",
    "difference",
    "tolerance",
    "related",
    "what",
    "found",
    "expected",
    "basis",
    "off",
    "lead",
    "notes",
    "reason",
    "hint",
    "explanations",
    "status",
    "accepted",
]
SEVERITIES = ["error", "warning", "remark"]
VERDICTS = ["fail", "implausible", "rounding", "undecided", "broken"]
NO_DIFFERENCE = Decimal("0.10"), Decimal("0.1"), Decimal("0.00"), Decimal("1E-9")


def report(findings: Sequence[Finding]) -> Report:
    book = Book(plan(QINGLONG, default_outline(QINGLONG)), {})
    return Report(book, tuple(findings), 7)


def finding(
    verdict: Verdict = Verdict.FAIL,
    severity: Severity = Severity.ERROR,
    sheet: str | None = "支出总表",
    rule: str = "X01",
    what: str = "甲应等于乙",
    notes: tuple[str, ...] = (),
    reason: str = "",
) -> Finding:
    cell, key = CellRef(sheet, 6, 4) if sheet else None, FactKey("支出总表", ("201",), ("合计",))
    statement = Statement("{what}。", what)
    return Finding(rule, "一条规则", verdict, severity, statement, key, cell, notes=notes, reason=reason, hint="丙。")


@pytest.fixture(scope="module", params=template_names())
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a published budget."""
    path = tmp_path_factory.mktemp("published") / "预算.xlsx"
    xltool.fill(request.param, SAMPLES / request.param / "facts.csv", path)
    return xltool.check(xltool.read(path))


class TestJson:
    def test_keys_and_their_order_are_the_contract(self, published: Report) -> None:
        data = json.loads(dumps(published))
        assert list(data) == KEYS
        assert data["schema"] == "xltool.findings/2"
        assert list(data["summary"]) == [*VERDICTS, "equations", "rounding_proved", *SEVERITIES, "accepted"]
        assert all(list(item) == FINDING_KEYS for item in data["findings"])
        assert all(
            list(other) == ["sheet", "cell", "value", "role"] for item in data["findings"] for other in item["related"]
        )

    def test_summary_counts_the_findings(self, published: Report) -> None:
        data = document(published)
        counts = Counter(item["verdict"] for item in data["findings"])
        assert {name: data["summary"][name] for name in VERDICTS} == {name: counts[name] for name in VERDICTS}
        assert data["summary"]["equations"] == published.equations

    def test_amounts_are_exact_decimals_as_text(self) -> None:
        left, right, difference, tolerance = NO_DIFFERENCE
        places = (
            Related(CellRef("收支总表", 6, 3), Decimal("1234567890.10")),
            Related(CellRef("收支总表", 7, 3), None, Role.ALIKE),
        )
        told = finding()._replace(places=places, left=left, right=right, difference=difference, tolerance=tolerance)
        item = document(report([told]))["findings"][0]
        assert [item[name] for name in FINDING_KEYS[10:14]] == ["0.10", "0.1", "0.00", "0.000000001"]
        assert item["related"] == [
            {"sheet": "收支总表", "cell": "C6", "value": "1234567890.10", "role": "compared"},
            {"sheet": "收支总表", "cell": "C7", "value": None, "role": "alike"},
        ]

    def test_the_ways_to_explain_a_finding(self) -> None:
        key = FactKey("收支总表", ("支出总计",), ("金额",))
        one = Culprit(CellRef("收支总表", 6, 4), key, Decimal("86.3"), Decimal("8.63"))
        other = Culprit(CellRef("收支总表", 7, 4), key, None, None)
        told = finding()._replace(explanations=(Explanation((one,), "shift"), Explanation((other,))))
        first, second = document(report([told]))["findings"][0]["explanations"]
        place = {"sheet": "收支总表", "cell": "D6", "table": "收支总表", "row": ["支出总计"], "column": ["金额"]}
        assert first == {"slip": "shift", "culprits": [{**place, "found": "86.3", "proposed": "8.63"}]}
        assert second["slip"] is None
        assert [second["culprits"][0][name] for name in ("found", "proposed")] == [None, None]

    def test_what_is_about_no_cell_has_nulls(self) -> None:
        told = Finding("S01", "缺少表格", Verdict.FAIL, Severity.ERROR, Statement("没有{what}。", "收支总表"))
        item = document(report([told]))["findings"][0]
        nothing = {"table", "sheet", "cell", "left", "right", "difference", "tolerance"}
        nothing |= {"found", "expected", "basis", "off", "lead", "reason", "hint", "accepted"}
        assert {name for name in FINDING_KEYS if item[name] is None} == nothing
        assert item["row"] == item["column"] == item["related"] == item["notes"] == item["explanations"] == []
        assert (item["message"], item["what"]) == ("没有收支总表。", "收支总表")

    def test_a_remark_asks_for_nothing(self) -> None:
        told = [finding(), finding(Verdict.ROUNDING, Severity.REMARK)]
        assert [item["status"] for item in document(report(told))["findings"]] == ["open", None]

    def test_several_reports_are_a_list(self) -> None:
        assert len(json.loads("".join(listed([dumps(report([]))] * 2)))) == 2


def assert_counted_alike(checked: Report) -> None:
    """The text's last line counts every finding once, as JSON does; what is only a remark fails nothing."""
    counts, last = document(checked)["summary"], report_text(checked).splitlines()[-1]
    told = {word: int(number) for word, number in re.findall(r"(\w+) (\d+) 处", last)}
    assert (told.get("错误", 0), told.get("警告", 0)) == (counts["error"], counts["warning"])
    assert sum(told.values()) == len(checked.findings) == counts["error"] + counts["warning"] + counts["remark"]
    remarks = [finding for finding in checked.findings if finding.severity is Severity.REMARK]
    assert {finding.verdict for finding in remarks} <= {Verdict.ROUNDING, Verdict.UNDECIDED}
    if "没有发现问题" in last:
        assert (counts["fail"], counts["implausible"], counts["broken"]) == (0, 0, 0)


class TestText:
    def test_errors_stand_before_warnings_on_each_sheet(self) -> None:
        warning = finding(severity=Severity.WARNING)
        text = report_text(report([finding(sheet="收支总表"), finding(), warning, finding(sheet=None)]))
        heads = re.findall(r"^(?:【.*】|错误|警告)", text, re.MULTILINE)
        assert heads == ["【整个工作簿】", "错误", "【收支总表】", "错误", "【支出总表】", "错误", "警告"]

    def test_every_line_of_a_message_is_told(self) -> None:
        text = report_text(report([finding()]))
        assert "错误　D6　X01 一条规则\n    甲应等于乙。\n    提示：丙。\n" in text

    def test_remarks_are_one_line_a_rule(self) -> None:
        rounding = [finding(Verdict.ROUNDING, Severity.REMARK, rule=rule) for rule in ("A03", "A02", "A03")]
        text = report_text(report(rounding))
        lines = text.partition("【不用改的】\n")[2].splitlines()
        assert lines[0] == "A02 一条规则：尾差 1 处（在四舍五入范围内），不用改。"
        assert lines[1] == "A03 一条规则：尾差 2 处（在四舍五入范围内），不用改。"
        assert lines[-1] == "共核对 7 条等式：没有发现问题（尾差 3 处，不用改）。"

    def test_remarks_of_other_kinds(self) -> None:
        decimals = finding(Verdict.UNDECIDED, Severity.REMARK, rule="A12", what="小数位数过多（{1}）")
        text = report_text(report([decimals]))
        assert (
            "【请核对的】\n说明　A12 一条规则：1 处\n    支出总表!D6　小数位数过多（{1}）。\n    提示：丙。\n" in text
        )

    def test_of_many_remarks_the_first_are_told_and_what_they_advise_once(self) -> None:
        remarks = [
            finding(Verdict.UNDECIDED, Severity.REMARK, what=f"目录里没有 {code}", notes=("如确有此科目，请加入。",))
            for code in range(2019901, 2019913)
        ]
        lines = report_text(report(remarks)).partition("【请核对的】\n")[2].splitlines()
        assert lines[0] == "说明　X01 一条规则：12 处"
        assert lines[10] == "    支出总表!D6　目录里没有 2019910。"
        assert lines[11] == "    …共 12 处，用 --json 可以得到全部。"
        assert lines[12:14] == ["    如确有此科目，请加入。", "    提示：丙。"]
        assert lines[-1] == "共核对 7 条等式：没有发现问题，请核对 12 处。"

    def test_what_cannot_be_decided_is_one_line_a_reason(self) -> None:
        waits = [("X02.1", "收入总表尚未填写"), ("X03.1", "收入总表尚未填写"), ("X04", "支出总表尚未填写")]
        waits.append(("X03.1", "收入总表尚未填写"))
        undecided = [finding(Verdict.UNDECIDED, Severity.REMARK, rule=rule, reason=reason) for rule, reason in waits]
        text = report_text(report(undecided))
        assert text.partition("【暂不判断的】\n")[2].splitlines() == [
            "收入总表尚未填写：3 处（X02.1、X03.1）。",
            "支出总表尚未填写：1 处（X04）。",
            "",
            "共核对 7 条等式：没有发现问题，暂不判断 4 处。",
        ]

    def test_summary(self) -> None:
        assert report_text(report([])).endswith("共核对 7 条等式：没有发现问题。")
        told = report_text(report([finding(), finding(severity=Severity.WARNING)]))
        assert told.endswith("共核对 7 条等式：错误 1 处，警告 1 处。")

    def test_workbook_that_nobody_has_filled_in(self) -> None:
        empty = Report(report([]).book, (), 0)
        assert report_text(empty).endswith("工作簿里还没有数可以核对。")

    def test_last_line_agrees_with_json_on_a_published_budget(self, published: Report) -> None:
        assert_counted_alike(published)

    @pytest.mark.parametrize("template", EXAMPLES, ids=lambda template: template.id)
    def test_last_line_agrees_with_json_on_what_breaks_a_predicate(self, template: Template) -> None:
        for rule in template.rules.values():
            for example in rule.failing if rule.predicate else ():
                assert_counted_alike(check(example_book(template, example)))

    def test_last_line_agrees_with_json_on_a_code_that_the_catalogue_does_not_have(self) -> None:
        book = example_book(QINGLONG, {"支出总表": {"2019901": {"基本支出": Decimal(5)}}})
        checked = check(book)
        assert {f.verdict for f in checked.findings if f.rule == "A08"} == {Verdict.UNDECIDED}
        assert_counted_alike(checked)

    def test_every_finding_of_a_published_budget_is_told(self, published: Report) -> None:
        text = report_text(published)
        for told in published.findings:
            waits = f"{told.reason}：" if told.verdict is Verdict.UNDECIDED else told.name
            assert (waits if told.severity is Severity.REMARK else told.message.splitlines()[0]) in text


class TestRuleWords:
    @pytest.mark.parametrize(("template", "rule"), [(t, rule) for t, spec in TEMPLATES.items() for rule in spec.rules])
    def test_every_rule_can_be_explained(self, template: str, rule: str) -> None:
        spec = TEMPLATES[template]
        text = explain(spec, spec.rules[rule])
        assert "要求\n  " in text and "允许差\n  " in text
        assert not re.search(r"\b(function|economic|unit|project|sum)\b", text)

    def test_a_rule_over_units_and_codes(self) -> None:
        spec = TEMPLATES["pingshan-2023"]
        text = explain(spec, spec.rules["X04.2"])
        assert "对每个功能科目（类、款级）：" in text
        assert "＝ 支出总表“各单位的该功能科目”行“支出总计”栏之和" in text

    def test_codes_are_told_with_their_names(self) -> None:
        assert "“30113 住房公积金”行" in explain(QINGLONG, QINGLONG.rules["X16.3"])

    def test_structural_rules_list_the_sums(self) -> None:
        text = explain(QINGLONG, QINGLONG.rules["A05"])
        assert "收支总表：“收入总计”行＝“本年收入合计”＋“上年结转结余”" in text
        assert "收入总表：每一行的“合计”＝“小计”＋“上年结转”" in text

    def test_what_difference_is_allowed(self) -> None:
        words = explain(QINGLONG, QINGLONG.rules["X17"])
        assert "小数位数相同就必须完全相等" in words
        assert "收支总表“年终结转结余”行“支出/预算数”栏不为 0 时，不符合只作警告。" in words
        assert "四舍五入到 0.01 万元，每个数最多差 0.005" in explain(QINGLONG, QINGLONG.rules["A02"])
        assert "不涉及尾差" in explain(QINGLONG, QINGLONG.rules["A15"])

    @pytest.mark.parametrize("kind", (*KINDS, *MERGE_KINDS), ids=lambda kind: kind.id)
    def test_every_built_in_problem(self, kind: Kind) -> None:
        assert all(text in explain_kind(kind) for text in (kind.id, kind.name, kind.hint))

    def test_no_two_problems_have_one_number(self) -> None:
        """But what reading and a rule both tell of: a 科目, an amount, the name of a unit."""
        numbers = Counter(kind.id for kind in (*KINDS, *MERGE_KINDS))
        assert [id for id, count in numbers.items() if count > 1] == []
        rules = {id for template in EXAMPLES for id in template.rules}
        assert numbers.keys() & rules <= {"A08", "A12", "U04", "U05"}


def test_columns_stand_under_each_other() -> None:
    assert aligned([["表", "合计"], ["支出总表", "5"]], indent=1) == [" 表        合计", " 支出总表  5"]
    assert aligned([]) == []
