"""Findings that belong to no line of a template's rules: what reading and comparing formulas brings to light.

Each kind has a code that never changes, a name and a hint, said once here.
"""

from __future__ import annotations

from typing import NamedTuple

from xltool.model import CellRef, FactKey, Finding, Related, Severity, Statement, Verdict


class Kind(NamedTuple):
    """One kind of problem."""

    id: str
    name: str
    severity: Severity
    hint: str


TABLE_MISSING = Kind("S01", "缺少表格", Severity.ERROR, "请从空白工作簿中复制这张表，或确认表名与标题没有改动。")
ROUNDED = Kind("L01.1", "按印出的位数判断尾差", Severity.REMARK, "各数其实是准确的，就请改正这些合计。")
RIVAL = Kind("S01.3", "也符合别的模板", Severity.REMARK, "要用另一套模板检查，写 --template 模板。")
LEFT_OUT = Kind("S01.1", "没有读的副本", Severity.REMARK, "请确认：是备份的不用改；要核对的是它，就删去或隐藏另一张。")
ALL_ZERO = Kind("S01.2", "整张表填的都是 0", Severity.ERROR, "请填这张表；真的没有数的，删去 0，写明是空表。")
UNKNOWN_ROW = Kind("S03", "行无法识别", Severity.ERROR, "请核对这一行的编码或名称；金额不应放在没有名称的行。")
SHIFTED = Kind("S03.1", "整行错位", Severity.ERROR, "请对照标题把这些格逐个移回；这一行的数按移回以后核对。")
RENAMED = Kind("S03.6", "名称与模板不同", Severity.REMARK, "请核对：是另一种写法的不用改；是别的内容，就移到别处。")
WRONG_LINE = Kind("S11", "整行、整栏或整表填错", Severity.ERROR, "改正以后请再检查一次：其余各处按改正以后的数核对。")
STRAY = Kind("S03.2", "远离表格的单元格", Severity.REMARK, "请确认：不是表里的内容，就清除这些单元格。")
HIDDEN = Kind("S03.3", "隐藏的数", Severity.WARNING, "请确认：要报的取消隐藏，不要的删去；隐藏的数照样计入合计。")
HIDDEN_SHEET = Kind("S03.4", "隐藏的工作表", Severity.REMARK, "请确认：不要的删去；有数取自它的，报送前取消隐藏。")
EXTRA_ROW = Kind("S03.5", "自己加的行", Severity.REMARK, "报送前删去，或移到表外；检查没有把它当作表里的行。")
COLUMN_MISSING = Kind("S05.1", "缺少栏", Severity.ERROR, "请恢复被删除的栏，或核对栏目标题。")
UNREADABLE = Kind("A12", "金额无法读取", Severity.ERROR, "金额单元格里只能填数字。")
REPLACED = Kind("F01", "公式被数值替换", Severity.WARNING, "请恢复公式，否则以后改动明细时合计不会跟着变。")
CHANGED = Kind("F02", "公式被改动", Severity.WARNING, "请与空白工作簿中同一单元格的公式核对。")
ORPHAN = Kind("A08", "缺少上级科目的行", Severity.ERROR, "请补上上级科目的行，否则类、款的合计和总计都数不到它。")
UNCOUNTED_CODE = Kind(
    "A08.1", "科目编码应为文本，不带空格", Severity.ERROR, "请把编码单元格的格式设为“文本”后重新输入编码。"
)
NOT_CALCULATED = Kind(
    "F03",
    "公式没有计算结果",
    Severity.WARNING,
    "请用 Excel 或 WPS 打开并保存一次，再检查；公式里写的工作表改了名称或已经没有的，先改公式。",
)
LINKED = Kind(
    "F04", "金额取自别的工作簿", Severity.WARNING, "请把数填在本表：那个文件改了或移走，这里的数就变或者没有了。"
)
CALCULATION = Kind("F05", "金额是算式", Severity.REMARK, "不用改；收表的人只看得数，怎样算的最好写在说明里。")
MANUAL = Kind(
    "F06", "手动计算", Severity.WARNING, "请在“公式”选项卡的“计算选项”里选“自动”（WPS 相同），保存以后再检查。"
)
OUTDATED = Kind("F07", "显示的不是现在的结果", Severity.WARNING, "请在 Excel 或 WPS 中按 F9 重新计算，保存以后再检查。")
SORTED = Kind(
    "F08",
    "行排过序，公式取错了行",
    Severity.ERROR,
    "请撤销排序，在同级科目下面插入行；不能撤销的，照空白工作簿改正这些公式。检查按取对的行进行。",
)
MIXED_UNIT = Kind("A12.1", "金额单位不一致", Severity.WARNING, "请确认本表的金额单位，全套表应使用同一单位。")
UNSCALED = Kind(
    "A12.2", "公式没有折算金额单位", Severity.ERROR, "请改正这些公式，或把两张表改成同一单位；检查按折算以后的数进行。"
)
SHORTENED = Kind(
    "A12.3", "格式没有显示全部的数", Severity.WARNING, "请把单元格格式改成与本表一样的小数位数，或改成要报的数。"
)

KINDS = (
    TABLE_MISSING,
    LEFT_OUT,
    RIVAL,
    ALL_ZERO,
    UNKNOWN_ROW,
    SHIFTED,
    RENAMED,
    WRONG_LINE,
    STRAY,
    HIDDEN,
    HIDDEN_SHEET,
    EXTRA_ROW,
    ORPHAN,
    UNCOUNTED_CODE,
    COLUMN_MISSING,
    UNREADABLE,
    REPLACED,
    CHANGED,
    NOT_CALCULATED,
    LINKED,
    CALCULATION,
    MANUAL,
    OUTDATED,
    SORTED,
    MIXED_UNIT,
    UNSCALED,
    ROUNDED,
    SHORTENED,
)


def problem(
    kind: Kind,
    statement: Statement,
    key: FactKey | None = None,
    cell: CellRef | None = None,
    places: tuple[Related, ...] = (),
) -> Finding:
    """A finding of `kind`; a formula without a result decides nothing."""
    verdict = Verdict.UNDECIDED if kind is NOT_CALCULATED else kind.severity.verdict
    return Finding(kind.id, kind.name, verdict, kind.severity, statement, key, cell, places, hint=kind.hint)
