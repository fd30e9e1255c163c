"""What may come of a command, whatever it is given: a result or one Chinese sentence, and the user's file as it was."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import traceback
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from tests.fuzz.cases import Case
from tests.fuzz.starts import CODE, SMALL_FORMAT, workbook
from xltool.catalogue import by_year
from xltool.cli import main
from xltool.diagnose.accepting import Kept, Standing
from xltool.errors import XltoolError
from xltool.excel.mark.annotate import Reasons, annotate, clear
from xltool.excel.mark.marks import Mark
from xltool.model import Acceptance
from xltool.source.our_sheets import ACCEPTED

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CRASH = ("Traceback", "程序出错")
_FAR = 10_000_000
_LONG = 1500
_MARKS = [
    Mark("收支总表", "B2", "error", "支出总计 2,638.00 应等于 2,619.45，差 18.55"),
    Mark("收支总表", "D7", "warning", "本格未填\n<小计> & 合计"),
    Mark("支出总表", "B3", "error", "应为 5"),
    Mark("三公经费", "A1", "error", "应为 5"),
    Mark("项目支出", "B3", "warning", "应为 5"),
]


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


class Caught:
    """Whatever is raised inside: that nothing but our own errors is, is what is looked for."""

    error: BaseException | None = None
    traceback = ""

    def __enter__(self) -> Caught:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.error, self.traceback = error, "".join(traceback.format_exception(error))
        return not isinstance(error, KeyboardInterrupt)


def complaints(case: Case, folder: Path) -> list[str]:
    """What is wrong with how a command deals with a damaged input in an empty folder; the first word is the kind."""
    name = {"fill": "数.csv", "accepted": "清单.csv", "lint": f"{case.start}.toml"}.get(case.command, "预算.xlsx")
    if case.command == "import":
        name = "科目.csv" if case.is_text else "科目.xlsx"
    if case.command == "lint":
        shutil.copytree(SMALL_FORMAT, folder, dirs_exist_ok=True)
    source = folder / name
    source.write_bytes(case.content)
    os.utime(source, (10**9, 10**9))
    before = set(folder.iterdir())
    found = list(_OF_COMMAND[case.command](source))
    if source.read_bytes() != case.content:
        found.append("changed: the user's file is not as it was")
    if source.stat().st_mtime != 10**9:
        found.append("touched: the user's file was written again")
    left = {path.name for path in set(folder.iterdir()) - before} - _RESULTS
    if left:
        found.append(f"leftovers: {', '.join(sorted(left))}")
    return found


# ── one command each ──────────────────────────────────────────────────────────────

_MARKED, _CLEARED, _FOUND, _FOLDER = "标注.xlsx", "还原.xlsx", "结果.json", "标注"
_RESULTS = {_MARKED, _CLEARED, _FOUND, _FOLDER, "结果.csv", "结果.xlsx", "模板"}


def _check(source: Path) -> Iterator[str]:
    marked, found = source.with_name(_MARKED), source.with_name(_FOUND)
    outcome = _run("check", source, "-o", marked, "--json", found, "--templates", SMALL_FORMAT.parent)
    yield from _told(outcome)
    if outcome.code == 2:
        if marked.exists():
            yield "half: marked although it was refused"
    elif marked.exists():
        yield from _marked_copy(source, marked)
        again = _run("check", marked, "--dry-run", "--json", "-", "--templates", SMALL_FORMAT.parent)
        yield from (f"again: {complaint}" for complaint in _told(again))
        if _findings(again.out) != _findings(found.read_text(encoding="utf-8")):
            yield "again: the marked copy has other findings"


def _mark(source: Path) -> Iterator[str]:
    """Marks put where no check has found anything; needed for workbooks that are no budget."""
    yield from _put(source, None)


def _keep(source: Path) -> Iterator[str]:
    """The same with a reason in a sheet of its own."""
    yield from _put(source, [Kept(Acceptance(CODE, "经核对\n<无误>"), Standing.HOLDS)])


def _put(source: Path, kept: Sequence[Kept] | None) -> Iterator[str]:
    marked = source.with_name(_MARKED)
    with Caught() as caught:
        annotate(source, _MARKS, marked, None if kept is None else Reasons(kept, ""))
    if caught.error is None:
        yield from _marked_copy(source, marked, 0 if kept is None else 1)
    elif isinstance(caught.error, XltoolError):
        yield from _sentence(str(caught.error))
        if marked.exists():
            yield "half: marked although it was refused"
    else:
        yield _crash(caught.traceback)


def _clear(source: Path) -> Iterator[str]:
    cleared = source.with_name(_CLEARED)
    outcome = _run("clear", source, "-o", cleared)
    yield from _told(outcome)
    if outcome.code == 1:
        yield "code: clear never has findings"
    if outcome.code == 0:
        yield from _opens_as_well(source, cleared)


def _clear_all(source: Path) -> Iterator[str]:
    """Without the sheet of reasons the workbook opens as well as before."""
    cleared = source.with_name(_CLEARED)
    outcome = _run("clear", "--all", source, "-o", cleared)
    yield from _told(outcome)
    if outcome.code == 0:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if _opened(source) == "" and (problem := _opened(cleared)):
                yield f"opens: no longer in openpyxl: {problem}"


def _accepted(source: Path) -> Iterator[str]:
    """A sound workbook checked with a damaged list of reasons."""
    sound = source.with_name("无损.xlsx")
    sound.write_bytes(workbook("小工作簿"))
    outcome = _run("check", sound, "--dry-run", "--accepted", source, "--templates", SMALL_FORMAT.parent)
    sound.unlink()
    yield from _told(outcome, several=True)


def _read(source: Path) -> Iterator[str]:
    outcome = _run("read", source, "-o", source.with_name("结果.csv"), "--templates", SMALL_FORMAT.parent)
    yield from _told(outcome)
    if outcome.code == 0 and _UNSHOWABLE.search(source.with_name("结果.csv").read_text("utf-8-sig")):
        yield "control: a control character is written into the CSV"


def _draft(source: Path) -> Iterator[str]:
    yield from _told(_run("templates", "draft", source, "-o", source.with_name("模板")))


def _tables(source: Path) -> Iterator[str]:
    yield from _told(_run("tables", source, "--templates", SMALL_FORMAT.parent))


def _batch(source: Path) -> Iterator[str]:
    """A sound workbook checked together with the damaged one is marked as if it was alone."""
    sound, target = source.with_name("无损.xlsx"), source.with_name(_FOLDER)
    sound.write_bytes(workbook("小工作簿"))
    outcome = _run("check", source, sound, "-o", target, "--templates", SMALL_FORMAT.parent)
    sound.unlink()
    yield from _told(outcome)
    marked = target / sound.name
    if not marked.exists() or marked.read_bytes() != workbook("标注过的"):
        yield "batch: the sound workbook beside it is not marked"


def _import(source: Path) -> Iterator[str]:
    try:
        yield from _told(_run("codes", "import", source), several=True)
    finally:
        shutil.rmtree(_own_data(), ignore_errors=True)
        by_year.forget()


def _fill(source: Path) -> Iterator[str]:
    filled = source.with_name("结果.xlsx")
    outcome = _run("fill", SMALL_FORMAT, source, "-o", filled)
    yield from _told(outcome, several=True)
    if (outcome.code == 0) != filled.exists():
        yield "half: a workbook is there exactly when it could be filled"
    if outcome.code == 0 and (problem := _opened(filled)):
        yield f"opens: the filled workbook does not open: {problem}"


def _lint(source: Path) -> Iterator[str]:
    yield from _told(_run("templates", "lint", source.parent), several=True)


_OF_COMMAND: dict[str, Callable[[Path], Iterator[str]]] = {
    "check": _check,
    "mark": _mark,
    "keep": _keep,
    "clear": _clear,
    "clear all": _clear_all,
    "accepted": _accepted,
    "read": _read,
    "draft": _draft,
    "tables": _tables,
    "batch": _batch,
    "import": _import,
    "fill": _fill,
    "lint": _lint,
}


# ── what holds for all ────────────────────────────────────────────────────────────


def _told(outcome: Outcome, several: bool = False) -> Iterator[str]:
    """A code that is known, no crash, and where the command could not do its work one Chinese sentence."""
    text = outcome.out + outcome.err
    if any(word in text for word in _CRASH):
        yield _crash(text + _log())
    elif outcome.code not in (0, 1, 2):
        yield f"code: {outcome.code}"
    elif found := _UNSHOWABLE.search(text):
        yield f"control: {found[0]!r} reaches the terminal"
    elif outcome.code == 2:
        yield from _sentence(outcome.err, several)


def _log() -> str:
    """What the last resort has written down of a crash."""
    found = "".join(path.read_text(encoding="utf-8") for path in _own_data().glob("*.log"))
    shutil.rmtree(_own_data(), ignore_errors=True)
    return found


def _own_data() -> Path:
    return Path(os.environ["XDG_DATA_HOME"]) / "xltool"


def _sentence(text: str, several: bool = False) -> Iterator[str]:
    lines = text.strip().splitlines()
    if len(lines) != 1 and not (several and lines):
        yield f"sentence: {len(lines)} lines: {text[:300]!r}"
    elif not _CHINESE.search(text):
        yield f"sentence: not Chinese: {text[:300]!r}"
    elif (longest := max(map(len, lines))) > _LONG:
        yield f"sentence: {longest} letters: {text[:100]!r}"


def _crash(text: str) -> str:
    """A traceback by its error and the last of our own lines, so that the same fault has the same name."""
    ours = re.findall(r'xltool/(\S+)", line \d+, in (\w+)', text)
    where = ":".join(ours[-1]) if ours else "?"
    errors = re.findall(r"^(?!Traceback)[A-Za-z_][\w.]*(?:: .*)?$", text, re.MULTILINE)
    return f"crash: {errors[-1][:200] if errors else ''} [{where}]"


def _marked_copy(source: Path, marked: Path, added: int = 0) -> Iterator[str]:
    """A marked copy, with so many sheets of ours, opens wherever the source does; cleared it is the source again."""
    yield from _opens_as_well(source, marked, added)
    cleared = source.with_name(_CLEARED)
    with Caught() as caught:
        clear(marked, cleared, ACCEPTED if added else "")
    if caught.error is not None:
        refused = isinstance(caught.error, XltoolError)
        yield f"clear: refused: {caught.error}" if refused else _crash(caught.traceback)
        return
    before, after = _parts(source), _parts(cleared)
    wrong = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if wrong and not _has_our_marks(before):
        yield f"clear: does not give back {', '.join(sorted(wrong))}"


def _parts(path: Path) -> dict[str, bytes]:
    """Every part, unpacked where it can be: what nobody reads may be packed in a way nobody knows."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            found[info.filename] = b""
            with Caught():
                found[info.filename] = archive.read(info)
    return found


