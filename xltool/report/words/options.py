"""Sentences for those who have no command line: they speak of the page's screens and fields, not of commands."""

import re

LABELS = {
    "--accepted": "写了说明的问题清单",
    "--allow-errors": "有错误的单位也照现有的数汇总",
    "--amount-unit": "金额单位",
    "--balanced": "舍位平衡",
    "--exclude": "剔除",
    "--like": "去年的工作簿",
    "--name": "部门名称",
    "--nature": "单位性质",
    "--projects": "项目",
    "--roster": "单位名册",
    "--same": "改了名的单位或项目",
    "--subjects": "科目",
    "--template": "模板",
    "--transfers": "往来清单",
    "--under": "只汇总这个单位下面的",
    "--unit": "单位名称",
    "--year": "年度",
}
"""What the fields are called that stand for the options of the command line."""

_SCREENS = {"check": "检查", "merge": "汇总"}
"""What the screens are called that do what a command does."""


_WITHOUT_SCREEN = "codes import|read"
"""What sentences advise that only the command line does."""


def without_options(sentence: str) -> str:
    """A sentence that names options and commands, with the fields and screens that stand for them; of a command for
    which there is none it says where it is."""
    return _with_the_command_line(_with_fields(sentence))


def in_a_dialog(sentence: str) -> str:
    """The same for a dialog, which has none of these fields: it says where they are."""
    told = _with_fields(sentence)
    where = "" if told == sentence else "\n（这样的选择在“打开页面”里有。）"
    return _with_the_command_line(told) + where


def _with_fields(sentence: str) -> str:
    commands = re.sub(r" ?xltool (check|merge)( --list)? ?", lambda found: f"“{_SCREENS[found[1]]}”", sentence)
    return re.sub(
        r" ?(--[a-z-]+) ?", lambda found: f"“{LABELS[found[1]]}”" if found[1] in LABELS else found[0], commands
    )


def _with_the_command_line(sentence: str) -> str:
    return re.sub(rf" ?(xltool (?:{_WITHOUT_SCREEN})\b)", r"命令行（见使用手册“只有命令行能做的”）里的 \1", sentence)
