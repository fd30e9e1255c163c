"""Arguments and options that several commands have, each with its help."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xltool.cli.command import Argument
from xltool.cli.types import AMOUNT_UNIT, FILE, FOLDER, YEAR
from xltool.errors import ClusterRefused

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

Function = TypeVar("Function", bound=Callable[..., Any])


def argument(name: str, metavar: str, explained: str, **settings: Any) -> Callable[[Function], Function]:
    """An argument with help."""
    return click.argument(name, cls=Argument, metavar=metavar, explained=explained, **settings)


def template(function: Function) -> Function:
    """Which template, to be written."""
    explained = "模板名，如 qinglong-2024（用 xltool templates 查看），或自己的模板文件夹。"
    return argument("template", "模板", explained, shell_complete=template_names)(function)


def template_or_found(function: Function) -> Function:
    """Which template, if it is not to be found out."""
    explained = "指定模板（名称，或自己的模板文件夹）；不写时自动识别。"
    return click.option("--template", metavar="模板", help=explained, shell_complete=template_names)(function)


def templates(function: Function) -> Function:
    """Where templates of one's own are."""
    explained = "放有自己的模板的文件夹（里面一个文件夹是一套模板）：先在这里找模板，再找用户文件夹和自带的。"
    return click.option("--templates", metavar="文件夹", type=FOLDER, help=explained)(function)


def heads(function: Function) -> Function:
    """What stands in the heads of the tables."""
    for option in (
        click.option(
            "--amount-unit", metavar="元|万元", type=AMOUNT_UNIT, help="金额单位，写元时各表印到分；默认用模板的。"
        ),
        click.option("--year", metavar="年度", type=YEAR, help="预算年度，如 2025；默认用模板的。"),
        click.option("--unit", metavar="名称", help="单位（部门）名称，印在每张表的表头；默认用模板里的。"),
    ):
        function = option(function)
    return function


def json_file(function: Function) -> Function:
    """The JSON file to write besides; "-" is the screen, see `targets.is_screen`."""
    explained = "另把结果写成 JSON 文件；写“-”则在屏幕上只显示 JSON。"
    return click.option("--json", metavar="文件", type=FILE, help=explained)(function)


def workbook(function: Function) -> Function:
    """The workbook to write."""
    return click.option("-o", "target", metavar="文件", type=FILE, required=True, help="要写的 .xlsx 文件。")(function)


def files(function: Function) -> Function:
    """Workbooks to work on: names as they were typed, wildcards and all."""
    explained = "一个或多个工作簿，可用通配符，如 单位/*.xlsx。"
    return argument("files", "文件", explained, nargs=-1, required=True, type=FILE)(function)


def files_or_folders(function: Function) -> Function:
    """Workbooks to work on, or folders of them: names as they were typed, wildcards and all."""
    explained = "一个或多个工作簿，可用通配符；写文件夹，就是其中（连同下级文件夹）的全部工作簿。"
    return argument("files", "文件", explained, nargs=-1, required=True, type=FILE)(function)


def force(function: Function) -> Function:
    """Whether what is there may be overwritten."""
    return click.option("--force", is_flag=True, help="要写的文件已存在时覆盖它。")(function)


def startup_folder(function: Function) -> Callable[..., Any]:
    """Excel's start-up folder, handed on as `folder`; found only when the command runs."""

    @wraps(function)
    def on_folder(*, to: Path | None) -> Any:
        from xltool.addin.install.places import startup_folder

        return function(startup_folder() if to is None else to)

    explained = "Excel 的启动文件夹；不写时自动找到。"
    chosen: Callable[..., Any] = click.option("--to", metavar="文件夹", type=FOLDER, help=explained)(on_folder)
    return chosen


def cluster(function: Function) -> Callable[..., Any]:
    """On which cluster the files are worked on, handed on as `cluster`."""

    @wraps(function)
    def on_cluster(*args: Any, scheduler: str | None, **settings: Any) -> Any:
        certificates = [settings.pop(f"scheduler_{name}") for name in ("ca", "cert", "key")]
        if scheduler is None:
            if any(certificates):
                raise ClusterRefused("--scheduler-ca、--scheduler-cert、--scheduler-key 要和 --scheduler 一起写。")
            return function(*args, cluster=None, **settings)
        from xltool.api.processes.cluster import Cluster

        return function(*args, cluster=Cluster(scheduler, *certificates), **settings)

    chosen: Callable[..., Any] = on_cluster
    for option in (
        click.option("--scheduler-key", metavar="文件", type=FILE, help="证书的私钥（PEM）。"),
        click.option("--scheduler-cert", metavar="文件", type=FILE, help="本机的证书（PEM）。"),
        click.option(
            "--scheduler-ca", metavar="文件", type=FILE, help="发证机构的证书（PEM）；不写时用 Dask 自己的配置。"
        ),
        click.option(
            "--scheduler",
            metavar="地址",
            help="在 Dask 集群上读各文件：tls://主机:端口，或本机的 tcp://127.0.0.1:端口，见 docs/集群.md。",
        ),
    ):
        chosen = option(chosen)
    return chosen


def template_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The templates that a shell can offer."""
    from xltool.library import library

    return [name for name in library(ctx.params.get("templates")).homes if name.startswith(incomplete)]


def second_words(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What a shell can offer after the first word of commands of two words."""
    from click.shell_completion import CompletionItem

    from xltool.cli.group import COMMANDS

    names = [
        (name.removeprefix(f"{ctx.info_name} "), name) for name in COMMANDS if name.startswith(f"{ctx.info_name} ")
    ]
    return [CompletionItem(word, help=COMMANDS[name]) for word, name in names if word.startswith(incomplete)]


def second_words_and_files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Both of them, for commands whose first argument is a file."""
    return second_words(ctx, parameter, incomplete) + FILE.shell_complete(ctx, parameter, incomplete)


def second_words_and_templates(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Both of them, for `templates`."""
    from click.shell_completion import CompletionItem

    names = template_names(ctx, parameter, incomplete)
    return second_words(ctx, parameter, incomplete) + [CompletionItem(name) for name in names]
