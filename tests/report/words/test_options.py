"""What those read who have no command line."""

from __future__ import annotations

import pytest

from tests import ROOT
from xltool.report.words.options import in_a_dialog, without_options


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("请改正后再汇总（xltool check 逐一标出）。", "请改正后再汇总（“检查”逐一标出）。"),
        ("用 --allow-errors。", "用“有错误的单位也照现有的数汇总”。"),
        ("请用 xltool check --list 写出的问题清单。", "请用“检查”写出的问题清单。"),
        (
            "可用 xltool codes import 加入。",
            "可用命令行（见使用手册“只有命令行能做的”）里的 xltool codes import 加入。",
        ),
    ],
)
def test_sentences_speak_of_screens_and_fields(said: str, read: str) -> None:
    assert without_options(said) == read


def test_a_dialog_says_where_the_fields_are() -> None:
    assert in_a_dialog("用 --template 指明模板。") == "用“模板”指明模板。\n（这样的选择在“打开页面”里有。）"
    assert in_a_dialog("是空文件。") == "是空文件。"
    assert in_a_dialog("用 xltool read 读出。") == "用命令行（见使用手册“只有命令行能做的”）里的 xltool read 读出。"


def test_the_manual_has_what_sentences_advise_that_only_the_command_line_does() -> None:
    manual = (ROOT / "docs" / "使用手册.md").read_text(encoding="utf-8")
    chapter = manual.split("\n## 只有命令行能做的\n")[1].split("\n## ")[0]
    assert all(f"`xltool {command} " in chapter for command in ("codes import", "read", "fill"))
