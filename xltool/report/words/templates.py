"""Says what a template holds: its tables with their columns, and its rules."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.model import format_path
from xltool.report.table import aligned
from xltool.report.words.rules import rule_lines
from xltool.template.shelves import Shelved
from xltool.template.spec import Table, Template


def template_list(templates: Sequence[Shelved]) -> str:
    """One line for each template, with its folder if it did not come with xltool; then those that have mistakes."""
    heading = ["模板", "名称", "年度", "单位", "表", "规则"]
    if not all(shelved.is_built_in for shelved in templates):
        heading.append("位置（自己的模板）")
    lines = aligned([heading, *(_line(shelved, shelved.template) for shelved in templates if shelved.template)])
    broken = [shelved for shelved in templates if shelved.template is None]
    if broken:
        lines += ["", "这些模板有错误，不能使用，请用下面的命令查看："]
        lines += [f'  xltool templates lint "{shelved.home}"' for shelved in broken]
    return "\n".join(lines)


def _line(shelved: Shelved, t: Template) -> list[str]:
    home = [] if shelved.is_built_in else [str(shelved.home)]
    return [t.id, t.title, str(t.year), t.amount_unit, f"{len(t.tables)} 张", f"{len(t.rules)} 条", *home]


def template_text(template: Template) -> str:
    """All of one template."""
    lines = [
        f"{template.id}　{template.title}",
        f"{template.region}，{template.year} 年，金额单位：{template.amount_unit}",
        f"依据：{template.source}",
        "",
    ]
    for number, table in enumerate(template.tables.values(), 1):
        lines += [f"{number}. {table.name}（{table.id}）", *(f"   {line}" for line in _columns(table)), ""]
    return "\n".join([*lines, *rule_lines(template)])


def _columns(table: Table) -> list[str]:
    """The columns of each block, in one line; the fields of a form."""
    return [
        "栏目："
        + "、".join(
            [row.label for row in block.rows] if block.is_form else [format_path(c.path) for c in block.columns]
        )
        for block in table.blocks
    ]
