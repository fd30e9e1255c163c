"""Rules that say which side is the greater one, and rules with plain numbers: judged, told, and live in 校验."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.budgets import PINGSHAN, QINGLONG, key, template
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office
from tests.template.test_template import copied
from xltool.diagnose.report import check
from xltool.equations.filling import Filled, fill
from xltool.equations.instances import rule_equations
from xltool.equations.rounding.judging import judge_order
from xltool.excel.write.checks.lines import CheckLine, check_lines
from xltool.excel.write.workbook import write
from xltool.layout.book import Book
from xltool.library import load_template
from xltool.model import FactKey, Finding, Severity, Value, Verdict
from xltool.report.words.rules import explain
from xltool.template.spec import Template

UNIT = "深圳市坪山区信访局"
ALL, SMALL, SMALLEST = (
    f"政府采购项目/{column}" for column in ("小计", "面向中小企业政府采购项目", "面向小型、微型企业政府采购项目")
)
RULES = """
[[rule]]
id = "Z1"
name = "项目支出不超过一百"
hint = "看"
check = "支出总表[合计, 项目支出] <= 100"

[[rule]]
id = "Z2"
name = "项目支出不超过基本支出的一半加十"
hint = "看"
severity = "warning"
check = "0.5 * 支出总表[合计, 基本支出] + 10 >= 支出总表[合计, 项目支出]"

