"""`xltool templates lint`: what is wrong with templates of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FOLDER
from xltool.report.lint_text import review_text


@click.command(
    "templates lint",
    cls=Command,
    epilog="退出码：0 没有错误（可以有警告和说明），1 模板有错误，2 文件夹里没有模板。",
)
@options.argument("folder", "文件夹", "模板文件夹（里面有 template.toml），或放有几个模板的文件夹。", type=FOLDER)
def command(folder: Path) -> int:
    """检查自己写的模板：写错的地方一次全部列出；再找出没有等式核对的、分不开的格子，多余的和互相矛盾的规则。"""
    reviews = api.lint(folder)
    output.say("\n\n".join(map(review_text, reviews)))
    return int(any(review.has_errors for review in reviews))