def _has_our_marks(content: dict[str, bytes]) -> bool:
    """Whether there were marks of ours in the source, which clearing takes off as well."""
    return any("【xltool】".encode() in part or b"xltool:" in part for part in content.values())


def _opens_as_well(source: Path, copy: Path, added: int = 0) -> Iterator[str]:
    """The copy opens in openpyxl and shows the same values in calamine, if the source does, on all but its last
    sheets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if _opened(source) == "" and (problem := _opened(copy)):
            yield f"opens: no longer in openpyxl: {problem}"
    before, after = _values(source), _values(copy)
    if added and isinstance(after, list):
        del after[-added:]
    if not isinstance(before, str) and before != after:
        yield f"opens: not in calamine: {after}" if isinstance(after, str) else "opens: other values in calamine"


def _opened(path: Path) -> str:
    """Why openpyxl cannot open a workbook; "" if it can."""
    with Caught() as caught:
        openpyxl.load_workbook(path)
    return repr(caught.error) if caught.error else ""


def _values(path: Path) -> list[object] | str:
    """What stands in the sheets, as calamine reads them, or why it cannot."""
    found: list[object] = []
    if _has_a_far_cell(path):
        return "calamine has no memory for it"
    with Caught() as caught:
        book = CalamineWorkbook.from_path(path)
        found += [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return repr(caught.error) if caught.error else found


def _has_a_far_cell(path: Path) -> bool:
    """Whether a cell stands so far out that reading all before it takes the memory of the process."""
    sheets = b"".join(content for name, content in _parts(path).items() if "sheet" in name.lower())
    columns = [match[1] for match in re.finditer(rb"\br\s*=\s*[\"']\s*([A-Za-z]{1,7})\d", sheets)]
    rows = [int(match[1]) for match in re.finditer(rb"\br\s*=\s*[\"']\s*[A-Za-z]*(\d+)", sheets)]
    return bool(max(rows, default=0) * 26 ** max(map(len, columns), default=1) > _FAR)


def _findings(document: str) -> object:
    try:
        return json.loads(document)["findings"]
    except (ValueError, KeyError) as error:
        return f"no JSON: {error}"


def _run(*arguments: object) -> Outcome:
    """The command line in this process, its output as a file descriptor sees it."""
    code = 1
    with _captured(1) as out, _captured(2) as err:
        with Caught() as caught:
            code = main([str(argument) for argument in arguments])
        sys.stderr.write(caught.traceback)
    return Outcome(code, *out, *err)


@contextmanager
def _captured(descriptor: int) -> Iterator[list[str]]:
    """What is written to a standard stream, by Python or by native code; it is there at the end."""
    stream, text = {1: sys.stdout, 2: sys.stderr}[descriptor], list[str]()
    kept = os.dup(descriptor)
    with tempfile.TemporaryFile() as file:
        stream.flush()
        os.dup2(file.fileno(), descriptor)
        try:
            yield text
        finally:
            stream.flush()
            os.dup2(kept, descriptor)
            os.close(kept)
            file.seek(0)
            text.append(file.read().decode("utf-8", "replace"))
