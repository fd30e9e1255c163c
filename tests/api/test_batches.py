"""Many files: the same comes out whether one process works on them or several, and what is lost is said."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xltool.api import batches
from xltool.api.batches import Outcome, check_files, clear_files, workbooks
from xltool.api.processes import pool
from xltool.errors import FileRefused


@pytest.fixture
def several(faulty: Path, tmp_path: Path) -> list[Path]:
    """Three workbooks with findings, and two files that are none."""
    files = [Path(shutil.copy(faulty, tmp_path / f"单位{number}.xlsx")) for number in range(3)]
    (broken := tmp_path / "坏的.xlsx").write_text("not a workbook")
    return [files[0], broken, *files[1:], tmp_path / "没有.xlsx"]


def parts(workbook: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(workbook) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "crew_size", lambda _: 2)
    monkeypatch.setattr(batches, "_PARALLEL_FROM", 2)


def test_several_processes_say_what_one_says(
    several: list[Path], two_processes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_two = list(check_files(several, dry_run=True, with_json=True))
    monkeypatch.setattr(batches, "_PARALLEL_FROM", 100)
    assert in_two == list(check_files(several, dry_run=True, with_json=True))
    assert [outcome.code for outcome in in_two] == [1, 2, 1, 1, 2]


def test_marks_made_in_several_processes_are_taken_off_again(several: list[Path], two_processes: None) -> None:
    before = [parts(file) for file in several[2:4]]
    assert ["已标注" in outcome.text for outcome in check_files(several)] == [True, False, True, True, False]
    assert [parts(file) for file in several[2:4]] != before
    assert [outcome.code for outcome in clear_files(several)] == [0, 2, 0, 0, 2]
    assert [parts(file) for file in several[2:4]] == before


def test_what_is_lost_is_said(several: list[Path], two_processes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object) -> Iterator[Outcome | pool.Lost]:
        yield from (Outcome(0), pool.Lost.CRASHED, Outcome(0), pool.Lost.TIMED_OUT, Outcome(0))

    monkeypatch.setattr(pool, "run", run)
    outcomes = list(check_files(several, dry_run=True))
    assert [outcome.code for outcome in outcomes] == [0, 2, 0, 2, 0]
    assert "坏的.xlsx：处理它的进程意外中止" in outcomes[1].trouble
    assert "单位2.xlsx：10 分钟还没有做完" in outcomes[3].trouble


def test_a_mistake_of_ours_costs_one_file(several: list[Path], own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(source: Path, *_: object) -> None:
        raise AssertionError if source.name == "单位0.xlsx" else RecursionError

    monkeypatch.setattr("xltool.api.books.opened", forgetful)
    outcomes = list(check_files(several[:2], dry_run=True))
    assert [outcome.code for outcome in outcomes] == [2, 2]
    log = own_data / "xltool.log"
    assert f"单位0.xlsx：程序出错，已记入“{log}”" in outcomes[0].trouble
    assert f"坏的.xlsx：程序出错，已记入“{log}”" in outcomes[1].trouble
    assert log.read_text(encoding="utf-8").count("Traceback") == 2


def test_a_file_that_memory_does_not_hold_is_no_mistake_of_ours(
    several: list[Path], own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(_: Path) -> None:
        raise MemoryError

    monkeypatch.setattr("xltool.api.books.opened", too_large)
    (first, _) = check_files(several[:2], dry_run=True)
    assert first.trouble.startswith("单位0.xlsx：内存不足，这个文件没有做完：请")
    assert not own_data.exists()


def test_a_log_that_cannot_be_written_is_said(
    several: list[Path], own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xltool.api.books.read", lambda *_: 1 / 0)
    own_data.parent.mkdir(parents=True)
    own_data.write_text("in the way of the folder")
    (outcome,) = check_files(several[:1], dry_run=True)
    assert outcome.trouble.startswith("程序出错（ZeroDivisionError），也没能记入")


def test_a_folder_among_the_files_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (outcome,) = check_files(["."], out="已检查")
    assert (outcome.code, outcome.trouble) == (2, "“.”是文件夹：请指定其中的一个文件。")


def test_copies_do_not_go_into_a_file(tmp_path: Path) -> None:
    (there := tmp_path / "已检查").touch()
    with pytest.raises(FileRefused, match="已检查”是文件，不是文件夹：请在 -o 后面写一个文件夹。"):
        list(check_files([tmp_path / "预算.xlsx"], out=there))


def test_the_workbooks_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those in folders of it too, each once; nothing that a program left behind, nothing that is no workbook."""
    monkeypatch.chdir(tmp_path)
    (inner := Path("单位") / "下属").mkdir(parents=True)
    names = ("乙.xlsx", "~$乙.xlsx", ".~乙.xlsx", "._乙.xlsx", "说明.docx", "乙.xlsx.bak", "旧表.XLS", "下属/甲.xlsm")
    for name in names:
        (Path("单位") / name).touch()
    found = [Path("单位/下属/甲.xlsm"), Path("单位/乙.xlsx"), Path("单位/旧表.XLS")]
    assert workbooks(["单位"]) == found
    assert workbooks(["单位/乙.xlsx", "单位/*.xlsx", "单位/下属/../乙.xlsx", "单位"]) == [found[1], found[0], found[2]]
    (inner / "甲.xlsm").unlink()
    with pytest.raises(FileRefused, match="文件夹“单位.下属”里没有工作簿（.xlsx 文件）"):
        workbooks([inner])
