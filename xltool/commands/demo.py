"""`demo`: the whole way from a blank workbook to a marked one, with real figures."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xltool import api
from xltool.report.text import report_text

TEMPLATE = "qinglong-2024"


def demo(arguments: Namespace) -> int:
    """Make, fill, check and mark; the findings are the point of it, so they are no failure."""
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    blank, filled, marked = (
        folder / name for name in ("空白预算.xlsx", "青龙2024预算.xlsx", "青龙2024预算（已标注）.xlsx")
    )
    print("一、生成空白工作簿：公式、下拉选项、校验表都已做好，可以直接填数。")
    api.new(TEMPLATE, blank)
    print(f"    {blank}\n")
    print("二、填入青龙满族自治县信访局 2024 年部门预算公开的数，一个不改。")
    api.fill(TEMPLATE, api.sample_facts(TEMPLATE), filled)
    print(f"    {filled}\n")
    print("三、检查，并在副本上标注：\n")
    report = api.check(api.read(filled))
    print(report_text(report))
    count = api.annotate(filled, report.findings, marked).cells
    print(f"\n已标注 {count} 处，请用 Excel 或 WPS 打开看：\n    {marked}")
    return 0
