"""A command as we write it: its arguments have help too, and help stands in columns although a 字 is two wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from xltool.cli import output
from xltool.widths import on_screen

Lines = Sequence[tuple[str, str]]
"""What can be typed, and what it does."""


class Argument(click.Argument):
    """An argument with help, which click has from 8.5 on."""

    def __init__(self, declarations: Sequence[str], explained: str, **settings: Any) -> None:
        super().__init__(declarations, **settings)
        self.explained = explained

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Its name and its help."""
        return self.human_readable_name, self.explained

    def make_metavar(self, *_: click.Context) -> str:
        """How it stands in the usage."""
        name = self.human_readable_name + ("…" if self.nargs != 1 else "")
        return name if self.required else f"[{name}]"


class Command(click.Command):
    """A command whose usage and help are laid out in Chinese; what the docstring says after \\f is for developers."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; a mistake is told with how this command is written."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def invoke(self, ctx: click.Context) -> int:
        """Run it: the exit code, 2 if it could not be done and the reason was said."""
        from xltool.api.failures import Failure, attempt

        def work() -> int:
            code: int | None = super(Command, self).invoke(ctx)
            output.flush()
            return code or 0

        done = attempt(work)
        if isinstance(done, Failure):
            output.complain(done.sentence)
            return 2
        return done

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Arguments, options that must be written, and that there are others."""
        arguments = [piece for one in self.params if isinstance(one, Argument) for piece in one.get_usage_pieces(ctx)]
        options = [one for one in self.params if isinstance(one, click.Option)]
        needed = [f"{one.opts[-1]} {one.metavar}" for one in options if one.required]
        return [*arguments, *needed, *(["[选项]"] if len(options) > len(needed) else [])]

    def get_usage(self, ctx: click.Context) -> str:
        """How the command is written."""
        return usage(ctx, " ".join(self.collect_usage_pieces(ctx)))

    def explained(self, ctx: click.Context) -> Lines:
        """Its arguments and options, with their help."""
        return [record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx))]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does, how it is written, and a line for each argument and option."""
        formatter.write(help_text(self.help or "", self.get_usage(ctx), {"": self.explained(ctx)}, self.epilog or ""))


def usage(ctx: click.Context, pieces: str) -> str:
    """A line that says how a command is written."""
    return f"用法：{ctx.command_path} {pieces}".rstrip()


def help_text(description: str, how: str, sections: Mapping[str, Lines], epilog: str) -> str:
    """The parts of a help page, an empty line between them; the columns of all sections are equally wide."""
    width = max((on_screen(name) for lines in sections.values() for name, _ in lines), default=0) + 2
    parts = [description, how]
    for heading, lines in sections.items():
        told = [f"  {name}{' ' * (width - on_screen(name))}{text}" for name, text in lines]
        parts.append("\n".join([heading, *told] if heading else told))
    return "\n\n".join(part for part in (*parts, epilog) if part) + "\n"
