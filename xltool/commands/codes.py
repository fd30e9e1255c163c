"""`codes`: looks 科目 up, and adds lists of them to the user's own."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xltool import api
from xltool.catalogue.own_codes import own_codes_file
from xltool.commands import complain
from xltool.errors import XltoolError
from xltool.report.code_words import code_text, import_text


def codes(arguments: Namespace) -> int:
    """`codes [TEXT]` or `codes import FILE`: the name of a 科目 is never that word."""
    match arguments.words:
        case ["import", file]:
            return _import(Path(file), arguments.year)
        case ["import", *_]:
            raise XltoolError("请写一个要导入的文件：xltool codes import 文件。")
        case [] | [_]:
            return _search("".join(arguments.words), arguments.year)
    raise XltoolError("一次查一个编码或名称：名称里的空格可以不写。")


def _search(text: str, year: int | None) -> int:
    found = api.codes(text, year)
    if found.codes or found.changes:
        print(code_text(found))
        return 0
    then = f" {year} 年的" if year else ""
    complain(f"{then}目录里没有“{text}”。目录不全：如确有此科目，可用 xltool codes import 加入。".strip())
    return 1


def _import(source: Path, year: int | None) -> int:
    print(import_text(api.import_codes(source, year), own_codes_file()))
    return 0
