"""The kinds of what is found in a 汇总: codes that never change, names and hints, said once here."""

from __future__ import annotations

from xltool.checking.problems import Kind
from xltool.model import Severity

NOT_THE_SUM = Kind("U01", "汇总数与各单位所填之和不等", Severity.ERROR, "请改正这个单位的合计，再汇总一次。")
NOT_THE_SAME = Kind("U01.1", "各单位应相同的栏不同", Severity.WARNING, "请各单位核对，改成一样的，再汇总一次。")
TEXT_LEFT_OUT = Kind(
    "U01.2", "各单位的文字不同，没有合写", Severity.REMARK, "一格写不下，请看各单位的工作簿，由部门自己写。"
)
SUMS_DIFFER = Kind(
    "U02", "内部往来收付不一致", Severity.WARNING, "请收款、付款的单位核对；部门以外补助来的、付到部门以外的不用改。"
)
SUMS_TAKEN = Kind(
    "U02.1",
    "内部往来按合计抵销",
    Severity.REMARK,
    "请核对是不是都是部门内部的往来；不都是的，用 --transfers 写明内部的每一笔。",
)
NOT_CONFIRMED = Kind(
    "U02.2", "往来未对符", Severity.WARNING, "请付款、收款单位核对，改正工作簿或往来清单，再汇总一次。"
)
CONFIRMED = Kind("U02.3", "往来对符", Severity.REMARK, "每一笔和它的单元格列在“抵销”表里，不用改。")
NOT_PRINTED = Kind(
    "U02.4",
    "往来无从核对",
    Severity.REMARK,
    "是部门内部的，请做一份调整表（名册里类型写“调整”）抵销；从部门以外收到的不用改。",
)
UNITS_LACKING = Kind("U03", "单位不齐全", Severity.ERROR, "请催报，或在名册里去掉已经没有的单位，再汇总一次。")
SAME_NAME = Kind("U04", "单位名称重复", Severity.WARNING, "部门和各单位应各写各的名称，本级的加“本级”。")
NO_ACCOUNTS = Kind(
    "U05", "非独立核算单位有金额", Severity.ERROR, "它的经费应列在主管单位：看是否重复，或名册里的独立核算是否写错。"
)
ROUNDED = Kind("U06", "各单位四舍五入的尾差", Severity.REMARK, "不用改；要让印出的数也加得起来，用 --balanced。")
NOT_BALANCED = Kind(
    "U07", "汇总的收入总计与支出总计不等", Severity.ERROR, "请改正收支不等的单位，或抵销了一边的调整表。"
)

MERGE_KINDS = (
    NOT_THE_SUM,
    NOT_THE_SAME,
    TEXT_LEFT_OUT,
    SUMS_DIFFER,
    SUMS_TAKEN,
    NOT_CONFIRMED,
    CONFIRMED,
    NOT_PRINTED,
    UNITS_LACKING,
    SAME_NAME,
    NO_ACCOUNTS,
    ROUNDED,
    NOT_BALANCED,
)
