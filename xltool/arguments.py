"""What can be typed after `xltool`: every command with its arguments, and the parser's own sentences in Chinese."""

from __future__ import annotations

import argparse
import re
import sys

from xltool import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    Commands = argparse._SubParsersAction["Parser"]

_MESSAGES = (
    (r"the following arguments are required: (.+)", "缺少 {}"),
    (r"unrecognized arguments: (.+)", "不认识“{}”"),
    (r"argument (.+?): expected one argument", "{} 后面要写一个值"),
    (r"argument (.+?): expected at least one argument", "{} 至少要写一个"),
    (r"argument (.+?): ignored explicit argument '(.*)'", "{} 后面不能写“{}”"),
    (r"argument (.+?): invalid choice: '(.*?)'.* \(choose from (.+)\)", "{} 不能是“{}”，只能是：{}"),
    (r"argument (.+?): (应.+)", "{} {}"),  # what _year says
)

_OF_TWO_WORDS = ("templates lint", "templates draft")
"""Commands whose second word would be the argument of another command, were they not one to argparse."""


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def format_help(self) -> str:
        """What the command does, how it is written, and a line for each argument."""
        told = [(_invocation(action), action.help) for action in self._actions if action.help]
        width = max((_width(name) for name, _ in told), default=0) + 2
        lines = [f"  {name}{' ' * (width - _width(name))}{text}" for name, text in told]
        parts = [self.description, f"用法：{self.usage}", "\n".join(lines), self.epilog]
        return "\n\n".join(part for part in parts if part) + "\n"

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and how it is written; exit code 2."""
        sys.stderr.write(f"{chinese(message)}。\n用法：{self.usage}（加 -h 看说明）\n")
        raise SystemExit(2)


def chinese(message: str) -> str:
    """One of argparse's own messages in Chinese: never in English, even for a message that we do not know."""
    for pattern, sentence in _MESSAGES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return sentence.format(*(group.replace("'", "") for group in found.groups()))
    return "命令的写法不对"


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The command that was typed; SystemExit, with help or a sentence on the screen, if it is none."""
    first = " ".join(words[:2])
    parsed, rest = parser().parse_known_args([first, *words[2:]] if first in _OF_TWO_WORDS else words)
    unknown = [word for word in rest if parsed.repeated is None or word.startswith("-")]
    if unknown:
        parsed.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if rest:  # argparse takes a list of words only as far as the next option
        getattr(parsed, parsed.repeated).extend(rest)
    return parsed


def parser() -> Parser:
    """The parser of the whole command line; `run` names the function of xltool.commands that does the work."""
    top = Parser(
        prog="xltool",
        usage="xltool 命令 …",
        description="预算工作簿工具：生成、填数、读取、检查、标注。",
        epilog=_OVERVIEW,
        formatter_class=_formatter,
        add_help=False,
        allow_abbrev=False,
    )
    _add_help(top)
    top.add_argument("--version", action="version", version=f"xltool {__version__}", help="显示版本。")
    commands = top.add_subparsers(metavar="命令", required=True, parser_class=Parser, prog="xltool")
    for add in (_templates, _new, _fill, _read, _check, _clear, _rules, _codes, _demo, _lint, _draft):
        add(commands)
    return top


_OVERVIEW = """\
命令：
  templates        看有哪些模板，一个模板有哪些表、栏和审核规则
  templates draft  照官方的 Excel 表起草一套模板
  templates lint   检查自己写的模板
  new              生成空白工作簿
  fill             用数据表（CSV）填好一个工作簿
  read             从工作簿读出数据表
  check            检查工作簿，在有问题的单元格上标注
  clear            去掉 check 加的标注
  rules            看审核规则，或一条规则的详细说明
  codes            查科目的编码和名称，或导入自己的科目目录
  demo             用真实数据演示全过程

