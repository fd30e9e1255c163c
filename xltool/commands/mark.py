"""`check` and `clear`: commands that put marks into workbooks and take them off."""

from __future__ import annotations

import glob
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from xltool import api
from xltool.checking.check import Report
from xltool.commands import attempt, path_or_none, refuse_existing
from xltool.errors import FileRefused, SignedWorkbook
from xltool.excel.mark.annotate import Mark
from xltool.report.json import dumps
from xltool.report.text import report_text
from xltool.saving import save_file

_NOT_JSON = (".xlsx", ".xlsm", ".xls", ".et", ".csv")
_CELLS_NAMED = 10


def check(arguments: Namespace) -> int:
    """Check, report and mark; the exit code is that of the worst file."""
    files = _files(arguments.files)
    targets = files if arguments.dry_run else _targets(files, arguments.target)
    templates = path_or_none(arguments.templates)
    json_target = _json_target(arguments.json, arguments.force)
    say: Callable[[str], None] = _say_nothing if arguments.json == "-" else print
    reports: list[Report] = []

    def one(source: Path, target: Path) -> int:
        if not arguments.dry_run:
            _refuse_other(source, target, arguments.force)
        report = api.check(api.read(source, arguments.template, templates))
        reports.append(report)
        say(report_text(report))
        marked = 0 if arguments.dry_run else attempt(lambda: _mark(source, report, target, say))
        if len(files) > 1:
            say("")
        return max(0 if report.is_clean else 1, marked)

    codes = _each(files, targets, one)
    if len(files) > 1:
        say(_totals(codes))
    if reports and arguments.json:
        _write_json(dumps(reports, as_list=len(files) > 1), arguments.json, json_target)
    return max(codes)


def clear(arguments: Namespace) -> int:
    """Take off all our marks."""
    files = _files(arguments.files)

    def one(source: Path, target: Path) -> int:
        _refuse_other(source, target, arguments.force)
        count = api.clear(source, target)
        print(f"{target}：{f'已去掉 {count} 处标注。' if count else '没有标注。'}")
        return 0

    return max(_each(files, _targets(files, arguments.target), one))


def _each(files: list[Path], targets: list[Path], work: Callable[[Path, Path], int]) -> list[int]:
    """The exit code of every file: what stops one does not stop the others; of several, the sentence names which."""
    name = (lambda source: source.name) if len(files) > 1 else (lambda _: "")
    return [attempt(partial(work, source, target), name(source)) for source, target in zip(files, targets, strict=True)]


def _mark(source: Path, report: Report, target: Path, say: Callable[[str], None]) -> int:
    try:
        count, without_note = api.annotate(source, report.findings, target)
    except SignedWorkbook:
        say(f"“{source.name}”带有数字签名，标注会使签名失效，所以没有标注。")
        return 0
    say(f"已标注 {count} 处：{target}" if count else f"没有要标注的单元格：{target}")
    if without_note:
        say(_only_coloured(without_note))
    return 0


def _only_coloured(marks: Sequence[Mark]) -> str:
    cells = list(dict.fromkeys(f"“{mark.sheet}”{mark.cell}" for mark in marks))
    named = "、".join(cells[:_CELLS_NAMED]) + ("等" if len(cells) > _CELLS_NAMED else "")
    return f"其中 {len(cells)} 格原有线程批注（{named}），不能改动，所以只着色、没有写批注：问题请看上面的报告。"


def _files(names: list[str]) -> list[Path]:
    """The files named, with wildcards filled in where the shell has not done so; without Excel's lock files."""
    paths: list[Path] = []
    for name in names:
        found = [] if Path(name).exists() else sorted(glob.glob(name))  # noqa: PTH207 (Path.glob takes no absolute ones)
        paths += map(Path, found or [name])
    return [path for path in paths if not path.name.startswith("~$")] or paths


def _targets(files: list[Path], out: str | None) -> list[Path]:
    """Where each file's result goes: in place, to a file, or into a folder (made if there is none)."""
    if out is None:
        return files
    target = Path(out)
    if len(files) == 1 and not target.is_dir() and target.suffix:
        _refuse_other_kind(files[0], target)
        return [target]
    if target.exists() and not target.is_dir():
        raise FileRefused(f"“{target}”是文件：有多个工作簿时，-o 后面应写文件夹。")
    names = [file.name for file in files]
    same = [str(file) for file in files if names.count(file.name) > 1]
    if same:
        raise FileRefused(f"{'、'.join(same)} 同名，不能放进同一个文件夹：请先改名，或分开处理。")
    target.mkdir(parents=True, exist_ok=True)
    return [target / name for name in names]


def _refuse_other_kind(source: Path, target: Path) -> None:
    """A copy is of the same kind: Excel opens no workbook under a name that ends otherwise."""
    if source.suffix and target.suffix.lower() != source.suffix.lower():
        name = target.with_suffix(source.suffix).name
        raise FileRefused(f"“{target.name}”应以 {source.suffix} 结尾：请把 -o 后面的文件名写成“{name}”。")


def _refuse_other(source: Path, target: Path, force: bool) -> None:
    """A file is changed in place without asking; any other file is not overwritten."""
    if not (target.exists() and source.exists() and target.samefile(source)):
        refuse_existing(target, force)


def _json_target(name: str | None, force: bool) -> Path | None:
    if name is None or name == "-":
        return None
    target = Path(name)
    if target.suffix.lower() in _NOT_JSON:
        raise FileRefused(f"“{name}”不是 JSON 文件名：--json 后面请写以 .json 结尾的文件名，或写“-”。")
    refuse_existing(target, force)
    return target


def _write_json(document: str, name: str | None, target: Path | None) -> None:
    if target is not None:
        save_file(target, document.encode())
    elif name == "-":
        sys.stdout.write(document)


def _totals(codes: list[int]) -> str:
    counts = [codes.count(code) for code in range(3)]
    return f"共 {len(codes)} 个文件：没有问题 {counts[0]} 个，有问题 {counts[1]} 个，没能完成 {counts[2]} 个。"


def _say_nothing(_: str) -> None:
    """The screen is left to the JSON."""
