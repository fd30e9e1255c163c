"""Says what was drafted from a workbook: its tables, and what the author of the template must look at."""

from __future__ import annotations

from pathlib import Path

from xltool.drafting.equalities import equalities
from xltool.drafting.spec import Draft, DraftBlock, DraftTable, Evidence
from xltool.report.table import aligned

_PRINT = "打印设置、边框、字体不写在模板里：生成的工作簿宽一页、每页重复表头，纸张和方向按表的长宽自动定。"


def draft_text(draft: Draft, workbook: Path, folder: Path) -> str:
    """The whole account of the template drafted in `folder` from `workbook`, ending with what to do next."""
    heading = ["", "表", "工作表", "区", "栏", "行", "合计", "其中推得"]
    rows = [_line(number, table) for number, table in enumerate(draft.tables, 1)]
    name = folder if len(folder.parts) > 1 else folder.absolute()  # one word alone is the name of a template
    parts = [
        [
            f"已起草模板：{folder}",
            f"{draft.department}，{draft.year} 年，金额单位：{draft.amount_unit}，{len(draft.tables)} 张表。",
        ],
        aligned([heading, *rows], 2),
        ["请核对", *(f"  {doubt}" for doubt in _doubts(draft))],
        [
            "接下来",
            "  逐张表改好，删去核对过的“请核对”，在 rules.toml 里补写表与表之间的规则。",
            f'  看还有什么要补：xltool templates lint "{folder}"',
            f'  看原来的工作簿读得对不对：xltool check "{workbook}" --template "{name}" --dry-run',
        ],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts)


def _line(number: int, table: DraftTable) -> list[str]:
    sums = [column.sum for block in table.blocks for column in block.columns if column.sum]
    sums += [row.sum for block in table.blocks for row, _ in block.all_rows() if row.sum]
    guessed = [one for one in sums if one.evidence is not Evidence.FORMULA]
    columns = "＋".join(str(len(block.columns) or len(block.fields)) for block in table.blocks)
    rows = "＋".join(_rows(block) for block in table.blocks)
    name = f"{table.id}（每个项目一张）" if table.each else table.id
    counts = [str(len(table.blocks)), columns, rows, str(len(sums)), str(len(guessed))]
    return [str(number), name, table.page.sheet.name, *counts]


def _rows(block: DraftBlock) -> str:
    """How many lines a block's rows stand for, or that it is a form."""
    return "表单" if block.fields else str(sum(len(row.instances) for row, _ in block.all_rows() if not row.group))


def _doubts(draft: Draft) -> list[str]:
    doubts = list(draft.doubts)
    if draft.skipped:
        doubts.append(f"没有表的工作表，没有写进模板：{'、'.join(draft.skipped)}。")
    count = len(equalities(draft)) + len(draft.agreements)
    if count:
        doubts.append(f"rules.toml：{count} 条表与表之间的规则（Z01 起）由数字推得，请核对。")
    return [*doubts, _PRINT]
