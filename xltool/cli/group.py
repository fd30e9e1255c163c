"""`xltool` itself: its commands, each loaded when it is called, and what is said of one that is typed wrong."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.exceptions import Exit

from xltool import __version__
from xltool.cli import chinese, output
from xltool.cli.command import help_text, usage

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "new": "生成空白工作簿",
    "fill": "用数据表（CSV 或 .xlsx）填好一个工作簿",
    "check": "检查工作簿，在有问题的单元格上标注",
    "clear": "去掉 check 加的标注",
    "merge": "把各单位的工作簿汇总成一个",
    "read": "从工作簿读出数据表",
    "round": "舍位平衡：元化成万元，合计仍等于各部分之和",
    "tables": "看工作簿里认出了哪些表，怎样认出的",
    "compare": "比较两个工作簿：两个年度、两版、改正前后，列出增减",
    "trace": "看汇总里的一个数来自哪些单位的哪个单元格",
    "templates": "看有哪些模板，一个模板有哪些表、栏和审核规则",
    "templates draft": "照官方的 Excel 表起草一套模板",
    "templates lint": "检查自己写的模板",
    "rules": "看审核规则，或一条规则的详细说明",
    "roster": "看单位名册写得对不对",
    "roster draft": "由收来的工作簿起草单位名册",
    "codes": "查科目的编码和名称",
    "codes import": "把自己的科目目录加进来",
    "serve": "打开页面：在浏览器里检查、汇总、比较、生成",
    "addin install": "把“预算工具”选项卡装进 Excel",
    "addin uninstall": "从 Excel 去掉选项卡",
    "addin status": "看选项卡装了没有，能不能用",
    "addin path": "看选项卡的文件在哪里",
    "demo": "用真实数据演示全过程",
    "completion": "让命令行用 Tab 键补全命令和文件名",
}
"""Every command with its help in one line; a command "a b" is the `command` of xltool.cli.commands.a_b."""

COMPLETION = "_XLTOOL_COMPLETE"
"""With this variable a shell asks what can be typed next."""

_WIDTH = 80
"""The help is laid out by us; with a width given, click does not look for that of the screen, which is slow."""


class UnknownCommand(click.UsageError):
    """A word that is no command; the sentence names those that look like it."""

    def __init__(self, word: str, context: click.Context) -> None:
        from difflib import get_close_matches

        near = [name for name in COMMANDS if name.startswith(f"{word} ")] or get_close_matches(word, COMMANDS)
        meant = f"：是不是 {'、'.join(near)}？" if near else "，用 xltool -h 看全部命令。"
        super().__init__(f"没有“{word}”这个命令{meant}", context)


class Xltool(click.Group):
    """The commands of the table above; the help is made from the table, without loading any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the help."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"xltool.cli.commands.{cmd_name.replace(' ', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first words name: two where they can be, so that `templates lint` is no template."""
        second = _second(args)
        if second < len(args) and (name := f"{args[0]} {args[second]}") in COMMANDS:
            return name, self.get_command(ctx, name), [*args[1:second], *args[second + 1 :]]
        if args[0] in COMMANDS:
            return args[0], self.get_command(ctx, args[0]), args[1:]
        if ctx.resilient_parsing:
            return args[0], _first_word(args[0]), args[1:]
        raise UnknownCommand(args[0], ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The first words of commands, with their help if they are commands by themselves."""
        from click.shell_completion import CompletionItem

        words = dict.fromkeys(name.split()[0] for name in COMMANDS if name.startswith(incomplete))
        if words or not incomplete.startswith("-"):
            return [CompletionItem(word, help=COMMANDS.get(word)) for word in words]
        return super().shell_complete(ctx, incomplete)

    def get_usage(self, ctx: click.Context) -> str:
        """How a command is written."""
        return usage(ctx, "命令 …")

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What xltool is for, and a line for each command."""
        options = [record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx))]
        formatter.write(
            help_text(
                "预算工作簿工具：生成、填数、读取、检查、标注。",
                self.get_usage(ctx),
                {"命令：": [*COMMANDS.items()], "选项：": options},
                "每个命令的说明：xltool 命令 -h",
            )
        )

    def run(self, words: Sequence[str]) -> int:
        """The exit code of the command that these words are; what stops it is said in a sentence."""
        try:
            with self.make_context("xltool", [*words] or ["-h"]) as context:
                code: int = self.invoke(context)
                return code
        except Exit as done:
            return done.exit_code
        except click.UsageError as error:
            output.complain(_told(error))
            return error.exit_code

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:
        """What click's own runner of tests calls: the same as the process does."""
        from xltool.cli import main

        sys.exit(main(args))


def _second(args: Sequence[str]) -> int:
    """Where the second word stands: options with their values may come before it (`codes --year 2025 import`)."""
    second = 1
    while second < len(args) and args[second].startswith("--"):
        second += 1 if "=" in args[second] else 2
    return second


def _first_word(word: str) -> click.Command:
    """What a shell asks after a word that is no command by itself: the words that can follow it."""
    from xltool.cli.command import Argument
    from xltool.cli.options import second_words

    return click.Command(word, params=[Argument(["word"], "", shell_complete=second_words)])


def _told(error: click.UsageError) -> str:
    """What is wrong with a command, by the kind of the mistake, and how it is written."""
    sentence = error.message
    if isinstance(error, click.MissingParameter) and error.param is not None:
        sentence = f"缺少 {_name(error.param)}"
    elif isinstance(error, click.NoSuchOption):
        near = f"：是不是 {'、'.join(error.possibilities)}？" if error.possibilities else ""
        sentence = f"不认识“{error.option_name}”{near}"
    elif isinstance(error, click.BadParameter) and error.param is not None:
        sentence = f"{_name(error.param)} {sentence}"
    ending = "" if sentence.endswith(("。", "？")) else "。"
    how = f"\n{error.ctx.get_usage()}（加 -h 看说明）" if error.ctx is not None else ""
    return f"{sentence}{ending}{how}"


def _name(parameter: click.Parameter) -> str:
    return parameter.opts[-1] if parameter.param_type_name == "option" else parameter.human_readable_name


chinese.speak()  # before click asks for its first sentence
xltool = Xltool("xltool", context_settings={"help_option_names": ["-h", "--help"], "terminal_width": _WIDTH})
click.version_option(__version__, message="xltool %(version)s")(xltool)
