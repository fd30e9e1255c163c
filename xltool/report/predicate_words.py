"""Explains the rules that are no equations in words: what does not comply, in which table and columns."""

from __future__ import annotations

from xltool.model import format_path
from xltool.template.spec import Rule, Slot

_SENTENCES = {
    "codes_valid": "对每个科目，按工作簿的年度查目录：编码在这一年已改掉或还没有（错误）；"
    "名称与目录不同（警告，目录里未核实的不算）；上级科目排在下级下面（警告）；"
    "目录里没有的只作说明，因为目录不全。一个科目只说一次。",
    "blank_total": "合计或小计单元格是空的，而它的分项里有数，就不符合。",
    "empty_table_note": "没有数的表，下面应有注说明是空表；注说是空表的，表里不能有数。",
    "number_as_number": "金额单元格里是文本（如“1,224.07”），就不符合；小数超过 6 位的另作说明。",
    "not_negative": "金额小于 0，而所在的行和栏不是结转、调整、增减变化一类，就不符合。",
    "running_subjects": "{table}里，行政运行（编码以 01 结尾的项）的“{1}”应没有数，"
    "一般行政管理事务（以 02 结尾的项）的“{0}”应没有数。",
    "names_subjects": "{table}里的项目名称与某个功能科目的名称相同时，"
    "这个科目在{against}应有数，而且不小于这个项目的“{0}”。",
    "distinct_units": "部门的汇总行与所属单位的行不应写同一个名称；整个工作簿只说一次。",
    "dependent_units": "{table}的“{0}”写明非独立核算的单位，其他各表里这个单位的行不应有金额。",
    "one_name": "列出项目的各张表里，一个名称只在一张表、另一个名称只在另一张表，金额相同，"
    "而且名称相近或两边都只剩这一个对不上，就请核对是不是同一个项目。",
    "required_total": "{table}有两行以上的金额而没有合计行，就不符合。",
    "growth_rate": "{table}的“{2}”＝（“{0}”－“{1}”）÷“{1}”；“{1}”是 0 的应填“—”。",
    "ratio": "{table}的“{0}”＝“{1}”÷“{2}”。",
    "percent_as_number": "百分数是文本（如“98.13%”），或小数位数比本栏印的多，就不符合。",
    "percent_range": "{table}的{all}应在 0% 与 100% 之间。",
    "plan_to_full": "{table}的{all}逐期不减少，最后一期是 100%；没有填的期不看。",
    "indicator_direction": "{table}的“{1}”写的方向（≥ 或 ≤）与“{0}”的含义相反（如接待率“≤99%”），"
    "或名称、描述相同的指标有不同的目标值，就提出疑问。拿不准方向的指标不问。",
    "same_text": "{table}里两个项目的“{0}”文字完全相同，就提出疑问。",
    "rounding_proved": "单独看都在尾差之内的等式，合起来也要能用四舍五入解释：存在一组未取整的数，"
    "与印出的数各相差不超过半个末位，使这些等式同时成立。找不到这样一组数，就不符合，并列出互相矛盾的几条等式。",
    "empty_assets": "{table}没有数，而{against}有数，就提出疑问。",
}
_HIDDEN = (
    "表里的数是四舍五入来的：只要四舍五入前可能有这样的数，就算相符。如 89.94 ÷ 91.66 可以是 98.13%，不可以是 98.20%。"
)
_TOLERANCES = {
    "growth_rate": _HIDDEN,
    "ratio": _HIDDEN,
    "names_subjects": "项目与科目小数位数相同时不允许差。",
    "rounding_proved": "印出的数最多差末位的一半；空白、0 和精确到分的数没有误差，同一个数列在两处的要相等。",
}


def sentence(rule: Rule) -> str:
    """What does not comply with a rule that names a predicate."""
    columns = [_name(slot) for slot in rule.columns]
    against = ""
    if rule.against is not None:
        against = f"{rule.against.table}的“{format_path(rule.against.column)}”"
    names = {"table": rule.table or "各表", "all": "、".join(f"“{name}”" for name in columns), "against": against}
    return _SENTENCES[rule.predicate].format(*columns, **names)


def tolerance(rule: Rule) -> str:
    """Which difference such a rule allows."""
    return _TOLERANCES.get(rule.predicate, "不涉及尾差。")


def _name(slot: Slot) -> str:
    return slot.field or format_path(slot.column)
