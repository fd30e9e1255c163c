"""`xltool new`: a blank workbook, or one for each unit of a roster."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.targets import ensure_workbook
from xltool.cli.types import FILE
from xltool.errors import FileRefused
from xltool.input_file import list_content_of
from xltool.source.lists import decoded

_LIST_ENDINGS = (".txt", ".csv")


class _Chosen(TypedDict):
    """What is chosen for one workbook or for all."""

    year: int | None
    amount_unit: str | None
    subjects: Iterable[str] | None
    projects: Iterable[str] | None
    like: Path | None
    templates: Path | None


@click.command("new", cls=Command)
@options.template
@click.option(
    "-o", "target", metavar="文件", type=FILE, required=True, help="要写的 .xlsx 文件；有 --roster 时是文件夹。"
)
@options.templates
@options.heads
@click.option(
    "--subjects",
    metavar="科目",
    help="用哪些科目：用逗号分开的编码，或写有编码的文本文件（一行一个）；上级科目自动补上。",
)
@click.option(
    "--projects",
    metavar="项目",
    help="用哪些项目：用逗号分开的名称，或写有名称的文本文件（一行一个）；每个项目一张的表随之生成。",
)
@click.option(
    "--like",
    metavar="文件",
    type=FILE,
    help="照去年的工作簿列行（科目、单位、项目），年度加一；改了编码的科目换成新的，并写明。",
)
@click.option(
    "--roster",
    metavar="名册",
    type=FILE,
    help="给名册（CSV、.xlsx 或 TOML）里的每个单位生成一个，里面记有单位的名称和编码。",
)
@options.force
def command(
    template: str,
    target: Path,
    templates: Path | None,
    unit: str | None,
    year: int | None,
    amount_unit: str | None,
    subjects: str | None,
    projects: str | None,
    like: Path | None,
    roster: Path | None,
    force: bool,
) -> None:
    """生成空白工作簿：公式、下拉选项和校验都已做好。"""
    chosen: _Chosen = {
        "year": year,
        "amount_unit": amount_unit,
        "subjects": None if subjects is None else _subjects(subjects),
        "projects": None if projects is None else _projects(projects),
        "like": like,
        "templates": templates,
    }
    if roster is None:
        ensure_workbook(target, force)
        moved = api.new(template, target, unit=unit, **chosen)
        output.say(f"已生成空白工作簿：{target}")
    else:
        if unit is not None:
            raise FileRefused("有 --roster 时单位名称来自名册：请去掉 --unit。")
        total, files, moved = api.new_for_units(template, roster, target, force=force, **chosen)
        with output.progress(files, total, "生成") as coming:
            written = len([*coming])
        output.say(f"已生成 {written} 个单位的空白工作簿：{target}")
    for change in moved:
        output.say(str(change))


def _codes(text: str) -> list[str]:
    """The codes of a list, one or several a line; what stands behind a code on its line (a name) is passed over."""
    codes: list[str] = []
    for line in text.splitlines():
        words = [word for word in re.split(r'[\s,，、;；"]+', line.partition("#")[0]) if word]
        if words and words[0][0].isdecimal():
            codes += words if all(word[0].isdecimal() for word in words) else words[:1]
    return codes or [text]


def _subjects(text: str) -> Iterable[str]:
    """Codes, or the text of the file of that name."""
    path = _list_file(text)
    return [text] if path is None else _codes(_text_of(path, "科目编码"))


def _projects(text: str) -> Iterable[str]:
    """Names of projects, or those in the file of that name, one a line; a "、" may be part of a name."""
    path = _list_file(text)
    return re.split("[,，;；]", text) if path is None else _text_of(path, "项目名称").splitlines()


def _list_file(text: str) -> Path | None:
    """The file of that name; None if the text is the list itself."""
    path = Path(text)
    try:
        is_file = path.is_file()
    except OSError:  # no file has so long a name
        return None
    if not is_file and path.suffix.lower() in _LIST_ENDINGS:
        raise FileRefused(f"找不到文件“{text}”：请检查文件名和路径。")
    return path if is_file else None


def _text_of(path: Path, what: str) -> str:
    try:
        return decoded(list_content_of(path))
    except UnicodeDecodeError as error:
        raise FileRefused(f"“{path.name}”不是文本文件：请把{what}写在文本文件里，一行一个。") from error
