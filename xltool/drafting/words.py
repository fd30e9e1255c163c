"""What the words printed in official tables say: which names are totals, codes, units, and how ids are made of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from xltool.template.names import is_note, normal

TITLE = re.compile(r"(?:表|明细|情况|清单|目标|汇总)(?:[(].*[)])?$")
NUMBER = re.compile(
    r"(?:(?:预算|决算)?公开|附|样)?表(?:\d+(?:-\d+)?[::]?|[一二三四五六七八九十]+)|(?:公开|附)\d+表|附件\d*"
)
_WHOSE = (
    r"(?:编制|填报|填制|预算|主管|实施|承担|申报)?(?:单位|部门)(?:编码)?(?:名称)?(?:[(（].*[)）])?(?:名称)?[:：]\s*"
)
HEADER_SURE = re.compile(rf"(?:金额)?单位:.*|.*年度:.*|{_WHOSE}.*|(?:编制|填报)(?:日期|时间):?.*|.*截止.*:.*")
"""No heading reads like this."""

HEADER = re.compile(rf"{HEADER_SURE.pattern}|[(]?20\d\d年度?[)]?")
UNIT_INSIDE = re.compile(r"[(](?:单位:)?(万?元)[)]")
NAME_LABEL = re.compile(r".{2,4}名称")
"""The label of a form's first field, if it stands alone."""

DEPARTMENT = re.compile(rf"({_WHOSE})(.*)")
NOT_A_TABLE = re.compile(r"目录|封面|封底|填表说明|编制说明|填报说明|说明")
SIGNATURES = re.compile(r"(?:填表|制表|审核|经办|负责|联系)人.{0,8}:")

TOTAL = re.compile(r"(?:合计|总计|小计|总额|总金额|共计)(?:数|[(].*[)])?:?$")
GRAND_TOTAL = re.compile(r"总计$")
CHANGE = re.compile(r"增减|比上年|较上年")
PUBLIC_EXPENSE = re.compile(r"因公|公务|购置|运行")
CARRIED = re.compile(r"结转|结余|增减|调整")
SERIAL = re.compile(r"序号|行次")
ITEMS = re.compile(r"品目(?:名称)?$|(?:物品|货物)名称$")
INNER = re.compile(rf"^(?:项目|任务|子项目)名称$|{ITEMS.pattern}|^年度$")
ITEM_CLASS = re.compile(r"类$")
MONEY = re.compile(r"金额|资金|拨款|总额|预算数|结转|结余")
SHARE = re.compile(r"率$|比例$|比重$|占比$|[(]?%[)]?$")
PRICE = re.compile(r"单价|均价|人均|标准$")
COUNT = re.compile(r"数量|人数|编制数|实有数|辆数|台数|面积|得分$|分值$|权重$|[(](?:人|辆|台|个|套|平方米)[)]$")
COUNTED = re.compile(rf"(?:{COUNT.pattern})$")
"""The end of a heading with nothing but counts below it."""

CODE = re.compile(r"(?:科目|分类).*(?:编码|代码)|(?:编码|代码)")
UNIT_CODE = re.compile(r"(?:单位|部门|机构|项目)(?:编码|代码|编号)$")
"""Codes that are those of no 科目, whatever they begin with."""

NAME = re.compile(r"(?:科目)?名称|科目|项目")
UNITS_OWN_COLUMN = re.compile(r"(?:预算|部门|单位|部门[(]单位[)]|所属|实施|承担)?(?:单位|部门)(?:名称)?$")
OWN_OFFICE = re.compile(r"本级[)]?$|本部$")
PROJECTS = re.compile(r"(?:项目|任务)名称$|支出项目类别$|项目类别$")
INDICATOR = re.compile(r"[一二三]级指标")
SECOND_INDICATOR = "二级指标"
TEXT = re.compile(
    r"名称|内容|说明|备注|依据|概况|目标|指标|任务|来源|时间|日期|情况|问题|措施|整改|性质|类型|类别|用途|联系|负责|规格"
    r"|计量单位|编码|代码|编号|序号|^单位$|^项目$|预算单位|执行标准|描述|方式|形式|级别|完成|品目"
)
WORDS = re.compile(r"内容$|问题|整改|措施|概况|^年初绩效目标$")
"""Texts that are never a number alone."""

NO_FIGURE = re.compile(r"电话|手机|邮编|账号|编码|代码|编号")
"""What is typed as a number and is none."""

FORM_LABEL = re.compile(rf"{TEXT.pattern}|{MONEY.pattern}|{COUNT.pattern}|(?:部门|单位|电话|姓名|人|地址|邮编|账号)$")
"""What forms ask for: the words of columns, and others that name no column."""

NO_HEADING = re.compile(r"\d{4}(?:[-./年]\d{1,2}){1,2}.*|[<>≤≥＜＞]?=?[\d.,]+%?|.{60,}")
"""A date, a number, or a whole sentence: what stands in a cell, not above it."""

