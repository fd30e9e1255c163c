"""`xltool merge`: the workbooks of many units made into one 汇总."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.targets import ensure_another, ensure_json, ensure_workbook, is_screen, put_json
from xltool.cli.types import AMOUNT_UNIT, FILE, NATURE

if TYPE_CHECKING:
    from xltool.api.processes.cluster import Cluster


@click.command(
    "merge",
    cls=Command,
    epilog="退出码：0 各单位都已汇总，没有错误；1 已汇总，但有单位未报送、被剔除或有错误；2 没有汇总，什么也没有写。",
)
@options.files
@options.workbook
@click.option("--roster", metavar="名册", type=FILE, help="单位名册（CSV、.xlsx 或 TOML）；不写时按文件认单位。")
@click.option("--under", metavar="单位", help="只汇总名册里这个单位（名称或编码）下面的。")
@click.option("--nature", metavar="行政|参公|事业", type=NATURE, help="只汇总名册里这种性质的单位。")
@click.option("--name", metavar="部门名称", help="汇总的部门名称，印在每张表的表头；默认用名册最上一级的。")
@click.option(
    "--transfers",
    metavar="清单",
    type=FILE,
    help="往来清单（CSV 或 .xlsx）：付款单位、收款单位、科目、金额（元）；两方都列了的抵销。不写时只比较合计。",
)
@click.option("--exclude", metavar="文件", type=FILE, multiple=True, help="不汇总这个文件，结果里写明；可以写几次。")
@click.option("--amount-unit", metavar="元|万元", type=AMOUNT_UNIT, help="汇总的金额单位；默认用模板的。")
@click.option("--allow-errors", is_flag=True, help="有错误的单位也照现有的数汇总，结果里写明。")
@click.option("--balanced", is_flag=True, help="舍位平衡：金额舍到表上印出的位数，合计仍等于各部分之和，见“舍位说明”。")
@options.json_file
@options.template_or_found
@options.templates
@options.cluster
@options.force
def command(
    files: tuple[Path, ...],
    target: Path,
    roster: Path | None,
    under: str | None,
    nature: str | None,
    name: str | None,
    transfers: Path | None,
    exclude: tuple[Path, ...],
    amount_unit: str | None,
    allow_errors: bool,
    balanced: bool,
    json: Path | None,
    template: str | None,
    templates: Path | None,
    cluster: Cluster | None,
    force: bool,
) -> int:
    """把各单位的工作簿汇总成一个同样格式的工作簿。文件可以是工作簿，也可以是放着工作簿的文件夹。"""
    from xltool.report.units.merge_words import merged_json, merged_text

    ensure_workbook(target, force)
    for listed in filter(None, (roster, transfers)):
        ensure_another(target, listed)
    ensure_json(json, force)
    consolidation = api.merge(
        files,
        target,
        roster=roster,
        under=under,
        nature=nature,
        name=name,
        transfers=transfers,
        exclude=exclude,
        amount_unit=amount_unit,
        allow_errors=allow_errors,
        balanced=balanced,
        template=template,
        templates=templates,
        cluster=cluster,
        watch=partial(output.progress, what="读取"),
    )
    if json is not None:
        put_json(json, merged_json(consolidation))
    if not is_screen(json):
        output.say(merged_text(consolidation, target))
    return 0 if consolidation.is_complete else 1
