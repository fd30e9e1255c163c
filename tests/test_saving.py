"""A file is written whole or not at all and keeps its rights; what a killed run left is removed."""

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xltool.errors import FileRefused
from xltool.saving import refuse_unwritable, save_file, save_folder, written_in_parts

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has permission bits, and links without rights")
administrator = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give files away")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "预算.xlsx"
    path.write_bytes(b"old")
    return path


def _no_leftovers(folder: Path, *expected: Path) -> bool:
    return sorted(folder.iterdir()) == sorted(expected)


@posix
def test_a_file_that_is_replaced_keeps_its_permissions(old: Path) -> None:
    old.chmod(0o640)
    save_file(old, b"new")
    assert (old.read_bytes(), stat.S_IMODE(old.stat().st_mode)) == (b"new", 0o640)


@administrator
def test_a_file_that_is_replaced_keeps_its_owner(old: Path) -> None:
    os.chown(old, 12345, 23456)
    old.chmod(0o4750)
    save_file(old, b"new")
    now = old.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (12345, 23456, 0o4750)


@posix
def test_a_new_file_gets_the_usual_permissions_or_those_of_its_source(old: Path) -> None:
    old.chmod(0o400)
    usual, copy, plain = (old.with_name(name) for name in ("甲.csv", "乙.xlsx", "丙"))
    save_file(usual, b"new")
    save_file(copy, b"new", like=old)
    plain.touch()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (usual, copy)]
    assert modes == [stat.S_IMODE(plain.stat().st_mode), 0o600]


