"""`xltool round`: a workbook in another unit, rounded so that every total still adds up (舍位平衡)."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.targets import ensure_another, ensure_workbook
from xltool.cli.types import AMOUNT_UNIT, FILE, ChoiceType
from xltool.merge.balance.summary import summary


@click.command("round", cls=Command)
@options.argument("file", "文件", "准确数填好、各数相符的工作簿。", type=FILE)
@options.workbook
@click.option("--amount-unit", metavar="元|万元", type=AMOUNT_UNIT, default="万元", help="化成什么金额单位；默认万元。")
@click.option(
    "--decimals", metavar="0|1|2", type=ChoiceType("0", "1", "2"), help="保留几位小数；默认与模板各表印出的一样。"
)
@click.option(
    "--within",
    metavar="1|2",
    type=ChoiceType("1", "2"),
    default="1",
    help="每个数与准确数最多相差几个末位单位；默认 1，平衡不了时才用 2。",
)
@options.template_or_found
@options.templates
@options.force
def command(
    file: Path,
    target: Path,
    amount_unit: str,
    decimals: str | None,
    within: str,
    template: str | None,
    templates: Path | None,
    force: bool,
) -> None:
    """舍位平衡：把元化成万元写成新的工作簿，每个合计仍等于各部分之和，没有尾差。"""
    ensure_workbook(target, force)
    ensure_another(target, file)
    result = api.balance(
        file,
        target,
        amount_unit=amount_unit,
        decimals=None if decimals is None else int(decimals),
        within=int(within),
        template=template,
        templates=templates,
    )
    output.say(f"已写出舍位后的工作簿：{target}")
    for sentence in summary(result):
        output.say(sentence)
    if result.changes:
        output.say("调整了哪些格、为什么，见工作表“舍位说明”。")