SIDE = re.compile(r"^(?:支出)?(?:项目|科目|科目名称|功能分类科目)|^支出")
SIDES = ("支出", "收入")
EMPTY_NOTE = re.compile(r"空表|无.*(?:预算|拨款|支出|收入|数据|经费|采购|项目|发生|安排|此项)|没有|本表无")
PART = "其中"
SUBSET = re.compile(r"^(?:其中|面向)|政府采购")

_ORDINALS = {
    1: re.compile(r"[一二三四五六七八九十]+[、.．]"),
    2: re.compile(r"[（(][一二三四五六七八九十]+[）)][、.．]?"),
    3: re.compile(r"\d+[、.．](?!\d)"),
    4: re.compile(r"[（(]\d+[）)][、.．]?"),
}
_QUOTES = str.maketrans("", "", "“”\"'‘’「」")
_SIGNS = str.maketrans("[](),+-*=<>/\\", "［］（），＋－＊＝＜＞／＼")
"""What would have to be quoted or escaped in a rule, as what need not be."""
_UNIT_IN_BRACKETS = re.compile(r"[（(](?:单位[:：])?万?元[）)]$")
_NOTE_IN_BRACKETS = re.compile(r"(?<=..)[（(][^（）()]{4,}[）)]$")
_LEADING_YEAR = re.compile(r"^20\d\d年度?")
_FILLER = re.compile(r"[….．·。]*")
NAMELESS = "未命名"
_SHORT = 2
_DIGITS = "一二三四五六七八九十"


class Heads(NamedTuple):
    """What is printed above every table of the workbook; "" and 0 where it does not say."""

    department: str
    year: int
    amount_unit: str

    def template_text(self, text: str) -> str:
        """`text` with the department, the year and the amount unit as placeholders."""
        if self.department:
            text = text.replace(self.department, "{department}")
        if self.year:
            text = re.sub(rf"{self.year}(?=年|-\d|$)", "{year}", text)
            text = re.sub(rf"{self.year - 1}(?=年|-\d|$)", "{last_year}", text)
        unit = re.escape(self.amount_unit or "-")
        return re.sub(rf"(?<=[:：（(]){unit}(?=$|[）)])", "{amount_unit}", text)


def ordinal(text: str) -> tuple[int, int]:
    """The level and the number of the ordinal before a label: "一、" is (1, 1), "(2)" (4, 2); (0, 0) without one."""
    text = text.strip()
    for level, pattern in _ORDINALS.items():
        found = pattern.match(text)
        if found:
            return level, _value(re.sub(r"[、.．（）()]", "", found[0]))
    return 0, 0


def _value(text: str) -> int:
    """一 is 1, 二十一 is 21, 12 is 12."""
    if text.isdecimal():
        return int(text[:9])
    tens, ten, ones = text.rpartition("十")
    count = 10 * (_DIGITS.find(tens) + 1 if tens else 1) if ten else 0
    return count + (_DIGITS.find(ones) + 1 if ones else 0)


def identifier(text: str) -> str:
    """The id of what is printed so: without blanks, quotes, ordinals, "其中", the year and the amount unit, and with no
    sign that rules would have to quote."""
    name = "".join(text.split()).translate(_QUOTES)
    bare = re.sub(rf"^{PART}[:：]?", "", name)
    for pattern in _ORDINALS.values():
        bare = pattern.sub("", bare, count=1) if pattern.match(bare) else bare
    bare = re.sub(rf"^{PART}[:：]?", "", bare)
    bare = _LEADING_YEAR.sub("", _UNIT_IN_BRACKETS.sub("", bare)).rstrip(":：")
    return ((bare or name).lstrip("-－").rstrip(":：") or NAMELESS).translate(_SIGNS)


def dated_identifier(text: str, heads: Heads) -> str:
    """The id of a heading: what last year had is named so, and a short word of this year too (2023年预算: 本年预算)."""
    name = _NOTE_IN_BRACKETS.sub("", identifier(text))
    year = re.match(r"20\d\d(?=年)", normal(text))
    name = "" if year and name == "".join(text.split()) else name
    if year and heads.year and int(year[0]) == heads.year - 1:
        return f"上年{name}"
    if year and int(year[0]) == heads.year and len(name) <= _SHORT:
        return f"本年{name}"
    return name or unquoted(text)


def unquoted(text: str) -> str:
    """A text as rules can name it without quotes: no blanks, no signs of theirs."""
    return "".join(text.split()).translate(_QUOTES).translate(_SIGNS)


def is_filler(text: str) -> bool:
    """Whether a label only says that more lines like those above can follow: “……”, “二、…”."""
    bare = "".join(text.split())
    for pattern in _ORDINALS.values():
        bare = pattern.sub("", bare, count=1)
    return bool(_FILLER.fullmatch(bare))


def is_part(text: str) -> bool:
    """Whether a label begins with 其中."""
    return normal(text).startswith(PART)


def ends_table(text: str) -> bool:
    """Whether a line below a table is a note or the line of signatures."""
    return is_note(text) or bool(SIGNATURES.search(normal(text)))