[[rule]]
id = "Z3"
name = "上解支出是三十"
hint = "看"
check = "支出总表[合计, 上解上级支出] = 40 - 10"
"""


@pytest.fixture(scope="module")
def limits(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """青龙 with three rules that hold plain numbers."""
    folder = copied(tmp_path_factory.mktemp("模板"))
    rules = folder / QINGLONG / "rules.toml"
    rules.write_text(rules.read_text(encoding="utf-8") + RULES, encoding="utf-8")
    return load_template(QINGLONG, folder)


def purchases(*, row: str = "2010302", spent: str = "500", **amounts: str | None) -> dict[FactKey, Value]:
    """政府采购 of one 科目 (all, small, smallest), and what is spent on it in all."""
    columns = {"all": ALL, "small": SMALL, "smallest": SMALLEST}
    facts: dict[FactKey, Value] = {key("支出总表", f"{UNIT}/{row}", "项目支出"): Decimal(spent)}
    for name, amount in amounts.items():
        if amount is not None:
            facts[key("支出总表", f"{UNIT}/{row}", columns[name])] = Decimal(amount)
    return facts


def spent(**amounts: str) -> dict[FactKey, Value]:
    columns = {"basic": "基本支出", "projects": "项目支出", "passed_on": "上解上级支出"}
    return {key("支出总表", "2014001", columns[name]): Decimal(amount) for name, amount in amounts.items()}


def filled(facts: dict[FactKey, Value], spec: Template, amount_unit: str = "万元") -> Filled:
    return fill(spec, facts, spec.department, spec.year, amount_unit)


def told(facts: dict[FactKey, Value], *rules: str, spec: Template | None = None, unit: str = "万元") -> list[Finding]:
    """The findings under these rules."""
    book = filled(facts, spec or template(PINGSHAN), unit)
    report = check(Book(book.layout, dict(book.values), live=book.live, is_ours=True))
    return [finding for finding in report.findings if finding.rule in rules]


def first_lines(findings: list[Finding]) -> list[str]:
    return [finding.message.splitlines()[0] for finding in findings]


def test_a_part_greater_than_the_whole_is_told_with_how_much_it_is_more() -> None:
    (finding,) = told(purchases(all="160", small="161", smallest="0"), "A14.1", "A14.2", "A14.3")
    assert (finding.rule, finding.severity, finding.verdict) == ("A14.2", Severity.ERROR, Verdict.FAIL)
    assert (finding.left, finding.right, finding.difference) == (Decimal(161), Decimal(160), Decimal(1))
    assert finding.key == key("支出总表", f"{UNIT}/2010302", SMALL)
    assert finding.message.splitlines() == [
        "“2010302 一般行政管理事务”面向中小企业政府采购项目（H10） 161"
        " 不应大于 “2010302 一般行政管理事务”小计（G10） 160，多 1。",
        "提示：面向中小企业的采购是政府采购的“其中”数，看小计是否漏填。",
    ]


def test_parts_up_to_the_whole_are_right() -> None:
    for small, smallest in (("160", "160"), ("100", "60"), ("48", "48")):
        facts = purchases(all="160", small=small, smallest=smallest)
        assert told(facts, "A14.1", "A14.2", "A14.3", "R05.1", "R05.2") == []


def test_a_part_of_a_blank_whole_is_told() -> None:
    (finding,) = told(purchases(small="5", smallest="5"), "A14.2")
    assert first_lines([finding])[0].endswith("小计（G10） 空白，多 5。")


def test_a_share_that_is_too_small_is_a_warning_with_the_share() -> None:
    (finding,) = told(purchases(all="160", small="40", smallest="40"), "R05.1")
    assert finding.severity is Severity.WARNING
    assert finding.message.splitlines()[:2] == [
        f"“{UNIT}”面向中小企业政府采购项目（H7） 40 不应小于 48.0，少 8.0。",
        f"48.0 ＝ 0.3×“{UNIT}”小计（G7） 160",
    ]


def test_a_share_that_rounding_can_explain_is_a_remark() -> None:
    """167 万元 may be 166.6: 50 may be enough."""
    (finding,) = told(purchases(all="167", small="50", smallest="50"), "R05.1")
    assert (finding.verdict, finding.severity, finding.tolerance) == (
        Verdict.ROUNDING,
        Severity.REMARK,
        Decimal("0.65"),
    )


def test_nothing_bought_breaks_no_share() -> None:
    assert told(purchases(), "A14.1", "A14.2", "A14.3", "R05.1", "R05.2") == []


def test_a_part_of_a_whole_below_zero_waits_for_the_sign() -> None:
    facts = purchases(all="0", small="0", smallest="0", spent="-5")
    negative, waiting = told(facts, "A15", "A14.3")
    assert (negative.rule, negative.severity) == ("A15", Severity.ERROR)
    assert (waiting.rule, waiting.verdict) == ("A14.3", Verdict.UNDECIDED)
    assert waiting.reason == "表3支出总表!F10 是负数，要先改正"


def test_an_inequality_is_told_with_the_wrong_figure_that_breaks_it() -> None:
    """项目支出 typed without its last digit: one finding, the order of 政府采购 in it."""
    facts = purchases(all="160", small="160", smallest="160") | {
        key("收支总表", "2010302", "支出/预算数"): Decimal(500),
        key("收支总表", "201", "支出/预算数"): Decimal(500),
        key("一般公共预算支出表（功能）", f"{UNIT}/2010302", "项目支出"): Decimal(500),
        key("政府预算拨款收支总表", "2010302", "支出/预算数"): Decimal(500),
        key("项目支出总表", f"{UNIT}/接访", "本年预算/政府预算拨款/一般公共预算拨款/履职类项目拨款"): Decimal(500),
    }
    facts[key("支出总表", f"{UNIT}/2010302", "项目支出")] = Decimal(50)
    assert told(facts, "A14.3") == []
    joined = [finding for finding in told(facts, "X04.1", "X04.2", "X05.2", "X19.2") if "A14.3" in finding.message]
    assert [finding.key for finding in joined] == [key("支出总表", f"{UNIT}/2010302", "项目支出")]


@pytest.mark.parametrize(
    ("excess", "tolerance", "hidden", "verdict"),
    [
        ("-3", "0", "0", "pass"),
        ("0", "0", "0", "pass"),
        ("0.01", "0", "0", "fail"),
        ("0.5", "0.5", "0", "rounding"),
        ("0.6", "0.5", "0", "fail"),
        ("0.6", "0.5", "0.5", "implausible"),
        ("1.1", "0.5", "0.5", "fail"),
    ],
)
def test_an_excess_gets_its_verdict(excess: str, tolerance: str, hidden: str, verdict: str) -> None:
    assert judge_order(Decimal(excess), Decimal(tolerance), Decimal(hidden)).value == verdict


def test_a_part_of_a_whole_that_is_printed_as_0_is_implausible() -> None:
    """0.31 is printed as 0 in whole 万元: the whole may be as much; of a blank it is no part."""
    for whole, verdict in (("0", Verdict.IMPLAUSIBLE), (None, Verdict.FAIL)):
        (finding,) = told(purchases(all=whole, small="0.31", smallest="0.31"), "A14.2")
        assert finding.verdict is verdict


def test_an_inequality_defines_no_cell() -> None:
    layout = filled(purchases(), template(PINGSHAN)).layout
    inequalities = [equation for equation in rule_equations(layout) if equation.is_inequality]
    assert {"A14.1", "A14.2", "A14.3", "R05.1", "R05.2", "Y05"} <= {equation.rule for equation in inequalities}
    assert {equation.target for equation in inequalities} == {None}


# ── plain numbers ─────────────────────────────────────────────────────────────


def test_a_plain_number_is_a_limit(limits: Template) -> None:
    facts = spent(basic="300", projects="101.50")
    assert first_lines(told(facts, "Z1", "Z2", spec=limits)) == [
        "“合计”项目支出（F6） 101.50 不应大于 100.00，多 1.50。"
    ]
    assert told(spent(basic="300", projects="100"), "Z1", "Z2", spec=limits) == []


def test_a_plain_number_is_added_to_its_side(limits: Template) -> None:
    (finding,) = told(spent(basic="20", projects="25"), "Z2", spec=limits)
    assert first_lines([finding]) == [
        "0.5×“合计”基本支出（E6） 20.00 ＋10.00 共 20.00 不应小于 “合计”项目支出（F6） 25.00，少 5.00。"
    ]


def test_a_figure_must_be_the_plain_number(limits: Template) -> None:
    (finding,) = told(spent(passed_on="3"), "Z3", spec=limits)
    assert str(finding.statement) == "“合计”上解上级支出（H6） 3.00 应等于 30.00，少 27.00。"
    assert told(spent(passed_on="30"), "Z3", spec=limits) == []


def test_plain_numbers_say_nothing_of_what_is_not_filled_in(limits: Template) -> None:
    assert told({}, "Z1", "Z2", "Z3", spec=limits) == []


def test_plain_numbers_are_in_the_unit_of_the_template(limits: Template) -> None:
    facts = spent(passed_on="300000", projects="1000000.01", basic="90000000")
    (finding,) = told(facts, "Z1", "Z2", "Z3", spec=limits, unit="元")
    assert (finding.rule, finding.right, finding.tolerance) == ("Z1", Decimal(1000000), Decimal(0))


# ── 校验 and `xltool rules` ───────────────────────────────────────────────────


def lines_of(book: Filled, *rules: str) -> list[CheckLine]:
    return [line for line in check_lines(book.layout, book.values, book.live) if line.rule in rules]


def test_a_line_of_the_checks_says_which_side_is_the_greater_one(limits: Template) -> None:
    book = filled(spent(basic="20", projects="25", passed_on="30"), limits)
    lines = {line.rule: line for line in lines_of(book, "Z1", "Z2", "Z3")}
    assert {rule: line.words for rule, line in lines.items()} == {
        "Z1": ("支出总表［合计，项目支出］", "≤ 100"),
        "Z2": ("0.5×支出总表［合计，基本支出］＋10", "≥ 支出总表［合计，项目支出］"),
        "Z3": ("支出总表［合计，上解上级支出］", "30"),
    }
    assert {rule: line.result for rule, line in lines.items()} == {"Z1": "✓", "Z2": "✗", "Z3": "✓"}
    assert lines["Z2"].sides == (Decimal("20.0"), Decimal(25))


CASES: list[dict[FactKey, Value]] = [
    {},
    spent(basic="20", projects="25", passed_on="30"),
    spent(basic="20", projects="20", passed_on="30.01"),
    spent(basic="300", projects="100.01"),
]


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("facts", CASES, ids=["blank", "too many projects", "passed on too much", "above the limit"])
def test_libreoffice_agrees_with_limits(
    facts: dict[FactKey, Value], limits: Template, office: Office, tmp_path: Path
) -> None:
    assert_agrees(filled(facts, limits), ("Z1", "Z2", "Z3"), office, tmp_path)


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    ("amounts", "wrong"),
    [
        ({"all": "160", "small": "48", "smallest": "30"}, set()),
        ({"all": "160", "small": "40", "smallest": "20"}, {"R05.1", "R05.2"}),
        ({"all": "501", "small": "502", "smallest": "503"}, {"A14.1", "A14.2", "A14.3"}),
        ({"all": "167", "small": "50", "smallest": "50"}, set()),
    ],
)
def test_libreoffice_agrees_with_shares(
    amounts: dict[str, str], wrong: set[str], office: Office, tmp_path: Path
) -> None:
    book = filled(purchases(**amounts), template(PINGSHAN))
    rules = ("A14.1", "A14.2", "A14.3", "R05.1", "R05.2", "Y05")
    assert {line.rule for line in lines_of(book, *rules) if line.result == "✗"} == wrong
    assert_agrees(book, rules, office, tmp_path)


def assert_agrees(book: Filled, rules: tuple[str, ...], office: Office, tmp_path: Path) -> None:
    """What LibreOffice computes in 校验 is what the lines say."""
    write(book.layout, book.values, book.live, tmp_path / "预算.xlsx")
    sheet = office.recalculate(tmp_path / "预算.xlsx")["校验"]
    lines = lines_of(book, *rules)
    assert lines
    for line in lines:
        assert sheet.get(f"J{line.sheet_row}", "") == line.result, line
        assert sheet[f"H{line.sheet_row}"] == pytest.approx(float(line.difference))


def test_a_rule_is_explained_with_its_relation(limits: Template) -> None:
    assert "  ≤ 支出总表“该单位的该功能科目”行“支出总计”栏\n" in explain(
        template(PINGSHAN), template(PINGSHAN).rules["A14.3"]
    )
    text = explain(limits, limits.rules["Z2"])
    assert "  0.5 × 支出总表“合计”行“基本支出”栏 ＋ 10\n  ≥ 支出总表“合计”行“项目支出”栏\n" in text
    assert "再大就不符合" in text
    assert "＝ 30\n" in explain(limits, limits.rules["Z3"])