@posix
def test_nobody_else_may_read_what_is_not_yet_finished(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old.chmod(0o644)
    modes: list[int] = []

    def look(_: int) -> None:
        modes.extend(stat.S_IMODE(path.stat().st_mode) for path in old.parent.glob("~xltool-*"))

    monkeypatch.setattr(os, "fsync", look)
    save_file(old, b"new")
    assert modes == [0o600]


@posix
def test_a_link_stays_a_link(old: Path) -> None:
    link = old.with_name("链接.xlsx")
    link.symlink_to(old)
    save_file(link, b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


@posix
def test_what_a_link_points_to_may_be_open_or_its_folder_gone(old: Path, tmp_path: Path) -> None:
    (elsewhere := tmp_path / "别处").mkdir()
    link = elsewhere / "链接.xlsx"
    link.symlink_to(old)
    (lock := old.with_name("~$预算.xlsx")).touch()
    with pytest.raises(FileRefused, match="“预算.xlsx”正被打开"):
        save_file(link, b"new")
    lock.unlink()
    link.unlink()
    link.symlink_to(tmp_path / "无" / "预算.xlsx")
    with pytest.raises(FileRefused, match="不存在：请先建立"):
        save_file(link, b"new")


@posix
def test_a_second_name_of_the_same_file_is_said(old: Path) -> None:
    os.link(old, other := old.with_name("另名.xlsx"))
    with pytest.raises(FileRefused, match="硬链接.*请先复制一份，或用 -o 另存"):
        save_file(old, b"new")
    assert old.read_bytes() == other.read_bytes() == b"old"


@posix
def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "管道.json")
    with pytest.raises(FileRefused, match="不是普通文件"):
        save_file(pipe, b"new")


@pytest.mark.parametrize("name", ["a" * 250, "算" * 83 + ".x"])
def test_names_as_long_as_the_disk_allows(name: str, tmp_path: Path) -> None:
    save_file(tmp_path / name, b"new")
    save_file(tmp_path / name, b"newer")
    assert (tmp_path / name).read_bytes() == b"newer"


def test_a_name_that_is_longer_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="文件名太长"):
        save_file(tmp_path / ("算" * 200), b"new")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file(call: str, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(FileRefused, match="磁盘空间不足.*请检查磁盘空间"):
        save_file(old, b"new")
    assert old.read_bytes() == b"old"
    assert _no_leftovers(old.parent, old)


@posix
def test_a_limit_on_sizes_leaves_the_old_file(old: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(FileRefused, match="超出允许的大小"):
            save_file(old, bytes(1 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert old.read_bytes() == b"old"
    assert _no_leftovers(old.parent, old)


def test_a_file_in_use_is_kept(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(FileRefused, match="请先关闭正在使用它的程序"):
        save_file(old, b"new")
    assert old.read_bytes() == b"old"
    assert _no_leftovers(old.parent, old)


def test_a_file_written_in_parts_takes_its_place_at_the_end(old: Path) -> None:
    with written_in_parts(old) as new:
        for part in ("一", "二"):
            with new.open("a", encoding="utf-8") as file:
                file.write(part)
        assert old.read_bytes() == b"old"
    assert old.read_text(encoding="utf-8") == "一二"
    assert _no_leftovers(old.parent, old)


def test_writing_in_parts_that_fails_leaves_the_old_file(old: Path) -> None:
    with pytest.raises(FileRefused, match="磁盘空间不足"), written_in_parts(old) as new:
        new.write_bytes(b"half")
        raise OSError(28, "No space left on device")
    with pytest.raises(KeyboardInterrupt), written_in_parts(old) as new:
        new.write_bytes(b"half")
        raise KeyboardInterrupt
    assert old.read_bytes() == b"old"
    assert _no_leftovers(old.parent, old)


_KILLED = """
import os, signal, sys
from pathlib import Path
from xltool import saving
target = Path(sys.argv[1])
setattr(os, sys.argv[2], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
if target.is_dir():
    saving.save_folder(target, {"template.toml": b"new"}, check=lambda _: None)
else:
    saving.save_file(target, b"new")
"""


def _killed(target: Path, at: str) -> None:
    """A run that is killed when it calls this function of the system."""
    finished = subprocess.run([sys.executable, "-c", _KILLED, str(target), at], check=False)
    assert finished.returncode == -signal.SIGKILL


@posix
def test_what_a_killed_run_left_is_removed_by_the_next(old: Path) -> None:
    _killed(old, "replace")
    assert old.read_bytes() == b"old"
    assert len(list(old.parent.glob("~xltool-*"))) == 1
    save_file(old.with_name("别的.csv"), b"new")
    assert _no_leftovers(old.parent, old, old.with_name("别的.csv"))


@posix
def test_what_another_run_is_writing_is_not_removed(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, sync = old.with_name("别的.csv"), os.fsync

    def meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        save_file(other, b"other")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    save_file(old, b"new")
    assert (old.read_bytes(), other.read_bytes()) == (b"new", b"other")
    assert _no_leftovers(old.parent, old, other)


def test_many_runs_write_into_one_folder_at_once(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.csv" for number in range(80)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: save_file(path, b"new"), paths))
    assert _no_leftovers(tmp_path, *paths)


def test_the_users_own_files_are_not_taken_for_leftovers(old: Path) -> None:
    own = [old.with_name(name) for name in ("~xltool-备份.tmp", "~xltool-0123abcd.tmp.xlsx", "~xltool-0123abcd.tm")]
    for path in own:
        path.touch()
    save_file(old, b"new")
    assert _no_leftovers(old.parent, old, *own)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "某市-2024"
    path.mkdir()
    (path / "template.toml").write_bytes(b"old")
    (path / "01-旧表.toml").write_bytes(b"old")
    return path


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_takes_the_place_of_the_old_one(folder: Path) -> None:
    save_folder(folder, {"template.toml": b"new"}, check=_content)
    assert _content(folder) == {"template.toml": b"new"}
    assert _no_leftovers(folder.parent, folder)


def test_a_folder_that_turns_out_to_be_wrong_leaves_the_old_one(folder: Path) -> None:
    def wrong(new: Path) -> None:
        assert (new.name, _content(new)) == (folder.name, {"template.toml": b"new"})
        raise FileRefused("不是模板")

    with pytest.raises(FileRefused, match="不是模板"):
        save_folder(folder, {"template.toml": b"new"}, check=wrong)
    assert _content(folder).keys() == {"template.toml", "01-旧表.toml"}
    assert _no_leftovers(folder.parent, folder)


@posix
@pytest.mark.parametrize("at", ["fsync", "rename"])
def test_a_folder_survives_a_killed_run(at: str, folder: Path) -> None:
    _killed(folder, at)
    assert _content(folder).keys() == {"template.toml", "01-旧表.toml"}
    save_file(folder.parent / "别的.csv", b"new")
    assert _no_leftovers(folder.parent, folder, folder.parent / "别的.csv")


def test_a_folder_moved_away_by_a_killed_run_comes_back(folder: Path) -> None:
    away = folder.parent / "~xltool-0123abcd.tmp.d"
    (away / "old").mkdir(parents=True)
    folder.rename(away / "old" / folder.name)
    save_file(folder.parent / "别的.csv", b"new")
    assert _content(folder).keys() == {"template.toml", "01-旧表.toml"}
    assert not away.exists()


@pytest.mark.parametrize(
    "lock", ["~$预算 2024.xlsx", ".~预算 2024.xlsx", ".~lock.预算 2024.xlsx#"], ids=["Excel", "WPS", "LibreOffice"]
)
def test_a_file_open_in_another_program(lock: str, tmp_path: Path) -> None:
    (tmp_path / lock).touch()
    with pytest.raises(FileRefused, match="请先在 Excel 或 WPS 中关闭该文件"):
        refuse_unwritable(tmp_path / "预算 2024.xlsx")


def test_a_read_only_file(tmp_path: Path) -> None:
    target = tmp_path / "预算.xlsx"
    target.touch()
    target.chmod(0o444)
    with pytest.raises(FileRefused, match="只读文件.*-o 另存到其他位置"):
        refuse_unwritable(target)


@pytest.mark.skipif(os.name == "nt", reason="Windows marks folders read-only for other reasons")
def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "只读"
    folder.mkdir()
    folder.chmod(0o555)
    with pytest.raises(FileRefused, match="不允许写入：请更改它的权限，或用 -o"):
        refuse_unwritable(folder / "预算.xlsx")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="不存在：请先建立"):
        refuse_unwritable(tmp_path / "无" / "预算.xlsx")


def test_a_folder_as_target(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="请用 -o 指定一个文件名"):
        refuse_unwritable(tmp_path)


def test_a_new_file_beside_others(tmp_path: Path) -> None:
    (tmp_path / "~$其他.xlsx").touch()
    refuse_unwritable(tmp_path / "预算.xlsx")
