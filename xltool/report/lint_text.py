"""The review of a template as text: errors first, then warnings, then remarks."""

from __future__ import annotations

from xltool.linting.advice import Advice, Review
from xltool.model import Severity
from xltool.report.text import WORDS


def review_text(review: Review) -> str:
    """All advice, that of one topic under its heading, and how much there is of each severity."""
    lines = [f"{review.home.name}　{review.title}".rstrip()]
    for severity in Severity:
        own = [advice for advice in review.advice if advice.severity is severity]
        if own:
            lines += ["", f"{WORDS[severity]} {len(own)} 处", *_by_topic(own)]
    return "\n".join([*lines, "", _summary(review)])


def _by_topic(advice: list[Advice]) -> list[str]:
    """One line each; those without a topic first, the others indented under theirs."""
    lines = [f"  {item.text}" for item in advice if not item.topic]
    for topic in dict.fromkeys(item.topic for item in advice if item.topic):
        lines += [f"  {topic}", *(f"    {item.text}" for item in advice if item.topic == topic)]
    return lines


def _summary(review: Review) -> str:
    counts = {severity: sum(advice.severity is severity for advice in review.advice) for severity in Severity}
    if not any(counts.values()):
        return "没有发现问题。"
    told = "，".join(f"{WORDS[severity]} {count} 处" for severity, count in counts.items() if count)
    return f"共{told}。" + ("改正错误后请再检查一次。" if counts[Severity.ERROR] else "没有错误，可以使用。")
