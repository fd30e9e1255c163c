"""A report as text for the accountant: sheet by sheet, errors first; then what needs no change in one line a rule, and
what cannot be decided yet in one line a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xltool.diagnose.report import Report
from xltool.model import Finding, Severity, Verdict

WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.REMARK: "说明"}
WHOLE_WORKBOOK = "整个工作簿"

_SHOWN = 10
"""Of one rule's remarks, the first so many are told one by one."""


def report_text(report: Report) -> str:
    """The whole report of one workbook."""
    remarks = _remarks(report)
    parts = (
        _head(report),
        _told(report),
        _explained(report),
        _to_look_at(remarks.open),
        _no_change_needed(remarks.rounding),
        _waiting_for(remarks.waiting),
    )
    return "\n".join([*(line for part in parts for line in part), "", *_proof(report), summary(report)])


def summary(report: Report) -> str:
    """How many equations were looked at, and what came of it, in one line that counts every finding once."""
    if not report.equations and not report.findings:
        return "工作簿里还没有数可以核对。"
    counts = Counter(finding.severity for finding in report.findings if finding.is_open)
    explained = sum(finding.accepted is not None for finding in report.findings)
    remarks = _remarks(report)
    quiet = [
        f"已说明 {explained} 处" if explained else "",
        f"尾差 {len(remarks.rounding)} 处" if remarks.rounding else "",
    ]
    found = [
        f"错误 {counts[Severity.ERROR]} 处" if counts[Severity.ERROR] else "",
        f"警告 {counts[Severity.WARNING]} 处" if counts[Severity.WARNING] else "",
        *quiet,
    ]
    text = "，".join(filter(None, found)) or "没有发现问题"
    if any(quiet) and report.is_clean:
        text = f"没有发现问题（{text}，不用改）"
    more = f"，请核对 {len(remarks.open)} 处" if remarks.open else ""
    more += f"，暂不判断 {len(remarks.waiting)} 处" if remarks.waiting else ""
    return f"共核对 {report.equations} 条等式：{text}{more}。"


class _Remarks(NamedTuple):
    """The remarks of a report: rounding, what waits for a reason, and what is left to the reader to look at."""

    rounding: list[Finding]
    waiting: list[Finding]
    open: list[Finding]


def _remarks(report: Report) -> _Remarks:
    sorted_out = _Remarks([], [], [])
    for finding in report.findings:
        if finding.severity is Severity.REMARK:
            is_rounding = finding.verdict is Verdict.ROUNDING
            kind = sorted_out.rounding if is_rounding else sorted_out.waiting if finding.reason else sorted_out.open
            kind.append(finding)
    return sorted_out


def _head(report: Report) -> list[str]:
    book, outline = report.book, report.book.outline
    name = str(book.source) if book.source else "工作簿"
    about = [
        "没有模板" if report.basis else f"{book.template.title}（{book.template.id}）",
        outline.department,
        f"{outline.year} 年",
        outline.amount_unit,
    ]
    return [name, "　".join(filter(None, about)), *filter(None, [report.basis])]


def _told(report: Report) -> Iterator[str]:
    """Errors and warnings, under a line for each sheet."""
    by_sheet: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.is_open:
            by_sheet.setdefault(finding.cell.sheet if finding.cell else WHOLE_WORKBOOK, []).append(finding)
    for sheet in _ordered(by_sheet, report):
        yield from ("", f"【{sheet}】")
        for finding in sorted(by_sheet[sheet], key=lambda f: list(Severity).index(f.severity)):
            yield from _lines(finding)


def _ordered(sheets: Iterable[str], report: Report) -> list[str]:
    """In the order of the tables; what is about no sheet, or one that holds no table, first."""
    order = [table.sheet for table in report.book.layout.tables.values()]
    return sorted(sheets, key=lambda sheet: order.index(sheet) if sheet in order else -1)


def _lines(finding: Finding) -> Iterator[str]:
    where = f"{finding.cell.a1}　" if finding.cell else ""
    yield f"{WORDS[finding.severity]}　{where}{finding.rule} {finding.name}"
    for line in finding.message.splitlines():
        yield f"    {line}"


def _explained(report: Report) -> Iterator[str]:
    """Warnings that were explained, each in a line with its reason."""
    explained = [finding for finding in report.findings if finding.accepted]
    if explained:
        yield from ("", "【已说明的】")
    for finding in explained[:_SHOWN]:
        if (reason := finding.accepted) is not None:
            where = f"{finding.cell.in_book}　" if finding.cell else ""
            by = "，".join(filter(None, (reason.who, reason.date)))
            yield f"{where}{finding.rule} {finding.name}：{reason.reason}{f'（{by}）' if by else ''}"
    if len(explained) > _SHOWN:
        yield f"…共 {len(explained)} 处，用 --list 可以得到全部。"


def _to_look_at(remarks: Sequence[Finding]) -> Iterator[str]:
    """Remarks that may need something done: what each says, under its rule; what they all advise once."""
    groups: dict[str, list[Finding]] = {}
    for finding in remarks:
        groups.setdefault(finding.rule, []).append(finding)
    if groups:
        yield from ("", "【请核对的】")
    for group in groups.values():
        first = group[0]
        yield f"说明　{first.rule} {first.name}：{len(group)} 处"
        for finding in group[:_SHOWN]:
            where = f"{finding.cell.in_book}　" if finding.cell else ""
            yield f"    {where}{finding.statement}"
        if len(group) > _SHOWN:
            yield f"    …共 {len(group)} 处，用 --json 可以得到全部。"
        advice = [note for note in first.notes if all(note in finding.notes for finding in group)]
        yield from (f"    {line}" for line in (*advice, first.advice) if line)


def _no_change_needed(rounding: Sequence[Finding]) -> Iterator[str]:
    """One line for each rule, with how many there are."""
    groups: dict[str, list[Finding]] = {}
    for finding in rounding:
        groups.setdefault(finding.rule, []).append(finding)
    if groups:
        yield from ("", "【不用改的】")
    for rule, group in sorted(groups.items()):
        yield f"{rule} {group[0].name}：尾差 {len(group)} 处（在四舍五入范围内），不用改。"


def _waiting_for(undecided: Sequence[Finding]) -> Iterator[str]:
    """One line for each reason why something cannot be decided yet, with the rules that wait for it."""
    reasons: dict[str, list[str]] = {}
    for finding in undecided:
        reasons.setdefault(finding.reason, []).append(finding.rule)
    if reasons:
        yield from ("", "【暂不判断的】")
    for reason, rules in reasons.items():
        yield f"{reason}：{len(rules)} 处（{'、'.join(dict.fromkeys(rules))}）。"


def _proof(report: Report) -> Iterator[str]:
    """That rounding explains all that is left, where that was proved."""
    if report.rounding_proved:
        equations = "全部等式（上面指出的除外）" if report.verdicts.get(Verdict.FAIL) else "全部等式"
        proof = f"已证明存在一组未取整的数，使{equations}同时成立，这些差额都能用四舍五入解释。"
        yield f"尾差共 {report.explained} 处：{proof}"
