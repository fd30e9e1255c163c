"""`xltool completion`: what a shell runs to complete our commands."""

from __future__ import annotations

import click

from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.group import COMPLETION, xltool
from xltool.cli.types import ChoiceType

_SHELLS = ("bash", "zsh", "fish")

_EPILOG = """\
怎样装上（以后新开的命令行里就能用 Tab 键补全）：
  bash  xltool completion bash >> ~/.bashrc
  zsh   xltool completion zsh >> ~/.zshrc
  fish  xltool completion fish > ~/.config/fish/completions/xltool.fish"""


@click.command("completion", cls=Command, epilog=_EPILOG)
@options.argument("shell", "|".join(_SHELLS), "用的是哪一种命令行。", type=ChoiceType(*_SHELLS))
def command(shell: str) -> None:
    """显示一段设置：加进命令行的启动文件以后，就能用 Tab 键补全命令、选项和文件名。"""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    output.say(found(xltool, {}, "xltool", COMPLETION).source())
