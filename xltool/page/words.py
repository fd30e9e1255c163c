"""Sentences as the page says them: they speak of its fields, not of options, and of files by their names alone."""

from __future__ import annotations

import os
import re
from pathlib import Path

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


def on_page(sentence: str) -> str:
    """A sentence that names options, with the fields that stand for them."""
    return re.sub(
        r" ?(--[a-z-]+) ?", lambda found: f"“{LABELS[found[1]]}”" if found[1] in LABELS else found[0], sentence
    )


def without_folder(sentence: str, folder: Path) -> str:
    """A sentence in which files of ours have their names alone: where they lie says nothing to the user."""
    return re.sub(rf"{re.escape(f'{folder}{os.sep}')}(?:[^\\/“”\n]*[\\/])*", "", sentence)
