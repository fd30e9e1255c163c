"""`xltool serve`: the page, for people who never open a terminal again."""

from __future__ import annotations

import click

from xltool.cli import output
from xltool.cli.command import Command


@click.command("serve", cls=Command)
@click.option("--no-browser", is_flag=True, help="不打开浏览器，只显示地址：一分钟内有效，只能用一次。")
@click.option("--at", metavar="栏目", default="", help="打开哪一栏，如 生成、汇总；不写的打开检查。")
def command(no_browser: bool, at: str) -> None:
    """打开页面：在浏览器里检查、汇总、比较、生成工作簿，查科目和规则。只有本机、只有自己能打开，什么也不发到网上。"""
    from xltool.page.server import serve

    serve(output.say, output.say, browser=not no_browser, at=at)
