"""Names made comparable: as different people and programs type the same heading, label or 科目名称."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十\d]+[)]|\d+[.、])")
_NOTE = re.compile(
    r"(?:附注|备注|注释|注|说明)[\d一二三四五六七八九十()]*[:.、,;]"
    r"|备?注(?=$|\d|本|此|以上|上述|我|无|因|由|按|各|金额|单位)"
)
"""注 begins words too (注册费, 注销): a note says by what follows that it is one."""

_GRAND_TOTALS = ("合计", "总计", "共计", "累计")

_OF_ONES_OWN = re.compile(
    r".{0,20}(?:小计|合计|总计|共计|累计)|其中(?:$|:.*)|(?:账面)?(?:差额|差异|相差|核对|核对数|校验|检查|平衡)"
)

PRINTED_UNIT = re.compile(r"(?:金额)?单位:(?:人民币|RMB)?(万?元)(?!/)")
"""The amount unit as a line above a table says it, in a normal text; 元/人 is none."""

_PRINTED_YEAR = re.compile(r"20\d\d(?=年)|(?<=年度:)20\d\d")
_CHINESE_YEAR = re.compile(r"二[〇○零0Oo一二三四五六七八九]{3}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")

_FOOT = re.compile(
    r"(?:填表|制表|填报|编制|审核|复核|审批|经办|报送|打印|联系)(?:人员?|单位|部门|日期|时间|电话)?(?:[(].{0,8}[)])?:.*"
    r"|(?:单位|部门|财务|会计|分管)?(?:负责人|主管(?:人员)?|领导)(?:[(].{0,8}[)])?:.*"
    r"|.{0,20}[(](?:签字|签名|签章|盖章|公章)[)]:?.*|第[\d一二三四五六七八九十]+页.*|-\d+-|\d+/\d+页?"
)

_UNIT_CODE = re.compile(r"^[\[(【]?[\dA-Za-z]+[\])】]?[-—.、:]?(?=\D)")
_OF_ITSELF = re.compile(r"[(]?(?:本级|机关|汇总)[)]?$")

_QUOTES = str.maketrans("", "", "“”\"'‘’「」")

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""What prints nothing: Unicode's Default_Ignorable_Code_Point (zero-width blanks, soft hyphens, direction marks, …),
annotation marks and control characters; web pages and other programs leave them behind in what is copied."""


@lru_cache(maxsize=4096)
def visible(text: str) -> str:
    """A text without the characters in it that print nothing."""
    return _INVISIBLE.sub("", text)


def compact(text: str) -> str:
    """A text as letters, digits and signs alone: full-width ones as half-width, nothing blank or invisible."""
    return "".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """A label made comparable: full-width letters, digits and brackets as half-width, no blanks or invisible
    characters, no quotes."""
    if text.isascii() and text.isalnum():  # most codes: nothing to do
        return text
    return compact(text).translate(_QUOTES)


def printed_years(text: str) -> list[str]:
    """The years that a title or a line above a table says: 2024年, 年度:2024, 二〇二四年."""
    plain = _CHINESE_YEAR.sub(lambda year: year[0].translate(_CHINESE_DIGITS), normal(text))
    return _PRINTED_YEAR.findall(plain)


def bare(text: str) -> str:
    """A normal label without its ordinal ("一、", "1.", "(一)") and without a leading "其中:"."""
    return _ORDINAL.sub("", normal(text).removeprefix("其中:"))


def nearest(name: str, known: Iterable[str]) -> str:
    """What a name that is not known was meant for, as a message goes on; "" if nothing is like it."""
    found = get_close_matches(name, list(known), 1)
    return f"，是不是“{found[0]}”" if found else ""


def is_grand_total(text: str) -> bool:
    """Whether a label says no more than that its row is the total of all."""
    return normal(text) in _GRAND_TOTALS


def is_plain_total(text: str) -> bool:
    """Whether a label says no more than that its row is the total of others."""
    return normal(text) in (*_GRAND_TOTALS, "小计", "本页小计", "本页合计")


def is_of_ones_own(text: str) -> bool:
    """Whether a row labelled so is a subtotal, an 其中 or a check, where the table has no such row: somebody's own."""
    return bool(_OF_ONES_OWN.fullmatch(normal(text).rstrip(":")))


def is_same_unit(one: str, other: str) -> bool:
    """Whether two normal names are those of one unit: in full and in short, with 本级, with a code before it."""
    first, second = (_UNIT_CODE.sub("", _OF_ITSELF.sub("", name)) for name in (one, other))
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) > 1 and longer.endswith(shorter)


def is_foot(text: str) -> bool:
    """Whether a line below a table is one to sign on, a date, or the number of a page."""
    return bool(_FOOT.fullmatch(normal(text)))


def is_note(text: str) -> bool:
    """Whether a line of a table is a note (注：…) and no row."""
    return bool(_NOTE.match(normal(text)))
