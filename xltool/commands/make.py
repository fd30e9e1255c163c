"""`new` and `fill`: commands that write a workbook."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from xltool import api
from xltool.catalogue.own_codes import decoded
from xltool.commands import path_or_none, refuse_existing
from xltool.errors import FileRefused

_LIST_ENDINGS = (".txt", ".csv")


def new(arguments: Namespace) -> int:
    """A blank workbook."""
    target = _target(arguments)
    api.new(
        arguments.template,
        target,
        unit=arguments.unit,
        year=arguments.year,
        amount_unit=arguments.amount_unit,
        subjects=None if arguments.subjects is None else _subjects(arguments.subjects),
        projects=None if arguments.projects is None else _projects(arguments.projects),
        like=path_or_none(arguments.like),
        templates=path_or_none(arguments.templates),
    )
    print(f"已生成空白工作簿：{target}")
    return 0


def fill(arguments: Namespace) -> int:
    """A workbook filled from a long table."""
    target = _target(arguments)
    api.fill(
        arguments.template,
        Path(arguments.facts),
        target,
        unit=arguments.unit,
        year=arguments.year,
        amount_unit=arguments.amount_unit,
        templates=path_or_none(arguments.templates),
    )
    print(f"已生成填好的工作簿：{target}")
    return 0


def _target(arguments: Namespace) -> Path:
    target = Path(arguments.target)
    if target.suffix.lower() != ".xlsx":
        raise FileRefused(f"“{target.name}”应以 .xlsx 结尾：请把 -o 后面的文件名写成“{target.stem}.xlsx”。")
    refuse_existing(target, arguments.force)
    return target


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
        return decoded(path.read_bytes())
    except UnicodeDecodeError as error:
        raise FileRefused(f"“{path.name}”不是文本文件：请把{what}写在文本文件里，一行一个。") from error
