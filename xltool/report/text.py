"""A report as text for the accountant: sheet by sheet, errors first; then what needs no change in one line a rule, and
what cannot be decided yet in one line a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.diagnose.report import Report
from xltool.model import Acceptance, Finding, Severity, Verdict
from xltool.report.groups import by_reason, by_rule, by_sheet, counts_of, explained, remarks_of

WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.REMARK: "说明"}

_SHOWN = 10
"""Of one rule's remarks, the first so many are told one by one."""


def report_text(report: Report) -> str:
    """The whole report of one workbook."""
    remarks = remarks_of(report)
    parts = (
        [str(report.book.source) if report.book.source else "工作簿", *about(report)],
        _told(report),
        _explained(report),
        _to_look_at(remarks.open),
        _no_change_needed(remarks.rounding),
        _waiting_for(remarks.waiting),
    )
    return "\n".join([*(line for part in parts for line in part), "", *proof(report), summary(report)])


def summary(report: Report) -> str:
    """How many equations were looked at, and what came of it, in one line that counts every finding once."""
    if not report.equations and not report.findings:
        return "工作簿里还没有数可以核对。"
    counts = counts_of(report)
    quiet = [
        f"已说明 {counts.explained} 处" if counts.explained else "",
        f"尾差 {counts.rounding} 处" if counts.rounding else "",
    ]
    found = [
        f"错误 {counts.errors} 处" if counts.errors else "",
        f"警告 {counts.warnings} 处" if counts.warnings else "",
        *quiet,
    ]
    text = "，".join(filter(None, found)) or "没有发现问题"
    if any(quiet) and report.is_clean:
        text = f"没有发现问题（{text}，不用改）"
    more = f"，请核对 {counts.to_look_at} 处" if counts.to_look_at else ""
    more += f"，暂不判断 {counts.waiting} 处" if counts.waiting else ""
    return f"共核对 {report.equations} 条等式：{text}{more}。"


def about(report: Report) -> list[str]:
    """What the workbook is, and on what the findings rest if it has no template."""
    book, outline = report.book, report.book.outline
    what = [
        "没有模板" if report.basis else f"{book.template.title}（{book.template.id}）",
        outline.department,
        f"{outline.year} 年",
        outline.amount_unit,
    ]
    return ["　".join(filter(None, what)), *filter(None, [report.basis])]


def _told(report: Report) -> Iterator[str]:
    """Errors and warnings, under a line for each sheet."""
    for sheet, findings in by_sheet(report).items():
        yield from ("", f"【{sheet}】")
        for finding in findings:
            yield from _lines(finding)


def _lines(finding: Finding) -> Iterator[str]:
    where = f"{finding.cell.a1}　" if finding.cell else ""
    yield f"{WORDS[finding.severity]}　{where}{finding.rule} {finding.name}"
    for line in finding.message.splitlines():
        yield f"    {line}"


def _explained(report: Report) -> Iterator[str]:
    """Warnings that were explained, each in a line with its reason."""
    told = explained(report)
    if told:
        yield from ("", "【已说明的】")
    for finding in told[:_SHOWN]:
        if finding.accepted is not None:
            yield f"{_where(finding)}{finding.rule} {finding.name}：{reason_text(finding.accepted)}"
    if len(told) > _SHOWN:
        yield f"…共 {len(told)} 处，用 --list 可以得到全部。"


def reason_text(reason: Acceptance) -> str:
    """A reason, with who gave it and when."""
    by = "，".join(filter(None, (reason.who, reason.date)))
    return f"{reason.reason}{f'（{by}）' if by else ''}"


def _to_look_at(remarks: Sequence[Finding]) -> Iterator[str]:
    """Remarks that may need something done: what each says, under its rule; what they all advise once."""
    groups = by_rule(remarks)
    if groups:
        yield from ("", "【请核对的】")
    for group in groups.values():
        first = group[0]
        yield f"说明　{first.rule} {first.name}：{len(group)} 处"
        for finding in group[:_SHOWN]:
            yield f"    {_where(finding)}{finding.statement}"
        if len(group) > _SHOWN:
            yield f"    …共 {len(group)} 处，用 --json 可以得到全部。"
        advice = [note for note in first.notes if all(note in finding.notes for finding in group)]
        yield from (f"    {line}" for line in (*advice, first.advice) if line)


def _no_change_needed(rounding: Sequence[Finding]) -> Iterator[str]:
    """One line for each rule, with how many there are."""
    groups = by_rule(rounding)
    if groups:
        yield from ("", "【不用改的】")
    yield from map(rounding_line, sorted(groups.values(), key=lambda group: group[0].rule))


def rounding_line(group: Sequence[Finding]) -> str:
    """How often rounding explains what a rule finds."""
    return f"{group[0].rule} {group[0].name}：尾差 {len(group)} 处（在四舍五入范围内），不用改。"


def _waiting_for(undecided: Sequence[Finding]) -> Iterator[str]:
    groups = by_reason(undecided)
    if groups:
        yield from ("", "【暂不判断的】")
    yield from map(waiting_line, groups.values())


def waiting_line(group: Sequence[Finding]) -> str:
    """One reason why something cannot be decided yet, with the rules that wait for it."""
    rules = dict.fromkeys(finding.rule for finding in group)
    return f"{group[0].reason}：{len(group)} 处（{'、'.join(rules)}）。"


def _where(finding: Finding) -> str:
    return f"{finding.cell.in_book}　" if finding.cell else ""


def proof(report: Report) -> Iterator[str]:
    """That rounding explains all that is left, where that was proved."""
    if report.rounding_proved:
        equations = "全部等式（上面指出的除外）" if report.verdicts.get(Verdict.FAIL) else "全部等式"
        proof = f"已证明存在一组未取整的数，使{equations}同时成立，这些差额都能用四舍五入解释。"
        yield f"尾差共 {report.explained} 处：{proof}"