每个命令的说明：xltool 命令 -h"""


def _templates(commands: Commands) -> None:
    command = _command(commands, "templates", "[模板]", "列出模板；写了模板名，则列出它的表、栏和审核规则。")
    command.set_defaults(run="look.templates")
    command.add_argument("template", metavar="模板", nargs="?", help="模板名，如 qinglong-2024，或自己的模板文件夹。")
    _add_templates_option(command)


def _draft(commands: Commands) -> None:
    command = _command(
        commands,
        "templates draft",
        "官方表.xlsx -o 文件夹 [选项]",
        "照官方的 Excel 表（空白的或填好的）起草一套模板：表名、栏、行、看得出的合计。起草后要逐表核对。",
    )
    command.set_defaults(run="draft.draft")
    command.add_argument("file", metavar="官方表.xlsx", help="官方的工作簿，空白的或填好的。")
    command.add_argument("-o", dest="target", metavar="文件夹", required=True, help="模板写到哪个文件夹。")
    _add_force(command)


def _lint(commands: Commands) -> None:
    command = _command(
        commands,
        "templates lint",
        "文件夹",
        "检查自己写的模板：写错的地方一次全部列出；再找出没有等式核对的、分不开的格子，多余的和互相矛盾的规则。",
        "退出码：0 没有错误（可以有警告和说明），1 模板有错误，2 文件夹里没有模板。",
    )
    command.set_defaults(run="look.lint")
    command.add_argument(
        "folder", metavar="文件夹", help="模板文件夹（里面有 template.toml），或放有几个模板的文件夹。"
    )


def _new(commands: Commands) -> None:
    command = _command(commands, "new", "模板 -o 文件 [选项]", "生成空白工作簿：公式、下拉选项和校验都已做好。")
    command.set_defaults(run="make.new")
    _add_template(command)
    _add_target(command)
    _add_templates_option(command)
    _add_heads(command)
    command.add_argument(
        "--subjects", metavar="科目", help="用哪些科目：用逗号分开的编码，或写有编码的文本文件；上级科目自动补上。"
    )
    command.add_argument(
        "--projects",
        metavar="项目",
        help="用哪些项目：用逗号分开的名称，或写有名称的文本文件（一行一个）；每个项目一张的表随之生成。",
    )
    command.add_argument("--like", metavar="文件", help="照去年的工作簿列行（科目、单位、项目），年度加一。")
    _add_force(command)


def _fill(commands: Commands) -> None:
    command = _command(
        commands,
        "fill",
        "模板 数据表.csv -o 文件 [选项]",
        "用数据表填好一个工作簿。数据表的栏是 table,row,column,value，行和栏的上下级用“/”连接。",
    )
    command.set_defaults(run="make.fill")
    _add_template(command)
    command.add_argument("facts", metavar="数据表.csv", help="UTF-8 的 CSV 文件。")
    _add_target(command)
    _add_templates_option(command)
    _add_heads(command)
    _add_force(command)


def _read(commands: Commands) -> None:
    command = _command(
        commands, "read", "文件 [-o 数据表] [选项]", "把工作簿里的每一个数读成数据表，并写明所在单元格。"
    )
    command.set_defaults(run="look.read")
    command.add_argument("file", metavar="文件", help="要读取的工作簿。")
    command.add_argument("-o", dest="target", metavar="数据表", help=".csv、.xlsx 或 .json 文件；不写时显示在屏幕上。")
    _add_template_option(command)
    _add_force(command)


def _check(commands: Commands) -> None:
    command = _command(
        commands,
        "check",
        "文件… [选项]",
        "检查工作簿：核对每条审核规则，在有问题的单元格上标注颜色和批注。",
        "退出码：0 没有问题（可以有尾差），1 有问题，2 有文件没能检查。",
    )
    command.set_defaults(run="mark.check", repeated="files")
    _add_files(command)
    command.add_argument(
        "-o", dest="target", metavar="位置", help="标注写到另一个文件，原文件不动；有多个文件时写文件夹。"
    )
    command.add_argument("--dry-run", action="store_true", help="只报告，不标注，不改任何文件。")
    command.add_argument("--json", metavar="文件", help="另把结果写成 JSON 文件；写“-”则在屏幕上只显示 JSON。")
    _add_template_option(command)
    _add_force(command)


def _clear(commands: Commands) -> None:
    command = _command(commands, "clear", "文件… [选项]", "去掉 check 加的颜色和批注，其余内容原样不动。")
    command.set_defaults(run="mark.clear", repeated="files")
    _add_files(command)
    command.add_argument("-o", dest="target", metavar="位置", help="写到另一个文件，原文件不动；有多个文件时写文件夹。")
    _add_force(command)


def _rules(commands: Commands) -> None:
    command = _command(commands, "rules", "模板 [编号]", "列出审核规则；写了编号，则说明这一条的等式、允许差和例子。")
    command.set_defaults(run="look.rules")
    _add_template(command)
    _add_templates_option(command)
    command.add_argument("rule", metavar="编号", nargs="?", help="规则编号，如 X17。")


def _codes(commands: Commands) -> None:
    command = _command(
        commands,
        "codes",
        "[编码或名称] [--year 年度]\n      xltool codes import 文件 [--year 年度]",
        "查科目的编码和名称；写 import 则把文件里的科目加进自己的目录。",
        "要导入的文件：CSV 或 .xlsx，有“编码”和“名称”两栏，可以另有“年度”。退出码：没有找到科目时为 1。",
    )
    command.set_defaults(run="codes.codes", repeated="words")
    command.add_argument(
        "words", metavar="编码或名称", nargs="*", help="编码的开头几位，或名称的一部分；不写时列出全部科目。"
    )
    command.add_argument(
        "--year", metavar="年度", type=_year, help="只列这一年有的科目；导入时，没写年度的行算这一年起的。"
    )


def _demo(commands: Commands) -> None:
    command = _command(commands, "demo", "[文件夹]", "演示：生成空白工作簿，填入青龙县 2024 年公开的数，检查并标注。")
    command.set_defaults(run="demo.demo")
    command.add_argument(
        "folder", metavar="文件夹", nargs="?", default="demo", help="工作簿放在哪里；默认是当前位置下的 demo。"
    )


def _command(commands: Commands, name: str, usage: str, description: str, epilog: str = "") -> Parser:
    command = commands.add_parser(
        name,
        usage=f"xltool {name} {usage}",
        description=description,
        epilog=epilog,
        formatter_class=_formatter,
        add_help=False,
        allow_abbrev=False,
    )
    _add_help(command)
    command.set_defaults(parser=command, repeated=None)
    return command


def _formatter(prog: str) -> argparse.HelpFormatter:
    """The help is laid out above; with a width given, argparse does not look for that of the screen, which is slow."""
    return argparse.HelpFormatter(prog, width=80)


def _add_help(command: Parser) -> None:
    command.add_argument("-h", "--help", action="help", help="显示本说明。")


def _add_template(command: Parser) -> None:
    command.add_argument(
        "template", metavar="模板", help="模板名，如 qinglong-2024（用 xltool templates 查看），或自己的模板文件夹。"
    )


def _add_template_option(command: Parser) -> None:
    command.add_argument("--template", metavar="模板", help="指定模板（名称或文件夹）；不写时自动识别。")
    _add_templates_option(command)


def _add_templates_option(command: Parser) -> None:
    command.add_argument(
        "--templates", metavar="文件夹", help="放有自己的模板的文件夹：先在这里找模板，再找用户文件夹和自带的。"
    )


def _add_files(command: Parser) -> None:
    command.add_argument("files", metavar="文件", nargs="+", help="一个或多个工作簿，可用通配符，如 单位/*.xlsx。")


def _add_target(command: Parser) -> None:
    command.add_argument("-o", dest="target", metavar="文件", required=True, help="要写的工作簿。")


def _add_heads(command: Parser) -> None:
    command.add_argument("--unit", metavar="名称", help="单位（部门）名称，印在表头；默认用模板里的。")
    command.add_argument("--year", metavar="年度", type=_year, help="预算年度，如 2025；默认用模板的。")
    command.add_argument("--amount-unit", metavar="元|万元", choices=("元", "万元"), help="金额单位；默认用模板的。")


def _year(text: str) -> int:
    if not re.fullmatch(r"20\d\d", text):
        raise argparse.ArgumentTypeError(f"应为四位数的年份，不能是“{text}”")
    return int(text)


def _add_force(command: Parser) -> None:
    command.add_argument("--force", action="store_true", help="要写的文件已存在时覆盖它。")


def _invocation(action: argparse.Action) -> str:
    """How an argument is typed."""
    names = ", ".join(action.option_strings)
    if action.option_strings and action.nargs == 0:
        return names
    return f"{names} {action.metavar or ''}".strip()


def _width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if letter > "\u2e7f" else 1 for letter in text)
